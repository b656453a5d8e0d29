"""A table of figures of any unit, for a terminal; and the same for machines."""

import json
import platform
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

import sim
from benchmarks.timing import Spread


def show(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], notes: Sequence[str]
) -> None:
    """Print the table and what to know about it, in 100 columns.

    The first column is text, and so is one without a heading; the others are figures.
    """
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for place, column in enumerate(columns):
        table.add_column(column, justify="left" if place == 0 or not column else "right")
    for row in rows:
        table.add_row(*row)
    console = Console(highlight=False, width=100)
    console.print(table)
    for note in notes:
        console.print(note, style="dim", markup=False)


def between(spread: Spread, digits: int) -> str:
    """Least and most of several measurements; nothing where there was one."""
    if spread.low == spread.high:
        return ""
    return f"{spread.low:,.{digits}f} to {spread.high:,.{digits}f}"


def write(path: Path | None, data: dict[str, object]) -> None:
    """Write figures as JSON, with the versions that they belong to; without a path do nothing."""
    if path is not None:
        whole = {"python": platform.python_version(), "panj": sim.__version__, **data}
        path.write_text(json.dumps(whole, indent=1, allow_nan=False) + "\n", encoding="utf-8")
