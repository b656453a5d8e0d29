"""Parameters of the guarding side: posts, patrols, sensing, response, alert, readiness."""

from typing import Literal

from pydantic import Field

from sim.scenario.field import (
    Factor,
    Section,
    TerrainFactors,
    TerrainSpeeds,
    par,
)

LevelName = Literal["routine", "elevated", "heightened", "emergency"]


class Posts(Section):
    """Border posts: where they stand and what they see from where they stand."""

    spacing_km: float = par(
        16.75, "mean distance between neighbouring posts; 16.75 km gives 80 posts",
        unit="km", low=0.5, high=300.0,
        source="derived: 15-20 km per post, about 78-80 new posts since 2022",
    )  # fmt: skip
    density: dict[str, Factor] = par(
        {}, "post density relative to the mean, by district", unit="ratio"
    )
    watch_range_night_km: float = par(
        0.8, "reach of a post's fixed watch by night", unit="km", low=0.0, high=10.0
    )
    watch_range_day_km: float = par(
        2.0, "reach of a post's fixed watch by day", unit="km", low=0.0, high=20.0
    )
    p_watch: float = par(
        0.30, "chance that the fixed watch sees a crossing within its reach",
        unit="probability", low=0.0, high=1.0,
    )  # fmt: skip
    guards_on_watch: int = par(
        4, "guards on fixed watch at a post at any hour", unit="persons", low=0, high=60
    )
    people: int = par(
        60, "people who belong to a post, on duty, off duty or on leave",
        unit="persons", low=1, high=2000, source="derived: about 60 people a post",
    )  # fmt: skip
    garrison: int = par(
        20, "guards able to fight when a post is raided, at routine level",
        unit="persons", low=1, high=200, source="derived: about 60 people a post, a third on duty",
    )  # fmt: skip
    garrison_emphasis: dict[str, Factor] = par(
        {}, "people and garrison of a post relative to the plan, by district", unit="ratio"
    )


class Patrols(Section):
    """Foot patrols from a post to the end of its section and back."""

    schedule: Literal["regular", "jittered", "random"] = par(
        "random", "how departures are timed: fixed period, period with jitter, or Poisson",
        unit="choice",
    )  # fmt: skip
    sorties_per_day: float = par(
        2.0, "sorties a post sends out in a day at routine level", unit="1/day", low=0.0, high=48.0
    )
    jitter: float = par(
        0.5, "jittered schedule: width of the uniform jitter as a share of the period",
        unit="share", low=0.0, high=1.0,
    )  # fmt: skip
    size: int = par(4, "guards in a patrol", unit="persons", low=1, high=30)
    off_path_factor: float = par(
        0.6, "speed off the path relative to Tobler's speed on it; above 1 if mounted",
        unit="ratio", low=0.05, high=20.0, source="Tobler 1993",
    )  # fmt: skip
    night_speed_factor: float = par(
        0.7, "speed by night relative to day", unit="ratio", low=0.05, high=1.0
    )
    p_sight: float = par(
        0.30, "chance that a fresh patrol sees an exposed group on one pass within range",
        unit="probability", low=0.0, high=1.0,
    )  # fmt: skip
    sight_range_night_km: float = par(
        0.3, "detection range by night on open ground", unit="km", low=0.0, high=5.0,
        source="assumption: 0.1-0.5 km",
    )  # fmt: skip
    sight_range_day_km: float = par(
        1.5, "detection range by day on open ground", unit="km", low=0.0, high=10.0,
        source="assumption: 1-2 km",
    )  # fmt: skip
    range_factor: TerrainFactors = par(
        TerrainFactors(lowland=1.0, foothill=0.8, gorge=0.6, high_valley=0.8, alpine=0.7),
        "terrain mask on the detection range", unit="ratio",
    )  # fmt: skip
    emphasis: dict[str, Factor] = par(
        {}, "sorties relative to the plan, by district (static allocation)", unit="ratio"
    )
    allocation: str = par(
        "hot_spot",
        "allocation rule at each review: as planned; a share to where incidents were recent; or "
        "one of your own as module:Class",
        unit="rule",
    )
    hot_spot_share: float = par(
        0.0, "hot_spot: share of all sorties moved, at each review, to where incidents were recent",
        unit="share", low=0.0, high=1.0,
    )  # fmt: skip
    hot_spot_half_life_days: float = par(
        30.0, "half-life of an incident in the hot-spot score", unit="days", low=1.0, high=365.0
    )
    hot_spot_ceiling: float = par(
        4.0,
        "most sorties a district may get relative to the plan",
        unit="ratio",
        low=1.0,
        high=10.0,
    )
    review_days: float = par(
        7.0, "time between reviews of the hot-spot allocation", unit="days", low=1.0, high=365.0
    )


