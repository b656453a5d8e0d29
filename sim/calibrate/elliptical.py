"""Elliptical slice sampling: draws from a posterior whose prior is standard normal.

Nothing is tuned and no gradient is asked for (Murray, Adams and MacKay 2010). Chains go side by
side, so that a likelihood is asked for many points at once. Once they have found the posterior, the
ellipses are drawn from a normal distribution like it in place of the prior, which they then leave
quickly (Nishihara, Murray and Adams 2014).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calibrate.problem import Floats

type Places = NDArray[np.intp]
type LogLikelihood = Callable[[Floats], Floats]
"""From points, (points, dimensions), to log likelihoods, (points,)."""
type LogLikelihoods = Callable[[Floats, Places], Floats]
"""The same, given too of which posterior each point is, (points,)."""

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
    (found,) = sample_each(lambda at, _: log_likelihood(at), start[None], warm, rounds, rng)
    return found


def sample_each(
    log_likelihood: LogLikelihoods, start: Floats, warm: int, rounds: int, rng: np.random.Generator
) -> list[Chains]:
    """The same of several posteriors side by side, from (posteriors, chains, dimensions)."""
    posteriors, chains, _ = start.shape
    of = np.repeat(np.arange(posteriors), chains)
    found = _go(log_likelihood, np.concatenate(start), of, warm, rng)
    for kept in (warm, rounds):
        last = found.points[len(found.points) // 2 :]
        like = _Normals.of([last[:, of == one] for one in range(posteriors)])

        def weighed(whitened: Floats, of: Places, like: _Normals = like) -> Floats:
            points = like.points(whitened, of)
            off = 0.5 * (np.sum(whitened**2, axis=1) - np.sum(points**2, axis=1))
            return log_likelihood(points, of) + off

        whitened = _go(weighed, like.whitened(found.points[-1], of), of, kept, rng)
        points = np.stack([like.points(one, of) for one in whitened.points])
        found = Chains(points, whitened.logs)
    each = np.arange(posteriors)
    return [Chains(found.points[:, of == one], found.logs[:, of == one]) for one in each]


class _Normals(NamedTuple):
    """A normal distribution for each posterior: its mean, and a root of its covariance."""

    means: Sequence[Floats]
    roots: Sequence[Floats]

    @classmethod
    def of(cls, found: Sequence[Floats]) -> _Normals:
        """Those of points, (rounds, chains, dimensions), somewhat wider for their tails' sake."""
        pooled = [points.reshape(-1, points.shape[-1]) for points in found]
        covariances = [
            _WIDER * np.cov(one, rowvar=False) + _LEAST * np.eye(one.shape[1]) for one in pooled
        ]
        return cls(
            [one.mean(axis=0) for one in pooled], [np.linalg.cholesky(c) for c in covariances]
        )

    def points(self, whitened: Floats, of: Places) -> Floats:
        found = np.empty_like(whitened)
        for one in np.unique(of):
            here = of == one
            found[here] = self.means[one] + whitened[here] @ self.roots[one].T
        return found

    def whitened(self, points: Floats, of: Places) -> Floats:
        found = np.empty_like(points)
        for one in np.unique(of):
            here = of == one
            found[here] = np.linalg.solve(self.roots[one], (points[here] - self.means[one]).T).T
        return found


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
