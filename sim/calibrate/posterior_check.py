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
from numpy.typing import NDArray

from sim.calibrate.bank import KEPT, as_draws, years_of_store
from sim.calibrate.cells import Cell
from sim.calibrate.diagnostics import Check, check
from sim.calibrate.inference import PosteriorSample
from sim.calibrate.intervals import Interval, TargetRange, hull
from sim.calibrate.simulator import Simulator, Year, figure
from sim.calibrate.targets import Target
from sim.calibrate.types import Floats
from sim.calibrate.unknowns import YEAR_KEYS
from sim.runs.batch import BatchOptions, BatchProgress, fill_store
from sim.runs.posterior import COMING, LatentYear
from sim.runs.posterior import Posterior as Draws
from sim.runs.replicate import seed_of
from sim.runs.request import Request
from sim.runs.uncertain_parameter import year_parameters
from sim.runs.workers import Workers

if TYPE_CHECKING:
    from sim.calibrate.evidence import Evidence

WORLDS: Final = 100
"""Draws of the posterior for which every known year is simulated."""

type Worlds = Sequence[Mapping[int, Year]]
"""For each draw its years."""


def year_draws(model: Simulator, learnt: PosteriorSample, places: NDArray[np.intp]) -> Draws:
    """Draws of the years themselves: those of the first place one after the other, and so on."""
    unknowns, points = learnt.unknowns, learnt.points[places]
    if not unknowns.years:
        return as_draws(model, unknowns.values(points), "any year")
    values, states = [], []
    for year in unknowns.of_years(points).values():
        values.append(unknowns.values(points, year.regime))
        states.append(unknowns.year_settings(year, points)[1][:, : len(YEAR_KEYS)])
    count = len(points) * len(values)
    plain = as_draws(model, np.stack(values, axis=1).reshape(count, -1), "known years")
    rows = np.stack(states, axis=1).reshape(count, -1).tolist()
    draws = tuple((*row, *more) for row, more in zip(plain.draws, rows, strict=True))
    return Draws((*plain.parameters, *year_parameters(YEAR_KEYS)), draws, plain.source)


def simulate_years(
    model: Simulator,
    learnt: PosteriorSample,
    workers: Workers,
    count: int = WORLDS,
    seed: int = 0,
    progress: Callable[[BatchProgress], None] = lambda tally: None,
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
        store = fill_store(Path(folder), request, workers, BatchOptions(progress)).store
        found: list[dict[int, Year]] = [{} for _ in range(count)]
        for number, year, failure in years_of_store(model.scenario, store, model.scenario.name):
            if failure is None:
                found[number // len(years)][years[number % len(years)]] = year
    return [world for world in found if len(world) == len(years)]


def check_posterior(model: Simulator, evidence: Evidence, worlds: Worlds) -> tuple[Check, ...]:
    """Each fitted cell and each target beside these years.

    A target of one known year is held against that year, any other against the last one.
    """
    cells = sorted(
        (link.cell for link in evidence.links), key=lambda c: (min(c.months), -len(c.months))
    )
    found = [_of_cell(cell, worlds) for cell in cells]
    told = {(link.cell.statistic.name, link.cell.period) for link in evidence.links}
    for target in model.targets:
        if (target.statistic, target.window.text) in told:
            continue
        values = np.array([figure(target, world[_year_of(target, world)]) for world in worlds])
        found.append(check(target.range, values))
    return tuple(found)


def _year_of(target: Target, world: Mapping[int, Year]) -> int:
    first, last = target.window.first.year, target.window.last.year
    return first if first == last and first in world else max(world)


def _of_cell(cell: Cell, worlds: Worlds) -> Check:
    years = [{year: one.reports for year, one in world.items()} for world in worlds]
    figures = [cell.figure(of) for of in years]
    values = np.array([np.nan if value is None else value for value in figures])
    return check(range_of_cell(cell, values), values)


def range_of_cell(cell: Cell, values: Floats) -> TargetRange:
    """What is told of a cell as a target, on the scale of how its years differ."""
    scale = max(float(np.nanstd(values)) if np.isfinite(values).any() else 0.0, 0.5)
    told: Interval = cell.intervals[0]
    if not cell.exact:
        whole = hull(cell.intervals)
        told = whole._replace(low=max(whole.low - cell.soft, 0.0))
    return TargetRange(f"{cell.statistic.name} {cell.period}", told.low, told.high, scale)


def latent_years(learnt: PosteriorSample) -> dict[str, LatentYear]:
    """The state of each year at each draw as a batch sets it, and of the year that follows."""
    unknowns = learnt.unknowns
    found = {}
    for year, state in learnt.years.items():
        keys, values = unknowns.year_settings(state, learnt.points)
        found[str(year)] = LatentYear(state.regime, keys, tuple(map(tuple, values.tolist())))
    if not unknowns.years:
        return {}
    last = unknowns.years[-1]
    keys, values = unknowns.coming_year_settings(learnt.years[last], learnt.points)
    regime = unknowns.regime(last + 1).name
    return {COMING: LatentYear(regime, keys, tuple(map(tuple, values.tolist()))), **found}
