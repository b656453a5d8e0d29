"""The matrix of a comparison on a page: policies by outcomes, coloured, in per cent."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sim.comparison.comparison import Comparison
from sim.comparison.digits import DASH, MINUS, short, span, with_span
from sim.comparison.matrix import Cell, Row, matrix
from sim.comparison.sheets import factor
from sim.comparison.terms import Terms, capital
from sim.measures.registry import described
from sim.report.title import title_of

_HARM_GROUPS: Final = ("people", "incidents")


class Head(NamedTuple):
    """A column: what it counts, and in which unit."""

    words: str
    unit: str


class Shown(NamedTuple):
    """A cell: the change in per cent and its interval, what is known of it, the mean, and the
    difference in the outcome's own unit with its interval.
    """

    change: str
    interval: str
    mark: str
    mean: str
    difference: str


class Line(NamedTuple):
    """A policy: its title, its name, its place by the harm, and a cell for each outcome."""

    title: str
    name: str
    place: str
    cells: list[Shown]


class Glance(NamedTuple):
    """What the table holds, heads of the outcomes, the baseline's means, a line for each policy."""

    caption: str
    heads: list[Head]
    base: Line
    lines: list[Line]


def at_a_glance(
    found: Comparison, terms: Terms, columns: Sequence[str] = (), caption: str = ""
) -> Glance | None:
    """The matrix in words, of the usual outcomes or of some; ``None`` of one scenario by itself."""
    own = matrix(found, columns) if columns else found.matrix
    if own is None:
        return None
    heads = [Head(capital(described(name).named), _unit(name, terms)) for name in own.outcomes]
    base, *lines = (_line(found, row, terms) for row in (own.base, *own.rows))
    return Glance(caption, heads, base, lines)


def in_full(found: Comparison, terms: Terms) -> list[Glance]:
    """Every outcome in two tables: harm and attacks, then what is stopped and what it takes."""
    outcomes = sorted(found.outcomes, key=lambda name: name != found.harm)  # the harm first
    harms = [name for name in outcomes if described(name).group in _HARM_GROUPS]
    others = [name for name in outcomes if name not in harms]
    parts = (("Harm and attacks", harms), ("What is stopped, and what it takes", others))
    made = [at_a_glance(found, terms, own, caption) for caption, own in parts if own]
    return [one for one in made if one is not None]


def _unit(outcome: str, terms: Terms) -> str:
    """``a year``, ``kg a year``, ``%, change in points``; the unit unless the name has it."""
    field = described(outcome)
    if field.unit == "share":
        return "%; change in points"
    per = f"a {terms.run}" if field.adds_up else ""
    return " ".join(part for part in (field.beside, per) if part)


def _line(found: Comparison, row: Row, terms: Terms) -> Line:
    first, last = row.first, row.last
    place = DASH if first is None or last is None else f"{first}–{last}"
    if first == last and first is not None:
        place = str(first)
    name = terms.label(row.scenario)
    return Line(title_of(found, row.scenario), name, place, [_shown(cell) for cell in row.cells])


def _shown(cell: Cell) -> Shown:
    by = factor(cell.outcome)
    mean = short(cell.mean, by)
    if not cell.mark:
        return Shown(mean, "", "", mean, "")
    if cell.mark == "equal":
        return Shown("0", "", cell.mark, mean, "")
    difference = _signed(with_span(cell.difference, cell.low, cell.high, by))
    if cell.change is None:
        change, interval = _signed(short(cell.difference, by)), span(cell.low, cell.high, by)
    else:
        change = f"{_signed(short(100.0 * cell.change))} %"
        interval = span(cell.change_low, cell.change_high, 100.0)
    return Shown(change, interval, cell.mark, mean, difference)


def _signed(told: str) -> str:
    return told if told.startswith((MINUS, DASH)) or told == "0" else f"+{told}"
