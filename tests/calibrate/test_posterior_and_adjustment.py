"""Posteriors: draws, quantiles, contraction; and regression adjustment within its limits."""

from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from toys import MU

from sim.calibrate.adjust import adjust
from sim.calibrate.distance import Distance
from sim.calibrate.latent import prior_points, values_of
from sim.calibrate.posterior import Marginal, Moments, Posterior, quantiles
from sim.calibrate.problem import Aim

Floats = NDArray[np.float64]


def posterior(latent: Floats, statistics: Floats, weights: Floats | None = None) -> Posterior:
    """Members of the prior of ``mu`` with one statistic, ``s``."""
    n = len(latent)
    return Posterior(
        keys=("mu",),
        names=("s",),
        values=values_of(latent, [MU]),
        latent=latent,
        weights=np.full(n, 1.0 / n) if weights is None else weights,
        statistics=statistics[:, None],
        distances=np.abs(statistics),
        threshold=float(np.abs(statistics).max()),
        prior={"mu": Moments(0.0, 3.0**0.5)},
    )


def at(*values: float) -> Aim:
    """A target of ``s``: a value, or a range."""
    return Aim("s", values[0], values[-1], 1.0)


@settings(max_examples=25)
@given(st.lists(st.floats(0.01, 1.0), min_size=1, max_size=30), st.integers(0, 2**62))
def test_draws_are_a_function_of_their_number(raw: list[float], seed: int) -> None:
    """More draws begin with the same ones, and each is a member."""
    weights = np.array(raw) / sum(raw)
    found = posterior(prior_points(("mu",), 0, range(len(raw))), np.zeros(len(raw)), weights)
    many = found.chosen(200, seed)
    assert np.array_equal(found.chosen(50, seed), many[:50])
    assert set(many.tolist()) <= set(range(len(raw)))


@settings(max_examples=25)
@given(st.lists(st.floats(0.01, 1.0), min_size=2, max_size=12), st.integers(0, 1000))
def test_a_member_is_drawn_as_often_as_its_weight_says(raw: list[float], seed: int) -> None:
    """Within 5 of 1,000 draws: far closer than independent draws would be."""
    weights = np.array(raw) / sum(raw)
    found = posterior(prior_points(("mu",), 0, range(len(raw))), np.zeros(len(raw)), weights)
    counts = np.bincount(found.chosen(1000, seed), minlength=len(raw))
    assert np.abs(counts - 1000.0 * weights).max() <= 5.0


def test_draws_are_parameters_by_name() -> None:
    """Ready to be run."""
    found = posterior(np.array([[0.0], [1.0]]), np.zeros(2), np.array([1.0, 0.0]))
    assert found.draw(3) == [{"mu": 0.0}] * 3


def test_the_summary_by_hand() -> None:
    """Two members, weights 3 to 1."""
    found = posterior(np.log(np.array([[2.0], [0.5]])), np.zeros(2), np.array([0.75, 0.25]))
    summary = found.summary()[0]
    assert summary.mean == pytest.approx(0.75 * 1.0 + 0.25 * -1.0)
    assert summary.sd == pytest.approx(0.75**0.5)
    assert summary.contraction == pytest.approx(1.0 - 0.75 / 3.0)
    assert found.ess == pytest.approx(1.6)


def test_contraction_at_its_limits() -> None:
    """Nothing learned: 0; everything: 1; a prior at one point cannot learn."""

    def marginal(sd: float, prior_sd: float) -> Marginal:
        return Marginal("x", 0.0, sd, (), 0.0, prior_sd)

    assert marginal(2.0, 2.0).contraction == 0.0
    assert marginal(0.0, 2.0).contraction == 1.0
    assert marginal(4.0, 2.0).contraction < 0.0
    assert marginal(0.0, 0.0).contraction == 0.0
    assert marginal(0.0, 0.0).shift == 0.0


@settings(max_examples=25)
@given(st.lists(st.floats(-100.0, 100.0), min_size=1, max_size=40))
def test_quantiles_of_equal_weights_are_hazens(values: list[float]) -> None:
    """As numpy has them, and the ends stay within the members."""
    array = np.array(values)
    found = quantiles(array, np.ones(len(array)), (0.05, 0.5, 0.9))
    assert found == pytest.approx(np.quantile(array, (0.05, 0.5, 0.9), method="hazen"), abs=1e-9)


