"""The calibrator in a case with an exact posterior: a rate, a known share of it reported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, log
from typing import Final, NamedTuple

import numpy as np
from scipy.special import gammaincinv, ndtr
from scipy.stats import gamma

from sim.calibrate.glm import COUNTS, fit
from sim.calibrate.noise import fit_counts
from sim.calibrate.prior_sample import sample_prior
from sim.calibrate.regressions import quadratic
from sim.calibrate.slice_sampler import run_chains
from sim.calibrate.types import Floats
from sim.engine.draws import Draws
from sim.runs.replicate import seed_of
from sim.verify.case import Case

SHAPE, EXPOSURE, REPORTED, YEARS, SHARE = 1.0, 2.0, 2, 1.5, 0.7
"""The prior is Gamma(1, 2); 2 events are reported in 1.5 years, each with probability 0.7."""

_BANKS, _BANK = 8, 3000
_CHAINS, _WARM, _ROUNDS = 100, 10, 60
_FLOOR: Final = 1e-12


@dataclass(frozen=True)
class Rate:
    """The Gamma prior of a rate, per year."""

    key: str = "rate"
    low: float = 0.0
    high: float = float("inf")

    def quantile(self, u: Floats) -> Floats:
        """Inverse distribution function."""
        rates: Floats = gammaincinv(SHAPE, u) / EXPOSURE
        return rates


def reported_events(rate: float, seed: int, p_reported: float) -> int:
    """Simulate the events of the years one after another; return how many are reported."""
    stream = Draws(seed).of("reports")
    left, reported, batch = rate * YEARS, 0, 0
    while True:
        gaps, chances = stream.uniforms(f"gap/{batch}", 8), stream.uniforms(f"p/{batch}", 8)
        for gap, chance in zip(gaps, chances, strict=True):
            left += log(1.0 - gap)
            if left < 0.0:
                return reported
            reported += chance < p_reported
        batch += 1


class Rates(NamedTuple):
    """Draws of the rate for the reported count, and for a count of one more."""

    reported: Floats
    one_more: Floats


type Figure = Callable[[Floats], float]
"""A figure of draws of a rate."""


def gamma_poisson(effort: float) -> list[Case]:
    """Banks of prior draws, each with its own regression and chains, against the exact posterior.

    Standard errors come from the differences between banks, so they include those of the
    regressions. More effort makes banks and chains longer, so the bias of a regression shrinks as
    well. Negative control: a calibrator that reads the count as one more. The thinned process is
    Poisson with rate times share, so the posterior is ``Gamma(shape + reported, exposure + share
    * years)`` (Gelman et al. 2013, *Bayesian Data Analysis*, section 2.6).
    """
    exact = gamma(SHAPE + REPORTED, scale=1.0 / (EXPOSURE + SHARE * YEARS))
    banks = [calibrated(number, effort) for number in range(_BANKS)]
    low, high = map(float, exact.ppf([0.025, 0.975]))

    def case(name: str, theory: float, of: Figure) -> Case:
        right, wrong = ([of(rates) for rates in kind] for kind in zip(*banks, strict=True))
        error = float(np.std(right, ddof=1)) / len(right) ** 0.5
        return Case(name, theory, float(np.mean(right)), error, float(np.mean(wrong)))

    return [
        case("mean rate", float(exact.mean()), lambda rates: float(rates.mean())),
        case(
            "probability of the exact 95 % interval",
            0.95,
            lambda rates: float(np.mean((rates > low) & (rates < high))),
        ),
        case("lower end of 95 %", low, lambda rates: float(np.quantile(rates, 0.025))),
        case("upper end of 95 %", high, lambda rates: float(np.quantile(rates, 0.975))),
    ]


def calibrated(number: int, effort: float = 1.0, p_reported: float = SHARE) -> Rates:
    """Simulate a bank, fit the regression, and sample for both counts; ``number`` sets the seed."""
    seed = seed_of(number)
    _, values = sample_prior([Rate()], seed, ceil(_BANK * effort))
    counts = np.array(
        [reported_events(r, seed_of(i, seed), p_reported) for i, r in enumerate(values[:, 0])],
        dtype=np.float64,
    )
    logs = np.log(np.maximum(values, _FLOOR))
    middle, spread = float(logs.mean()), float(logs.std())

    def features(rates: Floats) -> Floats:
        return quadratic((np.log(np.maximum(rates, _FLOOR)) - middle) / spread)

    fitted = fit(COUNTS, features(values), counts)
    noise = fit_counts(fitted.held_out, counts)
    rng = np.random.default_rng(seed)

    def rates(reported: int) -> Floats:
        def log_likelihood(points: Floats) -> Floats:
            eta = fitted.coefficients[0] + features(_rates(points)) @ fitted.coefficients[1:]
            return noise.log_probability(eta, reported, reported)

        start = rng.standard_normal((_CHAINS, 1))
        chains = run_chains(log_likelihood, start, _WARM, ceil(_ROUNDS * effort), rng)
        return _rates(chains.points.reshape(-1, 1))

    return Rates(rates(REPORTED), rates(REPORTED + 1))


def _rates(points: Floats) -> Floats:
    """Rates from standard normal unknowns, shape (points, 1)."""
    return Rate().quantile(ndtr(points))
