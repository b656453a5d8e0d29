"""Small stories: one group, one cell or one alarm, and the full log of its course.

Every chance is 0 or 1, so each story has one course; only its times come from the seed.
"""

from storyteller import story
from worlds import SLUGS, UNSEEN, Settings, run

TERRAINS = ("lowland", "foothill", "gorge", "high_valley", "alpine")
ONE_PLACE = dict.fromkeys(SLUGS, 0.0) | {"panj": 1.0}

STILL: Settings = {
    **UNSEEN,
    "days": 6.0,
    "layout_seed": 1,
    "cells.count": 0,
    "false_alarms.per_100_km_year": 0.0,
    "smugglers.loads_per_year": 0.0,
    "smugglers.district_weights": ONE_PLACE,
    "smugglers.season_effect": 0.0,
    "smugglers.night_share": 1.0,
    "smugglers.displacement": 0.0,
    "smugglers.surveillance": 0.0,
    "smugglers.size_sigma": 0.0,
    "smugglers.size_median": 4.0,
    "smugglers.load_sigma": 0.0,
    "smugglers.load_median_kg": 40.0,
    "smugglers.inland_least_km": 10.0,
    "smugglers.inland_most_km": 10.0,
    "smugglers.walk_km_h": 2.0,
    "smugglers.p_armed": 0.0,
    "exposure.river_effect": 0.0,
    "exposure.night_factor": 1.0,
    **{f"exposure.hours.{terrain}": 1.0 for terrain in TERRAINS},
    "posts.spacing_km": 16.75,
    "patrols.schedule": "regular",
    "patrols.sorties_per_day": 4.0,
    "patrols.off_path_factor": 0.6,
    "patrols.night_speed_factor": 0.7,
    "patrols.size": 4,
    "patrols.sight_range_night_km": 1.0,
    **{f"patrols.range_factor.{terrain}": 1.0 for terrain in TERRAINS},
    "alert.policy": "fixed",
    "alert.level": "routine",
    "alert.levels.routine.sorties": 1.0,
    "alert.levels.routine.watch": 1.0,
    "alert.levels.routine.mobilisation": 1.0,
    "readiness.effect_on_sighting": 0.0,
    "readiness.effect_on_mobilisation": 0.0,
    "communications.p_lost": 0.0,
    "communications.p_late": 0.0,
    "host_state.control": 0.0,
    "diplomacy.demarche_deaths": 0,
    "teams.per_district": 1,
    "teams.mobilisation_hours": 0.5,
    "teams.reach_hours": 8.0,
    "teams.contact_rate": 100.0,
    "teams.search_hours": 12.0,
    "teams.aftermath_hours": 2.0,
    **{f"teams.road_speed_km_h.{terrain}": 30.0 for terrain in TERRAINS},
    "teams.night_speed_factor": 1.0,
    **{f"reporting.p_{w}": 1.0 for w in ("quiet", "clash", "intruder_death", "victim_death")},
    "reporting.lag_days": 1.0,
    "regimes.flow_spread": 0.0,
    "regimes.plans_spread": 0.0,
    "deterrence.smugglers": 0.0,
    "deterrence.militants": 0.0,
    "cells.refrain": -10.0,
    "cells.joint": 0.0,
    "strikes.shared": 0.0,
    "contact.p_cordon": 0.0,
    "clash.break_spread": 0.0,
    "clash.intensity_spread": 0.0,
    "clash.break_off_raiders": 1.0,
    "clash.disengage_militants": 0.0,
    "clash.pursuit_hit": 0.0,
    "clash.pursuit_caught": 0.0,
}
"""Nothing happens; what a story needs is switched on above it."""