def test_a_member_without_weight_moves_no_quantile() -> None:
    """Beside members that have some."""
    values, weights = np.array([1.0, 2.0, 3.0, 50.0]), np.array([1.0, 1.0, 1.0, 0.0])
    assert quantiles(values, weights, (0.5,))[0] == 2.0


def test_a_table_for_others() -> None:
    """One column a parameter, weight, distance, one a statistic."""
    table = posterior(np.array([[0.0], [1.0]]), np.zeros(2)).to_table()
    assert table.column_names == ["mu", "weight", "distance", "s"]


def linear(slope: float, noise: float, n: int = 400, seed: int = 2) -> Posterior:
    """Latent parameters that are ``1 + slope s`` and noise, for s in -1..1."""
    rng = np.random.default_rng(seed)
    s = rng.uniform(-1.0, 1.0, n)
    return posterior((1.0 + slope * s + noise * rng.normal(size=n))[:, None], s)


def test_what_is_linear_is_undone_exactly() -> None:
    """Without noise every adjusted member is the value at the target."""
    found = adjust(linear(0.7, 0.0), Distance((at(0.0),), (1.0,)), [MU])
    assert found.refused == ()
    assert found.posterior.latent == pytest.approx(np.full((400, 1), 1.0))
    assert found.posterior.weights.sum() == pytest.approx(1.0)


def test_noise_stays() -> None:
    """Only what the residual explains is taken away: sd 0.2 stays, 0.45 was there."""
    before = linear(0.7, 0.2)
    after = adjust(before, Distance((at(0.0),), (1.0,)), [MU]).posterior
    assert before.latent.std() > 0.4
    assert after.latent.std() == pytest.approx(0.2, rel=0.1)


@settings(max_examples=20)
@given(st.floats(-40.0, 40.0), st.floats(0.0, 20.0), st.floats(-0.9, 0.9))
def test_bounds_hold_after_adjustment(slope: float, noise: float, target: float) -> None:
    """However steep, an adjusted value lies within the prior."""
    values = adjust(linear(slope, noise, 60), Distance((at(target),), (1.0,)), [MU]).posterior["mu"]
    assert values.min() >= -3.0
    assert values.max() <= 3.0


@pytest.mark.parametrize("aim", [at(1.5), at(-2.0), at(1.5, inf), at(2.0, 3.0)])
def test_nothing_is_adjusted_beyond_what_was_accepted(aim: Aim) -> None:
    """A target outside of all accepted statistics is refused in words, whatever its relation."""
    before = linear(0.7, 0.2)
    found = adjust(before, Distance((aim,), (1.0,)), [MU])
    assert np.array_equal(found.posterior.values, before.values)
    assert "lies outside what was accepted (-0.99" in found.refused[0]


def test_a_floor_that_some_meet_is_adjusted_for() -> None:
    """Its residual is 0 where it is met, and those below are moved up to it."""
    found = adjust(linear(0.7, 0.0), Distance((at(0.5, inf),), (1.0,)), [MU])
    assert found.refused == ()
    assert found.posterior.latent.min() > linear(0.7, 0.0).latent.min()


def test_what_everybody_meets_moves_nobody() -> None:
    """A range around everything leaves the posterior as it is, without a word."""
    before = linear(0.7, 0.2)
    found = adjust(before, Distance((at(-2.0, 2.0),), (1.0,)), [MU])
    assert found.posterior is before
    assert found.refused == ()


def test_too_few_are_not_regressed_on() -> None:
    """Three members give no line."""
    before = posterior(np.array([[0.0], [1.0], [2.0]]), np.array([-1.0, 0.1, 1.0]))
    found = adjust(before, Distance((at(0.0),), (1.0,)), [MU])
    assert found.posterior is before
    assert found.refused == ("too few were accepted to regress on 1 targets",)


def test_a_target_without_weight_is_not_adjusted_for() -> None:
    """It is held back."""
    before = linear(0.7, 0.2)
    found = adjust(before, Distance((at(0.0)._replace(weight=0.0),), (1.0,)), [MU])
    assert found.posterior is before
