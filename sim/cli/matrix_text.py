"""The matrix of a comparison at the width of a terminal: as much of each cell as there is room."""

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
    BY_LUCK,
    display_factor,
    interval_label,
    mean_label,
    outcome_heading,
)

if TYPE_CHECKING:
    from sim.comparison.comparison import Comparison
    from sim.comparison.matrix import Cell, Row

_SIGNS: Final = {
    "better": "*", "worse": "!", "more": ">", "less": "<", "same": "=", "equal": "=", "open": "?",
    "unknown": DASH,
}  # fmt: skip
_MEANING: Final = {
    "*": "better", "!": "worse", ">": "more", "<": "less", "=": "the same in practice",
    "?": "not settled", DASH: "nothing can be said",
}  # fmt: skip
_NAME: Final = 30
_LEAST_NAME: Final = 18
"""With less room for names the last outcome is left out."""

_MARGIN: Final = 4
"""Before the names, and after them."""
_GAP: Final = 2
_HEAD: Final = 8
"""A head is not made narrower than this."""
_PLACE: Final = "place"

type _Part = Callable[[Cell], str]
type _Form = tuple[_Part, ...]


def matrix_lines(found: Comparison) -> Iterator[str]:
    """The matrix with its title, and how to read it; nothing of one scenario."""
    if found.matrix is None:
        return
    base, rows = found.matrix.base, found.matrix.rows
    label = found.words().terms.label
    pairs = max(c.n for c in found.contrasts)
    yield click.style(
        f"{len(rows)} policies against {label(found.baseline)}, {counted(pairs, 'pair')}", bold=True
    )
    told = (base, *rows)
    names, places = [label(row.scenario) for row in told], [_place(row) for row in told]
    at = max(map(len, [*places, _PLACE]))
    columns, form, room = _fitting(found.matrix.outcomes, told, max(map(len, names)), at)
    yield from _headed(columns, room, at)
    for k, row in enumerate(told):
        first, *rest = wrap_name(names[k], room)
        cells = [
            f"{'':>{column.wide - len(column.block[k])}}{_tinted(column.block[k], cell.mark)}"
            for column, cell in zip(columns, row.cells, strict=False)
        ]
        yield "  ".join([f"  {first:<{room}}", f"{places[k]:>{at}}", *cells]).rstrip()
        yield from (f"  {more}" for more in rest)
    yield from textwrap.wrap(
        _legend(found, form, len(columns)),
        text_width(),
        initial_indent="  ",
        subsequent_indent="  ",
    )


class _Column(NamedTuple):
    """One outcome: the lines of its head, a cell of each row, and how wide both are."""

    head: list[str]
    block: list[str]
    wide: int


def _tinted(told: str, mark: str) -> str:
    """A cell in its colour, without the space behind it, which no reader sees."""
    words = told.rstrip()
    return coloured(words, mark) + " " * (len(told) - len(words))


def _headed(columns: Sequence[_Column], room: int, at: int) -> Iterator[str]:
    """The lines of the heads, their last lines at one height."""
    tall = max(len(column.head) for column in columns)
    for line in range(-tall, 0):
        heads = [
            f"{column.head[line] if -line <= len(column.head) else '':>{column.wide}}"
            for column in columns
        ]
        place = _PLACE if line == -1 else ""
        yield "  ".join([" " * (room + 2), f"{place:>{at}}", *heads]).rstrip()


def _fitting(
    outcomes: Sequence[str], rows: Sequence[Row], longest: int, at: int
) -> tuple[list[_Column], _Form, int]:
    """As many outcomes, and as much of each cell, as fit; and the room left for names."""
    columns: list[_Column] = []
    form, room = _FORMS[-1], 0
    for shown, form in product(range(len(outcomes), 0, -1), _FORMS):
        columns = [
            _column(name, [row.cells[k] for row in rows], form)
            for k, name in enumerate(outcomes[:shown])
        ]
        room = table_width() - _MARGIN - at - sum(_GAP + column.wide for column in columns)
        if room >= min(longest, _NAME if form is not _FORMS[-1] else _LEAST_NAME):
            break
    return columns, form, max(min(room, longest, _NAME), _LEAST_NAME)


