"""Monotone coupling: in every pair of runs, more watching never loses what less had found.

It holds where nothing that happens to one group changes what another does: see ``UNCOUPLED``.
Teams, tiredness and false alarms may be on: a team finds only what is known, and tiredness is
the same in both runs while the alert level is fixed.
"""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import BUSY, QUICK, SLUGS, UNCOUPLED, UNSEEN, Settings, crossings, detected, run

from sim.incidents.records import Incident, Plan

SEEDS = st.integers(0, 2**63 - 1)
SHARES = st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0))

LEVERS: dict[str, tuple[float, float]] = {
    "patrols.sorties_per_day": (0.0, 12.0),
    "patrols.p_sight": (0.0, 1.0),
    "patrols.sight_range_night_km": (0.0, 2.0),
    "sign.p_found": (0.0, 1.0),
    "sign.life_hours": (0.0, 80.0),
    "posts.p_watch": (0.0, 1.0),
    "posts.watch_range_night_km": (0.0, 5.0),
    "technical.camera_coverage": (0.0, 1.0),
    "technical.p_camera": (0.0, 1.0),
    "technical.uav_hours_per_day": (0.0, 24.0),
    "technical.uav_sweep_km": (0.0, 5.0),
    "tips.p_tip": (0.0, 1.0),
    "tips.strangers_per_day": (0.0, 5.0),
    "tips.trust": (0.0, 1.0),
    "tips.programme": (0.0, 1.0),
    "readiness.start": (0.0, 1.0),
}
"""What helps to find, and the lowest value and width of the range."""

HELPS = sorted(LEVERS)


@pytest.mark.parametrize("lever", HELPS)
@settings(QUICK, max_examples=2)
@given(seed=SEEDS, shares=SHARES)
def test_more_watching_never_loses_a_detection(
    lever: str, seed: int, shares: tuple[float, float]
) -> None:
    """A party found at the lower value is found at the higher one, and no later."""
    low, high = (LEVERS[lever][0] + share * LEVERS[lever][1] for share in sorted(shares))
    base = UNCOUPLED | {"technical.camera_coverage": 0.2}
    few = detected(run(base, {lever: low}, seed=seed))
    many = detected(run(base, {lever: high}, seed=seed))
    assert few.keys() <= many.keys()
    assert all(many[who] <= at for who, at in few.items())


@pytest.mark.parametrize("lever", HELPS)
def test_more_watching_does_find_more(lever: str) -> None:
    """Negative control: from the lowest to the highest value detections are added."""
    low, high = LEVERS[lever]
    base = UNCOUPLED | {"technical.camera_coverage": 0.2, "posts.p_watch": 0.5}
    few, many = (detected(run(base, {lever: value})) for value in (low, high))
    assert len(many) > len(few)


@settings(QUICK, max_examples=3)
@given(SEEDS, st.floats(0.0, 6.0), st.floats(0.0, 6.0), st.sampled_from(SLUGS))
def test_emphasis_never_loses_a_detection(seed: int, a: float, b: float, slug: str) -> None:
    """Sorties added in one district only lose nothing anywhere."""
    few, many = (
        detected(run(UNCOUPLED, {"patrols.emphasis": {slug: value}}, seed=seed))
        for value in sorted([a, b])
    )
    assert few.keys() <= many.keys()


@settings(QUICK, max_examples=4)
@given(SEEDS)
def test_layers_are_independent(seed: int) -> None:
    """Found by all layers together is found by one of them alone: none helps or hides another."""
    layers: list[Settings] = [
        {"patrols.p_sight": 0.6},
        {"posts.p_watch": 0.6},
        {"technical.camera_coverage": 0.3},
        {"technical.uav_hours_per_day": 6.0},
        {"tips.p_tip": 0.3},
        {"tips.strangers_per_day": 0.5},
        {"sign.p_found": 0.3},
    ]
    together = {key: value for layer in layers for key, value in layer.items()}
    union: set[str] = set()
    for layer in layers:
        union |= detected(run(UNCOUPLED, UNSEEN, layer, seed=seed)).keys()
    assert detected(run(UNCOUPLED, UNSEEN, together, seed=seed)).keys() == union


