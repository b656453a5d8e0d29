"""Smuggling groups: how many, where, when; what they do when met; where they go instead."""

from collections import Counter
from math import exp, log

import numpy as np
import pytest
from quiet_worlds import LIMIT, OPEN_TERRAIN, exposed_for, world, z_count, z_mean, z_share
from scipy.stats import chisquare

from sim.agents.rumours import Rumours
from sim.agents.smugglers import SmugglingGroup
from sim.frontier.ground import Ground
from sim.incidents.records import Crossing, Incident
from sim.model import BorderModel
from sim.scenario.spec_threat import Smugglers
from sim.theory.choice import quantal_response

LAND = Ground.default()

SOMEWHERE = LAND.districts[3]

ALL_SEEN: dict[str, object] = {
    "posts.spacing_km": 10.0,
    "posts.p_watch": 1.0,
    "posts.watch_range_day_km": 20.0,
    "posts.watch_range_night_km": 10.0,
    "contact.odds_effect": 0.0,
}
"""Every group is seen by the fixed watch of a post."""


def crossings(changes: dict[str, object], seed: int = 1) -> list[Crossing]:
    """All crossings of a run."""
    return world(changes, seed).run().log[Crossing]


# -- the flow -----------------------------------------------------------------------------


def test_the_flow_is_poisson_by_district_season_and_control() -> None:
    """Loads x district share x season x (1 - effect x control), district by district.

    16,000 groups in all: a 5 % error of the total is 6 standard deviations.
    """
    model = world(
        {
            "smugglers.loads_per_year": 20_000.0,
            "smugglers.season_effect": 0.6,
            "host_state.control": 0.4,
            "host_state.effect_on_smuggling": 0.5,
        }
    ).run()
    rows = model.log[Crossing]
    season = sum(1.0 + 0.6 * (1.0 - model.calendar.river_index(d + 0.5)) for d in range(365)) / 365
    mean = 20_000.0 * season * 0.8
    assert abs(z_count(len(rows), mean)) < LIMIT
    assert abs(z_count(len(rows), 1.05 * mean)) > LIMIT  # a wrong theory fails
    weights = model.spec.smugglers.district_weights
    by_district = Counter(row.district for row in rows)
    for slug, weight in weights.items():
        expected = mean * weight / sum(weights.values())
        assert abs(z_count(by_district[slug], expected)) < LIMIT


def test_high_water_thins_the_flow() -> None:
    """Low water in January, high in June: the ratio of the two is that of the season."""
    model = world({"smugglers.loads_per_year": 10_000.0, "smugglers.season_effect": 0.8}).run()
    times = [row.crossed_at for row in model.log[Crossing]]
    for first, last in ((0, 31), (151, 181)):
        factors = [
            1.0 + 0.8 * (1.0 - model.calendar.river_index(d + 0.5)) for d in range(first, last)
        ]
        mean = 10_000.0 / 365.0 * sum(factors)
        assert abs(z_count(sum(first <= t < last for t in times), mean)) < LIMIT
    flat = world({"smugglers.loads_per_year": 10_000.0, "smugglers.season_effect": 0.0}).run()
    assert abs(z_count(len(flat.log[Crossing]), 10_000.0)) < LIMIT


@pytest.mark.parametrize("share", [0.0, 0.7, 1.0])
def test_a_share_of_groups_comes_by_night(share: float) -> None:
    """The share of crossings by night is the one given; none and all at the limits."""
    rows = crossings({"smugglers.loads_per_year": 12_000.0, "smugglers.night_share": share})
    nights = sum(row.night for row in rows)
    if share in (0.0, 1.0):
        assert nights == share * len(rows)
    else:
        assert abs(z_share(nights, len(rows), share)) < LIMIT
        assert abs(z_share(nights, len(rows), 0.95 * share)) > LIMIT


def test_more_loads_keep_the_groups_of_fewer() -> None:
    """A larger flow has every group of a smaller one, unchanged, and more."""
    few = {row.identity: row for row in crossings({"smugglers.loads_per_year": 500.0})}
    many = {row.identity: row for row in crossings({"smugglers.loads_per_year": 800.0})}
    assert few.items() <= many.items()
    assert len(many) > len(few)


