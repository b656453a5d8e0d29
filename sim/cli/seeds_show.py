"""``panj seeds show``: the table of years, how each row is used, and marks of incidents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from sim.cli import options
from sim.cli.tables import print_json, print_table
from sim.cli.terminal import WIDTH

if TYPE_CHECKING:
    from sim.calibrate.event_marks import EventMarks
    from sim.calibrate.intervals import Interval
    from sim.calibrate.year_table import Period, YearTable

_GAP: Final = 2
_PARTS: Final = ("years", "rows", "incidents")


@click.command(
    epilog="""\b
Examples:
  panj seeds show
  panj seeds show rows
  panj seeds show --seeds my_seeds
  panj seeds show --json

See docs/calibration.md for how the table is made."""
)
@click.argument("part", type=click.Choice(_PARTS), required=False)
@options.seeds("Folder with your own years.toml, aggregates.csv or incidents.csv.")
@options.as_json
def show(part: str | None, seeds: Path | None, as_json: bool) -> None:
    """Show the table of years, how each row is used, and marks of single incidents.

    In the table ">=" is a lower bound and "<=" an upper bound; "or" separates sources that
    conflict; a dot means that nothing is reported. To see one part only, name it.
    """
    from sim.calibrate.year_table import read_years

    table = read_years(seeds)
    if as_json:
        print_json(_as_data(table))
        return
    printers = {"years": _print_years, "rows": _print_rows, "incidents": _print_marks}
    if part is not None:
        printers[part](table)
        return
    _print_years(table)
    click.echo()
    _print_rows(table)
    click.echo()
    _print_marks(table)


def _print_years(table: YearTable) -> None:
    from sim.calibrate.intervals import as_text

    click.echo(click.style("What is known about the years", bold=True))
    for names in _blocks(table):
        rows = [
            (
                period.text,
                *(as_text(p.intervals) if (p := period.cells.get(name)) else "·" for name in names),
            )
            for period in table.periods
            if any(name in period.cells for name in names)
        ]
        click.echo()
        print_table(("period", *names), rows)
    known = sum(len(period.cells) for period in table.periods)
    click.echo()
    click.echo(f"{known} cells of {table.mask.size} are known, over {len(table.years)} years.")
    if not table.gives_rates:
        click.echo(
            "Incident rows give no rates here: only a years.toml beside them can say for which "
            "years they are complete."
        )
    for regime in table.rules.regimes:
        click.echo(f"{regime.name} {regime.period}: reports of {regime.reports}")


def _blocks(table: YearTable) -> Iterator[list[str]]:
    """Statistics that fit side by side within the width of a page."""
    left = max(len(period.text) for period in table.periods)
    block: list[str] = []
    room = WIDTH - left
    for name in table.statistics:
        width = max(len(name), *(_width(period, name) for period in table.periods)) + _GAP
        if block and width > room:
            yield block
            block, room = [], WIDTH - left
        block.append(name)
        room -= width
    yield block


def _width(period: Period, name: str) -> int:
    from sim.calibrate.intervals import as_text

    return len(as_text(period.cells[name].intervals)) if name in period.cells else 1


def _print_rows(table: YearTable) -> None:
    click.echo(click.style("How each row of aggregates.csv is used", bold=True))
    click.echo()
    print_table(
        ("line", "period", "metric", "value", "use"),
        [
            (str(u.line), u.count.period, u.count.metric, f"{u.count.value:,g}", u.use)
            for u in table.row_uses
        ],
    )


def _print_marks(table: YearTable) -> None:
    click.echo(click.style("What is reported about single incidents", bold=True))
    click.echo()
    print_table(
        ("row", "day", "regime", "for", "kind", "reported"),
        [
            (
                " ".join([event.identity, *event.others]),
                str(event.day or "–"),
                event.regime or "–",
                "rates and marks" if event.for_rates else "marks only",
                event.kind,
                _marks(event),
            )
            for event in table.marks
        ],
    )

    if table.not_modelled:
        click.echo()
        click.echo(
            f"Not used: {', '.join(table.not_modelled)}. No scenario contains incidents of their "
            "kind."
        )


def _marks(event: EventMarks) -> str:
    from sim.calibrate.event_marks import MARKS
    from sim.calibrate.intervals import as_text

    marks = [f"{MARKS[name]} {as_text(each)}" for name, each in event.intervals.items()]
    return ", ".join([*marks, *([f"first known by {event.cue}"] if event.cue else [])])


def _as_data(table: YearTable) -> dict[str, object]:
    return {
        "regimes": [
            {"name": r.name, "period": r.period.text, "reports": r.reports}
            for r in table.rules.regimes
        ],
        "cells": [_finite(row) for row in table.rows()],
        "rows": [
            {
                "line": used.line,
                "period": used.count.period,
                "metric": used.count.metric,
                "value": used.count.value,
                "source": used.count.source,
                "statistic": used.statistic,
                "use": used.use,
            }
            for used in table.row_uses
        ],
        "incidents": [
            {
                "row": event.identity,
                "others": list(event.others),
                "kind": event.kind,
                "day": None if event.day is None else event.day.isoformat(),
                "regime": event.regime,
                "for_rates": event.for_rates,
                "cue": event.cue,
                "told": {name: _ends(each) for name, each in event.intervals.items()},
            }
            for event in table.marks
        ],
        "incidents_not_used": list(table.not_modelled),
    }


def _ends(intervals: Sequence[Interval]) -> list[list[float | None]]:
    return [[i.low, None if i.high == float("inf") else i.high, i.weight] for i in intervals]


def _finite(row: dict[str, object]) -> dict[str, object]:
    return {**row, "high": None if row["high"] == float("inf") else row["high"]}
