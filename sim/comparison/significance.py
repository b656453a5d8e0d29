"""Whether a difference may be chance: the sign-flip test, and Holm's correction."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.theory.distributions import normal_cdf

Floats = NDArray[np.float64]

EXACT: Final = 14
"""With up to this many nonzero differences, all sign patterns are counted."""

MANY: Final = 5000
"""With more nonzero differences the normal law is used."""

_STEPS: Final = 60


def sign_flip(differences: Floats) -> float:
    """Two-sided p-value of the sum of paired differences under random signs (Fisher 1935).

    If a policy changes nothing, each difference is as likely as its negative. The p-value is the
    share of sign patterns whose sum is at least as far from zero as the observed one. With up to
    :data:`EXACT` nonzero differences the patterns are counted; above, the saddlepoint
    approximation is used (Robinson 1982); above :data:`MANY`, the normal law. Zeros do not count;
    with nothing else the p-value is 1.
    """
    moved = differences[differences != 0.0]
    n = len(moved)
    if n == 0:
        return 1.0
    seen = abs(float(moved.sum()))
    if n <= EXACT:
        return _counted(moved, seen)
    sizes = np.abs(moved) / float(np.abs(moved).max())
    seen /= float(np.abs(moved).max())
    if n > MANY:
        return min(1.0, 2.0 * normal_cdf(-seen / float(np.sqrt(np.sum(sizes**2)))))
    if not (moved % 1.0).any():  # sums of whole numbers come in steps of two: half a step off
        seen -= 1.0 / float(np.abs(moved).max())
    return max(_saddlepoint(sizes, seen), float(2.0 ** (1 - n)))


def _counted(moved: Floats, seen: float) -> float:
    sums = np.zeros(1)
    for difference in moved[1:]:  # the first sign may stay: a pattern and its mirror count alike
        sums = np.concatenate([sums + difference, sums - difference])
    sums = np.abs(sums + moved[0])
    slack = 1e-9 * float(np.abs(moved).sum())  # sums that are equal but for rounding
    return float(np.mean(sums >= seen - slack))


def _saddlepoint(sizes: Floats, seen: float) -> float:
    """Twice the probability of a sum of ``+-sizes`` of ``seen`` or more (Lugannani, Rice 1980)."""
    if seen <= 1e-3 * float(np.sqrt(np.sum(sizes**2))):
        return 1.0
    if seen >= (1.0 - 1e-9) * float(sizes.sum()):
        return 0.0
    s = 0.0
    for _ in range(_STEPS):  # Newton's steps on a concave curve come up from below
        tilted = np.tanh(s * sizes)
        curvature = float(np.sum(sizes**2 * (1.0 - tilted**2)))
        step = (seen - float(np.sum(sizes * tilted))) / max(curvature, 1e-300)
        s += step
        if step <= 1e-10 * s:
            break
    y = s * sizes
    cumulant = float(np.sum(y + np.log1p(np.exp(-2.0 * y)))) - len(sizes) * float(np.log(2.0))
    curvature = float(np.sum(sizes**2 * (1.0 - np.tanh(y) ** 2)))
    w = float(np.sqrt(max(2.0 * (s * seen - cumulant), 0.0)))
    v = s * float(np.sqrt(curvature))
    if w < 1e-3 or v == 0.0:
        return 1.0 if w < 1e-3 else 0.0
    density = float(np.exp(-w * w / 2.0)) / float(np.sqrt(2.0 * np.pi))
    return min(1.0, max(0.0, 2.0 * (normal_cdf(-w) + density * (1.0 / v - 1.0 / w))))


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values adjusted to control the probability of any false claim (Holm 1979)."""
    m = len(p_values)
    adjusted = [0.0] * m
    reached = 0.0
    for rank, index in enumerate(sorted(range(m), key=lambda i: p_values[i])):
        reached = max(reached, min(1.0, (m - rank) * p_values[index]))
        adjusted[index] = reached
    return adjusted
