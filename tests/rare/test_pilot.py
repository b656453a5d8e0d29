"""Levels from a pilot."""

import math
from itertools import pairwise

from sim.rare.pilot import COPIES, choose_levels
from sim.rare.tree import Levels, Tree


def years(*nearest: float) -> list[Tree]:
    """A pilot in which years came so near."""
    return [Tree(nearest=each, highest=each) for each in nearest]


def exponential(count: int, mean: float) -> list[Tree]:
    """A pilot of years whose highest values are spread exponentially."""
    return years(*(-mean * math.log(1.0 - (n + 0.5) / count) for n in range(count)))


def test_each_level_is_reached_by_one_in_so_many_of_those_at_the_last() -> None:
    """The first by every other year; the last is far enough below the threshold."""
    found = choose_levels(exponential(1000, 3.0), 20.0)
    reached = [math.exp(-at / 3.0) for at in found.at]
    assert abs(reached[0] - 0.5) < 0.01
    for one, other in pairwise(reached):
        assert abs(one / other / COPIES - 1.0) < 0.02
    assert found.at[-1] / 3.0 + 0.5 * math.log(COPIES) < 20.0 / 3.0


def test_what_is_common_is_not_split() -> None:
    """Nor what a pilot saw no way to."""
    assert choose_levels(exponential(100, 3.0), 2.0) == Levels((), 1)
    assert choose_levels(years(*[0.0] * 40), 5.0) == Levels((), 1)
    assert choose_levels([], 5.0) == Levels((), 1)
