"""Scores of a prediction against what is reported: a figure, a bound, or alternatives.

All are proper scoring rules (Gneiting and Raftery 2007). A bound says only on which side of it the
figure lies, so the prediction within the range is not judged: the scores are the probability of the
range, and the threshold-weighted CRPS outside it (Gneiting and Ranjan 2011).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, inf, log, sqrt
from typing import NamedTuple

import numpy as np

from benchmarks.learning.predictive_distributions import Predictive
from sim.calibrate.intervals import Interval
from sim.calibrate.types import Floats

_LEAST = 1e-300


def log_score(prediction: Predictive, intervals: Sequence[Interval]) -> float:
    """Return the log predictive density; for a bound the log probability; a mixture otherwise."""
    total = sum(one.weight for one in intervals)
    chance = sum(one.weight / total * _density(prediction, one) for one in intervals)
    return log(max(chance, _LEAST))


def _density(prediction: Predictive, one: Interval) -> float:
    if one.exact:
        return exp(prediction.log_density(one.low))
    return max(prediction.upto(one.high) - prediction.before(one.low), 0.0)


def crps(prediction: Predictive, intervals: Sequence[Interval]) -> float:
    """Return the continuous ranked probability score, in the unit of the figure; 0 is best.

    It is the integral of ``(F(x) - 1{y <= x})^2`` outside the range; for alternatives the mean.
    """
    total = sum(one.weight for one in intervals)
    return sum(one.weight / total * prediction.penalty(one.low, one.high) for one in intervals)


def pit(
    prediction: Predictive, intervals: Sequence[Interval], uniforms: tuple[float, float]
) -> float:
    """Return the probability integral transform, 0 to 1: uniform if the prediction is right.

    Randomised within a count (Smith 1985) and within a range; the first of two independent
    ``uniforms`` chooses between alternatives by how likely each is.
    """
    chances = np.array([one.weight * _density(prediction, one) for one in intervals])
    chances = (
        chances / chances.sum()
        if chances.sum() > 0.0
        else np.full(len(intervals), 1 / len(intervals))
    )
    one = intervals[min(int(np.searchsorted(np.cumsum(chances), uniforms[0])), len(intervals) - 1)]
    low = prediction.before(one.low)
    high = 1.0 if one.high == inf else prediction.upto(one.high)
    return low + uniforms[1] * (high - low)


class Coverage(NamedTuple):
    """Coverage of a central interval; ``error`` is binomial at the level."""

    level: float
    share: float
    error: float


def coverage(pits: Floats, level: float) -> Coverage:
    """Return the coverage of predictions from their PIT values."""
    share = float(np.mean(np.abs(pits - 0.5) <= level / 2.0))
    return Coverage(level, share, sqrt(level * (1.0 - level) / len(pits)))
