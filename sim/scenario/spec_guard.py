"""Parameters of the guarding side: posts, patrols, sensing, response, alert, readiness."""

from typing import Literal

from pydantic import Field

from sim.scenario.field import Factor, Section, TerrainFactors, TerrainSpeeds, chance, par, share

LevelName = Literal["routine", "elevated", "heightened", "emergency"]


class Posts(Section):
    """Border posts: where they stand, who is in them, and what their fixed watch sees."""

    spacing_km: float = par(
        16.75, "mean distance between neighbouring posts; 16.75 km gives 80 posts",
        "km", 0.5, 300.0, source="derived: 15-20 km per post, about 78-80 new posts since 2022",
    )  # fmt: skip
    density: dict[str, Factor] = par({}, "post density relative to the mean, by district", "ratio")
    watch_range_night_km: float = par(
        0.8, "range of a post's fixed watch by night", "km", 0.0, 10.0
    )
    watch_range_day_km: float = par(2.0, "range of a post's fixed watch by day", "km", 0.0, 20.0)
    p_watch: float = chance(0.30, "chance that the fixed watch sees a crossing within its range")
    guards_on_watch: int = par(4, "guards on fixed watch at a post at any time", "persons", 0, 60)
    people: int = par(
        60, "people who belong to a post, on duty, off duty or on leave",
        "persons", 1, 2000, source="derived: about 60 people a post",
    )  # fmt: skip
    garrison: int = par(
        20, "guards able to fight when a post is raided, at routine level",
        "persons", 1, 200, source="derived: about 60 people a post, a third on duty",
    )  # fmt: skip
    garrison_emphasis: dict[str, Factor] = par(
        {}, "factor on the people and the garrison of each post, by district", "ratio"
    )


class Patrols(Section):
    """Foot patrols from a post to the end of its section and back."""

    schedule: Literal["regular", "jittered", "random"] = par(
        "random",
        "timing of departures: regular (fixed period), jittered (random delays), random (Poisson)",
        "choice",
    )  # fmt: skip
    sorties_per_day: float = par(
        2.0, "sorties that a post sends out per day at routine level", "1/day", 0.0, 48.0
    )
    jitter: float = share(
        0.5, "jittered schedule: longest random delay of a departure, as a share of the period"
    )
    size: int = par(4, "guards in a patrol", "persons", 1, 30)
    off_path_factor: float = par(
        0.6, "patrol speed relative to Tobler's walking speed on a path; above 1 if mounted",
        "ratio", 0.05, 20.0, source="Tobler 1993",
    )  # fmt: skip
    night_speed_factor: float = par(
        0.7, "patrol speed by night relative to day", "ratio", 0.05, 1.0
    )
    p_sight: float = chance(
        0.30, "chance that a rested patrol sees a group in the open on one pass within range"
    )
    sight_range_night_km: float = par(
        0.3, "range at which a patrol can see a group by night on open ground",
        "km", 0.0, 5.0, source="assumption: 0.1-0.5 km",
    )  # fmt: skip
    sight_range_day_km: float = par(
        1.5, "range at which a patrol can see a group by day on open ground",
        "km", 0.0, 10.0, source="assumption: 1-2 km",
    )  # fmt: skip
    range_factor: TerrainFactors = par(
        TerrainFactors(lowland=1.0, foothill=0.8, gorge=0.6, high_valley=0.8, alpine=0.7),
        "factor on the sight range, by terrain",
        "ratio",
    )  # fmt: skip
    emphasis: dict[str, Factor] = par(
        {}, "factor on the planned sorties of each post, by district", "ratio"
    )
    allocation: str = par(
        "hot_spot",
        "rule that allocates sorties at each review: planned (no change), hot_spot (a share goes "
        "to districts with recent incidents), or a rule of your own as module:Class",
        "rule",
    )
    hot_spot_share: float = share(
        0.0, "hot_spot: share of all sorties that a review moves to districts with recent incidents"
    )
    hot_spot_half_life_days: float = par(
        30.0, "half-life of an incident's weight in the hot-spot score", "days", 1.0, 365.0
    )
    hot_spot_ceiling: float = par(
        4.0, "most sorties that a review may give a district, relative to the plan",
        "ratio", 1.0, 10.0,
    )  # fmt: skip
    review_days: float = par(
        7.0, "time between reviews of the patrols and of the reserve teams' bases",
        "days", 1.0, 365.0,
    )  # fmt: skip


class Sign(Section):
    """Tracks left at the line, which a later patrol may find."""

    life_hours: float = par(
        18.0, "mean time for which a crossing's tracks can be found; 0: no tracks", "h", 0.0, 500.0
    )
    p_found: float = chance(
        0.1, "chance that a rested patrol notices a crossing's tracks on one pass"
    )


