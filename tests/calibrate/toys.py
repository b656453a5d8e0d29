"""Simulators with known answers, and priors and targets for them; workers import them by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from sim.calibrate.problem import Aim, CalibrationProblem
from sim.engine.draws import Draws

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


def gaussian(theta: Mapping[str, float], seed: int) -> dict[str, float]:
    """The mean of 4 normal draws with standard deviation 1 about ``mu``, and one about 0."""
    return {
        "mean": theta["mu"] + 0.5 * normal(seed, "mean"),
        "noise": normal(seed, "noise"),
    }


def normal(seed: int, purpose: str) -> float:
    """A standard normal draw."""
    from statistics import NormalDist

    return NormalDist().inv_cdf(Draws(seed).of("toy").uniform(purpose))


@dataclass(frozen=True)
class Reported:
    """Events at ``rate`` in ``years``, each reported with probability ``p``."""

    years: float = 1.5
    p: float = 0.7

    def __call__(self, theta: Mapping[str, float], seed: int) -> dict[str, float]:
        """How many there were and how many were reported."""
        stream = Draws(seed).of("toy")
        at, events, reported = 0.0, 0, 0
        while True:
            at += -log(1.0 - stream.uniform("gap", events)) / theta["rate"]
            if at > self.years:
                return {"events": events, "reported": reported}
            reported += stream.chance("reported", self.p, events)
            events += 1


def four(theta: Mapping[str, float], seed: int) -> dict[str, float | None]:
    """Four parameters, five statistics: two normal means, a count, a ratio, and a threshold."""
    stream = Draws(seed).of("four")
    crossings = 0
    at = stream.exponential("gap", 1.0, 0)
    while at < theta["rate"]:
        crossings += 1
        at += stream.exponential("gap", 1.0, crossings)
    seen = stream.binomial("seen", crossings, theta["share"])
    return {
        "a": theta["a"] + 0.3 * normal(seed, "a"),
        "b": theta["b"] + theta["a"] + 0.3 * normal(seed, "b"),
        "crossings": crossings,
        "seen": seen,
        "share": seen / crossings if crossings else None,
    }


def raising(theta: Mapping[str, float], seed: int) -> dict[str, float]:
    """The Gaussian toy, but it fails above 1."""
    if theta["mu"] > 1.0:
        raise ValueError("too much")
    return gaussian(theta, seed)


def broken(theta: Mapping[str, float], seed: int) -> dict[str, float]:
    """Fails always."""
    raise ZeroDivisionError("division by zero")


MU = Uniform("mu", -3.0, 3.0)
GAUSSIAN = CalibrationProblem([MU], [Aim("mean", 1.0, 1.0, 0.1)], gaussian, "gaussian")
RATE = CalibrationProblem(
    [Gamma("rate", 1.0, 2.0)], [Aim("reported", 4.0, 4.0, 0.5)], Reported(), "rate"
)
FOUR = CalibrationProblem(
    [Uniform("a", -2.0, 2.0), Uniform("b", 0.0, 3.0), Gamma("rate", 8.0, 0.4),
     Uniform("share", 0.1, 0.9)],
    [Aim("a", 0.5, 0.5, 0.1), Aim("b", 2.0, 2.0, 0.1), Aim("crossings", 22.0, 22.0, 1.0),
     Aim("seen", 9.0, 9.0, 1.0)],
    four,
    "four",
)  # fmt: skip
