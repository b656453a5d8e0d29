"""One point instead of a posterior: parameters whose mean statistics are nearest to the targets.

Differential evolution (Storn and Price 1997) on the prior's quantiles, so that bounds hold. Each
point is simulated with the same fixed seeds: the distance is a function of the parameters, and a
seed is never among what is tuned. A point says nothing about what else would fit as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

import numpy as np

from sim.calibrate.distance import Distance
from sim.calibrate.latent import prior_points, values_of
from sim.calibrate.problem import CalibrationProblem, Floats
from sim.calibrate.rows import joined
from sim.calibrate.shift import Hands, Shift, shift
from sim.calibrate.work import Order, crashed_parcel, run_points
from sim.errors import PanjError
from sim.runs.code import code_digest
from sim.runs.execute import execute
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


def tune(
    problem: CalibrationProblem,
    search: Search | None = None,
    distance: Distance | None = None,
    workers: Hands = None,
    progress: Callable[[int, float], None] | None = None,
) -> Tuned:
    """Find the point; ``progress`` is told the round and the smallest distance so far.

    Without a ``distance``, such as that of a calibration's last generation, residuals are
    divided by the targets' scales. The result does not depend on the workers.
    """
    from scipy.optimize import differential_evolution
    from scipy.special import expit

    search = search or Search()
    scales = tuple(aim.scale for aim in problem.aims)
    first = prior_points(problem.keys, search.seed, range(search.members))
    rounds = 0

    def tell(intermediate_result: OptimizeResult) -> None:
        nonlocal rounds
        rounds += 1
        if progress is not None:
            progress(rounds, float(intermediate_result.fun))

    with shift(workers) as hands:
        trial = _Trial(problem, search, distance or Distance(problem.aims, scales), hands)
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
        return trial.at(np.asarray(found.x, np.float64))


class _Trial:
    """Points simulated with the same seeds, and how far their mean statistics are off."""

    def __init__(
        self, problem: CalibrationProblem, search: Search, distance: Distance, hands: Shift
    ) -> None:
        self._problem = problem
        self._distance = distance
        self._hands = hands
        self._seeds = [seed_of(n, search.seed) for n in range(search.replicates)]
        self._simulated = 0

    def distances(self, points: Floats) -> Floats:
        """From quantiles, (parameters, points), to distances, (points,)."""
        names, means = self._means(np.atleast_2d(points.T))
        places = [names.index(aim.name) for aim in self._distance.aims]
        return np.minimum(self._distance(means[:, places]), _AWFUL)

    def at(self, point: Floats) -> Tuned:
        """The results at one point."""
        names, means = self._means(point[None])
        places = [names.index(aim.name) for aim in self._distance.aims]
        values = values_of(np.log(point / (1.0 - point))[None], self._problem.priors)[0]
        return Tuned(
            dict(zip(self._problem.keys, values.tolist(), strict=True)),
            float(self._distance(means[:, places])[0]),
            dict(zip(names, means[0].tolist(), strict=True)),
            self._simulated,
        )

    def _means(self, points: Floats) -> tuple[tuple[str, ...], Floats]:
        """Names and means of statistics, (points, names); NaN where a seed gives none."""
        whole = self._order(points)
        self._simulated += len(whole.index)
        size = ceil(len(whole.index) / (4 * self._hands.workers.width))
        parts: Iterator[Order] = (
            whole.part(first, first + size) for first in range(0, len(whole.index), size)
        )
        parcels = execute(parts, run_points, crashed_parcel, self._hands.workers)
        rows = joined([parcel.rows for parcel in parcels])
        rows.aimed(self._problem.aims)  # else say which target nothing is known of
        shape = (len(points), len(self._seeds), len(rows.names))
        return rows.names, rows.statistics.reshape(shape).mean(axis=1)

    def _order(self, points: Floats) -> Order:
        latent = np.log(points / (1.0 - points))
        values = values_of(latent, self._problem.priors)
        each, count = len(self._seeds), len(points)
        return Order(
            simulate=self._problem.simulate,
            keys=self._problem.keys,
            index=np.arange(count * each),
            seeds=np.tile(np.array(self._seeds, np.int64), count),
            values=np.repeat(values, each, axis=0),
            latent=np.repeat(latent, each, axis=0),
            code=code_digest(),
        )
