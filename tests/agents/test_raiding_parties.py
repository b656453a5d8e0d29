"""A party across the line: its size, its raid, its way home, and what the cell has left."""

from collections import Counter

import pytest
from quiet_worlds import CROSS_ONLY, ONE_CELL, assert_share, exposed_for, only_cell, world

from sim.agents.cells import MilitantCell
from sim.incidents.records import Alarm, Crossing, Incident

RAID: dict[str, object] = {
    **ONE_CELL,
    **CROSS_ONLY,
    **exposed_for(0.5),
    "days": 400.0,
    "cells.plans_per_year": 400.0,
    "cells.detour_km": 0.0,
    "cells.hide_hours": 1.0,
    "cells.march_km_h": 10.0,
    "cells.party_least": 3,
    "cells.party_most": 6,
    "cells.raid_ratio": 0.0,
    "contact.p_militants_fight": 1.0,
}


def test_parties_keep_within_bounds() -> None:
    """Three to six, and never more than there are people in the cell."""
    model = world({**RAID, "clash.guard_rate": 0.0}).run()
    assert {row.size for row in model.log[Crossing]} == {3, 4, 5, 6}
    model = world({**RAID, "clash.guard_rate": 0.0, "cells.strength": 4}).run()
    assert {row.size for row in model.log[Crossing]} == {3, 4}


def test_an_unmet_party_raids_its_target_and_comes_home() -> None:
    """Crossed, lay up, struck a post, walked back: one incident a crossing, nobody detained."""
    model = world({**RAID, "clash.guard_rate": 0.0, "clash.militant_rate": 0.0}).run()
    crossings = [row for row in model.log[Crossing] if row.ending != "open"]
    incidents = {i.identity.rpartition("/")[0]: i for i in model.log[Incident]}
    assert len(crossings) > 50
    for row in crossings:
        raid = incidents[row.identity]
        assert (row.ending, row.cue, row.detected_at) == ("withdrew", "attack", raid.at)
        assert raid.kind == "infiltration_then_post_attack"
        assert raid.escaped == row.size
        assert row.crossed_at + 0.5 / 24.0 < raid.at <= row.ended_at
        assert raid.target is not None


def test_a_cell_that_loses_its_party_dissolves() -> None:
    """Strength 4, no recruits, guards who never miss: one raid, then nothing ever again."""
    model = world(
        {
            **RAID,
            "cells.strength": 4,
            "cells.recruits_per_year": 0.0,
            "clash.militant_rate": 0.0,
            "clash.guard_rate": 100.0,
            "clash.lethality_militants": 1.0,
            "clash.break_off_militants": 1.0,
        }
    )
    cell = only_cell(model)
    model.run()
    killed = sum(i.killed_militants for i in model.log[Incident])
    assert killed >= 2
    assert 4 - killed < 3
    assert cell.state == "dissolved"
    assert model.cells == []
    assert len(model.agents_by_type.get(MilitantCell, [])) == 0
    assert len(model.log[Incident]) == 1


def test_strength_is_what_is_left_and_recruited() -> None:
    """Less the dead and the detained, plus recruits, never above the first strength."""
    model = world(
        {
            **RAID,
            "days": 3000.0,
            "cells.plans_per_year": 2.0,
            "cells.strength": 40,
            "cells.recruits_per_year": 10.0,
            "clash.militant_rate": 0.0,
            "clash.guard_rate": 5.0,
        }
    )
    cell = only_cell(model)
    strength, since, written = 40.0, 0.0, 0
    while model.time < 2900.0 and cell.state != "dissolved":
        model.run_for(1.0)
        assert cell.strength <= 40.0
        for i in model.log[Incident][written:]:
            strength = min(strength + (i.at - since) * 10.0 / 365.0, 40.0)
            strength -= i.killed_militants + i.detained
            since, written = i.at, written + 1
        now = min(strength + (model.time - since) * 10.0 / 365.0, 40.0)
        if cell.passage is None:
            assert cell.strength == pytest.approx(now, abs=0.3)
    assert written > 3


