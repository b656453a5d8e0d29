"""Deliberate contact: a team surrounds who it found; guards at the line hold off for it."""

from math import exp

import pytest
from quiet_worlds import LIMIT, cross, world, z_share

from sim.incidents.records import Alarm, Incident

HOURS = 1.0 / 24.0
CALLED: dict[str, object] = {
    "posts.p_watch": 1.0,
    "posts.watch_range_night_km": 10.0,
    "posts.watch_range_day_km": 20.0,
    "teams.aftermath_hours": 0.0,
    "days": 20.0,
    "teams.per_district": 20,
    "teams.mobilisation_hours": 0.0,
    "teams.air_mobility": 1.0,
    "teams.air_speed_km_h": 400.0,
    "teams.contact_rate": 100.0,
    "teams.search_hours": 100.0,
    "alert.levels.routine.wait": 1.0,
}
"""The watch sees everybody and holds off; a team is there in no time."""


def test_guards_who_wait_call_a_team_and_close_in_on_nobody() -> None:
    """Seen by the watch, met by the team alone, and known by the watch's cue."""
    model = world(CALLED)
    walker = cross(model, "walker", 650.0)
    model.run()
    assert walker.seen_at is None
    assert walker.met_by == model.spec.teams.size
    assert walker.passage.cue == "watch"
    assert [alarm.cue for alarm in model.log[Alarm]] == ["watch"]
    assert walker.passage.shadowed


def test_guards_who_do_not_wait_close_in() -> None:
    """At a chance of 0 the watch meets the group itself."""
    model = world({**CALLED, "alert.levels.routine.wait": 0.0})
    walker = cross(model, "walker", 650.0)
    model.run()
    assert walker.seen_by == model.spec.posts.guards_on_watch
    assert walker.met_at is None
    assert not walker.passage.shadowed


@pytest.mark.parametrize("p", [0.0, 0.4, 1.0])
def test_a_team_surrounds_with_its_chance(p: float) -> None:
    """Of 1,000 groups found, the share that is met deliberately."""
    model = world({**CALLED, "contact.p_cordon": p, "contact.cordon_hours": 0.0})
    walkers = [cross(model, f"walker/{n}", 5.0 + 1.33 * n) for n in range(1000)]
    model.run()
    met = [walker for walker in walkers if walker.met_at is not None]
    ring = sum(walker.passage.deliberate for walker in met)
    assert len(met) > 300
    assert ring == p * len(met) if p in (0.0, 1.0) else abs(z_share(ring, len(met), p)) < LIMIT


def test_a_group_may_move_on_while_it_is_being_surrounded() -> None:
    """Inside for 3 h, surrounded in 2 h on average: met with 1 - exp(-1.5), less the flight."""
    model = world(
        {**CALLED, "contact.p_cordon": 1.0, "contact.cordon_hours": 2.0, "teams.per_district": 20}
    )
    walkers = []
    for n in range(400):
        walkers.append(cross(model, f"walker/{n}", 5.0 + 1330.0 * n / 400, 3.0 * HOURS))
    model.run()
    alarms = {alarm.identity: alarm for alarm in model.log[Alarm]}
    answered = {name.rsplit("/", 1)[0] for name, alarm in alarms.items() if alarm.arrived_at}
    found = [walker for walker in walkers if walker.identity in answered]
    met = sum(walker.met_at is not None for walker in found)
    assert len(found) > 150
    assert abs(met / len(found) - (1.0 - exp(-1.5))) < 0.12


def test_what_is_written_of_a_deliberate_contact() -> None:
    """Surrounded smugglers who give up: all detained, the load and arms seized, nobody hurt."""
    model = world(
        {
            **CALLED,
            "smugglers.loads_per_year": 500.0,
            "smugglers.p_armed": 1.0,
            "contact.p_cordon": 1.0,
            "contact.p_surrender_cordon_smugglers": 1.0,
            "days": 60.0,
        }
    ).run()
    met = [i for i in model.log[Incident] if i.deliberate]
    assert len(met) > 10
    assert all(i.detained == i.group_size == i.seized_arms and not i.clash for i in met)
    assert all(i.seized_kg > 0.0 and not i.deaths for i in met)
    assert model.outcomes()["deliberate_contacts"] == len(met)


@pytest.mark.parametrize(("ratio", "guards"), [(0.0, 6), (1.0, 6), (2.0, 8)])
def test_a_ring_gathers_guards_for_each_intruder(ratio: float, guards: int) -> None:
    """A team of six around a group of four: eight meet it where the rule is two for each."""
    numbers: dict[str, object] = {"contact.cordon_numbers": ratio, "contact.p_cordon": 1.0}
    model = world({**CALLED, **numbers, "teams.size": 6, "contact.cordon_hours": 0.0})
    walker = cross(model, "walker", 650.0)
    model.run()
    assert walker.met_by == guards


def test_without_a_ring_the_team_is_what_it_is() -> None:
    """A chance contact gathers nobody."""
    model = world({**CALLED, "contact.cordon_numbers": 5.0, "contact.p_cordon": 0.0})
    walker = cross(model, "walker", 650.0)
    model.run()
    assert walker.met_by == model.spec.teams.size
