"""Levers: within the bounds of the specification, and live only where that is true."""

from functools import cache

import pytest
from story_worlds import busy, calm

import sim
from sim.errors import PanjError
from sim.incidents.records import RECORD_TYPES, AlertChange
from sim.model import BorderModel
from sim.scenario.parameters import parameter
from sim.scenario.spec import Scenario
from sim.scenario.values import flatten, with_overrides
from sim.viewer.levers import KNOBS, Value, levers, overrides
from sim.viewer.world import World

OTHER: dict[str, Value] = {
    "alert.level": "emergency",
    "patrols.sorties_per_day": 5.0,
    "patrols.schedule": "regular",
    "tips.programme": 1.0,
    "worksites.hardening": 0.9,
    "smugglers.loads_per_year": 500.0,
    "host_state.control": 0.9,
    "technical.camera_coverage": 0.4,
    "technical.uav_hours_per_day": 20.0,
    "teams.mobilisation_hours": 5.0,
    "teams.air_mobility": 0.9,
    "worksites.counter_drone": 1.0,
    "cells.plans_per_year": 2.0,
    "smugglers.displacement": 1.0,
    "patrols.p_sight": 0.9,
}
"""For each live lever a value far from that of the busy world."""


def run(spec: Scenario, seed: int = 4) -> BorderModel:
    """A run to its horizon."""
    return BorderModel(spec, seed=seed).run()


@cache
def unmoved() -> BorderModel:
    """The busy world as it is, which every lever is held against."""
    return run(busy())


def test_about_ten_levers_of_each_kind() -> None:
    """A dozen for the defender, half a dozen for what is unknown, each once."""
    groups = [knob.group for knob in KNOBS]
    assert 8 <= groups.count("guards") <= 14
    assert 4 <= groups.count("unknown") <= 10
    assert len({knob.key for knob in KNOBS}) == len(KNOBS)


@pytest.mark.parametrize("knob", KNOBS, ids=lambda knob: knob.key)
def test_a_lever_keeps_to_the_specification(knob: object) -> None:
    """Its span is within the parameter's bounds, a choice has its words, and both ends load."""
    spec = sim.load("baseline")
    found = next(lever for lever in levers(spec) if lever["key"] == knob.key)  # type: ignore[attr-defined]
    known = parameter(found["key"])
    assert known is not None
    if found["kind"] == "choice":
        assert found["choices"] == list(known.choices)
        ends: list[Value] = [*known.choices]
    else:
        assert known.low is not None
        assert known.high is not None
        assert found["low"] is not None
        assert found["high"] is not None
        assert known.low <= found["low"] < found["high"] <= known.high
        steps = (found["high"] - found["low"]) / (found["step"] or 0.0)
        assert steps == pytest.approx(round(steps))
        ends = [found["low"], found["high"]]
    for end in ends:
        assert flatten(overrides(spec, {found["key"]: end}))[found["key"]] == end


def test_a_value_outside_the_span_widens_it() -> None:
    """A user's scenario may go further than the slider."""
    spec = sim.load("baseline", {"patrols.sorties_per_day": 30.0})
    lever = next(x for x in levers(spec) if x["key"] == "patrols.sorties_per_day")
    assert (lever["low"], lever["high"], lever["value"]) == (0.0, 30.0, 30.0)


@pytest.mark.parametrize("key", OTHER)
def test_a_live_lever_moved_on_day_0_is_the_scenario_with_that_value(key: str) -> None:
    """Nothing that it governs was fixed when the world was built: this is what live means.

    The record of the level at which it began stays, as it was written.
    """
    moved = World(busy(), 4)
    moved.move_lever(key, OTHER[key])
    moved.model.run()
    built = run(with_overrides(busy(), {key: OTHER[key]}))
    assert told(moved.model) == told(built)
    assert moved.model.outcomes() == built.outcomes()
    assert told(moved.model) != told(unmoved())


def told(model: BorderModel) -> list[object]:
    """What happened, but for the changes of level on day 0."""
    kinds = [kind for kind in RECORD_TYPES if kind is not AlertChange]
    later = [change for change in model.log[AlertChange] if change.at > 0.0]
    return [later, *(model.log[kind] for kind in kinds)]


