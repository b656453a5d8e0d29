"""How likely a moving searcher meets someone who is in the open for a while.

A patrol moves at speed ``v`` on a line of length ``L``; someone is exposed at a random place
from a random instant on. ``h = v tau / L`` is the number of line lengths the patrol walks while
the exposure ``tau`` lasts, ``a = mu L / v`` the rate ``mu`` at which an exponential exposure
ends times the time the patrol needs for one length. Each pass sees with probability ``q``,
independently. All follow from averaging over place and phase (cf. Koopman 1980, *Search and
Screening*; Washburn 2002, *Search and Detection*).
"""

from math import expm1, floor


def cyclic(h: float, q: float = 1.0) -> float:
    """Detection by a patrol that walks round and round: passes are a period ``L / v`` apart.

    With ``n`` whole lengths and a remainder ``f`` there are ``n`` passes, or ``n + 1`` with
    probability ``f``.
    """
    whole = floor(h)
    rest = h - whole
    return 1.0 - (1.0 - rest * q) * (1.0 - q) ** whole


def back_and_forth(h: float) -> float:
    """Detection by a patrol that walks to the end and back and sees everyone it passes."""
    return h - h * h / 4.0 if h < 2.0 else 1.0


def poisson(h: float, q: float = 1.0) -> float:
    """Detection when passes are a Poisson process of the same rate ``v / L``."""
    return -expm1(-q * h)


def cyclic_exponential(a: float, q: float = 1.0) -> float:
    """Detection by a patrol that walks round and round, exposure exponential."""
    if a == 0.0:
        return 1.0 if q > 0.0 else 0.0
    gone = -expm1(-a)
    return q * gone / (a * (q + (1.0 - q) * gone))


def back_and_forth_exponential(a: float) -> float:
    """Detection by a patrol to the end and back that sees everyone, exposure exponential."""
    if a < 1e-4:  # the series: two nearly equal terms cancel in the closed form
        return 1.0 - 2.0 * a / 3.0 + a * a / 3.0
    return (1.0 + expm1(-2.0 * a) / (2.0 * a)) / a


def poisson_exponential(a: float, q: float = 1.0) -> float:
    """Detection when passes are a Poisson process, exposure exponential: two hazards race."""
    return q / (q + a) if q > 0.0 else 0.0


def random_search_pod(sweep_km: float, track_km: float, area_km2: float) -> float:
    """Detection by a random search, ``1 - exp(-W L / A)`` (Koopman 1946).

    ``sweep_km`` is the sweep width W, ``track_km`` the length L of the track, ``area_km2`` the
    area A, which must be positive.
    """
    return -expm1(-sweep_km * track_km / area_km2)
