"""What a store holds, and how far its last batch is: that of the page, or of a command line."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from sim.errors import PanjError
from sim.runs import lock
from sim.runs.catalogue import FILES, Contents, is_store, read


class LastBatch(NamedTuple):
    """The last batch of a store: what it was to fill, and how far it is.

    ``scenarios`` are names; ``replicates`` of each were wanted. ``there`` of ``wanted`` runs have
    ended, ``failed`` of them in vain.
    """

    scenarios: list[str]
    replicates: int
    there: int
    wanted: int
    failed: int
    command: str


class StoreState(NamedTuple):
    """A store at one instant.

    ``contents`` are ``None`` of a store that is not begun, or cannot be read: then ``trouble``
    says why. ``in_use`` tells whether some process writes to it. ``stamp`` changes with its runs.
    """

    contents: Contents | None = None
    in_use: bool = False
    trouble: str = ""
    stamp: str = ""

    @property
    def runs(self) -> dict[str, tuple[int, int]]:
        """How many replicates of each scenario have ended, and how many of them failed."""
        if self.contents is None:
            return {}
        ended, failed = Counter[str](), Counter[str]()
        for part in self.contents.parts:
            ended[part.digest] += len(part.replicates)
            failed[part.digest] += len(part.failed)
        digests = self.contents.manifest.digests
        return {name: (ended[digest], failed[digest]) for name, digest in digests.items()}

    @property
    def last(self) -> LastBatch | None:
        """The last batch; ``None`` where none has begun."""
        if self.contents is None or not self.contents.manifest.history:
            return None
        manifest = self.contents.manifest
        entry = manifest.history[-1]
        names, replicates = list(entry["scenarios"]), int(entry["replicates"])
        digests = {manifest.digests[name] for name in names if name in manifest.digests}
        there, failed = self.ended(digests, replicates)
        wanted = len(names) * replicates
        return LastBatch(names, replicates, there, wanted, failed, entry.get("command") or "")

    @property
    def closed(self) -> bool:
        """Whether the last batch came to its end, or was stopped in order."""
        return self.contents is None or self.contents.manifest.closed

    def days(self, names: Collection[str]) -> float:
        """The horizons of some of its scenarios, added up; those that it has."""
        there = self.contents.manifest.scenarios if self.contents else {}
        return sum(float(there[name].values["days"]) for name in names if name in there)

    def ended(self, digests: Collection[str], replicates: int) -> tuple[int, int]:
        """How many of the first replicates of some scenarios have ended, and failed."""
        parts = (
            [part for part in self.contents.parts if part.digest in digests]
            if self.contents
            else []
        )
        return (
            sum(bisect_left(part.replicates, replicates) for part in parts),
            sum(bisect_left(part.failed, replicates) for part in parts),
        )


class StoreWatcher:
    """A store that is looked at again and again, and read only when it has changed."""

    def __init__(self, store: Path) -> None:
        self.store = store
        self._signed: object = None
        self._held = StoreState()

    def look(self) -> StoreState:
        """The store as it is now; what is wrong with it stands in ``trouble``."""
        signed = [_signature(self.store / name) for name in FILES]
        if signed != self._signed:
            self._signed, self._held = signed, _read(self.store)
        return self._held._replace(in_use=lock.in_use(self.store))


def _signature(path: Path) -> tuple[int, int, int] | None:
    try:
        seen = path.lstat()
    except OSError:
        return None
    return seen.st_ino, seen.st_size, seen.st_mtime_ns


def _read(store: Path) -> StoreState:
    try:
        if not is_store(store):
            return StoreState()
        contents = read(store)
        marks = sha256(repr([part.mark for part in contents.parts]).encode()).hexdigest()
        return StoreState(contents, stamp=marks[:16])
    except PanjError as error:
        return StoreState(trouble=str(error))
