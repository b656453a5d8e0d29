"""The one who writes to a store: takes parcels in, joins parts, sets damage aside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.errors import StoreError
from sim.runs import files, parts
from sim.runs.canonical import as_parquet
from sim.runs.catalogue import Catalogue, Manifest
from sim.runs.parts import Part
from sim.runs.provenance import utc_now
from sim.runs.rows import TABLES, TableName
from sim.runs.work import Parcel

if TYPE_CHECKING:
    import pyarrow as pa

JOIN_AT: Final = 64
"""So many parts of one stretch of replicates are joined at once."""


class Damage(NamedTuple):
    """A part of which a file cannot be trusted, which one, and what is wrong with it."""

    part: Part
    file: str
    reason: str

    def told(self, manifest: Manifest) -> str:
        """The damage in words, with the scenario and the replicates that are concerned."""
        names = {digest: name for name, digest in manifest.digests.items()}
        whose = names.get(self.part.digest, self.part.digest)
        runs = parts.spans(self.part.replicates)
        return f"{self.file} {self.reason} ({whose}, replicates {runs})"


def damages(store: Path, listed: Iterable[Part]) -> list[Damage]:
    """Read every file of every part and compare its checksum."""
    found = []
    for part in listed:
        for table in part.sums:
            try:
                parts.content(store, part, table)
            except FileNotFoundError:
                found.append(Damage(part, part.file(table), "is gone"))
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
        files.check_plain(self.store, TABLES)
        with files.writing(self.store):
            for name, content in self._single.items():
                files.write_beside(self.store / name, content)
            self.manifest.sums = {n: files.checksum(c) for n, c in self._single.items()}
            self.manifest.closed = False
            self._catalogue = Catalogue.create(self.store, self.manifest)
            listed = self._catalogue.contents().parts
            found = damages(self.store, listed)
            for damage in found:
                files.set_aside(self.store, damage.part.files)
            lost = [damage.part for damage in found]
            self._catalogue.write(self.manifest, drop=lost)
            for name in self._single:
                files.finish(self.store / name)
            self._take_up([part for part in listed if part not in lost])
            for part in self.parts:
                if runs := retry(part):
                    self._replace([part], runs)
        return [damage.told(self.manifest) for damage in found]

    @property
    def parts(self) -> list[Part]:
        """Every part that counts."""
        return [part for group in self._open.values() for part in group]

    def add(self, parcel: Parcel) -> None:
        """Take in a chunk; it counts once the catalogue lists it, and then in every table."""
        part = parts.made(*parcel.chunk, parcel.failed, parcel.files)
        with files.writing(self.store):
            for table, content in parcel.files.items():
                files.put(self.store, part.file(table), content, durable=False)
            self._catalogue.write(add=[part])
            group = self._open[part.digest, part.block]
            group.append(part)
            if len(group) >= JOIN_AT:
                self._replace(group)

    def close(self) -> None:
        """Join what is in pieces and let the manifest say that all is in order."""
        with files.writing(self.store):
            # An interruption may have come before a part was noted here.
            self._take_up(self._catalogue.contents().parts)
            self.manifest.closed = True
            self.manifest.history[-1]["finished"] = utc_now()
            self._catalogue.write(self.manifest)
        self._catalogue.close()

    def _take_up(self, listed: Sequence[Part]) -> None:
        """Begin from these parts: nothing else in the folder counts, and stretches are joined."""
        self._open.clear()
        for part in listed:
            self._open[part.digest, part.block].append(part)
        known = {name for part in listed for name in part.files}
        for table in TABLES:
            names = files.names_in(self.store / table)
            self._remove(
                f"{table}/{name}"
                for name in names
                if parts.is_part(name) and f"{table}/{name}" not in known
            )
        for name in known:
            files.finish(self.store / name)
        for folder in (".", *TABLES):
            names = files.names_in(self.store / folder)
            self._remove(f"{folder}/{name}" for name in names if name.endswith(files.PARTIAL))
        for group in list(self._open.values()):
            if len(group) > 1:
                self._replace(group)

    def _replace(self, old: Sequence[Part], leave_out: Sequence[int] = ()) -> None:
        """Put one part in the place of some, without certain runs; none where nothing is left.

        Its files get their names only when the old ones are gone, so a program that reads the
        folder sees no run twice.
        """
        tables = {table: self._joined(old, table, leave_out) for table in self.manifest.tables}
        runs = {run for part in old for run in part.replicates} - set(leave_out)
        failed = {run for part in old for run in part.failed} - set(leave_out)
        content = {table: as_parquet(rows) for table, rows in tables.items()}
        new = [parts.made(old[0].digest, runs, failed, content)] if runs else []
        for part in new:
            for table, held in content.items():
                files.write_beside(self.store / part.file(table), held)
        self._catalogue.write(add=new, drop=old)
        self._open[old[0].digest, old[0].block] = new
        self._remove(name for part in old for name in part.files)
        for part in new:
            for name in part.files:
                files.finish(self.store / name)

    def _joined(self, old: Sequence[Part], table: TableName, leave_out: Sequence[int]) -> pa.Table:
        rows = parts.joined([parts.read(self.store, part, table) for part in old])
        return parts.without(rows, leave_out) if leave_out else rows

    def _remove(self, names: Iterable[str]) -> None:
        for name in names:
            (self.store / name).unlink(missing_ok=True)
