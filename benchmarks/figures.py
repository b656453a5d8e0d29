"""Print a table of figures in any unit, and write it as JSON."""

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
    """Print the table and its notes, 100 columns wide.

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
    """The smallest and largest of several measurements; empty for a single one."""
    if spread.low == spread.high:
        return ""
    return f"{spread.low:,.{digits}f} to {spread.high:,.{digits}f}"


def write(path: Path | None, data: dict[str, object]) -> None:
    """Write figures as JSON with the versions behind them; do nothing without a path."""
    if path is not None:
        whole = {"python": platform.python_version(), "panj": sim.__version__, **data}
        path.write_text(json.dumps(whole, indent=1, allow_nan=False) + "\n", encoding="utf-8")
