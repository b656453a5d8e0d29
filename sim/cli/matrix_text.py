"""The matrix of a comparison, policies by outcomes, with as much of each cell as fits."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from sim.cli.terminal import coloured, table_width, text_width, wrap_name
from sim.comparison.number_format import DASH, MINUS, interval_text, short
from sim.comparison.terms import counted, listed
from sim.comparison.text_tables import (
    BY_CHANCE,
    display_factor,
    interval_label,
    mean_label,
    outcome_heading,
)

if TYPE_CHECKING:
    from sim.comparison.comparison import Comparison
    from sim.comparison.matrix import Cell, Matrix, Row

_SIGNS: Final = {
    "better": "*", "worse": "!", "more": ">", "less": "<", "same": "=", "equal": "=", "open": "?",
    "unknown": DASH,
}  # fmt: skip
_MEANING: Final = {
    "*": "better", "!": "worse", ">": "more", "<": "less", "=": "the same in practice",
    "?": "not settled", DASH: "unknown",
}  # fmt: skip
_NAME: Final = 30
_LEAST_NAME: Final = 18
"""With less room for names the last outcome is left out."""

_MARGIN: Final = 4
"""Columns before the names and after them."""
_GAP: Final = 2
_HEAD: Final = 8
"""Least width of a head."""
_PLACE: Final = "place"

type _Part = Callable[[Cell], str]
type _Form = tuple[_Part, ...]


def matrix_lines(comparison: Comparison) -> Iterator[str]:
    """Yield the matrix with its title and its legend; nothing for a single scenario."""
    matrix = comparison.matrix
    if matrix is None:
        return
    rows = (matrix.base, *matrix.rows)
    label = comparison.words().terms.label
    pairs = counted(max(contrast.n for contrast in comparison.contrasts), "pair")
    yield click.style(
        f"{len(rows) - 1} policies against {label(comparison.baseline)}, {pairs}", bold=True
    )
    names, places = [label(row.scenario) for row in rows], [_place(row) for row in rows]
    place_width = max(map(len, [*places, _PLACE]))
    columns, form, name_width = _fit(matrix.outcomes, rows, max(map(len, names)), place_width)
    height = max(len(column.head) for column in columns)
    heads = [[""] * (height - len(column.head)) + column.head for column in columns]
    for n, words in enumerate(zip(*heads, strict=True), 1):
        cells = [f"{word:>{column.width}}" for word, column in zip(words, columns, strict=True)]
        place = _PLACE if n == height else ""
        yield "  ".join([" " * (name_width + 2), f"{place:>{place_width}}", *cells]).rstrip()
    for k, row in enumerate(rows):
        first, *rest = wrap_name(names[k], name_width)
        cells = [
            " " * (column.width - len(column.cells[k])) + _in_colour(column.cells[k], cell.mark)
            for column, cell in zip(columns, row.cells, strict=False)
        ]
        yield "  ".join(
            [f"  {first:<{name_width}}", f"{places[k]:>{place_width}}", *cells]
        ).rstrip()
        yield from (f"  {line}" for line in rest)
    legend = _legend(comparison, matrix, form, len(columns))
    yield from textwrap.wrap(legend, text_width(), initial_indent="  ", subsequent_indent="  ")


class _Column(NamedTuple):
    """One outcome: the lines of its head, its cell in each row, and the width of both."""

    head: list[str]
    cells: list[str]
    width: int


def _in_colour(cell: str, mark: str) -> str:
    """Colour a cell, but not the spaces after it."""
    words = cell.rstrip()
    return coloured(words, mark) + " " * (len(cell) - len(words))


def _fit(
    outcomes: Sequence[str], rows: Sequence[Row], longest: int, place_width: int
) -> tuple[list[_Column], _Form, int]:
    """Return as many outcomes, with as much of each cell, as fit, and the width for names."""
    columns: list[_Column] = []
    form, room = _FORMS[-1], 0
    for number, form in product(range(len(outcomes), 0, -1), _FORMS):
        columns = [
            _column(name, [row.cells[k] for row in rows], form)
            for k, name in enumerate(outcomes[:number])
        ]
        room = table_width() - _MARGIN - place_width - sum(_GAP + c.width for c in columns)
        if room >= min(longest, _NAME if form is not _FORMS[-1] else _LEAST_NAME):
            break
    return columns, form, max(min(room, longest, _NAME), _LEAST_NAME)


def _column(outcome: str, cells: Sequence[Cell], form: _Form) -> _Column:
    """Align the parts of the cells of one outcome, and wrap its head above them."""
    parts = [[part(cell) for cell in cells] for part in form]
    widths = [max(map(len, part)) for part in parts]
    lines = [
        " ".join(
            f"{text:<{width}}" if part in (_word, _sign) else f"{text:>{width}}"
            for text, width, part in zip(line, widths, form, strict=True)
        )
        for line in zip(*parts, strict=True)
    ]
    head = textwrap.wrap(
        outcome_heading(outcome), max(len(lines[0]), _HEAD), break_long_words=False
    )
    return _Column(head, lines, max(map(len, [*head, lines[0]])))


# -- the parts of a cell ----------------------------------------------------------------------


def _value(cell: Cell) -> str:
    return short(cell.mean, display_factor(cell.outcome))


def _span(cell: Cell) -> str:
    """Return the interval of the change, in per cent, or else of the difference."""
    low, high, by = cell.low, cell.high, display_factor(cell.outcome)
    if cell.change is not None:
        low, high, by = cell.change_low, cell.change_high, 100.0
    ends = interval_text(low, high, by)
    return f"({ends})" if ends else ""


def _change(cell: Cell) -> str:
    """Return the change in per cent of the baseline's mean; the difference if that mean is zero."""
    if not cell.mark:
        return ""
    if cell.change is None:
        text = short(cell.difference, display_factor(cell.outcome))
        return text if text.startswith((MINUS, DASH, "0")) else f"+{text}"
    share = 100.0 * cell.change
    text = f"{share:+.0f}" if abs(share) >= 0.95 else f"{share:+.1f}"
    return f"{'0' if text.strip('+-0.') == '' else text.replace('-', MINUS)} %"


