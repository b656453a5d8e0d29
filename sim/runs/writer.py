"""The one who writes to a store: takes parcels in, joins parts, sets damage aside."""

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
"""So many parts of one stretch of replicates are joined at once."""


class Damage(NamedTuple):
    """A part of which a file cannot be trusted, which one, and what is wrong with it."""

    part: Part
    file: str
    reason: str

    def told(self, manifest: Manifest) -> str:
        """The damage in words, with the scenario and the replicates that are concerned."""
        whose = manifest.names.get(self.part.digest, self.part.digest)
        runs = parts.spans(self.part.replicates)
        return f"{self.file} {self.reason} ({whose}, replicates {runs})"


def find_damage(store: Path, listed: Iterable[Part]) -> list[Damage]:
    """Read every file of every part and compare its checksum.

    Raises :class:`~sim.runs.store_files.RefusedError` where the system does not let it.
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

    At any instant the process may be killed: what counted as done stays done, and the rest is
    recognised and cleared away by the next :meth:`begin`. Every method raises
    :class:`sim.errors.OutputError` when the disk refuses, and loses nothing by it.
    """

    def __init__(self, store: Path, manifest: Manifest, single: Mapping[str, bytes]) -> None:
        self.store = store
        self.manifest = manifest
        self._single = single
        """Files that are not parts, by name."""
        self._open: defaultdict[tuple[str, int], list[Part]] = defaultdict(list)

    def begin(self, retry: Callable[[Part], Sequence[int]] = lambda part: ()) -> list[str]:
        """Clear up after the last writer, and mark the store as being written to.

        ``retry`` says which runs of a part are to be made again. Returns in words what was
        damaged or gone: it is set aside, and its runs are missing.
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
            self._take_up([part for part in listed if part not in lost])
            for part in self.parts:
                if runs := retry(part):
                    self._replace([part], runs)
        return [damage.told(self.manifest) for damage in found]

    @property
    def parts(self) -> list[Part]:
        """Every part that counts."""
        return [part for group in self._open.values() for part in group]

    def add(self, parcel: ChunkResult) -> None:
        """Take in a chunk; it counts once the catalogue lists it, and then in every table."""
        part, named = parts.made(*parcel.chunk, parcel.failed, parcel.files)
        with store_files.writing(self.store):
            store_files.put_all(self.store, named)
            self._catalogue.write(add=[part])
            group = self._open[part.digest, part.block]
            group.append(part)
            whole = sum(len(each.replicates) for each in group) == parts.BLOCK
            if len(group) >= JOIN_AT or (whole and len(group) > 1):
                self._replace(group)

    def recover(self) -> None:
        """After an interruption: begin again from what counts."""
        with store_files.writing(self.store):
            self._take_up(self._catalogue.contents().parts)

    def close(self) -> None:
        """Join what is in pieces and let the manifest say that all is in order."""
        with store_files.writing(self.store):
            self._join_all()
            self.manifest.closed = True
            self.manifest.history[-1]["finished"] = utc_now()
            self._catalogue.write(self.manifest)
        self._catalogue.close()

    def _take_up(self, listed: Sequence[Part]) -> None:
        """Begin from these parts: nothing else in the folder counts, and stretches are joined."""
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
        """Put one part in the place of some, without certain runs; none where nothing is left.

        Its files get their names only when the old ones are gone, so a program that reads the
        folder sees no run twice.
        """
        new, named = parts.join(self.store, old, self.manifest.tables, leave_out)
        sums = store_files.put_beside(self.store, named)
        self._catalogue.write(add=new, drop=old)
        self._open[old[0].digest, old[0].block] = new
        store_files.remove(self.store, [name for part in old for name in part.files])
        store_files.finish(self.store, sums)
