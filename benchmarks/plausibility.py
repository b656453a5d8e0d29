"""``python -m benchmarks.plausibility``: simulated years of the baseline against what is known.

It prints two tables in Markdown: published ranges, and how often a month like that of the first
seed article occurs (:mod:`benchmarks.seed_month`). Nothing here is fitted.
"""

from pathlib import Path
from statistics import mean
from typing import NamedTuple

import click
import numpy as np

from benchmarks import seed_month
from benchmarks.years import Year, simulated
from sim.scenario.load import load
from sim.scenario.parameter_page import table

_BASELINE = Path(__file__).resolve().parent.parent / "scenarios" / "baseline.toml"
_LIKE_2025 = range(14, 21)
"""Clashes of a year that counts as like 2025, which had 17."""

_STILL = ("regimes.flow_spread=0", "regimes.plans_spread=0")
"""Settings that make every year one of the mean regime."""


class Pooled(NamedTuple):
    """A ratio: the figure sums over all years, the spread is by year."""

    label: str
    target: str
    part: str
    whole: str
    digits: int = 2


class Tail(NamedTuple):
    """A rare event: the share of years with it."""

    label: str
    target: str
    what: str
    least: int = 1


RATIOS = (
    Pooled("intruders killed per clash", "0.41-0.59", "intruders_killed", "clashes"),
    Pooled("guards killed in clashes per clash", "0.02-0.12", "guards_killed", "clashes"),
    Pooled("detained per clash", "0.5-1.2", "detained", "clashes"),
    Pooled("crossings by night", ">= 0.85", "by_night", "crossings"),
    Pooled("smugglers who escape a clash or arrest", "0.46-0.73", "escaped", "met"),
    Pooled("weight interdicted of weight sent", "0.03-0.15", "seized_kg", "sent_kg", 3),
    Pooled("weight seized in Khatlon", "about 0.94", "khatlon_kg", "seized_kg"),
    Pooled("grave incidents in Shamsiddin Shohin", ">= 0.5", "grave_hot", "grave"),
    Pooled("wounded per killed guard", "2.2-3.8", "guards_wounded", "all_guards_killed", 1),
    Pooled("smuggling crossings stopped after a tip", "0.3-0.7", "stopped_by_tip", "stopped"),
)
TAILS = (
    Tail("late contact, exactly 2 guards and 3 militants dead", "in the tail", "kavo"),
    Tail("an attack with 2 or 3 workers dead", "in the tail", "workers_2_3"),
    Tail("10 or more deaths in a span of 35 days", "in the tail", "worst_35_days", 10),
)  # fmt: skip


type Line = tuple[str, str, str, str]


def _line(label: str, target: str, figure: str, values: list[float], digits: int) -> Line:
    low, high = np.percentile(values, [5, 95])
    return label, target, figure, f"{low:.{digits}f} to {high:.{digits}f}"


def _plain(label: str, target: str, values: list[float], digits: int) -> Line:
    return _line(label, target, f"{mean(values):.{digits}f}", values, digits)


def _pooled(row: Pooled, years: list[Year]) -> Line:
    whole = sum(y.sums[row.whole] for y in years)
    figure = f"{sum(y.sums[row.part] for y in years) / whole:.{row.digits}f}" if whole else "-"
    values = [y.sums[row.part] / y.sums[row.whole] for y in years if y.sums[row.whole]] or [0.0]
    return _line(row.label, row.target, figure, values, row.digits)


def _tail(row: Tail, years: list[Year]) -> Line:
    seen = sum(y.sums[row.what] >= row.least for y in years)
    return row.label, row.target, f"in {seen} of {len(years)} years", ""


def markdown(years: list[Year]) -> str:
    """The table: targets, means (ratios pooled over years), and 5 and 95 % quantiles of years."""
    clashes, hot = ([y.sums[name] for y in years] for name in ("clashes", "hot_share"))
    tons = [y.sums["seized_kg"] / 1000.0 for y in years]
    alike = [t for t, n in zip(tons, clashes, strict=True) if n in _LIKE_2025]
    rows = [
        _plain("clashes a year", "6-35, 17 in 2025", clashes, 1),
        *(_pooled(row, years) for row in RATIOS),
        _plain("grave incidents in the district with most", "-", hot, 2),
        _plain("t seized", "-", tons, 2),
    ]
    if alike:
        label = f"t seized in the {len(alike)} years with 14 to 20 clashes"
        rows.append(_plain(label, "2.7", alike, 2))
    rows += [_tail(row, years) for row in TAILS]
    return table(("what", "target", "mean", "5 to 95 % of years"), rows)


@click.command()
@click.option(
    "--years", default=200, show_default=True, type=click.IntRange(min=2), help="Number of years."
)
@click.option("--first", default=1, show_default=True, help="First seed.")
@click.option("--jobs", default=2, show_default=True, type=click.IntRange(min=1))
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE",
              help="Change a parameter of the baseline; can be given more than once.")  # fmt: skip
def main(years: int, first: int, jobs: int, settings: tuple[str, ...]) -> None:
    """Run the baseline for many seeds and print the tables."""
    scenario = load(_BASELINE, settings)
    free = simulated(scenario, first, years, jobs)
    still = simulated(load(_BASELINE, (*settings, *_STILL)), first, years, jobs)
    rows = seed_month.lines(scenario.cells.lag_days, scenario.days)
    click.echo(markdown(free))
    click.echo(seed_month.markdown(rows, free, still))


if __name__ == "__main__":
    main()
