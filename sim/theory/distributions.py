"""Normal, Student, Fisher and beta distributions.

``scipy.special`` has all of them, but takes as long to import as a year to simulate or a
comparison to compute.
"""

from functools import lru_cache
from math import erfc, exp, lgamma, log, log1p, pi
from statistics import NormalDist
from typing import Final

normal_quantile: Final = NormalDist().inv_cdf
"""The quantile of the standard normal distribution for a share in (0, 1) (Wichura 1988)."""

_HALVINGS: Final = 60
_TERMS: Final = 10_000
_ENOUGH: Final = 1e-15
_STEPS: Final = 200
_CLOSE: Final = 1e-12
_STEEP: Final = 700.0


def normal_cdf(z: float) -> float:
    """Share of the standard normal distribution below ``z``."""
    return 0.5 * erfc(-z / 2.0**0.5)


def student_two_tails(t: float, free: float) -> float:
    """Share of Student's distribution further from 0 than ``t``, both tails (DLMF 8.17.22)."""
    return beta_cdf(free / (free + t * t), free / 2.0, 0.5)


@lru_cache
def student_quantile(p: float, free: float) -> float:
    """The quantile ``p`` in (0, 1) of Student's distribution with ``free`` degrees of freedom.

    By Newton's method from the normal quantile: the tail is convex, so steps approach from below.
    """
    if p < 0.5:
        return -student_quantile(1.0 - p, free)
    whole = lgamma(free / 2.0) - lgamma((free + 1.0) / 2.0) + 0.5 * log(pi * free)
    t = normal_quantile(p)
    for _ in range(_STEPS):
        too_much = 0.5 * student_two_tails(t, free) - (1.0 - p)
        step = too_much * exp(whole + 0.5 * (free + 1.0) * log1p(t * t / free))
        t += step
        if step <= _CLOSE * t:
            break
    return t


def fisher_upper_tail(f: float, above: float, below: float) -> float:
    """Share of Fisher's distribution above ``f``.

    ``f`` is a ratio of mean squares, with ``above`` and ``below`` degrees of freedom.
    """
    return beta_cdf(below / (below + above * f), below / 2.0, above / 2.0)


def beta_cdf(x: float, a: float, b: float) -> float:
    """Share of the beta distribution with shapes ``a`` and ``b`` below ``x`` in [0, 1].

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


def monotone_beta_quantile(u: float, a: float, b: float) -> float:
    """The quantile ``u`` of the beta distribution with shapes ``a`` and ``b``, to 1e-18.

    By bisection, so that a larger ``u`` never gives a smaller quantile.
    """
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if beta_cdf(middle, a, b) < u:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


@lru_cache
def beta_quantile(u: float, a: float, b: float) -> float:
    """The quantile ``u`` in (0, 1) of the beta distribution with shapes ``a`` and ``b``.

    By Newton's method within a bracket; a step that would leave it goes half-way to its end.
    """
    whole = lgamma(a) + lgamma(b) - lgamma(a + b)
    low, high, x = 0.0, 1.0, a / (a + b)
    to = x
    for _ in range(_STEPS):
        missing = u - beta_cdf(x, a, b)
        low, high = (x, high) if missing > 0.0 else (low, x)
        slope = (a - 1.0) * log(x) + (b - 1.0) * log1p(-x) - whole
        to = x + missing * exp(min(-slope, _STEEP))
        if not low < to < high:
            to = 0.5 * (x + (high if missing > 0.0 else low))
        if abs(to - x) <= _CLOSE * to:
            break
        x = to
    return to
