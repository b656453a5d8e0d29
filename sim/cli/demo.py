"""``panj demo``: from nothing to a report on three policies, in about a minute."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from sim.cli import options
from sim.errors import OutputError

POLICIES: Final = ("baseline", "joint_control", "surveillance")
"""The baseline, a policy that helps, and one that sees more and costs more."""

OUTCOMES: Final = "victims,interdiction_share,cost_usd"


@click.command(
    epilog="""\b
Examples:
  panj demo
  panj demo -n 100 --folder results/first"""
)
@options.value(
    "--folder",
    "DIR",
    "Write everything to this folder.",
    type=options.NEW_PATH,
    default=Path("panj-demo"),
    show_default=True,
)
@options.integer("-n", "--replicates", least=2, default=20, help="Number of years of each policy.")
@options.workers
@click.pass_context
def demo(context: click.Context, folder: Path, replicates: int, workers: options.Workers) -> int:
    """Run, compare and draw three policies, and show the commands.

    Every step is a panj command, which is shown before it runs. To continue an interrupted demo,
    give the same command again.
    """
    _check(folder)
    root = context.find_root()
    again = shlex.join(["panj", "demo", "--folder", str(folder), "-n", str(replicates)])
    where = ["--jobs", str(workers.jobs)] if workers.jobs else []
    if workers.executor:
        where = ["--serial"]
    steps = zip(_steps(folder, replicates, where), _steps(folder, replicates, []), strict=True)
    for (title, arguments), (_, shown) in steps:
        click.echo(click.style(title, bold=True) + f"\n$ {shlex.join(['panj', *shown])}")
        status = root.command.main(arguments, prog_name="panj", standalone_mode=False, obj=again)
        if status:
            return int(status)
        click.echo()
    click.echo(click.style("To watch a year of two policies in the browser", bold=True))
    click.echo(f"$ panj view {POLICIES[0]} --against {POLICIES[1]}")
    click.echo(f"\nOpen {folder / 'report.html'} in a browser. 'panj help' lists all commands.")
    return 0


def _steps(folder: Path, replicates: int, where: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield the title and the arguments of each step."""
    store, page, picture = (folder / name for name in ("store", "report.html", "policies.svg"))
    title = f"1. Run {len(POLICIES)} policies for the same {replicates} years"
    yield title, ["batch", *POLICIES, "-n", str(replicates), "-o", str(store), *where]
    yield "2. Compare them", ["compare", str(store), "--outcomes", OUTCOMES]
    for title, command, file in (
        ("3. Draw them", "plot", picture),
        ("4. Write a report on them", "report", page),
    ):
        yield title, [command, str(store), "-o", str(file), *["--force"] * file.exists()]


def _check(folder: Path) -> None:
    """Refuse a folder that holds anything but a demo, before the first step."""
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "store").is_dir():
        raise OutputError(
            "holds files that do not belong to a demo; they were not changed",
            path=folder,
            key="--folder",
            remedy="Name a folder that does not exist yet.",
        )
    if folder.exists() and not folder.is_dir():
        raise OutputError("is a file", path=folder, key="--folder", remedy="Name a new folder.")
