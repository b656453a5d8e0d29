"""What reports tell of a number: a figure, a bound, or several that cannot all be right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from math import inf, prod
from typing import Final, NamedTuple

import numpy as np

from sim.calibrate.types import Floats

ABOUT: Final = 0.1
"""A figure that is said to be "about" may be off by this share (assumption)."""

CONFIDENCE: Final = {"high": 1.0, "medium": 0.5, "low": 0.25, "prior": 0.5}
"""How much a row counts beside another that tells otherwise, by the first word of its
confidence (assumption)."""


class Interval(NamedTuple):
    """An interval that a number lies in, ends included; a figure where they meet.

    Of several alternatives one is right, each with a chance that goes with its ``weight``.
    """

    low: float
    high: float
    weight: float = 1.0

    @property
    def exact(self) -> bool:
        """Whether it is a figure."""
        return self.low == self.high

    def holds(self, value: float, soft: float = 0.0) -> bool:
        """Whether a value lies in it, or off by no more than ``soft``."""
        return self.low - soft <= value <= self.high + soft

    def __str__(self) -> str:
        if self.exact:
            return f"{self.low:,g}"
        if self.high == inf:
            return f">= {self.low:,g}"
        return f"<= {self.high:,g}" if self.low == 0.0 else f"{self.low:,g} to {self.high:,g}"


class TargetRange(NamedTuple):
    """An interval that a figure should lie in: ``=`` has ``low == high``, ``>=`` no upper end.

    ``scale`` is the distance that counts as one, in the figure's unit. A figure whose ``weight`` is
    0 is compared, but not fitted.
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
        """How far figures are outside, signed; 0 inside, NaN where undefined."""
        off: Floats = figures - np.clip(figures, self.low, self.high)
        return off


def interval_of_bound(value: float, bound: str, whole: bool) -> Interval:
    """What ``= ~ >= > <= <`` with a value tell; ``whole`` where only whole numbers can be."""
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


def alternatives(told: Iterable[Interval]) -> tuple[Interval, ...]:
    """The intervals that sources give, each once, without those that only say less than another.

    The interval of most weight comes first. One that several sources give has the weight of the
    weightiest of them.
    """
    by_ends: dict[tuple[float, float], Interval] = {}
    for one in told:
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


def widen(told: Interval, reads: str) -> Interval:
    """What a number tells of another: of one that it is a floor or a ceiling of."""
    if reads == "floor":
        return told._replace(high=inf)
    return told._replace(low=0.0) if reads == "ceiling" else told


def met(statements: Sequence[Sequence[Interval]]) -> tuple[Interval, ...]:
    """What holds if of each statement one alternative does; nothing where they contradict."""
    found = []
    for chosen in product(*statements):
        low, high = max(one.low for one in chosen), min(one.high for one in chosen)
        if low <= high:
            found.append(Interval(low, high, prod(one.weight for one in chosen)))
    return tuple(dict.fromkeys(found))


def hull(told: Sequence[Interval]) -> Interval:
    """The smallest interval that holds all alternatives."""
    return Interval(min(one.low for one in told), max(one.high for one in told))


def words(told: Sequence[Interval]) -> str:
    """Alternatives in a few words; nothing known is a point."""
    return " or ".join(map(str, told)) or "·"
