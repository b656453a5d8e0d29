"""The laws that a comparison asks: the normal law, Student's, Fisher's, and the beta's quantile.

``scipy.special`` has all of them. It takes as long to import as a comparison to compute.
"""

from functools import lru_cache
from math import erfc, exp, lgamma, log, log1p, pi
from statistics import NormalDist
from typing import Final

from sim.theory.beta import beta_cdf

normal_quantile: Final = NormalDist().inv_cdf
"""The value below which a share in (0, 1) of the standard normal law lies (Wichura 1988)."""

_STEPS: Final = 200
_CLOSE: Final = 1e-12
_STEEP: Final = 700.0


def normal_below(z: float) -> float:
    """Share of the standard normal law below ``z``."""
    return 0.5 * erfc(-z / 2.0**0.5)


def student_beyond(t: float, free: float) -> float:
    """Share of Student's law further from zero than ``t``, on both sides (DLMF 8.17.22)."""
    return beta_cdf(free / (free + t * t), free / 2.0, 0.5)


@lru_cache
def student_quantile(p: float, free: float) -> float:
    """The value below which a share ``p`` in (0, 1) of Student's law lies.

    By Newton's steps from the normal law's: what lies beyond is convex, so all come up from below.
    """
    if p < 0.5:
        return -student_quantile(1.0 - p, free)
    whole = lgamma(free / 2.0) - lgamma((free + 1.0) / 2.0) + 0.5 * log(pi * free)
    t = normal_quantile(p)
    for _ in range(_STEPS):
        too_much = 0.5 * student_beyond(t, free) - (1.0 - p)
        step = too_much * exp(whole + 0.5 * (free + 1.0) * log1p(t * t / free))
        t += step
        if step <= _CLOSE * t:
            break
    return t


def fisher_above(f: float, above: float, below: float) -> float:
    """Share of Fisher's law of a ratio of mean squares above ``f``; degrees of freedom of both."""
    return beta_cdf(below / (below + above * f), below / 2.0, above / 2.0)


@lru_cache
def beta_quantile(u: float, a: float, b: float) -> float:
    """The chance below which a share ``u`` in (0, 1) of the beta distribution lies.

    By Newton's steps between two ends that close in; a step beyond an end goes half-way to it.
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
