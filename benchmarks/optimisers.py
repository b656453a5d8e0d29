"""Which optimiser finds the best mix: five of them on a cheap problem with a known answer.

    python -m benchmarks.optimisers

Levers have diminishing returns and half of them are useless; an optimiser sees the mean of a few
uneven years, the same for all mixes, and is judged by what its mix leaves in truth, relative to
the even division. Needs ``pip install cma optuna pymoo`` beside Panj's own extra.
"""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.explore.optimise.search import TOGETHER, Surrogate, anywhere, weights_of

LEVERS, MIXES, YEARS, PROBLEMS = 14, 48, 24, 12

Floats = npt.NDArray[np.float64]


class Problem:
    """What each lever is worth, how soon it is used up, and a few uneven years."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self._worth = rng.exponential(1.0, LEVERS) * (rng.random(LEVERS) < 0.5)
        self._reach = rng.uniform(0.03, 0.3, LEVERS)
        self._years = rng.gamma(0.4, 2.5, (YEARS, LEVERS))

    @staticmethod
    def shares(point: Floats) -> Floats:
        """How a point of the unit cube divides the money."""
        weights = weights_of(point)
        found: Floats = weights / max(float(weights.sum()), 1e-12)
        return found

    def truth(self, point: Floats) -> float:
        """Harm to be expected."""
        return float((self._worth * np.exp(-self.shares(point) / self._reach)).sum())

    def seen(self, point: Floats) -> float:
        """Harm in the few years."""
        each = self._worth * np.exp(-self.shares(point) / self._reach)
        return float((self._years * each).sum(axis=1).mean())


def from_anywhere(problem: Problem, seed: int) -> Floats:
    """The best of points that cover the cube."""
    points = anywhere(LEVERS, MIXES, seed)
    return _best(problem, points)


def gaussian_process(problem: Problem, seed: int) -> Floats:
    """The search of ``panj optimise``."""
    rng, points = np.random.default_rng([seed, 1]), anywhere(LEVERS, 2 * TOGETHER, seed)
    while len(points) < MIXES:
        looks = np.array([problem.shares(point) for point in points])
        surrogate = Surrogate(points, looks, np.array([problem.seen(p) for p in points]))
        pool = surrogate.near_and_far(rng)
        chosen = surrogate.next(np.array([problem.shares(p) for p in pool]), rng, TOGETHER)
        points = np.concatenate([points, pool[chosen]])
    return _best(problem, points)


def cma_es(problem: Problem, seed: int) -> Floats:
    """Covariance matrix adaptation; its mean, or the best it saw."""
    import cma

    options = {"bounds": [0, 1], "seed": seed + 1, "popsize": TOGETHER, "verbose": -9}
    strategy: Any = cma.CMAEvolutionStrategy([0.5] * LEVERS, 0.2, options)
    points: list[Floats] = []
    for _ in range(MIXES // TOGETHER):
        asked = [np.asarray(point) for point in strategy.ask()]
        strategy.tell(asked, [problem.seen(point) for point in asked])
        points += asked
    return _best(problem, np.array([*points, np.asarray(strategy.result.xfavorite)]))


def parzen(problem: Problem, seed: int) -> Floats:
    """Tree-structured Parzen estimator, asked for a batch at a time."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    sampler: Any = optuna.samplers.TPESampler(seed=seed, multivariate=True, constant_liar=True)
    study: Any = optuna.create_study(sampler=sampler)
    points: list[Floats] = []
    for _ in range(MIXES // TOGETHER):
        trials = [study.ask() for _ in range(TOGETHER)]
        asked = [np.array([t.suggest_float(f"x{i}", 0, 1) for i in range(LEVERS)]) for t in trials]
        for trial, point in zip(trials, asked, strict=True):
            study.tell(trial, problem.seen(point))
        points += asked
    return _best(problem, np.array(points))


def genetic(problem: Problem, seed: int) -> Floats:
    """NSGA-II with one objective."""
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.core.problem import ElementwiseProblem
    from pymoo.optimize import minimize

    class Asked(ElementwiseProblem):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(n_var=LEVERS, n_obj=1, xl=0.0, xu=1.0)

        def _evaluate(self, x: Floats, out: dict[str, Any], *_: Any, **__: Any) -> None:
            out["F"] = problem.seen(x)

    found = minimize(Asked(), NSGA2(TOGETHER), ("n_gen", MIXES // TOGETHER), seed=seed + 1)
    return np.atleast_2d(found.X)[0]


def _best(problem: Problem, points: Floats) -> Floats:
    found: Floats = points[int(np.argmin([problem.seen(point) for point in points]))]
    return found


METHODS: dict[str, Callable[[Problem, int], Floats]] = {
    "Gaussian process": gaussian_process,
    "CMA-ES": cma_es,
    "tree-structured Parzen estimator": parzen,
    "genetic algorithm": genetic,
    "points from everywhere": from_anywhere,
}


def main() -> None:
    """Print the harm left by each, relative to the even division, with its standard error."""
    warnings.simplefilter("ignore")
    even = np.full(LEVERS, 0.5)
    for name, method in METHODS.items():
        left = []
        for seed in range(PROBLEMS):
            problem = Problem(seed)
            left.append(problem.truth(method(problem, seed)) / problem.truth(even))
        error = float(np.std(left, ddof=1)) / PROBLEMS**0.5
        print(f"{name:34s} {np.mean(left):.2f} +- {error:.2f}", flush=True)


if __name__ == "__main__":
    main()
