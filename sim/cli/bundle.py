"""``panj bundle``: a study in one file that another machine can make again."""

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
    "Put this file in too, such as a report; may be repeated.",
    "files",
    multiple=True,
    type=options.PATH,
)
@options.force("a file")
def bundle(folder: Path, target: Path, files: tuple[Path, ...], force: bool) -> None:
    """Pack the study in STORE into one file that others can repeat.

    A zip with the store, every value of every scenario, the versions and digests of code and
    tables, and a description that research archives read (RO-Crate).
    """
    from sim.runs.bundle import bundle as write
    from sim.runs.store import Store
    from sim.runs.store_files import unreadable

    names = [path.name for path in files]
    if len(set(names)) < len(names):
        raise click.UsageError("--with: two files have one name; rename one of them.")
    store = Store.open(folder)
    with_them = {}
    for path in files:
        try:
            with_them[path.name] = path.read_bytes()
        except OSError as error:
            raise unreadable(path, error) from error
    many = write(store, target, with_them, force=force)
    click.echo(f"{target}: {many:,} files, {target.stat().st_size / 1e6:.1f} MB")