ONE_GROUP: Settings = {"smugglers.loads_per_year": 60.0}
ONE_CELL: Settings = {
    "cells.count": 1,
    "cells.district_weights": dict.fromkeys(SLUGS, 0.0) | {"darvoz": 1.0},
    "cells.anti_foreign_share": 1.0,
    "cells.plans_per_year": 60.0,
    "cells.branching": 0.0,
    "cells.preparation_days": 1.0,
    "cells.regroup_days": 300.0,
    "cells.rationality": 100.0,
    "cells.w_reward": 1.0,
    "cells.w_risk": 0.0,
    "cells.w_distance": 0.6,
    "cells.skill": 0.0,
    "cells.reach_km": 90.0,
    "cells.detour_km": 0.0,
    "cells.party_least": 4,
    "cells.party_most": 4,
    "cells.night_share": 1.0,
    "cells.march_km_h": 2.0,
    "cells.hide_hours": 10.0,
    "strikes.site_value": 5.0,
    "strikes.exposed_share": 0.2,
    "worksites.count": 6,
    "worksites.district_weights": dict.fromkeys(SLUGS, 0.0) | {"darvoz": 1.0},
    "worksites.chinese_share": 1.0,
    "worksites.chinese_staff_share": 1.0,
    "worksites.headcount": 30,
    "worksites.farthest_km": 8.0,
    "worksites.hardening": 0.0,
    "worksites.counter_drone": 0.0,
    "worksites.p_advisory": 0.0,
}
SIGN: Settings = {
    "sign.p_found": 1.0,
    "sign.life_hours": 500.0,
    "contact.p_surrender": 1.0,
}
SEEN: Settings = {
    "patrols.p_sight": 1.0,
    "patrols.sorties_per_day": 12.0,
}
FIGHT: Settings = {
    "smugglers.p_armed": 1.0,
    "contact.p_turn_back": 0.0,
    "contact.p_fight_armed": 1.0,
    "clash.guard_rate": 2.0,
    "clash.smuggler_rate": 0.0,
    "clash.lethality_smugglers": 1.0,
    "clash.break_off_smugglers": 0.5,
    "clash.disengage_rate": 0.0,
    "clash.break_spread": 0.0,
    "clash.pursuit_hit": 0.0,
    "clash.pursuit_caught": 0.0,
}
DRONE: Settings = {
    "days": 20.0,
    "cells.modes_off": ["infiltration", "fire"],
    "strikes.drone_p_arrive": 1.0,
    "strikes.drone_p_hit": 1.0,
    "strikes.lethality_workers": 0.5,
    "worksites.p_advisory": 1.0,
    "worksites.p_comply": 1.0,
    "worksites.closed_days": 5.0,
    "worksites.advisory_reach_km": 20.0,
    "diplomacy.demarche_deaths": 1,
    "diplomacy.p_success": 1.0,
    "diplomacy.p_backfire": 0.0,
    "alert.policy": "triggered",
    "alert.scope": "district",
    "alert.elevated_at": 1.0,
    "alert.heightened_at": 4.0,
    "alert.emergency_at": 1000.0,
    "alert.minimum_stay_days": 2.0,
    "alert.half_life_days": 3.0,
    "alert.incident_weight": 1.0,
    "alert.death_weight": 2.0,
}
RAID: Settings = {
    "days": 10.0,
    "cells.modes_off": ["drone", "fire"],
    "worksites.guards": 0,
    "strikes.raid_p_hit": 0.159,
    "strikes.lethality_workers": 1.0,
    "teams.manhunt_hours": 100.0,
    "contact.p_militants_fight": 1.0,
    "clash.guard_rate": 100.0,
    "clash.militant_rate": 0.0,
    "clash.lethality_militants": 1.0,
    "clash.break_off_militants": 1.0,
    "teams.per_district": 8,
}
FALSE_ALARM: Settings = {
    "false_alarms.per_100_km_year": 8.0,
    "false_alarms.search_hours": 3.0,
    "communications.p_late": 1.0,
    "communications.late_hours": 2.0,
}


def test_nothing() -> None:
    """With everything off nothing happens."""
    assert story(run(STILL)) == []


def test_sign_found_before_morning() -> None:
    """Crossed unseen; the next patrol finds the sign, a team meets the slow group inland."""
    told = story(run(STILL, ONE_GROUP, SIGN, {"smugglers.walk_km_h": 0.5}, seed=3))
    assert told == [
        "4 21:55 4 smugglers cross in panj by night",
        "4 22:57 known by sign",
        "4 22:57 alarm (sign) in panj: answered",
        "5 00:28 team/panj/0 arrives",
        "5 00:28 contact",
        "5 00:28 over: surrendered",
        "5 00:28 smuggling_interdiction: 4 detained, 40 kg seized",
        "5 02:28 team/panj/0 goes home",
        "5 13:01 reported: smuggling_interdiction",
    ]


def test_sign_found_too_late() -> None:
    """With fewer patrols the sign is found so late that the team seeks in vain."""
    told = story(run(STILL, ONE_GROUP, SIGN, {"patrols.sorties_per_day": 1.0}, seed=3))
    assert told == [
        "4 21:55 4 smugglers cross in panj by night",
        "5 03:07 known by sign",
        "5 03:07 alarm (sign) in panj: answered",
        "5 03:55 over: through",
        "5 04:38 team/panj/0 arrives",
        "5 16:38 team/panj/0 goes home",
    ]


def test_seen_at_the_line() -> None:
    """Seen by a patrol on arrival, they run back and leave the load."""
    told = story(
        run(
            STILL, ONE_GROUP, SEEN, {"contact.p_turn_back": 1.0, "contact.p_drop_load": 1.0}, seed=3
        )
    )
    assert told == [
        "4 21:55 4 smugglers cross in panj by night",
        "4 21:55 known by patrol",
        "4 21:55 over: load_left",
        "4 21:55 smuggling_interdiction: 4 escaped, 40 kg seized",
        "5 10:28 reported: smuggling_interdiction",
    ]


