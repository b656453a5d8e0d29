"""Noise models: probabilities add up to one, moments are as stated, and fits recover them."""

from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.learning.synthetic_worlds import draw_noise
from sim.calibrate.noise import (
    Counts,
    Noise,
    Shares,
    Weights,
    fit_counts,
    fit_shares,
    fit_weights,
)

ETA = np.array([-1.0, 0.3, 2.0])
LAWS: dict[str, tuple[Noise, int]] = {
    "counts": (Counts(0.4, 0.3), 400),
    "nearly Poisson": (Counts(1e-6, 1e-6), 200),
    "counted from two": (Counts(0.4, 0.1, least=2.0), 400),
    "shares": (Shares(0.2, 7.0), 7),
}


@pytest.mark.parametrize("name", LAWS)
def test_masses_add_up_and_intervals_are_their_sums(name: str) -> None:
    """Of counts and shares, at every predictor."""
    noise, most = LAWS[name]
    masses = np.exp([noise.log_probability(ETA, k, k) for k in range(most + 1)])
    assert masses.sum(axis=0) == pytest.approx(1.0, abs=1e-6)
    for low, high in ((0, 3), (2, 5), (3, 3), (2, most)):
        chance = np.exp(noise.log_probability(ETA, low, high))
        assert chance == pytest.approx(masses[low : high + 1].sum(axis=0), rel=1e-6)


def test_counts_have_the_mean_and_variance_they_say() -> None:
    """``m (1 + extra) + spread m^2``, by the masses and by draws."""
    noise, ks = Counts(0.5, 0.2), np.arange(600)
    masses = np.exp([noise.log_probability(ETA, k, k) for k in ks])
    mean = np.exp(ETA)
    assert ks @ masses == pytest.approx(mean, rel=1e-6)
    assert ks**2 @ masses - (ks @ masses) ** 2 == pytest.approx(noise.variance(mean), rel=1e-5)
    drawn = draw_noise(noise, np.full(40_000, 1.0), np.random.default_rng(0))
    assert drawn.mean() == pytest.approx(np.e, rel=0.03)
    assert drawn.var() == pytest.approx(float(noise.variance(np.array([np.e]))[0]), rel=0.06)


def test_weights_have_the_density_of_their_chances() -> None:
    """The density integrates to the chance of an interval."""
    noise, eta = Weights(-1.0, 0.1), np.array([6.0])
    grid = np.linspace(100.0, 900.0, 4001)
    density = np.array([float(np.exp(noise.log_probability(eta, y, y))[0]) for y in grid])
    chance = float(np.exp(noise.log_probability(eta, 100.0, 900.0))[0])
    assert np.trapezoid(density, grid) == pytest.approx(chance, rel=1e-4)
    assert float(np.exp(noise.log_probability(eta, 0.0, inf))[0]) == pytest.approx(1.0)


@given(st.floats(-4.0, 6.0), st.floats(0.0, 3.0), st.floats(0.0, 2.0), st.integers(0, 40))
def test_a_chance_is_one_at_most_and_grows_with_its_interval(
    eta: float, extra: float, spread: float, k: int
) -> None:
    """For any noise model of counts."""
    noise, at = Counts(extra, spread), np.array([eta])
    inner, outer = (
        noise.log_probability(at, k, k + 2),
        noise.log_probability(at, max(k - 1, 0), k + 3),
    )
    assert float(inner[0]) <= float(outer[0]) + 1e-9
    assert float(outer[0]) <= 1e-9


def test_the_spread_of_counts_is_found() -> None:
    """From counts of a known noise model."""
    rng = np.random.default_rng(1)
    eta = rng.normal(1.5, 0.8, 20_000)
    found = fit_counts(eta, draw_noise(Counts(0.8, 0.25), eta, rng))
    assert found.extra == pytest.approx(0.8, abs=0.2)
    assert found.spread == pytest.approx(0.25, abs=0.05)


def test_the_spread_of_weights_is_found() -> None:
    """Its level and how it changes with the mean."""
    rng = np.random.default_rng(2)
    eta = rng.normal(6.0, 1.0, 20_000)
    truth = Weights(1.0, -0.4)
    found = fit_weights(eta, draw_noise(truth, eta, rng))
    assert found.slope == pytest.approx(-0.4, abs=0.03)
    assert found.sd(np.array([6.0])) == pytest.approx(truth.sd(np.array([6.0])), rel=0.02)


def test_a_shared_fate_is_found() -> None:
    """The correlation of two of one group."""
    rng = np.random.default_rng(3)
    eta, n = rng.normal(-0.5, 0.5, 20_000), np.full(20_000, 6.0)
    found = fit_shares(eta, draw_noise(Shares(0.3, 6.0), eta, rng), n)
    assert found == pytest.approx(0.3, abs=0.02)
    assert fit_shares(eta, (eta > 0).astype(float), np.ones(20_000)) < 1e-3
