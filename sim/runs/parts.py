"""A part: finished runs of one scenario, as one Parquet file per table.

::

    STORE/
      store.sqlite          the catalogue: scenarios, code, every part and its runs
      outcomes/             one or more parts for each scenario and 2,500 replicates
      districts/            the same, if kept
      incidents/            the same, if kept
      parameters.parquet    what each scenario and draw sets
      draws.parquet         the draws of uncertain parameters, if there are any
      damaged/              files that failed their checksum

A part is never changed. It counts once the catalogue lists it. Parts of one stretch of replicates
are joined into a new part, which replaces them in one transaction.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import batched, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self, cast

from sim.errors import StoreError
from sim.runs import store_files
from sim.runs.store_tables import TableName, check

if TYPE_CHECKING:
    import pyarrow as pa

BLOCK: Final = 2500
"""Replicates of one scenario in one joined part; a multiple of the stride of the chunks."""

_READERS: Final = 4


class Part(NamedTuple):
    """Runs of one scenario and one stretch of :data:`BLOCK` replicates.

    ``mark`` identifies the part: it is the beginning of the checksum of its outcomes. ``sums``
    has the checksum of its file in each table. ``replicates`` increase; they are a range where
    they have no gap, since a large store has many parts.
    """

    digest: str
    block: int
    replicates: Sequence[int]
    failed: Sequence[int]
    mark: str
    sums: Mapping[str, str]

    def file(self, table: str) -> str:
        """Path of its file of a table, below the store."""
        return f"{table}/{self.digest}.{self.block:05d}.{self.mark}.parquet"

    @property
    def files(self) -> list[str]:
        """All of its files."""
        return [self.file(table) for table in self.sums]

    @property
    def place(self) -> tuple[str, int, int]:
        """The key by which parts are sorted: digest, block, first replicate."""
        return self.digest, self.block, self.replicates[0]

    def row(self) -> tuple[Any, ...]:
        """Its row in the catalogue."""
        runs = spans(self.replicates), spans(self.failed)
        return (self.mark, self.digest, self.block, *runs, json.dumps(self.sums))

    @classmethod
    def of(cls, row: Sequence[Any]) -> Self:
        """The part of a row. Raises ``ValueError``, ``TypeError`` or the like for another row."""
        mark, digest, block, replicates, failed, sums = row
        checksums = {str(table): str(total) for table, total in json.loads(sums).items()}
        runs = numbers(replicates, block), numbers(failed, block)
        part = cls(digest, block, *runs, mark, checksums)
        if not is_part(Path(part.file("")).name):
            raise ValueError(f"{mark!r} is not a part")
        if not part.replicates or (part.failed and not set(part.failed) <= set(part.replicates)):
            raise ValueError(f"part {mark} lists no runs, or failed runs that it does not hold")
        return part


_NAME: Final = re.compile(r"[0-9a-f]{32}\.[0-9]{5,}\.[0-9a-f]{16}\.parquet")


def is_part(name: str) -> bool:
    """Whether a file name is that of a part."""
    return _NAME.fullmatch(name) is not None


def new_part(
    digest: str, runs: Iterable[int], failed: Iterable[int], content: Mapping[TableName, bytes]
) -> tuple[Part, dict[str, bytes]]:
    """Make a part of these files; returned with the files by their path inside the store."""
    replicates = _compact(sorted(runs))
    sums: dict[str, str] = {table: store_files.checksum(held) for table, held in content.items()}
    mark = sums["outcomes"][:16]
    block = replicates[0] // BLOCK
    part = Part(digest, block, replicates, _compact(sorted(failed)), mark, sums)
    return part, {part.file(table): held for table, held in content.items()}


def join(
    store: Path, old: Sequence[Part], tables: Sequence[TableName], leave_out: Sequence[int]
) -> tuple[list[Part], dict[str, bytes]]:
    """Join parts into one without certain runs (none where no run is left); with its files."""
    runs = {run for part in old for run in part.replicates} - set(leave_out)
    failed = {run for part in old for run in part.failed} - set(leave_out)
    if not runs:
        return [], {}
    rows = {table: joined([read(store, part, table) for part in old]) for table in tables}
    if leave_out:
        rows = {table: without(held, leave_out) for table, held in rows.items()}
    content = {table: as_parquet(held) for table, held in rows.items()}
    part, named = new_part(old[0].digest, runs, failed, content)
    return [part], named


def spans(replicates: Sequence[int]) -> str:
    """Increasing numbers as text: ``0-49 51``."""
    if isinstance(replicates, range):
        return _span(replicates[0], replicates[-1])
    runs = groupby(enumerate(replicates), lambda pair: pair[1] - pair[0])
    ends = [[number for _, number in run] for _, run in runs]
    return " ".join(_span(e[0], e[-1]) for e in ends)


def _span(first: int, last: int) -> str:
    return f"{first}-{last}" if last > first else f"{first}"


def numbers(text: str, block: int) -> Sequence[int]:
    """The numbers in a text of :func:`spans`. Raises ``ValueError`` for any other text."""
    ends = [[int(end) for end in span.split("-")] for span in text.split()]
    found = [range(span[0], span[-1] + 1) for span in ends]
    # Each span begins after the one before, with a gap, and all lie in the stretch.
    bounds = [block * BLOCK - 2, *(b for r in found for b in (r.start, r.stop - 1))]
    apart = all(a + 1 < b for a, b in batched(bounds[:-1], 2))
    if not (apart and bounds[-1] < (block + 1) * BLOCK):
        found = []
    if " ".join(_span(each[0], each[-1]) for each in found if each) != text:
        raise ValueError(f"{text[:40]!r} does not name runs of stretch {block}")
    return found[0] if len(found) == 1 else tuple(number for each in found for number in each)


def _compact(replicates: Sequence[int]) -> Sequence[int]:
    """Increasing numbers as a range where they have no gap, else as a tuple."""
    if replicates and replicates[-1] - replicates[0] == len(replicates) - 1:
        return range(replicates[0], replicates[-1] + 1)
    return tuple(replicates)


# -- reading ------------------------------------------------------------------------------


def content(store: Path, part: Part, table: str) -> bytes:
    """Return the content of a file of a part.

    Raises ``FileNotFoundError``, and :class:`~sim.errors.StoreError` where it is damaged.
    """
    remedy = f"'panj batch -n N -o {store}' sets it aside and makes its runs again."
    return store_files.read_checked(store / part.file(table), part.sums[table], remedy)


def read(store: Path, part: Part, table: str, columns: Sequence[str] | None = None) -> pa.Table:
    """Read the rows of a part; columns that it does not have are left out.

    Raises ``FileNotFoundError``, and :class:`~sim.errors.StoreError` where the file is damaged or
    holds another table.
    """
    held = content(store, part, table)
    try:
        rows = from_parquet(held, columns)
        check(rows, cast(TableName, table), columns)
        if table == "outcomes" and rows.num_rows != len(part.replicates):
            raise ValueError(f"it has {rows.num_rows} rows for {len(part.replicates)} runs")
    except ValueError as error:
        raise StoreError(
            f"does not hold what the catalogue says ({store_files.short(error)})",
            path=store / part.file(table),
            remedy="Restore the store from a copy, or use a new one.",
        ) from error
    return rows


def as_parquet(table: pa.Table) -> bytes:
    """A table as the bytes of a Parquet file; the same rows give the same bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return sink.getvalue().to_pybytes()


