"""Distributions agree with a library's, and the beta quantile that draws use is monotone."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import betainc, betaincinv, fdtrc, ndtr, ndtri, stdtr, stdtrit

from sim.theory.distributions import (
    beta_cdf,
    beta_quantile,
    fisher_upper_tail,
    monotone_beta_quantile,
    normal_cdf,
    normal_quantile,
    student_quantile,
    student_two_tails,
)

SHARES = st.floats(1e-4, 1.0 - 1e-4)
SHAPES = st.floats(1e-3, 1e3)
FREE = st.integers(1, 20_000)


@given(st.floats(-30.0, 30.0), st.floats(1e-12, 1.0 - 1e-12))
def test_the_normal_law_is_the_library_s(z: float, p: float) -> None:
    """Far out in its tails too."""
    assert normal_cdf(z) == pytest.approx(float(ndtr(z)), rel=1e-11)
    assert normal_quantile(p) == pytest.approx(float(ndtri(p)), rel=1e-11, abs=1e-14)


@given(st.floats(0.01, 50.0), FREE)
def test_what_lies_beyond_in_student_s_law_is_the_library_s(t: float, free: int) -> None:
    """On both sides, and whichever side is asked for."""
    beyond = 2.0 * float(stdtr(free, -t))
    assert student_two_tails(t, free) == pytest.approx(beyond, rel=1e-7, abs=1e-15)
    assert student_two_tails(-t, free) == student_two_tails(t, free)


@given(SHARES, FREE)
def test_student_s_quantile_is_the_library_s(p: float, free: int) -> None:
    """From one degree of freedom, whose law has no mean, to as many as a normal law."""
    assert student_quantile(p, free) == pytest.approx(float(stdtrit(free, p)), rel=1e-7, abs=1e-7)


@given(st.floats(0.01, 50.0), FREE, FREE)
def test_fisher_s_law_is_the_library_s(f: float, above: int, below: int) -> None:
    """A ratio of mean squares under the null hypothesis."""
    expected = float(fdtrc(above, below, f))
    assert fisher_upper_tail(f, above, below) == pytest.approx(expected, rel=1e-6, abs=1e-12)


@given(SHARES, st.integers(1, 20_000), st.integers(1, 20_000))
def test_the_beta_s_quantile_is_the_library_s(u: float, a: int, b: int) -> None:
    """For the exact interval of a share."""
    assert beta_quantile(u, a, b) == pytest.approx(float(betaincinv(a, b, u)), rel=1e-8)


@pytest.mark.parametrize("a", [0.5, 1.0])
def test_the_beta_s_quantile_comes_down_from_steep_ends(a: float) -> None:
    """Where the density has no bound, and where it is flat."""
    for u in (1e-9, 0.3, 1.0 - 1e-9):
        assert beta_quantile(u, a, a) == pytest.approx(float(betaincinv(a, a, u)), rel=1e-7)


@given(st.floats(0.0, 1.0), SHAPES, SHAPES)
def test_the_beta_share_below_is_the_library_s(x: float, a: float, b: float) -> None:
    """The regularised incomplete beta function."""
    assert beta_cdf(x, a, b) == pytest.approx(float(betainc(a, b, x)), rel=1e-10, abs=1e-12)


@given(st.floats(1e-6, 1.0 - 1e-6), SHAPES, SHAPES)
def test_the_monotone_beta_quantile_is_the_library_s(u: float, a: float, b: float) -> None:
    """The inverse of it."""
    assert monotone_beta_quantile(u, a, b) == pytest.approx(float(betaincinv(a, b, u)), abs=1e-10)


@given(SHAPES, SHAPES, st.lists(st.floats(0.0, 1.0), min_size=2))
def test_a_larger_share_never_gives_a_smaller_chance(a: float, b: float, us: list[float]) -> None:
    """So that a draw moved one way moves what it decides one way."""
    chances = [monotone_beta_quantile(u, a, b) for u in sorted(us)]
    assert all(lower <= higher for lower, higher in pairwise(chances))


def test_a_uniform_distribution_is_a_beta_distribution() -> None:
    """With both shapes 1 the quantile is the share itself, and the share below is the chance."""
    assert monotone_beta_quantile(0.3, 1.0, 1.0) == pytest.approx(0.3, abs=1e-15)
    assert [beta_cdf(x, 1.0, 1.0) for x in (-1.0, 0.0, 1.0, 2.0)] == [0.0, 0.0, 1.0, 1.0]
