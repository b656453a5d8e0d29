"""Tuning by hand: what was moved, and what that does to every reported figure."""

from __future__ import annotations

import asyncio
import queue
import time
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import nan
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.calibrate.aims import Floats
from sim.calibrate.simulator import Simulator
from sim.errors import PanjError
from sim.registry import near
from sim.runs.batch import Tally, run_batch
from sim.runs.posterior import Posterior
from sim.runs.scenario_file import write_scenario
from sim.runs.uncertain import COMING, value_at
from sim.scenario.vary import stating, with_overrides
from sim.tuning.background import Background
from sim.tuning.gauges import Gauge, Part, distance, gauges, telling_years
from sim.tuning.sliders import Slider, sliders
from sim.tuning.worlds import Order, Told, Worlds

if TYPE_CHECKING:
    from sim.calibrate.cells import Cell
    from sim.calibrate.priors import Parameter
    from sim.calibrate.surrogate import Surrogate
    from sim.calibrate.targets import Target
    from sim.runs.store import Store
    from sim.scenario.spec import Scenario
    from sim.viewer.levers import Value

type Setting = frozenset[tuple[str, object]]
"""What was moved, as pairs of key and value."""

WORLDS: Final = 40
REPLICATES: Final = 100
_PAUSE_SECONDS: Final = 0.25
"""Answers that come within this time are shown together."""


class Row(NamedTuple):
    """A figure over the worlds: ``mean`` with its standard ``error``, quantiles of the years, and
    how many ``scales`` the mean is off. ``simulated`` are the worlds whose years were run.
    """

    gauge: Gauge
    mean: float
    error: float
    low: float
    lower: float
    upper: float
    high: float
    scales: float
    simulated: Floats


class Answer(NamedTuple):
    """What a setting does: its distance, that of what is held out, and every figure.

    ``done`` of ``wanted`` years were simulated; the emulator answered for the others, unless there
    are keys that it does not know (``strange``).
    """

    distance: float | None
    held_out: float | None
    rows: tuple[Row, ...]
    done: int
    wanted: int
    strange: tuple[str, ...]


class Evidence(NamedTuple):
    """What a session is held against, and what it draws from."""

    cells: tuple[Cell, ...]
    targets: tuple[Target, ...]
    free: tuple[Parameter, ...]
    posterior: Posterior
    surrogate: Surrogate | None


