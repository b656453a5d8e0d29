"""Shares of time of alert levels: Poisson triggers with a stay, steps down, or a fading score."""

from math import exp, expm1, lgamma, log, log2
from typing import Final

EULER_GAMMA: Final = 0.5772156649015329


def stepwise_shares(trigger_rate: float, stay: float, steps: int) -> list[float]:
    """Shares of time at each level, from rest to the highest, which is ``steps`` above rest.

    A trigger raises the level to the highest at once. From there it falls one step after each
    ``stay``; a trigger on the way down raises it again, and one at the highest level does nothing.
    With ``q = exp(-rate stay)``, a step down from an intermediate level succeeds with probability
    ``q`` and takes ``(1 - q) / rate`` on average. From one arrival at the highest level to the
    next, the expected times are ``stay`` there, ``q^j (1 - q) / rate`` on the steps ``j = 0, 1,
    ...`` below it, and ``q^(steps - 1) / rate`` at rest; all but the first add up to ``1 /
    rate`` (renewal reward, Ross 1996, ch. 3). With one step, exponential gaps alternate with
    stays, and the level is raised for ``rate stay / (1 + rate stay)`` of the time.

    Raises ``ValueError`` if ``steps`` is less than 1.
    """
    if steps < 1:
        raise ValueError(f"steps must be at least 1, got {steps}")
    passed = exp(-trigger_rate * stay)
    below = [passed**j * -expm1(-trigger_rate * stay) for j in range(steps - 1)]
    times = [passed ** (steps - 1), *reversed(below), trigger_rate * stay]
    whole = 1.0 + trigger_rate * stay
    return [time / whole for time in times]


def score_share(rate: float, half_life: float, points: float, threshold: float) -> float:
    """Share of time with a score at or above ``threshold``, which is at most ``points``.

    Poisson incidents at ``rate`` each add ``points`` to a score that halves in ``half_life``. The
    score is below the threshold if there was no incident for the time ``T`` in which the points of
    one fade to the threshold, and if the score was below the points of one before that. In units
    of these points the score is a generalised Dickman variable with ``a = rate half_life / ln 2``,
    below 1 with probability ``exp(-gamma a) / Gamma(1 + a)`` (Vervaat 1972; Penrose and Wade
    2004). Hence ``1 - exp(-rate T - gamma a) / Gamma(1 + a)``.

    Raises ``ValueError`` if the threshold is not positive, or one incident does not reach it.
    """
    if not 0.0 < threshold <= points:
        raise ValueError(f"one incident must reach the threshold, got {points} and {threshold}")
    fading = half_life * log2(points / threshold)
    a = rate * half_life / log(2.0)
    return -expm1(-rate * fading - EULER_GAMMA * a - lgamma(1.0 + a))
