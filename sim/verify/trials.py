"""Independent crossings of the model, and how many of them a case needs."""

from collections.abc import Iterator
from math import ceil
from typing import Final

from sim.incidents.records import Crossing
from sim.model import BorderModel
from sim.runs.plan import seed_of
from sim.verify.calm import Changes, calm
from sim.verify.case import Case
from sim.verify.sample import share

TRIALS: Final = 16_900
"""Trials by which a share of one half is known to within 5 % in 6.5 standard errors."""

DEAREST: Final = 1.2
"""Odds against up to which a share is affordable at effort 1."""

_PER_RUN: Final = 20_000  # crossings: bounds what a run keeps in memory
_STILL_OPEN_DAYS: Final = 10.0  # a crossing this long before the horizon is over by then


def needed(theory: float, effort: float) -> int:
    """Trials in which a share of ``theory`` is told from one 5 % off; 0 where too many.

    The relative variance of a share is its odds against over the trials. A rare event, for
    which the effort does not pay the trials that it needs, is left to a greater one. A share
    of 1 needs few: a single miss would refute it.
    """
    odds = 1.0 / theory - 1.0
    if odds > DEAREST * max(effort, 1.0):
        return 0
    return ceil(effort * (200 + TRIALS * min(odds, DEAREST)))


def observed(family: str, name: str, theory: float, hits: int, trials: int) -> Case:
    """The share as a case: exact where theory says that all must."""
    if theory == 1.0:
        return Case(family, name, theory, hits / trials)
    return share(family, name, theory, hits, trials)


def crossings(
    changes: Changes, per_day: float, wanted: int, root: int
) -> Iterator[tuple[BorderModel, Crossing]]:
    """About ``wanted`` crossings in the calm world with ``changes``, each with its run.

    Groups come at ``per_day`` on the whole frontier; long runs are cut into several with seeds
    of their own. ``root`` sets the seeds; those of different studies must differ.
    """
    runs = ceil(wanted / _PER_RUN)
    last = wanted / runs / per_day
    flow = {"smugglers.loads_per_year": per_day * 365.0, "days": last + _STILL_OPEN_DAYS}
    scenario = calm(changes, flow)
    for run in range(runs):
        model = BorderModel(scenario, seed_of(run, root)).run()
        for crossing in model.log[Crossing]:
            if crossing.crossed_at < last:
                yield model, crossing
