"""A page on its way to a file: checked that it can be written, then written."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from sim.errors import OutputError

ENDINGS: Final = (".html", ".htm")


def check_page(path: Path, *, force: bool, endings: Sequence[str] = ENDINGS) -> None:
    """Refuse, before anything is computed, a file that no page can be written to.

    Raises :class:`~sim.errors.OutputError` for another ending, a folder, a folder that does not
    exist, and a file that is there already unless ``force``.
    """
    if path.suffix.lower() not in endings:
        raise OutputError("an HTML page is written", path=path, remedy="End the name in .html.")
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise OutputError(
            "is a folder" if path.is_dir() else "its folder does not exist",
            path=path,
            remedy="Give a file in a folder that exists.",
        )
    if path.exists() and not force:
        raise OutputError(
            "is already there", path=path, remedy="Give another name, or --force to replace it."
        )


def write_page(path: Path, page: str) -> None:
    """Write a page whole or not at all, and say where. Raises ``OutputError``."""
    from sim.runs.files import write_file

    content = page.encode("utf-8")
    write_file(path, content)
    click.echo(f"Written to {path} ({len(content) / 1e6:.1f} MB)")