class Tuning:
    """A scenario whose free parameters and levers are moved by hand.

    ``move`` moves, ``undo``, ``reset`` and ``to_best`` go back, ``scenario`` is the scenario as it
    stands, ``answer`` what it does, ``save`` and ``batch`` take it away. Each move is answered at
    once by the emulator; years of the model are run in other processes and take its place as they
    come. In a notebook it shows itself with sliders. ``close`` ends the processes, which end with
    the kernel too. ``begun`` are the means of the base, by figure.
    """

    def __init__(
        self,
        base: Scenario,
        evidence: Evidence,
        years: Sequence[int] | None = None,
        worlds: int = WORLDS,
        jobs: int | None = None,
    ) -> None:
        self.base, self.evidence = base, evidence
        self._known_years = {
            int(name): year for name, year in evidence.posterior.years.items() if name != COMING
        }
        if not self._known_years:
            raise PanjError(
                "this posterior says nothing of single years",
                remedy="Tune with the shipped posterior, or one that panj calibrate made.",
            )
        told = [c for c in evidence.cells if {s.year for s in c.spans} <= self._known_years.keys()]
        self.sliders: dict[str, Slider] = sliders(base, evidence.free, evidence.posterior)
        self._cells = told
        self._of_years: dict[tuple[int, ...], list[Gauge]] = {}
        every = self._gauges(sorted(self._known_years))
        keys = tuple(dict.fromkeys(part.key for gauge in every for part in gauge.parts))
        self._place = {key: i for i, key in enumerate(keys)}
        count = min(worlds, len(evidence.posterior.draws))
        Simulator(base, (), evidence.targets)  # refuses what is not a year
        self._worlds = Worlds(
            count, self._known_years, keys, evidence.targets, base.ground, evidence.surrogate
        )
        self._moved: dict[str, Value] = {}
        self._before: list[dict[str, Value]] = []
        self._years = self._checked(telling_years(told) if years is None else years)
        self._true: dict[tuple[Setting, int], tuple[Floats, Any]] = {}
        self._foretold: dict[tuple[Setting, int], tuple[Floats, Floats]] = {}
        self._distances: dict[tuple[Setting, tuple[int, ...]], float] = {}
        self.begun: dict[str, float] = {}
        self._failure = ""
        self.note = ""
        self._inbox: queue.SimpleQueue[Told | str] = queue.SimpleQueue()
        self._views: weakref.WeakSet[Any] = weakref.WeakSet()
        self._loop = _loop()
        self._due = False
        hear = weakref.WeakMethod(self._hear)
        self._background = Background(jobs, _through(hear), _through(hear))
        weakref.finalize(self, self._background.close)
        self.answer()
        self._ask()

    # -- moving ---------------------------------------------------------------------------

    @property
    def values(self) -> dict[str, Value]:
        """Every parameter and lever as it stands, by key."""
        return {key: self._moved.get(key, one.value) for key, one in self.sliders.items()}

    @property
    def moved(self) -> dict[str, Value]:
        """Those that do not stand as in the base."""
        return dict(self._moved)

    @property
    def scenario(self) -> Scenario:
        """The scenario as it stands."""
        return self._scenario(self._moved)

    @property
    def years(self) -> tuple[int, ...]:
        """The years that are shown, and whose figures count."""
        return self._years

    @years.setter
    def years(self, years: Sequence[int]) -> None:
        self._years = self._checked(years)
        self._ask()

    @property
    def known_years(self) -> list[int]:
        """The years that may be asked for."""
        return sorted(self._known_years)

    def move(
        self, values: Mapping[str, Value], *, trial: bool = False, step: bool = True
    ) -> Answer:
        """Move parameters and levers; what is not named stays.

        A ``trial`` asks the emulator only; without a ``step`` an undo goes to where the last one
        began. Raises :class:`~sim.errors.PanjError` for a key that cannot be moved or a value that
        the scenario does not allow.
        """
        for key in values:
            if key not in self.sliders:
                raise PanjError(
                    "cannot be moved here", key=key,
                    remedy=near(key, self.sliders) or f"Allowed: {', '.join(self.sliders)}.",
                )  # fmt: skip
        wanted = {**self.values, **values}
        moved = {key: v for key, v in wanted.items() if v != self.sliders[key].value}
        self._scenario(moved)
        return self._go(moved, trial=trial, step=step)

    def undo(self) -> Answer:
        """Take the last move back; nothing where there is none."""
        return self._go(self._before.pop() if self._before else self._moved, step=False)

    def reset(self) -> Answer:
        """Put everything back to where it began."""
        return self._go({})

    def to_best(self) -> Answer:
        """Go to the setting of least distance among those tried with these years."""
        best = self.best
        return self._go(dict(best[0]) if best else self._moved)  # type: ignore[arg-type]

    def to_posterior(self) -> Answer:
        """Put every free parameter at the median of its posterior."""
        middles = {k: s.middle for k, s in self.sliders.items() if s.middle is not None}
        return self.move(middles)

    @property
    def best(self) -> tuple[Setting, float] | None:
        """The setting of least distance so far, and its distance."""
        of_now = {s: d for (s, years), d in self._distances.items() if years == self._years}
        return min(of_now.items(), key=lambda one: one[1]) if of_now else None

    @property
    def can_undo(self) -> bool:
        """Whether there is a move to be taken back."""
        return bool(self._before)

    def _go(self, moved: dict[str, Value], *, trial: bool = False, step: bool = True) -> Answer:
        if step and moved != self._moved:
            self._before.append(self._moved)
        self._moved = moved
        if not trial:
            self._ask()
        return self._tell()

    def _scenario(self, moved: Mapping[str, Value]) -> Scenario:
        """The base with what was moved, and what was moved as known."""
        by_key = {one.key: one for one in self.evidence.free}
        changes: dict[str, object] = {}
        for key, value in moved.items():
            free = by_key.get(key)
            changes |= {key: value} if free is None else free.overrides(float(value), self.base)
        return stating(with_overrides(self.base, changes), changes) if changes else self.base

    # -- answering ------------------------------------------------------------------------

    def answer(self) -> Answer:
        """What the setting does, as far as it is known now."""
        self._take()
        setting, scenario = frozenset(self._moved.items()), self.scenario
        means, drawn, done = {}, {}, {}
        for year in self._years:
            fore_mean, fore_drawn = self._fore(setting, scenario, year)
            true, there = self._of(setting, year)
            mean = np.where(there[:, None], true, fore_mean)
            figure = np.where(there[:, None], true, fore_drawn)
            for key, i in self._place.items():
                part = Part(year, key)
                means[part], drawn[part], done[part] = mean[:, i], figure[:, i], there
        rows = tuple(self._row(gauge, means, drawn, done) for gauge in self._gauges(self._years))
        if not self._moved:
            self.begun |= {row.gauge.name: row.mean for row in rows}
        fitted = distance((r.gauge, r.mean) for r in rows if not r.gauge.held_out)
        surrogate = self._worlds.surrogate
        strange = ("no emulator",) if surrogate is None else tuple(surrogate.strange(scenario))
        finished = sum(int(self._of(setting, year)[1].sum()) for year in self._years)
        wanted = self._worlds.count * len(self._years)
        if fitted is not None and (finished == wanted or not strange):
            self._distances[setting, self._years] = fitted
        apart = distance((r.gauge, r.mean) for r in rows if r.gauge.held_out)
        return Answer(fitted, apart, rows, finished, wanted, strange)

    def _row(
        self,
        gauge: Gauge,
        means: Mapping[Part, Floats],
        drawn: Mapping[Part, Floats],
        done: Mapping[Part, Any],
    ) -> Row:
        there = np.all([done[part] for part in gauge.parts], axis=0)
        expected, figures = gauge.over(means), gauge.over(drawn)
        known = figures[np.isfinite(figures)]
        simulated = figures[there & np.isfinite(figures)]
        if not known.size:
            return Row(gauge, nan, nan, nan, nan, nan, nan, nan, simulated)
        mean = float(np.nanmean(expected))
        share = len(simulated) / len(known)
        guess = self._guess(gauge, mean) * (1.0 - share)
        error = np.hypot(np.sqrt(share / len(known)) * known.std(), guess)
        ends = np.quantile(known, (0.05, 0.25, 0.75, 0.95), method="inverted_cdf")
        low, lower, upper, high = map(float, ends)
        return Row(
            gauge, mean, float(error), low, lower, upper, high, gauge.off(mean), simulated
        )  # fmt: skip

    def _guess(self, gauge: Gauge, mean: float) -> float:
        """How far the emulator may be off with a mean."""
        surrogate = self._worlds.surrogate
        keys = [part.key for part in gauge.parts]
        if surrogate is None or not all(key in surrogate.figures for key in keys):
            return 0.0
        return gauge.share * sum(
            surrogate.error(key, mean / len(keys) / gauge.share) for key in keys
        )

    def _fore(self, setting: Setting, scenario: Scenario, year: int) -> tuple[Floats, Floats]:
        if (setting, year) not in self._foretold:
            surrogate = self._worlds.surrogate
            factors = {one.key for one in self.evidence.free if one.multiplies}
            values = {
                one.key: self.values[one.key] if one.key in factors else value_at(scenario, one.key)
                for one in (surrogate.free if surrogate else ())
            }
            self._foretold[setting, year] = self._worlds.foretold(scenario, values, year)  # type: ignore[arg-type]
        return self._foretold[setting, year]

    def _of(self, setting: Setting, year: int) -> tuple[Floats, Any]:
        """The figures of simulated years, (worlds, keys), and which of them are there."""
        empty = np.full((self._worlds.count, len(self._place)), np.nan)
        blank = empty, np.zeros(self._worlds.count, bool)
        return self._true.setdefault((setting, year), blank)

    def _gauges(self, years: Sequence[int]) -> list[Gauge]:
        if tuple(years) not in self._of_years:
            self._of_years[tuple(years)] = gauges(
                years, self._cells, self.evidence.targets, self.evidence.surrogate,
                self.base.ground,
            )  # fmt: skip
        return self._of_years[tuple(years)]

    def _checked(self, years: Sequence[int]) -> tuple[int, ...]:
        found = tuple(sorted({int(year) for year in years}))
        strange = [year for year in found if year not in self._known_years]
        if strange or not found:
            known = ", ".join(map(str, sorted(self._known_years)))
            raise PanjError(
                "nothing is known of this year" if strange else "no year is asked for",
                key="years", value=strange or None, remedy=f"Known are {known}.",
            )  # fmt: skip
        return found

    # -- years of the model ---------------------------------------------------------------

    def _ask(self) -> None:
        """Want the years of this setting that are not there, world by world."""
        self._background.want(self._orders(frozenset(self._moved.items()), self.scenario))

    def _orders(self, setting: Setting, scenario: Scenario) -> Iterator[Order]:
        years = self._years
        for world in range(self._worlds.count):
            for year in years:
                if not self._of(setting, year)[1][world]:
                    yield self._worlds.order(scenario, setting, year, world)

    def _hear(self, told: Told | BaseException) -> None:
        """In the thread: take note, and have the kernel look when it is free."""
        self._inbox.put(str(told) if isinstance(told, BaseException) else told)
        self._soon()

    def _soon(self) -> None:
        if self._loop is not None and not self._due and not self._loop.is_closed():
            self._due = True
            self._loop.call_soon_threadsafe(self._loop.call_later, _PAUSE_SECONDS, self._look)

    def _look(self) -> None:
        self._due = False
        self._tell()

    def _take(self) -> None:
        """Let years that have come take their places."""
        while True:
            try:
                told = self._inbox.get_nowait()
            except queue.Empty:
                return
            if isinstance(told, str):
                self._failure = told
                continue
            order = told.order
            figures, there = self._of(order.setting, order.year)
            there[order.world] = True
            if told.figures is None:
                self._failure = f"a year failed ({told.failure})"
            else:
                figures[order.world] = told.figures

    @property
    def failure(self) -> str:
        """What went wrong last with a simulated year; empty if nothing did."""
        return self._failure

    def wait(self, seconds: float = 600.0) -> Answer:
        """Wait until every year of this setting was simulated, or the time is over."""
        until = time.monotonic() + seconds
        answer = self.answer()
        while answer.done < answer.wanted and time.monotonic() < until and not self._failure:
            time.sleep(_PAUSE_SECONDS)
            answer = self.answer()
        return self._tell()

    def close(self) -> None:
        """End the processes; what was found stays."""
        self._background.close()

    # -- taking away ----------------------------------------------------------------------

    def save(self, path: str | Path, *, force: bool = False) -> Path:
        """Write the scenario as a file that every command takes.

        Raises :class:`~sim.errors.PanjError` where a file is there already, unless forced.
        """
        answer = self.answer()
        far = "" if answer.distance is None else f", distance {answer.distance:.2f}"
        shown = ", ".join(map(str, self._years))
        return write_scenario(
            Path(path),
            self.scenario,
            f"{self.base.title or self.base.name}, tuned",
            [f"Tuned by hand from {self.base.name} to what was told of {shown}{far}."],
            force=force,
        )

    def batch(
        self,
        folder: str | Path,
        replicates: int = REPLICATES,
        *,
        progress: Callable[[Tally], None] = lambda tally: None,
        **more: Any,
    ) -> Store:
        """Run base and tuned scenario as ``panj batch`` does, at draws of the posterior.

        What was moved is known and not drawn. ``more`` goes to :func:`sim.run_batch`.
        """
        if not self._moved:
            raise PanjError("nothing was moved: there is nothing to compare with the base")
        name = Path(folder).name
        tuned = self.scenario.model_copy(update={"name": name, "title": f"{name}, tuned by hand"})
        draws = _without(self.evidence.posterior, self._factors())
        given = {"posterior": draws, "progress": progress, **more}
        return run_batch([self.base, tuned], replicates, folder, **given)

    def batch_soon(self, folder: str | Path, replicates: int = REPLICATES) -> None:
        """The same while the kernel is free; how far it is stands in ``note``."""

        def noted(words: str) -> None:
            self.note = words
            self._soon()

        def run() -> None:
            def told(tally: Tally) -> None:
                noted(f"{folder}: {tally.done} of {tally.missing} runs")

            try:
                self.batch(folder, replicates, progress=told)
            except PanjError as error:
                noted(str(error))
            else:
                noted(f"{folder} is done: sim.compare({str(folder)!r})")

        Thread(target=run, name="panj-tune-batch", daemon=True).start()

    def _factors(self) -> set[str]:
        """The factors that were moved: a draw would multiply what is there once more."""
        return {one.key for one in self.evidence.free if one.multiplies and one.key in self._moved}

    # -- showing --------------------------------------------------------------------------

    def _tell(self) -> Answer:
        answer = self.answer()
        for view in self._views:
            view.refresh(answer)
        return answer

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        """Sliders where a notebook can show them; else a table."""
        from sim.tuning.shown import bundle

        return bundle(self, options)


def _loop() -> asyncio.AbstractEventLoop | None:
    """That of the kernel, if there is one."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _through(method: weakref.WeakMethod[Any]) -> Callable[[Any], None]:
    """Call a method of an object while it is there."""

    def call(argument: Any) -> None:
        found = method()
        if found is not None:
            found(argument)

    return call


def _without(posterior: Posterior, names: set[str]) -> Posterior:
    kept = [i for i, p in enumerate(posterior.parameters) if p.name not in names]
    draws = tuple(tuple(row[i] for i in kept) for row in posterior.draws)
    return replace(posterior, parameters=tuple(posterior.parameters[i] for i in kept), draws=draws)
