"""``panj bundle``: a study in one file, from which another machine can repeat it."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli import options


@click.command(
    epilog="""\b
Examples:
  panj bundle results/policies -o study.zip
  panj bundle results/policies -o study.zip --with policies.html --with levers.csv

\b
Elsewhere, with panj installed:
  unzip study.zip -d study
  panj compare study/store
  panj store verify study/store --rerun 2100"""
)
@options.store
@options.output("FILE.zip", "File to write.", "target")
@options.value(
    "--with",
    "FILE",
    "Add this file, such as a report; can be given more than once.",
    "files",
    multiple=True,
    type=options.PATH,
)
@options.force("a file")
def bundle(folder: Path, target: Path, files: tuple[Path, ...], force: bool) -> None:
    """Pack the study in STORE into one file, for others to repeat.

    The file is a zip with the store, every value of every scenario, the versions and digests of
    code and tables, and a description that research archives can read (RO-Crate).
    """
    from sim.runs.bundle import bundle as write
    from sim.runs.store import Store
    from sim.runs.store_files import unreadable

    names = [path.name for path in files]
    if len(set(names)) < len(names):
        raise click.UsageError("--with: two files have the same name; rename one of them.")
    store = Store.open(folder)
    contents = {}
    for path in files:
        try:
            contents[path.name] = path.read_bytes()
        except OSError as error:
            raise unreadable(path, error) from error
    count = write(store, target, contents, force=force)
    click.echo(f"{target}: {count:,} files, {target.stat().st_size / 1e6:.1f} MB")
