"""Reading the world at an instant, and an incident with all that was around it."""

from functools import cache

import mesa
import pytest

from sim.frontier.ground import Ground
from sim.incidents.anatomy import MARK_KINDS, Anatomy
from sim.incidents.records import Crossing, Incident
from sim.model import BorderModel
from sim.observe import anatomy, stocks
from sim.scenario.load import load

LAND = Ground.default()

SEEDS = (2, 5)


@cache
def year(seed: int) -> BorderModel:
    """A finished baseline year with twice the plans, so that every kind of incident comes."""
    return BorderModel(load("baseline", {"cells.plans_per_year": 3.0}), seed).run()


@cache
def pictures(seed: int) -> tuple[Anatomy, ...]:
    """The anatomy of every incident of a year."""
    model = year(seed)
    return tuple(anatomy(model, incident) for incident in model.log[Incident])


def test_identities_are_unique() -> None:
    """No two agents share an identity at any time."""
    model = BorderModel(load("baseline"), 4)
    for day in (0.0, 30.0, 60.0):
        model.run_until(day)
        identities = [agent.identity for agent in model.agents]
        assert len(identities) == len(set(identities))


@pytest.mark.parametrize("day", [17.0, 33.25, 58.9])
def test_groups_inside_are_those_whose_crossing_is_under_way(day: float) -> None:
    """The stock of groups equals the flow: crossed by now and not yet over."""
    model = BorderModel(load("baseline", {"smugglers.loads_per_year": 8000.0, "days": 70}), 6)
    model.run_until(day)
    found = stocks(model)["groups_inside"]
    model.run()
    under_way = [
        crossing
        for crossing in model.log[Crossing]
        if crossing.actor == "smugglers" and crossing.crossed_at <= day < crossing.ended_at
    ]
    assert found == len(under_way)
    assert found > 0


def test_stocks_stay_within_their_ranges() -> None:
    """Shares lie in 0..1, levels in 0..3, and counts below what there is."""
    model = BorderModel(load("triggered"), 5)
    for day in range(0, 360, 30):
        model.run_until(float(day))
        row = stocks(model)
        assert row["day"] == day
        assert 0.0 <= row["readiness"] <= 1.0
        assert 0.0 <= row["control"] <= 1.0
        assert 0.0 <= row["alert"] <= 3.0
        assert 0 <= row["teams_free"] <= len(model.dispatch.teams)
        assert 0 <= row["sites_open"] <= len(model.worksites)
        assert row["incidents"] == len(model.log[Incident])


def test_stocks_serve_a_data_collector() -> None:
    """Mesa's collector takes the stocks as reporters and gives one row per day."""
    model = BorderModel(load("baseline", {"days": 20}), 1)
    model.datacollector = mesa.DataCollector(
        model_reporters={"inside": lambda m: stocks(m)["groups_inside"]}
    )
    model.run()
    assert len(model.datacollector.get_model_vars_dataframe()) == 20


@pytest.mark.parametrize("seed", SEEDS)
def test_marks_are_in_order_and_in_the_picture(seed: int) -> None:
    """The marks are in order of time, end with the incident, and lie in the frame."""
    for drawn in pictures(seed):
        times = [mark.t for mark in drawn.marks]
        assert times == sorted(times)
        assert times[-1] == drawn.incident.at
        assert drawn.t0 < times[0]
        assert drawn.t1 > times[-1]
        assert all(mark.kind in MARK_KINDS for mark in drawn.marks)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_path_leads_from_the_line_to_the_incident(seed: int) -> None:
    """A group's way begins at the line when it crossed and ends where the incident was."""
    for drawn in pictures(seed):
        incident = drawn.incident
        if incident.crossed_at is None:
            assert drawn.path == ()
            continue
        assert drawn.path[0][0] == incident.crossed_at
        assert drawn.path[0][2] == 0.0
        assert drawn.path[-1] == (incident.at, incident.km, incident.depth)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_team_leaves_before_it_arrives_before_it_meets(seed: int) -> None:
    """The team's way runs from its base over the alarm to the contact."""
    shown = [drawn for drawn in pictures(seed) if drawn.team]
    assert shown
    for drawn in shown:
        left, arrived, met = (at for at, _ in drawn.team)
        assert left <= arrived <= met == drawn.incident.at
        assert drawn.team[-1][1] == drawn.incident.km


@pytest.mark.parametrize("seed", SEEDS)
def test_patrols_in_the_picture_walk_from_a_post_and_back(seed: int) -> None:
    """Every world-line starts and ends at the post it is named after."""
    for drawn in pictures(seed):
        where = dict(drawn.posts)
        for name, line in drawn.sorties:
            assert line[0][1] == line[-1][1] == where[name]
            assert line[0][0] <= drawn.t1
            assert line[-1][0] >= drawn.t0


@pytest.mark.parametrize("seed", SEEDS)
def test_a_strike_from_afar_has_one_mark(seed: int) -> None:
    """Fire and drones cross nothing: the picture shows the strike in the words of its kind."""
    struck = [d for d in pictures(seed) if d.incident.kind.startswith(("drone", "cross"))]
    assert struck
    for drawn in struck:
        (mark,) = drawn.marks
        assert mark.label in ("drone strike", "fire across the line")
        assert (mark.km, mark.depth) == (drawn.incident.km, drawn.incident.depth)


def test_the_seeds_show_every_kind_of_story() -> None:
    """The years used here hold raids, strikes, contacts of teams, and meetings at the line."""
    kinds = {mark.kind for seed in SEEDS for drawn in pictures(seed) for mark in drawn.marks}
    assert {"crossed", "sign", "seen", "team_arrives", "contact", "strike", "end"} <= kinds
