"""One point instead of a posterior: parameters whose mean statistics are nearest to the targets.

Differential evolution (Storn and Price 1997) on the prior's quantiles, so that bounds hold. Each
point is simulated with the same fixed seeds: the distance is a function of the parameters, and a
seed is never among what is tuned. A point says nothing about what else would fit as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

import numpy as np

from sim.calibrate.distance import Distance
from sim.calibrate.latent import prior_points, values_of
from sim.calibrate.problem import CalibrationProblem, Floats
from sim.errors import PanjError
from sim.runs.plan import seed_of

if TYPE_CHECKING:
    from scipy.optimize import OptimizeResult

_EDGE: Final = 1e-6
_AWFUL: Final = 1e12
"""Distance of a point where a target is undefined: finite, so that the search can leave it."""


class Tuned(NamedTuple):
    """The best point, its distance, the mean of each statistic there, and what it took."""

    parameters: dict[str, float]
    distance: float
    statistics: dict[str, float]
    simulations: int


@dataclass(frozen=True)
class Search:
    """How to look: ``rounds`` of ``members`` points, each simulated with ``replicates`` seeds."""

    rounds: int = 30
    members: int = 16
    replicates: int = 4
    seed: int = 0

    def __post_init__(self) -> None:
        if min(self.rounds, self.replicates) < 1 or self.members < 5:
            raise PanjError("a search needs a round, a replicate and 5 members or more")


type Means = Callable[[Floats], tuple[tuple[str, ...], Floats]]
"""From points, (points, parameters), to names and mean statistics there, (points, names)."""


def tune(
    problem: CalibrationProblem,
    means: Means,
    search: Search | None = None,
    distance: Distance | None = None,
    progress: Callable[[int, float], None] | None = None,
) -> Tuned:
    """Find the point; ``progress`` is told the round and the smallest distance so far.

    ``means`` must be a function: simulate each point with the same seeds. Without a
    ``distance`` residuals are divided by the targets' scales.
    """
    from scipy.optimize import differential_evolution
    from scipy.special import expit

    search = search or Search()
    first = prior_points(problem.keys, search.seed, range(search.members))
    rounds = 0

    def tell(intermediate_result: OptimizeResult) -> None:
        nonlocal rounds
        rounds += 1
        if progress is not None:
            progress(rounds, float(intermediate_result.fun))

    scales = tuple(aim.scale for aim in problem.aims)
    trial = _Trial(problem, distance or Distance(problem.aims, scales), means)
    found = differential_evolution(
        cast("Any", trial.distances),  # vectorised: one distance for each point
        bounds=[(_EDGE, 1.0 - _EDGE)] * len(problem.keys),
        maxiter=search.rounds - 1,
        init=np.clip(expit(first), _EDGE, 1.0 - _EDGE),
        rng=np.random.default_rng(seed_of(search.seed)),
        updating="deferred",
        vectorized=True,
        polish=False,
        tol=0.0,
        callback=tell,
    )
    values, names, statistics = trial.at(np.asarray(found.x, np.float64)[None])
    return Tuned(
        dict(zip(problem.keys, values[0].tolist(), strict=True)),
        float(trial.off(names, statistics)[0]),
        dict(zip(names, statistics[0].tolist(), strict=True)),
        trial.points * search.replicates,
    )


class _Trial:
    """Points of the search, and how far their mean statistics are off."""

    def __init__(self, problem: CalibrationProblem, distance: Distance, means: Means) -> None:
        self._problem, self._distance, self._means = problem, distance, means
        self.points = 0

    def distances(self, quantiles: Floats) -> Floats:
        """From quantiles, (parameters, points), to distances, (points,)."""
        _, names, statistics = self.at(np.atleast_2d(quantiles.T))
        return np.minimum(self.off(names, statistics), _AWFUL)

    def at(self, quantiles: Floats) -> tuple[Floats, tuple[str, ...], Floats]:
        """Parameters, names and mean statistics at quantiles, (points, parameters)."""
        self.points += len(quantiles)
        values = values_of(np.log(quantiles / (1.0 - quantiles)), self._problem.priors)
        return values, *self._means(values)

    def off(self, names: tuple[str, ...], statistics: Floats) -> Floats:
        """Distances of points from their statistics, (points, names)."""
        absent = [aim.name for aim in self._distance.aims if aim.name not in names]
        if absent:
            raise PanjError("there is no statistic of this name", key=", ".join(absent))
        return self._distance(statistics[:, [names.index(a.name) for a in self._distance.aims]])
