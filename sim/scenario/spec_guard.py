"""Parameters of the guarding side: posts, patrols, sensing, response, alert, readiness."""

from typing import Literal

from pydantic import Field

from sim.scenario.field import Factor, Section, TerrainFactors, TerrainSpeeds, chance, par, share

LevelName = Literal["routine", "elevated", "heightened", "emergency"]


class Posts(Section):
    """Border posts: where they stand and what they see from where they stand."""

    spacing_km: float = par(
        16.75, "mean distance between neighbouring posts; 16.75 km gives 80 posts",
        "km", 0.5, 300.0, source="derived: 15-20 km per post, about 78-80 new posts since 2022",
    )  # fmt: skip
    density: dict[str, Factor] = par({}, "post density relative to the mean, by district", "ratio")
    watch_range_night_km: float = par(
        0.8, "reach of a post's fixed watch by night", "km", 0.0, 10.0
    )
    watch_range_day_km: float = par(2.0, "reach of a post's fixed watch by day", "km", 0.0, 20.0)
    p_watch: float = chance(0.30, "chance that the fixed watch sees a crossing within its reach")
    guards_on_watch: int = par(4, "guards on fixed watch at a post at any hour", "persons", 0, 60)
    people: int = par(
        60, "people who belong to a post, on duty, off duty or on leave",
        "persons", 1, 2000, source="derived: about 60 people a post",
    )  # fmt: skip
    garrison: int = par(
        20, "guards able to fight when a post is raided, at routine level",
        "persons", 1, 200, source="derived: about 60 people a post, a third on duty",
    )  # fmt: skip
    garrison_emphasis: dict[str, Factor] = par(
        {}, "people and garrison of a post relative to the plan, by district", "ratio"
    )


class Patrols(Section):
    """Foot patrols from a post to the end of its section and back."""

    schedule: Literal["regular", "jittered", "random"] = par(
        "random", "how departures are timed: fixed period, period with jitter, or Poisson", "choice"
    )
    sorties_per_day: float = par(
        2.0, "sorties a post sends out in a day at routine level", "1/day", 0.0, 48.0
    )
    jitter: float = share(
        0.5, "jittered schedule: width of the uniform jitter as a share of the period"
    )
    size: int = par(4, "guards in a patrol", "persons", 1, 30)
    off_path_factor: float = par(
        0.6, "speed off the path relative to Tobler's speed on it; above 1 if mounted",
        "ratio", 0.05, 20.0, source="Tobler 1993",
    )  # fmt: skip
    night_speed_factor: float = par(0.7, "speed by night relative to day", "ratio", 0.05, 1.0)
    p_sight: float = chance(
        0.30, "chance that a fresh patrol sees an exposed group on one pass within range"
    )
    sight_range_night_km: float = par(
        0.3, "detection range by night on open ground",
        "km", 0.0, 5.0, source="assumption: 0.1-0.5 km",
    )  # fmt: skip
    sight_range_day_km: float = par(
        1.5, "detection range by day on open ground", "km", 0.0, 10.0, source="assumption: 1-2 km"
    )
    range_factor: TerrainFactors = par(
        TerrainFactors(lowland=1.0, foothill=0.8, gorge=0.6, high_valley=0.8, alpine=0.7),
        "terrain mask on the detection range", "ratio",
    )  # fmt: skip
    emphasis: dict[str, Factor] = par(
        {}, "sorties relative to the plan, by district (static allocation)", "ratio"
    )
    allocation: str = par(
        "hot_spot",
        "allocation rule at each review: as planned; a share to where incidents were recent; or "
        "one of your own as module:Class",
        "rule",
    )
    hot_spot_share: float = share(
        0.0, "hot_spot: share of all sorties moved, at each review, to where incidents were recent"
    )
    hot_spot_half_life_days: float = par(
        30.0, "half-life of an incident in the hot-spot score", "days", 1.0, 365.0
    )
    hot_spot_ceiling: float = par(
        4.0, "most sorties a district may get relative to the plan", "ratio", 1.0, 10.0
    )
    review_days: float = par(
        7.0, "time between reviews of the hot-spot allocation", "days", 1.0, 365.0
    )


class Sign(Section):
    """Tracks left at the line, found by a later patrol."""

    life_hours: float = par(18.0, "mean life of a sign; 0 switches sign off", "h", 0.0, 500.0)
    p_found: float = chance(0.1, "chance that a fresh patrol notices live sign on one pass")


