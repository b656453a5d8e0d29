"""A kind of agent added from outside, exactly as ``docs/extending.md`` walks through it.

The scout is described, drawn, observed, shown, reported and counted; ``sim`` knows nothing of it.
"""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex

import sim
from sim.agents.frontier import FrontierAgent
from sim.engine.shared_draws import no_shared_draws
from sim.errors import PanjError
from sim.frontier.ground import Ground
from sim.incidents.kinds import ACTORS, AGENTS, INCIDENTS
from sim.incidents.narrative import sentence
from sim.incidents.records import Crossing, Incident
from sim.measures.registry import outcome_row
from sim.measures.run_view import RunView
from sim.observe import anatomy, stocks
from sim.report.anatomy import draw_anatomy
from sim.report.funnel_run import counts_by_cue
from sim.report.one_run import OneRun
from sim.report.strip_map import draw_strip_map
from sim.runs.arrow import from_table, to_table
from sim.viewer.ground import ground
from sim.viewer.story import Story

LAND = Ground.default()

PAGE = Path(__file__).parents[2] / "docs" / "extending.md"
SEED = 3
DENSE = {
    "days": 40.0,
    "technical.camera_coverage": 0.3,
    "technical.uav_hours_per_day": 6.0,
    "tips.p_tip": 0.3,
}


def code() -> str:
    """The section's code blocks, one after another, as a user would put them in a file."""
    section = PAGE.read_text("utf-8").partition("\n## A kind of agent\n")[2].partition("\n## ")[0]
    return "\n".join(re.findall(r"```python\n(.*?)```", section, re.S))


@pytest.fixture(scope="module")
def own() -> Iterator[SimpleNamespace]:
    """The user's file, and a run and a story of its model with 30 scouts a day."""
    spec = sim.load("baseline", DENSE)
    before = sim.BorderModel(spec, SEED).run().fingerprint()
    names: dict[str, object] = {"__name__": "scouting"}
    exec(compile(code(), str(PAGE), "exec"), names)
    try:
        names["SCOUTS_A_DAY"] = 30.0
        user = SimpleNamespace(**names)
        model = user.ScoutedModel(spec, SEED)
        stretch = Story(model).advance(spec.days)
        yield SimpleNamespace(user=user, before=before, model=model, told=stretch)
    finally:
        ACTORS.remove("scouts")
        INCIDENTS.remove("scout_stopped")
        AGENTS.remove("tower")


def test_its_draws_are_its_own(own: SimpleNamespace) -> None:
    """The user's agent shares no draw with another."""
    with no_shared_draws():
        user = own.user.ScoutedModel(own.model.spec, SEED).run()
    assert user.fingerprint() == own.model.fingerprint()


def test_it_goes_with_a_copy_and_a_fork(own: SimpleNamespace) -> None:
    """In the middle of a run, from a file that nobody could import; it hears of other rules."""
    model = own.user.ScoutedModel(own.model.spec, SEED)
    model.run_until(20.5)
    tower = Tower(model, "tower/darvoz/0", 500.0)
    fork = model.fork({"patrols.size": 7})
    (there,) = fork.agents_by_type[Tower]
    assert (there.sizes, tower.sizes) == ([(4, 7)], [])
    tower.remove()
    assert model.fork().run().fingerprint() == own.model.fingerprint()


class Tower(FrontierAgent):
    """Notes how large patrols were, and are."""

    def __init__(self, model: sim.BorderModel, identity: str, km: float) -> None:
        super().__init__(model, identity, km)
        self.sizes: list[tuple[int, int]] = []

    def adopt(self, before: sim.Scenario) -> None:
        """The scenario was another until now."""
        self.sizes.append((before.patrols.size, self.spec.patrols.size))


@pytest.fixture(scope="module")
def crossings(own: SimpleNamespace) -> list[Crossing]:
    """The crossings of scouts."""
    return [row for row in own.model.log[Crossing] if row.actor == "scouts"]


@pytest.fixture(scope="module")
def incidents(own: SimpleNamespace) -> list[Incident]:
    """What happened to scouts."""
    return [row for row in own.model.log[Incident] if row.actor == "scouts"]


def test_registering_changes_no_run_of_others(own: SimpleNamespace) -> None:
    """With scouts known by name but absent, the baseline is the one it was, byte for byte."""
    assert sim.BorderModel(own.model.spec, SEED).run().fingerprint() == own.before


def test_a_second_registration_is_refused(own: SimpleNamespace) -> None:
    """The message names the kind and says what to do."""
    with pytest.raises(PanjError, match=r'"scouts": this kind of actor is registered already'):
        exec(compile(code(), str(PAGE), "exec"), {"__name__": "again"})


def test_scouts_are_noticed_by_every_layer_and_meet_every_fate(crossings: list[Crossing]) -> None:
    """They are seen, filmed, reported and tracked; they run back, surrender or get through."""
    assert len(crossings) > 500
    assert {row.cue for row in crossings} >= {"patrol", "watch", "camera", "uav", "sign", "tip"}
    assert {row.ending for row in crossings} >= {"through", "turned_back", "surrendered"}
    assert all((row.size, row.load_kg, row.armed) == (1, 0.0, False) for row in crossings)


