"""``panj seeds``: what is known of the years, and tables of one's own."""

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

_SHOWN: Final = {
    "incidents": (
        "identity", "date_start", "district", "kind", "group_size", "killed_guards",
        "killed_intruders",
    ),
    "aggregates": ("period", "months", "metric", "bound", "value", "unit", "scope"),
}  # fmt: skip
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

docs/calibration.md lists the columns, and says how rows of ACLED and UCDP GED are read.""",
)
@click.argument("file", type=options.PATH)
@options.output(
    "FOLDER",
    "Write incidents.csv or aggregates.csv into this folder; without it, only look.",
    required=False,
)
@options.value("--ground", "FOLDER", "Districts of this ground: a folder, or a shipped one.")
@options.integer("--rows", default=5, help="Rows of the preview.")
@options.force("a result")
@options.as_json
def import_(
    file: Path, folder: Path | None, ground: str | None, rows: int, force: bool, as_json: bool
) -> None:
    """Read a table of your own and say what was taken of FILE, and what was not and why.

    Commas, semicolons or tabs; UTF-8 or UTF-16; with what spreadsheets and data frames leave in
    it. Exports of ACLED and UCDP GED are known by their columns.
    """
    from sim.frontier.ground import Ground
    from sim.incidents.external.importing import import_table

    found = import_table(file, None if ground is None else Ground.of(ground))
    written = None if folder is None else found.write(folder, force=force)
    if as_json:
        print_json(_as_data(found, written))
        return
    _preview(found, rows)
    for line in _account(found):
        click.echo(line)
    if written is None:
        click.echo(f"\nNothing is written. Keep it:  panj seeds import {file} -o my_seeds")
    else:
        click.echo(f"\n{written}: {len(found.rows):,} rows")
        click.echo(f"Use it:  panj calibrate --seeds {folder} -o results/mine")
        if found.imported.kind == "incidents":
            click.echo(f"         panj store support STORE --seeds {folder}")


def _preview(found: Import, most: int) -> None:
    sheet, taken = found.sheet, found.imported
    click.echo(
        f"{sheet.path}: {found.format.name}; {sheet.encoding}, separated by {sheet.separator}; "
        f"{len(taken.rows):,} of {len(sheet.rows):,} rows are taken, as {found.file}"
    )
    if not most:
        return
    head = ("line", *_SHOWN[taken.kind])
    click.echo()
    print_table(
        head,
        [
            (str(row.line), *(row.value.get(column) or "–" for column in head[1:]))
            for row in taken.rows[:most]
        ],
    )
    if len(taken.rows) > most:
        click.echo(f"... and {len(taken.rows) - most:,} more")


def _account(found: Import) -> Iterator[str]:
    """What was rewritten, filled in, and left out."""
    from sim.incidents.external.cleaning import count_changes

    taken = found.imported
    told = [
        f"  {what}: {count} cell{'s' * (count != 1)}, first in line {first.line}: {first.column} "
        f"{format_value(first.before)} -> {format_value(first.after)}"
        for what, count, first in count_changes(taken.cleaner.changes)
    ]
    told += [f"  {note}" for note in taken.notes]
    if told:
        yield from ("", click.style("Rewritten and filled in", bold=True), *told)
    left = [f"  {what}" for what in found.sheet.dropped]
    left += [f"  column {', '.join(columns)}: {why}" for why, columns in _unused(found).items()]
    left += [f"  {_lines(lines)}: {why}" for why, lines in _left(found).items()]
    if left:
        yield from ("", click.style("Not taken", bold=True), *left)


def _unused(found: Import) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for column, why in found.imported.unused.items():
        grouped.setdefault(why, []).append(column)
    return grouped


def _left(found: Import) -> dict[str, list[int]]:
    grouped: dict[str, list[int]] = {}
    for row in found.imported.skipped:
        grouped.setdefault(row.value, []).append(row.line)
    return grouped


def _lines(lines: list[int]) -> str:
    many = "..." if len(lines) > _MOST_LINES else ""
    told = f"line{'s' * (len(lines) != 1)} {', '.join(map(str, lines[:_MOST_LINES]))}{many}"
    return f"{len(lines)} rows ({told})" if len(lines) > 1 else told


def _as_data(found: Import, written: Path | None) -> dict[str, object]:
    from sim.incidents.external.cleaning import count_changes

    return {
        "file": str(found.sheet.path),
        "shape": found.format.name,
        "table": found.file,
        "encoding": found.sheet.encoding,
        "separator": found.sheet.separator,
        "taken": [{"line": row.line, **row.value} for row in found.imported.rows],
        "rewritten": [
            {"what": what, "cells": count, "first": first._asdict()}
            for what, count, first in count_changes(found.imported.cleaner.changes)
        ],
        "notes": found.imported.notes,
        "around": list(found.sheet.dropped),
        "unused_columns": found.imported.unused,
        "left_rows": [{"line": row.line, "why": row.value} for row in found.imported.skipped],
        "written": None if written is None else str(written),
    }


seeds.add_command(show)
