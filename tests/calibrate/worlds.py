"""A model whose years are known in closed form, in the shape in which a bank shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import sim
from sim.calibrate.cells import Cell, Span
from sim.calibrate.distributions import DISTRIBUTIONS
from sim.calibrate.evidence import Evidence, chain_cells
from sim.calibrate.intervals import Interval
from sim.calibrate.priors import Parameter
from sim.calibrate.reading_rules import read_rules
from sim.calibrate.simulator import Simulator
from sim.calibrate.statistics import statistics
from sim.calibrate.training_data import Scaling, TrainingData
from sim.calibrate.unknowns import Unknowns
from sim.frontier.ground import Ground

Floats = NDArray[np.float64]
YEARS = (2015, 2016, 2023, 2024, 2025)
ALL = frozenset(range(1, 13))
PRIORS = (
    Parameter("smugglers.loads_per_year", 400.0, 2000.0, "1/year", "x", "loguniform"),
    Parameter("smugglers.p_armed", 0.05, 0.6, "probability", "x"),
    Parameter("regimes.flow_spread", 0.05, 1.0, "-", "x"),
)
assert "loguniform" in DISTRIBUTIONS


def unknowns(years: tuple[int, ...] = YEARS) -> Unknowns:
    """Of these priors, for some years."""
    regimes = read_rules(None, Ground.default()).regimes
    plain = {"own": {}}
    fitted = tuple(r.model_copy(update=plain) for r in regimes if r.unfitted is None)
    return Unknowns(Simulator(sim.load("baseline"), PRIORS, ()), years, fitted)


def means(logs: Floats, armed: Floats) -> Mapping[str, Floats]:
    """Mean figures of a year: clashes go with flow and arms, groups stopped with flow alone."""
    flow = np.exp(logs[:, 0])
    return {"clashes": 0.04 * flow * armed, "smuggling_stopped": 0.03 * flow}


@dataclass(frozen=True)
class Toy:
    """Truths, their years' figures, and the evidence that they are."""

    point: Floats
    figures: Mapping[str, Mapping[int, float]]
    evidence: Evidence


def years_at(point: Floats, rng: np.random.Generator) -> dict[str, dict[int, float]]:
    """The figures of every year at a point, (unknowns,)."""
    at = point[None]
    known = unknowns()
    armed = known.value("smugglers.p_armed", at)
    found: dict[str, dict[int, float]] = {"clashes": {}, "smuggling_stopped": {}}
    for year, state in known.year_states(at).items():
        for name, mean in means(known.year_logs(state, at), armed).items():
            found[name][year] = float(rng.poisson(mean[0]))
    return found


def toy(seed: int) -> Toy:
    """One data set."""
    rng = np.random.default_rng(seed)
    point = rng.standard_normal(unknowns().size)
    figures = years_at(point, rng)
    cells = [cell(name, year, value) for name, of in figures.items() for year, value in of.items()]
    return Toy(point, figures, Evidence(chain_cells(cells), (), (), unknowns().regimes))


def cell(name: str, year: int, value: float) -> Cell:
    """A figure of a whole year."""
    regime = unknowns().regime(year).name
    told = (Interval(value, value),)
    return Cell(statistics(Ground.default())[name], str(year), (Span(year, ALL),), regime, told, ())


def training(count: int, seed: int = 0) -> TrainingData:
    """A bank of years of this model."""
    rng = np.random.default_rng(seed)
    known = unknowns((2025,))
    points = rng.standard_normal((count, known.size))
    logs = known.year_logs(known.year_states(points)[2025], points)
    armed = known.value("smugglers.p_armed", points)
    figures = {
        (name, ALL): rng.poisson(mean).astype(float) for name, mean in means(logs, armed).items()
    }
    ends = [tuple(map(float, one)) for one in (
        logs.mean(axis=0), np.maximum(logs.std(axis=0), 1e-9), logs.min(axis=0), logs.max(axis=0),
    )]  # fmt: skip
    scaling = Scaling(*ends)  # type: ignore[arg-type]
    others = points[:, [known.keys.index("smugglers.p_armed")]]
    inputs = np.hstack([scaling.inputs(logs), others])
    return TrainingData(("smugglers.p_armed",), inputs, scaling, figures, {}, {})
