"""Rounding at the source, so that no result depends on the last bit of a mathematical library.

Sums, products, quotients and square roots are exact to the last bit everywhere (IEEE 754).
Logarithms, exponentials, sines and the like are not: libraries differ in the last bit, and so do
the kernels that one library uses on different processors. So where the result of such a function
enters a time, a place or a recorded quantity, it is rounded at once: far above that bit, and far
below any precision that matters. All further arithmetic is exact, and equal everywhere.

Two libraries that differ by a unit in the last place still round to different sides if the value
is that close to a boundary: a probability of 4e-9 for :func:`single`. A value that is only
compared with a uniform draw is not rounded: the comparison differs with a probability of 1e-16.
"""

_SPLITTER = 2.0**29 + 1.0

SHARES = 1e7
"""Steps in 1 to which a share is rounded."""


def single(x: float) -> float:
    """``x`` rounded to 24 significant bits, 6e-8 of itself, by Veltkamp's splitting (Dekker 1971).

    A larger ``x`` never gives a smaller result, and whole numbers up to 2^24 are unchanged. For
    ``|x| < 1e299``.
    """
    c = x * _SPLITTER
    return c - (c - x)


def to_steps(x: float, in_one: float) -> float:
    """``x`` rounded to the nearest multiple of ``1 / in_one``."""
    return round(x * in_one) / in_one