def test_numbers_add_up_in_raids_and_clashes() -> None:
    """Killed, detained and escaped militants are the party that met the guards."""
    model = world(
        {
            **RAID,
            "posts.p_watch": 0.3,
            "posts.watch_range_night_km": 10.0,
            "posts.watch_range_day_km": 20.0,
            "days": 1500.0,
        }
    ).run()
    kinds = Counter(i.kind for i in model.log[Incident])
    assert set(kinds) == {"infiltration_then_clash", "infiltration_then_post_attack"}
    for i in model.log[Incident]:
        assert i.killed_militants + i.detained + i.escaped == i.group_size
        assert i.wounded_militants <= i.detained + i.escaped
        assert i.killed_smugglers == 0


def test_those_who_do_not_fight_scatter() -> None:
    """Chance to fight 0: every party that is met escapes whole."""
    model = world(
        {
            **RAID,
            "contact.p_militants_fight": 0.0,
            "posts.p_watch": 1.0,
            "posts.watch_range_night_km": 10.0,
            "posts.watch_range_day_km": 20.0,
            "posts.spacing_km": 10.0,
        }
    ).run()
    rows = model.log[Incident]
    assert len(rows) > 50
    assert {(i.kind, i.clash) for i in rows} == {("infiltration_then_clash", False)}
    assert all(i.escaped == i.group_size for i in rows)
    assert {row.ending for row in model.log[Crossing]} <= {"withdrew", "open"}


HUNTED: dict[str, object] = {
    **RAID,
    "cells.anti_foreign_share": 1.0,
    "cells.rationality": 1000.0,
    "cells.march_km_h": 0.5,
    "cells.reach_km": 200.0,
    "worksites.count": 40,
    "worksites.farthest_km": 30.0,
    "worksites.guards": 0,
    "worksites.p_advisory": 0.0,
    "strikes.post_value": 0.0,
    "strikes.raid_p_hit": 0.0,
    "teams.per_district": 3,
    "teams.mobilisation_hours": 0.0,
    "teams.contact_rate": 100.0,
    "teams.reach_hours": 240.0,
    "teams.patience_hours": 240.0,
}
"""A raid on a site well inland, a slow way back, teams that cannot miss."""


def test_after_an_attack_a_team_hunts_those_who_withdraw() -> None:
    """They are met on the way."""
    model = world(HUNTED).run()
    kinds = Counter(i.kind for i in model.log[Incident])
    assert kinds["armed_attack_on_workers"] > 5
    assert kinds["infiltration_then_clash"] > 0.5 * kinds["armed_attack_on_workers"]
    assert {a.cue for a in model.log[Alarm]} == {"attack"}
    hunted = [r for r in model.log[Crossing] if r.contact_at is not None]
    assert hunted
    assert all((r.detected_at or 0.0) < (r.contact_at or 0.0) for r in hunted)


@pytest.mark.parametrize(("p_hit", "believed_failure"), [(1.0, 0.0), (0.0, 1.0)])
def test_a_raid_that_killed_is_a_success_whoever_meets_the_party(
    p_hit: float, believed_failure: float
) -> None:
    """Met on the way back without a fight: what the cell learns is how its raid went."""
    deadly = {"strikes.raid_p_hit": p_hit, "strikes.lethality_workers": 1.0}
    whole = {"cells.learning": 1.0, "cells.memory_days": 3650.0, "contact.p_militants_fight": 0.0}
    model = world({**HUNTED, **deadly, **whole})
    cell = only_cell(model)
    hunted: list[Crossing] = []
    while not hunted and model.time < 300.0:
        model.run_for(1.0)
        hunted = [r for r in model.log[Crossing] if r.contact_at is not None]
    district = model.sector_at(hunted[0].km).index
    failure = cell.beliefs.failure(model.time, "infiltration", district)
    assert failure == pytest.approx(believed_failure, abs=0.01)


