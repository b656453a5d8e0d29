"""Runs of the calm frontier in which a study lets something happen, and how many it takes."""

from collections.abc import Iterator
from math import ceil, sqrt
from typing import Final
from zlib import crc32

from sim.incidents.records import Crossing
from sim.model import BorderModel
from sim.runs.chunks import seed_of
from sim.verify.calm import LAND, Changes, calm, in_the_open
from sim.verify.case import SHIFT, Case, share

SILENT: Final[Changes] = {
    "communications.p_lost": 0.0,
    "communications.p_late": 0.0,
    "readiness.effect_on_mobilisation": 0.0,
    "host_state.control": 0.0,
    "posts.spacing_km": 100.0,
}
"""Calls arrive at once, teams turn out as if fresh, nobody holds the bank, and posts are few."""

EVENLY: Final[Changes] = dict.fromkeys((info.slug for info in LAND.districts), 1.0)
"""A weight of 1 for each district."""

BUSY_CELLS: Final[Changes] = {
    "cells.branching": 0.0,
    "cells.skill": 0.0,
    "cells.preparation_days": 0.0,
    "cells.regroup_days": 0.0,
    "cells.district_weights": EVENLY,
}
"""Cells that act as soon as they plan, need no rest, and bring forth no further plans: how many
there are is for the study to say."""

PARTIES: Final[Changes] = {
    **BUSY_CELLS,
    **in_the_open(0.01),
    "cells.modes_off": ["drone", "fire"],
    "cells.hide_hours": 0.0,
    "cells.hide_depth_km": 0.0,
    "cells.detour_km": 0.0,
    "cells.march_km_h": 10.0,
}
"""Such cells send parties across, opposite a post: at the line, the target is where they are."""


def watched(guards: int) -> Changes:
    """So many guards on watch, who see all that cross; most places lie within their reach."""
    return {
        "posts.p_watch": 1.0,
        "posts.guards_on_watch": guards,
        "posts.spacing_km": 20.0,
        "posts.watch_range_night_km": 10.0,
        "posts.watch_range_day_km": 20.0,
    }


LOADS: Final = 200_000.0
"""Groups a year where fights with smugglers are counted."""


def armed(size: int) -> Changes:
    """Smugglers of one size, all armed, who always fight."""
    return {
        "smugglers.loads_per_year": LOADS,
        "smugglers.district_weights": EVENLY,
        "smugglers.size_least": size,
        "smugglers.size_median": float(size),
        "smugglers.size_most": size,
        "smugglers.p_armed": 1.0,
        "contact.p_fight_armed": 1.0,
        "contact.odds_effect": 0.0,
    }


PLANS: Final = 400.0
"""Plans a year of the cells that :func:`sending` makes."""


def sending(size: int) -> Changes:
    """Ten strong cells that send party after party of one size."""
    return {
        **PARTIES,
        "cells.count": 10,
        "cells.plans_per_year": PLANS / 10.0,
        "cells.strength": 500,
        "cells.party_least": size,
        "cells.party_most": size,
    }


LONGEST: Final = 36_500.0
"""The longest horizon of a scenario, days."""

MOST: Final = 40_000.0
"""Crossings in one run: what they leave in the log is kept while it lasts."""


def built(study: str, number: int, *changes: Changes) -> BorderModel:
    """The calm frontier with changes, later ones above earlier ones, before its first event.

    Each ``study`` has seeds of its own; ``number`` counts its independent runs.
    """
    return BorderModel(calm(SILENT, *changes), seed_of(number, crc32(study.encode())))


def run(study: str, number: int, *changes: Changes) -> BorderModel:
    """The same, run to its horizon."""
    return built(study, number, *changes).run()


def stretches(total: float, longest: float = LONGEST) -> Iterator[tuple[int, float]]:
    """Cut days, or whatever a run must not have too many of, into as few equal runs as it takes.

    Yields the number of each run and its length.
    """
    runs = ceil(total / longest)
    for number in range(runs):
        yield number, total / runs


def lasting(study: str, settings: Changes, days: float) -> Iterator[BorderModel]:
    """Runs of so many days in all, each over."""
    for number, length in stretches(days):
        yield run(study, number, settings, {"days": length})


def meeting(study: str, settings: Changes, wanted: float, per_year: float) -> Iterator[BorderModel]:
    """Runs, each over, in which about so many come of what comes so often a year."""
    for number, part in stretches(wanted, MOST):
        yield run(study, number, settings, {"days": 365.0 * part / per_year})


# -- crossings that are trials ----------------------------------------------------------------

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


_TOLD: Final = 5.5  # standard errors in 5 %, from which on a figure is told


def keen(case: Case, effort: float) -> bool:
    """Whether a mean is known well enough at this effort to tell it from one 5 % off."""
    return case.error <= SHIFT / _TOLD / sqrt(min(effort, 1.0)) * case.theory


def observed(name: str, theory: float, hits: int, trials: int) -> Case:
    """The share as a case: exact where theory says that all must."""
    if theory == 1.0:
        return Case(name, theory, hits / trials)
    return share(name, theory, hits, trials)


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
    for number in range(runs):
        model = BorderModel(scenario, seed_of(number, root)).run()
        for crossing in model.log[Crossing]:
            if crossing.crossed_at < last:
                yield model, crossing