def test_no_loads_no_groups() -> None:
    """A flow of 0, and a district without weight."""
    assert crossings({}) == []
    rows = crossings({"smugglers.loads_per_year": 3000.0, "smugglers.district_weights.panj": 0.0})
    assert "panj" not in {row.district for row in rows}


# -- who they are -------------------------------------------------------------------------


def test_sizes_and_loads() -> None:
    """Sizes lie within their bounds; loads are lognormal a head; a share is armed."""
    rows = crossings(
        {
            "smugglers.loads_per_year": 8000.0,
            "smugglers.size_least": 3,
            "smugglers.size_most": 6,
            "smugglers.load_median_kg": 40.0,
            "smugglers.load_sigma": 0.3,
            "smugglers.load_size_power": 1.0,
            "smugglers.carry_most_kg": 1000.0,
            "smugglers.p_armed": 0.7,
        }
    )
    assert {row.size for row in rows} == {3, 4, 5, 6}
    logs = [log(row.load_kg * 4.0 / row.size) for row in rows]
    assert abs(z_mean(logs, log(40.0))) < LIMIT
    assert np.std(logs) == pytest.approx(0.3, rel=LIMIT / (2.0 * len(rows)) ** 0.5)
    assert abs(z_share(sum(row.armed for row in rows), len(rows), 0.7)) < LIMIT
    assert abs(z_share(sum(row.armed for row in rows), len(rows), 0.735)) > LIMIT


def test_nobody_carries_more_than_they_can() -> None:
    """The cap holds by head and bites; loads below it are what they would be without it."""
    free = {"smugglers.loads_per_year": 2000.0, "smugglers.carry_most_kg": 1000.0}
    loads = {row.identity: row.load_kg for row in crossings(free)}
    rows = crossings({**free, "smugglers.carry_most_kg": 12.0})
    assert all(row.load_kg == min(loads[row.identity], 12.0 * row.size) for row in rows)
    assert {loads[row.identity] > 12.0 * row.size for row in rows} == {True, False}


def test_the_size_may_say_nothing_of_the_load() -> None:
    """With power 0 pairs carry as much as large groups; with power 1 they carry by the head."""
    for power, ratio in ((0.0, 1.0), (0.5, 2.0**0.5), (1.0, 2.0)):
        rows = crossings(
            {
                "smugglers.loads_per_year": 8000.0,
                "smugglers.load_size_power": power,
                "smugglers.carry_most_kg": 1000.0,
                "smugglers.load_sigma": 0.1,
            }
        )
        of = {n: np.mean([log(row.load_kg) for row in rows if row.size == n]) for n in (3, 6)}
        assert of[6] - of[3] == pytest.approx(log(ratio), abs=0.02)


def test_unmet_groups_walk_inland_and_are_gone() -> None:
    """Time from the strip to dispersal is the walk; every group is removed from the model."""
    model = world(
        {
            **exposed_for(2.0),
            "smugglers.loads_per_year": 2000.0,
            "smugglers.inland_least_km": 6.0,
            "smugglers.inland_most_km": 12.0,
            "smugglers.walk_km_h": 3.0,
        }
    ).run()
    rows = [row for row in model.log[Crossing] if row.ending == "through"]
    hours = [24.0 * (row.ended_at - row.crossed_at) - 2.0 for row in rows]
    assert all(2.0 - 1e-9 <= h <= 4.0 + 1e-9 for h in hours)
    assert abs(z_mean(hours, 3.0)) < LIMIT
    inside = sum(row.ending == "open" for row in model.log[Crossing])
    assert len(model.agents_by_type.get(SmugglingGroup, [])) == inside


# -- what they do when met ----------------------------------------------------------------