def _change_or_value(cell: Cell) -> str:
    """Return the change, or the mean of the baseline."""
    return _change(cell) if cell.mark else _value(cell)


def _word(cell: Cell) -> str:
    return cell.mark


def _sign(cell: Cell) -> str:
    return _SIGNS.get(cell.mark, "")


_FORMS: Final[tuple[_Form, ...]] = (
    (_value, _change, _span, _word),
    (_value, _change, _word),
    (_value, _change, _sign),
    (_change_or_value, _sign),
)
"""The parts of a cell to show, the fullest form first."""


def _place(row: Row) -> str:
    if row.first is None or row.last is None:
        return DASH
    return f"{row.first}" if row.first == row.last else f"{row.first}–{row.last}"


def _legend(comparison: Comparison, matrix: Matrix, form: _Form, number: int) -> str:
    """Explain the first ``number`` outcomes of the matrix."""
    base, terms = comparison.samples[comparison.baseline], comparison.words().terms
    marks = {cell.mark for row in matrix.rows for cell in row.cells[:number]}
    interval = f" ({interval_label(comparison)})" if _span in form else ""
    parts = [f"%: change from {terms.label(comparison.baseline)}{interval}."]
    if _sign in form:
        signs = dict.fromkeys(_SIGNS[mark] for mark in _SIGNS if mark in marks)
        parts.append(", ".join(f"{sign} {_MEANING[sign]}" for sign in signs) + ".")
    elif marks & {"same", "open"}:
        chance = f"; {BY_CHANCE}" if _span in form else ""
        parts.append(f"same: in practice. open: not settled{chance}.")
    harm = mean_label(comparison, comparison.harm or "")
    parts.append(f"place: by {harm}, as far as the pairs show; a range is a tie.")
    if any(cell.outcome in base.expected for cell in matrix.rows[0].cells[:number]):
        parts.append("Means of dead and wounded are those of expected harm.")
    if hidden := [outcome_heading(name) for name in matrix.outcomes[number:]]:
        parts.append(f"No room for {listed(hidden)}: make the terminal wider.")
    return " ".join(parts)
