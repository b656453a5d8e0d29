"""``python -m benchmarks.allocation_ordering``: does a mixture of two ways to patrol beat both?

Pattern analysis sends patrols where stops were recent; randomness spreads them by plan over random
hours. Predd, Willis, Setodji and Stelzner (2012, RAND TR-1211) found that mixtures stop
more of the flow than either alone.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from functools import reduce
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import click
import numpy as np

import sim
from benchmarks.figures import show, write
from benchmarks.ordering.design import LOADS, SHARES, Cell, cells
from benchmarks.ordering.picture import Judged, draw
from benchmarks.ordering.verdict import CONFIDENCE, Finding, Floats, Verdict, judge, shortfalls
from sim.comparison.samples import float_column, read_sample
from sim.frontier.ground import Ground
from sim.report.style import save
from sim.runs.store import Store
from sim.scenario.spec import Scenario
from sim.scenario.values import with_overrides

LAND = Ground.default()

COLUMNS = (
    "border", "adapt", "loads", "sorties", "random", "pattern", "mixture", "of", "gain", "low",
    "high", "",
)  # fmt: skip

LABELS: Final[dict[Verdict, str]] = {
    "mixture wins": "mixture",
    "does not hold": "worse",
    "no gain": "no gain",
    "not settled": "",
}
"""The verdicts in the room that a terminal has."""


class Size(NamedTuple):
    """Replicates of cells with little flow, of the others, and the days of a run."""

    sparse: int
    dense: int
    days: float


FULL = Size(60, 30, 365.0)
QUICK = Size(6, 3, 60.0)


def run(design: Sequence[Cell], size: Size, folder: Path) -> Store:
    """Run what the store in ``folder`` lacks, with more replicates for cells with little flow."""
    store: Store | None = None
    for sparse in (True, False):
        chosen = [cell for cell in design if (cell.loads == LOADS[0]) == sparse]
        replicates = size.sparse if sparse else size.dense
        if chosen:
            scenarios = [_lasting(c.scenario(s), size.days) for c in chosen for s in SHARES]
            store = sim.run_batch(scenarios, replicates, folder, executor="serial")
    if store is None:
        raise ValueError("the design has no cells")
    return store


def _lasting(scenario: Scenario, days: float) -> Scenario:
    return scenario if scenario.days == days else with_overrides(scenario, {"days": days})


def stopped(store: Store, cell: Cell) -> Floats:
    """Share of the smuggling crossings that guards stopped, (strategies, replicates)."""
    wanted = ("interdicted", "crossings_smuggling")
    names = [cell.scenario(share).name for share in SHARES]
    table = store.outcomes(names, list(wanted))
    samples = [read_sample(table, name, wanted) for name in names]
    common = reduce(np.intersect1d, [sample.replicates for sample in samples])
    rows = [sample.values[np.isin(sample.replicates, common)] for sample in samples]
    return np.array([values[:, 0] / np.maximum(values[:, 1], 1.0) for values in rows])


def outside(store: Store, cell: Cell) -> float:
    """The share of crossings, under randomness alone, outside the guarded districts."""
    table = store.districts([cell.scenario(SHARES[0]).name], ["district", "crossings"])
    crossings = float_column(table, "crossings")
    beyond = [district.slug for district in LAND.districts[cell.guarded :]]
    around = [slug in beyond for slug in table.column("district").to_pylist()]
    return float(crossings[around].sum() / crossings.sum())


def line(cell: Cell, found: Finding) -> list[str]:
    """A row of the table, in per cent of the flow."""
    low, high = (f"{100 * end:+.1f}" for end in (found.low, found.high))
    best = f"{100 * found.means[found.best]:.1f}"
    flow, sorties = f"{cell.loads:,.0f}", f"{cell.sorties:g}"
    pure = [f"{100 * found.means[place]:.1f}" for place in (0, -1)]
    gain = f"{100 * found.gain:+.1f}"
    return [cell.border, cell.adaptivity, flow, sorties, *pure, best,
            f"{SHARES[found.best]:g}", gain, low, high, LABELS[found.verdict]]  # fmt: skip


def data(store: Store, judged: Judged) -> list[dict[str, object]]:
    """The table as plain data, in shares of the flow."""
    return [
        {
            **cell._asdict(),
            "replicates": shares.shape[1],
            "stopped": [round(mean, 5) for mean in found.means],
            "best_share": SHARES[found.best],
            **{end: round(getattr(found, end), 5) for end in ("gain", "low", "high")},
            "better_pure": found.better_pure,
            "verdict": found.verdict,
            "outside": round(outside(store, cell), 4),
        }
        for cell, (found, shares) in judged.items()
    ]


def tell(judged: Judged) -> None:
    """Print the table."""
    findings = [found for found, _ in judged.values()]
    intervals = 2 * (len(SHARES) - 2) * len(findings)
    worst = zip(SHARES, shortfalls(findings), strict=True)
    show(
        "Share of the flow stopped (%), and what the best mixture gains on the better of the pure",
        COLUMNS,
        [line(cell, found) for cell, (found, _) in judged.items()],
        [
            f"low, high: all {intervals} intervals hold at once at {100 * CONFIDENCE:.0f} %.",
            "no gain: no mixture gains a twentieth; worse: each is worse than one of the two.",
            "Worst shortfall from the best strategy of a cell, by share of pattern analysis: "
            + ", ".join(f"{share:g}: {100 * lost:.0f} %" for share, lost in worst),
        ],
    )


@click.command()
@click.option("--quick", is_flag=True, help="Few and short runs, to check that it works.")
@click.option("-s", "--store", "folder", type=click.Path(path_type=Path),
              help="Folder of the runs, to continue after an interruption.")  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False),
              help="Write the table as JSON.")  # fmt: skip
@click.option("--plot", type=click.Path(path_type=Path, dir_okay=False), help="Draw the picture.")
def main(quick: bool, folder: Path | None, output: Path | None, plot: Path | None) -> None:
    """Try shares of pattern analysis in many circumstances and report where a mixture is best."""
    design, size = cells(), QUICK if quick else FULL
    with ExitStack() as stack:
        where = folder or Path(stack.enter_context(TemporaryDirectory())) / "store"
        store = run(design, size, where)
        judged: dict[Cell, tuple[Finding, Floats]] = {}
        for cell in design:
            shares = stopped(store, cell)
            judged[cell] = judge(shares, len(design)), shares
        tell(judged)
        write(output, {"shares": SHARES, "size": size._asdict(), "cells": data(store, judged)})
        if plot is not None:
            runs = len(SHARES) * sum(shares.shape[1] for _, shares in judged.values())
            save(draw(judged, runs), plot)


if __name__ == "__main__":
    main()