def test_these_are_all_the_live_levers() -> None:
    """Each lever that calls itself live is tried above."""
    assert {*OTHER} == {knob.key for knob in KNOBS if knob.live}


@pytest.mark.parametrize(
    ("key", "value"), [("alert.level", "emergency"), ("patrols.sorties_per_day", 9.0)]
)
def test_a_lever_leaves_the_past_alone(key: str, value: Value) -> None:
    """Sorties that left before it was moved stay; afterwards there are more."""
    untouched, touched = World(calm(), 4), World(calm(), 4)
    assert untouched.advance(6.0) == touched.advance(6.0)
    before = [len(post.beats[0].departures(0.0, 6.0)) for post in touched.model.posts]
    touched.move_lever(key, value)
    later, more = untouched.advance(12.0), touched.advance(12.0)
    assert len(more["sorties"]) > 1.5 * len(later["sorties"])
    assert [len(p.beats[0].departures(0.0, 6.0)) for p in touched.model.posts] == before


def test_sorties_set_to_none_come_back() -> None:
    """A slider at 0 stops the patrols, and from 0 it starts them again as they would be."""
    world, plain = World(calm(), 4), World(calm(), 4)
    plain.advance(8.0)
    world.advance(4.0)
    world.move_lever("patrols.sorties_per_day", 0.0)
    assert not world.advance(8.0)["sorties"]
    world.move_lever("patrols.sorties_per_day", 2.0)
    assert world.advance(12.0)["sorties"] == plain.advance(12.0)["sorties"]


def test_a_lever_moved_when_all_is_over_changes_nothing() -> None:
    """It keeps its value, and the run does not change."""
    world = World(calm(), 4)
    world.advance(world.days)
    log = world.model.log.fingerprint()
    world.move_lever("alert.level", "emergency")
    values = {lever["key"]: lever["value"] for lever in world.ground()["levers"]}
    assert (values["alert.level"], world.model.log.fingerprint()) == ("emergency", log)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("teams.size", 3, "no such lever"),
        ("patrols.sorties_per_day", 99, "above the largest value 48"),
        ("alert.level", "panic", "routine"),
        ("teams.per_district", 1.5, "whole number"),
        ("cells.count", "many", "whole number"),
    ],
)
def test_what_a_lever_cannot_be_is_refused(key: str, value: Value, said: str) -> None:
    """An unknown lever or a value out of bounds is named, and no file or flag is blamed."""
    with pytest.raises(PanjError, match=said) as refusal:
        overrides(calm(), {key: value})
    assert refusal.value.path is None
    assert refusal.value.key == key


def test_a_world_built_anew_is_the_world_as_it_was_moved() -> None:
    """Levers moved during the run, or in a world built again up to the same day: the same world."""
    moved = World(calm(), 4)
    moved.advance(3.0)
    moved.move_lever("patrols.p_sight", 0.9)
    moved.advance(5.0)
    moved.move_lever("alert.level", "emergency")
    moved.advance(9.0)
    again = World(calm(), 4)
    again.advance(3.0)
    again.move_lever("patrols.p_sight", 0.9)
    again.advance(9.0)
    again = again.with_lever("alert.level", "emergency", at=5.0)
    again.run_to(9.0)
    assert again.model.fingerprint() == moved.model.fingerprint()


def test_a_lever_that_is_not_live_holds_from_day_0() -> None:
    """Built again with it, the world is that of the scenario with the value."""
    world = World(calm(), 4)
    world.advance(9.0)
    again = world.with_lever("teams.per_district", 2.0, at=9.0)
    again.run_to(9.0)
    again.advance(12.0)
    whole = run(with_overrides(calm(), {"teams.per_district": 2}))
    assert again.model.fingerprint() == whole.fingerprint()
    assert again.ground()["scenario"]["digest"] is not None


def test_what_was_moved_later_is_forgotten() -> None:
    """A lever moved at a time gone by leads to another future."""
    world = World(calm(), 4)
    world.advance(8.0)
    world.move_lever("alert.level", "emergency")
    world.advance(10.0)
    again = world.with_lever("patrols.p_sight", 0.9, at=4.0)
    told = again.run_to(10.0)
    assert not told["alert"]
    values = {lever["key"]: lever["value"] for lever in again.ground()["levers"]}
    assert (values["alert.level"], values["patrols.p_sight"]) == ("elevated", 0.9)
