"""How likely sorties that leave at a fixed period, and walk out and back, meet someone."""

from math import floor


def out_and_back(exposure: float, sortie: float, q: float = 1.0) -> float:
    """Detection of someone exposed for a fixed time by sorties one period apart.

    Times are in periods: ``exposure`` that of the group, ``sortie`` that of the walk to the end
    of the stretch and back at constant speed. Place and phase are uniform; every pass sees with
    probability ``q``.

    A place is passed twice a sortie, ``g`` apart, and ``g`` is uniform in ``[0, sortie]``. An
    exposure of ``n`` whole periods and a share ``f`` holds ``n`` passes of either way, and one
    more of each with probability ``f``; of both with ``c(g) = (f - g)+ + (f + g - 1)+``, the
    overlap on the circle of an arc of length ``f`` with itself moved by ``g`` (taken modulo 1).
    So the group is missed with probability ``(1 - q)^2n (1 - 2 q f + q^2 C)``, ``C`` being the
    mean of ``c``. Sorties that take no time give the cyclic form of chance ``1 - (1 - q)^2``
    (``C = f``), sorties that follow each other at once the patrol that walks back and forth
    (``C = f^2``). The windows of Washburn (2002, *Search and Detection*), worked out here.

    Raises
    ------
    ValueError
        If a time is negative or ``q`` is not a probability.
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
