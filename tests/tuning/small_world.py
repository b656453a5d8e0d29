"""A small world to tune: quick years, three free parameters, a bank and a posterior of its own."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import sim
from sim.calibrate.bank import fill_bank
from sim.calibrate.evidence import read_evidence
from sim.calibrate.priors import Parameter
from sim.calibrate.simulator import Simulator
from sim.calibrate.surrogate import Surrogate
from sim.calibrate.targets import read_targets
from sim.runs.posterior import COMING, LatentYear, Posterior, UncertainParameter
from sim.runs.store import Store
from sim.runs.uncertain_parameter import value_at
from sim.runs.workers import start_workers
from sim.tuning.answer_cache import TuningData
from sim.tuning.session import Tuning

BASE = sim.load("baseline", {"smugglers.loads_per_year": 60.0, "cells.count": 1}).model_copy(
    update={"stated": ()}
)
"""A year with little in it, so that it is quick; nothing of it is held against a posterior."""
HOT = ("smugglers.district_weights.shamsiddin_shohin",)
FREE = (
    Parameter("smugglers.loads_per_year", 20.0, 400.0, "1/year", "x", "loguniform"),
    Parameter("patrols.p_sight", 0.05, 0.6, "probability", "x"),
    Parameter("hot", 0.5, 4.0, "ratio", "x", multiplies=HOT),
)
TARGETS = read_targets()
TOLD = read_evidence()
DRAWS = 8
WORLDS = 4
STATE = ("regimes.flow", "regimes.plans", "regimes.flow_first", "regimes.plans_first",
         "regimes.first_spread")  # fmt: skip


def model() -> Simulator:
    """Of these parameters, with the shipped targets."""
    return Simulator(BASE, FREE, TARGETS)


def bank(folder: Path, years: int) -> Store:
    """Years of it at draws of the prior."""
    with start_workers("serial") as workers:
        return fill_bank(model(), folder, years, workers).store


def posterior() -> Posterior:
    """Some draws, and where three years lay in each."""
    rng = np.random.default_rng(1)
    values = np.stack([one.quantile(rng.uniform(size=DRAWS)) for one in FREE], axis=1)
    states = np.hstack([np.ones((DRAWS, 2)), rng.standard_normal((DRAWS, 2)), np.zeros((DRAWS, 1))])
    years = {
        name: LatentYear("emirate", STATE, tuple(map(tuple, states.tolist())))
        for name in (COMING, "2015", "2016", "2025")
    }
    parameters = tuple(
        UncertainParameter(
            p.key,
            p.keys,
            "scale" if p.multiplies else "set",
            tuple(value_at(BASE, key) for key in p.keys),
        )
        for p in FREE
    )
    return Posterior(parameters, tuple(map(tuple, values.tolist())), "x", {}, years)


def evidence(surrogate: Surrogate | None) -> TuningData:
    """What the small world is held against."""
    cells = tuple(link.cell for link in TOLD.links)
    return TuningData(cells, TARGETS, FREE, posterior(), surrogate)


def tuning(
    surrogate: Surrogate | None, years: tuple[int, ...] = (2016,), worlds: int = 4
) -> Tuning:
    """A session on one process."""
    return Tuning(BASE, evidence(surrogate), years, WORLDS, jobs=1)
