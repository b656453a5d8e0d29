"""The table of years: periods by statistics, with the figures of all sources.

A cell is a statistic over one period with the interval of its figure, or with several intervals
where sources conflict. The code that computes the statistic in a run computes it from the incident
rows. No report counts twice: where a source gives a year and its first half, the table has the
first half and the rest. A figure that no source gives has no cell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.calibrate.cells import Cell, disjoint, find_overlaps, merge_cells, spans_of
from sim.calibrate.event_marks import EventMarks, marks_of_seeds
from sim.calibrate.intervals import Interval, widen
from sim.calibrate.published_counts import RowUse, quantities, row_uses
from sim.calibrate.reading_rules import Count, ReadingRules, read_rules
from sim.calibrate.reports import Report, reports_of_seeds
from sim.calibrate.statistics import statistics
from sim.calibrate.toml_entries import file_in
from sim.calibrate.types import Flags
from sim.csv_table import read_table
from sim.errors import Problem, SeedTableError
from sim.frontier.ground import Ground
from sim.incidents.kinds import INCIDENTS
from sim.incidents.seeds import Aggregate, check_aggregates, read_incidents
from sim.incidents.windows import Window


class Period(NamedTuple):
    """A row of the table: a period, its regime, and its cells by statistic."""

    text: str
    regime: str
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class YearTable:
    """All that is reported: cells, the marks of single incidents, and how each row is used.

    ``not_modelled`` names the incident rows of kinds that no scenario contains. The incident rows
    give rates (``gives_rates``) only where ``years.toml`` says for which years they are complete.
    """

    cells: tuple[Cell, ...]
    marks: tuple[EventMarks, ...]
    row_uses: tuple[RowUse, ...]
    rules: ReadingRules
    not_modelled: tuple[str, ...] = ()
    gives_rates: bool = True

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Every year that a cell covers, in order."""
        return tuple(sorted({year for cell in self.cells for year in cell.years}))

    @cached_property
    def statistics(self) -> tuple[str, ...]:
        """Names of the statistics that have a cell, those with most cells first."""
        names = [cell.statistic.name for cell in self.cells]
        return tuple(sorted(dict.fromkeys(names), key=lambda name: -names.count(name)))

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """The rows of the table, by their first month and then their length."""
        cells_of: dict[str, dict[str, Cell]] = defaultdict(dict)
        for cell in sorted(self.cells, key=lambda cell: (min(cell.months), cell.length)):
            cells_of[cell.period][cell.statistic.name] = cell
        return tuple(
            Period(text, next(iter(cells.values())).regime, cells)
            for text, cells in cells_of.items()
        )

    @cached_property
    def mask(self) -> Flags:
        """Whether there is a cell, (periods, statistics)."""
        return np.array([[name in p.cells for name in self.statistics] for p in self.periods])

    def rows(self) -> list[dict[str, object]]:
        """One row per alternative; ``high`` may be infinite, the weights of a cell sum to 1."""
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
                "low": interval.low,
                "high": interval.high,
                "weight": interval.weight / sum(i.weight for i in cell.intervals),
                "soft": cell.soft,
                "sources": list(cell.sources),
            }
            for period in self.periods
            for cell in period.cells.values()
            for interval in cell.intervals
        ]


def read_years(folder: str | Path | None = None, ground: Ground | None = None) -> YearTable:
    """Read the table of years of a folder; the shipped files replace those that it lacks.

    Incident rows of a folder without ``years.toml`` give no rates: nothing says for which years
    they are complete. Raise ``SeedTableError`` with every problem: an unknown metric or scope,
    another unit, a year in no regime or in two, overlapping periods, contradictory totals.
    """
    land = ground or Ground.default()
    rules = read_rules(folder, land)
    path = file_in(folder, "aggregates.csv")
    rows, problems = read_table(path, Aggregate)
    check_aggregates(rows, problems, path)
    reported = file_in(folder, "incidents.csv")
    incidents = read_incidents(reported, land)
    used = row_uses(rows, path, rules)
    gives_rates = reported.parent == rules.file.path.parent
    rates = _counted(rules, reports_of_seeds(incidents), land) if gives_rates else ()
    cells, problems = merge_cells([*_published(used, path, land), *rates])
    rules.file.check()
    problems += find_overlaps(cells)
    if problems:
        raise SeedTableError.of(sorted(problems, key=lambda problem: problem.line or 0))
    not_modelled = tuple(row.identity for row in incidents if row.kind not in INCIDENTS)
    marks = marks_of_seeds(incidents, rules)
    return YearTable(tuple(disjoint(cells)), marks, used, rules, not_modelled, gives_rates)


def _published(used: Iterable[RowUse], path: Path, land: Ground) -> Iterator[Cell]:
    """Yield a cell for each published quantity, its sources as alternatives."""
    for rows in quantities(used):
        row = rows[-1]
        intervals = tuple(widen(one.interval, row.reads) for one in rows if one.counts)
        yield Cell(
            statistics(land)[str(row.statistic)],
            row.period,
            row.spans,
            row.regime,
            intervals,
            tuple(dict.fromkeys(one.count.source for one in rows)),
            row.soft,
            row.share,
            Problem("", str(path), row.line, row.count.metric, row.count.value),
        )


def _counted(rules: ReadingRules, reports: Iterable[Report], land: Ground) -> Iterator[Cell]:
    """Yield the cells of the incident rows over the periods for which they are complete."""
    years: dict[int, list[Report]] = defaultdict(list)
    for report in reports:
        years[report.day.year].append(report)
    for count in rules.counts:
        for window in count.periods:
            cell = _of_count(count, window, rules, years, land)
            if cell is not None:
                yield cell


def _of_count(
    count: Count, window: Window, rules: ReadingRules, years: dict[int, list[Report]],
    land: Ground,
) -> Cell | None:  # fmt: skip
    spans, file = spans_of(window), rules.file
    key = f"counts.{count.name}.periods"
    regimes = rules.regimes_of(span.year for span in spans)
    if len(regimes) != 1 or None in regimes:
        reason = "is in no regime, or in more than one"
        file.add_problem(key, window.text, reason, "Give a period within one regime.")
        return None
    statistic = statistics(land)[count.statistic]
    cell = Cell(statistic, window.text, spans, str(*regimes), (), ("incident rows",))
    value = cell.figure({span.year: years[span.year] for span in spans})
    if value is None:
        reason = "is a ratio to nothing there"
        file.add_problem(key, window.text, reason, "Widen the period, or leave it out.")
        return None
    location = Problem("", str(file.path), file.lines.get(key), key, window.text)
    interval = widen(Interval(value, value), count.reads)
    return replace(cell, intervals=(interval,), location=location)
