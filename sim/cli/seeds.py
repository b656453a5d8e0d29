"""``panj seeds``: what is known of the years, and the user's own tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from sim.cli import options
from sim.cli.seeds_show import show
from sim.cli.tables import print_json, print_table
from sim.errors import format_value

if TYPE_CHECKING:
    from sim.incidents.external.importing import Import

_COLUMNS: Final = {
    "incidents": (
        "identity", "date_start", "district", "kind", "group_size", "killed_guards",
        "killed_intruders",
    ),
    "aggregates": ("period", "months", "metric", "bound", "value", "unit", "scope"),
}  # fmt: skip
_PREVIEW_ROWS: Final = 5
_MOST_LINES: Final = 6


@click.group(
    epilog="""\b
Examples:
  panj seeds show
  panj seeds import events.csv
  panj seeds import events.csv -o my_seeds"""
)
def seeds() -> None:
    """Show the reported incidents and figures, and import your own."""


@seeds.command(
    "import",
    epilog="""\b
Examples:
  panj seeds import events.csv
  panj seeds import events.csv -o my_seeds
  panj calibrate --seeds my_seeds -o results/mine

See docs/calibration.md for the columns, and for how rows of ACLED and UCDP GED are read.""",
)
@click.argument("file", type=options.PATH)
@options.output(
    "FOLDER",
    "Write incidents.csv or aggregates.csv into this folder; without it, nothing is written.",
    required=False,
)
@options.value(
    "--ground",
    "FOLDER",
    "Ground with the districts: a folder, or the name of a shipped one.",
)
@options.force("a table")
@options.as_json
def import_(
    file: Path, folder: Path | None, ground: str | None, force: bool, as_json: bool
) -> None:
    """Import your own table FILE, and show what is used, what is not, and why.

    FILE has commas, semicolons or tabs, in UTF-8 or UTF-16; it may come from a spreadsheet or a
    data frame. The command knows exports of ACLED and UCDP GED by their columns.
    """
    from sim.frontier.ground import Ground
    from sim.incidents.external.importing import import_table

    result = import_table(file, None if ground is None else Ground.of(ground))
    written = None if folder is None else result.write(folder, force=force)
    if as_json:
        print_json(_as_data(result, written))
        return
    _print_preview(result)
    for line in _changes(result):
        click.echo(line)
    if written is None:
        click.echo(f"\nNothing was written. To keep it:  panj seeds import {file} -o my_seeds")
    else:
        click.echo(f"\n{written}: {len(result.rows):,} rows")
        click.echo(f"Use it:  panj calibrate --seeds {folder} -o results/mine")
        if result.imported.kind == "incidents":
            click.echo(f"         panj store support STORE --seeds {folder}")


def _print_preview(result: Import) -> None:
    sheet, imported = result.sheet, result.imported
    click.echo(
        f"{sheet.path}: {result.format.name}; {sheet.encoding}, separated by {sheet.separator}; "
        f"{len(imported.rows):,} of {len(sheet.rows):,} rows are used, as {result.file}\n"
    )
    columns = _COLUMNS[imported.kind]
    rows = [
        (str(row.line), *(row.value.get(column) or "–" for column in columns))
        for row in imported.rows[:_PREVIEW_ROWS]
    ]
    print_table(("line", *columns), rows)
    if len(imported.rows) > _PREVIEW_ROWS:
        click.echo(f"... and {len(imported.rows) - _PREVIEW_ROWS:,} more")


def _changes(result: Import) -> Iterator[str]:
    """Yield what was rewritten and filled in, then what is not used."""
    from sim.incidents.external.cleaning import count_changes

    imported = result.imported
    changed = [
        f"{what}: {count} cell{'s' * (count != 1)}, first in line {first.line}: {first.column} "
        f"{format_value(first.before)} -> {format_value(first.after)}"
        for what, count, first in count_changes(imported.cleaner.changes)
    ]
    columns: dict[str, list[str]] = {}
    for column, reason in imported.unused.items():
        columns.setdefault(reason, []).append(column)
    lines: dict[str, list[int]] = {}
    for row in imported.skipped:
        lines.setdefault(row.value, []).append(row.line)
    unused = [
        *result.sheet.dropped,
        *(f"column {', '.join(names)}: {reason}" for reason, names in columns.items()),
        *(f"{_lines_text(numbers)}: {reason}" for reason, numbers in lines.items()),
    ]
    for title, items in (
        ("Rewritten and filled in", [*changed, *imported.notes]),
        ("Not used", unused),
    ):
        if items:
            yield from ("", click.style(title, bold=True), *(f"  {item}" for item in items))


def _lines_text(lines: list[int]) -> str:
    numbers = ", ".join(map(str, lines[:_MOST_LINES])) + "..." * (len(lines) > _MOST_LINES)
    return f"line {numbers}" if len(lines) == 1 else f"{len(lines)} rows (lines {numbers})"


def _as_data(result: Import, written: Path | None) -> dict[str, object]:
    from sim.incidents.external.cleaning import count_changes

    return {
        "file": str(result.sheet.path),
        "shape": result.format.name,
        "table": result.file,
        "encoding": result.sheet.encoding,
        "separator": result.sheet.separator,
        "taken": [{"line": row.line, **row.value} for row in result.imported.rows],
        "rewritten": [
            {"what": what, "cells": count, "first": first._asdict()}
            for what, count, first in count_changes(result.imported.cleaner.changes)
        ],
        "notes": result.imported.notes,
        "around": list(result.sheet.dropped),
        "unused_columns": result.imported.unused,
        "left_rows": [{"line": row.line, "why": row.value} for row in result.imported.skipped],
        "written": None if written is None else str(written),
    }


seeds.add_command(show)
