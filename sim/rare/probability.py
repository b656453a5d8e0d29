"""Probabilities and differences from the trees of root years, with intervals.

Root years are independent, and the weight of each is an unbiased estimate by itself. So means,
variances and pairs are computed as for ordinary replicates.
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
"""With fewer root years that came to the event, the page says that they are few."""

_RESAMPLES: Final = 2000


@dataclass(frozen=True)
class Probability:
    """The probability of the event in one scenario.

    ``probability`` is ``None`` where none, or all, of the root years came to the event. The
    interval is then one-sided.
    """

    scenario: str
    probability: float | None
    low: float
    high: float
    roots: int
    reached: int
    """Root years that came to the event, themselves or in a copy."""
    highest: float | None
    """The highest value of the outcome seen."""
    years: float
    """Years run, of roots and copies."""
    copies: int
    seconds: float
    """Processor time."""
    plain_years: float | None
    """How many years run whole have the same variance."""


@dataclass(frozen=True)
class Difference:
    """The change of the probability by a scenario, on the same root years; ``None`` if unknown."""

    scenario: str
    baseline: str
    difference: float | None
    low: float | None
    high: float | None
    reached: int
    """Root years that came to the event in either scenario."""


def estimate_probability(scenario: str, trees: Sequence[Tree], confidence: float) -> Probability:
    """Estimate the probability from the trees of a scenario.

    The interval is that of Korn and Graubard (1998) for a weighted share: the exact one (Clopper
    and Pearson 1934) of the number of independent years with the same variance. Where no tree came
    to the event that number is not known, and the interval is the exact bound for the root years
    alone: a root year is a year of the model, with its copies or without.
    """
    n, weights = len(trees), np.array([tree.weight for tree in trees])
    reached = int((weights > 0.0).sum())
    certain, plain = all(tree.reached for tree in trees), None
    if reached == 0 or certain:
        p, (low, high) = None, _one_sided(n, confidence, certain)
    else:
        p, plain = min(float(weights.mean()), 1.0), _effective_years(weights)
        low, high = clopper_pearson(p * plain, plain, confidence) or (0.0, 1.0)
    highest = max(tree.highest for tree in trees)
    return Probability(
        scenario,
        p,
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


def _effective_years(weights: Floats) -> float:
    """The number of independent years whose share would have this variance."""
    p, variance = float(weights.mean()), float(weights.var(ddof=1)) / len(weights)
    return max(p * (1.0 - p), 0.0) / variance if variance > 0.0 else float(len(weights))


def _one_sided(n: int, confidence: float, certain: bool) -> Interval:
    """The exact bound where none of n years, or all, came to the event."""
    bound = (1.0 - confidence) ** (1.0 / n)
    return Interval(bound, 1.0) if certain else Interval(0.0, 1.0 - bound)


def estimate_difference(
    names: tuple[str, str], scenario: Sequence[Tree], baseline: Sequence[Tree], confidence: float
) -> Difference:
    """Estimate the difference of two scenarios on the same root years, with its interval."""
    ours, theirs = (np.array([tree.weight for tree in trees]) for trees in (scenario, baseline))
    reached = int(((ours > 0.0) | (theirs > 0.0)).sum())
    certain = all(tree.reached for tree in (*scenario, *baseline))
    changed = ours - theirs
    if reached == 0 or certain:
        return Difference(*names, None, None, None, reached)
    means = resampled_means(changed[:, None], _RESAMPLES, 1)[:, 0]
    interval = bootstrap_mean(changed, means, confidence)
    low, high = interval or (None, None)
    return Difference(*names, float(changed.mean()), low, high, reached)
