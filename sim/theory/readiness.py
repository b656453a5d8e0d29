"""How tired people are: ``dr/dt = -fatigue r + recovery (1 - r)``, solved.

Readiness ``r`` is a share of full readiness; both rates are per day and constant between events.
A linear equation, so ``r`` runs exponentially to its rest point at rate ``fatigue + recovery``.
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
