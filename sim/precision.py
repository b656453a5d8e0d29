"""Rounding at the source, so that no result hangs on the last bit of somebody's mathematics.

Sums, products, quotients and square roots are exact to the last bit everywhere (IEEE 754). The
logarithm, the exponential, the sine and their like are not: libraries, and the kernels that one
library takes on different processors, differ in the last bit. So what comes out of such a
function and goes on into a time, a place or a recorded quantity is rounded where it is made, far
above that bit and far below what it means. What follows is exact arithmetic, equal everywhere.

Two libraries that differ by a unit in the last place still round to different sides if the value
lies that near to a boundary: a chance of 4e-9 for :func:`single`. What is only compared
with a uniform draw needs no rounding: the draw decides otherwise with a chance of 1e-16.
"""

_SPLITTER = 2.0**29 + 1.0

SHARES = 1e7
"""Steps in 1 to which a share is rounded."""


def single(x: float) -> float:
    """``x`` to 24 significant bits, to 6e-8 of itself, by Veltkamp's splitting (Dekker 1971).

    A larger ``x`` never gives a smaller result, and whole numbers up to 2^24 stay. For
    ``|x| < 1e299``.
    """
    c = x * _SPLITTER
    return c - (c - x)


def to_steps(x: float, in_one: float) -> float:
    """``x`` to the nearest of the even steps of which there are ``in_one`` in 1."""
    return round(x * in_one) / in_one
