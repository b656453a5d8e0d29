"""Files of a store: read without following links, and written so that each appears whole.

A store may come from somebody else. So each of its files and folders must really be one: a link
could lead anywhere, and reading a pipe would never end.
"""

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Final

from sim.errors import StoreError, output_errors

PARTIAL: Final = ".partial"
"""Suffix of a file that is being written; readers of Parquet folders skip it."""

DAMAGED: Final = "damaged"
"""Folder inside a store for files that failed their checksum."""

_MORE_FILES: Final = "Allow this process more open files (ulimit -n)."
_ASK_OWNER: Final = "Ask its owner for permission to read it."
_REMEDIES: Final = {
    errno.EMFILE: _MORE_FILES,
    errno.ENFILE: _MORE_FILES,
    errno.ENOMEM: "Free some memory.",
    errno.EACCES: _ASK_OWNER,
    errno.EPERM: _ASK_OWNER,
}
"""What to do where the system refuses to read a file that may be intact."""


def partial_path(path: Path) -> Path:
    """Where a file is written before it is moved to ``path``."""
    return path.with_name(f".{path.name}{PARTIAL}")


def read(path: Path) -> bytes:
    """Return the content of a plain file.

    Raises ``FileNotFoundError``, and :class:`~sim.errors.StoreError` where the path is not a
    plain file or cannot be read.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise StoreError("is not a file", path=path, remedy="Remove it.")
            return file.read()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise unreadable(path, error) from error


def read_checked(path: Path, total: str, remedy: str) -> bytes:
    """Return the content with this checksum, from a file or from its partial file.

    Raises ``FileNotFoundError`` where neither exists, and :class:`~sim.errors.StoreError` where
    the checksum differs.
    """
    found = []
    # A batch may have been killed before it moved the file, or may move it while we look.
    for place in (path, partial_path(path), path):
        try:
            found.append(read(place))
        except FileNotFoundError:
            continue
        if checksum(found[-1]) == total:
            return found[-1]
    if not found:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    raise StoreError("is not what panj wrote: its checksum differs", path=path, remedy=remedy)


class RefusedError(StoreError):
    """The system does not let a file be read now; the file itself may be intact."""


def unreadable(path: Path, error: OSError) -> StoreError:
    """The error for a file that the system does not read."""
    if error.errno in (errno.ELOOP, errno.ENOTDIR):
        return StoreError("leads out of the store", path=path, remedy="Remove the link.")
    remedy = _REMEDIES.get(error.errno or 0)
    kind = StoreError if remedy is None else RefusedError
    return kind(f"cannot be read ({error.strerror})", path=path, remedy=remedy or "")


def check_plain(store: Path, names: Iterable[str]) -> None:
    """Refuse a store in which one of these names exists and is neither a file nor a folder."""
    for name in names:
        try:
            mode = os.lstat(store / name).st_mode
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise unreadable(store / name, error) from error
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            raise StoreError(
                "is neither a file nor a folder of this store, but a link or the like",
                path=store / name,
                remedy="Remove it, or take the store from a source that you trust.",
            )


def put(store: Path, name: str, content: bytes) -> None:
    """Write a file so that it appears whole, replacing an older one. Raises ``OSError``."""
    put_all(store, {name: content})


def put_all(store: Path, named: Mapping[str, bytes]) -> None:
    """Write several files, each of which appears whole; they would survive a power cut."""
    try:
        for name, content in named.items():
            _write(store / name, content)
        for name in named:
            partial_path(store / name).replace(store / name)
    except OSError:
        for name in named:
            partial_path(store / name).unlink(missing_ok=True)
        raise
    _settle(store, named)


def put_beside(store: Path, named: Mapping[str, bytes]) -> dict[str, str]:
    """Write files beside their places and return their checksums; :func:`finish` moves them.

    Written there, they would survive a power cut.
    """
    for name, content in named.items():
        _write(store / name, content)
    _settle(store, named)
    return {name: checksum(content) for name, content in named.items()}


def _write(target: Path, content: bytes) -> None:
    """Write the partial file of a target, and wait until it is on the disk."""
    make_folder(target.parent)
    path = partial_path(target)
    path.unlink(missing_ok=True)  # never through a link
    try:
        with path.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise


def make_folder(folder: Path) -> None:
    """Make a folder unless it exists, so that it would survive a power cut."""
    if not folder.is_dir():
        folder.mkdir(exist_ok=True)
        _settle(folder.parent, [folder.name])


def _settle(store: Path, names: Iterable[str]) -> None:
    """Wait until added, removed and renamed files would stay so after a power cut."""
    for folder in dict.fromkeys((store / name).parent for name in names):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some systems cannot
                raise
        finally:
            os.close(handle)


def finish(store: Path, sums: Mapping[str, str]) -> None:
    """Move what :func:`put_beside` wrote to its place, if it has the checksum.

    Afterwards every name in these folders would survive a power cut.
    """
    for name, total in sums.items():
        written = partial_path(store / name)
        with suppress(FileNotFoundError):
            if checksum(read(written)) == total:
                written.replace(store / name)
    _settle(store, sums)


def is_partial(name: str) -> bool:
    """Whether a name is that of a partial file."""
    return name.endswith(PARTIAL)


def sweep(folder: Path, keep: Collection[str], ours: Callable[[str], bool]) -> None:
    """Remove the files of a folder whose names are ``ours``, except those to keep (FOLDER/NAME)."""
    for name in names_in(folder):
        if ours(name) and f"{folder.name}/{name}" not in keep:
            (folder / name).unlink(missing_ok=True)


def remove(store: Path, names: Iterable[str]) -> None:
    """Remove files of a store."""
    for name in names:
        (store / name).unlink(missing_ok=True)


def write_file(path: Path, content: bytes) -> None:
    """Write a single file whole or not at all. Raises :class:`~sim.errors.OutputError`."""
    with output_errors(path):
        put(path.parent, path.name, content)


def set_aside(store: Path, names: Iterable[str]) -> None:
    """Move files of the store to ``damaged/``, where nothing reads them."""
    for name in names:
        if os.path.lexists(store / name):
            (store / DAMAGED).mkdir(exist_ok=True)
            (store / name).replace(store / DAMAGED / name.replace("/", "-"))


def checksum(content: bytes) -> str:
    """SHA-256, as ``sha256sum`` prints it."""
    return hashlib.sha256(content).hexdigest()


def writing(store: Path) -> AbstractContextManager[None]:
    """Raise an error of the disk as :class:`~sim.errors.OutputError`; finished parts are kept."""
    remedy = "Make room, or name a folder where you may write, and give the same command."
    return output_errors(store, "; every finished part is kept", remedy)


def names_in(folder: Path) -> list[str]:
    """The names in a folder, sorted; none where the folder does not exist."""
    try:
        return sorted(os.listdir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise unreadable(folder, error) from error


def short(error: Exception) -> str:
    """An error in one line of at most 200 letters."""
    return " ".join(str(error).split())[:200]
