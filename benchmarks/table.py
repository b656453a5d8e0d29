"""What was measured, as rows for a terminal and for machines."""

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


def show(title: str, rows: list[Row], notes: list[str]) -> None:
    """Print the table and what to know about it, in 100 columns."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column("what")
    table.add_column("ms", justify="right")
    table.add_column("ratio", justify="right")
    table.add_column("least to most", justify="right")
    table.add_column("")
    for row in rows:
        ms = f"{row.ms.median:.1f}" if row.ms else ""
        ratio = f"{row.ratio.median:.2f}" if row.ratio else ""
        between = f"{row.ratio.low:.2f} to {row.ratio.high:.2f}" if row.ratio else ""
        table.add_row(row.what, ms, ratio, between, row.note)
    console = Console(highlight=False, width=100)
    console.print(table)
    for note in notes:
        console.print(note, style="dim", markup=False)


def as_data(rows: list[Row]) -> list[dict[str, object]]:
    """The rows as plain data: spreads as lists of median, least and most."""
    return [
        {
            "what": row.what,
            "ms": list(row.ms) if row.ms else None,
            "ratio": list(row.ratio) if row.ratio else None,
            "note": row.note,
        }
        for row in rows
    ]
