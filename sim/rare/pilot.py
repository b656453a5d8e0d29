"""Where to split, from a few years that are not used again.

Any levels give an unbiased estimate as long as they do not depend on the years that are counted;
good ones make it cheap. The first is one that every other year reaches. Of the years that reach a
level, one in ``COPIES`` shall reach the next one, so that about as many stay on their way.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import Final

from sim.rare.tree import Levels, Tree

YEARS: Final = 40
"""Years of a pilot."""

COPIES: Final = 4
"""Into how many a year is split at a level."""

COMMON: Final = 0.1
"""Whole years tell as much in the same time about an event that is more likely than this."""


def choose_levels(years: Sequence[Tree], threshold: float) -> Levels:
    """Levels for years such as these, which were not split.

    Beyond the median, years are taken to thin out by an equal share with each step upward, as
    they do in the pilot on average.
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
