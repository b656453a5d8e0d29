"""What a disk may hold after a power cut, given the order of the changes.

The model is as strict as POSIX lets it be. Bytes written to a file last when the file is synced,
names that came, went or changed in a folder when the folder is; until then any of them may be
there or not, in any order, and a page may be written in part. One rename within a folder happens
or does not; one into another folder is two changes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import NamedTuple

from benchmarks.chaos.events import Event


class Change(NamedTuple):
    """A change of the names in a folder: one is added, removed or renamed."""

    name: str
    node: File | Folder | None = None
    to: str = ""


@dataclass(eq=False)
class File:
    """A file: the synced bytes, and what was written since."""

    lasting: bytes = b""
    written: list[tuple[int, bytes | None]] = field(default_factory=list)
    """Offset and bytes of each write; no bytes: cut there."""


@dataclass(eq=False)
class Folder:
    """A folder: the synced names, and what changed since."""

    lasting: dict[str, File | Folder] = field(default_factory=dict)
    changed: list[Change] = field(default_factory=list)

    def now(self) -> dict[str, File | Folder]:
        """Its names as a program sees them."""
        return _names(self.lasting, self.changed)


class Disk:
    """A folder on a disk, with the changes so far."""

    def __init__(self, root: str) -> None:
        self._root, self.top = root, Folder()

    def take(self, event: Event) -> None:
        """Apply an event."""
        above, name = self._place(event.path)
        node = self.top if event.path == self._root else above.now().get(name)
        match event.kind:
            case "open":
                above.changed.append(Change(name, File()))
            case "mkdir":
                above.changed.append(Change(name, Folder()))
            case "unlink":
                above.changed.append(Change(name))
            case "rename":
                there, to = self._place(event.to)
                if there is above:
                    above.changed.append(Change(name, to=to))
                else:
                    there.changed.append(Change(to, node))
                    above.changed.append(Change(name))
            case "write" | "truncate" if isinstance(node, File):
                node.written.append((event.at, event.data if event.kind == "write" else None))
            case "sync" if isinstance(node, File):
                node.lasting, node.written = _bytes(node.lasting, node.written), []
            case "settle" if isinstance(node, Folder):
                node.lasting, node.changed = node.now(), []
            case _:
                raise ValueError(f"{event.kind} of {event.path}, which is not there")

    def _place(self, path: str) -> tuple[Folder, str]:
        *above, name = os.path.relpath(path, self._root).split(os.sep)
        folder = self.top
        for step in above:
            found = folder.now()[step]
            assert isinstance(found, Folder)
            folder = found
        return folder, name


type State = dict[str, bytes | None]
"""The content of a disk: the bytes of each file by its path; None is a folder."""

type Choice = Callable[[Sequence[object]], Sequence[object]]
"""Which of the unsynced changes are on the disk."""


def _names(
    lasting: dict[str, File | Folder], changed: Sequence[Change]
) -> dict[str, File | Folder]:
    there = dict(lasting)
    for name, node, to in changed:
        if node is not None:
            there[name] = node
        elif name in there:
            gone = there.pop(name)
            if to:
                there[to] = gone
    return there


def _bytes(lasting: bytes, written: Sequence[tuple[int, bytes | None]]) -> bytes:
    held = bytearray(lasting)
    for at, data in written:
        if data is None:
            del held[at:]
        else:
            held.extend(bytes(max(0, at - len(held))))
            held[at : at + len(data)] = data
    return bytes(held)


def _state(folder: Folder, names: Choice, data: Choice, under: str = "") -> State:
    found: State = {}
    for name, node in _names(folder.lasting, names(folder.changed)).items():  # type: ignore[arg-type]
        path = f"{under}{name}"
        if isinstance(node, Folder):
            found |= {path: None, **_state(node, names, data, f"{path}/")}
        else:
            found[path] = _bytes(node.lasting, data(node.written))  # type: ignore[arg-type]
    return found


def _pending(folder: Folder) -> Iterator[Change]:
    yield from folder.changed
    for node in folder.now().values():
        if isinstance(node, Folder):
            yield from _pending(node)


def _all(changes: Sequence[object]) -> Sequence[object]:
    return changes


def _none(changes: Sequence[object]) -> Sequence[object]:
    return ()


def states(disk: Disk, chance: Random, draws: int = 3) -> Iterator[State]:
    """What may be left if the power is cut now: extremes, each name alone, some at random."""

    def some(changes: Sequence[object]) -> Sequence[object]:
        return [c for c in changes if chance.random() < 0.5]

    def torn(written: Sequence[object]) -> Sequence[object]:
        kept = some(written)
        return [
            (
                at,
                part[: chance.randrange(len(part) + 1)] if part and chance.random() < 0.3 else part,
            )
            for at, part in kept  # type: ignore[misc]
        ]

    for names in (_all, _none):
        for data in (_all, _none):
            yield _state(disk.top, names, data)
    for one in list(_pending(disk.top)):
        yield _state(disk.top, lambda changed, o=one: [c for c in changed if c is o], _none)
        yield _state(disk.top, lambda changed, o=one: [c for c in changed if c is not o], _none)
    for _ in range(draws):
        yield _state(disk.top, some, torn)


class Cut(NamedTuple):
    """A disk after a power cut, and the number of finished runs reported before it."""

    state: State
    done: int

    def build(self, folder: Path) -> None:
        """Write it to a folder."""
        folder.mkdir(exist_ok=True)
        for path, held in self.state.items():
            if held is None:
                (folder / path).mkdir()
            else:
                (folder / path).write_bytes(held)


def cuts(root: str, log: Sequence[Event | int], chance: Random) -> list[Cut]:
    """All that may be left of a recorded batch, each state once with the most that was said.

    ``log`` has events; a number in it is how many runs the batch said were done at that instant.
    """
    disk, done = Disk(root), 0
    found: dict[frozenset[tuple[str, bytes | None]], Cut] = {}
    for event in log:
        if isinstance(event, int):
            done = event
            continue
        disk.take(event)
        for state in states(disk, chance):
            key = frozenset(state.items())
            if key not in found or found[key].done < done:
                found[key] = Cut(state, done)
    return list(found.values())
