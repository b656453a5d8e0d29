"""A table of a store as one file for other programs, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.errors import OutputError, output_errors
from sim.runs.store import Store
from sim.runs.store_files import PARTIAL
from sim.runs.store_tables import TableName, schema

if TYPE_CHECKING:
    import pyarrow as pa

SUFFIXES: Final = (".csv", ".parquet", ".arrow")


def export(
    store: Store,
    table: TableName,
    target: Path,
    scenarios: Sequence[str] | None = None,
    *,
    force: bool = False,
) -> int:
    """Write a table to a new file, in the form that its suffix names, and return its rows.

    The file appears whole or not at all. Raises :class:`sim.errors.OutputError` for a suffix
    that is none of ``.csv``, ``.parquet`` and ``.arrow``, for a file that is there already, and
    when the disk refuses.
    """
    check_new(target, SUFFIXES, "no table can be written in this form", force=force)
    import pyarrow as pa

    pieces = store.pieces(table, scenarios)
    columns = schema(table, store.measured)
    rows = 0
    with beside(target) as partial, _sink(target.suffix, partial, columns) as sink:
        for piece in pieces:
            rows += piece.num_rows
            for field in columns:  # an outcome of one ground is null on another
                if field.name not in piece.column_names:
                    piece = piece.append_column(field, pa.nulls(len(piece), field.type))
            sink.write_table(piece.select(columns.names).cast(columns))
    return rows


def check_new(target: Path, endings: Sequence[str], reason: str, *, force: bool) -> None:
    """Refuse a name with another ending, for a reason, and a file that is there already."""
    if not target.name.endswith(tuple(endings)):
        remedy = f"Let the name end in {', '.join(endings)}."
        raise OutputError(reason, path=target, remedy=remedy)
    if target.exists() and not force:
        raise OutputError("is there already", path=target, remedy="Replace it with --force.")


def _sink(suffix: str, path: Path, columns: pa.Schema) -> Any:
    import pyarrow as pa
    import pyarrow.csv as csv
    import pyarrow.parquet as pq

    if suffix == ".csv":
        return csv.CSVWriter(path, columns)
    if suffix == ".parquet":
        return pq.ParquetWriter(path, columns, compression="zstd")
    return pa.ipc.new_file(str(path), columns)


@contextmanager
def beside(target: Path) -> Iterator[Path]:
    """Where to write what takes the target's name when it is whole."""
    partial = target.with_name(f".{target.name}{PARTIAL}")
    try:
        with output_errors(target):
            yield partial
            partial.replace(target)
    finally:
        with suppress(OSError):  # what could not be written there cannot be taken away either
            partial.unlink()
