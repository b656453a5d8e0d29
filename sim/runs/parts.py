"""Reading parts: a finished part and the chunks that no part holds yet, as one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from sim.runs import files as place
from sim.runs.files import Block, Pending
from sim.runs.rows import TableName

if TYPE_CHECKING:
    import pyarrow as pa

_TRIES: Final = 5
"""A batch that is running may join chunks between our looking and our reading."""


def by_block(store: Path, digests: Iterable[str]) -> Iterator[tuple[Block, list[Pending]]]:
    """Every stretch of replicates that holds runs, by digest as given, with its open chunks."""
    open_chunks = {
        block: list(chunks)
        for block, chunks in groupby(place.pending(store), lambda chunk: chunk.block)
    }
    known = sorted({*place.blocks(store), *open_chunks})
    for digest in digests:
        for block in known:
            if block.digest == digest:
                yield block, open_chunks.get(block, [])


def read_block(
    store: Path,
    block: Block,
    chunks: Sequence[Pending],
    table: TableName,
    columns: Sequence[str] | None = None,
) -> pa.Table:
    """The rows of a stretch, in the order of replicates; of a run in both, the chunk's rows.

    ``columns`` must hold ``replicate``.
    """
    import pyarrow as pa

    if not chunks:
        return _read(store / place.part(block, table), columns)
    newer = [_read(store / place.chunk_file(chunk, table), columns) for chunk in chunks]
    older = _kept(store, block, chunks, table, columns)
    return in_order(pa.concat_tables([*older, *newer], promote_options="default"))


def _kept(
    store: Path,
    block: Block,
    chunks: Sequence[Pending],
    table: TableName,
    columns: Sequence[str] | None,
) -> list[pa.Table]:
    """The rows of a part that no chunk replaces.

    A batch killed between two tables leaves the other parts ahead of that of the outcomes: what
    has no outcome there does not count.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    part = store / place.part(block, table)
    outcomes = store / place.part(block, "outcomes")
    if not part.exists() or not outcomes.exists():
        return []
    counted = set(replicates(_read(outcomes, ["replicate"])))
    for chunk in chunks:
        again = _read(store / place.chunk_file(chunk, "outcomes"), ["replicate"])
        counted -= set(replicates(again))
    old = _read(part, columns)
    return [old.filter(pc.is_in(old["replicate"], pa.array(sorted(counted), pa.int64())))]


def replicates(table: pa.Table) -> list[int]:
    """The column of replicates."""
    return cast(list[int], table["replicate"].to_pylist())


def in_order(table: pa.Table) -> pa.Table:
    """Sort rows by replicate; those of one replicate stay as they are."""
    import numpy as np

    order = np.argsort(table["replicate"].to_numpy(), kind="stable")
    return table.take(order).combine_chunks()


def read_all(
    store: Path,
    digests: Sequence[str],
    table: TableName,
    columns: Sequence[str] | None = None,
) -> Iterator[pa.Table]:
    """A table piece by piece, never more than one part of it in memory."""
    for block, chunks in by_block(store, digests):
        yield _patiently(store, block, chunks, table, columns)


def _patiently(
    store: Path,
    block: Block,
    chunks: Sequence[Pending],
    table: TableName,
    columns: Sequence[str] | None,
) -> pa.Table:
    for _ in range(_TRIES):
        try:
            return read_block(store, block, chunks, table, columns)
        except FileNotFoundError:
            chunks = [chunk for chunk in place.pending(store) if chunk.block == block]
    return read_block(store, block, chunks, table, columns)


def _read(path: Path, columns: Sequence[str] | None) -> pa.Table:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        names = file.schema_arrow.names
        wanted = None if columns is None else [name for name in columns if name in names]
        return file.read(wanted)


def finished(store: Path, digest: str, *, retry_failed: bool = False) -> set[int]:
    """The replicates of a scenario that need no run; with ``retry_failed`` failed ones do."""
    import pyarrow as pa
    import pyarrow.compute as pc

    done: set[int] = set()
    for piece in read_all(store, [digest], "outcomes", ["replicate", "status"]):
        chosen = (
            piece.filter(pc.equal(piece["status"], pa.scalar("done"))) if retry_failed else piece
        )
        done.update(replicates(chosen))
    return done
