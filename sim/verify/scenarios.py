"""The scenarios of studies: a frontier where nothing happens, and settings that switch parts on."""

from collections.abc import Mapping
from typing import Final

from sim.frontier.ground import Ground
from sim.scenario.spec import Scenario
from sim.scenario.values import with_overrides

LAND: Final = Ground.default()
"""The ground of every study."""

Changes = Mapping[str, object]
"""Values by dotted key, as in ``panj run --set``."""

PATROLS_ALONE: Final[Changes] = {
    "posts.p_watch": 0.0,
    "technical.camera_coverage": 0.0,
    "technical.uav_hours_per_day": 0.0,
    "tips.p_tip": 0.0,
    "tips.strangers_per_day": 0.0,
    "false_alarms.per_100_km_year": 0.0,
    "teams.per_district": 0,
    "cells.count": 0,
    "worksites.count": 0,
    "villages.per_100_km": 0.0,
}
"""Only patrols look, nobody answers an alarm, and nobody is there but smugglers."""

IGNORED_PATROLS: Final[Changes] = {
    "smugglers.displacement": 0.0,
    "smugglers.surveillance": 0.0,
    "smugglers.threshold": 1.0,
    "deterrence.smugglers": 0.0,
}
"""Smugglers ignore patrols: none goes elsewhere, waits for a gap or stays away because of them."""

PLAIN: Final[Changes] = {
    **IGNORED_PATROLS,
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
"""All years, fights and strikes are alike; nobody is surrounded, pursued or met on the road; each
cell carries out its own plans; smugglers ignore patrols, and nobody is deterred."""

EMPTY: Final[Changes] = {
    **PLAIN,
    **PATROLS_ALONE,
    "patrols.sorties_per_day": 0.0,
    "patrols.night_speed_factor": 1.0,
    "patrols.sight_range_day_km": 0.0,
    "patrols.sight_range_night_km": 0.0,
    "sign.life_hours": 0.0,
    "alert.level": "routine",
    "readiness.effect_on_sighting": 0.0,
    "exposure.river_effect": 0.0,
    "exposure.night_factor": 1.0,
    "smugglers.loads_per_year": 0.0,
    "smugglers.night_share": 0.5,
    "smugglers.season_effect": 0.0,
    "smugglers.inland_least_km": 0.0,
    "smugglers.inland_most_km": 0.0,
    "contact.p_turn_back": 1.0,
    "contact.p_drop_load": 0.0,
    "host_state.effect_on_smuggling": 0.0,
    "diplomacy.demarche_deaths": 0,
}
"""Nobody crosses and nobody looks. What a study switches on meets no season, no difference of
day and night but the hour of arrivals, no tiredness, no choice of place, and no response: groups
seen at the line run back with the load, so there is no incident."""

UNIFORM_FLOW: Final[Changes] = {
    "smugglers.district_weights": {info.slug: info.length_km for info in LAND.districts}
}
"""Crossings are spread evenly over the whole line."""


def districts(weights: Mapping[str, float]) -> dict[str, float]:
    """These weights by district, and 0 for every other district, in place of its default."""
    return {info.slug: weights.get(info.slug, 0.0) for info in LAND.districts}


def empty_scenario(*layers: Changes) -> Scenario:
    """A scenario in which nothing happens but what ``layers`` switch on, later ones on top."""
    merged = dict(EMPTY)
    for layer in layers:
        merged |= layer
    return with_overrides(Scenario(), merged)


def exposure(hours: float, law: str = "fixed") -> dict[str, object]:
    """Changes that keep every group in the open for ``hours`` (at most 24), or for that on average.

    The bounds on the time in the open fix it, whatever the terrain.
    """
    return {
        "exposure.shortest_hours": hours,
        "exposure.longest_hours": hours,
        "exposure.law": law,
    }


# -- what studies switch on ------------------------------------------------------------------

NO_DELAYS: Final[Changes] = {
    "communications.p_lost": 0.0,
    "communications.p_late": 0.0,
    "readiness.effect_on_mobilisation": 0.0,
    "host_state.control": 0.0,
    "posts.spacing_km": 100.0,
}
"""Calls arrive at once, teams turn out as if fresh, nobody holds the bank, and posts are few."""

EQUAL_WEIGHTS: Final[Changes] = dict.fromkeys((info.slug for info in LAND.districts), 1.0)
"""A weight of 1 for each district."""

IMMEDIATE_CELLS: Final[Changes] = {
    "cells.branching": 0.0,
    "cells.skill": 0.0,
    "cells.preparation_days": 0.0,
    "cells.regroup_days": 0.0,
    "cells.district_weights": EQUAL_WEIGHTS,
}
"""Cells that act as soon as they plan, need no rest, and whose attacks lead to no further plans;
each study sets how many there are."""

IMMEDIATE_PARTIES: Final[Changes] = {
    **IMMEDIATE_CELLS,
    **exposure(0.01),
    "cells.modes_off": ["drone", "fire"],
    "cells.hide_hours": 0.0,
    "cells.hide_depth_km": 0.0,
    "cells.detour_km": 0.0,
    "cells.march_km_h": 10.0,
}
"""Such cells send parties across opposite a post, where each party finds its target at the line."""


def full_watch(guards: int) -> Changes:
    """Each post has ``guards`` on watch, who see all within reach, which is most places."""
    return {
        "posts.p_watch": 1.0,
        "posts.guards_on_watch": guards,
        "posts.spacing_km": 20.0,
        "posts.watch_range_night_km": 10.0,
        "posts.watch_range_day_km": 20.0,
    }


LOADS_PER_YEAR: Final = 200_000.0
"""Groups a year in studies that count fights with smugglers."""


def armed_smugglers(size: int) -> Changes:
    """Smugglers of one size, all armed, who always fight."""
    return {
        "smugglers.loads_per_year": LOADS_PER_YEAR,
        "smugglers.district_weights": EQUAL_WEIGHTS,
        "smugglers.size_least": size,
        "smugglers.size_median": float(size),
        "smugglers.size_most": size,
        "smugglers.p_armed": 1.0,
        "contact.p_fight_armed": 1.0,
        "contact.odds_effect": 0.0,
    }


PLANS_PER_YEAR: Final = 400.0
"""Plans a year of the cells that :func:`strong_cells` makes."""


def strong_cells(size: int) -> Changes:
    """Ten strong cells that send one party after another, all of one size."""
    return {
        **IMMEDIATE_PARTIES,
        "cells.count": 10,
        "cells.plans_per_year": PLANS_PER_YEAR / 10.0,
        "cells.strength": 500,
        "cells.party_least": size,
        "cells.party_most": size,
    }
