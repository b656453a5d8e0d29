"""Simulated years: those of a bank, one per draw, and sets of years at one draw."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

import sim
from benchmarks.learning.layout import Layout
from sim.agents.regimes import IDENTITY
from sim.calibrate.prior_sample import sample_prior
from sim.calibrate.priors import Parameter
from sim.calibrate.reports import reports_of_run
from sim.calibrate.simulator import Simulator
from sim.calibrate.types import Floats
from sim.engine.draws import Draws
from sim.incidents.records import Incident
from sim.runs.arrow import records_by_replicate
from sim.runs.store import Store
from sim.scenario.values import with_overrides

_EDGE = 1e-9
_STILL = {"regimes.first_spread": 0.0}


def normal_scores(values: Floats, priors: Sequence[Parameter]) -> Floats:
    """Map values, (n, parameters), to the scale on which every prior is standard normal."""
    below = [prior.share(values[:, place]) for place, prior in enumerate(priors)]
    scores: Floats = ndtri(np.clip(np.stack(below, axis=1), _EDGE, 1.0 - _EDGE))
    return scores


class Years(NamedTuple):
    """Single years: parameters (n, parameters), states (n, 2), figures (n, parts).

    A state is the distance of flow and plans of the year from their mean, in standard deviations.
    """

    values: Floats
    states: Floats
    figures: Floats


class Truths(NamedTuple):
    """Sets of years: parameters (n, parameters), states (n, years, 2), figures (n, years, parts).

    Inference should recover the values.
    """

    values: Floats
    states: Floats
    figures: Floats


def read_bank(folder: Path, layout: Layout, priors: Sequence[Parameter]) -> Years:
    """Read the years of a store at draws of the prior, by replicate."""
    store = Store.open(folder)
    (name,) = store.manifest.names.values()
    spec = store.scenarios[name]
    draws, figures, states = [], [], []
    place = {prior.key: column for column, prior in enumerate(priors)}
    _, values = sample_prior(priors, store.manifest.root, max(store.finished(name)) + 1)
    for outcomes, incidents in zip(
        store.pieces("outcomes", [name]), store.pieces("incidents", [name]), strict=True
    ):
        happened = records_by_replicate(incidents, Incident)
        for row in outcomes.select(["replicate", "draw", "seed", "status"]).to_pylist():
            if row["status"] != "done":
                continue
            draws.append(row["draw"])
            reports = reports_of_run(happened.get(row["replicate"], ()), spec)
            figures.append(layout.figures_of(reports))
            correlation = values[row["draw"], place["regimes.correlation"]]
            states.append(first_state(row["seed"], float(correlation)))
    return Years(values[draws], np.array(states), np.array(figures))


def first_state(seed: int, correlation: float) -> tuple[float, float]:
    """Return the state of flow and plans in the first year of a run with this seed."""
    common, own = ndtri(Draws(seed).of(IDENTITY).uniforms("year 0", 2))
    return float(common), float(correlation * common + np.sqrt(1.0 - correlation**2) * own)


def paths(values: Floats, priors: Sequence[Parameter], years: Sequence[int], seed: int) -> Floats:
    """Draw the states of the years of each set, (sets, years, 2): autoregressive, with gaps."""
    rng = np.random.default_rng([seed, 7])
    column = {prior.key: values[:, place] for place, prior in enumerate(priors)}
    stays, shared = column["regimes.persistence"], column["regimes.correlation"]
    common, own = rng.standard_normal((2, len(values), len(years)))
    news = np.stack([common, shared[:, None] * common
                     + np.sqrt(1.0 - shared[:, None] ** 2) * own], axis=-1)  # fmt: skip
    found = np.empty_like(news)
    found[:, 0] = news[:, 0]
    for place in range(1, len(years)):
        kept = (stays ** (years[place] - years[place - 1]))[:, None]
        found[:, place] = kept * found[:, place - 1] + np.sqrt(1.0 - kept**2) * news[:, place]
    return found


def simulate(layout: Layout, priors: Sequence[Parameter], sets: int, seed: int) -> Truths:
    """Simulate sets of the layout's years at draws of the prior, in this process."""
    from sim.model import BorderModel  # Mesa is slow to import

    _, values = sample_prior(priors, seed, sets)
    states = paths(values, priors, layout.years, seed)
    model = Simulator(sim.load("baseline"), tuple(priors), ())
    figures = np.empty((sets, len(layout.years), len(layout.parts)))
    for number in range(sets):
        world = model.world(dict(zip([p.key for p in priors], values[number], strict=True)))
        for place, (flow, plans) in enumerate(states[number].tolist()):
            here = {"regimes.flow_first": flow, "regimes.plans_first": plans, **_STILL}
            spec = with_overrides(world, here)
            run = BorderModel(spec, 1_000_003 * (seed + 1) + 1_000 * number + place).run()
            reports = reports_of_run(run.log[Incident], spec)
            figures[number, place] = layout.figures_of(reports)
    return Truths(values, states, figures)
