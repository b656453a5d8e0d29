"""Deterrence by visible guards, beyond those whom they meet."""

from math import log
from typing import Final

from sim.agents.frontier import Frontier

_LEAST: Final = 0.05
"""Sorties below this share of the reference count as this share."""


def presence(model: Frontier, km: float) -> float:
    """Visible presence at ``km``: log of sorties over the reference, less in rough terrain.

    A rate with ``-e`` times this in its exponent has elasticity ``e`` to patrols on open ground
    (Di Tella and Schargrodsky 2004; Draca et al. 2011); where the terrain is rough and roads are
    few, presence deters less (Linebarger and Braithwaite 2020).
    """
    rules = model.spec.deterrence
    relative = max(model.sector_at(km).sorties.current / rules.reference_sorties, _LEAST)
    reach: float = getattr(rules.terrain, model.spec.ground.terrain_at(km))
    return reach * log(relative)
