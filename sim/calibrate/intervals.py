"""Reported numbers as intervals: a figure, a bound, or alternatives where sources conflict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from math import inf, prod
from typing import Final, NamedTuple

import numpy as np

from sim.calibrate.types import Floats

ABOUT: Final = 0.1
"""A figure reported as "about" may be off by this share (assumption)."""

CONFIDENCE: Final = {"high": 1.0, "medium": 0.5, "low": 0.25, "prior": 0.5}
"""Weight of a row beside one that contradicts it, by the first word of its confidence
(assumption)."""


class Interval(NamedTuple):
    """A closed interval that contains a number; a figure has ``low == high``.

    Of several alternatives one is right, with a probability in proportion to its ``weight``.
    """

    low: float
    high: float
    weight: float = 1.0

    @property
    def exact(self) -> bool:
        """Whether it is a single figure."""
        return self.low == self.high

    def holds(self, value: float, soft: float = 0.0) -> bool:
        """Whether a value lies in the interval, or within ``soft`` of it."""
        return self.low - soft <= value <= self.high + soft

    def __str__(self) -> str:
        if self.exact:
            return f"{self.low:,g}"
        if self.high == inf:
            return f">= {self.low:,g}"
        return f"<= {self.high:,g}" if self.low == 0.0 else f"{self.low:,g} to {self.high:,g}"


class TargetRange(NamedTuple):
    """The interval in which a figure should lie: ``=`` has ``low == high``, ``>=`` no upper end.

    ``scale`` is the distance that counts as one, in the unit of the figure. A figure of ``weight``
    0 is compared, not fitted.
    """

    name: str
    low: float
    high: float
    scale: float
    weight: float = 1.0

    @property
    def relation(self) -> str:
        """``=``, ``>=`` or ``range``."""
        if self.low == self.high:
            return "="
        return ">=" if self.high == inf else "range"

    def text(self) -> str:
        """``clashes >= 30`` or ``share in 0.03..0.15``."""
        if self.relation == "range":
            return f"{self.name} in {self.low:g}..{self.high:g}"
        return f"{self.name} {self.relation} {self.low:g}"

    def residual(self, figures: Floats) -> Floats:
        """Signed distance of figures from the interval; 0 inside, NaN where undefined."""
        return figures - np.clip(figures, self.low, self.high)


def interval_of_bound(value: float, bound: str, whole: bool) -> Interval:
    """The interval of ``= ~ >= > <= <`` and a value; ``whole`` for a figure in whole numbers."""
    step = float(whole)
    ends = {
        "=": (value, value),
        "~": (value * (1.0 - ABOUT), value * (1.0 + ABOUT)),
        ">=": (value, inf),
        ">": (value + step, inf),
        "<=": (0.0, value),
        "<": (0.0, max(value - step, 0.0)),
    }
    return Interval(*ends[bound])


def alternatives(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Drop duplicate intervals and those that contain another; keep the order.

    An interval that several sources give has the largest of their weights.
    """
    by_ends: dict[tuple[float, float], Interval] = {}
    for one in intervals:
        known = by_ends.get((one.low, one.high))
        if known is None or known.weight < one.weight:
            by_ends[one.low, one.high] = one
    kept = list(by_ends.values())
    return tuple(
        one
        for one in kept
        if not any(
            other != one and one.low <= other.low and other.high <= one.high for other in kept
        )
    )


def widen(interval: Interval, reads: str) -> Interval:
    """Open the interval upwards for a ``"floor"``, down to 0 for a ``"ceiling"``."""
    if reads == "floor":
        return interval._replace(high=inf)
    return interval._replace(low=0.0) if reads == "ceiling" else interval


def intersections(statements: Sequence[Sequence[Interval]]) -> tuple[Interval, ...]:
    """Intersect one alternative of each statement, in every combination; empty if none meet."""
    common = []
    for chosen in product(*statements):
        low, high = max(one.low for one in chosen), min(one.high for one in chosen)
        if low <= high:
            common.append(Interval(low, high, prod(one.weight for one in chosen)))
    return tuple(dict.fromkeys(common))


def hull(intervals: Sequence[Interval]) -> Interval:
    """The smallest interval that contains all alternatives."""
    return Interval(min(one.low for one in intervals), max(one.high for one in intervals))


def as_text(intervals: Sequence[Interval]) -> str:
    """Alternatives joined by "or"; a dot where nothing is known."""
    return " or ".join(map(str, intervals)) or "·"