def test_a_fight_at_the_line() -> None:
    """Armed, they fight; half of them fall, the others run, and load and arms stay."""
    told = story(run(STILL, ONE_GROUP, SEEN, FIGHT, seed=3))
    assert told == [
        "4 21:55 4 smugglers cross in panj by night",
        "4 21:55 known by patrol",
        "4 21:55 contact",
        "4 21:55 over: clash",
        "4 21:55 smuggling_interdiction: 2 smugglers killed, 2 escaped, 40 kg seized, "
        "2 arms seized",
        "5 10:28 reported: smuggling_interdiction",
    ]


def test_a_drone_and_what_follows() -> None:
    """Planned, struck; the level rises and steps down, two sites close, a demarche is made."""
    told = story(run(STILL, ONE_CELL, DRONE, seed=1))
    assert told == [
        "0 14:41 cell/darvoz/0 plans drone against site/darvoz/1",
        "1 01:07 drone_attack_on_workers: 3 workers chinese killed, 2 workers chinese wounded",
        "1 01:07 darvoz: heightened (incident)",
        "1 01:07 site/darvoz/1 closes, 25 leave",
        "1 01:07 site/darvoz/4 closes, 16 leave",
        "1 01:07 demarche: success",
        "3 11:15 darvoz: elevated (stepped down)",
        "3 19:37 site/darvoz/4 reopens",
        "4 18:37 reported: drone_attack_on_workers",
        "8 08:09 site/darvoz/1 reopens",
        "9 11:15 darvoz: routine (stepped down)",
    ]


def test_a_raid_and_the_manhunt() -> None:
    """Crossed unseen, raided a site without guards by night, and met by a team on the way back."""
    told = story(run(STILL, ONE_CELL, RAID, seed=1))
    assert told == [
        "0 14:41 cell/darvoz/0 plans infiltration against site/darvoz/1",
        "1 01:07 4 militants cross in darvoz by night",
        "2 05:37 known by attack",
        "2 05:37 armed_attack_on_workers: 4 workers chinese killed, 4 escaped",
        "2 05:37 alarm (attack) in darvoz: answered",
        "2 06:13 team/darvoz/6 arrives",
        "2 06:13 contact",
        "2 06:13 over: clash",
        "2 06:13 infiltration_then_clash: 4 militants killed, 4 arms seized",
        "2 08:13 team/darvoz/6 goes home",
        "3 07:09 reported: infiltration_then_clash",
        "3 08:26 reported: armed_attack_on_workers",
    ]


ON_THE_ROAD: Settings = {
    **RAID,
    "worksites.guards": 20,
    "cells.raid_ratio": 0.0,
    "worksites.hardening": 1.0,
    "worksites.travellers": 6,
    "worksites.escorts": 0,
    "worksites.road_share": 1.0,
    "strikes.raid_p_hit": 1.0,
}


def test_people_met_on_the_road() -> None:
    """Twenty guards and perfect walls stay at the site; six people on the road are on their own."""
    told = story(run(STILL, ONE_CELL, ON_THE_ROAD, seed=2))
    assert "armed_attack_on_workers: 6 workers chinese killed, 4 escaped" in told_of_raid(told)


def test_people_met_on_the_road_in_an_emergency() -> None:
    """Half of them stay inside, and the level's four escorts beat the party before it gets on."""
    level: Settings = {
        "alert.level": "emergency",
        "alert.levels.emergency.escorts": 4,
        "alert.levels.emergency.exposed": 0.5,
        "alert.levels.emergency.sorties": 1.0,
    }
    alone = run(STILL, ONE_CELL, ON_THE_ROAD, level, {"alert.levels.emergency.escorts": 0}, seed=2)
    assert "3 workers chinese killed, 4 escaped" in told_of_raid(story(alone))
    told = told_of_raid(story(run(STILL, ONE_CELL, ON_THE_ROAD, level, seed=2)))
    assert "4 militants killed" in told
    assert "workers" not in told.partition(": ")[2]


def told_of_raid(told: list[str]) -> str:
    """The line of the raid, without its instant."""
    (line,) = (line for line in told if " armed_attack_on_workers:" in line and "rep" not in line)
    return line


def test_a_false_alarm_heard_late() -> None:
    """Three hours on the way, two to get there, three to find nobody."""
    told = story(run(STILL, FALSE_ALARM, seed=11))
    assert told == [
        "1 10:53 alarm (false) in ishkoshim: answered",
        "1 14:14 alarm heard",
        "1 16:00 team/ishkoshim/0 arrives",
        "1 19:00 team/ishkoshim/0 goes home",
    ]