class Technical(Section):
    """Cameras and uncrewed aircraft over the line."""

    camera_coverage: float = share(0.02, "share of the line in view of a camera")
    camera_emphasis: dict[str, Factor] = par(
        {}, "camera coverage relative to the mean, by district", "ratio"
    )
    p_camera: float = chance(0.5, "chance that a crossing in view of a camera is noticed")
    uav_hours_per_day: float = par(
        0.5, "surveillance flying hours a day in each district", "h/day", 0.0, 240.0
    )
    uav_speed_km_h: float = par(60.0, "ground speed of the aircraft", "km/h", 1.0, 400.0)
    uav_sweep_km: float = par(
        0.6, "sweep width of the sensor by night",
        "km", 0.0, 10.0,
        source="assumption; sweep-width theory after Koopman 1946, Koester et al. 2014",
    )  # fmt: skip
    strip_km: float = par(2.0, "depth of the strip the aircraft searches", "km", 0.1, 30.0)


class Tips(Section):
    """Word from villages."""

    p_tip: float = chance(
        0.08, "chance that a village in reach that trusts fully passes word of a crossing"
    )
    strangers_per_day: float = par(
        0.5, "hazard that such a village passes word of strangers who stay inside",
        "1/day", 0.0, 100.0,
    )  # fmt: skip
    reach_km: float = par(
        8.0, "chainage within which a village notices a crossing", "km", 0.0, 100.0
    )
    delay_hours: float = par(8.0, "mean delay of a tip", "h", 0.0, 240.0)
    trust: float = share(0.5, "trust of villages in the guards at rest")
    programme: float = share(
        0.0, "intensity of a tips programme: closes this share of the distance to full trust"
    )
    trust_loss: float = share(
        0.3, "share of its trust a district's villages lose when villagers are hurt"
    )
    trust_recovery_days: float = par(
        180.0, "mean time in which lost trust comes back", "days", 1.0, 3650.0
    )


class FalseAlarms(Section):
    """Alarms with nobody behind them."""

    per_100_km_year: float = par(
        15.0, "false alarms a year on 100 km of line at routine watch",
        "1/(100 km year)", 0.0, 2000.0,
    )  # fmt: skip
    search_hours: float = par(
        3.0, "time a team spends on a false alarm after arrival", "h", 0.0, 48.0
    )


class Communications(Section):
    """The way from the one who notices to the one who can act."""

    p_lost: float = chance(0.05, "chance that an alarm is lost")
    p_late: float = chance(0.15, "chance that an alarm that is not lost comes late")
    late_hours: float = par(3.0, "mean lateness of a late alarm", "h", 0.0, 72.0)


class Teams(Section):
    """Response teams: few, so alarms queue."""

    per_district: int = par(1, "standing teams in each district", "teams", 0, 20)
    reserve: int = par(
        0, "reserve teams that command bases where incidents were recent", "teams", 0, 50
    )
    size: int = par(10, "guards in a team", "persons", 1, 100)
    mobilisation_hours: float = par(0.7, "mean time to turn out at full readiness", "h", 0.0, 48.0)
    road_speed_km_h: TerrainSpeeds = par(
        TerrainSpeeds(), "travel speed along the line by terrain of the alarm", "km/h"
    )
    night_speed_factor: float = par(
        0.8, "travel speed by night relative to day", "ratio", 0.05, 1.0
    )
    reach_hours: float = par(
        8.0, "a team is not sent where it would travel longer", "h", 0.1, 240.0
    )
    air_mobility: float = chance(0.0, "chance that a helicopter is free for a team that must go")
    air_speed_km_h: float = par(160.0, "speed of the helicopter", "km/h", 20.0, 400.0)
    contact_rate: float = par(
        0.22, "hazard that a searching team makes contact while the group is inside",
        "1/h", 0.0, 100.0,
    )  # fmt: skip
    search_hours: float = par(
        20.0, "longest search for smugglers or unknown people", "h", 0.1, 1000.0
    )
    manhunt_hours: float = par(
        150.0, "longest search once armed intruders are known to be inside",
        "h", 0.1, 2000.0, source="Darvoz 2023: 132-160 h from crossing to contact",
    )  # fmt: skip
    aftermath_hours: float = par(4.0, "time a team stays after a contact", "h", 0.0, 240.0)
    patience_hours: float = par(
        10.0, "an alarm that finds no team in this time is given up", "h", 0.0, 240.0
    )
    on_call: int = par(
        3, "guards of a team kept on call at any hour (what readiness costs)", "persons", 0, 100
    )


