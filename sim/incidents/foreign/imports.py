"""From a file of somebody's own to a seed table, with an account of what was taken."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sim.csv_table import Row, typed
from sim.errors import OutputError, SeedTableError, written_to
from sim.frontier.ground import Ground
from sim.incidents.foreign.acled import ACLED
from sim.incidents.foreign.own import AGGREGATE_TABLE, INCIDENT_TABLE
from sim.incidents.foreign.sheet import Sheet, read_sheet
from sim.incidents.foreign.take import ROW_TYPES, Shape, Taken, names_of
from sim.incidents.foreign.ucdp import UCDP
from sim.incidents.seeds import Aggregate, ObservedIncident, sound_aggregates, sound_incidents
from sim.registry import near

SHAPES: Final = (ACLED, UCDP, AGGREGATE_TABLE, INCIDENT_TABLE)


@dataclass(frozen=True)
class Import:
    """What was read of a file: its shape, what was taken of it, and the rows as they are typed."""

    sheet: Sheet
    shape: Shape
    taken: Taken
    rows: tuple[ObservedIncident, ...] | tuple[Aggregate, ...]

    @property
    def file(self) -> str:
        """The name of the seed table that it makes."""
        return f"{self.taken.kind}.csv"

    def text(self) -> str:
        """The seed table."""
        names = names_of(self.taken.kind)
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([row.value.get(name, "") for name in names] for row in self.taken.rows)
        return out.getvalue()

    def write(self, folder: Path, *, force: bool = False) -> Path:
        """Write the seed table into a folder, whole or not at all.

        Raises :class:`~sim.errors.OutputError` where one is there, unless with ``force``.
        """
        path = folder / self.file
        if path.exists() and not force:
            remedy = "Name another folder, or replace it with --force."
            raise OutputError("is there already", path=path, remedy=remedy)
        with written_to(path):
            folder.mkdir(parents=True, exist_ok=True)
            partial = path.with_suffix(".csv.partial")
            partial.write_text(self.text(), encoding="utf-8", newline="")
            os.replace(partial, path)
        return path


def import_table(path: str | Path, ground: Ground | None = None) -> Import:
    """Read a table in any of the shapes that people have, and check it as the seed tables are.

    Raises :class:`~sim.errors.SeedTableError`: that the file is not such a table and what it
    lacks, or every problem of its rows, at the lines of the file.
    """
    land = ground or Ground.default()
    file = Path(path)
    sheet = read_sheet(file, frozenset().union(*(shape.known for shape in SHAPES)))
    shape = _shape(sheet)
    taken = shape.take(sheet, land)
    if not taken.rows:
        raise SeedTableError(
            f"none of its {len(sheet.rows)} rows can be taken: {_reasons(taken)}",
            path=file,
            remedy="Take an export that covers the districts of the ground ('panj ground show').",
        )
    rows: list[Row[Any]]
    rows, problems = typed(taken.rows, file, ROW_TYPES[taken.kind])
    both = [*taken.mending.problems, *problems]
    if taken.kind == "incidents":
        return Import(sheet, shape, taken, sound_incidents(rows, both, file, land))
    return Import(sheet, shape, taken, sound_aggregates(rows, both, file))


def _reasons(taken: Taken) -> str:
    return "; ".join(dict.fromkeys(row.value for row in taken.left))


def _shape(sheet: Sheet) -> Shape:
    """The shape of a table by its columns."""
    columns = frozenset(sheet.columns)
    for shape in SHAPES:
        if shape.fits(columns):
            return shape
    nearest = max(SHAPES, key=lambda shape: len(shape.known & columns))
    if not nearest.known & columns:
        wanted = "; ".join(f"{s.name} has {', '.join(sorted(s.needs))}" for s in SHAPES)
        raise SeedTableError(
            f"has no column that is known here (it has {_listed(sheet.columns)}, separated by "
            f"{sheet.separator})",
            path=sheet.path,
            line=1,
            remedy=f"Name the columns as the seed tables do: {wanted}.",
        )
    lacking = sorted(nearest.needs - columns) or [f"one of {', '.join(sorted(nearest.one_of))}"]
    guesses = [near(name, columns - nearest.known) for name in lacking]
    raise SeedTableError(
        f"looks like {nearest.name}, but has no column {', '.join(lacking)} (it has "
        f"{_listed(sheet.columns)})",
        path=sheet.path,
        line=1,
        remedy=" ".join(filter(None, guesses)) or "Add or name it; docs/calibration.md lists them.",
    )


def _listed(columns: Sequence[str], most: int = 12) -> str:
    more = f" and {len(columns) - most} more" if len(columns) > most else ""
    return f"{', '.join(columns[:most])}{more}"
