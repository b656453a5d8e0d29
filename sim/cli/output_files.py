"""Pages and pictures as output files: check that a file can be written, then write it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from sim.errors import OutputError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PAGE: Final = (".html",)
PICTURES: Final = (".svg", ".png", ".pdf")


def check_output(path: Path, endings: Sequence[str], *, force: bool) -> None:
    """Refuse, before anything is computed, a file that cannot be written.

    Raise :class:`~sim.errors.OutputError` for another ending, a folder, a file in a folder that
    does not exist, and a file that exists unless ``force``.
    """
    check_ending(path, endings)
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise OutputError(
            "is a folder" if path.is_dir() else "its folder does not exist",
            path=path,
            remedy="Give a file in a folder that exists.",
        )
    check_new([path], force=force)


def check_ending(path: Path, endings: Sequence[str]) -> None:
    """Refuse a name that does not end in one of ``endings``."""
    if path.suffix.lower() not in endings:
        raise OutputError(
            f"cannot be written as {path.suffix or 'a file without an ending'}",
            path=path,
            remedy=f"End the name in {' or '.join(endings)}.",
        )


def check_new(paths: Iterable[Path], *, force: bool) -> None:
    """Refuse to replace existing files unless ``force``."""
    existing = [path for path in paths if path.exists()]
    if existing and not force:
        others = f", and so {'does' if len(existing) == 2 else 'do'} {len(existing) - 1} more"
        raise OutputError(
            f"already exists{others if len(existing) > 1 else ''}",
            path=existing[0],
            remedy="Give another name, or --force to replace it.",
        )


def write_page(path: Path, page: str) -> None:
    """Write a page as a whole or not at all, and print where. Raise ``OutputError``."""
    from sim.runs.store_files import write_file

    content = page.encode("utf-8")
    write_file(path, content)
    click.echo(f"Written to {path} ({len(content) / 1e6:.1f} MB)")


def write_picture(figure: Figure, path: Path, *, to_stderr: bool = False) -> None:
    """Write a picture, and print where, to standard error if standard output carries JSON."""
    from sim.report.style import save

    save(figure, path)
    click.echo(f"Written to {path}", err=to_stderr)
