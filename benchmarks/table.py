"""What was measured, as rows for a terminal and for machines."""

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from benchmarks.timing import Spread


class Row(NamedTuple):
    """One line: milliseconds for orientation, and the ratio that counts."""

    what: str
    ms: Spread | None
    ratio: Spread | None
    note: str = ""


class Section(NamedTuple):
    """The rows that answer one question, and what to know about them."""

    title: str
    rows: list[Row]
    notes: tuple[str, ...] = ()


def show(title: str, sections: Sequence[Section], notes: Sequence[str]) -> None:
    """Print all sections as one table and what to know about them, in 100 columns."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column("what")
    table.add_column("ms", justify="right")
    table.add_column("ratio", justify="right")
    table.add_column("least to most", justify="right")
    table.add_column("")
    for section in sections:
        table.add_row()
        table.add_row(section.title, style="bold")
        for row in section.rows:
            ms = f"{row.ms.median:,.1f}" if row.ms else ""
            table.add_row(f"  {row.what}", ms, *_ratio(row.ratio), row.note)
    console = Console(highlight=False, width=100)
    console.print(table)
    for note in (*(note for section in sections for note in section.notes), *notes):
        console.print(note, style="dim", markup=False)


def _ratio(ratio: Spread | None) -> tuple[str, str]:
    if ratio is None:
        return "", ""
    between = f"{ratio.low:,.2f} to {ratio.high:,.2f}" if ratio.low < ratio.high else ""
    return f"{ratio.median:,.2f}", between


def as_data(sections: Sequence[Section]) -> list[dict[str, object]]:
    """The rows as plain data: spreads as lists of median, least and most, null without limit."""
    return [
        {
            "section": section.title,
            "what": row.what,
            "ms": plain(row.ms),
            "ratio": plain(row.ratio),
            "note": row.note,
        }
        for section in sections
        for row in section.rows
    ]


def plain(spread: Spread | None) -> list[float | None] | None:
    """A spread as a list that JSON can hold."""
    return spread and [value if isfinite(value) else None for value in spread]
