"""Import of a user's table as a seed table, with an account of what was imported."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sim.csv_table import Row, parse_rows
from sim.errors import OutputError, SeedTableError, output_errors
from sim.frontier.ground import Ground
from sim.incidents.external.acled import ACLED
from sim.incidents.external.formats import ROW_TYPES, ImportedRows, TableFormat, column_names
from sim.incidents.external.seed_columns import AGGREGATE_TABLE, INCIDENT_TABLE
from sim.incidents.external.sheet import Sheet, read_sheet
from sim.incidents.external.ucdp import UCDP
from sim.incidents.seeds import Aggregate, ObservedIncident, check_aggregates, check_incidents
from sim.registry import did_you_mean

FORMATS: Final = (ACLED, UCDP, AGGREGATE_TABLE, INCIDENT_TABLE)


@dataclass(frozen=True)
class Import:
    """What was read from a file: its format, what was imported from it, and the typed rows."""

    sheet: Sheet
    format: TableFormat
    imported: ImportedRows
    rows: tuple[ObservedIncident, ...] | tuple[Aggregate, ...]

    @property
    def file(self) -> str:
        """The file name of the seed table."""
        return f"{self.imported.kind}.csv"

    def text(self) -> str:
        """The seed table as CSV."""
        names = column_names(self.imported.kind)
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([row.value.get(name, "") for name in names] for row in self.imported.rows)
        return out.getvalue()

    def write(self, folder: Path, *, force: bool = False) -> Path:
        """Write the seed table into a folder, all of it or nothing.

        Raises :class:`~sim.errors.OutputError` if the file exists already, unless ``force``.
        """
        path = folder / self.file
        if path.exists() and not force:
            remedy = "Name another folder, or replace it with --force."
            raise OutputError("exists already", path=path, remedy=remedy)
        with output_errors(path):
            folder.mkdir(parents=True, exist_ok=True)
            partial = path.with_suffix(".csv.partial")
            partial.write_text(self.text(), encoding="utf-8", newline="")
            os.replace(partial, path)
        return path


def import_table(path: str | Path, ground: Ground | None = None) -> Import:
    """Read a table in any of the known formats, and check it as a seed table.

    Raises :class:`~sim.errors.SeedTableError` if the file has none of the formats, with what it
    lacks, or with every problem of its rows and their lines.
    """
    land = ground or Ground.default()
    file = Path(path)
    sheet = read_sheet(file, frozenset().union(*(each.known for each in FORMATS)))
    table_format = _format_of(sheet)
    imported = table_format.read(sheet, land)
    if not imported.rows:
        raise SeedTableError(
            f"none of its {len(sheet.rows)} rows can be imported: "
            + "; ".join(dict.fromkeys(row.value for row in imported.skipped)),
            path=file,
            remedy="Use an export that covers the districts of the ground ('panj ground show').",
        )
    rows: list[Row[Any]]
    rows, problems = parse_rows(imported.rows, file, ROW_TYPES[imported.kind])
    both = [*imported.cleaner.problems, *problems]
    if imported.kind == "incidents":
        return Import(sheet, table_format, imported, check_incidents(rows, both, file, land))
    return Import(sheet, table_format, imported, check_aggregates(rows, both, file))


def _format_of(sheet: Sheet) -> TableFormat:
    """The format of a table, by its columns."""
    columns = frozenset(sheet.columns)
    for each in FORMATS:
        if each.fits(columns):
            return each
    nearest = max(FORMATS, key=lambda each: len(each.known & columns))
    if not nearest.known & columns:
        expected = "; ".join(f"{f.name} has {', '.join(sorted(f.required))}" for f in FORMATS)
        raise SeedTableError(
            f"has no known column (it has {_listed(sheet.columns)}, separated by "
            f"{sheet.separator})",
            path=sheet.path,
            line=1,
            remedy=f"Name the columns as the seed tables do: {expected}.",
        )
    lacking = sorted(nearest.required - columns) or [f"one of {', '.join(sorted(nearest.one_of))}"]
    guesses = [did_you_mean(name, columns - nearest.known) for name in lacking]
    raise SeedTableError(
        f"looks like {nearest.name}, but lacks {', '.join(lacking)} (it has "
        f"{_listed(sheet.columns)})",
        path=sheet.path,
        line=1,
        remedy=" ".join(filter(None, guesses)) or "Add or name it; docs/calibration.md lists them.",
    )


def _listed(columns: Sequence[str], most: int = 12) -> str:
    more = f" and {len(columns) - most} more" if len(columns) > most else ""
    return f"{', '.join(columns[:most])}{more}"
