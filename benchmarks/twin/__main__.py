"""``python -m benchmarks.twin``: a twin model in time steps, its accuracy and its cost."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import click

from benchmarks.figures import show as show_figures
from benchmarks.figures import write
from benchmarks.table import Section, as_data, show
from benchmarks.twin.careful import CarefulCoupledTwin
from benchmarks.twin.convergence import (
    Apart,
    Estimate,
    Paired,
    apart,
    good_enough,
    paired,
    runs,
    through_origin,
)
from benchmarks.twin.picture import draw_bias
from benchmarks.twin.speed import Steps, twin_rows
from benchmarks.twin.worlds import busy, spread

LADDER = (30.0, 15.0, 5.0, 2.0, 1.0, 0.5)
CAREFUL_LADDER = (5.0, 2.0, 1.0)
FINE = 2.0
"""Steps up to this many minutes are used for the straight line of the bias."""

PAIRED_COLUMNS = ("step, min", "crossings", "seen", "bias, %", "95 % interval", "sign, %",
                  "different, %", "late, min")  # fmt: skip
APART_COLUMNS = ("step, min", "crossings", "seen: z", "sign: z", "seen: KS", "sign: KS",
                 "least, of four")  # fmt: skip


class Measured(NamedTuple):
    """The plain and the careful twin coupled to Panj, and the plain one on its own, by step."""

    coupled: list[Paired]
    careful: list[Paired]
    apart: list[Apart]


def _percent(estimate: Estimate) -> str:
    return f"{100.0 * estimate.low:+.2f} to {100.0 * estimate.high:+.2f}"


def paired_cells(row: Paired) -> list[str]:
    """One line of the table of the coupled twin."""
    return [
        f"{row.minutes:g}",
        f"{row.crossings:,}",
        f"{row.seen:,}",
        f"{100.0 * row.bias.value:+.2f}",
        _percent(row.bias),
        f"{100.0 * row.sign_bias.value:+.2f}",
        f"{100.0 * row.different.value:.3f}",
        f"{row.late:+.2f}",
    ]


def apart_cells(row: Apart) -> list[str]:
    """One line of p-values."""
    tests = (row.seen, row.sign, row.seen_delay, row.sign_delay, row.least)
    return [f"{row.minutes:g}", f"{row.crossings:,}", *(f"{p:.2g}" for p in tests)]


def chosen(rows: Sequence[Paired]) -> float:
    """The longest step that is accurate enough, or the shortest that was tried."""
    best = good_enough(rows)
    return best.minutes if best is not None else min(row.minutes for row in rows)


def _said(rows: Sequence[Paired], slope: Estimate, name: str) -> str:
    best = good_enough(rows)
    step = (
        f"the whole interval of the bias is within 1 % at steps of {best.minutes:g} min and less"
        if best
        else "at no step tried is the whole interval of the bias within 1 %"
    )
    return (
        f"{name}: {step}. A straight line through the fine steps, {100.0 * slope.value:+.2f} % "
        f"({_percent(slope)}) a minute, puts the limit at {_reach(slope):.2f} min."
    )


def _reach(slope: Estimate) -> float:
    """Longest step, minutes, at which the interval of the line is within 1 %."""
    return 0.01 / max(abs(slope.low), abs(slope.high), 1e-9)


NOTES = (
    "Coupled: the twin repeats Panj's crossings, departures and luck in steps. Bias: share seen in "
    "the open, and share found by sign, relative to Panj. Different: crossings with another "
    "outcome. Every pass within range sees here. Late: mean delay to detection beyond Panj's.",
)
APART_NOTES = (
    "The twin with its own draws against Panj, crossings spread evenly along the line: p-values of "
    "two-proportion z tests and of Kolmogorov-Smirnov tests on the delay to detection; the least "
    "of the four times four (Bonferroni).",
)
SPEED_NOTES = (
    "Processor time of one core. Ratios: to Panj's whole baseline year of the same round, except "
    "in lines that begin with a dash. Panj reduced does what the twin does. The twin's times are "
    "of some days of each season, scaled to a year; it has no cells, teams, watch, cameras, tips "
    "or anything that reacts. With care: only relevant agents are stepped.",
)


@click.command()
@click.option("--days", default=15.0, show_default=True, help="Days of each of the four seasons.")
@click.option("--timed-days", default=1.0, show_default=True, help="Days of a season timed.")
@click.option("--repeat", default=3, show_default=True, type=click.IntRange(min=1), help="Rounds.")
@click.option("--step", "ladder", multiple=True, type=float, default=LADDER, show_default=True,
              help="Steps, minutes; can be given more than once.")  # fmt: skip
@click.option(
    "--picture",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Draw the bias into this file.",
)
@click.option(
    "--json",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the figures to this file.",
)
def main(
    days: float,
    timed_days: float,
    repeat: int,
    ladder: tuple[float, ...],
    picture: Path | None,
    path: Path | None,
) -> None:
    """Compare Panj with a twin that runs in time steps, and time both."""
    found = measure(days, sorted(ladder, reverse=True))
    print_accuracy(found)
    if picture is not None:
        draw_bias(found.coupled, _slope(found.coupled), picture)
    steps = Steps(chosen(found.coupled), chosen(found.careful), timed_days)
    timed = Section("A year in steps", twin_rows(repeat, steps), SPEED_NOTES)
    show("Time", [timed], [])
    tables = {name: [row._asdict() for row in rows] for name, rows in found._asdict().items()}
    write(
        path,
        {
            "days": days,
            "slope": _slope(found.coupled),
            "careful_slope": _slope(found.careful),
            **tables,
            "speed": as_data([timed]),
        },
    )


def measure(days: float, steps: Sequence[float]) -> Measured:
    """The accuracy of the twins at these steps, the longest first."""
    panj = runs(busy(days))
    few = [minutes for minutes in CAREFUL_LADDER if minutes >= steps[-1]] or steps[-1:]
    coupled = [paired(panj, minutes) for minutes in steps]
    careful = [paired(panj, minutes, CarefulCoupledTwin) for minutes in few]
    alone = runs(spread(days))
    return Measured(coupled, careful, [apart(alone, minutes) for minutes in steps])


def print_accuracy(found: Measured) -> None:
    """Print the accuracy of the twins."""
    plain = _said(found.coupled, _slope(found.coupled), "Plain twin")
    care = _said(found.careful, _slope(found.careful), "With care")
    coupled, careful = map(paired_cells, found.coupled), map(paired_cells, found.careful)
    show_figures("Coupled to Panj", PAIRED_COLUMNS, coupled, [*NOTES, plain])
    show_figures("The same with care", PAIRED_COLUMNS, careful, [care])
    show_figures("Apart from Panj", APART_COLUMNS, map(apart_cells, found.apart), APART_NOTES)


def _slope(rows: Sequence[Paired]) -> Estimate:
    return through_origin([row for row in rows if row.minutes <= FINE] or rows)


if __name__ == "__main__":
    main()
