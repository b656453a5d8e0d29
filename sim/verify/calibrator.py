"""The calibrator where Bayes' rule is exact: a rate of which a known share is reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, log, sqrt
from typing import Final

import numpy as np

from sim.calibrate.distance import Distance
from sim.calibrate.population import nearest
from sim.calibrate.posterior import Posterior, effective, posterior_of, quantiles
from sim.calibrate.problem import Aim, CalibrationProblem, Floats
from sim.calibrate.rows import Flags, simulated
from sim.engine.draws import Draws
from sim.runs.plan import seed_of
from sim.verify.case import Case
from sim.verify.conjugate import RatePosterior, rate_posterior

FAMILY: Final = "calibrator"
SHAPE, EXPOSURE, REPORTED, YEARS, SHARE = 1.0, 2.0, 2, 1.5, 0.7
"""Gamma(1, 2) beforehand; 2 events reported in 1.5 years, each with probability 0.7."""

_BANK: Final = 40_000


@dataclass(frozen=True)
class Rate:
    """The Gamma prior of a rate, per year."""

    key: str = "rate"
    low: float = 0.0
    high: float = float("inf")

    def quantile(self, u: Floats) -> Floats:
        """Inverse distribution function."""
        from scipy.special import gammaincinv

        found: Floats = gammaincinv(SHAPE, u) / EXPOSURE
        return found


@dataclass(frozen=True)
class Reports:
    """Events as they come, one after the other, of which each is reported or not."""

    p_reported: float = SHARE

    def __call__(self, theta: Mapping[str, float], seed: int) -> dict[str, int]:
        """How many of the events of these years are reported."""
        stream = Draws(seed).of("reports")
        left, reported, batch = theta["rate"] * YEARS, 0, 0
        while True:
            gaps, chances = stream.uniforms(f"gap/{batch}", 8), stream.uniforms(f"p/{batch}", 8)
            for gap, chance in zip(gaps, chances, strict=True):
                left += log(1.0 - gap)
                if left < 0.0:
                    return {"reported": reported}
                reported += chance < self.p_reported
            batch += 1


def gamma_poisson(effort: float) -> list[Case]:
    """Banks of prior draws and their nearest, against the exact posterior.

    A count is met exactly or not at all. All draws that meet it are taken, so the approximation
    of the method is none; what is left is Monte Carlo error. The ends of the 95 % interval have as
    negative control a calibrator that takes a count off by one for met. Gamma-Poisson conjugacy
    with thinning, see :mod:`sim.verify.conjugate`.
    """
    exact = rate_posterior(SHAPE, EXPOSURE, REPORTED, YEARS, SHARE)
    banks = [calibrated(number) for number in range(max(1, ceil(effort)))]
    rates, weights = _together([met for met, _ in banks])
    loose = _together([near for _, near in banks])
    low, high = exact.quantile(0.025), exact.quantile(0.975)
    inside = (rates > low) & (rates < high)
    return [
        _mean("mean rate", exact.mean, rates, weights),
        _share("chance of the exact 95 % interval", 0.95, inside, weights),
        _end("lower end of 95 %", 0.025, exact, (rates, weights), loose),
        _end("upper end of 95 %", 0.975, exact, (rates, weights), loose),
    ]


def calibrated(number: int, p_reported: float = SHARE) -> tuple[Posterior, Posterior]:
    """Of one bank all draws that meet the count, and all that are off by one or met.

    ``number`` gives its seed.
    """
    aims = (Aim("reported", REPORTED, REPORTED, 0.5),)
    problem = CalibrationProblem([Rate()], aims, Reports(p_reported))
    bank = simulated(problem, _BANK, seed_of(number))
    distance = Distance(aims, (1.0,))
    off = distance(bank.aimed(aims))
    sizes = [int(np.sum(off <= most)) for most in (0.0, 1.0)]
    met, near = (posterior_of(nearest(bank, distance, size), bank) for size in sizes)
    return met, near


def _together(found: list[Posterior]) -> tuple[Floats, Floats]:
    """Rates and weights of several banks as one."""
    rates = np.concatenate([posterior["rate"] for posterior in found])
    return rates, np.full(len(rates), 1.0 / len(rates))


def _share(name: str, p: float, inside: Flags, weights: Floats) -> Case:
    return Case(FAMILY, name, p, float(weights @ inside), _error(inside, p, weights))


def _mean(name: str, theory: float, values: Floats, weights: Floats) -> Case:
    mean = float(weights @ values)
    error = float(np.sqrt(np.sum((weights * (values - mean)) ** 2)))
    return Case(FAMILY, name, theory, mean, error)


def _end(
    name: str,
    p: float,
    exact: RatePosterior,
    found: tuple[Floats, Floats],
    loose: tuple[Floats, Floats],
) -> Case:
    theory = exact.quantile(p)
    error = _error(found[0] <= theory, p, found[1]) / exact.density(theory)
    ends = [float(quantiles(rates, weights, (p,))[0]) for rates, weights in (found, loose)]
    return Case(FAMILY, name, theory, ends[0], error, ends[1])


def _error(hits: Flags, p: float, weights: Floats) -> float:
    """Standard error of a weighted share.

    No less than the binomial one of as many equal draws: where members with large weights are
    few, their own spread says too little, and least where one of them is missing.
    """
    own = float(np.sqrt(np.sum((weights * (hits - p)) ** 2)))
    return max(own, sqrt(p * (1.0 - p) / effective(weights)))
