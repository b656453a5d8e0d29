"""Posterior predictive check: simulate the known years at draws of the posterior.

Each draw has its own parameters and its own state of each year. One year is simulated for each
known year of each draw, and its figures are computed as always: the check is of the model, not of
its emulator.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.calibrate.bank import BANK_TABLES, to_draws, years_of_store
from sim.calibrate.cells import Cell
from sim.calibrate.inference import PosteriorSample
from sim.calibrate.intervals import TargetRange, hull
from sim.calibrate.posterior import Check, check
from sim.calibrate.simulator import Simulator, Year, figure
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
"""Number of draws at which every known year is simulated."""

type Worlds = Sequence[Mapping[int, Year]]
"""The simulated years of each draw."""


def year_draws(model: Simulator, sample: PosteriorSample, places: NDArray[np.intp]) -> Draws:
    """Return a draw for each known year of each posterior draw, in the order of the draws."""
    unknowns, points = sample.unknowns, sample.points[places]
    if not unknowns.years:
        return to_draws(model, unknowns.values(points), "any year")
    values, states = [], []
    for year in unknowns.year_states(points).values():
        values.append(unknowns.values(points, year.regime))
        states.append(unknowns.year_settings(year, points)[1][:, : len(YEAR_KEYS)])
    count = len(points) * len(values)
    plain = to_draws(model, np.stack(values, axis=1).reshape(count, -1), "known years")
    rows = np.stack(states, axis=1).reshape(count, -1).tolist()
    draws = tuple((*row, *more) for row, more in zip(plain.draws, rows, strict=True))
    return Draws((*plain.parameters, *year_parameters(YEAR_KEYS)), draws, plain.source)


def simulate_years(
    model: Simulator,
    sample: PosteriorSample,
    workers: Workers,
    count: int = WORLDS,
    seed: int = 0,
    progress: Callable[[BatchProgress], None] = lambda tally: None,
) -> Worlds:
    """Simulate each known year at ``count`` draws, with seeds that no bank uses.

    Where no year is known, one year is simulated per draw, under the key 0. Draws with a failed
    year are left out.
    """
    years = sample.unknowns.years or (0,)
    draws = year_draws(model, sample, np.linspace(0, len(sample.points) - 1, count).astype(int))
    with tempfile.TemporaryDirectory(prefix="panj-") as folder:
        request = Request(
            [model.scenario], count * len(years), seed_of(1, seed), BANK_TABLES, posterior=draws
        )
        store = fill_store(Path(folder), request, workers, BatchOptions(progress)).store
        worlds: list[dict[int, Year]] = [{} for _ in range(count)]
        for number, year, failure in years_of_store(model.scenario, store, model.scenario.name):
            if failure is None:
                worlds[number // len(years)][years[number % len(years)]] = year
    return [world for world in worlds if len(world) == len(years)]


def check_posterior(model: Simulator, evidence: Evidence, worlds: Worlds) -> tuple[Check, ...]:
    """Check each fitted cell and each target against these years.

    A target of a single known year is compared with that year, any other with the last one.
    """
    cells = sorted(
        (link.cell for link in evidence.links), key=lambda c: (min(c.months), -len(c.months))
    )
    checks = [_check_cell(cell, worlds) for cell in cells]
    fitted = {(link.cell.statistic.name, link.cell.period) for link in evidence.links}
    for target in model.targets:
        if (target.statistic, target.window.text) in fitted:
            continue
        first, last = target.window.first.year, target.window.last.year
        years = [first if first == last and first in world else max(world) for world in worlds]
        pairs = zip(worlds, years, strict=True)
        values = np.array([figure(target, world[year]) for world, year in pairs])
        checks.append(check(target.range, values))
    return tuple(checks)


def _check_cell(cell: Cell, worlds: Worlds) -> Check:
    years = [{year: one.reports for year, one in world.items()} for world in worlds]
    figures = [cell.figure(of) for of in years]
    values = np.array([np.nan if value is None else value for value in figures])
    return check(range_of_cell(cell, values), values)


def range_of_cell(cell: Cell, values: Floats) -> TargetRange:
    """Return the range of a cell as a target; its scale is the spread of its simulated years."""
    scale = max(float(np.nanstd(values)) if np.isfinite(values).any() else 0.0, 0.5)
    interval = cell.intervals[0]
    if not cell.exact:
        whole = hull(cell.intervals)
        interval = whole._replace(low=max(whole.low - cell.soft, 0.0))
    return TargetRange(f"{cell.statistic.name} {cell.period}", interval.low, interval.high, scale)


def latent_years(sample: PosteriorSample) -> dict[str, LatentYear]:
    """Return the settings of a batch for each known year and the coming one, at each draw."""
    unknowns = sample.unknowns
    settings = {}
    for year, state in sample.years.items():
        keys, values = unknowns.year_settings(state, sample.points)
        settings[str(year)] = LatentYear(state.regime, keys, tuple(map(tuple, values.tolist())))
    if not unknowns.years:
        return {}
    last = unknowns.years[-1]
    keys, values = unknowns.coming_year_settings(sample.years[last], sample.points)
    regime = unknowns.regime(last + 1).name
    return {COMING: LatentYear(regime, keys, tuple(map(tuple, values.tolist()))), **settings}
