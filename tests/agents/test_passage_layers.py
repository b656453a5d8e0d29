"""Every way in which a crossing is noticed, against its formula, by the code that runs."""

from math import exp

import pytest
from quiet_worlds import (
    LIMIT,
    Walker,
    assert_share,
    cross,
    exposed_for,
    scenario,
    world,
    z_mean,
)

from sim.agents.passage import exposed_hours
from sim.frontier.ground import Ground
from sim.model import BorderModel
from sim.theory.search import random_search_pod

LAND = Ground.default()

N = 3000
HOURS = 24.0


def beside_a_post(model: BorderModel, beyond_km: float = 0.0, slug: str = "panj") -> float:
    """Chainage of a post of a district, or so far east of it."""
    return next(p.km for p in model.posts if p.sector.slug == slug) + beyond_km


def crowd(model: BorderModel, km: float, n: int = N, inside_days: float = 1.0) -> list[Walker]:
    """Many who cross at one place now, each with luck of their own."""
    return [cross(model, f"walker/{i}", km, inside_days) for i in range(n)]


def share_known(changes: dict[str, object], at: float = 100.5, km: float | None = None) -> float:
    """Share of many crossings near a post that becomes known."""
    model = world({**exposed_for(1.0), **changes})
    model.run_until(at)
    walkers = crowd(model, beside_a_post(model) if km is None else km)
    model.run()
    return sum(w.passage.detected_at is not None for w in walkers) / N


# -- time in the open ---------------------------------------------------------------------


def test_time_in_the_open() -> None:
    """Terrain x river stage x night, held between the shortest and the longest."""
    rules = scenario(
        {
            "exposure.hours.lowland": 1.0,
            "exposure.river_effect": 0.5,
            "exposure.night_factor": 1.2,
            "exposure.shortest_hours": 0.9,
            "exposure.longest_hours": 1.5,
        }
    )
    assert exposed_hours(rules, 10.0, 1.4, night=False) == pytest.approx(1.2)
    assert exposed_hours(rules, 10.0, 1.4, night=True) == pytest.approx(1.44)
    assert exposed_hours(rules, 10.0, 0.2, night=False) == 0.9
    assert exposed_hours(rules, 10.0, 3.0, night=True) == 1.5


# -- chance layers ------------------------------------------------------------------------


@pytest.mark.parametrize(("at", "beyond"), [(100.5, 1.9), (101.0, 0.7)])
def test_the_watch_sees_within_its_reach(at: float, beyond: float) -> None:
    """p_watch x level of watch within 2 km by day and 0.8 km by night."""
    model = world()
    rules: dict[str, object] = {
        "posts.p_watch": 0.5,
        "alert.levels.routine.watch": 1.6,
        "posts.watch_range_day_km": 2.0,
        "posts.watch_range_night_km": 0.8,
    }
    assert_share(share_known(rules, at, beside_a_post(model, beyond)), 0.8, N)


@pytest.mark.parametrize(("at", "beyond"), [(100.5, 2.1), (101.0, 0.9)])
def test_the_watch_sees_nothing_beyond_its_reach(at: float, beyond: float) -> None:
    """2.1 km by day and 0.9 km by night are out of sight."""
    model = world()
    rules: dict[str, object] = {
        "posts.p_watch": 1.0,
        "posts.watch_range_day_km": 2.0,
        "posts.watch_range_night_km": 0.8,
    }
    assert share_known(rules, at, beside_a_post(model, beyond)) == 0.0


def test_nobody_on_watch_sees_nobody() -> None:
    """A post without guards on watch has no watch."""
    assert share_known({"posts.p_watch": 1.0, "posts.guards_on_watch": 0}) == 0.0


def test_those_on_watch_meet_the_group() -> None:
    """Seen by the watch: met by those who stand watch."""
    model = world({"posts.p_watch": 1.0, "posts.guards_on_watch": 7})
    walker = cross(model, "w", beside_a_post(model))
    model.run()
    assert walker.seen_by == 7
    assert walker.passage.cue == "watch"


def test_cameras_cover_a_share_of_the_line() -> None:
    """coverage x emphasis x watch x p_camera; coverage is at most whole."""
    rules: dict[str, object] = {
        "technical.camera_coverage": 0.6,
        "technical.camera_emphasis.panj": 1.25,
        "alert.levels.routine.watch": 1.2,
        "technical.p_camera": 0.9,
    }
    assert_share(share_known(rules), 0.6 * 1.25 * 1.2 * 0.9, N)
    assert_share(share_known({**rules, "alert.levels.routine.watch": 5.0}), 0.9, N)


def test_aircraft_search_at_random() -> None:
    """1 - exp(-W L / A): sweep 0.6 km, 1.5 x 12/24 aircraft aloft for an hour at 80 km/h."""
    rules: dict[str, object] = {
        "technical.uav_hours_per_day": 12.0,
        "alert.levels.routine.watch": 1.5,
        "technical.uav_speed_km_h": 80.0,
        "technical.uav_sweep_km": 5.0,
        "technical.strip_km": 1.0,
    }
    panj = next(d for d in LAND.districts if d.slug == "panj")
    p = random_search_pod(5.0, 1.5 * 0.5 * 80.0, panj.length_km)
    assert p == pytest.approx(1.0 - exp(-300.0 / panj.length_km))
    assert_share(share_known(rules), p, N)


