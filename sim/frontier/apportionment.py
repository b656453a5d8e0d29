"""Apportion places to districts, so that one more place moves none of the others."""

import heapq
from collections.abc import Sequence
from math import ceil, floor

_ROUNDING = 1e-9  # a product such as 0.1 * 10 may miss its whole number by less


def deal(weights: Sequence[float], count: int) -> list[int]:
    """District index of each of ``count`` places, dealt in proportion to ``weights``.

    The divisor method of Sainte-Lague (Webster): the next place goes where weight over
    ``2 n + 1`` is largest, ``n`` being the places dealt there already; ties go to the lower
    index. The result for any count is the beginning of the result for a larger one.

    Raises
    ------
    ValueError
        If there is something to deal and no weight is positive.
    """
    queue = [(-weight, index, 1) for index, weight in enumerate(weights) if weight > 0.0]
    if count > 0 and not queue:
        raise ValueError("no weight is positive")
    heapq.heapify(queue)
    dealt = []
    for _ in range(count):
        _, index, divisor = queue[0]
        dealt.append(index)
        heapq.heapreplace(queue, (-weights[index] / (divisor + 2), index, divisor + 2))
    return dealt


def mark_share(dealt: Sequence[int], share: float) -> list[bool]:
    """Mark a share of the places, to within one place in total and evenly over districts.

    After any ``n`` places the marks are ``share * n`` rounded up or down; where either is possible,
    a place is marked if its district lags by half a mark or more. The marks of a sequence are the
    beginning of the marks of a longer one.
    """
    lag: dict[int, float] = {}
    marks: list[bool] = []
    count = 0
    for n, district in enumerate(dealt, start=1):
        here = lag.get(district, 0.0) + share
        least, most = floor(share * n + _ROUNDING), ceil(share * n - _ROUNDING)
        mark = count < least or (count < most and here >= 0.5 - _ROUNDING)
        marks.append(mark)
        count += mark
        lag[district] = here - mark
    return marks
