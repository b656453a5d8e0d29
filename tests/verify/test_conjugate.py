"""The rate of a Poisson process after counting: closed forms, limits and Bayes' rule itself."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.verify.conjugate import rate_posterior

POSITIVE = st.floats(0.05, 50.0)
COUNT = st.integers(0, 200)
SHARE = st.floats(0.01, 1.0)


def test_the_tabled_case() -> None:
    """Gamma(1, 2), 4 reported in 1.5 years with probability 0.7: 1.63934 (0.53229, 3.35790)."""
    found = rate_posterior(1.0, 2.0, 4, 1.5, 0.7)
    assert found.mean == pytest.approx(1.63934, abs=5e-6)
    assert found.quantile(0.025) == pytest.approx(0.53229, abs=5e-6)
    assert found.quantile(0.975) == pytest.approx(3.35790, abs=5e-6)


@settings(max_examples=25)
@given(POSITIVE, POSITIVE, COUNT, POSITIVE, SHARE)
def test_the_posterior_is_prior_times_likelihood(
    shape: float, exposure: float, reported: int, years: float, share: float
) -> None:
    """The ratio of densities at two rates is that of prior times Poisson probability."""
    found = rate_posterior(shape, exposure, reported, years, share)
    a, b = 0.8 * found.mean, 1.3 * found.mean

    def log_bayes(rate: float) -> float:
        prior = (shape - 1.0) * np.log(rate) - exposure * rate
        return float(prior + reported * np.log(rate) - rate * share * years)

    density = found.density(a), found.density(b)
    assert np.log(density[0] / density[1]) == pytest.approx(log_bayes(a) - log_bayes(b), abs=1e-6)


@settings(max_examples=20)
@given(st.floats(1.0, 50.0), POSITIVE, COUNT, POSITIVE, SHARE)
def test_density_and_quantiles_belong_together(
    shape: float, exposure: float, reported: int, years: float, share: float
) -> None:
    """Between the 30 % and the 60 % quantile lies 0.3 of the density (trapezoid rule)."""
    found = rate_posterior(shape, exposure, reported, years, share)
    rates = np.linspace(found.quantile(0.3), found.quantile(0.6), 101)
    mass = np.trapezoid([found.density(float(rate)) for rate in rates], rates)
    assert mass == pytest.approx(0.3, abs=2e-3)


@settings(max_examples=25)
@given(POSITIVE, POSITIVE, st.integers(0, 50), POSITIVE)
def test_two_countings_are_one(shape: float, exposure: float, count: int, years: float) -> None:
    """Counting in two spans, one after the other, gives what counting in both at once gives."""
    once = rate_posterior(shape, exposure, count, years)
    twice = rate_posterior(once.shape, once.exposure, 2 * count, years)
    assert twice == pytest.approx(rate_posterior(shape, exposure, 3 * count, 2.0 * years))


def test_without_data_to_speak_of_the_prior_stays() -> None:
    """A moment of counting leaves mean and spread of the prior."""
    found = rate_posterior(3.0, 2.0, 0, 1e-9)
    assert (found.mean, found.sd) == pytest.approx((1.5, 3.0**0.5 / 2.0))


def test_much_data_is_believed() -> None:
    """A million events in 1,000 years: a rate of 1,000 within a thousandth or so."""
    found = rate_posterior(1.0, 2.0, 10**6, 1000.0)
    assert found.mean == pytest.approx(1000.0, rel=3e-3)
    assert found.sd / found.mean == pytest.approx(1e-3, rel=1e-3)


def test_no_rate_is_negative() -> None:
    """The density below 0 is 0."""
    assert rate_posterior(1.0, 2.0, 4, 1.5).density(-0.1) == 0.0


@pytest.mark.parametrize(
    "bad",
    [(0.0, 2.0, 4, 1.5, 0.7), (1.0, -2.0, 4, 1.5, 0.7), (1.0, 2.0, -1, 1.5, 0.7),
     (1.0, 2.0, 4, 0.0, 0.7), (1.0, 2.0, 4, 1.5, 0.0), (1.0, 2.0, 4, 1.5, 1.1)],
)  # fmt: skip
def test_what_means_nothing_is_refused(bad: tuple[float, float, int, float, float]) -> None:
    """Priors and times that are not positive, negative counts, shares outside (0, 1]."""
    with pytest.raises(ValueError, match="p_reported"):
        rate_posterior(*bad)
