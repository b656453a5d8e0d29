"""Years of the calibrated model in place of the known ones, and what they tell of each figure.

Each draw of the posterior has its own parameters and its own state of each year. Years are
simulated at them, one for each known year of each draw, and the same sums as ever make figures of
them: the model itself answers, not its emulator.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.calibrate.bank import KEPT, model_of, years_of_store
from sim.calibrate.cells import Cell
from sim.calibrate.diagnostics import Check, check
from sim.calibrate.latent_years import year_draws
from sim.calibrate.learn import Learnt
from sim.calibrate.problem import Aim, CalibrationProblem, Floats
from sim.calibrate.simulator import Simulator, Year, figure
from sim.calibrate.targets import Target
from sim.calibrate.told import Told, hull
from sim.runs.admit import Request
from sim.runs.batch import Tally, Watch, run_on
from sim.runs.plan import seed_of
from sim.runs.workers import Workers

if TYPE_CHECKING:
    from sim.calibrate.evidence import Evidence

WORLDS: Final = 100
"""Draws of the posterior for which every known year is simulated."""

type Worlds = Sequence[Mapping[int, Year]]
"""For each draw its years."""


def retell(
    model: Simulator,
    learnt: Learnt,
    workers: Workers,
    count: int = WORLDS,
    seed: int = 0,
    progress: Callable[[Tally], None] = lambda tally: None,
) -> Worlds:
    """Simulate each known year at ``count`` draws, with seeds that no bank had; any year, called 0,
    where none is known.
    """
    years = learnt.unknowns.years or (0,)
    draws = year_draws(model, learnt, np.linspace(0, len(learnt.points) - 1, count).astype(int))
    with tempfile.TemporaryDirectory(prefix="panj-") as folder:
        request = Request(
            [model.scenario], count * len(years), seed_of(1, seed), KEPT, posterior=draws
        )
        store = run_on(Path(folder), request, workers, Watch(progress)).store
        found: list[dict[int, Year]] = [{} for _ in range(count)]
        for number, year, failure in years_of_store(model.scenario, store, model.scenario.name):
            if failure is None:
                found[number // len(years)][years[number % len(years)]] = year
    return [world for world in found if len(world) == len(years)]


def checks_of(problem: CalibrationProblem, evidence: Evidence, worlds: Worlds) -> tuple[Check, ...]:
    """Each fitted cell and each target beside these years.

    A target of one known year is held against that year, any other against the last one.
    """
    model = model_of(problem)
    cells = sorted(
        (link.cell for link in evidence.links), key=lambda c: (min(c.months), -len(c.months))
    )
    found = [_of_cell(cell, worlds) for cell in cells]
    told = {(link.cell.statistic.name, link.cell.period) for link in evidence.links}
    for target, aim in zip(model.targets, problem.aims, strict=True):
        if (target.statistic, target.window.text) in told:
            continue
        values = np.array([figure(target, world[_year_of(target, world)]) for world in worlds])
        found.append(check(aim, values))
    return tuple(found)


def _year_of(target: Target, world: Mapping[int, Year]) -> int:
    first, last = target.window.first.year, target.window.last.year
    return first if first == last and first in world else max(world)


def _of_cell(cell: Cell, worlds: Worlds) -> Check:
    years = [{year: one.reports for year, one in world.items()} for world in worlds]
    figures = [cell.figure(of) for of in years]
    values = np.array([np.nan if value is None else value for value in figures])
    return check(aim_of(cell, values), values)


def aim_of(cell: Cell, values: Floats) -> Aim:
    """What is told of a cell as a target, on the scale of how its years differ."""
    scale = max(float(np.nanstd(values)) if np.isfinite(values).any() else 0.0, 0.5)
    told: Told = cell.told[0]
    if not all(one.exact for one in cell.told):
        whole = hull(cell.told)
        told = whole._replace(low=max(whole.low - cell.soft, 0.0))
    return Aim(f"{cell.statistic.name} {cell.period}", told.low, told.high, scale)