def test_endings_of_those_who_are_seen() -> None:
    """Run back, fight, give up or run, with the load or without: shares by the given chances."""
    back, drop, armed, fight, gives_up = 0.3, 0.6, 0.7, 0.5, 0.4
    rows = crossings(
        {
            **ALL_SEEN,
            "smugglers.loads_per_year": 8000.0,
            "smugglers.p_armed": armed,
            "contact.p_turn_back": back,
            "contact.p_drop_load": drop,
            "contact.p_fight_armed": fight,
            "contact.p_surrender": gives_up,
            "clash.smuggler_rate": 0.0,  # the guards always hold the field
        }
    )
    rows = [row for row in rows if row.ending != "open"]
    met = (1.0 - back) * (1.0 - armed * fight)
    runs = met * (1.0 - gives_up)
    expected = {
        "turned_back": back * (1.0 - drop),
        "through": runs * (1.0 - drop),
        "load_left": (back + runs) * drop,
        "surrendered": met * gives_up,
        "clash": (1.0 - back) * armed * fight,
    }
    assert sum(expected.values()) == pytest.approx(1.0)
    endings = Counter(row.ending for row in rows)
    assert set(endings) == set(expected)
    for name, p in expected.items():
        assert abs(z_share(endings[name], len(rows), p)) < LIMIT  # type: ignore[index]
    assert abs(z_share(endings["load_left"], len(rows), 0.9 * expected["load_left"])) > LIMIT
    assert all((row.contact_at is None) or row.detected_at == row.contact_at for row in rows)


def test_numbers_add_up_in_every_incident() -> None:
    """Killed, detained and escaped are the group; arms and loads belong to who lost them."""
    model = world({**ALL_SEEN, "smugglers.loads_per_year": 3000.0, "contact.p_turn_back": 0.2})
    model.run()
    incidents = model.log[Incident]
    loads = {row.identity: row for row in model.log[Crossing]}
    assert {i.clash for i in incidents} == {True, False}
    for i in incidents:
        group = loads[i.identity.rpartition("/")[0]]
        assert i.killed_smugglers + i.detained + i.escaped == i.group_size == group.size
        assert i.wounded_smugglers <= i.detained + i.escaped
        assert i.seized_kg in (0.0, group.load_kg)
        assert i.seized_arms <= group.size
        assert group.armed or (i.seized_arms == 0 and not i.clash)


def test_odds_bring_more_fights() -> None:
    """With an effect of the odds fewer guards on watch are fought more often."""
    shares = []
    for guards in (2, 20):
        rows = crossings(
            {
                **ALL_SEEN,
                "smugglers.loads_per_year": 2000.0,
                "smugglers.p_armed": 1.0,
                "contact.p_turn_back": 0.0,
                "contact.p_fight_armed": 0.5,
                "contact.odds_effect": 1.0,
                "posts.guards_on_watch": guards,
            }
        )
        shares.append(sum(row.ending == "clash" for row in rows) / len(rows))
    assert shares[0] > 0.5 > shares[1]


# -- what they hear and where they go -----------------------------------------------------


def test_rumours_fade() -> None:
    """Risk = faded failures / (prior + faded attempts), stretch by stretch of 20 km."""
    rules = Smugglers(memory_days=30.0, prior_attempts=4.0)
    rumours = Rumours(rules)
    assert rumours.risk(0.0, 105.0) == 0.0
    rumours.hear(10.0, 105.0, failed=True)
    rumours.hear(10.0, 119.0, failed=False)
    assert rumours.risk(10.0, 110.0) == pytest.approx(1.0 / 6.0)
    assert rumours.risk(40.0, 110.0) == pytest.approx(exp(-1.0) / (4.0 + 2.0 * exp(-1.0)))
    assert rumours.risk(40.0, 121.0) == rumours.risk(40.0, 99.0) == 0.0
    rumours.hear(40.0, 101.0, failed=True)
    left = exp(-1.0)
    assert rumours.risk(40.0, 101.0) == pytest.approx((1.0 + left) / (5.0 + 2.0 * left))


def shifts(changes: dict[str, object], n: int = 3000) -> tuple[list[int], list[BorderModel]]:
    """By how many stretches each of many groups moves after 30 interdictions on one stretch."""
    models = [
        world({"smugglers.reach_km": 60.0, "smugglers.distance_weight": 0.0, **changes}),
        world({"smugglers.displacement": 0.0}),
    ]
    for model in models:
        model.run_until(50.0)
        for _ in range(30):
            model.rumours.hear(50.0, SOMEWHERE.km_from + 0.5, failed=True)
    return [
        round(
            (
                SmugglingGroup(models[0], f"g{i}", SOMEWHERE).km
                - SmugglingGroup(models[1], f"g{i}", SOMEWHERE).km
            )
            / 20.0
        )
        for i in range(n)
    ], models


