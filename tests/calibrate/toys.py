"""Priors in closed form."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

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


MU = Uniform("mu", -3.0, 3.0)
FOUR = (Uniform("a", -2.0, 2.0), Uniform("b", 0.0, 3.0), Gamma("rate", 8.0, 0.4),
        Uniform("share", 0.1, 0.9))  # fmt: skip
KEYS = tuple(prior.key for prior in FOUR)
