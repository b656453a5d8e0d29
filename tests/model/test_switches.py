"""What is switched off leaves no trace."""

from functools import cache

import pytest
from worlds import BUSY, Settings, run

from sim.incidents.records import Alarm, AlertChange, Crossing, DiplomaticAct, Incident, Plan
from sim.model import BorderModel
from sim.scenario.parameters import parameters

LOUD: Settings = {
    **BUSY,
    "days": 90.0,
    "posts.p_watch": 0.5,
    "posts.watch_range_night_km": 1.0,
    "patrols.p_sight": 0.8,
    "patrols.sight_range_night_km": 1.0,
    "sign.p_found": 0.3,
    "tips.strangers_per_day": 1.0,
    "diplomacy.p_success": 0.6,
    "strikes.drone_p_hit": 0.5,
    "strikes.fire_p_hit": 0.5,
    "cells.fire": 1.0,
    "cells.count": 60,
    "diplomacy.uplift": 0.02,
    "strikes.villagers_exposed": 20,
    "contact.p_surrender": 0.3,
}
"""Busier still: every outcome below is above 0 with everything on."""

NO_TEAMS: Settings = {"teams.per_district": 0, "teams.reserve": 0}
NO_ACTS: Settings = {"diplomacy.joint_mechanism": False, "diplomacy.demarche_deaths": 0}
HELD: Settings = {
    **NO_ACTS,
    "host_state.control": 1.0,
    "host_state.control_by_district": {"darvoz": 1.0},
}
UNHURT: Settings = {f"clash.lethality_{side}": 0.0 for side in ("guards", "smugglers", "militants")}
NO_COST: Settings = {key: 0.0 for key in parameters() if key.startswith("costs.")}
UNTIRED: Settings = {
    "readiness.start": 1.0,
    "readiness.false_alarm_cost": 0.0,
    **{f"alert.levels.{level}.fatigue_per_day": 0.0
       for level in ("routine", "elevated", "heightened", "emergency")},
}  # fmt: skip

