"""How tired people are: ``dr/dt = -fatigue r + recovery (1 - r)``, solved.

Readiness ``r`` is a share of full readiness; both rates are per day and constant between events.
A linear equation, so ``r`` runs exponentially to its rest point at rate ``fatigue + recovery``.

Where Poisson shocks at rate ``shocks`` each cost a share ``cost`` of it, the mean and the mean
square solve linear equations too, since a shock takes ``r`` to ``r (1 - cost)`` and its square
to ``r^2 (1 - cost)^2`` independently of when it comes (Dynkin's formula)::

    d E[r] / dt   = recovery - (fatigue + recovery + shocks cost) E[r]
    d E[r^2] / dt = 2 recovery E[r] - [2 (fatigue + recovery) + shocks (2 cost - cost^2)] E[r^2]

So on average shocks are fatigue at the rate ``shocks cost``.
"""

from math import exp, expm1


def rest_point(fatigue: float, recovery: float) -> float:
    """Readiness that stays as it is: ``recovery / (fatigue + recovery)``.

    Raises
    ------
    ValueError
        If both rates are 0, when any readiness stays as it is.
    """
    if fatigue + recovery == 0.0:
        raise ValueError("no rest point: fatigue and recovery are both 0")
    return recovery / (fatigue + recovery)


def readiness_after(r0: float, fatigue: float, recovery: float, days: float) -> float:
    """Readiness ``days`` after it was ``r0``."""
    rate = fatigue + recovery
    if rate == 0.0:
        return r0
    rest = recovery / rate
    return rest + (r0 - rest) * exp(-rate * days)


def mean_readiness(r0: float, fatigue: float, recovery: float, days: float) -> float:
    """Mean readiness over the ``days`` after it was ``r0``."""
    rate = fatigue + recovery
    run = rate * days
    if run < 1e-12:  # no change that a float could tell; the quotient below would be 0 / 0
        return r0
    rest = recovery / rate
    return rest + (r0 - rest) * -expm1(-run) / run


def mean_after_shocks(
    r0: float, fatigue: float, recovery: float, days: float, shocks: float, cost: float
) -> float:
    """Expected readiness ``days`` after it was ``r0``, where shocks come meanwhile."""
    return readiness_after(r0, fatigue + shocks * cost, recovery, days)


def mean_square_at_rest(fatigue: float, recovery: float, shocks: float, cost: float) -> float:
    """Expected square of readiness in the long run, where shocks come; from the rest of both.

    Raises
    ------
    ValueError
        If nothing wears readiness down or restores it.
    """
    mean = rest_point(fatigue + shocks * cost, recovery)
    worn = 2.0 * (fatigue + recovery) + shocks * (2.0 * cost - cost * cost)
    return 2.0 * recovery * mean / worn
