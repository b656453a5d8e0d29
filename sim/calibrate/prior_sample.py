"""Parameters on a scale without bounds: the logit of the prior's quantile.

A uniform prior makes it the logit of the place between the bounds. On this scale every prior is
the standard logistic distribution, so whatever is done here obeys the bounds.
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
    """Draws of the prior by number, (indices, parameters), on the latent scale.

    Each is a function of seed, number and parameter alone: more draws, or another parameter,
    leave the others as they are.
    """
    draws = Draws(seed)
    rows = []
    for index in indices:
        stream = draws.of(f"prior/{index}")
        rows.append([stream.uniform(key) for key in keys])
    u = np.array(rows, dtype=np.float64).reshape(len(indices), len(keys))
    found: Floats = np.log(u) - np.log1p(-u)
    return found


def prior_table(priors: Sequence[PriorLike], seed: int, count: int) -> tuple[Floats, Floats]:
    """The draws 0..count-1 on the latent scale and as parameters, both (draws, parameters).

    Made in blocks of one size, so that the bits of a draw do not hang on how many are asked for.
    """
    keys = [prior.key for prior in priors]
    blocks = range(0, max(count, 1), _BLOCK)
    latent = [prior_points(keys, seed, range(first, first + _BLOCK)) for first in blocks]
    values = [values_of(block, priors) for block in latent]
    return np.concatenate(latent)[:count], np.concatenate(values)[:count]


def values_of(latent: Floats, priors: Sequence[PriorLike]) -> Floats:
    """Parameters from the latent scale, both (points, parameters); always within the bounds."""
    from scipy.special import expit

    u = np.clip(expit(latent), _EDGE, 1.0 - _EDGE)
    columns = [
        np.clip(np.asarray(prior.quantile(u[:, place]), np.float64), prior.low, prior.high)
        for place, prior in enumerate(priors)
    ]
    return np.stack(columns, axis=1)
