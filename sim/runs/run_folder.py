"""Writing of a result folder: it appears whole or not at all, and overwrites nothing else.

It is written beside its final place and moved there in one step. An existing folder is replaced
only on request, and only if Panj wrote every file in it.
"""

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sim.errors import OutputError, output_errors

MANIFEST: Final = "run.json"
"""The file that marks a result folder: what was run, with which versions, and all other files."""

FORMAT: Final = "panj-run/1"


def check_output(folder: Path, *, force: bool = False) -> None:
    """Check before a run whether its result can be written to ``folder``.

    Leaves nothing behind. Raises :class:`sim.errors.OutputError`.
    """
    with output_errors(folder):
        target = folder.resolve()
        _check_free(target, force=force)
        existing = next(place for place in target.parents if os.path.lexists(place))
        if not existing.is_dir():
            raise OutputError(
                "cannot be made: a file is where a folder would have to be",
                path=existing,
                remedy="Name another folder.",
            )
        probe = _beside(existing / target.name)
        probe.mkdir()
        probe.rmdir()


@contextmanager
def new_folder(folder: Path, *, force: bool = False) -> Iterator[Path]:
    """Yield a new folder to write to; it becomes ``folder`` if the block ends without an error.

    After an error nothing is left behind. Raises :class:`sim.errors.OutputError` where the folder
    may not be replaced or the disk refuses.
    """
    check_output(folder, force=force)
    target = folder.resolve()
    partial = _beside(target)
    try:
        with output_errors(folder):
            target.parent.mkdir(parents=True, exist_ok=True)
            partial.mkdir()
            yield partial
            _check_free(target, force=force)
            _move(partial, target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def manifest(folder: Path) -> dict[str, object] | None:
    """The content of ``run.json``; None where the folder is not a result of Panj."""
    try:
        found = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and found.get("format") == FORMAT else None


def _check_free(target: Path, *, force: bool) -> None:
    """Refuse a place with something that may not be replaced."""
    if not target.exists():
        return
    if not target.is_dir():
        remedy = "Name a folder that does not exist yet."
        raise OutputError("is a file", path=target, remedy=remedy)
    present = {entry.name for entry in target.iterdir()}
    if not present:
        return
    found = manifest(target)
    if found is None:
        reason = "holds files that are not results of panj; it stays as it is"
        raise OutputError(reason, path=target, remedy="Name another.")
    if not force:
        remedy = "Name another folder, or replace it with --force."
        raise OutputError("holds a result already", path=target, remedy=remedy)
    files = found.get("files")
    foreign = sorted(present - {MANIFEST} - set(files if isinstance(files, dict) else ()))
    if foreign:
        reason = f"holds {foreign[0]!r}, which panj did not write; it stays as it is"
        remedy = "Move that file away, or name another folder."
        raise OutputError(reason, path=target, remedy=remedy)


def _move(partial: Path, target: Path) -> None:
    """Move ``partial`` to ``target``; if that fails, the old result is restored."""
    if not target.exists():
        partial.rename(target)
        return
    old = _beside(target)
    target.rename(old)
    try:
        partial.rename(target)
    except OSError:
        old.rename(target)
        raise
    shutil.rmtree(old)


def _beside(target: Path) -> Path:
    """A unique name on the same disk, so that moving it is one step."""
    return target.parent / f".{target.name[:200]}.{secrets.token_hex(4)}.partial"