OFF: dict[str, tuple[Settings, list[str]]] = {
    "no loads": ({"smugglers.loads_per_year": 0.0}, ["crossings_smuggling", "seized_kg"]),
    "no cells": ({"cells.count": 0}, ["attacks", "crossings_infiltration", "militants_killed"]),
    "no plans": ({"cells.plans_per_year": 0.0}, ["attacks", "crossings_infiltration"]),
    "host state holds": (
        {**HELD, "host_state.effect_on_plans": 1.0, "host_state.effect_on_smuggling": 1.0},
        ["attacks", "crossings"],
    ),
    "no sorties": (
        {"patrols.sorties_per_day": 0.0},
        ["detected_by_patrol", "detected_by_sign", "patrol_km"],
    ),
    "blind patrols": ({"patrols.p_sight": 0.0}, ["detected_by_patrol"]),
    "no sign found": ({"sign.p_found": 0.0}, ["detected_by_sign"]),
    "no life of sign": ({"sign.life_hours": 0.0}, ["detected_by_sign"]),
    "blind watch": ({"posts.p_watch": 0.0}, ["detected_by_watch"]),
    "nobody on watch": ({"posts.guards_on_watch": 0}, ["detected_by_watch"]),
    "no range of watch": (
        # parties sent against a post may cross right before it
        {"posts.watch_range_night_km": 0.0, "posts.watch_range_day_km": 0.0, "cells.count": 0},
        ["detected_by_watch"],
    ),
    "no cameras": ({"technical.camera_coverage": 0.0}, ["detected_by_camera"]),
    "blind cameras": ({"technical.p_camera": 0.0}, ["detected_by_camera"]),
    "no flights": ({"technical.uav_hours_per_day": 0.0}, ["detected_by_uav", "uav_hours"]),
    "blind flights": ({"technical.uav_sweep_km": 0.0}, ["detected_by_uav"]),
    "silent villages": (
        {"tips.p_tip": 0.0, "tips.strangers_per_day": 0.0}, ["detected_by_tip"],
    ),
    "no trust": ({"tips.trust": 0.0, "tips.programme": 0.0}, ["detected_by_tip"]),
    "no villages": ({"villages.per_100_km": 0.0}, ["detected_by_tip", "villagers_killed"]),
    "nobody outdoors": ({"strikes.villagers_exposed": 0}, ["villagers_killed"]),
    "no false alarms": ({"false_alarms.per_100_km_year": 0.0}, ["false_alarms"]),
    "clear lines": (
        {"communications.p_lost": 0.0, "communications.p_late": 0.0},
        ["alarms_lost", "alarms_late"],
    ),
    "no teams": (NO_TEAMS, ["team_hours", "air_hours"]),
    "no aircraft": ({"teams.air_mobility": 0.0}, ["air_hours"]),
    "no sites": (
        {"worksites.count": 0},
        ["workers_chinese_killed", "workers_other_killed", "evacuations", "worker_days_lost",
         "drone_attack_on_workers", "armed_attack_on_workers", "cross_border_fire_on_workers"],
    ),
    "no Chinese sites": ({"worksites.chinese_share": 0.0}, ["workers_chinese_killed"]),
    "no Chinese staff": ({"worksites.chinese_staff_share": 0.0}, ["workers_chinese_killed"]),
    "no advisories": ({"worksites.p_advisory": 0.0}, ["evacuations", "worker_days_lost"]),
    "nobody follows": ({"worksites.p_comply": 0.0}, ["evacuations", "worker_days_lost"]),
    "perfect walls": (
        {"worksites.hardening": 1.0, "worksites.guards": 0, "worksites.road_share": 0.0},
        ["workers_chinese_killed", "workers_other_killed"],
    ),
    "no demarches": ({"diplomacy.demarche_deaths": 0}, ["demarches"]),
    "no drones": ({"cells.modes_off": ["drone"]}, ["drone_attack_on_workers"]),
    "no fire": (
        {"cells.modes_off": ["fire"]}, ["cross_border_fire", "cross_border_fire_on_workers"],
    ),
    "no infiltration": (
        {"cells.modes_off": ["infiltration"]},
        ["crossings_infiltration", "infiltration_then_clash", "infiltration_then_post_attack"],
    ),
    "nobody reports": (
        {f"reporting.p_{what}": 0.0
         for what in ("quiet", "clash", "intruder_death", "victim_death")},
        ["incidents_reported", "clashes_reported"],
    ),
    "no arms": ({"smugglers.p_armed": 0.0}, ["smugglers_killed", "smugglers_wounded"]),
    "no fights": ({"contact.p_fight_armed": 0.0}, ["smugglers_killed", "smugglers_wounded"]),
    "no cordons": ({"contact.p_cordon": 0.0}, ["deliberate_contacts"]),
    "nobody runs back": ({"contact.p_turn_back": 0.0}, ["turned_back"]),
    "nobody turns back with the load": ({"contact.p_drop_load": 1.0}, ["turned_back"]),
    "nobody dies": ({**UNHURT, "strikes.lethality_workers": 0.0}, ["deaths", "worst_35_days"]),
    "by day": ({"smugglers.night_share": 0.0, "cells.count": 0}, ["night_share"]),
    "nobody sheltered": (
        {f"alert.levels.{level}.exposed": 1.0
         for level in ("routine", "elevated", "heightened", "emergency")},
        ["worker_days_sheltered"],
    ),
    "shelter without loss of work": (
        {"worksites.shelter_work": 0.0}, ["worker_days_sheltered"],
    ),
    "no guards at sites": (
        {"worksites.guards": 0, "worksites.escorts": 0,
         **{f"alert.levels.{level}.{what}": 0
            for level in ("routine", "elevated", "heightened", "emergency")
            for what in ("site_guards", "escorts")}},
        ["site_guard_hours"],
    ),
    "no leave": (
        {f"alert.levels.{level}.leave": 0.0
         for level in ("routine", "elevated", "heightened", "emergency")},
        ["leave_days"],
    ),
    "free of charge": (NO_COST, ["cost_usd"]),
    "routine for ever": (
        {"alert.policy": "fixed"}, ["days_elevated", "days_heightened", "days_emergency"],
    ),
}  # fmt: skip


@cache
def loud() -> BorderModel:
    """Everything on."""
    return run(LOUD)


RUNS = 12
"""Over so many runs the switches are dealt: a few are off in each, far from one another above."""


@pytest.mark.parametrize(
    "names",
    [
        *(list(OFF)[number::RUNS] for number in range(RUNS)),
        *(pytest.param([name], marks=pytest.mark.slow) for name in OFF),
    ],
    ids=", ".join,
)
def test_what_is_off_leaves_no_trace(names: list[str]) -> None:
    """With a thing off its outcomes are exactly 0; with everything on, in a season, none is."""
    settings: Settings = {"days": 45.0}
    for name in names:
        off = OFF[name][0]
        assert all(settings.get(key, value) == value for key, value in off.items()), name
        settings |= off
    found, control = run(LOUD, settings).outcomes(), loud().outcomes()
    for outcome in (outcome for name in names for outcome in OFF[name][1]):
        assert found[outcome] == 0, outcome
        assert control[outcome], f"{outcome} is 0 with everything on: the test shows nothing"