def _column(outcome: str, cells: Sequence[Cell], form: _Form) -> _Column:
    block = _block(cells, form)
    head = textwrap.wrap(
        outcome_heading(outcome), max(len(block[0]), _HEAD), break_long_words=False
    )
    return _Column(head, block, max(map(len, [*head, block[0]])))


def _block(cells: Sequence[Cell], form: _Form) -> list[str]:
    """One outcome of every row: its parts below one another."""
    parts = [[part(cell) for cell in cells] for part in form]
    wide = [max(map(len, part)) for part in parts]
    return [
        " ".join(
            f"{told:<{room}}" if part in (_word, _sign) else f"{told:>{room}}"
            for told, room, part in zip(line, wide, form, strict=True)
        )
        for line in zip(*parts, strict=True)
    ]


# -- the parts of a cell ----------------------------------------------------------------------


def _value(cell: Cell) -> str:
    return short(cell.mean, display_factor(cell.outcome))


def _span(cell: Cell) -> str:
    """The interval of the change, in per cent; of the difference where there is none."""
    low, high, by = cell.low, cell.high, display_factor(cell.outcome)
    if cell.change is not None:
        low, high, by = cell.change_low, cell.change_high, 100.0
    ends = interval_text(low, high, by)
    return f"({ends})" if ends else ""


def _change(cell: Cell) -> str:
    """Of the baseline's mean, in per cent; the difference itself where that mean is nothing."""
    if not cell.mark:
        return ""
    if cell.change is None:
        told = short(cell.difference, display_factor(cell.outcome))
        return told if told.startswith((MINUS, DASH, "0")) else f"+{told}"
    share = 100.0 * cell.change
    told = f"{share:+.0f}" if abs(share) >= 0.95 else f"{share:+.1f}"
    return f"{'0' if told.strip('+-0.') == '' else told.replace('-', MINUS)} %"


def _bare(cell: Cell) -> str:
    """The change; of the baseline its mean."""
    return _change(cell) if cell.mark else _value(cell)


def _word(cell: Cell) -> str:
    return cell.mark


def _sign(cell: Cell) -> str:
    return _SIGNS.get(cell.mark, "")


_FORMS: Final[tuple[_Form, ...]] = (
    (_value, _change, _span, _word),
    (_value, _change, _word),
    (_value, _change, _sign),
    (_bare, _sign),
)
"""What is shown of a cell, the fullest first."""


def _place(row: Row) -> str:
    if row.first is None or row.last is None:
        return DASH
    return f"{row.first}" if row.first == row.last else f"{row.first}–{row.last}"


def _legend(found: Comparison, form: _Form, shown: int) -> str:
    base, terms = found.samples[found.baseline], found.words().terms
    rows = found.matrix.rows if found.matrix else ()
    marks = {cell.mark for row in rows for cell in row.cells[:shown]}
    interval = f" ({interval_label(found)})" if _span in form else ""
    told = [f"%: change from {terms.label(found.baseline)}{interval}."]
    if _sign in form:
        signs = dict.fromkeys(_SIGNS[mark] for mark in _SIGNS if mark in marks)
        told.append(", ".join(f"{sign} {_MEANING[sign]}" for sign in signs) + ".")
    elif marks & {"same", "open"}:
        luck = f"; {BY_LUCK}" if _span in form else ""
        told.append(f"same: in practice. open: not settled{luck}.")
    harm = mean_label(found, found.harm or "")
    told.append(f"place: by {harm}, as far as the pairs tell; a range is a tie.")
    if any(cell.outcome in base.expected for cell in rows[0].cells[:shown]):
        told.append("Means of dead and wounded are those of expected harm.")
    if found.matrix and (left_out := found.matrix.outcomes[shown:]):
        hidden = listed([outcome_heading(name) for name in left_out])
        told.append(f"No room for {hidden}: make the terminal wider.")
    return " ".join(told)
