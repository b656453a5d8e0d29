"""The ground of a world: the shape of the frontier, and every place of the model."""

import math
from itertools import pairwise

import pytest
from story_worlds import busy

import sim
import sim.frontier.ground as frontier
from sim.scenario.values import digest
from sim.viewer.ground import Ground, ground

LAND = frontier.Ground.default()


@pytest.fixture(scope="module")
def model() -> sim.BorderModel:
    """The busy world before its run."""
    return sim.BorderModel(busy(), seed=4)


@pytest.fixture(scope="module")
def sent(model: sim.BorderModel) -> Ground:
    """Its ground."""
    return ground(model)


def test_the_line_runs_from_tripoint_to_tripoint(sent: Ground) -> None:
    """A point every 5 km from 0 to 1,340, in a frame of about 620 by 400 km."""
    km = [row[0] for row in sent["line"]]
    assert km == [5.0 * n for n in range(269)]
    x, y = ([float(row[column]) for row in sent["line"]] for column in (1, 2))
    assert min(x) == min(y) == 0.0
    assert 500.0 < max(x) < 800.0
    assert 100.0 < max(y) < 400.0


def test_a_step_of_the_line_is_no_longer_than_its_chainage(sent: Ground) -> None:
    """The shape is coarse, so the map cuts corners, but it lengthens nothing beyond a fifth."""
    places = [(float(row[1]), float(row[2])) for row in sent["line"]]
    for a, b in pairwise(places):
        assert math.dist(a, b) < 1.2 * 5.0


def test_every_place_of_the_model_is_there(model: sim.BorderModel, sent: Ground) -> None:
    """Posts, villages, sites, teams and cells, in the model's order, where they stand."""
    for key, agents in (
        ("posts", model.posts),
        ("villages", model.villages),
        ("sites", model.worksites),
        ("teams", model.dispatch.teams),
        ("cells", model.cells),
    ):
        rows = sent[key]  # type: ignore[literal-required]
        assert [row["id"] for row in rows] == [agent.identity for agent in agents]
        assert [row["km"] for row in rows] == pytest.approx([a.km for a in agents], abs=1e-3)


def test_sections_cover_the_line(sent: Ground) -> None:
    """Each post's section begins where its neighbour's ends."""
    posts = sent["posts"]
    assert posts[0]["from"] == 0.0
    assert posts[-1]["to"] == 1340.0
    for west, east in pairwise(posts):
        assert west["to"] == east["from"]


def test_the_sun_rises_earlier_in_the_east(sent: Ground) -> None:
    """For each day from 0 to the horizon, sunrise before sunset, and in the east before."""
    assert [row[0] for row in sent["sun"]] == list(range(13))
    for _, rise_west, set_west, rise_east, set_east in sent["sun"]:
        assert 0.0 < rise_east < rise_west < 0.5 < set_east < set_west < 1.0  # type: ignore[operator]


def test_the_ground_says_which_run_it_is(model: sim.BorderModel, sent: Ground) -> None:
    """Name, digest, seed, period and first levels; no digest once a lever was moved."""
    assert sent["scenario"]["digest"] == digest(model.spec)
    assert (sent["seed"], sent["start"], sent["days"]) == ("4", "2025-01-01", 12.0)
    assert sent["alert"] == [1] * len(LAND.districts)
    assert ground(model, pure=False)["scenario"]["digest"] is None


@pytest.mark.parametrize(
    ("identity", "name"),
    [
        ("post/darvoz/3", "Darvoz 4"),
        ("team/reserve/0", "Reserve 1"),
        ("cell/shamsiddin_shohin/1/plan/0.1.2", "Shamsiddin Shohin 2"),
    ],
)
def test_places_have_names(identity: str, name: str) -> None:
    """District and number, counted from 1, as people would say it."""
    assert LAND.place_name(identity) == name
