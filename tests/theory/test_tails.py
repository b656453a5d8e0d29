"""The laws that a comparison asks agree with a library's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import betaincinv, fdtrc, ndtr, ndtri, stdtr, stdtrit

from sim.theory.tails import (
    beta_quantile,
    fisher_above,
    normal_below,
    normal_quantile,
    student_beyond,
    student_quantile,
)

SHARES = st.floats(1e-4, 1.0 - 1e-4)
FREE = st.integers(1, 20_000)


@given(st.floats(-30.0, 30.0), st.floats(1e-12, 1.0 - 1e-12))
def test_the_normal_law_is_the_library_s(z: float, p: float) -> None:
    """Far out in its tails too."""
    assert normal_below(z) == pytest.approx(float(ndtr(z)), rel=1e-11)
    assert normal_quantile(p) == pytest.approx(float(ndtri(p)), rel=1e-11, abs=1e-14)


@given(st.floats(0.01, 50.0), FREE)
def test_what_lies_beyond_in_student_s_law_is_the_library_s(t: float, free: int) -> None:
    """On both sides, and whichever side is asked for."""
    beyond = 2.0 * float(stdtr(free, -t))
    assert student_beyond(t, free) == pytest.approx(beyond, rel=1e-7, abs=1e-15)
    assert student_beyond(-t, free) == student_beyond(t, free)


@given(SHARES, FREE)
def test_student_s_quantile_is_the_library_s(p: float, free: int) -> None:
    """From one degree of freedom, whose law has no mean, to as many as a normal law."""
    assert student_quantile(p, free) == pytest.approx(float(stdtrit(free, p)), rel=1e-7, abs=1e-7)


@given(st.floats(0.01, 50.0), FREE, FREE)
def test_fisher_s_law_is_the_library_s(f: float, above: int, below: int) -> None:
    """A ratio of mean squares under the null hypothesis."""
    expected = float(fdtrc(above, below, f))
    assert fisher_above(f, above, below) == pytest.approx(expected, rel=1e-6, abs=1e-12)


@given(SHARES, st.integers(1, 20_000), st.integers(1, 20_000))
def test_the_beta_s_quantile_is_the_library_s(u: float, a: int, b: int) -> None:
    """For the exact interval of a share."""
    assert beta_quantile(u, a, b) == pytest.approx(float(betaincinv(a, b, u)), rel=1e-8)


@pytest.mark.parametrize("a", [0.5, 1.0])
def test_the_beta_s_quantile_comes_down_from_steep_ends(a: float) -> None:
    """Where the density has no bound, and where it is flat."""
    for u in (1e-9, 0.3, 1.0 - 1e-9):
        assert beta_quantile(u, a, a) == pytest.approx(float(betaincinv(a, a, u)), rel=1e-7)
