"""A system that refuses: no room, no permission, no file descriptors; and clocks that jump."""

from __future__ import annotations

import ctypes
import datetime as dt
import errno
import os
import resource
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Final

from benchmarks.chaos.batch import HISTORY, Task, fill
from benchmarks.chaos.events import TAKES_ROOM, Kill, Layer, Refuse
from sim.errors import PanjError
from sim.runs import batch, writer

_CAPABILITIES_VERSION: Final = 0x20080522
_DAC_OVERRIDE: Final = 1 << 1
"""The capability of Linux by which the rights of files do not bind root (capabilities(7))."""

REASONS: Final[dict[str, tuple[int, tuple[str, ...]]]] = {
    "disk full": (errno.ENOSPC, TAKES_ROOM),
    "quota used up": (errno.EDQUOT, TAKES_ROOM),
    "disk turns read-only": (errno.EROFS, ()),
    "disk fails to write": (errno.EIO, ()),
}
"""Why a disk refuses, and which events it refuses; all where none is named."""


def history(store: Path) -> str:
    """Carry out all of the usual tasks; return the message with which they ended."""
    try:
        for task in HISTORY:
            fill(store, task)
    except PanjError as error:
        return str(error)
    return ""


def met(layer: Layer, store: Path) -> str:
    """The same on a disk that is disturbed."""
    with layer.installed():
        return history(store)


def killed_at(store: Path, number: int, when: str) -> None:
    """The same, killed at an event, which the exit status shows."""
    met(Kill(store.parent, number, when), store)  # type: ignore[arg-type]


def refused_at(store: Path, number: int, why: str) -> str:
    """The same, with a disk that refuses from an event on."""
    return met(Refuse(store.parent, number, *REASONS[why]), store)


def short_files(store: Path, size: int) -> str:
    """The same where the system allows files of ``size`` bytes at most."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    return history(store)


def few_handles(store: Path, more: int, task: Task) -> str:
    """A batch that may open ``more`` files beside those that this process has open."""
    there = len(os.listdir("/proc/self/fd")) - 1
    resource.setrlimit(resource.RLIMIT_NOFILE, (there + more, there + more))
    try:
        fill(store, task)
    except PanjError as error:
        return str(error)
    return ""


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[Callable[[int], None]]:
    """A small disk, and a function that resizes it; ``OSError`` where the user may not mount."""
    folder.mkdir()
    kind = ["mount", "-t", "tmpfs", "-o"]
    try:
        subprocess.run(
            [*kind, f"size={kilobytes}k", "panj", str(folder)], check=True, capture_output=True
        )
    except subprocess.CalledProcessError as error:
        raise PermissionError(error.stderr.decode()) from error
    try:

        def grow(size: int) -> None:
            command = ["mount", "-o", f"remount,size={size}k", str(folder)]
            subprocess.run(command, check=True)

        yield grow
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@contextmanager
def not_ours(place: Path) -> Iterator[None]:
    """Remove all permission to write to this file or folder."""
    before = place.stat().st_mode
    place.chmod(0o555 if place.is_dir() else 0o444)
    try:
        yield
    finally:
        place.chmod(before)


def bind() -> None:
    """Let the rights of files bind this process from now on, as they do not bind root.

    It stays the same user: another might not enter the folder of the interpreter or of the clone,
    and would then fail at the first module that is imported late. ``PermissionError`` where the
    system does not let a process give up what it may do.
    """
    if os.geteuid() != 0:
        return
    library = ctypes.CDLL(None, use_errno=True)
    head = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION, 0)
    sets = (ctypes.c_uint32 * 6)()
    refused = library.capget(head, sets)
    for number in (0, 1):  # what is in force, and what os.access() goes by
        sets[number] &= ~_DAC_OVERRIDE
    if refused or library.capset(head, sets):
        raise OSError(ctypes.get_errno(), "the rights of files do not bind this process")


def bound(store: Path) -> str:
    """The usual tasks in a process that file permissions bind."""
    bind()
    return history(store)


def with_jumping_clock(store: Path, seed: int, task: Task) -> str:
    """A batch whose clock jumps back and forth by hours each time it is read."""
    chance, real = Random(seed), time.time

    def jumping() -> float:
        return real() + chance.uniform(-20, 20) * 3600

    time.time = jumping
    told = lambda: dt.datetime.fromtimestamp(jumping(), dt.UTC).isoformat(timespec="seconds")  # noqa: E731
    batch.utc_now = writer.utc_now = told
    fill(store, task)
    return ""


def age(store: Path, chance: Random) -> None:
    """Set the time of every file to yesterday or tomorrow."""
    for path in store.rglob("*"):
        when = time.time() + chance.uniform(-1, 1) * 86_400
        os.utime(path, (when, when))
