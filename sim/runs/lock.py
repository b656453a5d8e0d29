"""A lock, so that one batch at a time writes to a store.

It is a lock of the operating system on the file ``.lock``. It ends with the process that holds
it, however that process ends. The file names the holder.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from sim.errors import StoreError
from sim.runs.store_files import check_plain, writing

NAME: Final = ".lock"
_TRIES: Final = 5
_PAUSE_SECONDS: Final = 0.05

_held: Final[set[int]] = set()
"""File descriptors of the locks that this process holds."""


@contextmanager
def locked(store: Path) -> Iterator[None]:
    """Hold the lock of a store.

    Raises :class:`sim.errors.StoreError` if another batch holds it, and
    :class:`sim.errors.OutputError` when the disk refuses.
    """
    check_plain(store, [NAME])
    with writing(store):
        held = os.open(store / NAME, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
    try:
        with writing(store):
            if os.fstat(held).st_nlink > 1:
                raise StoreError("is a hard link", path=store / NAME, remedy="Remove it.")
            if not _acquired(held):
                holder = os.pread(held, 200, 0).decode("utf-8", "replace") or "another process"
                raise StoreError(
                    f"another process writes here ({holder})",
                    path=store,
                    remedy="Wait until it ends, or stop it; what it has done will be kept.",
                )
            _held.add(held)
            os.ftruncate(held, 0)
            os.pwrite(held, f"process {os.getpid()} on {os.uname().nodename}".encode(), 0)
        yield
        with suppress(OSError):  # the holder's name is only information: the disk may refuse it
            os.ftruncate(held, 0)
    finally:
        _held.discard(held)
        os.close(held)


def _release() -> None:
    """Release all locks in a forked process, such as a worker of an external executor.

    It may outlive this process, and would then keep the store locked.
    """
    for held in _held:
        os.close(held)
    _held.clear()


os.register_at_fork(after_in_child=_release)


def _acquired(held: int) -> bool:
    """Try to take the lock, several times: a call of :func:`in_use` holds it for a moment."""
    for _ in range(_TRIES):
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_PAUSE_SECONDS)
        else:
            return True
    return False


def in_use(store: Path) -> bool:
    """Whether a batch is writing to the store now."""
    try:
        held = os.open(store / NAME, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(held)
    return False
