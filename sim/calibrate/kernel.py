"""Where the next proposals come from: the last population, smeared by a normal kernel.

Adaptive population Monte Carlo (Beaumont, Cornuet, Marin and Robert 2009; Toni, Welch, Strelkowa,
Ipsen and Stumpf 2009): pick one of the last population by weight, move it by a normal step with
``width`` times the weighted covariance, and weigh what is accepted by prior over mixture density.
Twice the covariance is Beaumont's choice and close to the best (Filippi et al. 2013). With much
less than half of it a few far members carry all the weight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from sim.calibrate.latent import log_prior
from sim.calibrate.problem import Floats
from sim.engine.draws import Draws

_BLOCK: Final = 256
_FLOOR: Final = 1e-10
"""Least variance in a direction, as a share of the largest: a population may lie in a plane."""


def effective(weights: Floats) -> float:
    """Effective sample size ``1 / sum of w^2`` of weights that add up to 1 (Kong 1992)."""
    return float(1.0 / np.sum(weights**2))


@dataclass(frozen=True)
class Kernel:
    """A population on the latent scale, (members, parameters), its weights and a width."""

    latent: Floats
    weights: Floats
    width: float

    @cached_property
    def _root(self) -> Floats:
        """Lower triangle L of the step's covariance, L L'."""
        off = self.latent - self.weights @ self.latent
        covariance = self.width * (off * self.weights[:, None]).T @ off
        least = _FLOOR * max(float(np.trace(covariance)), 1e-6)
        root: Floats = np.linalg.cholesky(covariance + least * np.eye(len(covariance)))
        return root

    @cached_property
    def _white(self) -> Floats:
        """The population where the step has unit covariance."""
        return self._whiten(self.latent)

    def _whiten(self, latent: Floats) -> Floats:
        found: Floats = np.linalg.solve(self._root, latent.T).T
        return found

    def propose(self, seed: int, generation: int, indices: Sequence[int]) -> Floats:
        """Proposals by number, (indices, parameters).

        Proposal i is a function of this population, the seed, the generation and i: whoever
        makes it, and when, it is the same.
        """
        from scipy.special import ndtri

        size = self.latent.shape[1]
        draws = Draws(seed)
        picks, steps = [], []
        for index in indices:
            stream = draws.of(f"proposal/{generation}/{index}")
            picks.append(stream.uniform("ancestor"))
            steps.append([stream.uniform("step", n) for n in range(size)])
        bounds = np.cumsum(self.weights)
        chosen = np.searchsorted(bounds / bounds[-1], np.array(picks), side="right")
        normal = ndtri(np.array(steps, dtype=np.float64).reshape(len(picks), size))
        steps_taken = (normal[:, None, :] * self._root[None]).sum(axis=2)
        found: Floats = self.latent[chosen] + steps_taken
        return found

    def log_density(self, latent: Floats) -> Floats:
        """Log density of the mixture up to a constant, (points, parameters) to (points,)."""
        from scipy.special import logsumexp

        points, members = self._whiten(latent), self._white
        with np.errstate(divide="ignore"):
            logs = np.log(self.weights)
        found = []
        for first in range(0, len(points), _BLOCK):
            block = points[first : first + _BLOCK]
            squares = (
                (block**2).sum(axis=1)[:, None] + (members**2).sum(axis=1) - 2.0 * block @ members.T
            )
            found.append(logsumexp(logs - 0.5 * np.maximum(squares, 0.0), axis=1))
        return np.concatenate(found) if found else np.empty(0)

    def weigh(self, latent: Floats) -> Floats:
        """Importance weights of accepted proposals; they add up to 1."""
        logs = log_prior(latent) - self.log_density(latent)
        weights = np.exp(logs - logs.max())
        total: Floats = weights / weights.sum()
        return total