def test_without_displacement_nobody_moves() -> None:
    """Displacement 0: every group crosses where it came to the line."""
    moved, _ = shifts({"smugglers.displacement": 0.0, "smugglers.rationality": 1000.0}, 500)
    assert set(moved) == {0}


def test_without_rationality_all_places_in_reach_are_alike() -> None:
    """Rationality 0: three stretches to either side and its own, evenly (chi-square)."""
    moved, _ = shifts({"smugglers.displacement": 1.0, "smugglers.rationality": 0.0})
    counts = Counter(moved)
    assert set(counts) == set(range(-3, 4))
    assert chisquare(list(counts.values())).pvalue > 1e-4


def test_groups_that_choose_avoid_where_others_were_stopped() -> None:
    """Best response: nobody who chooses crosses on the stretch of the interdictions."""
    _, (model, _calm) = shifts({"smugglers.displacement": 1.0, "smugglers.rationality": 1000.0})
    hot = int((SOMEWHERE.km_from + 0.5) // 20.0)
    km = [agent.km for agent in model.agents_by_type[SmugglingGroup]]
    assert hot not in {int(place // 20.0) for place in km}


def test_the_choice_of_place_is_a_quantal_response() -> None:
    """Shares of the seven places are in proportion to exp(-rationality (risk + distance))."""
    rules: dict[str, object] = {
        "smugglers.displacement": 1.0,
        "smugglers.rationality": 4.0,
        "smugglers.distance_weight": 0.3,
    }
    moved, (model, calm) = shifts(rules)
    expected = np.zeros(7)
    for agent in calm.agents_by_type[SmugglingGroup]:
        utilities = [
            -model.rumours.risk(50.0, agent.km + 20.0 * step) - 0.3 * abs(step) / 3.0
            for step in range(-3, 4)
        ]
        expected += quantal_response(utilities, 4.0)
    seen = [Counter(moved)[step] for step in range(-3, 4)]
    assert chisquare(seen, expected).pvalue > 1e-4
    assert chisquare(seen, np.full(7, sum(seen) / 7)).pvalue < 1e-6  # a wrong theory fails


def test_a_share_of_groups_chooses() -> None:
    """Displacement 0.4 with seven equal places: 0.4 x 6/7 of the groups move."""
    moved, _ = shifts({"smugglers.displacement": 0.4, "smugglers.rationality": 0.0})
    assert abs(z_share(sum(step != 0 for step in moved), len(moved), 0.4 * 6.0 / 7.0)) < LIMIT


# -- surveillance -------------------------------------------------------------------------


def seen_at(schedule: str, surveillance: float) -> tuple[int, int, list[float]]:
    """Groups seen by patrols, all groups, and when they crossed."""
    rows = crossings(
        {
            **exposed_for(1.0),
            **OPEN_TERRAIN,
            "days": 120.0,
            "smugglers.loads_per_year": 6000.0,
            "smugglers.surveillance": surveillance,
            "smugglers.longest_wait_hours": 24.0,
            "patrols.schedule": schedule,
            "patrols.sorties_per_day": 6.0,
            "patrols.p_sight": 1.0,
            "patrols.sight_range_day_km": 0.4,
            "patrols.sight_range_night_km": 0.4,
        }
    )
    return sum(r.cue == "patrol" for r in rows), len(rows), sorted(r.crossed_at for r in rows)


def test_one_who_watched_a_regular_patrol_crosses_in_the_gap() -> None:
    """Those who watched are never seen; those who did not are, often."""
    seen, n, _ = seen_at("regular", 1.0)
    assert n > 1500
    assert seen == 0
    blind, n, _ = seen_at("regular", 0.0)
    assert blind > 0.1 * n


def test_nothing_is_gained_by_watching_random_patrols() -> None:
    """Against random departures watchers cross when the others do and are seen alike."""
    assert seen_at("random", 1.0) == seen_at("random", 0.0)


def test_jitter_spoils_the_gap() -> None:
    """Against jittered departures watchers are seen, less often than the blind."""
    watched, n, _ = seen_at("jittered", 1.0)
    blind, _, _ = seen_at("jittered", 0.0)
    assert 0 < watched < blind
    assert n > 1500
