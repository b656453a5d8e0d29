"""The calibrator where Bayes' rule is exact: a rate of which a known share is reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, log, sqrt
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np

from sim.calibrate.kernel import effective
from sim.calibrate.posterior import Posterior, quantiles
from sim.calibrate.problem import Aim, CalibrationProblem, Floats
from sim.calibrate.rows import Flags
from sim.calibrate.run import Calibration
from sim.calibrate.settings import Settings
from sim.engine.draws import Draws
from sim.runs.plan import seed_of
from sim.verify.case import Case
from sim.verify.conjugate import RatePosterior, rate_posterior

FAMILY: Final = "calibrator"
SHAPE, EXPOSURE, REPORTED, YEARS, SHARE = 1.0, 2.0, 4, 1.5, 0.7
"""Gamma(1, 2) beforehand; 4 events reported in 1.5 years, each with probability 0.7."""

_MEMBERS: Final = 2000


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
    """Whole calibrations, from prior bank to the last generation, against the exact posterior.

    A count is met exactly or not at all, so the threshold falls to 0 and the approximation of
    the method is none; what is left is Monte Carlo error. The populations with that threshold, of
    calibrations with different seeds, are put together; errors are those of weighted means
    (delta method) and of weighted quantiles. The ends of the 95 % interval have as negative
    control a calibrator that forgets the weights of its population. Gamma-Poisson conjugacy with
    thinning, see :mod:`sim.verify.conjugate`.
    """
    exact = rate_posterior(SHAPE, EXPOSURE, REPORTED, YEARS, SHARE)
    found = [one for number in range(max(1, ceil(2 * effort))) for one in calibrated(number)]
    rates = np.concatenate([posterior["rate"] for posterior in found])
    weights = np.concatenate([posterior.weights for posterior in found]) / len(found)
    low, high = exact.quantile(0.025), exact.quantile(0.975)
    inside = (rates > low) & (rates < high)
    return [
        _mean("mean rate", exact.mean, rates, weights),
        _share("chance of the exact 95 % interval", 0.95, inside, weights),
        _end("lower end of 95 %", 0.025, exact, rates, weights),
        _end("upper end of 95 %", 0.975, exact, rates, weights),
    ]


def calibrated(number: int, p_reported: float = SHARE) -> list[Posterior]:
    """The exact generations of one calibration; ``number`` gives its seed."""
    problem = CalibrationProblem(
        [Rate()], [Aim("reported", REPORTED, REPORTED, 0.5)], Reports(p_reported)
    )
    settings = Settings(bank=4 * _MEMBERS, population=_MEMBERS, quantile=0.2, seed=seed_of(number))
    with TemporaryDirectory(prefix="panj-") as folder:
        calibration = Calibration.new(Path(folder, "rate"), problem, settings)
        calibration.run(generations=6, workers=1)
        exact = [r.number for r in calibration.generations if r.threshold == 0.0]
        return [calibration.posterior_of(number) for number in exact]


def _share(name: str, p: float, inside: Flags, weights: Floats) -> Case:
    return Case(FAMILY, name, p, float(weights @ inside), _error(inside, p, weights))


def _mean(name: str, theory: float, values: Floats, weights: Floats) -> Case:
    mean = float(weights @ values)
    error = float(np.sqrt(np.sum((weights * (values - mean)) ** 2)))
    return Case(FAMILY, name, theory, mean, error)


def _end(name: str, p: float, exact: RatePosterior, rates: Floats, weights: Floats) -> Case:
    theory = exact.quantile(p)
    error = _error(rates <= theory, p, weights) / exact.density(theory)
    estimate = float(quantiles(rates, weights, (p,))[0])
    unweighted = float(quantiles(rates, np.ones_like(rates), (p,))[0])
    return Case(FAMILY, name, theory, estimate, error, unweighted)


def _error(hits: Flags, p: float, weights: Floats) -> float:
    """Standard error of a weighted share.

    No less than the binomial one of as many equal draws: where members with large weights are
    few, their own spread says too little, and least where one of them is missing.
    """
    own = float(np.sqrt(np.sum((weights * (hits - p)) ** 2)))
    return max(own, sqrt(p * (1.0 - p) / effective(weights)))
