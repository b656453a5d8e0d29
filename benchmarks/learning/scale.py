"""Parameters on the scale on which every prior is the standard normal distribution."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtri

from sim.calibrate.aims import Floats
from sim.calibrate.laws import LAWS
from sim.calibrate.priors import Parameter

_EDGE = 1e-9


def normal_scores(values: Floats, priors: Sequence[Parameter]) -> Floats:
    """Values on the normal scale, (n, parameters) to the same."""
    columns = []
    for place, prior in enumerate(priors):
        first, last = prior.ends()
        below = LAWS[prior.law].mass(values[:, place], *prior.shape)
        columns.append((below - first) / (last - first))
    found: Floats = ndtri(np.clip(np.stack(columns, axis=1), _EDGE, 1.0 - _EDGE))
    return found
