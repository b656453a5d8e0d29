"""Events that cause further events: the self-exciting process of Hawkes (1971).

Rate ``base + sum of jump * exp(-decay * age)`` over past events. ``branching = jump / decay``,
below 1, is the mean number of events that one event causes directly, after a mean lag of
``1 / decay``.
"""

from math import expm1


def mean_rate(base: float, branching: float) -> float:
    """Mean rate of a stationary process: ``base / (1 - branching)``."""
    if not 0.0 <= branching < 1.0:
        raise ValueError(f"a stationary process needs 0 <= branching < 1, got {branching:g}")
    return base / (1.0 - branching)


def count_variance(base: float, jump: float, decay: float, days: float) -> float:
    """Variance of the number of events in ``days`` of a stationary process.

    ``rate [T k^2 + (1 - k^2)(1 - exp(-g T)) / g]`` with ``k = 1 / (1 - branching)`` and
    ``g = decay - jump`` (Hawkes 1971; Da Fonseca and Zaatour 2014).
    """
    return difference_variance(mean_rate(base, jump / decay), jump, decay, days)


def difference_variance(rate: float, jump: float, decay: float, days: float) -> float:
    """Variance of the difference between the counts of two processes that excite each other.

    The processes are alike and have ``rate`` events a day together; ``jump`` is by how much more
    an event raises its own process than the other. The difference is driven by noise of variance
    ``rate`` a day, as for one process, and fed back by ``jump`` alone: the sum and the difference
    of two symmetric processes are separate linear systems (Bacry et al. 2013). So the formula of
    :func:`count_variance` holds with ``branching = jump / decay``, which may be negative.
    """
    if not abs(jump) < decay:
        raise ValueError(f"needs a jump smaller than the decay, got {jump:g} and {decay:g}")
    spread = 1.0 / (1.0 - jump / decay) ** 2
    gap = decay - jump
    settling = -expm1(-gap * days) / gap
    return rate * (days * spread + (1.0 - spread) * settling)


def joined_variance(base: float, later: float, joint: float) -> float:
    """Variance per day of a long count of events, some of which another event joins at once.

    ``base`` events a day come by themselves. An event that did not join another is joined with
    probability ``joint``, and every event causes ``later`` others after a while. By the martingale
    of the total progeny, whose generations have mean ``(1 + joint) later`` (Harris 1963, ch. 1).
    """
    size, spread = 1.0 + joint, joint * (1.0 - joint)
    left = 1.0 - size * later
    if not left > 0.0:
        raise ValueError(f"a stationary process needs (1 + joint) later < 1, got {1.0 - left:g}")
    weight = size / left
    own = spread + 2.0 * weight * later * spread
    own += weight**2 * (size * later + later**2 * spread)
    return base * (own / left + weight**2)
