"""A story covers the whole run, is true to it, and does not change it."""

import json
from collections import Counter

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from story_worlds import at, busy, seen

import sim
from sim.frontier.ground import Ground
from sim.incidents.narrative import sentence
from sim.incidents.records import Alarm, AlertChange, Crossing, Incident, SiteClosure
from sim.scenario.catalogue import names
from sim.viewer.story import Story
from sim.viewer.wire_format import join_stretches

LAND = Ground.default()

QUICK = settings(phases=[Phase.explicit, Phase.generate], max_examples=5)
"""An example is a run: it is shown as found, not made smaller by running again."""

DAYS = st.floats(0.0, 12.0)


def test_the_world_of_these_tests_has_everything() -> None:
    """Every kind of mover, ending, closure, move and change of level occurs in it."""
    model, story = seen()
    assert Counter(track["kind"] for track in story["tracks"]).keys() == {
        "smugglers",
        "militants",
        "team",
    }
    ends = {track["end"] for track in story["tracks"]}
    assert ends >= {"through", "load_left", "clash", "withdrew", "turned_back", "home", "open"}
    assert story["alert"]
    assert story["bases"]
    assert {row[2] for row in story["sites"]} == {True, False}
    assert len(model.log[Incident]) > 10


def test_looking_changes_nothing() -> None:
    """A viewed run has the fingerprint of the run that nobody saw."""
    unseen = sim.BorderModel(busy(), seed=4).run()
    assert seen()[0].fingerprint() == unseen.fingerprint()


@pytest.mark.parametrize("name", names())
def test_every_shipped_scenario_has_a_story(name: str) -> None:
    """Also those in which something is planned for the first instant; nothing is changed by it."""
    spec = sim.load(name, {"days": 6.0})
    model = sim.BorderModel(spec, seed=2)
    Story(model).advance(spec.days)
    assert model.fingerprint() == sim.BorderModel(spec, seed=2).run().fingerprint()


@QUICK
@given(cuts=st.lists(DAYS, max_size=6))
def test_stretches_put_together_are_the_whole(cuts: list[float]) -> None:
    """However a run is cut into stretches, a client ends with the same story, and so the run."""
    model = sim.BorderModel(busy(), seed=4)
    story = Story(model)
    parts = [story.advance(cut) for cut in [*sorted(cuts), 12.0]]
    assert join_stretches(parts) == seen()[1]
    assert model.fingerprint() == seen()[0].fingerprint()


@QUICK
@given(times=st.lists(DAYS, min_size=8, max_size=30))
def test_a_drawn_position_is_the_agent_s(times: list[float]) -> None:
    """At any instant everybody is where the points of the story put them.

    Times are rounded to half a second of a day's share, so what is fast is a little off: a
    helicopter (3,840 km/day) by 40 m at most, walkers by less than 5 m.
    """
    tracks = {track["id"]: track for track in seen()[1]["tracks"]}
    model = sim.BorderModel(busy(), seed=4)
    for t in sorted(times):
        model.run_until(t)
        for passage in model.passages.values():
            if passage.ending is None:
                assert at(tracks[passage.identity], t) == pytest.approx(
                    passage.intruders.position(t), abs=5e-3
                )
        for team in model.dispatch.teams:
            if team.call is not None:
                where = at(tracks[team.call.identity], t)
                assert where == pytest.approx(team.position(t), abs=5e-2)


@QUICK
@given(t=st.floats(0.0, 11.9))
def test_the_sorties_out_are_those_of_the_patrols(t: float) -> None:
    """At any instant the sorties of the story are where the model's patrols are."""
    model, story = seen()
    drawn: dict[int, list[float]] = {number: [] for number in range(len(model.posts))}
    for number, side, leaves, turns in story["sorties"]:
        assert isinstance(leaves, float)
        assert isinstance(turns, float)
        post = model.posts[int(number)]
        if leaves <= t <= 2.0 * turns - leaves:
            end = post.west_km if side == -1 else post.east_km
            share = 1.0 - abs(t - turns) / (turns - leaves)
            drawn[int(number)].append(post.km + share * (end - post.km))
    for number, post in enumerate(model.posts):
        out = [km for beat in post.beats for km in beat.places(t)]
        assert sorted(drawn[number]) == pytest.approx(sorted(out), abs=5e-3)


