"""Crossings: Poisson attempts, thinned by detection, and the number inside at a time."""

from collections.abc import Iterator, Sequence
from math import ceil, exp, sqrt
from statistics import fmean, variance
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.frontier.season import HOUR
from sim.incidents.records import Crossing
from sim.model import BorderModel
from sim.runs.replicate import seed_of
from sim.theory.queues import mean_present
from sim.verify.case import Case, mean, share
from sim.verify.runs import split
from sim.verify.scenarios import EQUAL_WEIGHTS, LAND, Changes, empty_scenario, exposure

_DISTRICTS = len(LAND.districts)
_WALK_KM_H = 0.1  # groups that stay for days


def _flow(per_day: float, days: float) -> dict[str, object]:
    """Changes that give every district ``per_day`` groups."""
    return {
        "smugglers.district_weights": EQUAL_WEIGHTS,
        "smugglers.loads_per_year": per_day * _DISTRICTS * 365.0,
        "days": days,
    }


# -- attempts, detected and missed ----------------------------------------------------------

_WINDOW_DAYS: Final = 5
_PER_WINDOW: Final = 0.5
_P_SEEN: Final = 0.5
_MOST_DAYS: Final = 30_000


def counted(effort: float) -> list[Case]:
    """Crossings in windows of five days, detected only by cameras, with one chance each.

    Season, control, choice of place and every other layer are off: the rate is constant, and a
    window of whole days holds the same share of every hour. Thirteen districts with their own
    streams give thirteen independent counts a window. Poisson counts split by independent marks
    are independent and Poisson (Kingman 1993, *Poisson Processes*, section 5.1). The variance is
    that about the theoretical mean.
    """
    seen, missed = (part.ravel() for part in _counts(ceil(5_200 * effort)))
    every, expected = seen + missed, _PER_WINDOW
    cells = every.size
    squares = (every - expected) ** 2
    cases = [
        mean("attempts, mean", expected, every.tolist()),
        mean("attempts, variance", expected, squares.tolist()),
    ]
    for name, part, p in (("detected", seen, _P_SEEN), ("missed", missed, 1.0 - _P_SEEN)):
        cases.append(mean(f"{name}, mean", p * expected, part.tolist()))
        nobody = int(np.count_nonzero(part == 0))
        cases.append(share(f"{name}, none", exp(-p * expected), nobody, cells))
    together = float(np.corrcoef(seen, missed)[0, 1])
    name = "detected with missed, correlation"
    return [*cases, Case(name, 0.0, together, 1.0 / sqrt(cells), wrong=0.05)]


