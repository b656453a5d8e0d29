"""Which months of which years a period covers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sim.incidents.windows import Window


class Span(NamedTuple):
    """Some months of a year, 1 to 12."""

    year: int
    months: frozenset[int]


def spans_of(window: Window, *, whole_years: bool = False) -> tuple[Span, ...]:
    """The years of a period in order, each with the months of it that the period covers."""
    found = []
    for year in range(window.first.year, window.last.year + 1):
        first = window.first.month if year == window.first.year else 1
        last = window.last.month if year == window.last.year else 12
        months = frozenset(range(1, 13)) if whole_years else frozenset(range(first, last + 1))
        found.append(Span(year, months))
    return tuple(found)


def years_of(spans: Sequence[Span]) -> str:
    """Whole years as a period is written: ``2025`` or ``2022..2025``."""
    first, last = spans[0].year, spans[-1].year
    return str(first) if first == last else f"{first}..{last}"