class Level(Section):
    """What one alert level means."""

    sorties: float = par(1.0, "sorties relative to routine", "ratio", 0.0, 12.0)
    watch: float = par(
        1.0, "fixed watch, cameras and flying hours relative to routine", "ratio", 0.0, 10.0
    )
    mobilisation: float = par(1.0, "time to turn out relative to routine", "ratio", 0.05, 5.0)
    fatigue_per_day: float = par(
        0.03, "rate at which readiness is worn down",
        "1/day", 0.0, 5.0,
        source="assumption: at rest readiness is about .92, .89, .81 and .61 by level, as after "
        "ordinary, short and very short nights (Belenky et al. 2003)",
    )  # fmt: skip
    garrison: float = par(
        1.0, "guards held ready at a post relative to posts.garrison, before leave",
        "ratio", 0.0, 10.0,
    )  # fmt: skip
    leave: float = par(
        0.25, "share of a post's people on leave; who is not on leave is there to fight",
        "share", 0.0, 0.9,
    )  # fmt: skip
    site_guards: int = par(0, "guards added at each worksite", "persons", 0, 500)
    escorts: int = par(0, "guards added to a worksite's people on the road", "persons", 0, 500)
    exposed: float = par(
        1.0, "people in the open at worksites, on their roads and in villages relative to usual: "
        "shelter, shifts, curfew",
        "share", 0.0, 1.0,
    )  # fmt: skip
    counter_drone: float = chance(
        0.0, "chance that a watch for drones stops one that the site's own cover does not"
    )
    wait: float = chance(
        0.0, "chance that guards who see a group hold off, keep it in view and call a team"
    )


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
        "rule",
    )
    level: LevelName = par(
        "elevated", "the fixed level, or the level at rest of the other policies", "choice"
    )
    scope: Literal["frontier", "district"] = par(
        "frontier", "one level for all, or one for each district", "choice"
    )
    incident_weight: float = par(
        1.0, "score of a clash or attack without deaths", "points", 0.0, 100.0
    )
    death_weight: float = par(
        2.0, "score of each guard, worker or villager killed", "points", 0.0, 100.0
    )
    half_life_days: float = par(10.0, "half-life of the incident score", "days", 0.5, 365.0)
    elevated_at: float = par(1.5, "score from which the level is elevated", "points", 0.0, 1000.0)
    heightened_at: float = par(
        4.0, "score from which the level is heightened", "points", 0.0, 1000.0
    )
    emergency_at: float = par(
        10.0, "score from which the level is emergency", "points", 0.0, 1000.0
    )
    minimum_stay_days: float = par(
        14.0, "a level is kept at least so long before it steps down", "days", 0.0, 365.0
    )
    season_level: LevelName = par(
        "heightened", "preemptive: the level in the season and after a warning", "choice"
    )
    season_months: list[int] = par(
        [9, 10, 11, 12], "preemptive: months (1-12) at the season level", "months"
    )
    p_warning: float = chance(
        0.3, "preemptive: chance that intelligence learns of an attack being prepared"
    )
    warning_days: float = par(
        10.0, "preemptive: how long a warning raises the level", "days", 0.0, 365.0
    )
    levels: Levels = Field(default=Levels(), description="what each level means")


class Readiness(Section):
    """How tired people are: dr/dt = -fatigue r + recovery (1 - r), with less rest on less leave."""

    start: float = share(0.9, "readiness at the start")
    recovery_per_day: float = par(
        0.33, "rate at which rest restores readiness at the leave of routine",
        "1/day", 0.0, 5.0, source="Belenky et al. 2003: three days restore most and not all",
    )  # fmt: skip
    leave_effect: float = share(
        0.3, "share of the recovery that is lost where nobody has leave; 0 switches it off"
    )
    false_alarm_cost: float = share(0.01, "share of readiness one false alarm costs the district")
    effect_on_sighting: float = par(
        1.0, "power of readiness in the chance to see; 0 switches the effect off",
        "exponent", 0.0, 5.0,
    )  # fmt: skip
    effect_on_mobilisation: float = par(
        1.0, "power of readiness in the speed of turning out; 0 switches the effect off",
        "exponent", 0.0, 5.0,
    )  # fmt: skip
