"""The variance of runs split between points, seeds and luck, and the indices that luck alone gives.

Every point of a design is run with the same seeds. A run is mean + point + seed + rest. The seed is
a good or bad year at all points alike and moves no index. The rest is luck that depends on the
point, and gets into indices. The variances are those of a two-way table of points and seeds with
one run in each cell (Scheffe 1959, chapter 7).
"""

from __future__ import annotations

from math import pi, sqrt
from typing import Final

import numpy as np

from sim.explore.sensitivity.factors import Floats
from sim.explore.sensitivity.result import VarianceSplit

LUCK_FACTOR: Final = 2.0
"""An index below this multiple of what luck alone would give is called luck."""


def split_variance(values: Floats) -> VarianceSplit | None:
    """Split the variance of runs, (points, seeds); ``None`` with one seed or without variance."""
    count, seeds = values.shape
    if seeds < 2 or count < 2:
        return None
    mean = values.mean()
    by_point, by_seed = values.mean(axis=1) - mean, values.mean(axis=0) - mean
    off = values - mean - by_point[:, None] - by_seed[None, :]
    rest = float((off**2).sum()) / ((count - 1) * (seeds - 1))
    of_points = seeds * float((by_point**2).sum()) / (count - 1)
    of_seeds = count * float((by_seed**2).sum()) / (seeds - 1)
    between = max(of_points - rest, 0.0) / seeds
    shared = max(of_seeds - rest, 0.0) / count
    whole = between + shared + rest
    if not whole > 0.0:
        return None
    left = min(rest / of_points, 1.0) if of_points > 0.0 else 1.0
    return VarianceSplit(points=between / whole, seeds=shared / whole, rest=rest / whole, left=left)


def luck_of_mean_effect(effects: Floats) -> Floats:
    """The mean size of an effect that luck alone would give, (factors,).

    ``effects`` are (trajectories, factors, seeds). Luck is assumed normal: its mean size is
    ``sqrt(2 / pi)`` of the standard deviation of a mean over the seeds.
    """
    seeds = effects.shape[2]
    variance: Floats = effects.var(axis=2, ddof=1).mean(axis=0) / seeds
    return sqrt(2.0 / pi) * np.sqrt(variance)


def luck_of_total_index(differences: Floats, variance: float) -> Floats:
    """The total Sobol index that luck alone would give, (factors,).

    ``differences`` are (base points, factors, seeds), between two points that differ in one factor;
    half their mean square over the ``variance`` of the outcome is the index (Jansen 1999).
    """
    seeds = differences.shape[2]
    found: Floats = 0.5 * differences.var(axis=2, ddof=1).mean(axis=0) / seeds / variance
    return found
