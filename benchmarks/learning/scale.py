"""Parameters on the scale on which every prior is the standard normal distribution."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtri

from sim.calibrate.distributions import DISTRIBUTIONS
from sim.calibrate.priors import Parameter
from sim.calibrate.types import Floats

_EDGE = 1e-9


def normal_scores(values: Floats, priors: Sequence[Parameter]) -> Floats:
    """Values on the normal scale, (n, parameters) to the same."""
    columns = []
    for place, prior in enumerate(priors):
        first, last = prior.ends()
        below = DISTRIBUTIONS[prior.law].mass(values[:, place], *prior.shape)
        columns.append((below - first) / (last - first))
    found: Floats = ndtri(np.clip(np.stack(columns, axis=1), _EDGE, 1.0 - _EDGE))
    return found
