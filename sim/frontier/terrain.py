"""Terrain along the line: its class, its level, and how steep a patrol's way is."""

from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from sim.frontier.tables import LENGTH_KM, STEP_KM, interpolate, numbers, pieces, table

TERRAINS = ("lowland", "foothill", "gorge", "high_valley", "alpine")
"""Terrain classes, in the order in which the line meets them from the west."""

ROUGHNESS_SHARE = 0.5
"""Share of the roughness of the Tajik side that a way along the line cannot avoid (assumption).

The way follows the valley, so it meets less than the slopes beside it; but the roughness is
taken from a grid of about 9 km, which is far smoother than the ground under a boot."""

_LEVEL_M = numbers("frontier", "elevation_m")
_CREST_M = numbers("frontier", "crest_m")
_ROUGHNESS_M_PER_KM = numbers("frontier", "roughness_m_per_km")

_terrain_index = pieces([TERRAINS.index(name) for name in table("frontier")["terrain"]])


def _slopes() -> list[float]:
    """Slope on each interval between neighbouring points of the table, m/m."""
    level, rough = np.array(_LEVEL_M), np.array(_ROUGHNESS_M_PER_KM)
    grade = np.abs(np.diff(level)) / (1000.0 * STEP_KM)
    unavoidable = ROUGHNESS_SHARE * (rough[:-1] + rough[1:]) / 2 / 1000.0
    slopes: list[float] = (grade + unavoidable).tolist()
    return slopes


_SLOPES = _slopes()
_CLIMB = list(accumulate((STEP_KM * slope for slope in _SLOPES), initial=0.0))


def terrain_at(km: float) -> str:
    """Terrain class at ``km``."""
    return TERRAINS[_terrain_index(km)]


def terrain_index_at(km: float) -> int:
    """Index in ``TERRAINS`` of the terrain class at ``km``."""
    return _terrain_index(km)


def elevation_at(km: float) -> float:
    """Level of the line at ``km``, m above the sea."""
    return interpolate(_LEVEL_M, km)


def slope_at(km: float) -> float:
    """Representative slope of a way along the line at ``km``, m/m, never negative.

    The grade of the line's own level over 5 km, plus :data:`ROUGHNESS_SHARE` of the mean
    roughness of the Tajik side within 20 km. Up and down alternate on such a way, so the
    figure has no sign; it is constant between the points of the table.
    """
    return _SLOPES[min(int(max(km, 0.0) / STEP_KM), len(_SLOPES) - 1)]


def mean_slope(km_from: float, km_to: float) -> float:
    """Mean of :func:`slope_at` between two chainages on the line, in either order, m/m."""
    length = km_to - km_from
    # Over a few metres the quotient of two small differences would be noise.
    if abs(length) < 1e-3:
        return slope_at(km_from)
    return (interpolate(_CLIMB, km_to) - interpolate(_CLIMB, km_from)) / length


def profile() -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Chainage (km), level of the line and highest ground within 20 km on the Tajik side (m).

    Three new arrays of one length, a point every 5 km. Where the line itself follows the ridge
    the two heights are one.
    """
    km = np.linspace(0.0, LENGTH_KM, len(_LEVEL_M))
    return km, np.array(_LEVEL_M), np.maximum(_LEVEL_M, _CREST_M)
