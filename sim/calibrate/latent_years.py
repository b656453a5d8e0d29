"""The years that were learnt, as a batch meets them: their states, and the years themselves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.calibrate.bank import draws_of
from sim.calibrate.learn import Learnt
from sim.calibrate.simulator import Simulator
from sim.calibrate.states import YEAR_KEYS
from sim.runs.posterior import COMING, LatentYear
from sim.runs.posterior import Posterior as Draws
from sim.runs.uncertain import as_parameters


def states_of(learnt: Learnt) -> dict[str, LatentYear]:
    """The state of each year at each draw as a batch sets it, and of the year that follows."""
    unknowns = learnt.unknowns
    found = {}
    for year, state in learnt.years.items():
        keys, values = unknowns.as_run(state, learnt.points)
        found[str(year)] = LatentYear(state.regime, keys, tuple(map(tuple, values.tolist())))
    if not unknowns.years:
        return {}
    last = unknowns.years[-1]
    keys, values = unknowns.as_coming(learnt.years[last], learnt.points)
    regime = unknowns.regime(last + 1).name
    return {COMING: LatentYear(regime, keys, tuple(map(tuple, values.tolist()))), **found}


def year_draws(model: Simulator, learnt: Learnt, places: NDArray[np.intp]) -> Draws:
    """Draws of the years themselves: those of the first place one after the other, and so on."""
    unknowns, points = learnt.unknowns, learnt.points[places]
    if not unknowns.years:
        return draws_of(model, unknowns.values(points), "any year")
    values, states = [], []
    for year in unknowns.of_years(points).values():
        values.append(unknowns.values(points, year.regime))
        states.append(unknowns.as_run(year, points)[1][:, : len(YEAR_KEYS)])
    count = len(points) * len(values)
    plain = draws_of(model, np.stack(values, axis=1).reshape(count, -1), "known years")
    rows = np.stack(states, axis=1).reshape(count, -1).tolist()
    draws = tuple((*row, *more) for row, more in zip(plain.draws, rows, strict=True))
    return Draws((*plain.parameters, *as_parameters(YEAR_KEYS)), draws, plain.source)
