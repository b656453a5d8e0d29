"""The twin by itself: the ground of Panj, and patrols, groups and sign that do what they should."""

from collections import Counter
from math import inf

import pytest

from benchmarks.twin.agents import Arrival, Group, Patrol, Post, Sign, Sortie
from benchmarks.twin.careful import CarefulTwin
from benchmarks.twin.ground import sections
from benchmarks.twin.model import MINUTE, TickTwin
from benchmarks.twin.worlds import MOST_LOADS, SEASONS, busy, reduced, spread
from sim.incidents.records import Crossing
from sim.model import BorderModel
from sim.scenario.load import load
from sim.scenario.spec import Scenario
from sim.scenario.values import with_overrides

LIMIT = 4.0
STEPS = 5.0
BASELINE = reduced(load("baseline", {"days": 2.0}))


def empty(**changes: object) -> Scenario:
    """The reduced baseline without groups and patrols, but with these changes."""
    quiet = {"smugglers.loads_per_year": 0.0, "patrols.sorties_per_day": 0.0}
    return with_overrides(BASELINE, quiet | changes)


def nobody_else(**changes: object) -> TickTwin:
    """A twin in which only those move whom a test puts in."""
    return TickTwin(empty(**changes), STEPS)


def a_group(twin: TickTwin, share: float, open_days: float, sign_days: float) -> Group:
    """A group in the first half section, at this share of its length from the post."""
    half = twin.sections[0].east
    km = half.km + share * half.length_km
    return Group(twin, Arrival(twin.now, km, True, open_days, 1.0, sign_days))


def a_patrol(twin: TickTwin) -> Patrol:
    """A patrol that leaves now along the first half section."""
    return Patrol(twin, Sortie(twin.now, twin.sections[0].east))


def steps(twin: TickTwin, days: float) -> None:
    """Let so many days go by."""
    for _ in range(round(days / twin.dt)):
        twin.step()


# -- the ground -------------------------------------------------------------------------------


def test_the_twin_walks_the_ground_that_panj_walks() -> None:
    """Every half section has the length, both speeds, rate and passes of Panj's own."""
    spec = with_overrides(BASELINE, {"patrols.emphasis": {"panj": 3.0}, "alert.level": "emergency"})
    panj, halves = BorderModel(spec, 1), {}
    for section in sections(spec):
        halves |= {half.name: half for half in (section.west, section.east)}
    beats = {beat.identity: (post, beat) for post in panj.posts for beat in post.beats}
    assert halves.keys() == beats.keys()
    for name, half in halves.items():
        post, beat = beats[name]
        assert half.length_km == pytest.approx(beat.half_km)
        assert half.day_speed == pytest.approx(beat.stretch.day_speed)
        assert half.night_speed == pytest.approx(beat.stretch.night_speed)
        assert half.per_day == pytest.approx(0.5 * post.sector.sorties.current)


@pytest.mark.parametrize("km", [0.0, 123.4, 700.0, 1111.1, 1339.9])
def test_a_place_lies_in_the_half_section_in_which_panj_has_it(km: float) -> None:
    """Both models find the same half section for a chainage, up to the ends of the line."""
    panj, twin = BorderModel(BASELINE, 1), nobody_else()
    assert twin.half_at(km).name == panj.post_at(km).beat_at(km).identity


def test_a_patrol_comes_by_twice() -> None:
    """Out and back together are the whole way, and a place past the end counts as the end."""
    half = sections(BASELINE)[3].west
    (_, out), (_, back) = half.legs(half.km - 0.3 * half.length_km)
    assert out == pytest.approx(0.3 * half.length_km)
    assert out + back == pytest.approx(half.way_km)
    assert half.legs(half.km - 2.0 * half.length_km) == (
        ("out", half.length_km),
        ("back", half.length_km),
    )


# -- patrols ----------------------------------------------------------------------------------


def test_a_patrol_is_home_after_its_way() -> None:
    """It is out for the way over its speed, to a step, and no longer among the agents then."""
    twin = nobody_else()
    patrol = a_patrol(twin)
    out = patrol.half.way_km / patrol.speed
    steps(twin, out - 2.0 * twin.dt)
    assert patrol in twin.agents
    steps(twin, 4.0 * twin.dt)
    assert patrol not in twin.agents
    assert not patrol.half.patrols


