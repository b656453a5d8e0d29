"""A layer between a batch and the disk: it sees each change before and after it is made.

Python's own calls are replaced in their modules, and SQLite's by a file system of its own
(:mod:`benchmarks.chaos.sqlite_files`). A change that is not made, such as the removal of a file
that is not there, is not an event.
"""

from __future__ import annotations

import builtins
import io
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from errno import ENOSPC
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple
from unittest.mock import patch

Kind = Literal["open", "write", "truncate", "sync", "settle", "rename", "unlink", "mkdir"]

TAKES_ROOM: Final = ("open", "write", "mkdir")
"""The events that a full disk refuses."""


class Event(NamedTuple):
    """A change of a file or folder; ``settle`` is the sync of a folder, for the names in it."""

    kind: Kind
    path: str
    to: str = ""
    """The new name, of a rename."""
    at: int = 0
    """The offset of a write; the length of a file after it is cut."""
    data: bytes = b""
    by_sqlite: bool = False
    """Whether SQLite makes it; the path does not show it, since both sync the store's folder."""


class Layer:
    """Records the events inside a folder, in order, with hooks before and after each."""

    def __init__(self, root: Path) -> None:
        self.root = f"{root}{os.sep}"
        self.events: list[Event] = []

    def before(self, number: int, event: Event) -> None:
        """Called before an event; may raise ``OSError`` as the system would."""

    def amid(self, number: int, event: Event) -> int | None:
        """How many bytes of a write are written before :meth:`after`; None: all."""

    def after(self, number: int, event: Event) -> None:
        """Called after an event."""

    def meet[T](self, event: Event, do: Callable[[bytes], T]) -> T:
        """Make an event: ``do`` it with its data."""
        number = len(self.events)
        self.events.append(event)
        self.before(number, event)
        done = do(event.data[: self.amid(number, event)])
        self.after(number, event)
        return done

    def within(self, path: object) -> str | None:
        """The full path of a name or a file descriptor if it is inside the folder."""
        if isinstance(path, int):
            path = os.readlink(f"/proc/self/fd/{path}")
        full = os.path.abspath(os.fsdecode(path))  # type: ignore[call-overload]
        return full if f"{full}{os.sep}".startswith(self.root) else None

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Record all events meanwhile, of any thread of this process."""
        from benchmarks.chaos import sqlite_files  # which needs this module

        with ExitStack() as stack:
            for name in ("replace", "rename", "unlink", "remove", "mkdir"):
                stack.enter_context(patch.object(os, name, self._named(name, getattr(os, name))))
            for name in ("fsync", "ftruncate", "write", "pwrite"):
                stack.enter_context(patch.object(os, name, self._handled(name, getattr(os, name))))
            stack.enter_context(patch.object(os, "open", self._created(os.open)))
            for module in (io, builtins):
                stack.enter_context(patch.object(module, "open", self._opened(io.open)))
            stack.enter_context(sqlite_files.seen_by(self))
            yield

    def _named(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        kinds: dict[str, Kind] = {"mkdir": "mkdir", "unlink": "unlink", "remove": "unlink"}
        kind = kinds.get(name, "rename")

        def call(path: Any, *rest: Any, **options: Any) -> Any:
            full = self.within(path)
            if full is None or os.path.lexists(path) is (kind == "mkdir"):
                return real(path, *rest, **options)
            to = os.path.abspath(os.fsdecode(rest[0])) if kind == "rename" else ""
            return self.meet(Event(kind, full, to), lambda _: real(path, *rest, **options))

        return call

    def _handled(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(handle: int, *rest: Any) -> Any:
            full = self.within(handle)
            if full is None:
                return real(handle, *rest)
            if name == "fsync":
                kind: Kind = "settle" if os.path.isdir(full) else "sync"
                return self.meet(Event(kind, full), lambda _: real(handle))
            if name == "ftruncate":
                return self.meet(Event("truncate", full, at=rest[0]), lambda _: real(handle, *rest))
            at = rest[1] if name == "pwrite" else os.lseek(handle, 0, os.SEEK_CUR)
            event = Event("write", full, at=at, data=bytes(rest[0]))
            return self.meet(event, lambda data: real(handle, data, *rest[1:]))

        return call

    def _created(self, real: Callable[..., int]) -> Callable[..., int]:
        def call(path: Any, flags: int, *rest: Any, **options: Any) -> int:
            full = self.within(path)
            if full is None or not flags & os.O_CREAT or os.path.lexists(path):
                return real(path, flags, *rest, **options)
            return self.meet(Event("open", full), lambda _: real(path, flags, *rest, **options))

        return call

    def _opened(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: Any, mode: str = "r", *rest: Any, **options: Any) -> Any:
            full = None if isinstance(path, int) else self.within(path)
            if full is None or not set(mode) & set("wax+"):
                return real(path, mode, *rest, **options)
            if "x" not in mode:
                raise NotImplementedError(f"{full} is opened with {mode!r}, which is not recorded")
            return _Seen(self.meet(Event("open", full), lambda _: real(path, mode, buffering=0)))

        return call


class _Seen:
    """A file whose every write goes to the disk separately, through ``os.write``."""

    def __init__(self, raw: io.FileIO) -> None:
        self._raw = raw

    def write(self, content: bytes) -> int:
        done = 0
        while done < len(content):
            done += os.write(self._raw.fileno(), content[done:])
        return done

    def flush(self) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)

    def __enter__(self) -> _Seen:
        return self

    def __exit__(self, *_: object) -> None:
        self._raw.close()


class Kill(Layer):
    """Ends this process with SIGKILL before an event, in the middle of a write, or after it."""

    def __init__(self, root: Path, number: int, when: Literal["before", "amid", "after"]) -> None:
        super().__init__(root)
        self._fatal = number, when

    def _kill(self, number: int, when: str) -> None:
        if (number, when) == self._fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def before(self, number: int, event: Event) -> None:
        """Die before it."""
        self._kill(number, "before")

    def amid(self, number: int, event: Event) -> int | None:
        """Half of the bytes are written."""
        return len(event.data) // 2 if (number, "amid") == self._fatal else None

    def after(self, number: int, event: Event) -> None:
        """Die after it, or after half of it."""
        self._kill(number, "after")
        self._kill(number, "amid")


class Refuse(Layer):
    """From an event on, the disk refuses what takes room or, for another reason, everything."""

    def __init__(self, root: Path, number: int, error: int, kinds: tuple[str, ...] = ()) -> None:
        super().__init__(root)
        self._number, self._error, self._kinds = number, error, kinds

    def before(self, number: int, event: Event) -> None:
        """Refuse it, as the system does."""
        if number >= self._number and (not self._kinds or event.kind in self._kinds):
            raise OSError(self._error, os.strerror(self._error), event.path)

    def amid(self, number: int, event: Event) -> int | None:
        """Half of the last write before the disk is full is written."""
        torn = self._error == ENOSPC and number + 1 == self._number
        return len(event.data) // 2 if torn and not event.by_sqlite else None


class Interrupt(Layer):
    """Ctrl-C before an event, heard where Python hears it.

    Python notes a signal and raises ``KeyboardInterrupt`` at its next instruction. SQLite calls no
    function of Panj, so a signal that comes amid its work is heard when its call has ended. Only
    this layer has instructions there, which no real signal meets. An error that they raise goes no
    further than ctypes, and SQLite then takes an undefined number for the answer of the disk.
    """

    def __init__(self, root: Path, number: int) -> None:
        super().__init__(root)
        self._number = number
        self._noted = False

    def before(self, number: int, event: Event) -> None:
        """Noted before it, and heard at once unless SQLite is at work."""
        self._noted |= number == self._number
        if not event.by_sqlite:
            self._hear()

    @contextmanager
    def installed(self) -> Iterator[None]:
        """The same, with connections that let what was noted be heard after each call."""
        from benchmarks.chaos.sqlite_files import listening  # which needs this module

        with super().installed(), listening(self._hear):
            yield

    def _hear(self) -> None:
        if self._noted:
            self._noted = False
            raise KeyboardInterrupt
