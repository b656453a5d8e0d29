"""``panj store support``: how often simulated years have events as grave as those reported."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli import options
from sim.cli.tables import print_json, print_table

if TYPE_CHECKING:
    from sim.calibrate.support import RowSupport


@click.command(
    epilog="""\b
Examples:
  panj batch baseline -n 2000 --incidents -o results/years
  panj store support results/years
  panj store support results/fit --json

See docs/calibration.md for the meaning of "at least as grave"."""
)
@options.store
@options.seeds("Folder with your own incidents.csv.")
@options.as_json
def support(folder: Path, seeds: Path | None, as_json: bool) -> None:
    """Show how often the runs of STORE have events as grave as those reported.

    For each reported incident the command counts the simulated events that are at least as grave
    in the same respect. The store must keep incidents: use a batch made with --incidents, or the
    folder of a calibration.
    """
    from sim.calibrate.support import support_of
    from sim.incidents.seeds import read_incidents
    from sim.runs.store import Store

    store = Store.open(folder)
    rows = read_incidents(None if seeds is None else seeds / "incidents.csv")
    results = {name: support_of(store, name, rows) for name in store.scenarios}
    if as_json:
        print_json({name: list(map(_as_data, rows)) for name, rows in results.items()})
        return
    head = ("row", "reported", "events", "per year (95 %)")
    for name, supports in results.items():
        click.echo(f"{name}: {supports[0].years:,.0f} years" if supports else name)
        print_table(
            head, [(s.row.identity, _reported(s), f"{s.seen:,}", _rate(s)) for s in supports]
        )


def _as_data(support: RowSupport) -> dict[str, object]:
    from sim.calibrate.support import stated

    row = support.row
    states = {**stated(row), **({} if row.night is None else {"night": row.night})}
    return {**support._asdict(), "row": row.identity, "kind": row.kind, "states": states}


def _reported(support: RowSupport) -> str:
    """Return a row in words: its kind, and what it states apart from zeros."""
    from sim.calibrate.support import COUNTED, stated
    from sim.incidents.kinds import INCIDENTS

    row = support.row
    values = stated(row)
    parts = [_counted(values[name], label) for name, label in COUNTED.items() if values.get(name)]
    if values.get("hours"):
        parts.append(f"after {values['hours']:g} h")
    if row.night:
        parts.append("by night")
    if row.group_size is not None and row.escaped == 0:
        parts.append("nobody escaped")
    return f"{INCIDENTS[row.kind].label}: {', '.join(parts) or 'nobody hurt'}"


def _counted(value: float, label: str) -> str:
    return f"{value:g} {label.replace('s ', ' ', 1) if value == 1.0 else label}"


def _rate(support: RowSupport) -> str:
    from sim.comparison.number_format import with_interval

    if not support.seen:
        return f"none: fewer than {support.high:.2g}"
    return with_interval(support.per_year, support.low, support.high)
