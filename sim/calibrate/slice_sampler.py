"""Elliptical slice sampling: draws from a posterior whose prior is standard normal.

It needs no tuning and no gradient (Murray, Adams and MacKay 2010). All chains advance together, so
the likelihood is evaluated at many points at once. Once the chains have found the posterior, the
ellipses come from a normal approximation of it instead of the prior, and the chains move farther
(Nishihara, Murray and Adams 2014).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calibrate.types import Floats

type Indices = NDArray[np.intp]
type LogLikelihood = Callable[[Floats], Floats]
"""From points, (points, dimensions), to log likelihoods, (points,)."""
type LogLikelihoods = Callable[[Floats, Indices], Floats]
"""The same for several posteriors; the second argument is the posterior of each point."""

_TRIES: Final = 60
_WIDER: Final = 1.2
_NEAR, _FAR = 1e-3, 0.05
_FLATTEST: Final = 0.25


class Chains(NamedTuple):
    """Points, (rounds, chains, dimensions), with their log likelihoods, (rounds, chains)."""

    points: Floats
    logs: Floats

    def mixing(self) -> Floats:
        """Return split R-hat of each dimension (Gelman et al. 2013, 11.4), near 1 in agreement."""
        rounds = len(self.points) // 2
        halves = np.concatenate([self.points[:rounds], self.points[rounds : 2 * rounds]], axis=1)
        within = halves.var(axis=0, ddof=1).mean(axis=0)
        between = halves.mean(axis=0).var(axis=0, ddof=1)
        return np.sqrt((rounds - 1.0) / rounds + between / np.maximum(within, 1e-300))


def run_chains(
    log_likelihood: LogLikelihood, start: Floats, warm: int, rounds: int, rng: np.random.Generator
) -> Chains:
    """Run chains from ``start``, (chains, dimensions); return the last ``rounds``.

    The ellipses come from the prior for ``warm`` rounds, from a Laplace approximation for another
    ``warm``, and from the moments of the last half of those for ``rounds``.
    """
    (result,) = run_chains_each(lambda at, _: log_likelihood(at), start[None], warm, rounds, rng)
    return result


def run_chains_each(
    log_likelihood: LogLikelihoods, start: Floats, warm: int, rounds: int, rng: np.random.Generator
) -> list[Chains]:
    """Run chains of several posteriors together, from (posteriors, chains, dimensions)."""
    posteriors, chains, _ = start.shape
    of = np.repeat(np.arange(posteriors), chains)
    run = _run(log_likelihood, np.concatenate(start), of, warm, rng)
    laplace = []
    for one in range(posteriors):
        best = run.points[-1, of == one][int(np.argmax(run.logs[-1, of == one]))]

        def alone(at: Floats, one: int = one) -> Floats:
            return log_likelihood(at, np.full(len(at), one))

        laplace.append(_laplace(alone, best))
    run = _run_scaled(log_likelihood, run.points[-1], of, laplace, warm, rng)
    last = run.points[warm // 2 :]
    pooled = [_pooled(last[:, of == one], laplace[one]) for one in range(posteriors)]
    run = _run_scaled(log_likelihood, run.points[-1], of, pooled, rounds, rng)
    each = np.arange(posteriors)
    return [Chains(run.points[:, of == one], run.logs[:, of == one]) for one in each]


class _Normal(NamedTuple):
    """A normal distribution: its mean and covariance."""

    mean: Floats
    covariance: Floats


def _pooled(points: Floats, laplace: _Normal) -> _Normal:
    """Return the moments of points, (rounds, chains, dimensions), shrunk towards ``laplace``.

    The fewer the chains, the stronger the shrinkage: the covariance of few chains is far too narrow
    in some directions (Ledoit and Wolf 2004).
    """
    chains, dimensions = points.shape[1:]
    few = dimensions / (chains + dimensions)
    flat = points.reshape(-1, dimensions)
    covariance = np.atleast_2d(np.cov(flat, rowvar=False))
    return _Normal(flat.mean(axis=0), (1.0 - few) * covariance + few * laplace.covariance)


def _laplace(log_likelihood: LogLikelihood, start: Floats) -> _Normal:
    """Return Laplace's approximation at the mode above ``start``.

    The curvature is at least a quarter of that of the prior in every direction.
    """
    top, dimensions = climb(log_likelihood, start), len(start)
    first, second = np.triu_indices(dimensions)
    one, other = _FAR * np.eye(dimensions)[first], _FAR * np.eye(dimensions)[second]
    corners = [
        negative_log_density(log_likelihood, top + a * one + b * other)
        for a in (1.0, -1.0)
        for b in (1.0, -1.0)
    ]
    curvature = np.zeros((dimensions, dimensions))
    curvature[first, second] = (corners[0] - corners[1] - corners[2] + corners[3]) / (2 * _FAR) ** 2
    curvature = curvature + np.triu(curvature, 1).T
    values, vectors = np.linalg.eigh(curvature)
    return _Normal(top, (vectors / np.maximum(values, _FLATTEST)) @ vectors.T)


def negative_log_density(log_likelihood: LogLikelihood, points: Floats) -> Floats:
    """Return minus the log posterior density at points, up to a constant."""
    return 0.5 * np.sum(points**2, axis=1) - log_likelihood(points)


def climb(log_likelihood: LogLikelihood, start: Floats) -> Floats:
    """Return the point of highest posterior density, reached by ascent from ``start``."""
    from scipy.optimize import minimize

    steps = _NEAR * np.eye(len(start))

    def slope(point: Floats) -> tuple[float, Floats]:
        around = negative_log_density(
            log_likelihood, np.vstack([point, point + steps, point - steps])
        )
        up, down = around[1 : len(start) + 1], around[len(start) + 1 :]
        return float(around[0]), (up - down) / (2.0 * _NEAR)

    result = minimize(slope, start, jac=True, method="L-BFGS-B", options={"maxiter": 100})
    return np.asarray(result.x, np.float64)


def _run_scaled(
    log_likelihood: LogLikelihoods,
    here: Floats,
    of: Indices,
    normals: Sequence[_Normal],
    rounds: int,
    rng: np.random.Generator,
) -> Chains:
    """Run rounds with ellipses of normal distributions, made wider for the tails."""
    roots = [np.linalg.cholesky(_WIDER * one.covariance) for one in normals]

    def points(whitened: Floats, of: Indices) -> Floats:
        result = np.empty_like(whitened)
        for one in np.unique(of):
            result[of == one] = normals[one].mean + whitened[of == one] @ roots[one].T
        return result

    def target(whitened: Floats, of: Indices) -> Floats:
        at = points(whitened, of)
        off = 0.5 * (np.sum(whitened**2, axis=1) - np.sum(at**2, axis=1))
        return log_likelihood(at, of) + off

    whitened = np.empty_like(here)
    for one in np.unique(of):
        off = (here[of == one] - normals[one].mean).T
        whitened[of == one] = np.linalg.solve(roots[one], off).T
    run = _run(target, whitened, of, rounds, rng)
    return Chains(np.stack([points(one, of) for one in run.points]), run.logs)


def _run(
    log_likelihood: LogLikelihoods,
    start: Floats,
    of: Indices,
    rounds: int,
    rng: np.random.Generator,
) -> Chains:
    here, logs = start.copy(), log_likelihood(start, of)
    points, kept = [], []
    for _ in range(rounds):
        here, logs = _round(log_likelihood, here, of, logs, rng)
        points.append(here)
        kept.append(logs)
    return Chains(np.stack(points), np.stack(kept))


def _round(
    log_likelihood: LogLikelihoods,
    here: Floats,
    of: Indices,
    logs: Floats,
    rng: np.random.Generator,
) -> tuple[Floats, Floats]:
    """Move every chain along an ellipse through it, to a likelihood above a random height."""
    chains = len(here)
    other = rng.standard_normal(here.shape)
    height = logs + np.log(rng.uniform(size=chains))
    angle = rng.uniform(0.0, 2.0 * np.pi, size=chains)
    low, high = angle - 2.0 * np.pi, angle.copy()
    moved, levels = here.copy(), logs.copy()
    open_ = np.arange(chains)
    for _ in range(_TRIES):
        turn = angle[open_, None]
        tried = here[open_] * np.cos(turn) + other[open_] * np.sin(turn)
        level = log_likelihood(tried, of[open_])
        good = level > height[open_]
        moved[open_[good]], levels[open_[good]] = tried[good], level[good]
        open_ = open_[~good]
        if not len(open_):
            break
        back = angle[open_] < 0.0
        low[open_] = np.where(back, angle[open_], low[open_])
        high[open_] = np.where(back, high[open_], angle[open_])
        angle[open_] = rng.uniform(low[open_], high[open_])
    return moved, levels
