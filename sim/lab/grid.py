"""Policies by outcomes as the page colours them: per cent of the baseline, and what is known."""

from typing import Final, NamedTuple

from sim.comparison import matrix
from sim.comparison.comparison import Comparison
from sim.comparison.digits import DASH, real_minus, short, with_span
from sim.comparison.sheets import factor
from sim.comparison.terms import Terms, capital
from sim.measures.registry import described

_STRONG: Final = (0.05, 0.15, 0.3)
"""Changes, as shares of the baseline, from which on the colour is deeper."""

_DIRECTED: Final = ("better", "worse", "more", "less")


class Head(NamedTuple):
    """A column: the outcome, its unit, and the baseline's mean."""

    words: str
    unit: str
    baseline: str


class Cell(NamedTuple):
    """``change`` in per cent of the baseline; ``mean``; ``mark`` says what is known.

    ``detail`` is the difference in the outcome's unit; ``strength`` is from 0 to 3.
    """

    change: str
    mean: str
    mark: str
    detail: str
    strength: int


class Line(NamedTuple):
    """A policy: its name, what it is called, its place by the harm, a cell for each column."""

    name: str
    label: str
    place: str
    cells: list[Cell]


class Grid(NamedTuple):
    """Columns, and a line a policy in the order of the matrix; the baseline's place."""

    heads: list[Head]
    lines: list[Line]
    place: str


def grid(found: Comparison, terms: Terms) -> Grid | None:
    """A column for each outcome :func:`shown`; ``None`` without policies."""
    table = matrix.matrix(found, shown(found))
    if table is None:
        return None
    return Grid(
        [_head(cell, terms) for cell in table.base.cells],
        [
            Line(row.scenario, terms.label(row.scenario), _place(row), list(map(_cell, row.cells)))
            for row in table.rows
        ],
        _place(table.base),
    )


def shown(found: Comparison) -> list[str]:
    """The outcomes that have a column: those that are asked for most stand first."""
    first = [str(found.harm), found.question.cost, "interdiction_share"]
    differ = {c.outcome for c in found.contrasts if c.standing not in ("none", "unknown")}
    there = dict.fromkeys(name for name in [*first, *found.outcomes] if name in found.outcomes)
    return [name for name in there if name == found.harm or name in differ]


def _head(base: matrix.Cell, terms: Terms) -> Head:
    known = described(base.outcome)
    per = f"a {terms.run}" if known.adds_up else ""
    unit = "%" if known.unit == "share" else " ".join(filter(None, (known.beside, per)))
    return Head(capital(known.named), unit, short(base.mean, factor(base.outcome)))


def _cell(cell: matrix.Cell) -> Cell:
    by = factor(cell.outcome)
    size = abs(cell.change or 0.0) if cell.mark in _DIRECTED else 0.0
    return Cell(
        _per_cent(cell.change),
        short(cell.mean, by),
        DASH if cell.mark == "unknown" else cell.mark,
        with_span(cell.difference, cell.low, cell.high, by),
        sum(size >= limit for limit in _STRONG),
    )


def _per_cent(share: float | None) -> str:
    """``+12 %``, ``+0.2 %``."""
    if share is None:
        return DASH
    percent = 100.0 * share
    if abs(percent) < 0.05:
        return "0 %" if not share else "<0.1 %"
    return f"{real_minus(f'{percent:+.{0 if abs(percent) >= 1.0 else 1}f}')} %"


def _place(row: matrix.Row) -> str:
    """``1``, ``2–4``."""
    if row.first is None or row.last is None:
        return DASH
    return str(row.first) if row.first == row.last else f"{row.first}{DASH}{row.last}"
