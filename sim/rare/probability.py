"""From the trees of root years to a probability, a difference, and how much they tell.

Root years are independent, and the weight of each is an unbiased estimate by itself; so means,
variances and pairs are those of ordinary replicates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.comparison.intervals import Floats, Interval, bootstrap_mean, clopper_pearson
from sim.comparison.resampling import resampled_means
from sim.rare.tree import Tree

FEW: Final = 10
"""With fewer root years in which it came about, an estimate is said to rest on few."""

_RESAMPLES: Final = 2000


@dataclass(frozen=True)
class Probability:
    """How likely the event is in one scenario.

    ``probability`` is ``None`` where no root year told: none of them, or all of them without
    exception, came to the event. The interval is then one-sided.
    """

    scenario: str
    probability: float | None
    low: float
    high: float
    roots: int
    reached: int
    """Root years that came to the event, or of which a copy did."""
    highest: float | None
    """The highest value of the outcome seen."""
    years: float
    """Years run in all, of roots and copies."""
    copies: int
    seconds: float
    """Processor time."""
    plain_years: float | None
    """How many years run whole would tell as much."""


@dataclass(frozen=True)
class Difference:
    """What a scenario changes in the probability, on the same root years; ``None``: not told."""

    scenario: str
    baseline: str
    difference: float | None
    low: float | None
    high: float | None
    reached: int
    """Root years that came to the event in either scenario."""


def weights(trees: Sequence[Tree]) -> Floats:
    """The weights of trees, (roots,)."""
    return np.array([tree.weight for tree in trees])


def estimate_probability(scenario: str, trees: Sequence[Tree], confidence: float) -> Probability:
    """The probability from the trees of a scenario.

    The interval is that of Korn and Graubard (1998) for a share that was not counted but weighed:
    the exact one (Clopper and Pearson 1934) of as many independent years as would have the same
    variance. Where no tree came to the event that number is not known, and it is the exact bound
    for the root years alone: a root year is a year of the model, with the copies or without.
    """
    n, found = len(trees), weights(trees)
    reached = int((found > 0.0).sum())
    p, certain = float(found.mean()), all(tree.reached for tree in trees)
    plain = None
    if reached == 0 or certain:
        told, (low, high) = None, _one_sided(n, confidence, certain)
    else:
        told, plain = min(p, 1.0), _effective_years(found)
        low, high = clopper_pearson(told * plain, plain, confidence) or (0.0, 1.0)
    highest = max(tree.highest for tree in trees)
    return Probability(
        scenario,
        told,
        low,
        high,
        n,
        reached,
        highest if np.isfinite(highest) else None,
        sum(tree.days for tree in trees) / 365.0,
        sum(tree.copies for tree in trees),
        sum(tree.seconds for tree in trees),
        plain,
    )


def _effective_years(found: Floats) -> float:
    """How many independent years would have a share of this variance."""
    p, variance = float(found.mean()), float(found.var(ddof=1)) / len(found)
    return max(p * (1.0 - p), 0.0) / variance if variance > 0.0 else float(len(found))


def _one_sided(n: int, confidence: float, certain: bool) -> Interval:
    """The exact bound where none of n years, or every one, came to the event."""
    bound = (1.0 - confidence) ** (1.0 / n)
    return Interval(bound, 1.0) if certain else Interval(0.0, 1.0 - bound)


def estimate_difference(
    names: tuple[str, str], scenario: Sequence[Tree], baseline: Sequence[Tree], confidence: float
) -> Difference:
    """The difference of two scenarios over the same root years, with its bootstrap interval."""
    ours, theirs = weights(scenario), weights(baseline)
    reached = int(((ours > 0.0) | (theirs > 0.0)).sum())
    certain = all(tree.reached for tree in (*scenario, *baseline))
    changed = ours - theirs
    if reached == 0 or certain:
        return Difference(*names, None, None, None, reached)
    means = resampled_means(changed[:, None], _RESAMPLES, 1)[:, 0]
    interval = bootstrap_mean(changed, means, confidence)
    low, high = interval or (None, None)
    return Difference(*names, float(changed.mean()), low, high, reached)
