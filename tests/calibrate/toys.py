"""Priors and targets for a simulator that nobody asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from sim.calibrate.problem import Aim, CalibrationProblem

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Uniform:
    """A uniform prior."""

    key: str
    low: float
    high: float

    def quantile(self, u: Floats) -> Floats:
        """Inverse distribution function."""
        return self.low + u * (self.high - self.low)


@dataclass(frozen=True)
class Gamma:
    """A Gamma prior by shape and rate."""

    key: str
    shape: float
    rate: float
    low: float = 0.0
    high: float = float("inf")

    def quantile(self, u: Floats) -> Floats:
        """Inverse distribution function."""
        found: Floats = gammaincinv(self.shape, u) / self.rate
        return found


def never(theta: Mapping[str, float], seed: int) -> dict[str, float]:
    """A simulator that is not asked."""
    raise AssertionError("nobody simulates here")


MU = Uniform("mu", -3.0, 3.0)
FOUR = CalibrationProblem(
    [Uniform("a", -2.0, 2.0), Uniform("b", 0.0, 3.0), Gamma("rate", 8.0, 0.4),
     Uniform("share", 0.1, 0.9)],
    [Aim("a", 0.5, 0.5, 0.1), Aim("seen", 9.0, 9.0, 1.0)],
    never,
    "four",
)  # fmt: skip
