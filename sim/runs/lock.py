"""One batch at a time writes to a store.

The lock is the operating system's, on the file ``.lock``: it ends with the process that holds
it, however that ends, so no lock outlives its holder. The file says who holds it.
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
"""Handles of the locks that this process holds."""


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
                raise StoreError("is another file too", path=store / NAME, remedy="Remove it.")
            if not _seized(held):
                raise _taken(store, os.pread(held, 200, 0))
            _held.add(held)
            os.ftruncate(held, 0)
            os.pwrite(held, f"process {os.getpid()} on {os.uname().nodename}".encode(), 0)
        yield
        with suppress(OSError):  # who held it is told for comfort: the disk may refuse that
            os.ftruncate(held, 0)
    finally:
        _held.discard(held)
        os.close(held)


def _let_go() -> None:
    """A process that this one forks, such as a worker of a lent executor, holds no lock.

    It may live on when this one was killed, and would keep everybody else out.
    """
    for held in _held:
        os.close(held)
    _held.clear()


os.register_at_fork(after_in_child=_let_go)


def _seized(held: int) -> bool:
    """Try for the lock; more than once, for one who only asks :func:`in_use` holds it shortly."""
    for _ in range(_TRIES):
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_PAUSE_SECONDS)
        else:
            return True
    return False


def _taken(store: Path, who: bytes) -> StoreError:
    holder = who.decode("utf-8", "replace") or "another process"
    return StoreError(
        f"another process writes here ({holder})",
        path=store,
        remedy="Wait until it ends, or stop it; what it has done will be kept.",
    )


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
