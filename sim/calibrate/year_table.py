"""Targets of many years: a table of periods and statistics, with the figures of all sources.

A cell is a statistic over one period, with the interval it lies in; where sources conflict, with
several intervals, one of which holds it. The same sums as for any target compute its figure in a
run, on the same reports. No report counts twice: where a source gives a year and its first half,
the table has the first half and the rest. A figure that no source gives has no cell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.calibrate.cells import Cell, apart, find_overlaps, merge_cells, spans_of
from sim.calibrate.event_marks import EventMarks, marks_of_seeds
from sim.calibrate.intervals import Interval, widen
from sim.calibrate.priors import file_in
from sim.calibrate.published_counts import RowUse, quantities, row_uses
from sim.calibrate.reading_rules import Count, ReadingRules, read_rules
from sim.calibrate.reports import Report, reports_of_seeds
from sim.calibrate.statistics import statistics
from sim.calibrate.types import Flags
from sim.csv_table import read_table
from sim.errors import Problem, SeedTableError
from sim.frontier.ground import Ground
from sim.incidents.kinds import INCIDENTS
from sim.incidents.seeds import Aggregate, check_aggregates, read_incidents
from sim.incidents.windows import Window


class Period(NamedTuple):
    """A row of the table: a period, its regime, and what is known in it by statistic."""

    text: str
    regime: str
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class YearTable:
    """What is told of all years: cells, the marks of single incidents, and how each row is used.

    ``aside`` names the incident rows of kinds that no scenario contains. Rates are ``counted``
    only where it is said for which years the incident rows are complete.
    """

    cells: tuple[Cell, ...]
    marks: tuple[EventMarks, ...]
    used: tuple[RowUse, ...]
    vocabulary: ReadingRules
    aside: tuple[str, ...] = ()
    counted: bool = True

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Every year that a cell covers, in order."""
        return tuple(sorted({span.year for cell in self.cells for span in cell.spans}))

    @cached_property
    def statistics(self) -> tuple[str, ...]:
        """Names of the statistics of which something is known, those of most cells first."""
        names = [cell.statistic.name for cell in self.cells]
        return tuple(sorted(dict.fromkeys(names), key=lambda name: -names.count(name)))

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """The rows of the table, by their first month and then their length."""
        found: dict[str, dict[str, Cell]] = defaultdict(dict)
        for cell in sorted(self.cells, key=lambda cell: (min(cell.months), cell.length)):
            found[cell.period][cell.statistic.name] = cell
        return tuple(
            Period(text, next(iter(cells.values())).regime, cells) for text, cells in found.items()
        )

    @cached_property
    def mask(self) -> Flags:
        """What is known, (periods, statistics)."""
        return np.array([[name in p.cells for name in self.statistics] for p in self.periods])

    def rows(self) -> list[dict[str, object]]:
        """One row an alternative of a cell; ``high`` may be infinite, ``weight`` sums to 1."""
        return [
            {
                "period": cell.period,
                "regime": cell.regime,
                "first_year": cell.spans[0].year,
                "last_year": cell.spans[-1].year,
                "years": cell.length,
                "statistic": cell.statistic.name,
                "unit": cell.statistic.unit,
                "kind": cell.kind,
                "low": told.low,
                "high": told.high,
                "weight": told.weight / sum(t.weight for t in cell.intervals),
                "soft": cell.soft,
                "sources": list(cell.sources),
            }
            for period in self.periods
            for cell in period.cells.values()
            for told in cell.intervals
        ]


def read_years(folder: str | Path | None = None, ground: Ground | None = None) -> YearTable:
    """Read what a folder tells of all years; what it lacks is taken from the shipped tables.

    Raises ``SeedTableError`` with every problem: a count or scope that nobody knows, another unit,
    a year of no regime or of two, periods that overlap, totals that contradict each other.
    Incident rows of a folder without ``years.toml`` count for no rate: nobody says for which years
    they are complete.
    """
    land = ground or Ground.default()
    vocabulary = read_rules(folder, land)
    path = file_in(folder, "aggregates.csv")
    rows, problems = read_table(path, Aggregate)
    check_aggregates(rows, problems, path)
    reported = file_in(folder, "incidents.csv")
    incidents = read_incidents(reported, land)
    used = row_uses(rows, path, vocabulary)
    complete = reported.parent == vocabulary.file.path.parent
    rates = _counted(vocabulary, reports_of_seeds(incidents), land) if complete else ()
    cells, faults = merge_cells([*_published(used, path, land), *rates])
    vocabulary.file.check()
    faults += find_overlaps(cells)
    if faults:
        raise SeedTableError.of(sorted(faults, key=lambda fault: fault.line or 0))
    aside = tuple(row.identity for row in incidents if row.kind not in INCIDENTS)
    marks = marks_of_seeds(incidents, vocabulary)
    return YearTable(tuple(apart(cells)), marks, used, vocabulary, aside, complete)


def _published(used: Iterable[RowUse], path: Path, land: Ground) -> Iterator[Cell]:
    """A cell for each quantity that was published, its sources as alternatives."""
    for rows in quantities(used):
        row = rows[-1]
        told = tuple(widen(one.interval, row.reads) for one in rows if one.counts)
        yield Cell(
            statistics(land)[str(row.statistic)],
            row.period,
            row.spans,
            row.regime,
            told,
            tuple(dict.fromkeys(one.count.source for one in rows)),
            row.soft,
            row.share,
            Problem("", str(path), row.line, row.count.metric, row.count.value),
        )


def _counted(vocabulary: ReadingRules, reports: Iterable[Report], land: Ground) -> Iterator[Cell]:
    """What the incident rows tell over the periods for which they are complete."""
    years: dict[int, list[Report]] = defaultdict(list)
    for report in reports:
        years[report.day.year].append(report)
    for count in vocabulary.counts:
        for window in count.periods:
            cell = _of_count(count, window, vocabulary, years, land)
            if cell is not None:
                yield cell


def _of_count(
    count: Count, window: Window, vocabulary: ReadingRules, years: dict[int, list[Report]],
    land: Ground,
) -> Cell | None:  # fmt: skip
    spans, file = spans_of(window), vocabulary.file
    key = f"counts.{count.name}.periods"
    regimes = vocabulary.regimes_of(span.year for span in spans)
    if len(regimes) != 1 or None in regimes:
        reason = "lies in no regime, or in more than one"
        file.tell(key, window.text, reason, "Give a period within one regime.")
        return None
    known = statistics(land)[count.statistic]
    cell = Cell(known, window.text, spans, str(*regimes), (), ("incident rows",))
    value = cell.figure({span.year: years[span.year] for span in spans})
    if value is None:
        reason = "is a ratio to nothing there"
        file.tell(key, window.text, reason, "Widen the period, or leave it out.")
        return None
    at = Problem("", str(file.path), file.lines.get(key), key, window.text)
    return replace(cell, intervals=(widen(Interval(value, value), count.reads),), at=at)
