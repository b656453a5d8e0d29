"""The cost of a year of the twin and of a year of Panj, processor time in one process."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from benchmarks.setting import Setting
from benchmarks.table import Row, Section
from benchmarks.timing import Spread, Timings, Work, in_turn
from benchmarks.twin.careful import CarefulTwin
from benchmarks.twin.model import TickTwin
from benchmarks.twin.worlds import reduced, seasonal
from benchmarks.year import whole
from sim.scenario.load import load
from sim.scenario.spec import Scenario

GOOD_MINUTES = 0.5
"""The step at which the twin's bias is within 1 %, as ``python -m benchmarks.twin`` shows."""
CAREFUL_MINUTES = 1.0
"""The same for the careful twin, which places patrols more accurately."""

YEAR, REDUCED_YEAR = "Panj, baseline year", "Panj, reduced"
PLAIN, CAREFUL = "tick twin", "tick twin with care"
_SEASONS = ("winter", "spring", "summer", "autumn")
_LONGER = (1, 2, 4)


class Steps(NamedTuple):
    """Minutes of a step of the plain and of the careful twin, and the days that are timed."""

    plain: float = GOOD_MINUTES
    careful: float = CAREFUL_MINUTES
    days: float = 1.0


class Timed(NamedTuple):
    """A twin at a step."""

    name: str
    kind: type[TickTwin]
    minutes: float


def section(setting: Setting) -> Section:
    """The model against a twin in time steps, at equal accuracy."""
    return Section("A twin in time steps, at equal accuracy", twin_rows(setting.repeat))


def twin_rows(repeat: int, steps: Steps | None = None, seed: int = 1) -> list[Row]:
    """The twin's baseline year against Panj's: times, and ratios to Panj's whole baseline year.

    The twin is timed on a few days of each season and scaled to the year, at its step and at
    twice that; the last row shows that its time is linear in the days. Ratios are taken within
    each round.
    """
    steps = steps or Steps()
    baseline = load("baseline")
    twins = [
        Timed(f"{PLAIN}, {minutes:g} min", TickTwin, minutes)
        for minutes in (steps.plain, 2.0 * steps.plain)
    ]
    twins.append(Timed(f"{CAREFUL}, {steps.careful:g} min", CarefulTwin, steps.careful))
    timings = in_turn(_work(baseline, twins, steps, seed), repeat)
    rows = [
        Row(YEAR, timings.ms(YEAR), Spread(1.0, 1.0, 1.0)),
        Row(REDUCED_YEAR, timings.ms(REDUCED_YEAR), timings.ratio(REDUCED_YEAR, YEAR)),
    ]
    for twin in twins:
        times = _years(timings, twin.name, baseline.days / steps.days)
        rows.append(Row(twin.name, Spread.of(times), _over(times, timings.of[YEAR])))
        rows.append(Row("- over Panj reduced", None, _over(times, timings.of[REDUCED_YEAR])))
    return [*rows, _linearity(timings, steps)]


def _work(baseline: Scenario, twins: list[Timed], steps: Steps, seed: int) -> dict[str, Work]:
    """The work to time: Panj's years, days of the twins by season, more days of the plain one."""
    work = {YEAR: whole(baseline, seed), REDUCED_YEAR: whole(reduced(baseline), seed)}
    for twin in twins:
        for season, spec in zip(_SEASONS, seasonal(steps.days), strict=True):
            work[f"{twin.name} {season}"] = _days(twin, spec, seed)
    for times in _LONGER:
        spec = seasonal(times * steps.days)[1]
        work[f"longer {times}"] = _days(twins[0], spec, seed)
    return work


def _days(twin: Timed, spec: Scenario, seed: int) -> Work:
    return lambda: twin.kind(spec, twin.minutes, seed).run()


def _years(timings: Timings, kind: str, scale: float) -> list[float]:
    """A year of the twin in each round, ms: the mean of the seasons, scaled."""
    rounds = zip(*(timings.of[f"{kind} {season}"] for season in _SEASONS), strict=True)
    return [scale * sum(times) / len(times) for times in rounds]


def _over(times: list[float], references: list[float]) -> Spread:
    return Spread.of([one / other for one, other in zip(times, references, strict=True)])


def _linearity(timings: Timings, steps: Steps) -> Row:
    """A straight line through the median times of one, two and four times the days."""
    x = np.array([times * steps.days for times in _LONGER])
    y = np.array([timings.ms(f"longer {times}").median for times in _LONGER])
    slope, intercept = np.polyfit(x, y, 1)
    rest, about = y - (intercept + slope * x), y - y.mean()
    r_squared = 1.0 - float(rest @ rest) / float(about @ about)
    note = f"{intercept:.0f} ms + {slope:.0f} ms a day, R2 {r_squared:.5f}"
    return Row("straight line, days", None, None, note)
