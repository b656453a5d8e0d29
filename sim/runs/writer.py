"""The writer of a store: adds the results of chunks, joins parts, sets damaged files aside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from sim.errors import StoreError
from sim.runs import parts, store_files
from sim.runs.catalogue import Catalogue, Manifest
from sim.runs.chunks import ChunkResult
from sim.runs.parts import Part
from sim.runs.provenance import utc_now
from sim.runs.store_tables import TABLES

JOIN_AT: Final = 64
"""When a stretch of replicates has this many parts, they are joined."""


class Damage(NamedTuple):
    """A part with a damaged or missing file: the part, the file, and what is wrong with it."""

    part: Part
    file: str
    reason: str

    def message(self, manifest: Manifest) -> str:
        """The damage in words, with the scenario and the replicates of the part."""
        scenario = manifest.names.get(self.part.digest, self.part.digest)
        runs = parts.spans(self.part.replicates)
        return f"{self.file} {self.reason} ({scenario}, replicates {runs})"


def find_damage(store: Path, listed: Iterable[Part]) -> list[Damage]:
    """Read every file of every part and check its checksum.

    Raises :class:`~sim.runs.store_files.RefusedError` where the system refuses to read one.
    """
    found = []
    for part in listed:
        for table in part.sums:
            try:
                parts.content(store, part, table)
            except FileNotFoundError:
                found.append(Damage(part, part.file(table), "is gone"))
            except store_files.RefusedError:
                raise
            except StoreError as error:
                found.append(Damage(part, part.file(table), error.problems[0].reason))
            else:
                continue
            break
    return found


class Writer:
    """Writes to a store whose lock is held.

    The process may be killed at any instant: runs in the catalogue stay, and the next
    :meth:`begin` removes the rest. Every method raises :class:`sim.errors.OutputError` when the
    disk refuses, and nothing is lost then.
    """

    def __init__(self, store: Path, manifest: Manifest, single: Mapping[str, bytes]) -> None:
        self.store = store
        self.manifest = manifest
        self._single = single
        """Files that are not parts, by name."""
        self._open: defaultdict[tuple[str, int], list[Part]] = defaultdict(list)

    def begin(self, retry: Callable[[Part], Sequence[int]] = lambda part: ()) -> list[str]:
        """Clear up after the last writer, and mark the store as being written to.

        ``retry`` returns the runs of a part that should be made again. Returns descriptions of
        damaged and missing files; their parts are set aside, and their runs count as missing.
        """
        store_files.check_plain(self.store, (*TABLES, store_files.DAMAGED))
        with store_files.writing(self.store):
            self.manifest.sums = store_files.put_beside(self.store, self._single)
            self.manifest.closed = False
            self._catalogue = Catalogue.create(self.store, self.manifest)
            listed = self._catalogue.contents().parts
            found = find_damage(self.store, listed)
            for damage in found:
                store_files.set_aside(self.store, damage.part.files)
            lost = [damage.part for damage in found]
            self._catalogue.write(self.manifest, drop=lost)
            store_files.finish(self.store, self.manifest.sums)
            self._load([part for part in listed if part not in lost])
            for part in self.parts:
                if runs := retry(part):
                    self._replace([part], runs)
        return [damage.message(self.manifest) for damage in found]

    @property
    def parts(self) -> list[Part]:
        """Every part of the store."""
        return [part for group in self._open.values() for part in group]

    def add(self, result: ChunkResult) -> None:
        """Add the result of a chunk; its runs count once the catalogue lists them."""
        part, named = parts.new_part(*result.chunk, result.failed, result.files)
        with store_files.writing(self.store):
            store_files.put_all(self.store, named)
            self._catalogue.write(add=[part])
            group = self._open[part.digest, part.block]
            group.append(part)
            whole = sum(len(each.replicates) for each in group) == parts.BLOCK
            if len(group) >= JOIN_AT or (whole and len(group) > 1):
                self._replace(group)

    def recover(self) -> None:
        """After an interruption: continue from the parts in the catalogue."""
        with store_files.writing(self.store):
            self._load(self._catalogue.contents().parts)

    def close(self) -> None:
        """Join the parts of each stretch and mark the store as closed."""
        with store_files.writing(self.store):
            self._join_all()
            self.manifest.closed = True
            self.manifest.history[-1]["finished"] = utc_now()
            self._catalogue.write(self.manifest)
        self._catalogue.close()

    def _load(self, listed: Sequence[Part]) -> None:
        """Start from these parts: remove all other files of parts, and join stretches."""
        self._open.clear()
        for part in listed:
            self._open[part.digest, part.block].append(part)
        known = {part.file(table): total for part in listed for table, total in part.sums.items()}
        for table in self.manifest.tables:
            store_files.sweep(self.store / table, known, parts.is_part)
        store_files.finish(self.store, known)
        for folder in (".", *self.manifest.tables):
            store_files.sweep(self.store / folder, (), store_files.is_partial)
        self._join_all()

    def _join_all(self) -> None:
        for group in list(self._open.values()):
            if len(group) > 1:
                self._replace(group)

    def _replace(self, old: Sequence[Part], leave_out: Sequence[int] = ()) -> None:
        """Replace parts by one part without certain runs, or by none where no run is left.

        The new files get their names only after the old ones are removed, so a program that reads
        the folder sees no run twice.
        """
        new, named = parts.join(self.store, old, self.manifest.tables, leave_out)
        sums = store_files.put_beside(self.store, named)
        self._catalogue.write(add=new, drop=old)
        self._open[old[0].digest, old[0].block] = new
        store_files.remove(self.store, [name for part in old for name in part.files])
        store_files.finish(self.store, sums)
