"""The engine of the calibration on a table of years: likelihood by emulator, and sampler.

It uses cells only, in one regime at the level of the scenario.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

import sim
from benchmarks.learning.layout import Layout
from benchmarks.learning.simulated_years import Years, normal_scores
from sim.calibrate.cells import Cell
from sim.calibrate.emulator import Emulator, FittedCell, emulate
from sim.calibrate.evidence import Evidence, Given, Link, chain_cells, known_figures
from sim.calibrate.inference import Likelihood, Sampling, sample_posterior
from sim.calibrate.priors import Parameter
from sim.calibrate.reading_rules import Regime
from sim.calibrate.regressions import Regressions
from sim.calibrate.simulator import Simulator
from sim.calibrate.training_data import BETWEEN_YEARS, Scaling, TrainingData
from sim.calibrate.types import Floats
from sim.calibrate.unknowns import Unknowns
from sim.incidents.windows import read_window

SPREADS = {"smugglers.loads_per_year": ("regimes.flow_spread", 0),
           "cells.plans_per_year": ("regimes.plans_spread", 1)}  # fmt: skip
"""Rates that the state of a year multiplies."""

_SAMPLING = Sampling(60, 150, 60)

type Infer = Callable[[Sequence[Cell]], Floats]
"""From the cells of a world to draws of its parameters, (n, parameters)."""


def emulator_inference(
    bank: Years, layout: Layout, priors: tuple[Parameter, ...], draws: int
) -> Infer:
    """Return the inference that uses an emulator of ``bank`` and makes ``draws`` of a posterior."""
    period = read_window(f"{layout.years[0]}..{layout.years[-1]}")
    regime = Regime.model_construct(name="all", period=period, reports="", about="",
                                    flow_level=0.0, plans_level=0.0, unfitted=None)  # fmt: skip
    evidence = Evidence(chain_cells(layout.cells), (), (), (regime,))
    unknowns = Unknowns(Simulator(sim.load("baseline"), priors, ()), evidence.years, (regime,))
    emulator = emulate(Regressions(_training(bank, layout, priors)), evidence)

    def infer(cells: Sequence[Cell]) -> Floats:
        return sample_posterior(
            Likelihood(unknowns, with_figures(emulator, cells)), draws, 0, _SAMPLING
        ).values

    return infer


def with_figures(emulator: Emulator, cells: Sequence[Cell]) -> Emulator:
    """Return the emulator with the same regressions for other figures of the same cells.

    A bound may become a single number, such as 0 where it was one or more: it stays a bound.
    """
    new_cells = {(cell.statistic.name, cell.spans): cell for cell in cells}
    fitted: list[FittedCell] = []
    before: list[Cell] = []
    for one in emulator.cells:
        there = one.link.cell
        cell = new_cells[there.statistic.name, there.spans]
        given = tuple(
            Given(known.statistic, known_figures(known.statistic, cell.spans, before))
            for known in one.link.given
        )
        shifts = tuple(
            emulator.figures[where].shift({g.statistic: g.values[year] for g in given})
            for year, where in enumerate(one.places)
        )
        fitted.append(FittedCell(Link(cell, given), one.places, shifts))
        if len(there.spans) == 1 and there.exact:
            before.append(cell)
    return replace(emulator, cells=tuple(fitted))


def _training(bank: Years, layout: Layout, priors: Sequence[Parameter]) -> TrainingData:
    """Convert the years of the bank to training data of the emulator."""
    place = {prior.key: n for n, prior in enumerate(priors)}
    rates = []
    for rate, (spread, which) in SPREADS.items():
        s = bank.values[:, place[spread]]
        rates.append(np.log(bank.values[:, place[rate]]) + s * bank.states[:, which] - 0.5 * s * s)
    logs = np.stack(rates, axis=1)
    scaling = Scaling(*(tuple(map(float, f(logs, axis=0))) for f in (np.mean, np.std,
                                                                   np.min, np.max)))  # fmt: skip
    names = tuple(key for key in place if key not in {*SPREADS, *BETWEEN_YEARS})
    normal = normal_scores(bank.values, priors)[:, [place[name] for name in names]]
    figures = {
        (one.name, months): bank.figures[:, n] for n, (one, months) in enumerate(layout.parts)
    }
    return TrainingData(names, np.hstack([scaling.inputs(logs), normal]), scaling, figures, {}, {})
