"""The latent scale, the kernel, and proposals that are functions of their number."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import kstest, logistic, multivariate_normal
from toys import FOUR, MU, Gamma, Uniform

from sim.calibrate.generation import bank_stage
from sim.calibrate.kernel import Kernel, effective
from sim.calibrate.latent import log_prior, prior_points, values_of
from sim.calibrate.settings import Settings

Floats = NDArray[np.float64]
KEYS = ("a", "b")


def population(members: int = 40, seed: int = 3) -> Kernel:
    """A population of two parameters that depend on each other."""
    rng = np.random.default_rng(seed)
    latent = rng.normal(size=(members, 2)) @ np.array([[1.0, 0.8], [0.0, 0.5]])
    weights = rng.uniform(size=members)
    return Kernel(latent, weights / weights.sum(), 2.0)


def test_a_uniform_prior_is_the_logit_between_its_bounds() -> None:
    """Latent 0 is the middle; the latent scale and back is the identity."""
    x = np.array([-2.5, 0.0, 1.0])
    logit = np.log((x + 3.0) / (3.0 - x))
    assert values_of(logit[:, None], [MU])[:, 0] == pytest.approx(x)


@settings(max_examples=25)
@given(st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=20))
def test_bounds_hold_wherever_one_goes(latent: list[float]) -> None:
    """However far on the latent scale, a value is finite and within the bounds of its prior."""
    points = np.repeat(np.array(latent)[:, None], 2, axis=1)
    values = values_of(points, [MU, Gamma("rate", 1.0, 2.0)])
    assert np.isfinite(values).all()
    assert (values[:, 0] >= -3.0).all()
    assert (values[:, 0] <= 3.0).all()
    assert (values[:, 1] >= 0.0).all()


def test_the_prior_is_logistic_on_the_latent_scale() -> None:
    """Its log density against a library's, and its draws by Kolmogorov's test (p > 1e-4)."""
    points = np.array([[-30.0, 0.0], [1.5, 700.0]])
    assert log_prior(points) == pytest.approx(logistic.logpdf(points).sum(axis=1))
    drawn = prior_points(KEYS, 1, range(2000))
    assert all(kstest(drawn[:, i], "logistic").pvalue > 1e-4 for i in range(2))
    assert abs(np.corrcoef(drawn.T)[0, 1]) < 4.0 / 2000**0.5


def test_a_draw_of_the_prior_is_its_own() -> None:
    """It does not depend on which others are drawn, nor on other parameters."""
    whole = prior_points(KEYS, 7, range(100))
    assert np.array_equal(prior_points(KEYS, 7, [63]), whole[[63]])
    assert np.array_equal(prior_points(("b", "new"), 7, range(100))[:, 0], whole[:, 1])
    assert not np.array_equal(prior_points(KEYS, 8, range(100)), whole)


@settings(max_examples=25)
@given(st.sets(st.integers(0, 500), min_size=1, max_size=8), st.integers(1, 5))
def test_a_proposal_is_a_function_of_its_number(numbers: set[int], generation: int) -> None:
    """Population, seed, generation and number give it, bit for bit, in any order."""
    kernel = population()
    asked = sorted(numbers)
    found = kernel.propose(11, generation, asked)
    back = kernel.propose(11, generation, asked[::-1])[::-1]
    assert np.array_equal(found, back)
    assert not np.array_equal(found, kernel.propose(11, generation + 1, asked))
    assert not np.array_equal(found, kernel.propose(12, generation, asked))


@settings(max_examples=25)
@given(st.lists(st.integers(0, 400), min_size=1, max_size=12, unique=True))
def test_an_order_has_the_same_bits_however_it_is_cut(numbers: list[int]) -> None:
    """Points, values and seeds of one order are those of the orders of each number alone."""
    stage = bank_stage(Settings(bank=500), FOUR.keys)
    order = stage.orders(FOUR)
    whole = order(numbers)
    for place, number in enumerate(numbers):
        one = stage.orders(FOUR)([number])
        assert np.array_equal(one.values[0], whole.values[place])
        assert np.array_equal(one.latent[0], whole.latent[place])
        assert one.seeds[0] == whole.seeds[place]


def test_proposals_have_the_density_that_is_claimed() -> None:
    """Mean and covariance of 20,000 proposals: the population's, plus twice that (|z| < 4)."""
    kernel = population()
    mean = kernel.weights @ kernel.latent
    off = kernel.latent - mean
    covariance = (off * kernel.weights[:, None]).T @ off
    drawn = kernel.propose(1, 1, range(20_000))
    n = len(drawn)
    z = (drawn.mean(axis=0) - mean) / np.sqrt(3.0 * np.diag(covariance) / n)
    assert np.abs(z).max() < 4.0
    assert np.cov(drawn.T) == pytest.approx(3.0 * covariance, rel=0.06, abs=0.06)


def test_the_mixture_density_against_a_library() -> None:
    """Up to a constant, the sum of normal densities about the members."""
    kernel = population(12)
    off = kernel.latent - kernel.weights @ kernel.latent
    covariance = 2.0 * (off * kernel.weights[:, None]).T @ off
    points = np.array([[0.0, 0.0], [1.0, -1.0], [3.0, 2.0]])
    wanted = np.log(
        sum(
            weight * multivariate_normal(member, covariance).pdf(points)
            for weight, member in zip(kernel.weights, kernel.latent, strict=True)
        )
    )
    difference = kernel.log_density(points) - wanted
    assert difference == pytest.approx(np.full(3, difference[0]), abs=1e-6)


def test_weights_bring_proposals_back_to_the_prior() -> None:
    """Accepting everything, the weighted sample is the prior: mean 0, sd 1.81 (|z| < 4).

    The power: without weights the mean would be off by more than 10 standard errors.
    """
    latent = np.concatenate([prior_points(("a",), 5, range(200)), np.full((50, 1), 2.0)])
    kernel = Kernel(latent, np.full(250, 1.0 / 250.0), 2.0)
    drawn = kernel.propose(3, 1, range(8000))
    weights = kernel.weigh(drawn)
    mean = weights @ drawn[:, 0]
    error = np.sqrt(np.sum((weights * (drawn[:, 0] - mean)) ** 2))
    assert abs(mean / error) < 4.0
    assert abs(drawn.mean() / (drawn.std() / 8000**0.5)) > 10.0
    sd = np.sqrt(weights @ (drawn[:, 0] - mean) ** 2)
    assert sd == pytest.approx(np.pi / 3.0**0.5, rel=0.1)


def test_a_population_in_one_place_still_proposes() -> None:
    """All members alike, or on a line: proposals are finite, and so are weights."""
    for latent in (np.zeros((5, 2)), np.outer(np.arange(5.0), [1.0, 2.0])):
        kernel = Kernel(latent, np.full(5, 0.2), 1.0)
        drawn = kernel.propose(0, 1, range(10))
        assert np.isfinite(drawn).all()
        assert kernel.weigh(drawn).sum() == pytest.approx(1.0)


def test_effective_sample_size() -> None:
    """n for equal weights, 1 for a single one."""
    assert effective(np.full(8, 0.125)) == pytest.approx(8.0)
    assert effective(np.array([0.0, 1.0, 0.0])) == 1.0


def test_a_wider_prior_is_another_prior() -> None:
    """The same latent point has another value."""
    assert values_of(np.array([[1.0]]), [Uniform("u", 0.0, 2.0)])[0, 0] == pytest.approx(
        2.0 * values_of(np.array([[1.0]]), [Uniform("u", 0.0, 1.0)])[0, 0]
    )
