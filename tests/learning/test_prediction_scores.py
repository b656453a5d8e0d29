"""Scores of predictions are what they are by definition; a worse prediction scores less."""

from math import inf, log

import numpy as np
import pytest
from scipy import integrate, stats

from benchmarks.learning.predictive_distributions import Counts, Weights, gathered
from benchmarks.learning.scores import coverage, crps, log_score, pit
from sim.calibrate.intervals import Interval

COUNTS = Counts.poisson(np.array([3.0, 9.0]), np.array([0.25, 0.75]))
WEIGHTS = Weights.of([6.0, 7.0], [0.3, 0.5], np.array([0.4, 0.6]))


def _figure(value: float) -> tuple[Interval]:
    return (Interval(value, value),)


def test_a_mixture_of_poisson_counts_has_the_chances_of_its_parts() -> None:
    """Chances of a mixture are the weighed ones of its parts, and add up to 1."""
    k = np.arange(len(COUNTS.chances))
    wanted = 0.25 * stats.poisson.pmf(k, 3.0) + 0.75 * stats.poisson.pmf(k, 9.0)
    assert np.allclose(COUNTS.chances, wanted, atol=1e-9)
    assert COUNTS.chances.sum() == pytest.approx(1.0)


def test_gathering_many_rates_changes_no_chance_that_matters() -> None:
    """5,000 rates as 400: mean and variance of the count stay within a thousandth."""
    rates = np.random.default_rng(1).gamma(4.0, 5.0, 5000)
    few, shares = gathered(rates, None)
    assert len(few) <= 400
    assert shares @ few == pytest.approx(rates.mean(), rel=1e-3)
    assert shares @ few**2 == pytest.approx((rates**2).mean(), rel=1e-3)


def test_counts_like_a_sample_have_its_mean_and_variance() -> None:
    """The negative binomial count of a sample that scatters more than Poisson."""
    sample = np.array([0.0, 3.0, 5.0, 12.0, 30.0])
    chances = Counts.like(sample).chances
    k = np.arange(len(chances))
    mean = k @ chances
    assert mean == pytest.approx(sample.mean(), rel=1e-2)
    assert k**2 @ chances - mean**2 == pytest.approx(sample.var(ddof=1), rel=0.05)


@pytest.mark.parametrize("value", [0.0, 4.0, 25.0])
def test_the_crps_of_counts_is_the_mean_distance_less_half_of_that_among_them(value: float) -> None:
    """``E|X - y| - E|X - X'| / 2``, summed over all pairs of counts."""
    k = np.arange(len(COUNTS.chances))
    apart = COUNTS.chances @ np.abs(k[:, None] - k) @ COUNTS.chances
    wanted = COUNTS.chances @ np.abs(k - value) - 0.5 * apart
    assert crps(COUNTS, _figure(value)) == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize("value", [150.0, 700.0, 4000.0])
def test_the_crps_of_weights_is_the_integral_of_squares(value: float) -> None:
    """Against a quadrature of the definition that knows nothing of logarithms."""
    below, _ = integrate.quad(lambda x: WEIGHTS.upto(x) ** 2, 0.0, value, limit=200)
    above, _ = integrate.quad(lambda x: (1 - WEIGHTS.upto(x)) ** 2, value, value + 3e4, limit=400)
    assert crps(WEIGHTS, _figure(value)) == pytest.approx(below + above, rel=2e-3)


def test_a_bound_is_judged_by_its_chance_and_by_what_lies_beyond() -> None:
    """A floor scores the log chance of it or more; what is predicted above it costs nothing."""
    floor = (Interval(12.0, inf),)
    assert log_score(COUNTS, floor) == pytest.approx(log(COUNTS.chances[12:].sum()))
    below = np.cumsum(COUNTS.chances)[:12]
    assert crps(COUNTS, floor) == pytest.approx((below**2).sum())
    assert crps(Counts.poisson(np.array([80.0])), floor) == pytest.approx(0.0, abs=1e-9)


def test_alternatives_are_a_mixture_by_their_weights() -> None:
    """Two figures, one of which is right with chance 3/4."""
    told = (Interval(3.0, 3.0, 3.0), Interval(8.0, 8.0, 1.0))
    chance = 0.75 * COUNTS.chances[3] + 0.25 * COUNTS.chances[8]
    assert log_score(COUNTS, told) == pytest.approx(log(chance))
    each = [crps(COUNTS, _figure(value)) for value in (3.0, 8.0)]
    assert crps(COUNTS, told) == pytest.approx(0.75 * each[0] + 0.25 * each[1])


def test_densities_of_weights_integrate_to_their_chances() -> None:
    """The density of a mixture, integrated over a range, is the chance of the range."""
    held, _ = integrate.quad(lambda x: np.exp(WEIGHTS.log_density(x)), 300.0, 900.0)
    assert held == pytest.approx(WEIGHTS.upto(900.0) - WEIGHTS.upto(300.0), rel=1e-6)
    assert log_score(WEIGHTS, (Interval(300.0, 900.0),)) == pytest.approx(log(held), abs=1e-6)


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_quantiles_undo_the_distribution(share: float) -> None:
    """A share of the weights, and at least a share of the counts, lies up to the quantile."""
    assert WEIGHTS.upto(WEIGHTS.quantile(share)) == pytest.approx(share, abs=1e-6)
    least = COUNTS.quantile(share)
    assert COUNTS.before(least) < share <= COUNTS.upto(least)


def test_places_of_what_was_predicted_rightly_are_uniform() -> None:
    """3,000 figures drawn from the prediction itself, and as many from twice its rate."""
    rng = np.random.default_rng(4)
    right, wrong = (
        np.array([pit(COUNTS, _figure(value), tuple(rng.random(2))) for value in draw_worlds])
        for draw_worlds in (
            rng.choice(len(COUNTS.chances), 3000, p=COUNTS.chances).astype(float),
            rng.poisson(15.0, 3000).astype(float),
        )
    )
    assert stats.kstest(right, "uniform").pvalue > 1e-4
    assert stats.kstest(wrong, "uniform").pvalue < 1e-12


def test_the_place_of_a_range_lies_within_its_chances() -> None:
    """A ceiling says that the figure lies in the lower part; nothing says where in it."""
    assert pit(WEIGHTS, (Interval(0.0, 500.0),), (0.5, 1.0)) == pytest.approx(WEIGHTS.upto(500.0))
    assert pit(WEIGHTS, (Interval(0.0, 500.0),), (0.5, 0.0)) == 0.0


def test_coverage_counts_places_about_the_middle_with_a_binomial_error() -> None:
    """Of ten even places six lie in the middle half, ends included; the error is a coin's."""
    found = coverage((np.arange(10) + 0.5) / 10.0, 0.5)
    assert found.share == pytest.approx(0.6)
    assert found.error == pytest.approx(np.sqrt(0.25 / 10.0))
