"""Probability that a moving searcher meets someone who is in the open for a while.

A patrol moves at speed ``v`` on a line of length ``L``; someone is exposed at a random place
from a random instant on. ``h = v tau / L`` is the number of line lengths that the patrol walks
during the exposure ``tau``; ``a = mu L / v`` is the rate ``mu`` at which an exponential exposure
ends, times the time the patrol needs for one length. Each pass sees with probability ``q``,
independently. All forms are averages over place and phase (cf. Koopman 1980, *Search and
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
    if a < 1e-4:  # a series, since two nearly equal terms cancel in the closed form
        return 1.0 - 2.0 * a / 3.0 + a * a / 3.0
    return (1.0 + expm1(-2.0 * a) / (2.0 * a)) / a


def poisson_exponential(a: float, q: float = 1.0) -> float:
    """Detection when passes are a Poisson process, exposure exponential: two hazards race."""
    return q / (q + a) if q > 0.0 else 0.0


def out_and_back(exposure: float, sortie: float, q: float = 1.0) -> float:
    """Detection of someone exposed for a fixed time by sorties one period apart.

    Times are in periods: ``exposure`` is that of the group, ``sortie`` that of the walk to the end
    of the stretch and back at constant speed. Place and phase are uniform; every pass sees with
    probability ``q``.

    A sortie passes a place twice, ``g`` apart, and ``g`` is uniform in ``[0, sortie]``. An
    exposure of ``n`` whole periods and a share ``f`` contains ``n`` passes in each direction, and
    one more in each with probability ``f``; one more in both with ``c(g) = (f - g)+ + (f + g -
    1)+``, the overlap on the circle of an arc of length ``f`` with itself moved by ``g`` (modulo
    1). So the group is missed with probability ``(1 - q)^2n (1 - 2 q f + q^2 C)``, where ``C`` is
    the mean of ``c``. Sorties that take no time give the cyclic form with ``1 - (1 - q)^2``
    (``C = f``); sorties that follow each other at once give the patrol that walks back and forth
    (``C = f^2``). Derived from the windows of Washburn (2002, *Search and Detection*).

    Raises ``ValueError`` if a time is negative or ``q`` is not a probability.
    """
    if exposure < 0.0 or sortie < 0.0 or not 0.0 <= q <= 1.0:
        raise ValueError(f"times must be >= 0 and q in [0, 1], got {exposure}, {sortie} and {q}")
    whole = floor(exposure)
    rest = exposure - whole
    both = _both(rest, sortie)
    return 1.0 - (1.0 - q) ** (2 * whole) * (1.0 - 2.0 * q * rest + q * q * both)


def _both(f: float, sortie: float) -> float:
    """Mean of ``c(g)`` over ``g`` uniform in ``[0, sortie]``; its integral over 1 is ``f^2``."""
    if sortie < 1e-9:
        return f
    rounds = floor(sortie)
    left = sortie - rounds
    near, far = max(f - left, 0.0), max(f + left - 1.0, 0.0)
    return (rounds * f * f + 0.5 * (f * f - near * near + far * far)) / sortie


def random_search_pod(sweep_km: float, track_km: float, area_km2: float) -> float:
    """Detection by a random search, ``1 - exp(-W L / A)`` (Koopman 1946).

    ``sweep_km`` is the sweep width W, ``track_km`` the length L of the track, ``area_km2`` the
    area A, which must be positive.
    """
    return -expm1(-sweep_km * track_km / area_km2)
