"""Sliders for a scenario: what they say is what the scenario has."""

from typing import Any

import pytest

import sim
from sim.errors import PanjError
from sim.scenario.vary import digest, flatten
from sim.viewer.levers import KNOBS
from sim.viewer.panel import Panel

KEYS = ["teams.per_district", "patrols.sorties_per_day", "alert.level"]


def heard(panel: Panel) -> list[sim.Scenario]:
    """A list that grows by every scenario that the panel announces."""
    found: list[sim.Scenario] = []
    panel.observe(lambda change: found.append(change.new), "scenario")
    return found


def test_it_begins_as_the_base() -> None:
    """Untouched, the scenario is the base, nothing has moved, and all levers are there."""
    base = sim.load("surveillance")
    panel = Panel(base)
    assert panel.scenario is base
    assert panel.moved == {}
    assert list(panel.sliders) == [knob.key for knob in KNOBS]
    assert {key: flatten(base)[key] for key in panel.sliders} == {
        key: slider.value for key, slider in panel.sliders.items()
    }


@pytest.mark.parametrize("knob", KNOBS, ids=lambda knob: knob.key)
def test_a_lever_moves_its_parameter_and_nothing_else(knob: Any) -> None:
    """At either end of its span the scenario has that value; every other stays."""
    panel = Panel("baseline", [knob.key])
    slider = panel.sliders[knob.key]
    ends = slider.options if knob.span is None else (slider.min, slider.max)
    before = flatten(sim.load("baseline"))
    for value in ends:
        slider.value = value
        assert flatten(panel.scenario) == {**before, knob.key: value}


def test_a_move_is_announced_once() -> None:
    """One slider let go, or several moved at once, are one change each; no change is none."""
    panel = Panel("baseline", KEYS)
    found = heard(panel)
    panel.sliders["teams.per_district"].value = 3
    panel.set({"teams.per_district": 2, "alert.level": "routine"})
    panel.set({"teams.per_district": 2})
    assert [one.teams.per_district for one in found] == [3, 2]
    assert found[-1].alert.level == "routine"
    assert panel.moved == {"alert.level": "routine", "teams.per_district": 2}


def test_reset_puts_everything_back() -> None:
    """After a reset the scenario is equal to the base, to the digest."""
    panel = Panel("baseline", KEYS)
    panel.set({"patrols.sorties_per_day": 6.0, "alert.level": "heightened"})
    assert digest(panel.scenario) != digest(sim.load("baseline"))
    panel.reset()
    assert panel.moved == {}
    assert digest(panel.scenario) == digest(sim.load("baseline"))


def test_what_has_moved_makes_the_scenario_again() -> None:
    """``sim.load`` with what has moved gives the panel's scenario."""
    panel = Panel("baseline", KEYS)
    panel.set({"patrols.sorties_per_day": 4.5, "teams.per_district": 0})
    assert digest(sim.load("baseline", panel.moved)) == digest(panel.scenario)


def test_a_strange_key_is_refused() -> None:
    """A key that is not a lever is named, with those that are."""
    with pytest.raises(PanjError, match=r"teams\.per_distict") as caught:
        Panel("baseline", ["teams.per_distict"])
    assert "teams.per_district" in str(caught.value)


def test_a_page_without_widgets_shows_a_table() -> None:
    """Each lever has a row with its label, value and unit, as text and as HTML."""
    panel = Panel("baseline", KEYS)
    panel.set({"teams.per_district": 2})
    bundle = panel._repr_mimebundle_()
    assert "Teams in each district: 2 teams" in bundle["text/plain"]
    assert "Alert level: elevated" in bundle["text/plain"]
    assert bundle["text/html"].count("<tr>") == len(KEYS)
    assert "widget-view" in "".join(bundle)
