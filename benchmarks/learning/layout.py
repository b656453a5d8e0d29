"""The table of years as numbers: the figures of single years that make up its cells.

A *part* is a statistic over some months of a year. Every cell is a sum of parts of its years, so
years can be simulated one by one, in any order, and combined afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf

import numpy as np

from sim.calibrate.cells import Cell
from sim.calibrate.intervals import Interval
from sim.calibrate.reports import Report
from sim.calibrate.statistics import Statistic
from sim.calibrate.types import Floats
from sim.calibrate.year_table import YearTable

Part = tuple[Statistic, frozenset[int]]
"""A statistic and its months."""


@dataclass(frozen=True)
class Layout:
    """Cells of some years, each of one year or of several."""

    cells: tuple[Cell, ...]

    @classmethod
    def since(cls, table: YearTable, year: int) -> Layout:
        """The cells of a table that begin in ``year`` or later."""
        return cls(tuple(cell for cell in table.cells if cell.spans[0].year >= year))

    def __post_init__(self) -> None:
        for cell in self.cells:
            if cell.statistic.whole is not None or (len(cell.spans) > 1 and not cell.adds_up):
                raise ValueError(f"{cell.statistic.name} of {cell.period} is not a sum over years")

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The years that the cells cover, in order."""
        return tuple(sorted({span.year for cell in self.cells for span in cell.spans}))

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The figures of a year that the cells need."""
        found = {
            (cell.statistic.name, span.months): cell.statistic
            for cell in self.cells
            for span in cell.spans
        }
        return tuple((statistic, months) for (_, months), statistic in found.items())

    @cached_property
    def weights(self) -> Floats:
        """The share of each part of each year in each cell, (cells, years, parts)."""
        places = {(one.name, months): place for place, (one, months) in enumerate(self.parts)}
        found = np.zeros((len(self.cells), len(self.years), len(self.parts)))
        for row, cell in enumerate(self.cells):
            for span in cell.spans:
                place = places[cell.statistic.name, span.months]
                found[row, self.years.index(span.year), place] = cell.share
        return found

    def figures_of(self, reports: Iterable[Report]) -> list[float]:
        """Return the parts of a simulated year, whatever its date."""
        rows = list(reports)
        return [
            float(statistic.over([row for row in rows if row.day.month in months]) or 0.0)
            for statistic, months in self.parts
        ]

    def values_of(self, figures: Floats) -> Floats:
        """Sum parts of years to cells, (..., years, parts) to (..., cells)."""
        found: Floats = np.einsum("...yp,cyp->...c", figures, self.weights)
        return found

    def observed(self, values: Sequence[float]) -> tuple[Cell, ...]:
        """Return the cells as they would be reported of a world with these values.

        A figure stays a figure. A bound stays at its place, and the cell says on which side of it
        the value lies, so the place of a bound reveals nothing.
        """
        return tuple(
            replace(cell, intervals=(observe(cell, value),), soft=0.0)
            for cell, value in zip(self.cells, values, strict=True)
        )


def observe(cell: Cell, value: float) -> Interval:
    """Return the interval that is reported of a value in the form of a cell."""
    low, high = cell.intervals[0].low, cell.intervals[0].high
    if cell.exact:
        return Interval(value, value)
    whole = cell.statistic.unit != "kg"
    if value < low:
        return Interval(0.0, low - 1.0 if whole else low)
    return Interval(high + 1.0 if whole else high, inf) if value > high else Interval(low, high)