def test_a_scout_has_a_sentence(own: SimpleNamespace, incidents: list[Incident]) -> None:
    """Every meeting is described in the kind's own words, the dead too."""
    start = own.model.spec.start
    told = [sentence(incident, start, LAND) for incident in incidents]
    assert any(": 1 scout met by a patrol at " in words for words in told)
    assert all("smuggler " not in words for words in told)
    fatal = incidents[0]._replace(killed_smugglers=1, detained=0, escaped=0)
    assert "1 scout dead" in sentence(fatal, start, LAND)


def test_reports_name_scouts_or_those_they_are_taken_for(incidents: list[Incident]) -> None:
    """Most are named correctly, some as smugglers or militants, as the sentences say."""
    named = {row.reported_actor for row in incidents if row.reported_at is not None}
    assert named == {"scouts", "smugglers", "militants"}
    wrong = next(row for row in incidents if row.reported_actor == "militants")
    assert sentence(wrong, dt.date(2025, 1, 1), LAND).endswith("(reported as militants).")


def test_scouts_are_counted_but_are_neither_smuggling_nor_an_attack(
    own: SimpleNamespace, crossings: list[Crossing], incidents: list[Incident]
) -> None:
    """All crossings are more than those of the two old kinds, and no attack is added."""
    model = own.model
    row = model.outcomes()
    others = row["crossings_smuggling"] + row["crossings_infiltration"]
    assert row["crossings"] - others == len(crossings)
    assert row["attacks"] == sum(i.actor == "militants" for i in model.log[Incident])
    model.log[Incident].append(incidents[0]._replace(killed_smugglers=1))
    after = outcome_row(RunView(model.log, model.accounts(), model.spec))
    del model.log[Incident][-1]
    assert after["smugglers_killed"] == row["smugglers_killed"] + 1


def test_guards_stop_scouts_who_give_up(crossings: list[Crossing]) -> None:
    """In the funnel they are stopped by their ending, for they do not attack."""
    held = sum(one.stopped for one in counts_by_cue(crossings).values())
    assert held == sum(row.ending == "surrendered" for row in crossings) > 0


def test_a_scout_is_drawn_on_the_strip_map(own: SimpleNamespace, incidents: list[Incident]) -> None:
    """Its incidents have the colour of their kind and stand in the legend."""
    figure = draw_strip_map(OneRun.of(own.model))
    points = [
        one for axes in figure.axes for one in axes.collections
        if isinstance(one, PathCollection) and one.get_label() == "scout_stopped"
    ]  # fmt: skip
    assert sum(len(one.get_offsets()) for one in points) == len(incidents)
    assert {to_hex(one.get_facecolor()[0]).upper() for one in points if len(one.get_offsets())} == {
        "#4B6B00"
    }
    assert "scout stopped" in {
        text.get_text() for legend in figure.legends for text in legend.get_texts()
    }


def test_a_scout_has_an_anatomy(own: SimpleNamespace, incidents: list[Incident]) -> None:
    """One picture of a scout met by a team: crossed, noticed, met, with the legend's word."""
    met = next(i for i in incidents if i.alarm_at is not None and i.contact_at == i.at)
    drawn = anatomy(own.model, met)
    assert {"crossed", "team_arrives", "contact"} <= {mark.kind for mark in drawn.marks}
    figure = draw_anatomy(drawn)
    assert "scouts" in {text.get_text() for text in figure.legends[0].get_texts()}


def test_a_scout_is_observed_while_it_crosses(own: SimpleNamespace) -> None:
    """It is among the agents, and among the groups inside that do not attack."""
    model = own.user.ScoutedModel(own.model.spec, SEED)
    model.run_until(20.0)
    seen = [agent for agent in model.agents if type(agent).__name__ == "Scout"]
    assert seen
    assert all(agent.identity.startswith("scout/") for agent in seen)
    inside = [p for p in model.passages.values() if p.inside]
    assert stocks(model)["groups_inside"] + stocks(model)["parties_inside"] == len(inside)


def test_a_scout_is_shown_in_the_view(own: SimpleNamespace) -> None:
    """Its looks and words are sent, its ways are tracks, its incidents events."""
    kinds = ground(own.model)["kinds"]
    assert kinds["agents"]["scouts"] == {
        "one": "scout", "label": "scouts", "shape": "down", "light": "#4B6B00", "dark": "#B4D455",
        "size": 5.0,
    }  # fmt: skip
    assert set(kinds["events"]) == set(INCIDENTS)
    tracks = [track for track in own.told["tracks"] if track["kind"] == "scouts"]
    assert len(tracks) > 500
    assert all(len(track["points"]) >= 1 for track in tracks)
    events = [event for event in own.told["events"] if event["kind"] == "scout_stopped"]
    assert events
    assert {event["of"] for event in events} <= {track["id"] for track in tracks}


def test_what_stands_still_is_shown_by_its_kind(own: SimpleNamespace) -> None:
    """A tower is sent with its kind and place; posts and cells keep lists of their own."""
    model = sim.BorderModel(own.model.spec, SEED)
    assert ground(model)["others"] == []
    FrontierAgent(model, "tower/darvoz/0", 560.0, 0.5)
    shown = {"id": "tower/darvoz/0", "kind": "tower", "km": 560.0, "depth": 0.5}
    assert ground(model)["others"] == [shown]
    assert ground(model)["kinds"]["agents"]["tower"]["label"] == "watchtower"


def test_the_tables_of_a_run_hold_scouts(crossings: list[Crossing]) -> None:
    """Written as Arrow and read back, a crossing is the same."""
    assert from_table(to_table(crossings, Crossing), Crossing) == crossings
