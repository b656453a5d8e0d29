"""The effect of levers over many years: the world with its levers against the untouched one.

The years are those of ``panj batch``, run in the background into a store of the tab's own, and the
comparison is that of ``panj compare``. A year is run once: the store keeps those of the untouched
world for the next lever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Final, NamedTuple

from sim.rules import user_rules
from sim.runs.background import Background, Job
from sim.runs.workers import usable_cores
from sim.scenario.spec import Scenario
from sim.scenario.values import digest, flatten, with_stated
from sim.viewer.levers import KNOBS, Value, overrides, value_text
from sim.viewer.messages import MOST_YEARS, Side
from sim.viewer.paired_years import YearResults, compare_years

FIRST: Final = 100
"""Paired years that run without a request."""

STEP: Final = 10
"""Paired years between two updates of the comparison."""


class DisplayedWorld(NamedTuple):
    """A world on the screen: its scenario as opened, and with the levers as they are now."""

    side: Side
    plain: Scenario
    now: Scenario

    @property
    def moved(self) -> dict[str, Value]:
        """The levers whose value differs from the scenario's, by key."""
        plain, now = flatten(self.plain), flatten(self.now)
        keys = [knob.key for knob in KNOBS if now[knob.key] != plain[knob.key]]
        return {key: value for key in keys if isinstance(value := now[key], float | int | str)}

    @property
    def held(self) -> Scenario:
        """The scenario with these levers from day 0 on, as ``--set`` sets them."""
        return with_stated(overrides(self.plain, self.moved), self.moved)


@dataclass(frozen=True)
class ComparedScenarios:
    """The scenarios of a comparison, and a description of them for the page.

    ``base`` is the scenario of world A without levers; ``policies`` are the other worlds by side.
    """

    base: Scenario
    policies: dict[Side, Scenario]
    words: dict[str, object]

    @property
    def mark(self) -> tuple[str, ...]:
        """A key that differs between comparisons."""
        every = (self.base, *self.policies.values())
        return tuple(f"{digest(one)} {one.stated}" for one in every)


def compared_scenarios(seen: Sequence[DisplayedWorld]) -> ComparedScenarios | None:
    """World A without levers against every world that differs from it; ``None`` if none does."""
    base = seen[0].plain
    policies: dict[Side, Scenario] = {}
    known, described = {digest(base)}, []
    for world in seen:
        held = world.held
        if digest(held) not in known:
            known.add(digest(held))
            policies[world.side] = held
            described.append(_named(world, several=len(seen) > 1))
    words: dict[str, object] = {
        "against": _called(seen[0], several=len(seen) > 1) + " as it is",
        "policies": described,
    }
    return ComparedScenarios(base, policies, words) if policies else None


def _called(world: DisplayedWorld, *, several: bool) -> str:
    name = world.plain.name.replace("_", " ")
    return f"{world.side.upper()}, {name}," if several else name


def _named(world: DisplayedWorld, *, several: bool) -> dict[str, object]:
    """A world in words, with the value of each moved lever and the value it replaced."""
    plain, labels = flatten(world.plain), {knob.key: knob.label for knob in KNOBS}
    levers = [
        {
            "key": key,
            "label": labels[key],
            "value": value_text(key, value),
            "instead_of": value_text(key, plain[key]),
        }
        for key, value in world.moved.items()
    ]
    tail = " with its levers" if levers else " as it is"
    return {"side": world.side, "named": _called(world, several=several) + tail, "levers": levers}


def _drop(folder: TemporaryDirectory[str], begun: Sequence[Job[YearResults]]) -> None:
    for job in begun:
        job.wait()
    folder.cleanup()


class YearComparison:
    """The comparison of one tab, and the years that run for it. One request at a time."""

    def __init__(self, background: Background, jobs: int | None = None) -> None:
        self._background = background
        self._jobs = jobs or max(1, usable_cores() - 1)  # leave one core to the view
        self._folder: TemporaryDirectory[str] | None = None
        self._compared: ComparedScenarios | None = None
        self._job: Job[YearResults] | None = None
        self._begun: list[Job[YearResults]] = []  # jobs that may still write
        self._found: YearResults | None = None
        self._wanted = FIRST
        self._pair = 0

    def follow(self, seen: Sequence[DisplayedWorld]) -> None:
        """Note the worlds on the screen; the years of a different comparison stop at once."""
        now = compared_scenarios(seen)
        before = self._compared
        if now is not None and before is not None and now.mark == before.mark:
            return
        self._end()
        self._compared, self._found, self._job = now, None, None
        self._wanted, self._pair = FIRST, self._pair + 1

    def answer(self, years: int | None = None) -> dict[str, object]:
        """The results so far. The first request starts the years; ``years`` continues to that many.

        With 0, running years stop, and none start.
        """
        if self._compared is None:
            return {"state": "none", "pair": self._pair}
        self._take()
        if years == 0:
            self._end()
        elif years is not None:
            self._wanted = max(years, self._years)
        if years != 0 and self._due(requested=bool(years)):
            self._job = self._background.begin(self._steps(self._compared))
            self._begun = [*(job for job in self._begun if not job.over), self._job]
        job, known = self._job, self._found
        return {
            "state": "ended" if job is None or job.is_ended else job.state,
            "pair": self._pair,
            "ahead": job.ahead if job else 0,
            "beside": job.beside if job else 0,
            "wrong": job.error if job else "",
            "years": self._years,
            "wanted": self._wanted,
            "most": MOST_YEARS,
            **self._compared.words,
            "found": None if known is None else known.data,
        }

    def close(self) -> None:
        """Stop the years and delete them once nothing writes there; return without waiting."""
        self._end()
        if self._folder is not None:
            Thread(target=_drop, args=(self._folder, tuple(self._begun))).start()

    @property
    def _years(self) -> int:
        return 0 if self._found is None else self._found.years

    def _take(self) -> None:
        if self._job is not None and self._job.last is not None:
            self._found = self._job.last

    def _due(self, *, requested: bool) -> bool:
        """Whether to start years: for a new comparison, for more years, or to try again."""
        job = self._job
        if job is None:
            return True
        over = job.over or job.is_ended
        return over and self._years < self._wanted and (requested or job.state == "done")

    def _end(self) -> None:
        if self._job is not None:
            self._job.end()

    def _steps(self, what: ComparedScenarios) -> Iterator[Callable[[], YearResults]]:
        """Steps that each add some years, until there are as many as wanted by then."""
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="panj-odds-", ignore_cleanup_errors=True)
        policies = tuple(what.policies.values())
        rules = user_rules.pack(user_rules.used_by((what.base, *policies)))
        folder, many = Path(self._folder.name) / "years", 0
        while many < self._wanted:
            many = min(many + STEP, self._wanted)
            yield partial(compare_years, folder, what.base, policies, many, self._jobs, rules)