def from_parquet(held: bytes, columns: Sequence[str] | None = None) -> pa.Table:
    """A table from the bytes of a Parquet file. Raises ``ValueError`` for other bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(io.BytesIO(held)) as file:
            names = file.schema_arrow.names
            wanted = None if columns is None else [name for name in columns if name in names]
            return file.read(wanted, use_threads=False)
    except (pa.ArrowException, OSError) as error:
        raise ValueError(str(error)) from error


def pieces(
    store: Path,
    parts: Iterable[Part],
    table: TableName,
    columns: Sequence[str] | None = None,
) -> Iterator[pa.Table]:
    """Yield a table in pieces of one stretch of replicates, in their order.

    ``parts`` are sorted by digest and block, as in a catalogue. ``columns`` must include
    ``replicate``. Only a few files are read ahead.
    """
    with ThreadPoolExecutor(_READERS) as pool:
        ahead: list[Any] = []
        for _, group in groupby(parts, key=lambda part: (part.digest, part.block)):
            ahead.append([pool.submit(read, store, part, table, columns) for part in group])
            if len(ahead) > _READERS:
                yield joined([piece.result() for piece in ahead.pop(0)])
        for group_read in ahead:
            yield joined([piece.result() for piece in group_read])


def joined(tables: Sequence[pa.Table]) -> pa.Table:
    """Tables of one stretch as one, in the order of replicates."""
    import pyarrow as pa

    if len(tables) == 1:
        return tables[0]
    return in_order(pa.concat_tables(tables, promote_options="default"))


def in_order(table: pa.Table) -> pa.Table:
    """Sort rows by replicate; the rows of one replicate keep their order."""
    return table.sort_by("replicate").combine_chunks()


def replicates(table: pa.Table) -> list[int]:
    """The column of replicates."""
    return cast(list[int], table["replicate"].to_pylist())


def without(table: pa.Table, runs: Collection[int]) -> pa.Table:
    """The rows of all replicates but these."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from sim.runs.arrow import column

    out = pc.is_in(table["replicate"], column(sorted(runs), pa.int64()))
    return table.filter(pc.invert(out))
