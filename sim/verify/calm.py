"""A frontier on which nothing happens but what a study switches on."""

from collections.abc import Mapping
from typing import Final

from sim.frontier.ground import Ground
from sim.scenario.spec import Scenario
from sim.scenario.vary import with_overrides

LAND: Final = Ground.default()
"""The ground of every study."""

Changes = Mapping[str, object]
"""Values by dotted key, as in ``panj run --set``."""

PLAIN: Final[Changes] = {
    "smugglers.threshold": 1.0,
    "deterrence.smugglers": 0.0,
    "deterrence.militants": 0.0,
    "regimes.flow_spread": 0.0,
    "regimes.plans_spread": 0.0,
    "contact.p_cordon": 0.0,
    "clash.break_spread": 0.0,
    "clash.raid_cover": 1.0,
    "clash.intensity_spread": 0.0,
    "clash.disengage_militants": 0.0,
    "clash.pursuit_hit": 0.0,
    "clash.pursuit_caught": 0.0,
    "cells.refrain": -10.0,
    "cells.prior_risk": 0.0,
    "cells.passing": 0.0,
    "cells.joint": 0.0,
    "cells.retaliation": 0.0,
    "cells.success_premium": 0.0,
    "strikes.shared": 0.0,
    "worksites.road_share": 0.0,
}
"""Years, fights and strikes are alike, nobody is surrounded, pursued or met on the road, every plan
is carried out by its own cell, and nobody stays away: the limits of all that makes them differ."""

CALM: Final[Changes] = {
    **PLAIN,
    "posts.p_watch": 0.0,
    "patrols.sorties_per_day": 0.0,
    "patrols.night_speed_factor": 1.0,
    "patrols.sight_range_day_km": 0.0,
    "patrols.sight_range_night_km": 0.0,
    "sign.life_hours": 0.0,
    "technical.camera_coverage": 0.0,
    "technical.uav_hours_per_day": 0.0,
    "tips.p_tip": 0.0,
    "tips.strangers_per_day": 0.0,
    "false_alarms.per_100_km_year": 0.0,
    "teams.per_district": 0,
    "alert.level": "routine",
    "readiness.effect_on_sighting": 0.0,
    "exposure.river_effect": 0.0,
    "exposure.night_factor": 1.0,
    "smugglers.loads_per_year": 0.0,
    "smugglers.night_share": 0.5,
    "smugglers.season_effect": 0.0,
    "smugglers.displacement": 0.0,
    "smugglers.surveillance": 0.0,
    "smugglers.inland_least_km": 0.0,
    "smugglers.inland_most_km": 0.0,
    "contact.p_turn_back": 1.0,
    "contact.p_drop_load": 0.0,
    "cells.count": 0,
    "worksites.count": 0,
    "villages.per_100_km": 0.0,
    "host_state.effect_on_smuggling": 0.0,
    "diplomacy.demarche_deaths": 0,
}
"""Nobody crosses and nobody looks. What a study switches on meets no season, no difference of
day and night but the hour of arrivals, no tiredness, no choice of place, and no response: groups
seen at the line run back with the load, which makes no incident."""

EVERYWHERE: Final[Changes] = {
    "smugglers.district_weights": {info.slug: info.length_km for info in LAND.districts}
}
"""Crossings are uniform over the whole line."""


def districts(weights: Mapping[str, float]) -> dict[str, float]:
    """A table by district with these weights, and 0 for all others, whose defaults would stay."""
    return {info.slug: weights.get(info.slug, 0.0) for info in LAND.districts}


def calm(*layers: Changes) -> Scenario:
    """The calm scenario with changes, later layers above earlier ones."""
    merged = dict(CALM)
    for layer in layers:
        merged |= layer
    return with_overrides(Scenario(), merged)


def in_the_open(hours: float, law: str = "fixed") -> dict[str, object]:
    """Changes that keep every group in the open for ``hours`` (at most 24), or so on average.

    The bounds on the time in the open hold it there, whatever the terrain.
    """
    return {
        "exposure.shortest_hours": hours,
        "exposure.longest_hours": hours,
        "exposure.law": law,
    }
