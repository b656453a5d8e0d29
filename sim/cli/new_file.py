"""A page or a picture on its way to a file: checked that it can be written, then written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from sim.errors import OutputError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PAGES: Final = (".html", ".htm")
PICTURES: Final = (".svg", ".png", ".pdf")


def check_page(path: Path, *, force: bool, endings: Sequence[str] = PAGES) -> None:
    """Refuse, before anything is computed, a file that no page can be written to.

    Raises :class:`~sim.errors.OutputError` for another ending, a folder, a folder that does not
    exist, and a file that is there already unless ``force``.
    """
    if path.suffix.lower() not in endings:
        raise OutputError("an HTML page is written", path=path, remedy="End the name in .html.")
    _check_place(path, force)


def check_picture(path: Path, *, force: bool) -> None:
    """The same of a picture."""
    check_picture_ending(path)
    _check_place(path, force)


def check_picture_ending(path: Path) -> None:
    """Refuse a name that no picture can have."""
    if path.suffix.lower() not in PICTURES:
        raise OutputError(
            f"a figure cannot be written as {path.suffix or 'a file without an ending'}",
            path=path,
            remedy="End the name in .png, .svg or .pdf.",
        )


def _check_place(path: Path, force: bool) -> None:
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise OutputError(
            "is a folder" if path.is_dir() else "its folder does not exist",
            path=path,
            remedy="Give a file in a folder that exists.",
        )
    check_new([path], force=force)


def check_new(paths: Iterable[Path], *, force: bool) -> None:
    """Refuse to replace files unasked."""
    there = [path for path in paths if path.exists()]
    if there and not force:
        others = f", and so {'is' if len(there) == 2 else 'are'} {len(there) - 1} more"
        raise OutputError(
            f"is already there{others if len(there) > 1 else ''}",
            path=there[0],
            remedy="Give another name, or --force to replace what is there.",
        )


def write_page(path: Path, page: str) -> None:
    """Write a page whole or not at all, and say where. Raises ``OutputError``."""
    from sim.runs.store_files import write_file

    content = page.encode("utf-8")
    write_file(path, content)
    click.echo(f"Written to {path} ({len(content) / 1e6:.1f} MB)")


def write_picture(figure: Figure, path: Path, *, aside: bool = False) -> None:
    """Write a picture and say where; on standard error where the answer is for machines."""
    from sim.report.style import save

    save(figure, path)
    click.echo(f"Written to {path}", err=aside)
