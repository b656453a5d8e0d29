"""The folder of a store: what its files are called, and how one appears there whole.

::

    STORE/
      store.json            what was run, with which code; every part with its checksum
      journal.jsonl         checksums since store.json was written; only while a batch runs
      outcomes/             one Parquet part for each scenario and 2,500 replicates
      districts/            the same, if kept
      incidents/            the same, if kept
      chunks/               parts not yet joined to those; only while a batch runs
      damaged/              what failed its checksum, out of the way

A part is written beside its place and moved over it, so a reader sees the old or the new, never
half of one.
"""

import hashlib
import os
import re
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, NamedTuple

from sim.errors import written_to
from sim.runs.rows import TABLES, TableName

MANIFEST: Final = "store.json"
JOURNAL: Final = "journal.jsonl"
CHUNKS: Final = "chunks"
DAMAGED: Final = "damaged"
PARTIAL: Final = ".partial"
"""Ending of a file that is being written; readers of Parquet folders pass over it."""

BLOCK: Final = 2500
"""Replicates of one scenario in one finished part; a multiple of the planner's stride."""

_PART: Final = re.compile(r"([0-9a-f]{32})\.([0-9]{5,})\.parquet")
_CHUNK: Final = re.compile(r"([0-9a-f]{32})\.([0-9]{9,})\.([a-z]+)\.parquet")


class Block(NamedTuple):
    """A stretch of :data:`BLOCK` replicates of one scenario, counted from 0."""

    digest: str
    number: int


class Pending(NamedTuple):
    """A chunk on disk that no part holds yet."""

    digest: str
    first: int

    @property
    def block(self) -> Block:
        """The stretch it belongs to."""
        return Block(self.digest, self.first // BLOCK)


def part(block: Block, table: TableName) -> str:
    """Path of a finished part below the store."""
    return f"{table}/{block.digest}.{block.number:05d}.parquet"


def chunk_file(pending: Pending, table: TableName) -> str:
    """Path of a chunk below the store."""
    return f"{CHUNKS}/{pending.digest}.{pending.first:09d}.{table}.parquet"


def blocks(store: Path, table: TableName = "outcomes") -> list[Block]:
    """The finished parts of a table, by digest and number."""
    found = (_PART.fullmatch(name) for name in _names(store / table))
    return sorted(Block(hit[1], int(hit[2])) for hit in found if hit)


def pending(store: Path, table: TableName = "outcomes") -> list[Pending]:
    """The chunks on disk that hold a table; a chunk counts once its outcomes are there."""
    found = (_CHUNK.fullmatch(name) for name in _names(store / CHUNKS))
    return sorted(Pending(hit[1], int(hit[2])) for hit in found if hit and hit[3] == table)


def leftovers(store: Path) -> list[Path]:
    """What a batch that was killed left half done: files being written, chunks never counted."""
    folders = [store, store / CHUNKS, *(store / table for table in TABLES)]
    half = [
        folder / name for folder in folders for name in _names(folder) if name.endswith(PARTIAL)
    ]
    counted = set(pending(store))
    stray = [
        store / chunk_file(chunk, table)
        for table in TABLES
        for chunk in pending(store, table)
        if chunk not in counted
    ]
    return half + stray


def foreign(store: Path) -> list[str]:
    """Parquet files that stand among the parts and are none of Panj's."""
    return [
        f"{table}/{name}"
        for table in TABLES
        for name in _names(store / table)
        if name.endswith(".parquet") and not _PART.fullmatch(name)
    ]


def put(store: Path, name: str, content: bytes, *, durable: bool = True) -> None:
    """Let a file appear whole, in the place of an older one; ``OSError`` as the disk says.

    ``durable`` waits until it would outlive a power cut.
    """
    target = store / name
    target.parent.mkdir(exist_ok=True)
    beside = target.with_name(f".{target.name}{PARTIAL}")
    try:
        with beside.open("wb") as file:
            file.write(content)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        beside.replace(target)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def write_file(path: Path, content: bytes) -> None:
    """Write a single file whole or not at all. Raises :class:`~sim.errors.OutputError`."""
    with written_to(path):
        put(path.parent, path.name, content)


def set_aside(store: Path, names: Iterable[str]) -> None:
    """Move files of the store to ``damaged/``, where nobody reads them."""
    for name in names:
        if (store / name).exists():
            (store / DAMAGED).mkdir(exist_ok=True)
            (store / name).replace(store / DAMAGED / name.replace("/", "-"))


def checksum(content: bytes) -> str:
    """SHA-256, as ``sha256sum`` prints it."""
    return hashlib.sha256(content).hexdigest()


def writing(store: Path) -> AbstractContextManager[None]:
    """Say a refusal of the disk as one error; what was written before it stays."""
    remedy = "Make room, or name a folder where you may write, and give the same command."
    return written_to(store, "; every finished part is kept", remedy)


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return []
