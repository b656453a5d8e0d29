"""Elliptical slice sampling: draws from a posterior whose prior is standard normal.

Nothing is tuned and no gradient is asked for (Murray, Adams and MacKay 2010). Chains go side by
side, so that a likelihood is asked for many points at once. Once they have found the posterior, the
ellipses are drawn from a normal distribution like it in place of the prior: they move farther
(Nishihara, Murray and Adams 2014).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calibrate.types import Floats

type Places = NDArray[np.intp]
type LogLikelihood = Callable[[Floats], Floats]
"""From points, (points, dimensions), to log likelihoods, (points,)."""
type LogLikelihoods = Callable[[Floats, Places], Floats]
"""The same, given too of which posterior each point is, (points,)."""

_TRIES: Final = 60
_WIDER: Final = 1.2
_NEAR, _FAR = 1e-3, 0.05
_FLATTEST: Final = 0.25


class Chains(NamedTuple):
    """Points by round and chain, (rounds, chains, dimensions), with their log likelihoods."""

    points: Floats
    logs: Floats

    def mixing(self) -> Floats:
        """Split R-hat of each dimension (Gelman et al. 2013, 11.4): near 1 where chains agree."""
        rounds = len(self.points) // 2
        halves = np.concatenate([self.points[:rounds], self.points[rounds : 2 * rounds]], axis=1)
        within = halves.var(axis=0, ddof=1).mean(axis=0)
        between = halves.mean(axis=0).var(axis=0, ddof=1)
        found: Floats = np.sqrt((rounds - 1.0) / rounds + between / np.maximum(within, 1e-300))
        return found


def sample(
    log_likelihood: LogLikelihood, start: Floats, warm: int, rounds: int, rng: np.random.Generator
) -> Chains:
    """Go on from ``start``, (chains, dimensions), for ``warm`` rounds with the prior's ellipses,
    as many with those of the summit that was found, and ``rounds`` that are kept with those of what
    the last half of these showed.
    """
    (found,) = sample_each(lambda at, _: log_likelihood(at), start[None], warm, rounds, rng)
    return found


def sample_each(
    log_likelihood: LogLikelihoods, start: Floats, warm: int, rounds: int, rng: np.random.Generator
) -> list[Chains]:
    """The same of several posteriors side by side, from (posteriors, chains, dimensions)."""
    posteriors, chains, _ = start.shape
    of = np.repeat(np.arange(posteriors), chains)
    found = _go(log_likelihood, np.concatenate(start), of, warm, rng)
    summits = []
    for one in range(posteriors):
        best = found.points[-1, of == one][int(np.argmax(found.logs[-1, of == one]))]

        def alone(at: Floats, one: int = one) -> Floats:
            return log_likelihood(at, np.full(len(at), one))

        summits.append(_summit(alone, best))
    found = _like(log_likelihood, found.points[-1], of, summits, warm, rng)
    last = found.points[warm // 2 :]
    pooled = [_pooled(last[:, of == one], summits[one]) for one in range(posteriors)]
    found = _like(log_likelihood, found.points[-1], of, pooled, rounds, rng)
    each = np.arange(posteriors)
    return [Chains(found.points[:, of == one], found.logs[:, of == one]) for one in each]


class _Normal(NamedTuple):
    """A normal distribution: its mean and covariance."""

    mean: Floats
    covariance: Floats


def _pooled(points: Floats, summit: _Normal) -> _Normal:
    """Like points, (rounds, chains, dimensions), and like the summit as far as the chains are few:
    the covariance of few chains is far too narrow in some directions (Ledoit and Wolf 2004).
    """
    chains, dimensions = points.shape[1:]
    few = dimensions / (chains + dimensions)
    flat = points.reshape(-1, dimensions)
    found = np.atleast_2d(np.cov(flat, rowvar=False))
    return _Normal(flat.mean(axis=0), (1.0 - few) * found + few * summit.covariance)


def _summit(log_likelihood: LogLikelihood, start: Floats) -> _Normal:
    """The normal distribution at the highest point above ``start`` (Laplace's approximation);
    wherever the posterior is less curved than a quarter of the prior, that is taken.
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
    """Minus the logarithm of the posterior density at points, but for a constant."""
    found: Floats = 0.5 * np.sum(points**2, axis=1) - log_likelihood(points)
    return found


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

    found = minimize(slope, start, jac=True, method="L-BFGS-B", options={"maxiter": 100})
    return np.asarray(found.x, np.float64)


def _like(
    log_likelihood: LogLikelihoods,
    here: Floats,
    of: Places,
    normals: Sequence[_Normal],
    rounds: int,
    rng: np.random.Generator,
) -> Chains:
    """Rounds with the ellipses of normal distributions, each somewhat wider for its tails' sake."""
    roots = [np.linalg.cholesky(_WIDER * one.covariance) for one in normals]

    def points(whitened: Floats, of: Places) -> Floats:
        found = np.empty_like(whitened)
        for one in np.unique(of):
            found[of == one] = normals[one].mean + whitened[of == one] @ roots[one].T
        return found

    def weighed(whitened: Floats, of: Places) -> Floats:
        at = points(whitened, of)
        off = 0.5 * (np.sum(whitened**2, axis=1) - np.sum(at**2, axis=1))
        return log_likelihood(at, of) + off

    whitened = np.empty_like(here)
    for one in np.unique(of):
        off = (here[of == one] - normals[one].mean).T
        whitened[of == one] = np.linalg.solve(roots[one], off).T
    found = _go(weighed, whitened, of, rounds, rng)
    return Chains(np.stack([points(one, of) for one in found.points]), found.logs)


def _go(
    log_likelihood: LogLikelihoods,
    start: Floats,
    of: Places,
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
    of: Places,
    logs: Floats,
    rng: np.random.Generator,
) -> tuple[Floats, Floats]:
    """One move of every chain: along an ellipse through it, to where the likelihood is above a
    height drawn below its own.
    """
    chains = len(here)
    other = rng.standard_normal(here.shape)
    height = logs + np.log(rng.uniform(size=chains))
    angle = rng.uniform(0.0, 2.0 * np.pi, size=chains)
    low, high = angle - 2.0 * np.pi, angle.copy()
    found, levels = here.copy(), logs.copy()
    open_ = np.arange(chains)
    for _ in range(_TRIES):
        turn = angle[open_, None]
        tried = here[open_] * np.cos(turn) + other[open_] * np.sin(turn)
        level = log_likelihood(tried, of[open_])
        good = level > height[open_]
        found[open_[good]], levels[open_[good]] = tried[good], level[good]
        open_ = open_[~good]
        if not len(open_):
            break
        back = angle[open_] < 0.0
        low[open_] = np.where(back, angle[open_], low[open_])
        high[open_] = np.where(back, high[open_], angle[open_])
        angle[open_] = rng.uniform(low[open_], high[open_])
    return found, levels
