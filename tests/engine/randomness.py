"""Measures of randomness for the engine's tests, each as a z-score or a scaled distance."""

from collections.abc import Sequence
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

KS_LIMIT = 2.23
"""``sqrt(n) D`` that a true hypothesis passes once in 10,000 (Kolmogorov 1933)."""


def ks_uniform(values: ArrayLike) -> float:
    """Kolmogorov-Smirnov distance to the uniform distribution, times the root of n."""
    ordered = np.sort(np.asarray(values, dtype=float))
    n = len(ordered)
    steps = np.arange(n + 1) / n
    distance = max(np.max(steps[1:] - ordered), np.max(ordered - steps[:-1]))
    return float(distance * sqrt(n))


def chi2_z(counts: ArrayLike, expected: ArrayLike | None = None) -> float:
    """Pearson's chi-squared as a z-score; equal expectations unless some are given."""
    observed = np.asarray(counts, dtype=float).ravel()
    wanted = np.full(observed.shape, observed.mean()) if expected is None else np.asarray(expected)
    freedom = len(observed) - (1 if expected is None else 0)
    chi2 = float(np.sum((observed - wanted) ** 2 / wanted))
    return (chi2 - freedom) / sqrt(2.0 * freedom)


def correlation_z(a: Sequence[float], b: Sequence[float]) -> float:
    """Correlation of two samples in units of its standard error under independence."""
    return float(np.corrcoef(a, b)[0, 1] * sqrt(len(a)))


def grid_z(a: Sequence[float], b: Sequence[float], cells: int = 16) -> float:
    """Chi-squared of pairs of uniforms on a square grid, as a z-score."""
    counts, _, _ = np.histogram2d(a, b, bins=cells, range=[[0.0, 1.0], [0.0, 1.0]])
    return chi2_z(counts)


def poisson_z(total: int, mean: float) -> float:
    """A Poisson count against its mean."""
    return (total - mean) / sqrt(mean)


def dispersion_z(counts: Sequence[int], mean: float) -> float:
    """Spread of Poisson counts against their mean (index of dispersion, Fisher 1950)."""
    n = len(counts)
    chi2 = float(np.sum((np.asarray(counts) - mean) ** 2) / mean)
    return (chi2 - n) / sqrt(2.0 * n)
