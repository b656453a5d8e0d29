"""Elliptical slice sampling: draws from a posterior whose prior is standard normal.

Nothing is tuned and no gradient is asked for (Murray, Adams and MacKay 2010). Chains go side by
side, so that a likelihood is asked for many points at once. Once they have found the posterior, the
ellipses are drawn from a normal distribution like it in place of the prior, which they then leave
quickly (Nishihara, Murray and Adams 2014).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from sim.calibrate.problem import Floats

type LogLikelihood = Callable[[Floats], Floats]
"""From points, (points, dimensions), to log likelihoods, (points,)."""

_TRIES: Final = 60
_WIDER: Final = 1.2
_LEAST: Final = 1e-4


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
    """Go on from ``start``, (chains, dimensions): ``warm`` rounds with the prior's ellipses, as
    many again with those of what the last half of them showed, then ``rounds`` that are kept.
    """
    found = _go(log_likelihood, start, warm, rng)
    for kept in (warm, rounds):
        like = _Normal.of(found.points[len(found.points) // 2 :])

        def weighed(whitened: Floats, like: _Normal = like) -> Floats:
            points = like.points(whitened)
            off = 0.5 * (np.sum(whitened**2, axis=1) - np.sum(points**2, axis=1))
            return log_likelihood(points) + off

        whitened = _go(weighed, like.whitened(found.points[-1]), kept, rng)
        found = Chains(like.points(whitened.points), whitened.logs)
    return found


class _Normal(NamedTuple):
    """A normal distribution: its mean, and a root of its covariance, (dimensions, dimensions)."""

    mean: Floats
    root: Floats

    @classmethod
    def of(cls, points: Floats) -> _Normal:
        """That of points, (rounds, chains, dimensions), somewhat wider for its tails' sake."""
        pooled = points.reshape(-1, points.shape[-1])
        covariance = _WIDER * np.cov(pooled, rowvar=False) + _LEAST * np.eye(pooled.shape[1])
        return cls(pooled.mean(axis=0), np.linalg.cholesky(covariance))

    def points(self, whitened: Floats) -> Floats:
        found: Floats = self.mean + whitened @ self.root.T
        return found

    def whitened(self, points: Floats) -> Floats:
        found: Floats = np.linalg.solve(self.root, (points - self.mean).T).T
        return found


def _go(
    log_likelihood: LogLikelihood, start: Floats, rounds: int, rng: np.random.Generator
) -> Chains:
    here, logs = start.copy(), log_likelihood(start)
    points, kept = [], []
    for _ in range(rounds):
        here, logs = _round(log_likelihood, here, logs, rng)
        points.append(here)
        kept.append(logs)
    return Chains(np.stack(points), np.stack(kept))


def _round(
    log_likelihood: LogLikelihood, here: Floats, logs: Floats, rng: np.random.Generator
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
        level = log_likelihood(tried)
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
