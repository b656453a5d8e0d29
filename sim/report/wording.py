"""Numbers, units and scenarios as a reader meets them in a picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import floor, isfinite, log10
from typing import Final, NamedTuple

from sim.frontier.ground import Ground
from sim.measures.outcome import Outcome

MINUS: Final = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a reader calls things: ``labels`` by scenario name, and ``run``, a year if it is one.

    ``ground`` is where all of it happens.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    run: str = "year"
    ground: Ground = field(default_factory=Ground.default)

    def label(self, scenario: str) -> str:
        """Name of a scenario in a picture."""
        return self.labels.get(scenario) or scenario.replace("_", " ").strip() or scenario

    def paired(self, n: int) -> str:
        """``60 paired years``."""
        return f"{n:,} paired {self.run}{'' if n == 1 else 's'}"


PLAIN: Final = Terms()
"""Scenarios by their names, runs of a year."""


class Scale(NamedTuple):
    """By what a value is divided before it is shown, and the unit it then has."""

    divisor: float
    unit: str


def scale(outcome: Outcome, largest: float, *, change: bool = False) -> Scale:
    """Per cent for shares, thousands or millions of large amounts, everything else as it is."""
    if outcome.unit == "share":
        return Scale(0.01, "percentage points" if change else "%")
    unit = "" if outcome.unit == "count" else outcome.unit
    for divisor, word in ((1e9, "billion"), (1e6, "million"), (1e3, "thousand")):
        if abs(largest) >= (divisor if divisor > 1e3 else 1e4):
            return Scale(divisor, f"{word} {unit}".strip())
    return Scale(1.0, unit)


def unit_words(outcome: Outcome, unit: str, terms: Terms) -> str:
    """``persons a year``; ``percentage points``; ``number a year`` of what has no unit."""
    per = f"a {terms.run}" if outcome.adds_up else ""
    return " ".join(part for part in (unit or "number", per) if part)


def axis_words(outcome: Outcome, unit: str, terms: Terms) -> str:
    """``guards killed (persons a year)``."""
    return f"{outcome.label} ({unit_words(outcome, unit, terms)})"


def decimals(width: float) -> int:
    """Digits after the point so that ``width`` shows two significant ones; at most four."""
    if not width > 0.0 or not isfinite(width):
        return 0
    return min(max(1 - floor(log10(width)), 0), 4)


def number(value: float, digits: int, *, sign: bool = False) -> str:
    """A number with ``digits`` after the point, thousands apart, and a real minus."""
    shown = f"{value:{'+' if sign else ''},.{digits}f}"
    if not shown.strip("+-0.,"):
        return shown.lstrip("+-")
    return shown.replace("-", MINUS)


def per_cent(share: float) -> str:
    """``93 %``; what is neither nobody nor everybody is never rounded to either."""
    shown = round(100.0 * share)
    if shown == 0 and share > 0.0:
        return "<1 %"
    if shown == 100 and share < 1.0:
        return ">99 %"
    return f"{shown} %"


def change_words(outcome: Outcome, value: float) -> str:
    """``fewer``, ``less``, ``more``, ``lower`` or ``higher``, whichever the sign calls for."""
    if not outcome.adds_up:
        return "lower" if value < 0 else "higher"
    if value >= 0:
        return "more"
    return "fewer" if outcome.unit in ("count", "persons") else "less"


def listed(words: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def capital(words: str) -> str:
    """The first letter large, the others as they are."""
    return words[:1].upper() + words[1:]
