"""Cells of the table of years: a statistic over a period; merge, check and disjoin cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from math import inf
from typing import NamedTuple

from sim.calibrate.intervals import Interval, alternatives, as_text, intersections
from sim.calibrate.reports import Report
from sim.calibrate.statistics import Statistic
from sim.errors import Problem
from sim.incidents.windows import Window


class Span(NamedTuple):
    """Some months of a year, 1 to 12."""

    year: int
    months: frozenset[int]


def spans_of(window: Window, *, whole_years: bool = False) -> tuple[Span, ...]:
    """Return the years of a period in order, each with the months that the period covers."""
    spans = []
    for year in range(window.first.year, window.last.year + 1):
        first = window.first.month if year == window.first.year else 1
        last = window.last.month if year == window.last.year else 12
        months = frozenset(range(1, 13)) if whole_years else frozenset(range(first, last + 1))
        spans.append(Span(year, months))
    return tuple(spans)


def years_of(spans: Sequence[Span]) -> str:
    """Write whole years as a period: ``2025`` or ``2022..2025``."""
    first, last = spans[0].year, spans[-1].year
    return str(first) if first == last else f"{first}..{last}"


@dataclass(frozen=True)
class Cell:
    """A statistic over one period of one regime.

    The true figure lies in one of the ``intervals``. A figure that misses a bound by up to ``soft``
    does not contradict it. ``spans`` are the months and years of the period, ``share`` the part of
    them that was counted (1992 to 2005 were 156 months), ``sources`` the names of the sources, and
    ``location`` the line to name in a problem.
    """

    statistic: Statistic
    period: str
    spans: tuple[Span, ...]
    regime: str
    intervals: tuple[Interval, ...]
    sources: tuple[str, ...]
    soft: float = 0.0
    share: float = 1.0
    location: Problem = field(default=Problem(""), compare=False, repr=False)

    def problem(self, reason: str) -> Problem:
        """Return a problem of the cell, with the remedy."""
        remedy = "Correct a figure or a period, or set a row aside: [aside.NAME] in years.toml."
        return replace(self.location, reason=reason, remedy=remedy)

    @property
    def exact(self) -> bool:
        """Whether every alternative is a single figure."""
        return all(interval.exact for interval in self.intervals)

    @property
    def months(self) -> frozenset[tuple[int, int]]:
        """Every month of the period, as (year, month)."""
        return frozenset((span.year, month) for span in self.spans for month in span.months)

    @property
    def years(self) -> set[int]:
        """Every year of the period."""
        return {span.year for span in self.spans}

    @property
    def length(self) -> float:
        """Length of the time that was counted, years."""
        return self.share * len(self.months) / 12.0

    @property
    def kind(self) -> str:
        """``figure``, ``floor``, ``ceiling``, ``range``, or ``mixture`` where sources conflict."""
        if len(self.intervals) > 1:
            return "mixture"
        (interval,) = self.intervals
        if interval.exact:
            return "figure"
        if interval.high == inf:
            return "floor"
        return "ceiling" if interval.low == 0.0 else "range"

    def figure(self, years: Mapping[int, Iterable[Report]]) -> float | None:
        """Compute the statistic over reports by year; ``None`` for a ratio to nothing.

        Of simulated years only the months matter, not the date. A statistic that adds up is scaled
        to the share that was counted. Raise ``KeyError`` where a year of the cell is missing.
        """
        reports = [
            report
            for span in self.spans
            for report in years[span.year]
            if report.day.month in span.months
        ]
        value = self.statistic.over(reports)
        return value if value is None or not self.adds_up else self.share * value

    @property
    def adds_up(self) -> bool:
        """Whether the figure of a period is the sum of the figures of its parts."""
        return self.statistic.whole is None and self.statistic.adds_up

    def allows(self, value: float) -> bool:
        """Whether one of the alternatives contains a value."""
        return any(interval.holds(value, self.soft) for interval in self.intervals)


def merge_cells(cells: Iterable[Cell]) -> tuple[list[Cell], list[Problem]]:
    """Merge cells of one statistic and period; return the cells and the problems.

    Figures become alternatives, and each must satisfy all bounds. Where none does, that is a
    problem, unless a bound is soft.
    """
    groups: dict[tuple[str, tuple[Span, ...]], list[Cell]] = defaultdict(list)
    for cell in cells:
        groups[cell.statistic.name, cell.spans].append(cell)
    merged, problems = [], []
    for group in groups.values():
        last = group[-1]
        figures = alternatives(i for cell in group if _figures(cell) for i in cell.intervals)
        bounds = [cell.intervals for cell in group if not _figures(cell)]
        soft = max(cell.soft for cell in group)
        allowed = intersections([figures, *bounds] if figures else bounds)
        allowed = allowed or (figures if soft else ())
        if not allowed:
            others = ", ".join(f"{as_text(one.intervals)}{_line(one)}" for one in group[:-1])
            reason = f"contradicts the other figures of {last.period}: {others}"
            problems.append(last.problem(reason))
            continue
        sources = tuple(dict.fromkeys(source for cell in group for source in cell.sources))
        merged.append(replace(last, intervals=allowed, sources=sources, soft=soft))
    return merged, problems


def _figures(cell: Cell) -> bool:
    return all(i.exact or 0.0 < i.low <= i.high < inf for i in cell.intervals)


def _line(cell: Cell) -> str:
    return f" (line {cell.location.line})" if cell.location.line else ""


def find_overlaps(cells: Sequence[Cell]) -> list[Problem]:
    """Find periods that overlap without one containing the other, and parts above their whole."""
    problems = []
    for place, a in enumerate(cells):
        for b in cells[:place]:
            if a.statistic.name != b.statistic.name or a.soft or b.soft or a.statistic.whole:
                continue
            inner, outer = (a, b) if a.months <= b.months else (b, a)
            if inner.months <= outer.months:
                if min(t.low for t in inner.intervals) > max(t.high for t in outer.intervals):
                    reason = f"{inner.period} has more than {outer.period}, which contains it"
                    problems.append(a.problem(f"{reason}{_line(b)}"))
            elif a.months & b.months:
                reason = f"{a.period} and {b.period}{_line(b)} overlap: it is unknown which "
                problems.append(a.problem(f"{reason}{a.statistic.name} are in both"))
    return problems or [problem for cell in cells for problem in _sum_problems(cell, cells)]


def _sum_problems(whole: Cell, cells: Iterable[Cell]) -> Iterator[Problem]:
    """Yield a problem where parts add up to more than their whole, or cover it and to less."""
    rest = whole.months
    parts = []
    for part in sorted(cells, key=lambda cell: len(cell.months)):
        same = part.statistic.name == whole.statistic.name and part.months < whole.months
        if same and part.months <= rest:
            parts.append(part)
            rest = rest - part.months
    if len(parts) < 2 or not whole.adds_up or whole.soft:
        return
    low = sum(min(i.low for i in part.intervals) for part in parts)
    high = sum(max(i.high for i in part.intervals) for part in parts)
    named = " and ".join(part.period for part in parts)
    if low > max(i.high for i in whole.intervals):
        yield whole.problem(f"is less than the sum of {named}, {low:,g}")
    elif not rest and high < min(i.low for i in whole.intervals):
        yield whole.problem(f"is more than the sum of {named}, {high:,g}")


def disjoint(cells: Iterable[Cell]) -> list[Cell]:
    """Reduce cells until no two of one statistic count the same report.

    Where the statistic adds up over time, an exact part is subtracted from its whole; a whole that
    its parts cover is dropped. A part that is only a bound is dropped beside an exact whole, and
    kept beside a whole that is a bound too.
    """
    kept: list[Cell] = []
    for cell in sorted(cells, key=lambda cell: len(cell.months)):
        parts = [
            part
            for part in kept
            if part.statistic.name == cell.statistic.name and part.months < cell.months
            if cell.adds_up
        ]
        exact = [part for part in parts if part.exact]
        if cell.exact:
            kept = [one for one in kept if one not in parts or one in exact or one.soft]
        left = _without(cell, exact) if exact else cell
        if left.months:
            kept.append(left)
    return kept


def _without(whole: Cell, parts: Sequence[Cell]) -> Cell:
    """Subtract parts from a whole."""
    intervals, months = list(whole.intervals), whole.months
    for part in parts:
        months = months - part.months
        intervals = [
            Interval(max(w.low - p.high, 0.0), w.high - p.low, w.weight * p.weight)
            for w, p in product(intervals, part.intervals)
            if w.high >= p.low
        ]
    years = sorted({year for year, _ in months})
    return replace(
        whole,
        period=" less ".join([whole.period, *(part.period for part in parts)]),
        spans=tuple(Span(y, frozenset(m for year, m in months if year == y)) for y in years),
        intervals=alternatives(intervals),
        sources=tuple(dict.fromkeys([*whole.sources, *(s for p in parts for s in p.sources)])),
    )