def _counts(windows: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Numbers of crossings detected and missed, each of shape (districts, windows)."""
    runs = ceil(windows * _WINDOW_DAYS / _MOST_DAYS)
    each = ceil(windows / runs)
    changes = {
        **_flow(_PER_WINDOW / _WINDOW_DAYS, each * _WINDOW_DAYS + 1.0),
        **exposure(0.1),
        "technical.camera_coverage": 1.0,
        "technical.p_camera": _P_SEEN,
    }
    scenario = empty_scenario(changes)
    seen, missed = np.zeros((2, _DISTRICTS, runs * each), dtype=np.int64)
    for run in range(runs):
        for crossing in BorderModel(scenario, seed_of(run, 1_001)).run().log[Crossing]:
            window = int(crossing.crossed_at) // _WINDOW_DAYS
            if window < each:
                part = missed if crossing.detected_at is None else seen
                part[LAND.district_at(crossing.km), run * each + window] += 1
    return seen, missed


# -- how many are inside ----------------------------------------------------------------------


class Stay(NamedTuple):
    """A law of the stay with its mean, days, and the number of arrivals needed at effort 1."""

    law: str
    days: float
    changes: Changes
    arrivals: float
    root: int


def _walking(least: float, most: float) -> dict[str, object]:
    return {
        "smugglers.walk_km_h": _WALK_KM_H,
        "smugglers.inland_least_km": least,
        "smugglers.inland_most_km": most,
    }


def _within(days: float, open_hours: float) -> float:
    """How far a group walks inland in the rest of its stay, km."""
    return (days / HOUR - open_hours) * _WALK_KM_H


STAYS: Final = (
    Stay(
        "all stay 10 days", 10.0,
        {**exposure(1.0), **_walking(_within(10.0, 1.0), _within(10.0, 1.0))}, 17_000.0, 1_002,
    ),
    Stay("exponential stay", 1.0, exposure(24.0, "exponential"), 34_000.0, 1_003),
    Stay(
        "uniform stay", 10.0,
        {**exposure(0.05), **_walking(0.0, _within(20.0, 0.1))}, 23_000.0, 1_004,
    ),
)  # fmt: skip
"""An hour in the open and a walk of the same length for all; an exponential time in the open with
a mean of one day; a walk inland for a time that is uniform between 0 and twenty days."""


def inside(effort: float) -> list[Case]:
    """The number inside is Poisson with mean rate x mean stay, here 1 in each district.

    M/G/infinity: nobody looks, nobody waits, and groups do not affect each other (Little 1961;
    Eick, Massey and Whitt 1993). The number is read about four times a mean stay, so that instants
    fall on all hours of the day. The independent values are a district's averages over twenty mean
    stays, whose overlap is a sixtieth of the variance. Groups cross by day and by night in equal
    parts: with a mean stay of one day this is a ripple of a few per cent, which averages out in
    the mean and adds less than 0.01 % to the share of instants with nobody inside. The quick set
    uses two laws of the stay.
    """
    stays = STAYS if effort > 1.0 else STAYS[:2]
    return [case for stay in stays for case in _inside(stay, ceil(stay.arrivals * effort))]


def _inside(stay: Stay, arrivals: int) -> list[Case]:
    mean_stay, rate = stay.days, 1.0 / stay.days
    theory = mean_present(rate, mean_stay)
    averages, empty = [], []
    for run, days in split(arrivals * mean_stay / _DISTRICTS, _MOST_DAYS):
        scenario = empty_scenario(stay.changes, _flow(rate, days + 20 * mean_stay))
        samples = list(_samples(BorderModel(scenario, seed_of(run, stay.root)), mean_stay, days))
        for first in range(0, len(samples) - 75, 76):
            block = np.array(samples[first : first + 76])
            averages += block.mean(axis=0).tolist()
            empty += (block == 0).mean(axis=0).tolist()
    return [
        mean(f"number inside, {stay.law}", theory, averages),
        mean(f"nobody inside, {stay.law}", exp(-theory), empty),
    ]


def _samples(model: BorderModel, stay: float, days: float) -> Iterator[list[int]]:
    """Groups inside each district, every 0.2631 mean stays from 20 mean stays on."""
    step = 0.2631 * stay
    for number in range(int(days / step)):
        model.run_until(20.0 * stay + number * step)
        here = [0] * _DISTRICTS
        for passage in model.passages.values():
            here[passage.sector.index] += passage.inside
        yield here


def littles_law(effort: float) -> list[Case]:
    """Number inside = arrivals x mean stay, whatever determines the stay; here also patrols.

    Groups are in the open for half a day among patrols that turn some of them back, and otherwise
    walk for up to twenty days; the stay has no closed form. Both sides are measured: the number
    inside at instants 0.4142 days apart, and the stays in the log that began in the same 50 days.
    They differ by groups inside at the ends of such a block, which cancels between blocks, so the
    error is conservative (Little 1961).
    """
    block, warm_up, step = 50.0, 25.0, 0.4142
    blocks = max(ceil(24 * effort), 8)
    days = warm_up + blocks * block
    changes = {
        **exposure(12.0),
        **_walking(0.0, 48.0),
        "patrols.schedule": "random",
        "patrols.sorties_per_day": 2.0,
        "patrols.p_sight": 0.6,
    }
    model = BorderModel(empty_scenario(changes, _flow(0.5, days + warm_up)), seed_of(0, 1_005))
    inside: list[list[int]] = [[] for _ in range(blocks)]
    for number in range(int(blocks * block / step)):
        model.run_until(warm_up + number * step)
        here = sum(passage.inside for passage in model.passages.values())
        inside[int(number * step / block)].append(here)
    model.run()
    stays = [0.0] * blocks
    for crossing in model.log[Crossing]:
        begun = crossing.crossed_at - warm_up
        if 0.0 <= begun < blocks * block:
            stays[int(begun / block)] += (crossing.ended_at - crossing.crossed_at) / block
    means = [fmean(numbers) for numbers in inside]
    return [_paired("number inside, by Little's law", means, stays)]


def _paired(name: str, estimates: Sequence[float], theory: Sequence[float]) -> Case:
    """The mean of one column against that of another measured with it."""
    differences = [a - b for a, b in zip(estimates, theory, strict=True)]
    error = sqrt(variance(differences) / len(differences))
    return Case(name, fmean(theory), fmean(estimates), error)
