"""Rounding at the source."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.precision import SHARES, single, to_steps

FINITE = st.floats(-1e30, 1e30, allow_subnormal=False)


@given(FINITE)
def test_a_single_has_24_bits(x: float) -> None:
    """The mantissa fits 24 bits, and nothing with 24 bits lies nearer."""
    rounded = single(x)
    mantissa, _ = math.frexp(rounded)
    assert (mantissa * 2.0**24).is_integer()
    half = 0.5 * 2.0 ** (math.frexp(x)[1] - 24)
    assert abs(rounded - x) <= half


@given(st.floats(-(2.0**100), 2.0**100, width=32, allow_subnormal=False))
def test_a_single_stays(x: float) -> None:
    """What is a single already is left alone; so are whole numbers up to 2^24."""
    assert single(x) == x == float(np.float32(x))


@given(FINITE, FINITE)
def test_rounding_keeps_the_order(x: float, y: float) -> None:
    """A larger number never becomes the smaller one: coupling by inverse CDFs holds."""
    low, high = sorted((x, y))
    assert single(low) <= single(high)
    assert to_steps(low, SHARES) <= to_steps(high, SHARES)


@given(st.integers(0, 10_000))
def test_a_decimal_stays(n: int) -> None:
    """A share that is written with a few decimals is left alone."""
    assert to_steps(n / 10_000, SHARES) == n / 10_000