def test_every_crossing_is_a_track_that_ends_as_the_log_says() -> None:
    """One track for each crossing, with its ending, its times and its place; and no other."""
    model, story = seen()
    tracks = {track["id"]: track for track in story["tracks"] if track["kind"] != "team"}
    log = {crossing.identity: crossing for crossing in model.log[Crossing]}
    assert tracks.keys() == log.keys()
    for identity, crossing in log.items():
        track = tracks[identity]
        assert (track["end"], track["cue"], track["night"], track["kind"]) == (
            crossing.ending,
            crossing.cue,
            crossing.night,
            crossing.actor,
        )
        for name, when in (
            ("ended", crossing.ended_at),
            ("seen", crossing.detected_at),
            ("met", crossing.contact_at),
        ):
            assert track[name] == (None if when is None else pytest.approx(when, abs=1e-5))  # type: ignore[literal-required]
        first, last = track["points"][0], track["points"][-1]
        assert first == pytest.approx((crossing.crossed_at, crossing.km, 0.0), abs=1e-3)
        assert last[0] == track["ended"]


def test_who_is_met_at_the_water_s_edge_has_a_track_too() -> None:
    """A crossing that comes and goes in one instant is a track of one point, and is counted."""
    watched = {
        "days": 2.0,
        "smugglers.loads_per_year": 20000.0,
        "patrols.sorties_per_day": 48.0,
        "patrols.p_sight": 1.0,
        "patrols.sight_range_night_km": 5.0,
        "patrols.sight_range_day_km": 10.0,
    }
    model = sim.BorderModel(sim.load("baseline", watched), seed=1)
    story = Story(model).advance(2.0)
    sudden = [t for t in story["tracks"] if t["kind"] == "smugglers" and len(t["points"]) == 1]
    assert sudden
    log = {crossing.identity: crossing for crossing in model.log[Crossing]}
    for track in sudden:
        assert log[track["id"]].ended_at == log[track["id"]].crossed_at
        assert track["end"] == log[track["id"]].ending
    outcomes = model.outcomes()
    assert story["counters"][-1][1:3] == [outcomes["crossings"], outcomes["interdicted"]]


def test_every_alarm_that_was_answered_is_a_mission() -> None:
    """One track for each alarm that a team went to, out and home, its hours in order."""
    model, story = seen()
    missions = {track["id"]: track for track in story["tracks"] if track["kind"] == "team"}
    assert missions.keys() == {alarm.identity for alarm in model.log[Alarm] if alarm.team}
    crossings = {crossing.identity for crossing in model.log[Crossing]}
    for alarm in model.log[Alarm]:
        if alarm.team is None:
            continue
        track = missions[alarm.identity]
        assert track["who"] == alarm.team
        assert (track["of"] is None) == (alarm.cue == "false")
        assert track["of"] is None or track["of"] in crossings
        stages = [track["called"], track["left"], track["arrived"], track["released"]]
        known = [stage for stage in stages if stage is not None]
        assert known == sorted(known)
        assert known == stages[: len(known)]
        if track["end"] == "home":
            assert track["points"][-1][1] == track["points"][0][1]


def test_the_points_of_a_track_are_in_order_of_time() -> None:
    """Nobody is at two places at once, and each track lasts until its end."""
    for track in seen()[1]["tracks"]:
        times = [point[0] for point in track["points"]]
        assert times == sorted(times)
        assert times[-1] == pytest.approx(track["ended"], abs=1e-5)


def test_a_team_is_on_one_mission_at_a_time() -> None:
    """The missions of a team follow each other."""
    by_team: dict[str, list[tuple[float, float]]] = {}
    for track in seen()[1]["tracks"]:
        if track["kind"] == "team":
            span = (track["points"][0][0], track["points"][-1][0])
            by_team.setdefault(track["who"], []).append(span)
    for spans in by_team.values():
        ends, starts = [end for _, end in sorted(spans)], [start for start, _ in sorted(spans)]
        assert all(end <= start + 1e-5 for end, start in zip(ends, starts[1:], strict=False))


