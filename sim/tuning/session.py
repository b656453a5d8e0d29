"""Tuning by hand: what was moved, and what that does to every reported figure."""

from __future__ import annotations

import asyncio
import queue
import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

from sim.calibrate.simulator import Simulator
from sim.errors import PanjError
from sim.registry import did_you_mean
from sim.runs.background import Background, Job
from sim.runs.batch import BatchProgress, run_batch
from sim.runs.posterior import Posterior
from sim.runs.scenario_file import write_scenario
from sim.runs.workers import usable_cores
from sim.scenario.values import with_overrides, with_stated
from sim.tuning.answer_cache import Answer, AnswerCache, Setting, TuningData
from sim.tuning.reported_figures import well_reported_years
from sim.tuning.sliders import Slider, sliders
from sim.tuning.year_runs import YearResult, simulate

if TYPE_CHECKING:
    from sim.runs.store import Store
    from sim.scenario.spec import Scenario
    from sim.viewer.levers import Value

WORLDS: Final = 40
REPLICATES: Final = 100
_PAUSE_SECONDS: Final = 0.25
"""Answers that come within this time are shown together."""


class Tuning:
    """A scenario whose free parameters and levers are moved by hand.

    ``move`` moves, ``undo``, ``reset`` and ``to_best`` go back, ``scenario`` is the scenario as it
    stands, ``answer`` what it does, ``save`` and ``batch`` take it away. Each move is answered at
    once by the emulator; years of the model are run in other processes and take its place as they
    come. In a notebook it shows itself with sliders. ``close`` ends the processes, which end with
    the kernel too. ``begun`` are the means of the base, by figure; ``failure`` is what went wrong
    last with a simulated year.
    """

    def __init__(
        self,
        base: Scenario,
        evidence: TuningData,
        years: Sequence[int] | None = None,
        worlds: int = WORLDS,
        jobs: int | None = None,
    ) -> None:
        self.base, self.evidence = base, evidence
        Simulator(base, (), evidence.targets)  # refuses what is not a year
        self._answers = AnswerCache(base, evidence, worlds)
        if not self._answers.years:
            raise PanjError(
                "this posterior says nothing of single years",
                remedy="Tune with the shipped posterior, or one that panj calibrate made.",
            )
        self.sliders: dict[str, Slider] = sliders(base, evidence.free, evidence.posterior)
        self._moved: dict[str, Value] = {}
        self._before: list[dict[str, Value]] = []
        self._years = self._checked(
            well_reported_years(self._answers.cells) if years is None else years
        )
        self._distances: dict[tuple[Setting, tuple[int, ...]], float] = {}
        self.begun: dict[str, float] = {}
        self.failure = ""
        self.note = ""
        self._inbox: queue.SimpleQueue[YearResult | str] = queue.SimpleQueue()
        self._views: weakref.WeakSet[Any] = weakref.WeakSet()
        self._loop = _loop()
        self._due = False
        self._background = Background(nice=0)
        hear = _through(weakref.WeakMethod(self._hear))
        self._begin = partial(
            self._background.begin, width=jobs or usable_cores(), on_change=hear, stays_open=True
        )
        self._job: Job[YearResult] | None = None
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
        return list(self._answers.years)

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
                    "cannot be moved here", key=key, remedy=did_you_mean(key, self.sliders)
                    or f"Allowed: {', '.join(self.sliders)}.",
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
        return with_stated(with_overrides(self.base, changes), changes) if changes else self.base

    # -- answering ------------------------------------------------------------------------

    def answer(self) -> Answer:
        """What the setting does, as far as it is known now."""
        self._take()
        setting = frozenset(self._moved.items())
        found = self._answers.of(setting, self.scenario, self.values, self._years)
        if not self._moved:
            self.begun |= {row.reported.name: row.mean for row in found.rows}
        if found.distance is not None and (found.done == found.wanted or not found.strange):
            self._distances[setting, self._years] = found.distance
        return found

    def _checked(self, years: Sequence[int]) -> tuple[int, ...]:
        found = tuple(sorted({int(year) for year in years}))
        strange = [year for year in found if year not in self._answers.years]
        if strange or not found:
            known = ", ".join(map(str, self._answers.years))
            raise PanjError(
                "nothing is known of this year" if strange else "no year is asked for",
                key="years", value=strange or None, remedy=f"Known are {known}.",
            )  # fmt: skip
        return found

    # -- years of the model ---------------------------------------------------------------

    def _ask(self) -> None:
        """Want the years of this setting that are not there, world by world."""
        setting = frozenset(self._moved.items())
        missing = self._answers.missing(setting, self.scenario, self._years)
        steps = (partial(simulate, order) for order in missing)
        if self._job is None or self._job.state == "failed":
            self._job = self._begin()
        self._job.replace_steps(steps)

    def _hear(self, job: Job[YearResult]) -> None:
        """In the thread: take note, and have the kernel look when it is free."""
        told = job.error or (None if job.over else job.last)
        if told:
            self._inbox.put(told)
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
                self.failure = told
                continue
            self._answers.take(told)
            if told.figures is None:
                self.failure = f"a year failed ({told.failure})"

    def wait(self, seconds: float = 600.0) -> Answer:
        """Wait until every year of this setting was simulated, or the time is over."""
        until = time.monotonic() + seconds
        answer = self.answer()
        while answer.done < answer.wanted and time.monotonic() < until and not self.failure:
            time.sleep(_PAUSE_SECONDS)
            answer = self.answer()
        return self._tell()

    def close(self) -> None:
        """End the processes; what was found stays."""
        self._background.close()

    # -- taking away ----------------------------------------------------------------------

    def save(self, path: str | Path, *, force: bool = False) -> Path:
        """Write the scenario as a file that every command takes.

        Raises :class:`~sim.errors.PanjError` where the file exists already, unless forced.
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
        progress: Callable[[BatchProgress], None] = lambda tally: None,
        **more: Any,
    ) -> Store:
        """Run base and tuned scenario as ``panj batch`` does, at draws of the posterior.

        What was moved is known and not drawn. ``more`` goes to :func:`sim.run_batch`.
        """
        if not self._moved:
            raise PanjError("nothing was moved: there is nothing to compare with the base")
        name = Path(folder).name
        tuned = self.scenario.model_copy(update={"name": name, "title": f"{name}, tuned by hand"})
        # a draw of a factor would multiply what is there once more
        factors = {one.key for one in self.evidence.free if one.multiplies} & self._moved.keys()
        draws = _without(self.evidence.posterior, factors)
        given = {"posterior": draws, "progress": progress, **more}
        return run_batch([self.base, tuned], replicates, folder, **given)

    def batch_soon(self, folder: str | Path, replicates: int = REPLICATES) -> None:
        """The same while the kernel is free; how far it is stands in ``note``."""

        def noted(words: str) -> None:
            self.note = words
            self._soon()

        def run() -> None:
            def told(tally: BatchProgress) -> None:
                noted(f"{folder}: {tally.done} of {tally.missing} runs")

            try:
                self.batch(folder, replicates, progress=told)
            except PanjError as error:
                noted(str(error))
            else:
                noted(f"{folder} is done: sim.compare({str(folder)!r})")

        Thread(target=run, name="panj-tune-batch", daemon=True).start()

    # -- showing --------------------------------------------------------------------------

    def _tell(self) -> Answer:
        answer = self.answer()
        for view in self._views:
            view.refresh(answer)
        return answer

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        """Sliders where a notebook can show them; else a table."""
        from sim.tuning.display import bundle

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