def test_as_many_are_out_at_the_start_as_in_the_long_run() -> None:
    """The patrols on their way at the start have the mean of Little's law: rate times duration."""
    night = 0.0
    mean = 0.0
    some = TickTwin(BASELINE, 30.0)
    for section in some.sections:
        for half in (section.west, section.east):
            mean += half.per_day * half.way_km / half.day_speed
            night += half.per_day * half.way_km / half.night_speed
    seeds = range(1, 13)
    counts = [len(TickTwin(BASELINE, 30.0, seed).agents_by_type[Patrol]) for seed in seeds]
    average, error = sum(counts) / len(counts), (night / len(counts)) ** 0.5
    # patrols that left by night take longer: the mean is between all by day and all by night
    assert mean - LIMIT * error < average < night + LIMIT * error
    assert average > 1.05 * mean


def test_departures_are_those_of_the_scenario() -> None:
    """Posts send out a Poisson number of patrols with the scenario's rate; |z| < 4."""
    twin = TickTwin(BASELINE, STEPS)
    expected = sum(s.west.per_day + s.east.per_day for s in twin.sections) * 10.0
    left = 0
    for post in twin.agents_by_type[Post]:
        while post.next_sortie.at < 10.0:
            left += 1
            post.next_sortie = next(post.sorties)
    assert abs(left - expected) < LIMIT * expected**0.5
    assert abs(left - 0.8 * expected) > LIMIT * (0.8 * expected) ** 0.5


@pytest.mark.parametrize("change", [{"patrols.schedule": "regular"}, {"alert.policy": "triggered"}])
def test_what_the_twin_lacks_is_refused(change: dict[str, object]) -> None:
    """A scenario whose departures or level it cannot follow is not run as if it could."""
    with pytest.raises(ValueError, match="random departures and a fixed level"):
        TickTwin(with_overrides(BASELINE, change), STEPS)


# -- seeing and finding -----------------------------------------------------------------------


def test_who_is_in_the_open_is_seen_by_a_sure_patrol() -> None:
    """With certain sight the first pass within range sees the group, and it is met and gone."""
    twin = nobody_else(**{"patrols.p_sight": 1.0})
    group, patrol = a_group(twin, 0.5, open_days=10.0, sign_days=1.0), a_patrol(twin)
    reached = (0.5 * patrol.half.length_km - group.reach_km) / patrol.speed
    steps(twin, 1.0)
    (found,) = twin.found.values()
    assert found.cue == "patrol"
    assert reached <= found.delay <= reached + 2.0 * twin.dt
    assert not twin.agents_by_type[Group]
    assert Sign not in twin.agents_by_type


def test_a_pass_is_one_chance_however_many_steps_it_takes() -> None:
    """A patrol asks luck once on the way out and once on the way back, not at every step."""
    asked: Counter[str] = Counter()

    class Counting(TickTwin):
        def notices(self, patrol: Patrol, group: Group, cue: str, leg: str) -> bool:
            asked[leg] += 1
            return False

    twin = Counting(empty(), 1.0)
    a_group(twin, 0.4, open_days=10.0, sign_days=1.0)
    a_patrol(twin)
    steps(twin, 0.8)
    assert asked == {"out": 1, "back": 1}


@pytest.mark.parametrize("minutes", [1.0, 7.0, 45.0])
def test_sign_is_passed_once_each_way_whatever_the_step(minutes: float) -> None:
    """Sign has no extent, yet no step is so long that a patrol walks over it unawares."""
    asked: Counter[str] = Counter()

    class Counting(TickTwin):
        def notices(self, patrol: Patrol, group: Group, cue: str, leg: str) -> bool:
            asked[f"{cue} {leg}"] += 1
            return False

    twin = Counting(empty(**{"patrols.sight_range_night_km": 0.0}), minutes)
    a_group(twin, 0.7, open_days=0.5 * twin.dt, sign_days=9.0)
    twin.step()
    a_patrol(twin)
    steps(twin, 0.8)
    assert asked == {"sign out": 1, "sign back": 1}