class Sign(Section):
    """Tracks left at the line, found by a later patrol."""

    life_hours: float = par(
        18.0, "mean life of a sign; 0 switches sign off", unit="h", low=0.0, high=500.0
    )
    p_found: float = par(
        0.1, "chance that a fresh patrol notices live sign on one pass",
        unit="probability", low=0.0, high=1.0,
    )  # fmt: skip


class Technical(Section):
    """Cameras and uncrewed aircraft over the line."""

    camera_coverage: float = par(
        0.02, "share of the line in view of a camera", unit="share", low=0.0, high=1.0
    )
    camera_emphasis: dict[str, Factor] = par(
        {}, "camera coverage relative to the mean, by district", unit="ratio"
    )
    p_camera: float = par(
        0.5, "chance that a crossing in view of a camera is noticed",
        unit="probability", low=0.0, high=1.0,
    )  # fmt: skip
    uav_hours_per_day: float = par(
        0.5, "surveillance flying hours a day in each district", unit="h/day", low=0.0, high=240.0
    )
    uav_speed_km_h: float = par(
        60.0, "ground speed of the aircraft", unit="km/h", low=1.0, high=400.0
    )
    uav_sweep_km: float = par(
        0.6, "sweep width of the sensor by night", unit="km", low=0.0, high=10.0,
        source="assumption; sweep-width theory after Koopman 1946, Koester et al. 2014",
    )  # fmt: skip
    strip_km: float = par(
        2.0, "depth of the strip the aircraft searches", unit="km", low=0.1, high=30.0
    )


class Tips(Section):
    """Word from villages."""

    p_tip: float = par(
        0.08, "chance that a village in reach that trusts fully passes word of a crossing",
        unit="probability", low=0.0, high=1.0,
    )  # fmt: skip
    strangers_per_day: float = par(
        0.5, "hazard that such a village passes word of strangers who stay inside",
        unit="1/day", low=0.0, high=100.0,
    )  # fmt: skip
    reach_km: float = par(
        8.0, "chainage within which a village notices a crossing", unit="km", low=0.0, high=100.0
    )
    delay_hours: float = par(8.0, "mean delay of a tip", unit="h", low=0.0, high=240.0)
    trust: float = par(
        0.5, "trust of villages in the guards at rest", unit="share", low=0.0, high=1.0
    )
    programme: float = par(
        0.0, "intensity of a tips programme: closes this share of the distance to full trust",
        unit="share", low=0.0, high=1.0,
    )  # fmt: skip
    trust_loss: float = par(
        0.3, "share of its trust a district's villages lose when villagers are hurt",
        unit="share", low=0.0, high=1.0,
    )  # fmt: skip
    trust_recovery_days: float = par(
        180.0, "mean time in which lost trust comes back", unit="days", low=1.0, high=3650.0
    )


class FalseAlarms(Section):
    """Alarms with nobody behind them."""

    per_100_km_year: float = par(
        15.0, "false alarms a year on 100 km of line at routine watch",
        unit="1/(100 km year)", low=0.0, high=2000.0,
    )  # fmt: skip
    search_hours: float = par(
        3.0, "time a team spends on a false alarm after arrival", unit="h", low=0.0, high=48.0
    )


class Communications(Section):
    """The way from the one who notices to the one who can act."""

    p_lost: float = par(0.05, "chance that an alarm is lost", unit="probability", low=0.0, high=1.0)
    p_late: float = par(
        0.15,
        "chance that an alarm that is not lost comes late",
        unit="probability",
        low=0.0,
        high=1.0,
    )
    late_hours: float = par(3.0, "mean lateness of a late alarm", unit="h", low=0.0, high=72.0)


