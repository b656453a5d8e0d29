"""The matrix of a comparison on a page: policies by outcomes, coloured, in per cent."""

from typing import NamedTuple

from sim.comparison.comparison import Comparison
from sim.comparison.digits import DASH, MINUS, short, span
from sim.comparison.matrix import Cell, Row
from sim.comparison.sheets import called, factor
from sim.comparison.terms import Terms, capital
from sim.report.differences import Head
from sim.report.title import title_of


class Shown(NamedTuple):
    """A cell: the change in per cent, the mean, the interval of the change, and what is known."""

    change: str
    mean: str
    interval: str
    mark: str


class Line(NamedTuple):
    """A policy: its title, its name, its place by the harm, and a cell for each outcome."""

    title: str
    name: str
    place: str
    cells: list[Shown]


class Glance(NamedTuple):
    """Heads of the outcomes, the baseline's means, and a line for each policy."""

    heads: list[Head]
    base: Line
    lines: list[Line]


def at_a_glance(found: Comparison, terms: Terms) -> Glance | None:
    """The matrix in words; ``None`` of one scenario by itself."""
    matrix = found.matrix
    if matrix is None:
        return None
    heads = [Head(capital(called(name)), "") for name in matrix.outcomes]
    return Glance(
        heads, _line(found, matrix.base, terms), [_line(found, row, terms) for row in matrix.rows]
    )


def _line(found: Comparison, row: Row, terms: Terms) -> Line:
    name = terms.label(row.scenario)
    first, last = row.first, row.last
    place = DASH if first is None or last is None else f"{first}–{last}"
    if first == last and first is not None:
        place = str(first)
    return Line(title_of(found, row.scenario), name, place, [_shown(cell) for cell in row.cells])


def _shown(cell: Cell) -> Shown:
    by = factor(cell.outcome)
    mean = short(cell.mean, by)
    if not cell.mark:
        return Shown(mean, "", "", "")
    if cell.change is None:
        told = short(cell.difference, by)
        return Shown(_signed(told), mean, span(cell.low, cell.high, by), cell.mark)
    ends = span(cell.change_low, cell.change_high, 100.0)
    return Shown(f"{_signed(short(100.0 * cell.change))} %", mean, ends, cell.mark)


def _signed(told: str) -> str:
    return told if told.startswith((MINUS, DASH)) or told == "0" else f"+{told}"
