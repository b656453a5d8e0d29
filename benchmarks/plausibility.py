"""``python -m benchmarks.plausibility``: the baseline's simulated years against what is known.

Prints a table in Markdown. Nothing here is fitted; calibration is another matter.
"""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from math import floor
from multiprocessing import get_context
from pathlib import Path
from statistics import mean
from typing import NamedTuple

import click
import numpy as np

import sim
from sim.frontier.ground import Ground
from sim.incidents.records import Crossing, Incident
from sim.model import BorderModel

LAND = Ground.default()

_BASELINE = Path(__file__).resolve().parent.parent / "scenarios" / "baseline.toml"
_HOT_DISTRICT = "shamsiddin_shohin"
_LIKE_2025 = range(14, 21)
"""Clashes of a year that counts as like 2025, which had 17."""

Year = dict[str, float]


class Pooled(NamedTuple):
    """A ratio: summed over all years for the figure, by year for the spread."""

    label: str
    target: str
    part: str
    whole: str
    digits: int = 2


class Tail(NamedTuple):
    """Something rare: the share of years that see it."""

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
    Tail("next-day contact, exactly 2 guards and 3 militants dead", "in the tail", "kavo"),
    Tail("contact on a later day, 2 or more guards and 3 or more militants dead",
         "in the tail", "like_kavo"),
    Tail("an attack with 2 or 3 workers dead", "in the tail", "workers_2_3"),
    Tail("10 or more deaths in some 35 days", "in the tail", "worst_35_days", 10),
)  # fmt: skip


def year(seed: int) -> Year:
    """What one simulated baseline year adds to the table."""
    model = BorderModel(sim.load(_BASELINE), seed).run()
    incidents, crossings = model.log[Incident], model.log[Crossing]
    outcomes = model.outcomes()
    return {
        "clashes": float(outcomes["clashes"] or 0),
        "worst_35_days": float(outcomes["worst_35_days"] or 0),
        "hot_share": float(outcomes["hot_share"] or 0),
        **_people(incidents),
        **_flow(crossings, incidents),
        **_rare(incidents),
    }


def _people(incidents: list[Incident]) -> Year:
    clashes = [i for i in incidents if i.clash]
    met = [i for i in incidents if i.actor == "smugglers" and (i.clash or i.detained)]
    grave = [i for i in incidents if i.is_attack or i.deaths]
    return {
        "intruders_killed": sum(i.killed_intruders for i in incidents),
        "guards_killed": sum(i.killed_guards for i in clashes),
        "all_guards_killed": sum(i.killed_guards for i in incidents),
        "guards_wounded": sum(i.wounded_guards for i in incidents),
        "detained": sum(i.detained for i in incidents),
        "escaped": sum(i.escaped for i in met),
        "met": sum(i.group_size for i in met),
        "grave": len(grave),
        "grave_hot": sum(i.district == _HOT_DISTRICT for i in grave),
    }


def _flow(crossings: list[Crossing], incidents: list[Incident]) -> Year:
    khatlon = {d.slug for d in LAND.districts if d.region == "Khatlon"}
    caught = [c for c in crossings if c.actor == "smugglers" and c.stopped]
    return {
        "crossings": len(crossings),
        "by_night": sum(c.night for c in crossings),
        "sent_kg": sum(c.load_kg for c in crossings),
        "seized_kg": sum(i.seized_kg for i in incidents),
        "khatlon_kg": sum(i.seized_kg for i in incidents if i.district in khatlon),
        "stopped": len(caught),
        "stopped_by_tip": sum(c.cue == "tip" for c in caught),
    }


def _days_later(incident: Incident) -> int:
    """Midnights between crossing and contact; 0 if met within six hours, or not at all."""
    if incident.crossed_at is None or incident.contact_at is None:
        return 0
    if incident.contact_at - incident.crossed_at < 0.25:
        return 0
    return floor(incident.contact_at) - floor(incident.crossed_at)


def _rare(incidents: list[Incident]) -> Year:
    workers = [i.killed_workers_chinese + i.killed_workers_other for i in incidents]
    return {
        "kavo": sum(
            _days_later(i) == 1 and i.killed_guards == 2 and i.killed_militants == 3
            for i in incidents
        ),
        "like_kavo": sum(
            _days_later(i) >= 1 and i.killed_guards >= 2 and i.killed_militants >= 3
            for i in incidents
        ),
        "workers_2_3": sum(killed in (2, 3) for killed in workers),
    }


def _line(label: str, target: str, figure: str, values: list[float], digits: int) -> str:
    low, high = np.percentile(values, [5, 95])
    return f"| {label} | {target} | {figure} | {low:.{digits}f} to {high:.{digits}f} |"


def _plain(
    label: str, target: str, years: list[Year], of: Callable[[Year], float], digits: int
) -> str:
    values = [of(y) for y in years]
    return _line(label, target, f"{mean(values):.{digits}f}", values, digits)


def _pooled(row: Pooled, years: list[Year]) -> str:
    whole = sum(y[row.whole] for y in years)
    figure = f"{sum(y[row.part] for y in years) / whole:.{row.digits}f}" if whole else "-"
    values = [y[row.part] / y[row.whole] for y in years if y[row.whole]] or [0.0]
    return _line(row.label, row.target, figure, values, row.digits)


def _tail(row: Tail, years: list[Year]) -> str:
    seen = sum(y[row.what] >= row.least for y in years)
    return f"| {row.label} | {row.target} | in {seen} of {len(years)} years | |"


def markdown(years: list[Year]) -> str:
    """The table: targets, means (ratios pooled over years), 5 and 95 % of years."""
    alike = [y for y in years if y["clashes"] in _LIKE_2025]
    rows = [
        "| what | target | mean | 5 to 95 % of years |",
        "| --- | --- | --- | --- |",
        _plain("clashes a year", "6-35, 17 in 2025", years, lambda y: y["clashes"], 1),
    ]
    rows += [_pooled(row, years) for row in RATIOS]
    rows.append(
        _plain("grave incidents in the district with most", "-", years, lambda y: y["hot_share"], 2)
    )
    rows.append(_plain("t seized", "-", years, lambda y: y["seized_kg"] / 1000.0, 2))
    if alike:
        label = f"t seized in the {len(alike)} years with 14 to 20 clashes"
        rows.append(_plain(label, "2.7", alike, lambda y: y["seized_kg"] / 1000.0, 2))
    rows += [_tail(row, years) for row in TAILS]
    return "\n".join(rows)


@click.command()
@click.option("--seeds", default=200, show_default=True, type=click.IntRange(min=1), help="Years.")
@click.option("--first", default=1, show_default=True, help="First seed.")
@click.option("--jobs", default=2, show_default=True, type=click.IntRange(min=1))
def main(seeds: int, first: int, jobs: int) -> None:
    """Run the baseline for many seeds and print what it looks like."""
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        years = list(pool.map(year, range(first, first + seeds), chunksize=5))
    click.echo(markdown(years))


if __name__ == "__main__":
    main()
