"""Scores of a prediction against what is told: a figure, a bound, or alternatives.

All are proper: nobody gains by telling another chance than he believes (Gneiting and Raftery
2007). Of a bound nothing is known but on which side of it the figure lies, so what a prediction
says within is not judged: the chance of the range, and the threshold-weighted CRPS of what lies
beyond it (Gneiting and Ranjan 2011).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, inf, log, sqrt
from typing import NamedTuple

import numpy as np

from benchmarks.learning.predictive import Predictive
from sim.calibrate.intervals import Interval
from sim.calibrate.types import Floats

_LEAST = 1e-300


def log_score(prediction: Predictive, told: Sequence[Interval]) -> float:
    """Log predictive density; of a bound the log chance, of alternatives that of their mixture."""
    total = sum(one.weight for one in told)
    chance = sum(one.weight / total * _density(prediction, one) for one in told)
    return log(max(chance, _LEAST))


def _density(prediction: Predictive, one: Interval) -> float:
    if one.exact:
        return exp(prediction.log_density(one.low))
    return max(prediction.upto(one.high) - prediction.before(one.low), 0.0)


def crps(prediction: Predictive, told: Sequence[Interval]) -> float:
    """Continuous ranked probability score, in the unit of the figure; 0 is best.

    The integral of ``(F(x) - 1{y <= x})^2`` over what lies outside of the range; of alternatives
    the mean.
    """
    total = sum(one.weight for one in told)
    return sum(one.weight / total * prediction.penalty(one.low, one.high) for one in told)


def pit(prediction: Predictive, told: Sequence[Interval], uniforms: tuple[float, float]) -> float:
    """Where what is told lies in the prediction, 0 to 1: uniform if the prediction is right.

    Randomised within a count (Smith 1985) and within a range; the first of two independent
    ``uniforms`` chooses between alternatives by how likely each is.
    """
    chances = np.array([one.weight * _density(prediction, one) for one in told])
    chances = chances / chances.sum() if chances.sum() > 0.0 else np.full(len(told), 1 / len(told))
    one = told[min(int(np.searchsorted(np.cumsum(chances), uniforms[0])), len(told) - 1)]
    low = prediction.before(one.low)
    high = 1.0 if one.high == inf else prediction.upto(one.high)
    return low + uniforms[1] * (high - low)


class Coverage(NamedTuple):
    """How often a central interval held what was told; ``error`` is binomial at the level."""

    level: float
    share: float
    error: float


def coverage(pits: Floats, level: float) -> Coverage:
    """Of predictions by their PIT."""
    share = float(np.mean(np.abs(pits - 0.5) <= level / 2.0))
    return Coverage(level, share, sqrt(level * (1.0 - level) / len(pits)))
