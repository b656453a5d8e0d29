"""The crossers of the ceiling: where and when they come, and how long they are in the open.

The flow is that of smuggling groups as they set out: by district, season and hour, before any of
them reacts to the guards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.frontier.files import TERRAINS
from sim.frontier.season import HOUR
from sim.theory.sortie_detection import Array, Exposure

if TYPE_CHECKING:
    from sim.comparison.planned_patrols import Cells
    from sim.model import BorderModel

HOURS: Final = 12
"""Instants of a day, equally likely, that represent it."""

_NODES, _WEIGHTS = np.polynomial.laguerre.laggauss(6)
"""Quadrature of an exponential time in the open: multiples of its mean, and their weights."""


def exposure_times(world: BorderModel) -> list[tuple[float, float]]:
    """Times in the open relative to their mean, with weights that add up to 1."""
    if world.spec.exposure.law == "fixed":
        return [(1.0, 1.0)]
    return [(float(t), float(w)) for t, w in zip(_NODES, _WEIGHTS, strict=True)]


def flow(world: BorderModel, cells: Cells, day: int) -> Array:
    """The relative number of groups that set out for each cell on a day."""
    from sim.agents.traffic import season_factors

    smugglers, host = world.spec.smugglers, world.host_state
    held_back = world.spec.host_state.effect_on_smuggling
    days = world.spec.days
    season = season_factors(world.calendar, smugglers.season_effect, days)[day]
    per_km = [
        smugglers.district_weights.get(info.slug, 0.0)
        * (1.0 - held_back * host.control(info.index, 0.0))
        / info.length_km
        for info in world.ground.districts
    ]
    return season * np.array(per_km)[cells.district] * cells.length


def exposures(world: BorderModel, cells: Cells, day: int) -> Exposure:
    """The crossers of a day by cell and instant, arrays (cell, instant); mean times in the open."""
    calendar, share = world.calendar, world.spec.smugglers.night_share
    at = np.array(
        [
            [
                calendar.instant(info.index, day, (n + 0.5) / HOURS, share) - day
                for n in range(HOURS)
            ]
            for info in world.ground.districts
        ]
    )
    night = np.array(
        [
            [calendar.is_night(info.index, day + t) for t in times]
            for info, times in zip(world.ground.districts, at.tolist(), strict=True)
        ]
    )
    days, reach = _by_light(world, cells, day)
    light = night[cells.district].astype(np.int64)
    each = np.arange(len(cells.km))[:, None]
    return Exposure(at[cells.district], days[each, light], reach[each, light])


def steady_exposures(world: BorderModel, cells: Cells, day: int) -> tuple[Exposure, Exposure]:
    """A crosser at each cell in the middle of a long day, and of a long night; vectors."""
    days, reach = _by_light(world, cells, day)
    by_day, by_night = (
        Exposure(np.zeros(len(cells.km)), days[:, light], reach[:, light]) for light in (0, 1)
    )
    return by_day, by_night


def _by_light(
    world: BorderModel, cells: Cells, day: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Time in the open (days) and reach of a patrol (km) at each cell, by day and by night."""
    from sim.agents.passage import exposed_hours

    patrols, river = world.spec.patrols, world.calendar.river_index(float(day))
    hours = np.zeros((len(TERRAINS), 2))
    for terrain in np.unique(cells.terrain):
        km = float(cells.km[cells.terrain == terrain][0])
        for night in (False, True):
            hours[terrain, int(night)] = exposed_hours(world.spec, km, river, night)
    mask = np.array([getattr(patrols.range_factor, name) for name in TERRAINS])
    reach = np.array([patrols.sight_range_day_km, patrols.sight_range_night_km])
    return hours[cells.terrain] * HOUR, mask[cells.terrain, None] * reach
