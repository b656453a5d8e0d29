"""What SQLite does to files, seen: a copy of its own file system that tells before it acts.

The library that Python's ``sqlite3`` runs on is asked by its C interface (``sqlite3_vfs``).
"""

from __future__ import annotations

import _sqlite3
import ctypes
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p, cast
from errno import ENOSPC
from functools import partial
from typing import Any, Final
from unittest.mock import patch

from benchmarks.chaos.events import Event, Layer

_CREATE: Final = 0x4
_MAIN_JOURNAL: Final = 0x800
_FULL: Final = 13
_ANSWERS: Final = {"open": 14, "write": 778, "sync": 1034, "settle": 1290, "truncate": 1546,
                   "unlink": 2570}  # fmt: skip
"""What SQLite's own file system answers when the system refuses (SQLITE_IOERR_WRITE, ...)."""

_OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
_DELETE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int)
_WRITE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_TRUNCATE = CFUNCTYPE(c_int, c_void_p, c_int64)
_SYNC = CFUNCTYPE(c_int, c_void_p, c_int)


class _Methods(Structure):
    """``sqlite3_io_methods`` of version 3."""

    _fields_ = (
        ("version", c_int), ("close", c_void_p), ("read", c_void_p), ("write", c_void_p),
        ("truncate", c_void_p), ("sync", c_void_p), *((f"other{n}", c_void_p) for n in range(13)),
    )  # fmt: skip


class _System(Structure):
    """``sqlite3_vfs`` of version 3."""

    _fields_ = (
        ("version", c_int), ("file_size", c_int), ("longest", c_int), ("next", c_void_p),
        ("name", c_char_p), ("data", c_void_p), ("open", c_void_p), ("delete", c_void_p),
        *((f"other{n}", c_void_p) for n in range(14)),
    )  # fmt: skip


_kept: list[object] = []
"""What a connection may call as long as the process lives."""


def _library() -> ctypes.CDLL:
    return ctypes.CDLL(getattr(_sqlite3, "__file__", None))


def reachable() -> bool:
    """Whether changes can be observed here: not where Python hides the functions of its SQLite."""
    return os.path.exists("/proc/self/fd") and hasattr(_library(), "sqlite3_vfs_register")


@contextmanager
def seen_by(layer: Layer) -> Iterator[None]:
    """Pass to a layer all changes inside its folder by connections opened meanwhile."""
    library = _library()
    library.sqlite3_vfs_find.restype = POINTER(_System)
    library.sqlite3_vfs_find.argtypes = [c_char_p]
    library.sqlite3_vfs_register.argtypes = [c_void_p, c_int]
    library.sqlite3_vfs_unregister.argtypes = [c_void_p]
    real = library.sqlite3_vfs_find(None)
    seen = _System.from_buffer_copy(real.contents)
    seen.name, seen.next = b"seen", None
    files = _Files(layer, cast(real, c_void_p), real.contents)
    opened, deleted = _OPEN(files.open), _DELETE(files.delete)
    seen.open, seen.delete = cast(opened, c_void_p), cast(deleted, c_void_p)
    _kept.append((seen, opened, deleted, files))
    library.sqlite3_vfs_register(ctypes.byref(seen), 1)
    try:
        yield
    finally:
        library.sqlite3_vfs_unregister(ctypes.byref(seen))
        library.sqlite3_vfs_register(real, 1)


@contextmanager
def listening(hear: Callable[[], None]) -> Iterator[None]:
    """Let ``hear`` be called after each call of SQLite, by connections that are opened meanwhile.

    There Python looks for a signal that came during the call, whether or not the call failed.
    """

    def ending_so(name: str) -> Callable[..., Any]:
        real = getattr(sqlite3.Connection, name)

        def call(*given: Any, **options: Any) -> Any:
            try:
                return real(*given, **options)
            finally:
                hear()

        return call

    names = ("__init__", "execute", "executemany", "commit", "rollback", "close")
    kind = type("Listening", (sqlite3.Connection,), {name: ending_so(name) for name in names})
    with patch.object(sqlite3, "connect", partial(sqlite3.connect, factory=kind)):
        yield


class _Files:
    """The functions of the copy."""

    def __init__(self, layer: Layer, real: c_void_p, functions: _System) -> None:
        self._layer, self._real = layer, real
        self._open, self._delete = _OPEN(functions.open), _DELETE(functions.delete)
        self._methods: list[object] = []

    def open(self, system: int, name: int, file: int, flags: int, out: int) -> int:
        """Open a file, and observe its changes."""

        def do(_: bytes = b"") -> int:
            return self._open(self._real, name, file, flags, out)

        full = self._layer.within(ctypes.string_at(name)) if name else None
        if full is None:
            return do()
        new = bool(flags & _CREATE) and not os.path.lexists(full)
        code = self._meet(Event("open", full), do) if new else do()
        if code == 0:
            self._watch(file, full, journal=new and bool(flags & _MAIN_JOURNAL))
        return code

    def _watch(self, file: int, path: str, *, journal: bool) -> None:
        """Replace the functions that change an open file."""
        held = cast(file, POINTER(c_void_p))
        methods = _Methods.from_buffer_copy(cast(held[0], POINTER(_Methods)).contents)
        real_write, real_cut = _WRITE(methods.write), _TRUNCATE(methods.truncate)
        real_sync, listed = _SYNC(methods.sync), not journal

        def write(file: int, content: int, size: int, at: int) -> int:
            data = ctypes.string_at(content, size)
            event = Event("write", path, at=at, data=data)
            return self._meet(event, lambda part: real_write(file, part, len(part), at))

        def truncate(file: int, size: int) -> int:
            event = Event("truncate", path, at=size)
            return self._meet(event, lambda _: real_cut(file, size))

        def sync(file: int, flags: int) -> int:
            nonlocal listed
            code = self._meet(Event("sync", path), lambda _: real_sync(file, flags))
            if code == 0 and not listed:  # SQLite then syncs the folder of a new journal too
                code = self._meet(Event("settle", os.path.dirname(path)), lambda _: 0)
                listed = True
            return code

        functions = _WRITE(write), _TRUNCATE(truncate), _SYNC(sync)
        methods.write, methods.truncate, methods.sync = (cast(f, c_void_p) for f in functions)
        self._methods.append((methods, functions))
        held[0] = ctypes.addressof(methods)

    def delete(self, system: int, name: int, settle: int) -> int:
        """Remove a file, and sync its folder if requested."""
        full = self._layer.within(ctypes.string_at(name))
        if full is None or not os.path.lexists(full):
            return self._delete(self._real, name, settle)
        code = self._meet(Event("unlink", full), lambda _: self._delete(self._real, name, settle))
        if code == 0 and settle:
            code = self._meet(Event("settle", os.path.dirname(full)), lambda _: 0)
        return code

    def _meet(self, event: Event, do: Callable[[bytes], int]) -> int:
        try:
            return self._layer.meet(event._replace(by_sqlite=True), do)
        except OSError as error:
            return _FULL if error.errno == ENOSPC else _ANSWERS[event.kind]