@settings(QUICK, max_examples=3)
@given(SEEDS, SHARES)
def test_a_camera_hides_no_one_from_the_patrols(seed: int, shares: tuple[float, float]) -> None:
    """Without teams, a party that guards met at the line is met there with more cameras too.

    A camera only tells; the patrol that passes afterwards meets the group all the same.
    """
    base = UNCOUPLED | {"teams.per_district": 0, "patrols.p_sight": 0.8, "posts.p_watch": 0.8}
    base |= {"patrols.sorties_per_day": 12.0, "technical.p_camera": 1.0}
    met = [
        {
            who
            for who, crossing in crossings(
                run(base, {"technical.camera_coverage": share}, seed=seed)
            ).items()
            if crossing.ending in ("turned_back", "load_left", "surrendered", "clash")
        }
        for share in sorted(shares)
    ]
    assert met[0] <= met[1]


# -- protection of worksites -----------------------------------------------------------------

DRONED: Settings = BUSY | {
    "alert.policy": "fixed",
    "alert.level": "routine",
    "cells.modes_off": ["infiltration", "fire"],
    "cells.anti_foreign_share": 1.0,
    "cells.skill": 0.0,
    "cells.w_risk": 0.0,
    "cells.branching": 0.0,
    "smugglers.loads_per_year": 0.0,
    "worksites.p_advisory": 0.0,
    "worksites.road_share": 0.4,
    "diplomacy.joint_mechanism": False,
    "diplomacy.demarche_deaths": 0,
    "strikes.drone_p_arrive": 0.8,
}
"""Drones against sites, at instants and places that no outcome changes."""

SHIELDS: dict[str, tuple[float, float]] = {
    "alert.levels.routine.counter_drone": (0.0, 1.0),
    "alert.levels.routine.exposed": (1.0, 0.0),
    "worksites.counter_drone": (0.0, 1.0),
    "worksites.hardening": (0.0, 1.0),
}
"""What shields people at sites: without it, and all of it."""


def hurt_by_strike(*layers: Settings, seed: int) -> dict[str, int]:
    """Workers killed in each strike on a site."""
    rows = run(DRONED, *layers, seed=seed).log[Incident]
    return {row.identity: row.victims for row in rows}


@pytest.mark.parametrize("shield", SHIELDS)
@settings(QUICK, max_examples=3)
@given(seed=SEEDS, shares=SHARES)
def test_a_shield_kills_nobody(shield: str, seed: int, shares: tuple[float, float]) -> None:
    """With more of it no strike on the same people kills more of them."""
    none, whole = SHIELDS[shield]
    less, more = (
        hurt_by_strike({shield: none + share * (whole - none)}, seed=seed)
        for share in sorted(shares)
    )
    assert less.keys() == more.keys()
    assert all(more[strike] <= killed for strike, killed in less.items())


@pytest.mark.parametrize("shield", SHIELDS)
def test_a_shield_does_save(shield: str) -> None:
    """Negative control: with all of it fewer are killed than with none."""
    none, whole = (hurt_by_strike({shield: value}, seed=1) for value in SHIELDS[shield])
    assert sum(whole.values()) < sum(none.values())


RAIDED: Settings = DRONED | {
    "cells.modes_off": ["drone", "fire"],
    "cells.party_least": 4,
    "cells.party_most": 4,
    "cells.raid_ratio": 0.0,
    "cells.joint": 0.0,
    "cells.passing": 0.0,
    "cells.hide_hours": 1.0,
    "teams.per_district": 0,
    "teams.reserve": 0,
    "worksites.road_share": 1.0,
    "strikes.raid_p_hit": 0.8,
}
"""Parties of four who meet the people of a site on the road."""


