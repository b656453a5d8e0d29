"""``panj store support``: how often simulated years do what was reported, or worse."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli import options
from sim.cli.tables import print_table

if TYPE_CHECKING:
    from sim.calibrate.support import RowSupport


@click.command(
    epilog="""\b
Examples:
  panj batch baseline -n 2000 --incidents -o results/years
  panj store support results/years
  panj store support results/fit --json

docs/calibration.md says what "at least as grave" means."""
)
@options.store
@options.seeds("Folder with an incidents.csv of your own.")
@options.as_json
def support(folder: Path, seeds: Path | None, as_json: bool) -> None:
    """Say how often the runs of a STORE do what was reported, or worse.

    For each reported incident: how many events at least as grave in the same respect came in the
    simulated years. The store must keep incidents: a batch made with --incidents, or the folder
    of a calibration.
    """
    from sim.calibrate.support import support_of
    from sim.incidents.seeds import read_incidents
    from sim.runs.store import Store

    opened = Store.open(folder)
    rows = read_incidents(None if seeds is None else seeds / "incidents.csv")
    found = {name: support_of(opened, name, rows) for name in opened.scenarios}
    if as_json:
        click.echo(json.dumps({n: [_as_data(row) for row in found[n]] for n in found}))
        return
    for name, lines in found.items():
        click.echo(f"{name}: {lines[0].years:,.0f} years" if lines else name)
        _print_support(lines)


def _print_support(found: Sequence[RowSupport]) -> None:
    head = ("row", "reported", "seen", "a year (95 %)")
    print_table(head, [(s.row.identity, _reported(s), f"{s.seen:,}", _rate(s)) for s in found])


def _as_data(found: RowSupport) -> dict[str, object]:
    from sim.calibrate.support import stated

    row = found.row
    states = {**stated(row), **({} if row.night is None else {"night": row.night})}
    return {**found._asdict(), "row": row.identity, "kind": row.kind, "states": states}


def _reported(found: RowSupport) -> str:
    """A row in words: its kind, and what it states that is more than nothing."""
    from sim.calibrate.support import COUNTED, stated
    from sim.incidents.kinds import INCIDENTS

    said = stated(found.row)
    words = [_counted(said[name], told) for name, told in COUNTED.items() if said.get(name)]
    if said.get("hours"):
        words.append(f"after {said['hours']:g} h")
    if found.row.night:
        words.append("by night")
    if found.row.group_size is not None and found.row.escaped == 0:
        words.append("nobody escaped")
    return f"{INCIDENTS[found.row.kind].label}: {', '.join(words) or 'nobody hurt'}"


def _counted(value: float, told: str) -> str:
    return f"{value:g} {told.replace('s ', ' ', 1) if value == 1.0 else told}"


def _rate(found: RowSupport) -> str:
    from sim.comparison.number_format import with_interval

    if not found.seen:
        return f"none: fewer than {found.high:.2g}"
    return with_interval(found.per_year, found.low, found.high)
