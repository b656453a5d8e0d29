"""Tables and sentences at the width of the terminal; lists of rows as plain lines in a pipe."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

import click

from sim.cli.terminal import colour_judgements, text_width, wrap_name

if TYPE_CHECKING:
    from sim.comparison.text_tables import TextTable
    from sim.explore.result import Result

WIDEST: Final = 240
"""Greatest width of a table on a wide terminal."""
LABEL: Final = 30
"""Greatest width of the first column; longer cells continue on the next line."""

_INDENT: Final = 2
_GAP: Final = 2
_NARROW: Final = 10
"""A table whose first column has less room than this is printed cell by cell."""
_LEAST: Final = 24
"""Room that a last column of words keeps before the first column wraps."""


def print_json(value: object) -> None:
    """Print a value as JSON; dates and paths become text."""
    click.echo(json.dumps(value, allow_nan=False, ensure_ascii=False, default=str))


# -- lists of rows ----------------------------------------------------------------------------


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows, wrapped at the width of the terminal; in a pipe, one line per row."""
    if sys.stdout.isatty():
        _print_rich(head, rows)
        return
    lines = [head, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for row in lines:
        click.echo(_aligned(row, widths, range(len(widths))))


def _print_rich(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    for place, title in enumerate(head):
        table.add_column(title, overflow="fold", no_wrap=place == 0)
    for row in rows:
        table.add_row(*map(Text, row))
    console = Console()
    console.print(table, width=min(WIDEST, console.width))


def _aligned(cells: Sequence[str], widths: Sequence[int], left: Iterable[int]) -> str:
    """One line of a table; columns in ``left`` are aligned to the left, others to the right."""
    words = [
        f"{cell:<{width}}" if place in left else f"{cell:>{width}}"
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return (" " * _GAP).join(words).rstrip()


# -- results: sentences and tables ------------------------------------------------------------


def print_result(result: Result, lines: Iterable[str], as_json: bool) -> None:
    """Print a result as text or as one JSON object."""
    click.echo(result.model_dump_json() if as_json else "\n".join(lines))


def result_lines(
    sentences: Iterable[str], tables: Iterable[TextTable] = (), title: str = ""
) -> Iterator[str]:
    """Yield a title, if there is one, then sentences, then tables."""
    if title:
        yield click.style(title, bold=True)
    for sentence in sentences:
        yield from sentence_lines(sentence)
    for table in tables:
        yield from ["", *table_lines(table)]


def sentence_lines(sentence: str) -> Iterator[str]:
    """Wrap a sentence at the width of the page."""
    yield from textwrap.wrap(sentence, text_width(), initial_indent="  ", subsequent_indent="    ")


def table_lines(table: TextTable) -> Iterator[str]:
    """Yield a table with its title and its note; nothing where it has no rows."""
    if not table.rows:
        return
    yield click.style(table.title, bold=True)
    rows = column_lines([table.heads, *table.rows], table.left)
    if table.heads[-1] == "judgement":
        yield next(rows)
        rows = map(colour_judgements, rows)
    yield from rows
    if table.note:
        yield ""
        yield from textwrap.wrap(
            table.note, text_width(), initial_indent="  ", subsequent_indent="  "
        )


def column_lines(
    rows: Sequence[Sequence[str]], left: Sequence[int] = (0,), most: int = LABEL
) -> Iterator[str]:
    """Align rows, the heads first: columns in ``left`` to the left, others to the right.

    The first column wraps where it is wider than ``most``; a last column of words wraps where
    the page ends.
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    last, longest = len(widths) - 1, widths[0]
    room = text_width() - _INDENT - _GAP * last - sum(widths[1:last])
    if last and last in left:
        widths[0] = min(widths[0], most, room - min(widths[last], _LEAST))
        widths[last] = min(widths[last], room - widths[0])
    else:
        widths[0] = min(widths[0], most, room - widths[last] * (last > 0))
    if widths[0] < min(_NARROW, longest):
        yield from _stacked_lines(rows)
        return
    for row in rows:
        cells = [[cell] for cell in row]
        if last in left:
            cells[last] = textwrap.wrap(row[last], max(widths[last], 1)) or [""]
        if 0 in left:
            cells[0] = wrap_name(row[0], widths[0])
        for line in zip_longest(*cells, fillvalue=""):
            yield (" " * _INDENT + _aligned(line, widths, left)).rstrip()


def _stacked_lines(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the cells of each row below one another, with their heads, for a narrow page."""
    heads, *body = rows
    for label, *cells in body:
        yield f"{' ' * _INDENT}{label}".rstrip()
        for head, cell in zip(heads[1:], cells, strict=True):
            if cell:
                yield from textwrap.wrap(
                    f"{head}: {cell}" if head else cell,
                    max(text_width(), 8),  # textwrap never ends where the indent is wider
                    initial_indent="    ",
                    subsequent_indent="      ",
                )
