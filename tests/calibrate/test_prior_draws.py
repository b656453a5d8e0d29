"""The latent scale, the kernel, and proposals that are functions of their number."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import kstest
from toys import FOUR, MU, Gamma, Uniform

from sim.calibrate.prior_sample import prior_points, sample_prior, to_parameters

Floats = NDArray[np.float64]
KEYS = ("a", "b")


def test_a_uniform_prior_is_the_logit_between_its_bounds() -> None:
    """Latent 0 is the middle; the latent scale and back is the identity."""
    x = np.array([-2.5, 0.0, 1.0])
    logit = np.log((x + 3.0) / (3.0 - x))
    assert to_parameters(logit[:, None], [MU])[:, 0] == pytest.approx(x)


@settings(max_examples=25)
@given(st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=20))
def test_bounds_hold_wherever_one_goes(latent: list[float]) -> None:
    """However far on the latent scale, a value is finite and within the bounds of its prior."""
    points = np.repeat(np.array(latent)[:, None], 2, axis=1)
    values = to_parameters(points, [MU, Gamma("rate", 1.0, 2.0)])
    assert np.isfinite(values).all()
    assert (values[:, 0] >= -3.0).all()
    assert (values[:, 0] <= 3.0).all()
    assert (values[:, 1] >= 0.0).all()


def test_the_prior_is_logistic_on_the_latent_scale() -> None:
    """By Kolmogorov's test of its draws (p > 1e-4), which do not hang together."""
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
@given(st.integers(1, 200), st.integers(1, 200))
def test_a_longer_list_begins_with_a_shorter_one(one: int, other: int) -> None:
    """Bit for bit, on both scales, however many are asked for."""
    short, long = sorted((one, other))
    for few, many in zip(sample_prior([MU, *FOUR], 3, short),
                         sample_prior([MU, *FOUR], 3, long), strict=True):  # fmt: skip
        assert np.array_equal(few, many[:short])


def test_a_wider_prior_is_another_prior() -> None:
    """The same latent point has another value."""
    assert to_parameters(np.array([[1.0]]), [Uniform("u", 0.0, 2.0)])[0, 0] == pytest.approx(
        2.0 * to_parameters(np.array([[1.0]]), [Uniform("u", 0.0, 1.0)])[0, 0]
    )
