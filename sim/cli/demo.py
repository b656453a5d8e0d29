"""``panj demo``: the way from nothing to a page about policies, in about a minute."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from sim.cli import options
from sim.errors import OutputError

POLICIES: Final = ("baseline", "joint_control", "surveillance")
"""What is compared: the baseline, a policy that helps, and one that sees more and costs more."""

OUTCOMES: Final = "victims,interdiction_share,cost_usd"


@click.command(
    epilog="""\b
Examples:
  panj demo
  panj demo -n 100 --folder results/first
  panj demo --view"""
)
@options.value(
    "--folder",
    "DIR",
    "Put everything into this folder.",
    type=options.NEW_PATH,
    default=Path("panj-demo"),
    show_default=True,
)
@options.integer("-n", "--replicates", least=2, default=20, help="Years of each policy.")
@options.workers
@options.flag("--view", "Watch two of the policies in the browser at the end.")
@click.pass_context
def demo(
    context: click.Context,
    folder: Path,
    replicates: int,
    workers: options.Workers,
    view: bool,
) -> int:
    """Run, compare and draw three policies, and show the commands.

    Every step is a command of panj, which is shown before it is run. Interrupted, the demo goes on
    from there when it is given again; every file is whole or not there.
    """
    _check(folder)
    root = context.find_root()
    again = shlex.join(["panj", "demo", "--folder", str(folder), "-n", str(replicates)])
    many = ["--jobs", str(workers.jobs)] if workers.jobs else []
    where = ["--serial"] if workers.executor else many
    for words, arguments in _steps(folder, replicates, where):
        told = ["panj", *(word for word in arguments if word not in where)]
        click.echo(click.style(f"{words}", bold=True) + f"\n$ {shlex.join(told)}")
        status = root.command.main(arguments, prog_name="panj", standalone_mode=False, obj=again)
        if status:
            return int(status)
        click.echo()
    watch = ["view", POLICIES[0], "--against", POLICIES[1]]
    click.echo(click.style("Watch a year of two policies in the browser", bold=True))
    click.echo(f"$ {shlex.join(['panj', *watch])}")
    click.echo(f"\nOpen {folder / 'report.html'} in a browser. 'panj help' tells all commands.")
    if view:
        root.command.main(watch, prog_name="panj", standalone_mode=False, obj=shlex.join(watch))
    return 0


def _steps(folder: Path, replicates: int, where: list[str]) -> Iterator[tuple[str, list[str]]]:
    """What is done, in words and as a command."""
    store, page, picture = (folder / name for name in ("store", "report.html", "policies.svg"))
    years = f"{len(POLICIES)} policies, {replicates} years of each, the same luck in all"
    size = ["-n", str(replicates), "-o", str(store)]
    yield f"1. Run {years}", ["batch", *POLICIES, *size, *where]
    yield "2. Compare them", ["compare", str(store), "--outcomes", OUTCOMES]
    for words, verb, file in (
        ("3. Draw them", "plot", picture),
        ("4. Write it all on one page", "report", page),
    ):
        yield words, [verb, str(store), "-o", str(file), *["--force"] * file.exists()]


def _check(folder: Path) -> None:
    """Refuse a folder that holds something else, before anything is run."""
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "store").is_dir():
        raise OutputError(
            "holds files that are not of a demo; they stay as they are",
            path=folder,
            key="--folder",
            remedy="Name a folder that does not exist yet.",
        )
    if folder.exists() and not folder.is_dir():
        raise OutputError("is a file", path=folder, key="--folder", remedy="Name a new folder.")
