"""A result folder appears whole or not at all, and never in the place of anything else.

It is written beside its final place and moved there in one step. A folder that is already
there is replaced only when told to, and only when every file in it was written by Panj.
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
"""The file that makes a folder a result: what ran, with which versions, and every other file."""

FORMAT: Final = "panj-run/1"


def check_output(folder: Path, *, force: bool = False) -> None:
    """Find out before a run whether its result can be written to ``folder``.

    Leaves nothing behind. Raises :class:`sim.errors.OutputError`.
    """
    with output_errors(folder):
        target = folder.resolve()
        _check_free(target, force=force)
        existing = next(place for place in target.parents if os.path.lexists(place))
        if not existing.is_dir():
            raise OutputError(
                "cannot be made: a file stands where a folder would have to be",
                path=existing,
                remedy="Name another folder.",
            )
        probe = _beside(existing / target.name)
        probe.mkdir()
        probe.rmdir()


@contextmanager
def new_folder(folder: Path, *, force: bool = False) -> Iterator[Path]:
    """Give a fresh folder to write to; it becomes ``folder`` if the block ends well.

    If it does not, nothing is left behind. Raises :class:`sim.errors.OutputError` where the
    folder may not be replaced or the disk refuses.
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
    """What ``run.json`` says, or None where the folder is not a result of Panj."""
    try:
        found = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    made_here = isinstance(found, dict) and found.get("format") == FORMAT
    return found if made_here else None


def _check_free(target: Path, *, force: bool) -> None:
    """Refuse a place where something stands that may not be replaced."""
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
    """Put ``partial`` in the place of ``target``; on failure the old result stands again."""
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
    """A name nobody else uses, on the same disk, so that moving it is one step."""
    return target.parent / f".{target.name[:200]}.{secrets.token_hex(4)}.partial"
