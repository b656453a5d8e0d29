"""Displacement: two measures from counts before and after a change of policy."""

from math import nan
from typing import NamedTuple


class BeforeAfter(NamedTuple):
    """Counts (or rates over equal times) in one area before and after the change."""

    before: float
    after: float


def weighted_displacement_quotient(
    response: BeforeAfter, buffer: BeforeAfter, comparison: BeforeAfter
) -> float:
    """Change in the buffer relative to the change where the policy was applied.

    ``(Da/Ca - Db/Cb) / (Ra/Ca - Rb/Cb)`` with response R, buffer D, comparison C (Bowers and
    Johnson 2003). If the policy worked, a negative value is displacement (-1: as much moved as was
    gained) and a positive one is diffusion of benefit. NaN if nothing changed in the response
    area relative to the comparison, or if the comparison has no events.
    """
    if comparison.before == 0.0 or comparison.after == 0.0:
        return nan
    success = response.after / comparison.after - response.before / comparison.before
    if success == 0.0:
        return nan
    return (buffer.after / comparison.after - buffer.before / comparison.before) / success


def total_net_effect(response: BeforeAfter, buffer: BeforeAfter, comparison: BeforeAfter) -> float:
    """Events prevented in response area and buffer together, net of displacement.

    ``[Rb (Ca/Cb) - Ra] + [Db (Ca/Cb) - Da]`` (Guerette 2009). NaN if the comparison had no events
    before.
    """
    if comparison.before == 0.0:
        return nan
    trend = comparison.after / comparison.before
    return (response.before + buffer.before) * trend - (response.after + buffer.after)
