"""Simulations as rows: parameters, and every statistic that came out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from sim.calibrate.latent import prior_table
from sim.calibrate.problem import Aim, CalibrationProblem, Floats, Number
from sim.errors import PanjError
from sim.runs.plan import seed_of

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Rows:
    """n simulations in the order of their number.

    ``values`` and ``latent`` are (n, parameters), ``statistics`` (n, names) with NaN where one
    is undefined; ``failures`` says for each what went wrong, or None.
    """

    keys: tuple[str, ...]
    names: tuple[str, ...]
    values: Floats
    latent: Floats
    statistics: Floats
    failures: tuple[str | None, ...]

    def __len__(self) -> int:
        return len(self.failures)

    def take(self, which: Flags | NDArray[np.intp]) -> Self:
        """Some of the rows."""
        places = np.flatnonzero(which) if which.dtype == np.bool_ else which
        return replace(
            self,
            values=self.values[places],
            latent=self.latent[places],
            statistics=self.statistics[places],
            failures=tuple(self.failures[place] for place in places),
        )

    def aimed(self, aims: Sequence[Aim]) -> Floats:
        """The statistics that the targets are about, (n, targets).

        Raises :class:`sim.errors.PanjError` naming the targets of which there is no statistic.
        """
        absent = [aim.name for aim in aims if aim.name not in self.names]
        if absent:
            raise PanjError(
                f"the simulator gives no statistic of this name (it has {', '.join(self.names)})",
                key=", ".join(absent),
                remedy="Correct the name of the target.",
            )
        return self.statistics[:, [self.names.index(aim.name) for aim in aims]]


def simulated(problem: CalibrationProblem, count: int, seed: int = 0) -> Rows:
    """Draws of the prior 0..count-1, each simulated in this process: for simulators that are quick.

    Simulation i has parameters and a seed that are functions of ``seed`` and i alone.
    """
    latent, values = prior_table(problem.priors, seed, count)
    results: list[Mapping[str, Number]] = []
    failures: list[str | None] = []
    for number, row in enumerate(values.tolist()):
        try:
            theta = dict(zip(problem.keys, row, strict=True))
            results.append(problem.simulate(theta, seed_of(number, seed)))
            failures.append(None)
        except Exception as error:  # whatever is wrong with one point, the others go on
            results.append({})
            failures.append(f"{type(error).__name__}: {error}")
    names = tuple(sorted({name for result in results for name in result}))
    return Rows(problem.keys, names, values, latent, table_of(results, names), tuple(failures))


def table_of(results: Sequence[Mapping[str, Number]], names: Sequence[str]) -> Floats:
    """Results as an array, (results, names); NaN where one is undefined."""
    cells = [[result.get(name) for name in names] for result in results]
    return np.array(cells, dtype=np.float64).reshape(len(results), len(names))
