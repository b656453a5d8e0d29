"""What a store holds, and the progress of its last batch, started here or on a command line."""

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
    """The last batch of a store and its progress.

    It runs ``replicates`` of each of the ``scenarios`` (names). ``there`` of ``wanted`` runs have
    ended; ``failed`` of them failed.
    """

    scenarios: list[str]
    replicates: int
    there: int
    wanted: int
    failed: int
    command: str


class StoreState(NamedTuple):
    """A store at one instant.

    ``contents`` is None if the store does not exist yet or cannot be read; ``trouble`` says why.
    ``in_use`` tells whether a process writes to it. ``stamp`` changes with its runs.
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
        """The last batch; None without one."""
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
        """Whether the last batch ended or was stopped normally."""
        return self.contents is None or self.contents.manifest.closed

    def days(self, names: Collection[str]) -> float:
        """The sum of the horizons of these scenarios, without those that it does not have."""
        known = self.contents.manifest.scenarios if self.contents else {}
        return sum(float(known[name].values["days"]) for name in names if name in known)

    def ended(self, digests: Collection[str], replicates: int) -> tuple[int, int]:
        """How many of the first ``replicates`` of these scenarios have ended, and failed."""
        listed = self.contents.parts if self.contents else []
        parts = [part for part in listed if part.digest in digests]
        return (
            sum(bisect_left(part.replicates, replicates) for part in parts),
            sum(bisect_left(part.failed, replicates) for part in parts),
        )


class StoreWatcher:
    """A store that is checked repeatedly, and read only when it has changed."""

    def __init__(self, store: Path) -> None:
        self.store = store
        self._signatures: object = None
        self._state = StoreState()

    def look(self) -> StoreState:
        """The present state of the store; an error is in ``trouble``."""
        signatures = [_signature(self.store / name) for name in FILES]
        if signatures != self._signatures:
            self._signatures, self._state = signatures, _read(self.store)
        return self._state._replace(in_use=lock.in_use(self.store))


def _signature(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.lstat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


def _read(store: Path) -> StoreState:
    try:
        if not is_store(store):
            return StoreState()
        contents = read(store)
        marks = sha256(repr([part.mark for part in contents.parts]).encode()).hexdigest()
        return StoreState(contents, stamp=marks[:16])
    except PanjError as error:
        return StoreState(trouble=str(error))
