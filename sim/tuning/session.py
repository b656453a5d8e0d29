"""Tuning by hand: move parameters and levers, and compare with every reported figure."""

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
"""Simulated years within this time are shown together."""


class Tuning:
    """A scenario whose free parameters and levers are moved by hand.

    ``move`` moves; ``undo``, ``reset`` and ``to_best`` go back; ``scenario`` is the current
    scenario, ``answer`` its effect; ``save`` and ``batch`` take it elsewhere. The emulator answers
    each move at once; years of the model are simulated in other processes and replace its figures.
    In a notebook it is displayed with sliders. ``close`` ends the processes, which also end with
    the kernel. ``begun`` are the means of the base by figure; ``failure`` is the last failure of a
    simulated year.
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
        Simulator(base, (), evidence.targets)  # refuses a scenario that is not a year
        self._answers = AnswerCache(base, evidence, worlds)
        if not self._answers.years:
            raise PanjError(
                "this posterior has no states of single years",
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
        self._results: queue.SimpleQueue[YearResult | str] = queue.SimpleQueue()
        self._views: weakref.WeakSet[Any] = weakref.WeakSet()
        self._loop = _loop()
        self._refresh_due = False
        self._background = Background(nice=0)
        receive = _through(weakref.WeakMethod(self._receive))
        self._start_job = partial(
            self._background.begin, width=jobs or usable_cores(), on_change=receive, stays_open=True
        )
        self._job: Job[YearResult] | None = None
        weakref.finalize(self, self._background.close)
        self.answer()
        self._request_years()

    # -- moving ---------------------------------------------------------------------------

    @property
    def values(self) -> dict[str, Value]:
        """Current values of all parameters and levers, by key."""
        return {key: self._moved.get(key, one.value) for key, one in self.sliders.items()}

    @property
    def moved(self) -> dict[str, Value]:
        """The values that differ from the base."""
        return dict(self._moved)

    @property
    def scenario(self) -> Scenario:
        """The current scenario."""
        return self._scenario(self._moved)

    @property
    def years(self) -> tuple[int, ...]:
        """The years that are shown and that count in the distance."""
        return self._years

    @years.setter
    def years(self, years: Sequence[int]) -> None:
        self._years = self._checked(years)
        self._request_years()

    @property
    def known_years(self) -> list[int]:
        """The years that can be chosen."""
        return list(self._answers.years)

    def move(
        self, values: Mapping[str, Value], *, trial: bool = False, step: bool = True
    ) -> Answer:
        """Move parameters and levers; the others stay.

        A ``trial`` uses only the emulator. Without a ``step`` the move belongs to the last one, and
        an undo takes back both. Raise :class:`~sim.errors.PanjError` for a key that cannot be moved
        or a value that the scenario does not allow.
        """
        for key in values:
            if key not in self.sliders:
                raise PanjError(
                    "cannot be moved here", key=key, remedy=did_you_mean(key, self.sliders)
                    or f"Allowed: {', '.join(self.sliders)}.",
                )  # fmt: skip
        new_values = {**self.values, **values}
        moved = {key: v for key, v in new_values.items() if v != self.sliders[key].value}
        self._scenario(moved)
        return self._set(moved, trial=trial, step=step)

    def undo(self) -> Answer:
        """Undo the last move, if there is one."""
        return self._set(self._before.pop() if self._before else self._moved, step=False)

    def reset(self) -> Answer:
        """Set everything back to the base."""
        return self._set({})

    def to_best(self) -> Answer:
        """Go to the setting of least distance among those tried with these years."""
        best = self.best
        return self._set(dict(best[0]) if best else self._moved)  # type: ignore[arg-type]

    def to_posterior(self) -> Answer:
        """Set every free parameter to the median of its posterior."""
        middles = {k: s.middle for k, s in self.sliders.items() if s.middle is not None}
        return self.move(middles)

    @property
    def best(self) -> tuple[Setting, float] | None:
        """The setting of least distance so far, and its distance."""
        of_now = {s: d for (s, years), d in self._distances.items() if years == self._years}
        return min(of_now.items(), key=lambda one: one[1]) if of_now else None

    @property
    def can_undo(self) -> bool:
        """Whether there is a move to undo."""
        return bool(self._before)

    def _set(self, moved: dict[str, Value], *, trial: bool = False, step: bool = True) -> Answer:
        if step and moved != self._moved:
            self._before.append(self._moved)
        self._moved = moved
        if not trial:
            self._request_years()
        return self._refresh_views()

    def _scenario(self, moved: Mapping[str, Value]) -> Scenario:
        """Return the base with the moved values, which are marked as known."""
        by_key = {one.key: one for one in self.evidence.free}
        changes: dict[str, object] = {}
        for key, value in moved.items():
            free = by_key.get(key)
            changes |= {key: value} if free is None else free.overrides(float(value), self.base)
        return with_stated(with_overrides(self.base, changes), changes) if changes else self.base

    # -- answering ------------------------------------------------------------------------

    def answer(self) -> Answer:
        """Return the effect of the current setting, as far as it is known now."""
        self._collect()
        setting = frozenset(self._moved.items())
        answer = self._answers.of(setting, self.scenario, self.values, self._years)
        if not self._moved:
            self.begun |= {row.reported.name: row.mean for row in answer.rows}
        if answer.distance is not None and (answer.done == answer.wanted or not answer.strange):
            self._distances[setting, self._years] = answer.distance
        return answer

    def _checked(self, years: Sequence[int]) -> tuple[int, ...]:
        chosen = tuple(sorted({int(year) for year in years}))
        unknown = [year for year in chosen if year not in self._answers.years]
        if unknown or not chosen:
            known = ", ".join(map(str, self._answers.years))
            raise PanjError(
                "nothing is known of this year" if unknown else "no year is given",
                key="years", value=unknown or None, remedy=f"The known years are {known}.",
            )  # fmt: skip
        return chosen

    # -- years of the model ---------------------------------------------------------------

    def _request_years(self) -> None:
        """Request the years of this setting that are missing, world by world."""
        setting = frozenset(self._moved.items())
        missing = self._answers.missing(setting, self.scenario, self._years)
        steps = (partial(simulate, request) for request in missing)
        if self._job is None or self._job.state == "failed":
            self._job = self._start_job()
        self._job.replace_steps(steps)

    def _receive(self, job: Job[YearResult]) -> None:
        """In the thread of the job: queue the result and let the kernel refresh when free."""
        result = job.error or (None if job.over else job.last)
        if result:
            self._results.put(result)
        self._refresh_soon()

    def _refresh_soon(self) -> None:
        if self._loop is not None and not self._refresh_due and not self._loop.is_closed():
            self._refresh_due = True
            self._loop.call_soon_threadsafe(self._loop.call_later, _PAUSE_SECONDS, self._refresh)

    def _refresh(self) -> None:
        self._refresh_due = False
        self._refresh_views()

    def _collect(self) -> None:
        """Add the years that have been simulated."""
        while True:
            try:
                result = self._results.get_nowait()
            except queue.Empty:
                return
            if isinstance(result, str):
                self.failure = result
                continue
            self._answers.add(result)
            if result.figures is None:
                self.failure = f"a year failed ({result.failure})"

    def wait(self, seconds: float = 600.0) -> Answer:
        """Wait until every year of this setting is simulated, or the time is up."""
        until = time.monotonic() + seconds
        answer = self.answer()
        while answer.done < answer.wanted and time.monotonic() < until and not self.failure:
            time.sleep(_PAUSE_SECONDS)
            answer = self.answer()
        return self._refresh_views()

    def close(self) -> None:
        """End the processes; the results stay."""
        self._background.close()

    # -- taking away ----------------------------------------------------------------------

    def save(self, path: str | Path, *, force: bool = False) -> Path:
        """Write the scenario as a file for any command.

        Raise :class:`~sim.errors.PanjError` where the file exists, unless ``force`` is set.
        """
        answer = self.answer()
        distance = "" if answer.distance is None else f", distance {answer.distance:.2f}"
        years = ", ".join(map(str, self._years))
        return write_scenario(
            Path(path),
            self.scenario,
            f"{self.base.title or self.base.name}, tuned",
            [f"Tuned by hand from {self.base.name} to the reports of {years}{distance}."],
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

        Moved parameters are not drawn. ``more`` goes to :func:`sim.run_batch`.
        """
        if not self._moved:
            raise PanjError("nothing was moved, so there is nothing to compare with the base")
        name = Path(folder).name
        tuned = self.scenario.model_copy(update={"name": name, "title": f"{name}, tuned by hand"})
        # a draw of a factor would multiply the moved values again
        factors = {one.key for one in self.evidence.free if one.multiplies} & self._moved.keys()
        draws = _without(self.evidence.posterior, factors)
        given = {"posterior": draws, "progress": progress, **more}
        return run_batch([self.base, tuned], replicates, folder, **given)

    def batch_soon(self, folder: str | Path, replicates: int = REPLICATES) -> None:
        """Run the batch in a thread while the kernel stays free; ``note`` shows the progress."""

        def show(words: str) -> None:
            self.note = words
            self._refresh_soon()

        def run() -> None:
            def progress(tally: BatchProgress) -> None:
                show(f"{folder}: {tally.done} of {tally.missing} runs")

            try:
                self.batch(folder, replicates, progress=progress)
            except PanjError as error:
                show(str(error))
            else:
                show(f"{folder} is done: sim.compare({str(folder)!r})")

        Thread(target=run, name="panj-tune-batch", daemon=True).start()

    # -- showing --------------------------------------------------------------------------

    def _refresh_views(self) -> Answer:
        answer = self.answer()
        for view in self._views:
            view.refresh(answer)
        return answer

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        """Display sliders where a notebook has them; else a table."""
        from sim.tuning.display import mime_bundle

        return mime_bundle(self, options)


def _loop() -> asyncio.AbstractEventLoop | None:
    """Return the event loop of the kernel, if there is one."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _through(method: weakref.WeakMethod[Any]) -> Callable[[Any], None]:
    """Return a call of a method that does nothing once its object is gone."""

    def call(argument: Any) -> None:
        bound = method()
        if bound is not None:
            bound(argument)

    return call


def _without(posterior: Posterior, names: set[str]) -> Posterior:
    kept = [i for i, p in enumerate(posterior.parameters) if p.name not in names]
    draws = tuple(tuple(row[i] for i in kept) for row in posterior.draws)
    return replace(posterior, parameters=tuple(posterior.parameters[i] for i in kept), draws=draws)
