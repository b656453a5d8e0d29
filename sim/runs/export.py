"""Export of a table of a store to one file for other programs."""

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
    """Write a table to a new file, in the format of its suffix, and return the number of rows.

    The file appears whole or not at all. Raises :class:`sim.errors.OutputError` for a suffix
    other than ``.csv``, ``.parquet`` and ``.arrow``, for a file that exists already, and when
    the disk refuses.
    """
    check_new(target, SUFFIXES, "no table can be written in this format", force=force)
    import pyarrow as pa

    pieces = store.pieces(table, scenarios)
    columns = schema(table, store.measured)
    rows = 0
    with partial_file(target) as partial, _sink(target.suffix, partial, columns) as sink:
        for piece in pieces:
            rows += piece.num_rows
            for field in columns:  # an outcome of one ground is null on another
                if field.name not in piece.column_names:
                    piece = piece.append_column(field, pa.nulls(len(piece), field.type))
            sink.write_table(piece.select(columns.names).cast(columns))
    return rows


def check_new(target: Path, endings: Sequence[str], reason: str, *, force: bool) -> None:
    """Refuse a name with another ending, for ``reason``, and a file that exists already."""
    if not target.name.endswith(tuple(endings)):
        remedy = f"Let the name end in {', '.join(endings)}."
        raise OutputError(reason, path=target, remedy=remedy)
    if target.exists() and not force:
        raise OutputError("exists already", path=target, remedy="Replace it with --force.")


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
def partial_file(target: Path) -> Iterator[Path]:
    """The path of a file to write, which takes the target's name once it is complete."""
    partial = target.with_name(f".{target.name}{PARTIAL}")
    try:
        with output_errors(target):
            yield partial
            partial.replace(target)
    finally:
        with suppress(OSError):  # what could not be written there cannot be taken away either
            partial.unlink()