class Technical(Section):
    """Cameras and uncrewed aircraft over the line."""

    camera_coverage: float = share(0.02, "share of the line in view of a camera")
    camera_emphasis: dict[str, Factor] = par(
        {}, "camera coverage relative to the mean, by district", "ratio"
    )
    p_camera: float = chance(0.5, "chance that a crossing in view of a camera is noticed")
    uav_hours_per_day: float = par(
        0.5, "hours of surveillance flight per day in each district", "h/day", 0.0, 240.0
    )
    uav_speed_km_h: float = par(
        60.0, "ground speed of the surveillance aircraft", "km/h", 1.0, 400.0
    )
    uav_sweep_km: float = par(
        0.6, "sweep width of the aircraft's sensor by night",
        "km", 0.0, 10.0,
        source="assumption; sweep-width theory after Koopman 1946, Koester et al. 2014",
    )  # fmt: skip
    strip_km: float = par(2.0, "depth of the strip that the aircraft searches", "km", 0.1, 30.0)


class Tips(Section):
    """Tips: what villages tell the guards."""

    p_tip: float = chance(0.08, "chance that a nearby village with full trust reports a crossing")
    strangers_per_day: float = par(
        0.5, "rate at which a nearby village with full trust reports strangers inside",
        "1/day", 0.0, 100.0,
    )  # fmt: skip
    reach_km: float = par(
        8.0, "distance along the line within which a village notices a crossing", "km", 0.0, 100.0
    )
    delay_hours: float = par(8.0, "mean delay of a tip", "h", 0.0, 240.0)
    trust: float = share(
        0.5, "villages' trust in the guards in quiet times and without a programme"
    )
    programme: float = share(
        0.0, "intensity of a tips programme: share of the missing trust that it adds"
    )
    trust_loss: float = share(
        0.3, "share of their trust that a district's villages lose when villagers are hurt"
    )
    trust_recovery_days: float = par(
        180.0, "mean time until lost trust returns", "days", 1.0, 3650.0
    )


class FalseAlarms(Section):
    """Alarms with nobody behind them."""

    per_100_km_year: float = par(
        15.0, "false alarms per year on 100 km of line at routine watch",
        "1/(100 km year)", 0.0, 2000.0,
    )  # fmt: skip
    search_hours: float = par(
        3.0, "time that a team spends on a false alarm after arrival", "h", 0.0, 48.0
    )


class Communications(Section):
    """How alarms travel from those who notice to those who can act."""

    p_lost: float = chance(0.05, "chance that an alarm is lost")
    p_late: float = chance(0.15, "chance that an alarm that is not lost arrives late")
    late_hours: float = par(3.0, "mean delay of a late alarm", "h", 0.0, 72.0)


class Teams(Section):
    """Response teams, which are few, so alarms may have to wait."""

    per_district: int = par(1, "standing teams in each district", "teams", 0, 20)
    reserve: int = par(
        0, "reserve teams, which command bases in districts with recent incidents", "teams", 0, 50
    )
    size: int = par(10, "guards in a team", "persons", 1, 100)
    mobilisation_hours: float = par(
        0.7, "mean time from call to departure at full readiness", "h", 0.0, 48.0
    )
    road_speed_km_h: TerrainSpeeds = par(
        TerrainSpeeds(), "travel speed along the line, by terrain at the alarm", "km/h"
    )
    night_speed_factor: float = par(
        0.8, "travel speed by night relative to day", "ratio", 0.05, 1.0
    )
    reach_hours: float = par(
        8.0, "longest travel time, by road and by day, for which a team is sent", "h", 0.1, 240.0
    )
    air_mobility: float = chance(0.0, "chance that a helicopter is available when a team is called")
    air_speed_km_h: float = par(160.0, "speed of the helicopter", "km/h", 20.0, 400.0)
    contact_rate: float = par(
        0.22, "rate at which a searching team makes contact while the group is inside",
        "1/h", 0.0, 100.0,
    )  # fmt: skip
    search_hours: float = par(
        20.0, "longest search for smugglers or unknown people", "h", 0.1, 1000.0
    )
    manhunt_hours: float = par(
        150.0, "longest search once armed intruders are known to be inside",
        "h", 0.1, 2000.0, source="Darvoz 2023: 132-160 h from crossing to contact",
    )  # fmt: skip
    aftermath_hours: float = par(4.0, "time that a team stays after a contact", "h", 0.0, 240.0)
    patience_hours: float = par(
        10.0, "time after which an alarm that no team could take is given up", "h", 0.0, 240.0
    )
    on_call: int = par(
        3, "guards of a team on call at any time; counted in guard-hours", "persons", 0, 100
    )


