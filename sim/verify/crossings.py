"""Crossings come and go: Poisson attempts, thinned by detection; how many are inside at a time."""

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
    """Changes that bring ``per_day`` groups to every district."""
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
    """Crossings in windows of five days, seen by cameras alone, each with one chance.

    Off are season, control, choice of place, and every other layer: the rate is constant, and
    a window of whole days holds the same share of every hour. Thirteen districts with streams
    of their own give thirteen independent counts a window. Poisson counts split by independent
    marks are independent and Poisson (Kingman 1993, *Poisson Processes*, section 5.1). The
    variance is that around the theoretical mean.
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
    """Crossings seen and missed, arrays (district, window)."""
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
    """Groups that stay ``days`` on average by a law, and how many must come at effort 1."""

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
    """How far a group walks inland in what is left of its stay, km."""
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
"""An hour in the open and a walk of the same length for all; an exponential time in the open of
mean one day; a walk inland for a time uniform between nothing and twenty days."""


def inside(effort: float) -> list[Case]:
    """The number inside is Poisson with mean rate x mean stay, here 1 in each district.

    M/G/infinity: nobody looks, nobody waits, no group minds another (Little 1961; Eick, Massey
    and Whitt 1993). Looked at four times a mean stay, so that the instants fall on all hours of
    the day; the district's time averages over twenty mean stays are the independent values,
    their overlap being a sixtieth of the variance. Groups cross by day and by night in equal
    parts, a ripple of a few per cent in a mean stay of a day, which averages out in the mean
    and adds less than 0.01 % to the share of instants with nobody inside. Two laws of the stay are
    enough for a quick look.
    """
    stays = STAYS if effort > 1.0 else STAYS[:2]
    return [case for stay in stays for case in _inside(stay, ceil(stay.arrivals * effort))]


def _inside(stay: Stay, arrivals: int) -> list[Case]:
    mean_stay, rate = stay.days, 1.0 / stay.days
    theory = mean_present(rate, mean_stay)
    averages, empty = [], []
    for run, days in split(arrivals * mean_stay / _DISTRICTS, _MOST_DAYS):
        scenario = empty_scenario(stay.changes, _flow(rate, days + 20 * mean_stay))
        looks = list(_looks(BorderModel(scenario, seed_of(run, stay.root)), mean_stay, days))
        for first in range(0, len(looks) - 75, 76):
            block = np.array(looks[first : first + 76])
            averages += block.mean(axis=0).tolist()
            empty += (block == 0).mean(axis=0).tolist()
    return [
        mean(f"number inside, {stay.law}", theory, averages),
        mean(f"nobody inside, {stay.law}", exp(-theory), empty),
    ]


def _looks(model: BorderModel, stay: float, days: float) -> Iterator[list[int]]:
    """Groups inside each district, at instants 0.263 mean stays apart, from 20 stays on."""
    step = 0.2631 * stay
    for look in range(int(days / step)):
        model.run_until(20.0 * stay + look * step)
        here = [0] * _DISTRICTS
        for passage in model.passages.values():
            here[passage.sector.index] += passage.inside
        yield here


def littles_law(effort: float) -> list[Case]:
    """Number inside = arrivals x mean stay, whatever decides the stay: here also the patrols.

    Groups are in the open for half a day among patrols that turn some of them back, and walk
    for up to twenty days otherwise; the law of the stay has no closed form. Both sides are
    measured: the number as it is at instants half a day apart or so, the stays as the log has
    them, begun in the same 50 days. What differs is groups inside at the ends of such a block,
    which cancels from block to block, so that the error is on the safe side (Little 1961).
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
    for look in range(int(blocks * block / step)):
        model.run_until(warm_up + look * step)
        here = sum(passage.inside for passage in model.passages.values())
        inside[int(look * step / block)].append(here)
    model.run()
    stays = [0.0] * blocks
    for crossing in model.log[Crossing]:
        begun = crossing.crossed_at - warm_up
        if 0.0 <= begun < blocks * block:
            stays[int(begun / block)] += (crossing.ended_at - crossing.crossed_at) / block
    means = [fmean(looks) for looks in inside]
    return [_ratio("number inside, by Little's law", means, stays)]


def _ratio(name: str, ours: Sequence[float], theirs: Sequence[float]) -> Case:
    """The mean of one column beside that of another measured along with it."""
    apart = [a - b for a, b in zip(ours, theirs, strict=True)]
    return Case(name, fmean(theirs), fmean(ours), sqrt(variance(apart) / len(apart)))
