"""The beta distribution: how much of it lies below a chance, and below which chance a share lies.

``scipy.special`` has both. It takes as long to import as a year to simulate, in each process, and
a year asks once or twice.
"""

from math import exp, lgamma, log, log1p

_HALVINGS = 60
_TERMS = 10_000
_ENOUGH = 1e-15


def beta_quantile(u: float, a: float, b: float) -> float:
    """The chance below which a share ``u`` of the distribution lies, to 1e-18.

    By halving, so that a larger ``u`` never gives a smaller chance.
    """
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if beta_cdf(middle, a, b) < u:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def beta_cdf(x: float, a: float, b: float) -> float:
    """Share of the beta distribution with shapes ``a`` and ``b`` that lies below ``x`` in [0, 1].

    A continued fraction (DLMF 8.17.22), computed from its head (Lentz 1976).
    """
    if x <= 0.0 or x >= 1.0:
        return min(max(x, 0.0), 1.0)
    if x > (a + 1.0) / (a + b + 2.0):
        return 1.0 - beta_cdf(1.0 - x, b, a)
    whole = lgamma(a) + lgamma(b) - lgamma(a + b)
    below, above = 1.0 / (1.0 - (a + b) * x / (a + 1.0)), 1.0
    fraction = below
    for m in range(1, _TERMS):
        at = a + 2.0 * m
        for term in (
            m * (b - m) * x / ((at - 1.0) * at),
            -(a + m) * (a + b + m) * x / (at * (at + 1.0)),
        ):
            below = 1.0 / (1.0 + term * below)
            above = 1.0 + term / above
            fraction *= below * above
        if abs(below * above - 1.0) <= _ENOUGH:
            break
    return exp(a * log(x) + b * log1p(-x) - whole) * fraction / a
