"""Which mixes to try next: a Gaussian process learns harm from the mixes tried so far.

The inputs of the process (Rasmussen and Williams 2006) are, for each lever, the square root of the
share of its range that is bought, so that first units may matter more than last ones. The next
mixes are those with the lowest *lower* bound, mean minus k standard deviations (Srinivas et al.
2010), where k is drawn for each, so that mixes tried together differ. The same seed and the same
harms give the same mixes, so an interrupted search continues where it stopped.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from sim.comparison.samples import Floats
from sim.explore.optional import import_optional

BATCH: Final = 8
"""Mixes that are chosen together."""
_POOL: Final = 1000
"""Candidates anywhere, and as many near the best, among which the next mixes are chosen."""
_NEAR: Final = 5
_CERTAIN: Final = 1e-9


def space_filling_points(levers: int, count: int, seed: int) -> Floats:
    """Points that cover the unit cube evenly, (count, levers): scrambled Sobol (Owen 1998)."""
    from scipy.stats import qmc

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of counts that are not a power of two
        found: Floats = qmc.Sobol(levers, rng=np.random.default_rng(seed)).random(count)
    return found


def weights_at(point: Floats) -> Floats:
    """Weights for the money at a point, (levers,); uniform points give uniform divisions."""
    weights: Floats = -np.log1p(-np.clip(point, 0.0, 1.0 - _CERTAIN))
    return weights


class Surrogate:
    """Predicts the harm of mixes from those tried so far.

    ``points`` and ``features`` are (mixes, levers): the point of each mix in the search, and the
    shares of the ranges that it buys; ``harms`` is (mixes,).
    """

    def __init__(self, points: Floats, features: Floats, harms: Floats) -> None:
        kernels: Any = import_optional("sklearn.gaussian_process.kernels")
        processes: Any = import_optional("sklearn.gaussian_process")
        kernel = kernels.ConstantKernel(1.0, (1e-2, 1e2)) * kernels.Matern(
            np.full(features.shape[1], 0.7), (5e-2, 1e2), nu=2.5
        ) + kernels.WhiteKernel(0.1, (1e-4, 1.0))
        self._process = processes.GaussianProcessRegressor(kernel, normalize_y=True)
        self._points, self._harms = points, harms
        self._features = features
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a lever without effect has no length scale
            self._process.fit(np.sqrt(features), harms)

    def expected(self) -> Floats:
        """Harm of the mixes tried so far, with the luck of their years smoothed out, (mixes,)."""
        return np.asarray(self._process.predict(np.sqrt(self._features)), dtype=np.float64)

    def candidates(self, rng: np.random.Generator) -> Floats:
        """Points among which the next mixes are chosen."""
        levers = self._points.shape[1]
        far = rng.random((_POOL, levers))
        best = self._points[np.argsort(self.expected(), kind="stable")[:_NEAR]]
        moved = best[rng.integers(0, len(best), _POOL)]
        which = rng.random(moved.shape) < 0.4
        near = np.clip(moved + which * rng.normal(0.0, 0.15, moved.shape), 0.0, 1.0)
        return np.concatenate([far, near])

    def choose_next(self, features: Floats, rng: np.random.Generator, count: int) -> Sequence[int]:
        """The indices of the mixes to try next, out of those with these features."""
        mean, spread = self._process.predict(np.sqrt(features), return_std=True)
        chosen: list[int] = []
        for _ in range(count):
            bound = np.round(mean - rng.exponential() * spread, 6)
            bound[chosen] = np.inf
            chosen.append(int(np.argmin(bound)))
        return chosen