def test_villages_that_trust_pass_word() -> None:
    """p_tip x trust where a village is near, in the mean delay after the group left the strip."""
    changes: dict[str, object] = {
        **exposed_for(1.0),
        "villages.per_100_km": 20.0,
        "tips.p_tip": 0.9,
        "tips.trust": 0.9,
        "tips.delay_hours": 6.0,
        "tips.reach_km": 1.0,
    }
    model = world(changes)
    model.run_until(100.0)
    village = next(v for v in model.villages if v.sector.slug == "panj")
    near = crowd(model, village.km + 0.9, inside_days=60.0)
    lonely = next(km for km in range(1340) if min(abs(v.km - km) for v in model.villages) > 1.0)
    far = [cross(model, f"far/{n}", float(lonely)) for n in range(50)]
    model.run()
    known = [w.passage for w in near if w.passage.detected_at is not None]
    assert_share(len(known) / N, 0.81, N)
    delays = [HOURS * ((p.detected_at or 0.0) - p.exposed_until) for p in known]
    assert abs(z_mean(delays, 6.0)) < LIMIT
    assert {p.cue for p in known} == {"tip"}
    assert all(w.passage.cue is None for w in far)


def test_layers_are_independent() -> None:
    """Watch, cameras and aircraft together: 1 - (1 - a)(1 - b)(1 - c)."""
    watch: dict[str, object] = {"posts.p_watch": 0.3}
    camera: dict[str, object] = {"technical.camera_coverage": 0.8, "technical.p_camera": 0.5}
    uav: dict[str, object] = {"technical.uav_hours_per_day": 24.0, "technical.uav_sweep_km": 1.0}
    panj = next(d for d in LAND.districts if d.slug == "panj")
    c = random_search_pod(1.0, 60.0, panj.length_km * 2.0)
    assert_share(share_known({**watch, **camera, **uav}), 1.0 - 0.7 * 0.6 * (1.0 - c), N)


@pytest.mark.parametrize("cue", ["watch", "camera", "uav"])
def test_what_is_seen_in_the_open_is_seen_at_an_even_instant(cue: str) -> None:
    """Detection lies in the time in the open, uniformly: mean at half an hour of the hour."""
    layers: dict[str, dict[str, object]] = {
        "watch": {"posts.p_watch": 1.0},
        "camera": {"technical.camera_coverage": 1.0, "technical.p_camera": 1.0},
        "uav": {
            "technical.uav_hours_per_day": 240.0,
            "technical.uav_sweep_km": 10.0,
            "technical.strip_km": 0.1,
        },
    }
    model = world({**exposed_for(1.0), **layers[cue]})
    model.run_until(100.5)
    walkers = crowd(model, beside_a_post(model))
    model.run()
    hours = [HOURS * ((w.passage.detected_at or 0.0) - 100.5) for w in walkers]
    assert all(0.0 <= h <= 1.0 for h in hours)
    assert {w.passage.cue for w in walkers} == {cue}
    assert abs(z_mean(hours, 0.5)) < LIMIT


def test_tired_guards_see_less() -> None:
    """Readiness 0.8 to the power 2 leaves 0.64 of what the watch would see; cameras do not tire."""
    tired: dict[str, object] = {
        "readiness.start": 0.8,
        "readiness.recovery_per_day": 0.0,
        "alert.levels.routine.fatigue_per_day": 0.0,
        "readiness.effect_on_sighting": 2.0,
    }
    assert_share(share_known({**tired, "posts.p_watch": 1.0}), 0.64, N)
    cameras: dict[str, object] = {"technical.camera_coverage": 0.8, "technical.p_camera": 1.0}
    assert_share(share_known({**tired, **cameras}), 0.8, N)


def test_strangers_inside_are_noticed_at_a_constant_hazard() -> None:
    """Hazard x trust while they stay inside: 1 - exp(-0.8 x 0.9 x 2), exponential waits."""
    model = world(
        {
            **exposed_for(1.0),
            "villages.per_100_km": 20.0,
            "tips.strangers_per_day": 0.8,
            "tips.trust": 0.9,
        }
    )
    model.run_until(100.0)
    village = next(v for v in model.villages if v.sector.slug == "panj")
    walkers = crowd(model, village.km, inside_days=2.0)
    model.run()
    known = [w.passage for w in walkers if w.passage.detected_at is not None]
    assert_share(len(known) / N, 1.0 - exp(-0.8 * 0.9 * 2.0), N)
    waits = [(p.detected_at or 0.0) - p.exposed_until for p in known]
    mean = 1.0 / 0.72 - 2.0 * exp(-1.44) / (1.0 - exp(-1.44))  # exponential, cut off at 2 days
    assert abs(z_mean(waits, mean)) < LIMIT
    assert all(0.0 < wait < 2.0 for wait in waits)
