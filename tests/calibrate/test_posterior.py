"""Posteriors: draws, quantiles, contraction."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.calibrate.posterior import Marginal, Moments, Posterior, quantiles

Floats = NDArray[np.float64]


def posterior(values: Floats, weights: Floats | None = None) -> Posterior:
    """Members with these values of ``mu``, whose prior has a variance of 3."""
    n = len(values)
    each = np.full(n, 1.0 / n) if weights is None else weights
    return Posterior(("mu",), values[:, None], each, {"mu": Moments(0.0, 3.0**0.5)})


@settings(max_examples=25)
@given(st.lists(st.floats(0.01, 1.0), min_size=1, max_size=30), st.integers(0, 2**62))
def test_draws_are_a_function_of_their_number(raw: list[float], seed: int) -> None:
    """More draws begin with the same ones, and each is a member."""
    weights = np.array(raw) / sum(raw)
    found = posterior(np.arange(float(len(raw))), weights)
    many = found.chosen(200, seed)
    assert np.array_equal(found.chosen(50, seed), many[:50])
    assert set(many.tolist()) <= set(range(len(raw)))


@settings(max_examples=25)
@given(st.lists(st.floats(0.01, 1.0), min_size=2, max_size=12), st.integers(0, 1000))
def test_a_member_is_drawn_as_often_as_its_weight_says(raw: list[float], seed: int) -> None:
    """Within 5 of 1,000 draws: far closer than independent draws would be."""
    weights = np.array(raw) / sum(raw)
    found = posterior(np.arange(float(len(raw))), weights)
    counts = np.bincount(found.chosen(1000, seed), minlength=len(raw))
    assert np.abs(counts - 1000.0 * weights).max() <= 5.0


def test_the_summary_by_hand() -> None:
    """Two members, weights 3 to 1."""
    found = posterior(np.array([1.0, -1.0]), np.array([0.75, 0.25]))
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
