"""Runs of the calm frontier in which a study lets something happen."""

from collections.abc import Iterator
from math import ceil
from typing import Final
from zlib import crc32

from sim.frontier.ground import Ground
from sim.model import BorderModel
from sim.runs.plan import seed_of
from sim.verify.calm import Changes, calm, in_the_open

_LAND = Ground.default()

SILENT: Final[Changes] = {
    "communications.p_lost": 0.0,
    "communications.p_late": 0.0,
    "readiness.effect_on_mobilisation": 0.0,
    "host_state.control": 0.0,
    "posts.spacing_km": 100.0,
}
"""Calls arrive at once, teams turn out as if fresh, nobody holds the bank, and posts are few."""

EVENLY: Final[Changes] = dict.fromkeys((info.slug for info in _LAND.districts), 1.0)
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