def test_sign_that_has_gone_is_not_found() -> None:
    """A certain finder comes too late for sign that lives for an hour at the far end."""
    twin = nobody_else(**{"sign.p_found": 1.0, "patrols.sight_range_night_km": 0.0})
    a_group(twin, 0.95, open_days=twin.dt, sign_days=60.0 * MINUTE)
    a_patrol(twin)
    steps(twin, 1.0)
    assert not twin.found
    assert not twin.sections[0].east.signs


def test_found_sign_is_found_once() -> None:
    """After the first finder there is nothing left for the second."""
    twin = nobody_else(**{"sign.p_found": 1.0, "patrols.sight_range_night_km": 0.0})
    a_group(twin, 0.5, open_days=twin.dt, sign_days=9.0)
    twin.step()
    a_patrol(twin), a_patrol(twin)
    steps(twin, 1.0)
    (found,) = twin.found.values()
    assert found.cue == "sign"
    assert not twin.sections[0].east.signs


def test_groups_disperse_inland() -> None:
    """Unmet, a group leaves the model after its time in the open and its walk."""
    twin = nobody_else()
    group = a_group(twin, 0.5, open_days=0.1, sign_days=0.0)
    walk = group.inland_km / twin.walk_km_day
    steps(twin, 0.1 + walk - 3.0 * twin.dt)
    assert group in twin.agents
    steps(twin, 6.0 * twin.dt)
    assert group not in twin.agents
    assert not twin.found


# -- the whole twin ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [TickTwin, CarefulTwin])
def test_the_same_seed_gives_the_same_run(kind: type[TickTwin]) -> None:
    """A run is a function of scenario, step and seed; another seed gives another."""
    (spec, *_) = busy(0.3)
    one, same, other = (kind(spec, 10.0, seed).run() for seed in (3, 3, 4))
    assert (one.arrived, one.found) == (same.arrived, same.found)
    assert one.found != other.found


def test_as_many_come_as_in_panj() -> None:
    """Numbers of groups agree with Panj's, season by season; a fifth more would not (|z| < 4)."""
    for spec in spread(2.0):
        ours = len(BorderModel(spec, 1).run().log[Crossing])
        twin = TickTwin(spec, 5.0, 2)
        theirs = 0
        for arrival in twin.arrivals():
            if arrival.at == inf:
                break
            theirs += 1
        assert abs(ours - theirs) < LIMIT * (ours + theirs) ** 0.5
    assert 0.2 * ours > LIMIT * (2.2 * ours) ** 0.5


def test_the_careful_twin_keeps_no_post_and_no_crowd() -> None:
    """Posts are not stepped, and patrols that came home do not pile up."""
    spec = with_overrides(BASELINE, {"days": 6.0, "smugglers.loads_per_year": 0.0})
    twin = CarefulTwin(spec, 20.0).run()
    assert not twin.agents_by_type[Post]
    out = sum(s.west.per_day * s.west.longest_days * 2.0 for s in twin.sections)
    assert len(twin.agents_by_type[Patrol]) < 4.0 * out


# -- the scenarios ----------------------------------------------------------------------------


def test_reduced_panj_does_no_more_than_the_twin() -> None:
    """Crossings are noticed by patrol and by sign alone; a party that is seen is met at once."""
    panj = BorderModel(
        reduced(load("baseline", {"days": 40.0, "smugglers.loads_per_year": 20000.0})), 1
    ).run()
    cues = Counter(crossing.cue for crossing in panj.log[Crossing])
    assert cues.keys() == {"patrol", "sign", None}
    for crossing in panj.log[Crossing]:
        met = crossing.contact_at is not None
        assert met == (crossing.cue == "patrol")
        if met:
            assert crossing.contact_at == crossing.detected_at


def test_busy_runs_stand_for_the_whole_year() -> None:
    """There is one for each season, and each has as many groups as a scenario may have."""
    assert [spec.start for spec in busy(1.0)] == list(SEASONS)
    assert {spec.smugglers.loads_per_year for spec in busy(1.0) + spread(1.0)} == {MOST_LOADS}
