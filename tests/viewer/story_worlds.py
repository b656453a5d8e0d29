"""A short world in which everything happens often, and a few ways to look at its story.

All its years are alike: a seed that draws a poor year would show too little.
"""

from functools import cache

import sim
from sim.frontier.ground import Ground
from sim.scenario.spec import Scenario
from sim.viewer.story import Story
from sim.viewer.wire_format import Stretch, Track

LAND = Ground.default()

BUSY: dict[str, object] = {
    "days": 12.0,
    "regimes.flow_spread": 0.0,
    "regimes.plans_spread": 0.0,
    "cells.count": 16,
    "cells.plans_per_year": 60.0,
    "cells.infiltration": 1.0,
    "cells.preparation_days": 1.0,
    "cells.regroup_days": 2.0,
    "strikes.drone_p_hit": 0.3,
    "strikes.fire_range_km": 8.0,
    "smugglers.loads_per_year": 3000.0,
    "smugglers.district_weights": {info.slug: 1.0 for info in LAND.districts},
    "alert.policy": "triggered",
    "alert.scope": "district",
    "alert.minimum_stay_days": 2.0,
    "alert.half_life_days": 3.0,
    "patrols.hot_spot_share": 0.4,
    "patrols.review_days": 3.0,
    "technical.camera_coverage": 0.2,
    "technical.uav_hours_per_day": 5.0,
    "tips.p_tip": 0.5,
    "false_alarms.per_100_km_year": 100.0,
    "teams.reserve": 3,
    "teams.air_mobility": 0.3,
    "worksites.count": 40,
    "worksites.p_comply": 1.0,
    "worksites.p_advisory": 1.0,
    "worksites.closed_days": 2.0,
    "worksites.advisory_reach_km": 100.0,
}


@cache
def busy() -> Scenario:
    """Twelve days with raids, strikes, closures, reserves and changing levels."""
    return sim.load("baseline", BUSY)


@cache
def calm() -> Scenario:
    """Twelve days of the baseline: a fixed level."""
    return sim.load("baseline", {"days": 12.0})


@cache
def seen() -> tuple[sim.BorderModel, Stretch]:
    """The busy world after its run, and its story in one stretch."""
    model = sim.BorderModel(busy(), seed=4)
    return model, Story(model).advance(12.0)


def at(track: Track, t: float) -> tuple[float, float]:
    """Where a client would draw a track at ``t``: straight lines between its points."""
    points = track["points"]
    after = next((n for n, point in enumerate(points) if point[0] > t), len(points))
    if after in (0, len(points)):
        _, km, depth = points[min(after, len(points) - 1)]
        return km, depth
    (t0, km0, depth0), (t1, km1, depth1) = points[after - 1 : after + 1]
    share = (t - t0) / (t1 - t0)
    return km0 + share * (km1 - km0), depth0 + share * (depth1 - depth0)
