"""Cells of the table of years: a statistic over a period, and how cells stand to each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from math import inf
from typing import NamedTuple

from sim.calibrate.intervals import Interval, alternatives, met
from sim.calibrate.reports import Report
from sim.calibrate.statistics import Statistic
from sim.errors import Problem
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


@dataclass(frozen=True)
class Cell:
    """A statistic over one period of one regime.

    ``told`` holds intervals, and the true figure lies in one of them. A figure that misses a bound
    by up to ``soft`` does not contradict it. ``spans`` gives the months and years of the period,
    ``share`` the part of them that was counted (1992 to 2005 were 156 months), ``sources`` the
    names of the sources, ``at`` where a problem of it is told.
    """

    statistic: Statistic
    period: str
    spans: tuple[Span, ...]
    regime: str
    intervals: tuple[Interval, ...]
    sources: tuple[str, ...]
    soft: float = 0.0
    share: float = 1.0
    at: Problem = field(default=Problem(""), compare=False, repr=False)

    def fault(self, reason: str) -> Problem:
        """A problem of the cell, with what to do."""
        remedy = "Mend a figure or a period, or set a row aside: [aside.NAME] in years.toml."
        return replace(self.at, reason=reason, remedy=remedy)

    @property
    def months(self) -> frozenset[tuple[int, int]]:
        """Every month that it covers, as (year, month)."""
        return frozenset((span.year, month) for span in self.spans for month in span.months)

    @property
    def length(self) -> float:
        """How long was counted, years."""
        return self.share * len(self.months) / 12.0

    @property
    def kind(self) -> str:
        """``figure``, ``floor``, ``ceiling``, ``range``, or ``mixture`` where sources conflict."""
        if len(self.intervals) > 1:
            return "mixture"
        (told,) = self.intervals
        if told.exact:
            return "figure"
        if told.high == inf:
            return "floor"
        return "ceiling" if told.low == 0.0 else "range"

    def figure(self, years: Mapping[int, Iterable[Report]]) -> float | None:
        """The statistic over reports by year: of the world, or of years that stand for its years.

        Simulated years may be of any date: only their months are asked for. What adds up is given
        for the share that was counted. ``None`` for a ratio to nothing. Raises ``KeyError`` where
        a year that the cell covers is not given.
        """
        held = [
            report
            for span in self.spans
            for report in years[span.year]
            if report.day.month in span.months
        ]
        value = self.statistic.over(held)
        return value if value is None or not self.adds_up else self.share * value

    @property
    def adds_up(self) -> bool:
        """Whether the figure of a period is the sum of those of its parts."""
        return self.statistic.whole is None and self.statistic.adds_up

    def allows(self, value: float) -> bool:
        """Whether one of the alternatives holds a value."""
        return any(told.holds(value, self.soft) for told in self.intervals)


def merge_cells(cells: Iterable[Cell]) -> tuple[list[Cell], list[Problem]]:
    """Cells of one statistic and period in one: bounds hold all, and figures are alternatives.

    Where nothing holds all of it, that is a problem, unless a bound is soft.
    """
    groups: dict[tuple[str, tuple[Span, ...]], list[Cell]] = defaultdict(list)
    for cell in cells:
        groups[cell.statistic.name, cell.spans].append(cell)
    found, faults = [], []
    for group in groups.values():
        last = group[-1]
        figures = alternatives(told for cell in group if _figures(cell) for told in cell.intervals)
        bounds = [cell.intervals for cell in group if not _figures(cell)]
        soft = max(cell.soft for cell in group)
        told = met([*([figures] if figures else []), *bounds]) or (figures if soft else ())
        if not told:
            others = ", ".join(_says(cell) for cell in group[:-1])
            faults.append(last.fault(f"contradicts what else is told of {last.period}: {others}"))
            continue
        sources = tuple(dict.fromkeys(source for cell in group for source in cell.sources))
        found.append(replace(last, intervals=told, sources=sources, soft=soft))
    return found, faults


def _figures(cell: Cell) -> bool:
    return all(told.exact or 0.0 < told.low <= told.high < inf for told in cell.intervals)


def _says(cell: Cell) -> str:
    return f"{' or '.join(map(str, cell.intervals))}{_line(cell)}"


def _line(cell: Cell) -> str:
    return f" (line {cell.at.line})" if cell.at.line else ""


def find_overlaps(cells: Sequence[Cell]) -> list[Problem]:
    """Periods that share months without one being in the other, and parts above their whole."""
    faults = []
    for place, a in enumerate(cells):
        for b in cells[:place]:
            if a.statistic.name != b.statistic.name or a.soft or b.soft or a.statistic.whole:
                continue
            inner, outer = (a, b) if a.months <= b.months else (b, a)
            if inner.months <= outer.months:
                if min(t.low for t in inner.intervals) > max(t.high for t in outer.intervals):
                    reason = f"{inner.period} has more than {outer.period}, of which it is a part"
                    faults.append(a.fault(f"{reason}{_line(b)}"))
            elif a.months & b.months:
                reason = f"{a.period} and {b.period}{_line(b)} overlap, and which of the "
                faults.append(a.fault(f"{reason}{a.statistic.name} are in both is not known"))
    return faults or [fault for cell in cells for fault in _sums(cell, cells)]


def _sums(whole: Cell, cells: Iterable[Cell]) -> Iterator[Problem]:
    """Parts that add up to more than their whole, or, where they cover it, to less."""
    rest = whole.months
    parts = []
    for part in sorted(cells, key=lambda cell: len(cell.months)):
        same = part.statistic.name == whole.statistic.name and part.months < whole.months
        if same and part.months <= rest:
            parts.append(part)
            rest = rest - part.months
    if len(parts) < 2 or not whole.adds_up or whole.soft:
        return
    low = sum(min(told.low for told in part.intervals) for part in parts)
    high = sum(max(told.high for told in part.intervals) for part in parts)
    named = " and ".join(part.period for part in parts)
    if low > max(told.high for told in whole.intervals):
        yield whole.fault(f"is less than {named} add up to, {low:,g}")
    elif not rest and high < min(told.low for told in whole.intervals):
        yield whole.fault(f"is more than {named} add up to, {high:,g}")


def apart(cells: Iterable[Cell]) -> list[Cell]:
    """Cells of which no two of one statistic count the same twice.

    Of a whole with an exact part the rest is left, where the statistic adds up over time. A part
    that is only a bound says little beside a figure of its whole and is left out; beside a whole
    that is a bound itself both stand. A whole that its parts cover says no more than they do.
    """
    kept: list[Cell] = []
    for cell in sorted(cells, key=lambda cell: len(cell.months)):
        parts = [
            part
            for part in kept
            if part.statistic.name == cell.statistic.name and part.months < cell.months
            if cell.adds_up
        ]
        exact = [part for part in parts if all(told.exact for told in part.intervals)]
        if all(told.exact for told in cell.intervals):
            kept = [one for one in kept if one not in parts or one in exact or one.soft]
        left = _rest(cell, exact) if exact else cell
        if left.months:
            kept.append(left)
    return kept


def _rest(whole: Cell, parts: Sequence[Cell]) -> Cell:
    """A whole less its parts."""
    told, months = list(whole.intervals), whole.months
    for part in parts:
        months = months - part.months
        told = [
            Interval(max(w.low - p.high, 0.0), w.high - p.low, w.weight * p.weight)
            for w, p in product(told, part.intervals)
            if w.high >= p.low
        ]
    years = sorted({year for year, _ in months})
    return replace(
        whole,
        period=" less ".join([whole.period, *(part.period for part in parts)]),
        spans=tuple(Span(y, frozenset(m for year, m in months if year == y)) for y in years),
        intervals=alternatives(told),
        sources=tuple(dict.fromkeys([*whole.sources, *(s for p in parts for s in p.sources)])),
    )
