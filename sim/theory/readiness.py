"""Readiness, the solution of ``dr/dt = -fatigue r + recovery (1 - r)``.

Readiness ``r`` is a share of full readiness; both rates are per day and constant between events.
The equation is linear, so ``r`` approaches its rest point at rate ``fatigue + recovery``.

If Poisson shocks at rate ``shocks`` each cost a share ``cost`` of readiness, the mean and the mean
square solve linear equations too, since a shock changes ``r`` to ``r (1 - cost)`` and its square
to ``r^2 (1 - cost)^2`` at any time (Dynkin's formula)::

    d E[r] / dt   = recovery - (fatigue + recovery + shocks cost) E[r]
    d E[r^2] / dt = 2 recovery E[r] - [2 (fatigue + recovery) + shocks (2 cost - cost^2)] E[r^2]

So on average shocks act as fatigue at the rate ``shocks cost``.
"""

from math import exp, expm1


def rest_point(fatigue: float, recovery: float) -> float:
    """Readiness that stays constant: ``recovery / (fatigue + recovery)``.

    Raises ``ValueError`` if both rates are 0, since then any readiness stays constant.
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
    if run < 1e-12:  # no visible change; the quotient below would be 0 / 0
        return r0
    rest = recovery / rate
    return rest + (r0 - rest) * -expm1(-run) / run


def mean_after_shocks(
    r0: float, fatigue: float, recovery: float, days: float, shocks: float, cost: float
) -> float:
    """Expected readiness ``days`` after it was ``r0``, with shocks."""
    return readiness_after(r0, fatigue + shocks * cost, recovery, days)


def mean_square_at_rest(fatigue: float, recovery: float, shocks: float, cost: float) -> float:
    """Expected square of readiness in the long run, with shocks.

    Raises ``ValueError`` if nothing lowers or restores readiness.
    """
    mean = rest_point(fatigue + shocks * cost, recovery)
    worn = 2.0 * (fatigue + recovery) + shocks * (2.0 * cost - cost * cost)
    return 2.0 * recovery * mean / worn