def test_events_are_the_incidents() -> None:
    """Every incident comes once, with its sentence, and graver ones have a higher grade."""
    model, story = seen()
    incidents = model.log[Incident]
    told = {event["identity"]: event for event in story["events"]}
    assert len(told) == len(story["events"]) == len(incidents)
    tracks = {track["id"] for track in story["tracks"]}
    for incident in incidents:
        event = told[incident.identity]
        assert event["text"] == sentence(incident, model.spec.start, LAND)
        assert event["severity"] == (
            3
            if incident.victims
            else 2
            if incident.deaths
            else int(incident.clash or incident.actor == "militants" or event["wounded"] > 0)
        )
        assert (event["of"] in tracks) == (incident.crossed_at is not None)


def test_the_last_counters_are_the_outcomes() -> None:
    """What the counters end at is the outcome row, and they never count down."""
    model, story = seen()
    outcomes = model.outcomes()
    last = story["counters"][-1]
    names = ("crossings", "interdicted", "incidents", "attacks", "victims", "deaths")
    assert last[1:7] == [outcomes[name] for name in names]
    table = np.array(story["counters"], dtype=float)
    assert (np.diff(table[:, :7], axis=0) >= 0.0).all()
    assert table[0, :8].tolist() == [0.0] * 8
    assert set(range(13)) <= set(table[:, 0])
    assert ((table[:, 8] >= 0.0) & (table[:, 8] <= 1.0)).all()


def test_levels_and_closures_are_those_of_the_log() -> None:
    """Changes of level as recorded; each site that shuts is in the log with its reopening."""
    model, story = seen()
    changes = [change for change in model.log[AlertChange] if change.cause != "start"]
    assert len(story["alert"]) == len(changes)
    for row, change in zip(story["alert"], changes, strict=True):
        assert row[0] == pytest.approx(change.at, abs=1e-5)
        assert row[3] == change.cause
    names = {site.identity: number for number, site in enumerate(model.worksites)}
    shut = {(round(c.closed_at, 5), names[c.site], False) for c in model.log[SiteClosure]}
    opened = {
        (round(c.reopens_at, 5), names[c.site], True)
        for c in model.log[SiteClosure]
        if c.reopens_at <= 12.0
    }
    assert {tuple(row) for row in story["sites"]} == shut | opened


def test_a_stretch_is_json() -> None:
    """The story can be written as JSON, without numbers that JSON does not have."""
    text = json.dumps(seen()[1], allow_nan=False)
    assert json.loads(text)["t1"] == 12.0


def test_a_track_under_way_comes_again_longer() -> None:
    """Sent up to the present, then again under its name with more points."""
    story = Story(sim.BorderModel(busy(), seed=4))
    first, second = story.advance(3.0), story.advance(4.0)
    later = {track["id"]: track for track in second["tracks"]}
    under_way = [track for track in first["tracks"] if track["end"] is None]
    assert under_way
    for track in under_way:
        assert track["points"][-1][0] == 3.0
        assert later[track["id"]]["points"][-1][0] > 3.0


def test_past_the_horizon_the_story_is_empty() -> None:
    """A stretch past the end, or before the present, is empty."""
    story = Story(sim.BorderModel(busy(), seed=4))
    assert not story.advance(5.0)["over"]
    for until in (3.0, 5.0):
        empty = story.advance(until)
        assert (empty["t0"], empty["t1"]) == (5.0, 5.0)
        assert not empty["sorties"]
        assert not empty["events"]
    assert story.advance(99.0)["t1"] == 12.0
    assert story.over
    assert story.advance(100.0)["over"]


def test_a_run_that_has_begun_is_refused() -> None:
    """What happened before cannot be read."""
    model = sim.BorderModel(busy(), seed=4)
    model.run_until(1.0)
    with pytest.raises(ValueError, match=r"already run to day 1\.0"):
        Story(model)


def test_stretches_with_a_gap_are_not_joined() -> None:
    """One stretch must begin where the one before it ended."""
    story = Story(sim.BorderModel(busy(), seed=4))
    first, _, third = (story.advance(day) for day in (1.0, 2.0, 3.0))
    with pytest.raises(ValueError, match="does not follow"):
        join_stretches([first, third])