def test_no_teams_no_answer() -> None:
    """Without teams no alarm is answered, and nobody is met but at the line."""
    model = run(LOUD, NO_TEAMS)
    assert {alarm.fate for alarm in model.log[Alarm]} <= {"lost", "unanswered", "open"}
    met = [c for c in model.log[Crossing] if c.contact_at is not None]
    assert {c.cue for c in met} >= {"patrol", "watch"}
    for crossing in met:
        assert crossing.contact_at is not None
        exposed_until = crossing.crossed_at + crossing.exposed_hours / 24.0
        assert crossing.contact_at <= exposed_until + 1e-9


def test_no_cells_no_plans() -> None:
    """Neither cells nor held ones plan anything."""
    assert run(LOUD, {"cells.count": 0}).log[Plan] == []
    assert run(LOUD, HELD, {"host_state.effect_on_plans": 1.0}).log[Plan] == []


def test_no_diplomacy_no_acts() -> None:
    """Neither demarches nor terms of the joint mechanism."""
    assert run(LOUD, NO_ACTS).log[DiplomaticAct] == []
    acts = {act.act for act in loud().log[DiplomaticAct]}
    assert acts == {"demarche", "joint_term"}


def test_a_fixed_level_never_changes() -> None:
    """One record for each district, at the start."""
    changes = run(LOUD, {"alert.policy": "fixed"}).log[AlertChange]
    assert [(c.at, c.cause) for c in changes] == [(0.0, "start")] * 13


def test_nobody_tires_without_fatigue() -> None:
    """Fresh at the start, no fatigue, no cost of false alarms: readiness stays 1."""
    outcomes = run(LOUD, UNTIRED).outcomes()
    assert outcomes["mean_readiness"] == 1.0
    assert outcomes["lowest_readiness"] == 1.0


def test_everything_is_reported_where_all_chances_are_1() -> None:
    """Without lag, reported incidents and clashes are all of them, and the right actor is named."""
    certain = {
        f"reporting.p_{what}": 1.0
        for what in ("quiet", "clash", "intruder_death", "victim_death", "actor_known")
    }
    model = run(LOUD, certain, {"reporting.lag_days": 0.0})
    outcomes = model.outcomes()
    assert outcomes["incidents_reported"] == outcomes["incidents"]
    assert outcomes["clashes_reported"] == outcomes["clashes"]
    assert all(i.reported_actor == i.actor for i in model.log[Incident])


def test_reporting_changes_only_what_is_reported() -> None:
    """What happens is the same however much of it becomes known."""
    silent = {f"reporting.p_{w}": 0.0 for w in ("quiet", "clash", "intruder_death", "victim_death")}
    told = [
        [i._replace(reported_at=None, reported_actor=None) for i in model.log[Incident]]
        for model in (loud(), run(LOUD, silent))
    ]
    assert told[0] == told[1]


def test_prices_change_only_the_cost() -> None:
    """The log and every other outcome are those at other prices."""
    free = run(LOUD, NO_COST)
    assert free.log.fingerprint() == loud().log.fingerprint()
    one, other = free.outcomes(), loud().outcomes()
    assert {name for name in one if one[name] != other[name]} == {"cost_usd"}


def test_levels_that_mean_the_same_change_nothing() -> None:
    """An alert that moves between four equal levels leaves all but its own records alone."""
    equal = {
        f"alert.levels.{level}.{what}": value
        for level in ("routine", "elevated", "heightened", "emergency")
        for what, value in (
            ("sorties", 1.5), ("watch", 1.2), ("mobilisation", 0.8), ("fatigue_per_day", 0.0),
            ("garrison", 1.1), ("leave", 0.2), ("site_guards", 1), ("escorts", 1),
            ("exposed", 0.8), ("counter_drone", 0.2), ("wait", 0.1),
        )
    }  # fmt: skip
    moving, fixed = run(LOUD, equal), run(LOUD, equal, {"alert.policy": "fixed"})
    assert len(moving.log[AlertChange]) > 20
    for kind in (Crossing, Incident, Alarm, Plan, DiplomaticAct):
        assert moving.log[kind] == fixed.log[kind]
