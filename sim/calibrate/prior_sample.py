"""Draws of the prior, on a scale without bounds: the logit of the prior's quantile.

On this latent scale every prior is the standard logistic distribution, so any point of it gives
parameters within their bounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from sim.calibrate.types import Floats, PriorLike
from sim.engine.draws import Draws

_EDGE: Final = 2.0**-53
_BLOCK: Final = 64


def prior_points(keys: Sequence[str], seed: int, indices: Sequence[int]) -> Floats:
    """Return draws of the prior by number, (indices, parameters), on the latent scale.

    Each is a function of seed, number and parameter alone: more draws, or another parameter, leave
    the others unchanged.
    """
    draws = Draws(seed)
    rows = []
    for index in indices:
        stream = draws.of(f"prior/{index}")
        rows.append([stream.uniform(key) for key in keys])
    u = np.array(rows, dtype=np.float64).reshape(len(indices), len(keys))
    return np.log(u) - np.log1p(-u)


def sample_prior(priors: Sequence[PriorLike], seed: int, count: int) -> tuple[Floats, Floats]:
    """Return the draws 0..count-1 on the latent scale and as parameters, both (draws, parameters).

    They are made in blocks of one size, so that the bits of a draw do not depend on ``count``.
    """
    keys = [prior.key for prior in priors]
    blocks = range(0, max(count, 1), _BLOCK)
    latent = [prior_points(keys, seed, range(first, first + _BLOCK)) for first in blocks]
    values = [to_parameters(block, priors) for block in latent]
    return np.concatenate(latent)[:count], np.concatenate(values)[:count]


def to_parameters(latent: Floats, priors: Sequence[PriorLike]) -> Floats:
    """Map points of the latent scale to parameters within their bounds, (points, parameters)."""
    from scipy.special import expit

    u = np.clip(expit(latent), _EDGE, 1.0 - _EDGE)
    columns = [
        np.clip(np.asarray(prior.quantile(u[:, place]), np.float64), prior.low, prior.high)
        for place, prior in enumerate(priors)
    ]
    return np.stack(columns, axis=1)