class Level(Section):
    """What one alert level changes."""

    sorties: float = par(1.0, "sorties relative to routine", "ratio", 0.0, 12.0)
    watch: float = par(
        1.0, "strength of the fixed watch, cameras and flying hours relative to routine",
        "ratio", 0.0, 10.0,
    )  # fmt: skip
    mobilisation: float = par(
        1.0, "time from call to departure relative to routine; lower is faster", "ratio", 0.05, 5.0
    )
    fatigue_per_day: float = par(
        0.03, "rate at which fatigue lowers readiness",
        "1/day", 0.0, 5.0,
        source="assumption: at rest readiness is about .92, .89, .81 and .61 by level, as after "
        "ordinary, short and very short nights (Belenky et al. 2003)",
    )  # fmt: skip
    garrison: float = par(
        1.0, "guards held ready at a post relative to posts.garrison, before leave",
        "ratio", 0.0, 10.0,
    )  # fmt: skip
    leave: float = par(
        0.25, "share of a post's people on leave; less leave: more guards present, less rest",
        "share", 0.0, 0.9,
    )  # fmt: skip
    site_guards: int = par(0, "guards added at each worksite", "persons", 0, 500)
    escorts: int = par(0, "guards added to a worksite's people on the road", "persons", 0, 500)
    exposed: float = par(
        1.0, "people in the open at worksites, on their roads and in villages, relative to usual; "
        "below 1 stands for shelter, shifts or a curfew",
        "share", 0.0, 1.0,
    )  # fmt: skip
    counter_drone: float = chance(
        0.0,
        "chance that the level's drone watch stops a drone that the site's own cover let through",
    )  # fmt: skip
    wait: float = chance(
        0.0,
        "chance that guards who see a group keep it in view and call a team instead of closing in",
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
    """How the alert level is decided."""

    policy: str = par(
        "fixed",
        "alert rule: fixed (one level), triggered (by incidents), preemptive (season, warnings), "
        "or a rule of your own as module:Class",
        "rule",
    )
    level: LevelName = par(
        "elevated", "level under the fixed rule, and level at rest under the others", "choice"
    )
    scope: Literal["frontier", "district"] = par(
        "frontier", "frontier: one level for all districts; district: one level for each", "choice"
    )
    incident_weight: float = par(
        1.0, "points that a clash or attack adds to the incident score", "points", 0.0, 100.0
    )
    death_weight: float = par(
        2.0, "further points for each guard, worker or villager killed", "points", 0.0, 100.0
    )
    half_life_days: float = par(10.0, "half-life of the incident score", "days", 0.5, 365.0)
    elevated_at: float = par(
        1.5, "incident score at which the level becomes elevated", "points", 0.0, 1000.0
    )
    heightened_at: float = par(
        4.0, "incident score at which the level becomes heightened", "points", 0.0, 1000.0
    )
    emergency_at: float = par(
        10.0, "incident score at which the level becomes emergency", "points", 0.0, 1000.0
    )
    minimum_stay_days: float = par(
        14.0, "shortest time at a level before it steps down", "days", 0.0, 365.0
    )
    season_level: LevelName = par(
        "heightened", "preemptive: level in the season and after a warning", "choice"
    )
    season_months: list[int] = par(
        [9, 10, 11, 12], "preemptive: months (1-12) at the season level", "months"
    )
    p_warning: float = chance(
        0.3,
        "preemptive or own rule: chance that intelligence learns of an attack in preparation",
    )
    warning_days: float = par(
        10.0, "preemptive: time for which a warning raises the level", "days", 0.0, 365.0
    )
    levels: Levels = Field(default=Levels(), description="what each level changes")


class Readiness(Section):
    """How rested people are: dr/dt = -fatigue r + recovery (1 - r); less leave slows recovery."""

    start: float = share(0.9, "readiness at the start of the run")
    recovery_per_day: float = par(
        0.33, "rate at which rest restores readiness at the leave of the routine level",
        "1/day", 0.0, 5.0, source="Belenky et al. 2003: three days restore most and not all",
    )  # fmt: skip
    leave_effect: float = share(
        0.3, "share of the recovery that is lost where nobody has leave; 0 switches the effect off"
    )
    false_alarm_cost: float = share(0.01, "share of a district's readiness lost to one false alarm")
    effect_on_sighting: float = par(
        1.0, "exponent of readiness in the chance of seeing a group; 0 switches the effect off",
        "exponent", 0.0, 5.0,
    )  # fmt: skip
    effect_on_mobilisation: float = par(
        1.0, "exponent of readiness in a team's speed of departure; 0 switches the effect off",
        "exponent", 0.0, 5.0,
    )  # fmt: skip
