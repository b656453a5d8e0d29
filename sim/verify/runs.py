"""The runs of a study: scenarios with its own changes and seeds, and how many runs it needs."""

from collections.abc import Iterator
from math import ceil, sqrt
from typing import Final
from zlib import crc32

from sim.incidents.records import Crossing
from sim.model import BorderModel
from sim.runs.replicate import seed_of
from sim.verify.case import SHIFT, Case
from sim.verify.scenarios import NO_DELAYS, Changes, empty_scenario

LONGEST_DAYS: Final = 36_500.0
"""The longest horizon of a scenario, days."""

MOST_CROSSINGS: Final = 40_000.0
"""Most crossings in one run: their records stay in memory while the run lasts."""


def build_model(study: str, number: int, *changes: Changes) -> BorderModel:
    """A model that has not run: the empty scenario with changes, later ones above earlier ones.

    Each ``study`` has seeds of its own; ``number`` counts its independent runs.
    """
    scenario = empty_scenario(NO_DELAYS, *changes)
    return BorderModel(scenario, seed_of(number, crc32(study.encode())))


def run(study: str, number: int, *changes: Changes) -> BorderModel:
    """The model of :func:`build_model`, run to its horizon."""
    return build_model(study, number, *changes).run()


def split(total: float, longest: float = LONGEST_DAYS) -> Iterator[tuple[int, float]]:
    """Split ``total`` days, or events, into the fewest equal runs of at most ``longest`` each.

    Yields the number of each run and its share.
    """
    runs = ceil(total / longest)
    for number in range(runs):
        yield number, total / runs


def runs_lasting(study: str, settings: Changes, days: float) -> Iterator[BorderModel]:
    """Yield finished runs that last ``days`` in all."""
    for number, length in split(days):
        yield run(study, number, settings, {"days": length})


def runs_with(
    study: str, settings: Changes, events: float, per_year: float
) -> Iterator[BorderModel]:
    """Yield finished runs with about ``events`` in all, of which ``per_year`` come in a year."""
    for number, part in split(events, MOST_CROSSINGS):
        yield run(study, number, settings, {"days": 365.0 * part / per_year})


# -- precision --------------------------------------------------------------------------------

TRIALS_OF_HALF: Final = 16_900
"""Trials by which a share of one half is known to within 5 % in 6.5 standard errors."""

HIGHEST_ODDS: Final = 1.2
"""Odds against up to which a share is affordable at effort 1."""

_PER_RUN: Final = 20_000  # crossings: bounds what a run keeps in memory
_STILL_OPEN_DAYS: Final = 10.0  # a crossing this long before the horizon is over by then


def trials_needed(theory: float, effort: float) -> int:
    """Trials needed to tell a share of ``theory`` from one that is 5 % off; 0 if too many.

    The relative variance of a share is the odds against it, divided by the trials. An event too
    rare for this effort is left to a greater effort. A share of 1 needs few trials: a single
    miss would refute it.
    """
    odds = 1.0 / theory - 1.0
    if odds > HIGHEST_ODDS * max(effort, 1.0):
        return 0
    return ceil(effort * (200 + TRIALS_OF_HALF * min(odds, HIGHEST_ODDS)))


_PRECISION: Final = 5.5  # standard errors in 5 % from which a mean becomes a case


def is_precise(case: Case, effort: float) -> bool:
    """Whether the mean is precise enough at this effort to tell it from one that is 5 % off."""
    return case.error <= SHIFT / _PRECISION / sqrt(min(effort, 1.0)) * case.theory


def crossings(
    changes: Changes, per_day: float, total: int, root: int
) -> Iterator[tuple[BorderModel, Crossing]]:
    """Yield about ``total`` crossings of the empty scenario with ``changes``, each with its run.

    Groups come at ``per_day`` on the whole frontier; a long run is split into several with seeds
    of their own. ``root`` sets the seeds; each study must have its own.
    """
    runs = ceil(total / _PER_RUN)
    last = total / runs / per_day
    flow = {"smugglers.loads_per_year": per_day * 365.0, "days": last + _STILL_OPEN_DAYS}
    scenario = empty_scenario(changes, flow)
    for number in range(runs):
        model = BorderModel(scenario, seed_of(number, root)).run()
        for crossing in model.log[Crossing]:
            if crossing.crossed_at < last:
                yield model, crossing
