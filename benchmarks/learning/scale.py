"""Parameters on the scale on which every prior is the standard normal distribution."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtr, ndtri

from sim.calibrate.aims import Floats
from sim.calibrate.laws import LAWS
from sim.calibrate.priors import Parameter

_EDGE = 1e-9


def shares(values: Floats, priors: Sequence[Parameter]) -> Floats:
    """The share of its prior that lies below each value, (n, parameters) to the same."""
    columns = []
    for place, prior in enumerate(priors):
        first, last = prior.ends()
        mass = LAWS[prior.law].mass(values[:, place], *prior.shape)
        columns.append((mass - first) / (last - first))
    return np.stack(columns, axis=1)


def normal_scores(values: Floats, priors: Sequence[Parameter]) -> Floats:
    """Values on the normal scale."""
    found: Floats = ndtri(np.clip(shares(values, priors), _EDGE, 1.0 - _EDGE))
    return found


def values_at(scores: Floats, priors: Sequence[Parameter]) -> Floats:
    """Values from the normal scale; always within the bounds of the priors."""
    u = np.clip(ndtr(scores), _EDGE, 1.0 - _EDGE)
    columns = [np.asarray(prior.quantile(u[:, n])) for n, prior in enumerate(priors)]
    return np.stack(columns, axis=1)