def raids_by_night(night_share: float, preparation_days: float) -> tuple[int, int]:
    """Raids by night, and all raids, of a cell with this share of its actions by night."""
    quiet = {"clash.guard_rate": 0.0, "clash.militant_rate": 0.0, "days": 1000.0}
    chances = {"cells.night_share": night_share, "cells.preparation_days": preparation_days}
    model = world({**RAID, **quiet, **chances}).run()
    raids = [i for i in model.log[Incident] if i.kind == "infiltration_then_post_attack"]
    night = model.calendar.is_night
    return sum(night(model.sector_at(i.km).index, i.at) for i in raids), len(raids)


@pytest.mark.parametrize("night_share", [0.0, 0.8, 1.0])
def test_a_party_strikes_by_night_as_it_crosses(night_share: float) -> None:
    """The share of raids by night is the cell's ``night_share``; 20 points off would be found."""
    dark, raids = raids_by_night(night_share, preparation_days=0.1)
    assert raids > 200
    if night_share in (0.0, 1.0):
        assert dark == night_share * raids
    else:
        spread = (raids * night_share * (1.0 - night_share)) ** 0.5
        assert abs(dark - night_share * raids) < 4.0 * spread


def test_a_cell_without_preparation_waits_for_no_hour() -> None:
    """Negative control: then raids come by day and by night, whatever the share says."""
    dark, raids = raids_by_night(1.0, preparation_days=0.0)
    assert 0.25 * raids < dark < 0.75 * raids


def test_a_crossing_says_when_its_party_struck() -> None:
    """Those hunted after the raid have both instants in order; those met before it never struck."""
    model = world({**HUNTED, "posts.p_watch": 0.3, "posts.watch_range_night_km": 10.0}).run()
    raids = {i.identity.rpartition("/")[0]: i.at for i in model.log[Incident]
             if i.kind == "armed_attack_on_workers"}  # fmt: skip
    rows = [row for row in model.log[Crossing] if row.ending != "open"]
    assert {row.identity: row.struck_at for row in rows if row.struck_at} == {
        identity: at for identity, at in raids.items() if identity in {row.identity for row in rows}
    }
    assert any(row.stopped for row in rows)
    assert all((row.struck_at or 0.0) < row.contact_at for row in rows if row.contact_at)


@pytest.mark.thorough
def test_a_larger_party_hits_more_people() -> None:
    """Raiders hit each for themselves: with chance q a raider, a person is hit by n with
    1 - (1 - q)^n. Parties of 2 and of 12 on sites without guards, and 10 % more is refused."""
    raid: dict[str, object] = {
        **HUNTED,
        "teams.per_district": 0,
        "days": 3000.0,
        "strikes.raid_p_hit": 0.05,
        "worksites.hardening": 0.0,
        "worksites.road_share": 0.0,
    }
    for size in (2, 12):
        bounds = {"cells.party_least": size, "cells.party_most": size}
        model = world({**raid, **bounds}).run()
        exposed = {site.identity: site.exposed for site in model.worksites}
        raids = [i for i in model.log[Incident] if i.kind == "armed_attack_on_workers"]
        people = sum(exposed[i.target or ""] for i in raids)
        hit = sum(
            i.killed_workers_chinese + i.killed_workers_other
            + i.wounded_workers_chinese + i.wounded_workers_other
            for i in raids
        )  # fmt: skip
        assert len(raids) > 50
        assert_share(hit / people, 1.0 - 0.95**size, people)


@pytest.mark.thorough
def test_prepared_defenders_lose_fewer_than_people_on_the_road() -> None:
    """Cover spares guards of a site, and no escorts: the same raids, with and without it."""
    lost = {}
    for where, share in (("site", 0.0), ("road", 1.0)):
        for cover in (1.0, 0.3):
            guards = {"worksites.guards": 6, "worksites.escorts": 6, "worksites.road_share": share}
            model = world({**HUNTED, **guards, "teams.per_district": 0, "clash.raid_cover": cover})
            raids = [i for i in model.run().log[Incident] if i.kind == "armed_attack_on_workers"]
            assert len(raids) > 20
            hit = sum(i.killed_guards + i.wounded_guards for i in raids)
            lost[where, cover] = hit / len(raids)
    assert lost["site", 0.3] < 0.7 * lost["site", 1.0]
    assert lost["road", 0.3] == lost["road", 1.0]
