"""The levels at which years are split, chosen from a few years that are not used again.

Any levels give an unbiased estimate if they do not depend on the years that are counted; good
levels make it cheap. Half of the years reach the first level. Of the years that reach a level, one
in ``COPIES`` should reach the next one, so that about as many stay on their way.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import Final

from sim.rare.tree import Levels, Tree

YEARS: Final = 40
"""Years of a pilot."""

COPIES: Final = 4
"""Number of years after a split at a level."""

COMMON: Final = 0.1
"""For an event more likely than this, whole years are as precise in the same time."""


def choose_levels(years: Sequence[Tree], threshold: float) -> Levels:
    """Choose levels for years like these, which were not split.

    Beyond the median, the values of years are assumed exponential with their mean in the pilot.
    """
    ordered = sorted(year.nearest for year in years)
    middle = ordered[len(ordered) // 2] if ordered else 0.0
    excess = [value - middle for value in ordered if value > middle]
    if not excess or sum(year.highest >= threshold for year in years) > COMMON * len(years):
        return Levels((), 1)
    step = log(COPIES) * sum(excess) / len(excess)
    found: list[float] = []
    while middle < threshold - 0.5 * step:
        found.append(middle)
        middle += step
    return Levels(tuple(found), COPIES if found else 1)
