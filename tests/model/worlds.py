"""Scenarios for the laws of the whole model: small, quiet or with everything switched on.

Every value that a law needs is set here; the others are the specification's defaults, whatever
they are.
"""

from collections.abc import Iterable, Mapping
from functools import cache

from hypothesis import Phase, settings

from sim.frontier.ground import Ground
from sim.incidents.records import RECORD_TYPES, Crossing
from sim.model import BorderModel
from sim.scenario.spec import Scenario
from sim.scenario.values import with_overrides

LAND = Ground.default()

Settings = dict[str, object]

QUICK = settings(phases=[Phase.explicit, Phase.generate])
"""A run is a large example: it is shown as it was found, not made smaller by running again."""

SLUGS: list[str] = [district.slug for district in LAND.districts]

BUSY: Settings = {
    "days": 60.0,
    "cells.count": 16,
    "cells.plans_per_year": 60.0,
    "cells.infiltration": 1.0,
    "cells.preparation_days": 2.0,
    "cells.regroup_days": 4.0,
    "cells.refrain": -0.5,
    "cells.raid_ratio": 0.1,
    "strikes.drone_p_hit": 0.3,
    "strikes.fire_range_km": 8.0,
    "strikes.village_value": 0.8,
    "smugglers.loads_per_year": 3000.0,
    "smugglers.district_weights": dict.fromkeys(SLUGS, 1.0),
    "smugglers.displacement": 0.5,
    "smugglers.surveillance": 0.5,
    "alert.policy": "triggered",
    "alert.scope": "district",
    "alert.level": "routine",
    "alert.minimum_stay_days": 3.0,
    "alert.half_life_days": 4.0,
    "alert.emergency_at": 6.0,
    "patrols.schedule": "random",
    "patrols.hot_spot_share": 0.4,
    "patrols.emphasis": {"darvoz": 2.0, "panj": 0.5},
    "posts.density": {"darvoz": 2.0, "murghob": 0.0},
    "technical.camera_coverage": 0.1,
    "technical.camera_emphasis": {"panj": 2.0},
    "technical.uav_hours_per_day": 3.0,
    "tips.p_tip": 0.3,
    "tips.programme": 0.5,
    "false_alarms.per_100_km_year": 60.0,
    "communications.p_lost": 0.1,
    "communications.p_late": 0.3,
    "teams.reserve": 3,
    "teams.air_mobility": 0.3,
    "worksites.count": 40,
    "worksites.counter_drone": 0.2,
    "worksites.closed_days": 3.0,
    "host_state.control_by_district": {"darvoz": 0.1},
    "diplomacy.joint_mechanism": True,
    "diplomacy.joint_term_days": 20.0,
    "diplomacy.joint_p_success": 0.9,
    "diplomacy.demarche_deaths": 1,
}
"""Every mechanism is on and acts often."""

PREEMPTIVE: Settings = {
    **BUSY,
    "alert.policy": "preemptive",
    "alert.season_months": [2, 12],
    "alert.season_level": "emergency",
    "alert.p_warning": 0.8,
    "alert.warning_days": 3.0,
    "patrols.schedule": "jittered",
    "diplomacy.joint_mechanism": False,
}
"""As busy, with levels raised by month and by warning, and jittered patrols."""

WATCHED: Settings = {
    **BUSY,
    "alert.policy": "triggered",
    "alert.scope": "frontier",
    "patrols.schedule": "regular",
    "cells.skill": 1.0,
    "smugglers.surveillance": 1.0,
    "worksites.guards": 0,
}
"""As busy, with regular patrols that everybody watches, one alert for all, sites unguarded."""

WORLDS: dict[str, Settings] = {
    "defaults": {"days": 60.0},
    "busy": BUSY,
    "preemptive": PREEMPTIVE,
    "watched": WATCHED,
}

UNCOUPLED: Settings = {
    "days": 40.0,
    "smugglers.loads_per_year": 3000.0,
    "smugglers.displacement": 0.0,
    "smugglers.threshold": 1.0,
    "deterrence.smugglers": 0.0,
    "cells.count": 0,
    "patrols.schedule": "random",
    "patrols.hot_spot_share": 0.0,
    "alert.policy": "fixed",
    "diplomacy.demarche_deaths": 0,
}
"""Nothing that happens to one group changes what another does: no displacement, nobody who stays
away for what was heard or seen, no cells, no hot spots, a fixed alert, and no demarche (guards
lost in a clash would bring one, and it raises the host state's control). Random departures, so
that no one can wait for a gap. What is left in common are the teams, and tiredness, which follows
the level and false alarms alone."""

UNSEEN: Settings = {
    "posts.p_watch": 0.0,
    "patrols.p_sight": 0.0,
    "sign.p_found": 0.0,
    "technical.camera_coverage": 0.0,
    "technical.uav_hours_per_day": 0.0,
    "tips.p_tip": 0.0,
    "tips.strangers_per_day": 0.0,
}
"""Every layer of detection off."""


@cache
def _default() -> Scenario:
    return Scenario()


def scenario(*layers: Mapping[str, object], **labels: object) -> Scenario:
    """The default scenario with these settings above it, later ones above earlier ones."""
    merged: dict[str, object] = {}
    for layer in (*layers, labels):
        merged |= layer
    return with_overrides(_default(), merged)


def run(*layers: Mapping[str, object], seed: int = 1) -> BorderModel:
    """A model run to its horizon."""
    return BorderModel(scenario(*layers), seed).run()


@cache
def unbroken(name: str) -> str:
    """The fingerprint of a world's run, which copies, forks and slices of it are held against."""
    return run(WORLDS[name]).fingerprint()


def crossings(model: BorderModel) -> dict[str, Crossing]:
    """All crossings by identity."""
    rows = {crossing.identity: crossing for crossing in model.log[Crossing]}
    assert len(rows) == len(model.log[Crossing])
    return rows


def detected(model: BorderModel) -> dict[str, float]:
    """When each detected crossing was detected, by identity."""
    found = crossings(model).values()
    return {c.identity: c.detected_at for c in found if c.detected_at is not None}


def rows(model: BorderModel, kinds: Iterable[type] = RECORD_TYPES) -> list[object]:
    """Every record of the kinds, in the order of the log."""
    found: list[object] = []
    for kind in kinds:
        found += model.log[kind]
    return found
