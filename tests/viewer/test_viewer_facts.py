"""One agent in words, at any time gone by."""

import pytest
from told import at, busy, seen

import sim
from sim.errors import PanjError
from sim.frontier.line import DISTRICTS
from sim.viewer.facts import facts
from sim.viewer.story import Story


@pytest.fixture(scope="module")
def story() -> Story:
    """The busy world after its run."""
    told = Story(sim.BorderModel(busy(), seed=4))
    told.advance(12.0)
    return told


def said(story: Story, identity: str, t: float) -> dict[str, str]:
    """The facts as a table."""
    return dict(facts(story, identity, t).rows)


def test_everybody_of_the_ground_can_be_asked(story: Story) -> None:
    """Every post, village, site, team, cell and district has a title and facts at any time."""
    model = story.model
    places = [*model.posts, *model.villages, *model.worksites, *model.dispatch.teams]
    names = [agent.identity for agent in (*places, *story.all_cells)]
    for identity in [*names, *(f"district/{info.slug}" for info in DISTRICTS)]:
        for t in (0.0, 6.3, 12.0):
            title, rows = facts(story, identity, t)
            assert title
            assert rows
            assert all(label and text for label, text in rows)


def test_every_track_can_be_asked_at_its_middle(story: Story) -> None:
    """A mover tells where it is, which is where it is drawn."""
    for track in seen()[1]["tracks"]:
        t = 0.5 * (track["points"][0][0] + track["points"][-1][0])
        km, depth = at(track, t)
        where = said(story, track["id"], t)["where"]
        assert where.startswith(f"km {km:.0f}, ")
        assert depth == 0.0 or f"{abs(depth):.1f} km" in where


def test_nothing_is_told_before_it_happened(story: Story) -> None:
    """Before a group was seen it is known to nobody, and before it ended it is under way."""
    crossers = [t for t in story.tracks.values() if t["kind"] != "team" and t["seen"] is not None]
    before = after = 0
    for track in crossers:
        began, ended, known = track["points"][0][0], track["ended"], track["seen"]
        assert ended is not None
        assert known is not None
        for t in (began, 0.5 * (began + known), known, ended):
            told = said(story, track["id"], t)
            assert (told["known"] == "to nobody") == (t < known)
            assert (told["state"] == "under way") == (t < ended)
            before, after = before + (t < known), after + (t >= known)
    assert before
    assert after


def test_a_team_tells_the_stage_of_its_mission(story: Story) -> None:
    """Turning out, on its way, at the alarm, going home, at its base: each in its time."""
    track = next(
        t
        for t in story.tracks.values()
        if t["kind"] == "team" and t["end"] == "home" and t["left"] != t["arrived"]
    )
    stages = (track["called"], track["left"], track["arrived"], track["released"], track["ended"])
    times = [stage for stage in stages if stage is not None]
    states = [said(story, track["id"], t)["state"] for t in times]
    assert states == [
        "turning out",
        "on its way to an alarm",
        "at the alarm, searching",
        "going home",
        "at its base",
    ]
    assert said(story, track["who"], times[2]) == said(story, track["id"], times[2])


def test_a_site_that_was_shut_is_told_so_only_then(story: Story) -> None:
    """The state of a place is that of the time asked for, not of the present."""
    t, number, is_open = story.sites[0]
    assert is_open is False
    identity = story.model.worksites[int(number)].identity
    assert said(story, identity, float(t) - 0.01)["state"] == "working"
    assert said(story, identity, float(t))["state"] == "evacuated"


def test_a_post_tells_the_level_of_its_district_then(story: Story) -> None:
    """After a change of level, a question about the time before has the old level."""
    sector = next(s for s in story.model.sectors if len(s.level.times) > 1)
    post = next(p for p in story.model.posts if p.sector is sector)
    change = sector.level.times[1]
    before, after = (said(story, post.identity, t) for t in (change - 0.01, change + 0.01))
    assert before["alert level"] != after["alert level"]
    assert before["sorties of a post"] != after["sorties of a post"]


@pytest.mark.parametrize(
    "identity", ["", "post", "post/", "post/atlantis/0", "group/panj/9.9.9", "cell/x/1", "x/../y"]
)
def test_nobody_is_an_error(story: Story, identity: str) -> None:
    """A name that nobody has, or has not yet, is refused by that name."""
    with pytest.raises(PanjError, match="nobody of that name"):
        facts(story, identity, 3.0)


def test_a_group_that_has_not_come_is_nobody_yet(story: Story) -> None:
    """Who crosses on day 5 is not there on day 1."""
    late = next(t for t in story.tracks.values() if t["points"][0][0] > 5.0)
    with pytest.raises(PanjError, match="nobody of that name"):
        facts(story, late["id"], 1.0)
