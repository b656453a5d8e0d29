"""The beta distribution agrees with a library's, and its quantile is monotone."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import betainc, betaincinv

from sim.theory.beta import beta_cdf, beta_quantile

SHAPES = st.floats(1e-3, 1e3)


@given(st.floats(0.0, 1.0), SHAPES, SHAPES)
def test_the_share_below_is_the_library_s(x: float, a: float, b: float) -> None:
    """The regularised incomplete beta function."""
    assert beta_cdf(x, a, b) == pytest.approx(float(betainc(a, b, x)), rel=1e-10, abs=1e-12)


@given(st.floats(1e-6, 1.0 - 1e-6), SHAPES, SHAPES)
def test_the_quantile_is_the_library_s(u: float, a: float, b: float) -> None:
    """The inverse of it."""
    assert beta_quantile(u, a, b) == pytest.approx(float(betaincinv(a, b, u)), abs=1e-10)


@given(SHAPES, SHAPES, st.lists(st.floats(0.0, 1.0), min_size=2))
def test_a_larger_share_never_gives_a_smaller_chance(a: float, b: float, us: list[float]) -> None:
    """So that a draw moved one way moves what it decides one way."""
    chances = [beta_quantile(u, a, b) for u in sorted(us)]
    assert all(lower <= higher for lower, higher in pairwise(chances))


def test_a_uniform_distribution_is_a_beta_distribution() -> None:
    """With both shapes 1 the quantile is the share itself, and the share below is the chance."""
    assert beta_quantile(0.3, 1.0, 1.0) == pytest.approx(0.3, abs=1e-15)
    assert [beta_cdf(x, 1.0, 1.0) for x in (-1.0, 0.0, 1.0, 2.0)] == [0.0, 0.0, 1.0, 1.0]