class Teams(Section):
    """Response teams: few, so alarms queue."""

    per_district: int = par(1, "standing teams in each district", unit="teams", low=0, high=20)
    reserve: int = par(
        0, "reserve teams that command bases where incidents were recent",
        unit="teams", low=0, high=50,
    )  # fmt: skip
    size: int = par(10, "guards in a team", unit="persons", low=1, high=100)
    mobilisation_hours: float = par(
        0.7, "mean time to turn out at full readiness", unit="h", low=0.0, high=48.0
    )
    road_speed_km_h: TerrainSpeeds = par(
        TerrainSpeeds(), "travel speed along the line by terrain of the alarm", unit="km/h"
    )
    night_speed_factor: float = par(
        0.8, "travel speed by night relative to day", unit="ratio", low=0.05, high=1.0
    )
    reach_hours: float = par(
        8.0, "a team is not sent where it would travel longer", unit="h", low=0.1, high=240.0
    )
    air_mobility: float = par(
        0.0, "chance that a helicopter is free for a team that must go",
        unit="probability", low=0.0, high=1.0,
    )  # fmt: skip
    air_speed_km_h: float = par(160.0, "speed of the helicopter", unit="km/h", low=20.0, high=400.0)
    contact_rate: float = par(
        0.22, "hazard that a searching team makes contact while the group is inside",
        unit="1/h", low=0.0, high=100.0,
    )  # fmt: skip
    search_hours: float = par(
        20.0, "longest search for smugglers or unknown people", unit="h", low=0.1, high=1000.0
    )
    manhunt_hours: float = par(
        150.0, "longest search once armed intruders are known to be inside",
        unit="h", low=0.1, high=2000.0, source="Darvoz 2023: 132-160 h from crossing to contact",
    )  # fmt: skip
    aftermath_hours: float = par(
        4.0, "time a team stays after a contact", unit="h", low=0.0, high=240.0
    )
    patience_hours: float = par(
        10.0, "an alarm that finds no team in this time is given up", unit="h", low=0.0, high=240.0
    )
    on_call: int = par(
        3, "guards of a team kept on call at any hour (what readiness costs)",
        unit="persons", low=0, high=100,
    )  # fmt: skip


class Level(Section):
    """What one alert level means."""

    sorties: float = par(1.0, "sorties relative to routine", unit="ratio", low=0.0, high=12.0)
    watch: float = par(
        1.0, "fixed watch, cameras and flying hours relative to routine",
        unit="ratio", low=0.0, high=10.0,
    )  # fmt: skip
    mobilisation: float = par(
        1.0, "time to turn out relative to routine", unit="ratio", low=0.05, high=5.0
    )
    fatigue_per_day: float = par(
        0.03, "rate at which readiness is worn down", unit="1/day", low=0.0, high=5.0,
        source="assumption: at rest readiness is about .92, .89, .81 and .61 by level, as after "
        "ordinary, short and very short nights (Belenky et al. 2003)",
    )  # fmt: skip
    garrison: float = par(
        1.0, "guards held ready at a post relative to posts.garrison, before leave",
        unit="ratio", low=0.0, high=10.0,
    )  # fmt: skip
    leave: float = par(
        0.25, "share of a post's people on leave; who is not on leave is there to fight",
        unit="share", low=0.0, high=0.9,
    )  # fmt: skip
    site_guards: int = par(0, "guards added at each worksite", unit="persons", low=0, high=500)
    escorts: int = par(
        0, "guards added to a worksite's people on the road", unit="persons", low=0, high=500
    )
    exposed: float = par(
        1.0, "people in the open at worksites, on their roads and in villages relative to usual: "
        "shelter, shifts, curfew",
        unit="share", low=0.0, high=1.0,
    )  # fmt: skip
    counter_drone: float = par(
        0.0, "chance that a watch for drones stops one that the site's own cover does not",
        unit="probability", low=0.0, high=1.0,
    )  # fmt: skip
    wait: float = par(
        0.0, "chance that guards who see a group hold off, keep it in view and call a team",
        unit="probability", low=0.0, high=1.0,
    )  # fmt: skip


