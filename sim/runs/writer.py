"""The one who writes to a store: takes parcels in, joins chunks to parts, sets damage aside."""

from collections import defaultdict
from pathlib import Path
from typing import Final

from sim.runs import files as place
from sim.runs.canonical import as_parquet
from sim.runs.damage import inspect
from sim.runs.files import Block, Pending
from sim.runs.manifest import Manifest, forget, note
from sim.runs.parts import read_block
from sim.runs.provenance import utc_now
from sim.runs.work import Parcel

JOIN_AT: Final = 64
"""So many chunks of one stretch of replicates are joined to its part at once."""


class Writer:
    """Writes to a store whose lock is held.

    At any instant the process may be killed: what counted as done stays done, and the rest is
    recognised and cleared away by the next :meth:`begin`. Every method raises
    :class:`sim.errors.OutputError` when the disk refuses, and loses nothing by it.
    """

    def __init__(self, store: Path, manifest: Manifest) -> None:
        self.store = store
        self.manifest = manifest
        self._sums: dict[str, str] = {}
        self._open: defaultdict[Block, list[Pending]] = defaultdict(list)

    def begin(self) -> list[str]:
        """Clear up after whoever wrote last, and mark the store as being written to.

        Returns in words what was damaged or gone: it is set aside, and its runs are missing.
        """
        with place.writing(self.store):
            for path in place.leftovers(self.store):
                path.unlink(missing_ok=True)
            damages, self._sums = inspect(self.store, self.manifest)
            for damage in damages:
                place.set_aside(self.store, damage.files)
            self.manifest.closed = False
            self.manifest.write(self.store)
            self._join_all()
        return [damage.told(self.manifest) for damage in damages]

    def add(self, parcel: Parcel) -> None:
        """Take in a chunk; it counts from the moment when its outcomes are in their place."""
        pending = Pending(parcel.chunk.digest, parcel.chunk.replicates[0])
        files = {
            place.chunk_file(pending, table): parcel.files[table]
            for table in reversed(self.manifest.tables)  # outcomes come last
        }
        with place.writing(self.store):
            note(self.store, {name: place.checksum(files[name]) for name in files})
            for name, content in files.items():
                place.put(self.store, name, content, durable=False)
            chunks = self._open[pending.block]
            chunks.append(pending)
            if len(chunks) >= JOIN_AT:
                self._join(pending.block)

    def close(self) -> None:
        """Join what is open and let the manifest vouch for everything."""
        with place.writing(self.store):
            self._join_all()
            for path in place.leftovers(self.store):
                path.unlink(missing_ok=True)
            self.manifest.parts = dict(sorted(self._sums.items()))
            self.manifest.closed = True
            self.manifest.history[-1]["finished"] = utc_now()
            self.manifest.write(self.store)
            forget(self.store)

    def _join_all(self) -> None:
        """Join every chunk on disk: an interruption may have come before one was noted here."""
        self._open.clear()
        for pending in place.pending(self.store):
            self._open[pending.block].append(pending)
        for block in sorted(self._open):
            self._join(block)

    def _join(self, block: Block) -> None:
        """Join the chunks of a stretch to its part, the part of the outcomes last."""
        chunks = self._open[block]
        for table in reversed(self.manifest.tables):
            content = as_parquet(read_block(self.store, block, chunks, table))
            name = place.part(block, table)
            self._sums[name] = place.checksum(content)
            note(self.store, {name: self._sums[name]})
            place.put(self.store, name, content)
        for table in self.manifest.tables:  # without its outcomes a chunk does not count
            for chunk in chunks:
                (self.store / place.chunk_file(chunk, table)).unlink(missing_ok=True)
        del self._open[block]
