"""``panj ground``: list and show grounds, and check your own."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli import options
from sim.cli.tables import print_json, print_table
from sim.errors import GroundError, Problem


@click.group(
    epilog="""\b
Examples:
  panj ground list
  panj ground show tajik_afghan
  panj ground check my_frontier
  panj run baseline --ground my_frontier

A GROUND is the name of a shipped ground, or a folder; docs/extending.md describes its files."""
)
def ground() -> None:
    """List, show and check grounds: the frontiers that scenarios use."""


@ground.command("list")
@options.as_json
def list_(as_json: bool) -> None:
    """List the shipped grounds."""
    from sim.frontier.ground import Ground, shipped

    rows = [Ground.named(name).summary() for name in shipped()]
    if as_json:
        print_json(rows)
        return
    head = ("name", "title", "length_km", "districts", "clock")
    print_table(head, [[str(row[column]) for column in head] for row in rows])


@ground.command()
@click.argument("name", metavar="GROUND")
@options.as_json
def show(name: str, as_json: bool) -> None:
    """Show the districts of GROUND, with their default weights."""
    from sim.frontier.ground import Ground

    shown = Ground.named(name)
    head = ("slug", "name", "region", "km_from", "km_to", "population", *shown.weights)
    rows = [
        [*(getattr(info, column) for column in head[:6])]
        + [weights.get(info.slug, 0.0) for weights in shown.weights.values()]
        for info in shown.districts
    ]
    if as_json:
        weights = [dict(zip(head, row, strict=True)) for row in rows]
        print_json({**shown.summary(), "weights": weights})
        return
    for label, value in shown.summary().items():
        click.echo(f"{label}: {value}")
    print_table(head, [[f"{v:g}" if isinstance(v, float) else str(v) for v in row] for row in rows])


@ground.command()
@click.argument("folders", metavar="FOLDER...", nargs=-1, required=True, type=Path)
def check(folders: tuple[Path, ...]) -> None:
    """Check each FOLDER and list all problems; the exit status is 2 if there are any."""
    from sim.frontier.ground import Ground

    problems: list[Problem] = []
    for folder in folders:
        try:
            checked = Ground.load(folder)
        except GroundError as error:
            problems += error.problems
        else:
            click.echo(f"ok  {folder}  {checked.title}")
    if problems:
        raise GroundError.of(problems)