class Levels(Section):
    """The four alert levels."""

    routine: Level = Level()
    elevated: Level = Level(
        sorties=1.4, watch=1.2, mobilisation=0.9, fatigue_per_day=0.04,
        garrison=1.1, leave=0.2, site_guards=1, wait=0.05,
    )  # fmt: skip
    heightened: Level = Level(
        sorties=2.0, watch=1.5, mobilisation=0.7, fatigue_per_day=0.065,
        garrison=1.3, leave=0.12, site_guards=3, escorts=2, exposed=0.7, counter_drone=0.1,
        wait=0.1,
    )  # fmt: skip
    emergency: Level = Level(
        sorties=3.0, watch=2.0, mobilisation=0.5, fatigue_per_day=0.15,
        garrison=1.6, leave=0.0, site_guards=6, escorts=4, exposed=0.4, counter_drone=0.2,
        wait=0.2,
    )  # fmt: skip


class Alert(Section):
    """Who decides how alert the frontier is, and on what."""

    policy: str = par(
        "fixed",
        "alert rule: one level always; moved by incidents; raised by season and intelligence; or "
        "one of your own as module:Class",
        unit="rule",
    )
    level: LevelName = par(
        "elevated", "the fixed level, or the level at rest of the other policies", unit="choice"
    )
    scope: Literal["frontier", "district"] = par(
        "frontier", "one level for all, or one for each district", unit="choice"
    )
    incident_weight: float = par(
        1.0, "score of a clash or attack without deaths", unit="points", low=0.0, high=100.0
    )
    death_weight: float = par(
        2.0, "score of each guard, worker or villager killed", unit="points", low=0.0, high=100.0
    )
    half_life_days: float = par(
        10.0, "half-life of the incident score", unit="days", low=0.5, high=365.0
    )
    elevated_at: float = par(
        1.5, "score from which the level is elevated", unit="points", low=0.0, high=1000.0
    )
    heightened_at: float = par(
        4.0, "score from which the level is heightened", unit="points", low=0.0, high=1000.0
    )
    emergency_at: float = par(
        10.0, "score from which the level is emergency", unit="points", low=0.0, high=1000.0
    )
    minimum_stay_days: float = par(
        14.0,
        "a level is kept at least so long before it steps down",
        unit="days",
        low=0.0,
        high=365.0,
    )
    season_level: LevelName = par(
        "heightened", "preemptive: the level in the season and after a warning", unit="choice"
    )
    season_months: list[int] = par(
        [9, 10, 11, 12], "preemptive: months (1-12) at the season level", unit="months"
    )
    p_warning: float = par(
        0.3, "preemptive: chance that intelligence learns of an attack being prepared",
        unit="probability", low=0.0, high=1.0,
    )  # fmt: skip
    warning_days: float = par(
        10.0, "preemptive: how long a warning raises the level", unit="days", low=0.0, high=365.0
    )
    levels: Levels = Field(default=Levels(), description="what each level means")


class Readiness(Section):
    """How tired people are: dr/dt = -fatigue r + recovery (1 - r), with less rest on less leave."""

    start: float = par(0.9, "readiness at the start", unit="share", low=0.0, high=1.0)
    recovery_per_day: float = par(
        0.33, "rate at which rest restores readiness at the leave of routine",
        unit="1/day", low=0.0, high=5.0,
        source="Belenky et al. 2003: three days restore most and not all",
    )  # fmt: skip
    leave_effect: float = par(
        0.3, "share of the recovery that is lost where nobody has leave; 0 switches it off",
        unit="share", low=0.0, high=1.0,
    )  # fmt: skip
    false_alarm_cost: float = par(
        0.01,
        "share of readiness one false alarm costs the district",
        unit="share",
        low=0.0,
        high=1.0,
    )
    effect_on_sighting: float = par(
        1.0, "power of readiness in the chance to see; 0 switches the effect off",
        unit="exponent", low=0.0, high=5.0,
    )  # fmt: skip
    effect_on_mobilisation: float = par(
        1.0, "power of readiness in the speed of turning out; 0 switches the effect off",
        unit="exponent", low=0.0, high=5.0,
    )  # fmt: skip