def killed_on_the_road(escorts: int, seed: int) -> dict[str, int]:
    """Workers killed in the first raid of each cell: what the first cost sways later ones."""
    model = run(RAIDED, {"worksites.escorts": escorts}, seed=seed)
    first: dict[str, int] = {}
    for row in model.log[Incident]:
        if row.kind == "armed_attack_on_workers":
            cell = row.identity.partition("/plan/")[0]
            first.setdefault(cell, row.killed_workers_chinese + row.killed_workers_other)
    return first


@settings(QUICK, max_examples=3)
@given(SEEDS, st.integers(0, 8), st.integers(0, 8))
def test_more_escorts_cost_no_worker_on_the_road(seed: int, one: int, other: int) -> None:
    """The same raid, met by more escorts, kills no more of the people they go with."""
    few, many = (killed_on_the_road(escorts, seed) for escorts in sorted((one, other)))
    assert few.keys() == many.keys()
    assert all(many[cell] <= killed for cell, killed in few.items())


def test_escorts_do_save() -> None:
    """Negative control: twelve escorts save some of those who die without any."""
    assert sum(killed_on_the_road(12, 1).values()) < sum(killed_on_the_road(0, 1).values())


# -- the flow -----------------------------------------------------------------------------


@settings(QUICK, max_examples=10)
@given(SEEDS, st.floats(0.0, 6000.0), st.floats(1.0, 2.0))
def test_more_flow_keeps_every_group(seed: int, loads: float, factor: float) -> None:
    """At more loads all groups of fewer loads come, at the same place and instant, and more."""
    few, many = (
        crossings(run(UNCOUPLED, {"smugglers.loads_per_year": value}, seed=seed))
        for value in (loads, loads * factor)
    )
    assert few.keys() <= many.keys()
    for who, crossing in few.items():
        same = many[who]
        assert crossing[:10] == same[:10]


@settings(QUICK, max_examples=3)
@given(SEEDS, st.floats(0.0, 6000.0), st.floats(1.0, 2.0))
def test_without_teams_more_flow_changes_no_group(seed: int, loads: float, factor: float) -> None:
    """Where groups share no team, each is met and ends as it would among fewer: all fields."""
    alone = UNCOUPLED | {"teams.per_district": 0}
    few, many = (
        crossings(run(alone, {"smugglers.loads_per_year": value}, seed=seed))
        for value in (loads, loads * factor)
    )
    assert few.items() <= many.items()


@settings(QUICK, max_examples=3)
@given(SEEDS, SHARES)
def test_more_control_only_removes_groups(seed: int, shares: tuple[float, float]) -> None:
    """The host state holds some back and sends none: a subset, each as it was."""
    alone = UNCOUPLED | {"teams.per_district": 0, "host_state.effect_on_smuggling": 0.8}
    much, little = (
        crossings(run(alone, {"host_state.control": value}, seed=seed))
        for value in sorted(shares, reverse=True)
    )
    assert much.items() <= little.items()


@settings(QUICK, max_examples=3)
@given(SEEDS, SHARES)
def test_the_season_only_thins(seed: int, shares: tuple[float, float]) -> None:
    """At high water, a stronger effect of the season takes groups away and adds none."""
    summer = UNCOUPLED | {"teams.per_district": 0, "start": dt.date(2025, 6, 10)}
    weak, strong = (
        crossings(run(summer, {"smugglers.season_effect": 0.8 * value}, seed=seed))
        for value in sorted(shares)
    )
    assert strong.items() <= weak.items()


def test_more_plans_come_to_more_cells() -> None:
    """A cell more leaves the first plan of every other cell as it was."""
    quiet = BUSY | {"cells.branching": 0.0, "cells.skill": 0.0, "smugglers.loads_per_year": 0.0}
    quiet |= {"cells.retaliation": 0.0, "cells.passing": 0.0, "cells.joint": 0.0}
    quiet |= {"cells.raid_ratio": 0.0}  # or a cell more is people more for the others' parties
    first = []
    for count in (6, 7):
        plans: dict[str, object] = {}
        for plan in run(quiet, {"cells.count": count}).log[Plan]:
            plans.setdefault(plan.cell, (plan.identity, plan.at))
        first.append(plans)
    assert first[0].items() <= first[1].items()
