"""Numbers and units in a figure: alike in a column, round on an axis."""

from collections.abc import Iterable
from math import floor, isfinite, log10
from statistics import median
from typing import NamedTuple

from sim.comparison.number_format import MINUS
from sim.comparison.terms import Terms
from sim.measures.outcome import Outcome


class Scale(NamedTuple):
    """The divisor of a value before it is shown, and the unit that it then has."""

    divisor: float
    unit: str


def scale(outcome: Outcome, largest: float, *, change: bool = False) -> Scale:
    """Per cent for shares, thousands or millions for large amounts, else the unit itself."""
    if outcome.unit == "share":
        return Scale(0.01, "percentage points" if change else "%")
    unit = "" if outcome.unit == "count" else outcome.unit
    for divisor, word in ((1e9, "billion"), (1e6, "million"), (1e3, "thousand")):
        if abs(largest) >= (divisor if divisor > 1e3 else 1e4):
            return Scale(divisor, f"{word} {unit}".strip())
    return Scale(1.0, unit)


def unit_label(outcome: Outcome, unit: str, terms: Terms) -> str:
    """``persons a year``, ``percentage points``; ``number a year`` where there is no unit."""
    per = f"a {terms.run}" if outcome.adds_up else ""
    return " ".join(part for part in (unit or "number", per) if part)


def axis_label(outcome: Outcome, unit: str, terms: Terms) -> str:
    """``guards killed (persons a year)``."""
    return f"{outcome.label} ({unit_label(outcome, unit, terms)})"


def decimals(width: float) -> int:
    """Decimal places that show two significant digits of ``width``; at most four."""
    if not width > 0.0 or not isfinite(width):
        return 0
    return min(max(1 - floor(log10(width)), 0), 4)


def column_decimals(widths: Iterable[float]) -> int:
    """Decimal places for the numbers of one column, from the widths of their intervals."""
    halves = [width / 2 for width in widths if width > 0.0]
    return decimals(min(max(halves), 5 * median(halves))) if halves else 0


def format_number(value: float, digits: int, *, sign: bool = False) -> str:
    """A number with ``digits`` decimal places, thousands separators and a real minus."""
    shown = f"{value:{'+' if sign else ''},.{digits}f}"
    if not shown.strip("+-0.,"):
        return shown.lstrip("+-")
    return shown.replace("-", MINUS)


def mean_with_interval(value: float, ends: Iterable[float], digits: int, between: str) -> str:
    """``+1.2  [+0.4, +2.0]``: a mean difference and its interval, if it has one."""
    mean, *limits = (format_number(each, digits, sign=True) for each in (value, *ends))
    return f"{mean}{between}[{', '.join(limits)}]" if limits else mean
