"""Every way in which a crossing is noticed, against its formula, by the code that runs."""

from math import exp

import numpy as np
import pytest
from worlds import (
    LIMIT,
    OPEN_TERRAIN,
    Walker,
    cross,
    cross_at,
    exposed_for,
    scenario,
    world,
    z_mean,
    z_share,
)

from sim.agents.passage import exposed_hours
from sim.frontier.line import DISTRICTS
from sim.incidents.records import Crossing
from sim.model import BorderModel
from sim.theory.search import cyclic, random_search_pod

N = 3000
HOURS = 24.0


def beside_a_post(model: BorderModel, beyond_km: float = 0.0, slug: str = "panj") -> float:
    """Chainage of a post of a district, or so far east of it."""
    return next(p.km for p in model.posts if p.sector.slug == slug) + beyond_km


def crowd(model: BorderModel, km: float, n: int = N, inside_days: float = 1.0) -> list[Walker]:
    """Many who cross at one place now, each with luck of their own."""
    return [cross(model, f"walker/{i}", km, inside_days) for i in range(n)]


def share_known(changes: dict[str, object], at: float = 100.5, km: float | None = None) -> float:
    """Share of many crossings that becomes known, beside a post."""
    model = world({**exposed_for(1.0), **changes})
    model.run_until(at)
    walkers = crowd(model, beside_a_post(model) if km is None else km)
    model.run()
    return sum(w.passage.detected_at is not None for w in walkers) / N


def assert_share(share: float, p: float) -> None:
    """|z| < 4, with power: a theory 10 % off is refused."""
    assert abs(z_share(round(share * N), N, p)) < LIMIT
    assert abs(z_share(round(share * N), N, 0.9 * p)) > LIMIT


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
    assert_share(share_known(rules, at, beside_a_post(model, beyond)), 0.8)


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
    assert_share(share_known(rules), 0.6 * 1.25 * 1.2 * 0.9)
    assert_share(share_known({**rules, "alert.levels.routine.watch": 5.0}), 0.9)


def test_aircraft_search_at_random() -> None:
    """1 - exp(-W L / A): sweep 0.6 km, 1.5 x 12/24 aircraft aloft for an hour at 80 km/h."""
    rules: dict[str, object] = {
        "technical.uav_hours_per_day": 12.0,
        "alert.levels.routine.watch": 1.5,
        "technical.uav_speed_km_h": 80.0,
        "technical.uav_sweep_km": 5.0,
        "technical.strip_km": 1.0,
    }
    panj = next(d for d in DISTRICTS if d.slug == "panj")
    p = random_search_pod(5.0, 1.5 * 0.5 * 80.0, panj.length_km)
    assert p == pytest.approx(1.0 - exp(-300.0 / panj.length_km))
    assert_share(share_known(rules), p)


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
    far = cross(model, "far", village.km + 1.1)
    model.run()
    known = [w.passage for w in near if w.passage.detected_at is not None]
    assert_share(len(known) / N, 0.81)
    delays = [HOURS * ((p.detected_at or 0.0) - p.exposed_until) for p in known]
    assert abs(z_mean(delays, 6.0)) < LIMIT
    assert {p.cue for p in known} == {"tip"}
    assert min(abs(v.km - far.km) for v in model.villages) < 1.0 or far.passage.cue is None


def test_layers_are_independent() -> None:
    """Watch, cameras and aircraft together: 1 - (1 - a)(1 - b)(1 - c)."""
    watch: dict[str, object] = {"posts.p_watch": 0.3}
    camera: dict[str, object] = {"technical.camera_coverage": 0.8, "technical.p_camera": 0.5}
    uav: dict[str, object] = {"technical.uav_hours_per_day": 24.0, "technical.uav_sweep_km": 1.0}
    panj = next(d for d in DISTRICTS if d.slug == "panj")
    c = random_search_pod(1.0, 60.0, panj.length_km * 2.0)
    assert_share(share_known({**watch, **camera, **uav}), 1.0 - 0.7 * 0.6 * (1.0 - c))


@pytest.mark.parametrize("cue", ["watch", "camera", "uav"])
def test_what_is_seen_in_the_open_is_seen_at_an_even_instant(cue: str) -> None:
    """Detection lies in the time in the open, uniformly: mean at half an hour of the hour."""
    changes: dict[str, object] = {
        "watch": {"posts.p_watch": 1.0},
        "camera": {"technical.camera_coverage": 1.0, "technical.p_camera": 1.0},
        "uav": {
            "technical.uav_hours_per_day": 240.0,
            "technical.uav_sweep_km": 10.0,
            "technical.strip_km": 0.1,
        },
    }[cue]
    model = world({**exposed_for(1.0), **changes})
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
    assert_share(share_known({**tired, "posts.p_watch": 1.0}), 0.64)
    cameras: dict[str, object] = {"technical.camera_coverage": 0.8, "technical.p_camera": 1.0}
    assert_share(share_known({**tired, **cameras}), 0.8)


# -- patrols ------------------------------------------------------------------------------

PATROLS: dict[str, object] = {
    **exposed_for(3.0),
    **OPEN_TERRAIN,
    "posts.spacing_km": 40.0,
    "patrols.sorties_per_day": 6.0,
    "patrols.sight_range_day_km": 0.5,
    "patrols.sight_range_night_km": 0.5,
    "days": 2.0 * N + 100.0,
}


def many_at(changes: dict[str, object], share_out: float) -> tuple[list[Walker], BorderModel]:
    """Crossings at far-apart instants, so far out on a half section."""
    model = world({**PATROLS, **changes})
    beat = next(p for p in model.posts if p.sector.slug == "panj").beats[1]
    times = (np.arange(N) + np.random.default_rng(3).random(N)) * 2.0
    walkers = cross_at(model, times.tolist(), beat.ground.km + share_out * beat.ground.reach)
    model.run()
    return walkers, model


def window_days(model: BorderModel) -> tuple[float, float]:
    """For how long each leg may start earlier, and how long it takes to the end and back."""
    beat = next(p for p in model.posts if p.sector.slug == "panj").beats[1]
    return 3.0 / HOURS + 2.0 * 0.5 / beat.ground.day_speed, beat.sortie_days


@pytest.mark.parametrize("share_out", [0.2, 0.9])
def test_random_patrols_see_at_the_poisson_rate(share_out: float) -> None:
    """P = 1 - exp(-(rate/2)(2 q T - q^2 w)), w the overlap of the windows of out and back.

    A sortie that leaves in one of the windows sees with q, in both with 1 - (1 - q)^2.
    """
    q = 0.6
    walkers, model = many_at({"patrols.p_sight": q, "patrols.sorties_per_day": 16.0}, share_out)
    window, sortie = window_days(model)
    overlap = max(window - (1.0 - share_out) * sortie, 0.0)
    p = 1.0 - exp(-8.0 * (2.0 * q * window - q * q * overlap))
    seen = sum(w.seen_at is not None for w in walkers)
    assert overlap > 0.0 or share_out == 0.2
    assert_share(seen / N, p)
    assert all(w.passage.cue == "patrol" for w in walkers if w.seen_at is not None)
    assert {w.seen_by for w in walkers} == {0, model.spec.patrols.size}


def test_regular_patrols_see_as_a_cyclic_patrol() -> None:
    """At the far end out and back are one pass of chance 1 - (1 - q)^2: P is the cyclic form."""
    changes: dict[str, object] = {"patrols.schedule": "regular", "patrols.p_sight": 0.6}
    walkers, model = many_at(changes, 1.0 - 1e-9)
    window, _ = window_days(model)
    h = window * 3.0  # passes while the window lasts: half of six sorties a day
    assert h < 1.0
    seen = sum(w.seen_at is not None for w in walkers)
    p = cyclic(h, 1.0 - 0.4**2)
    assert abs(z_share(seen, N, p)) < LIMIT
    assert abs(z_share(seen, N, 1.25 * p)) > LIMIT  # a wrong theory fails


def test_a_patrol_sees_when_it_comes_within_reach() -> None:
    """Seen in the open, at the instant the patrol comes into reach or the group into the open."""
    walkers, _model = many_at({"patrols.p_sight": 1.0}, 0.5)
    seen = [w for w in walkers if w.seen_at is not None]
    assert len(seen) > N // 2
    for w in seen:
        at, passage = w.seen_at or 0.0, w.passage
        assert passage.crossed_at <= at <= passage.exposed_until
        legs = passage.beat.passes(w.km, at - 1.0, at + 1.0, 0.5)
        starts = [p.within(0.5)[0] for p in legs]
        inside = [first for first in starts if abs(first - at) < 1e-9]
        spans = [p.within(0.5) for p in legs]
        already = at == passage.crossed_at and any(a <= at <= b for a, b in spans)
        assert inside or already


def rising(seed: int, rise_at: float | None) -> tuple[Walker, set[str]]:
    """One crossing on day 20; the rate may rise twelvefold while it lasts.

    The walker, and the passes in reach at the rates as they were in the end.
    """
    model = world(
        {
            **PATROLS,
            "days": 40.0,
            "patrols.p_sight": 1.0,
            "patrols.sorties_per_day": 1.0,
            "alert.levels.emergency.sorties": 12.0,
        },
        seed,
    )
    beat = next(p for p in model.posts if p.sector.slug == "panj").beats[1]
    walkers = cross_at(model, [20.0], beat.ground.km + 0.04 * beat.ground.reach)
    model.run_until(20.0)
    if rise_at is not None:
        model.run_until(rise_at)
        model.sector_at(walkers[0].km).set_level(rise_at, 3)
    model.run()
    start, end = 20.0, 20.0 + 3.0 / HOURS
    passes = beat.passes(walkers[0].km, start, end, 0.5)
    spans = {p.name(""): p.within(0.5) for p in passes}
    return walkers[0], {k for k, (first, last) in spans.items() if first <= end and last >= start}


def test_a_rise_of_the_rate_adds_a_pass_that_is_caught() -> None:
    """Sent while a group is in the open, more patrols meet it exactly where one comes into reach.

    Without the rise the same group is met or not as its few patrols have it.
    """
    added = 0
    for seed in range(200):
        calm, few = rising(seed, None)
        alarmed, many = rising(seed, 20.0 + 0.5 / HOURS)
        assert few <= many
        assert (calm.seen_at is not None) == bool(few)
        assert (alarmed.seen_at is not None) == bool(many)
        if many and not few:
            added += 1
            assert (alarmed.seen_at or 0.0) > 20.0 + 0.5 / HOURS
    assert added > 20


# -- sign ---------------------------------------------------------------------------------


def test_sign_is_found_in_a_race_of_two_hazards() -> None:
    """Passes at rate r, each finding with p, against a life of mean m: P = rp / (rp + 1/m).

    At the far end of a half section the passes out and back are one instant and one chance of
    1 - (1 - p)^2. The sign is so short-lived that spells do not overlap.
    """
    p, rate, life = 0.8, 48.0, 0.25
    walkers, _ = many_at(
        {
            **exposed_for(0.05),
            "patrols.p_sight": 0.0,
            "patrols.sorties_per_day": rate,
            "sign.life_hours": life * HOURS,
            "sign.p_found": p,
        },
        1.0 - 1e-9,
    )
    found = sum(w.passage.detected_at is not None for w in walkers)
    passes = 0.5 * rate * (1.0 - (1.0 - p) ** 2)
    assert_share(found / N, passes / (passes + 1.0 / life))
    assert {w.passage.cue for w in walkers} == {"sign", None}


def test_sign_is_found_after_the_group_and_before_it_fades() -> None:
    """Never while the group is in the open, never once the sign is gone."""
    walkers, _ = many_at(
        {"patrols.p_sight": 0.0, "sign.life_hours": 12.0, "sign.p_found": 1.0}, 0.5
    )
    times = [w.passage for w in walkers if w.passage.detected_at is not None]
    assert len(times) > N // 3
    for passage in times:
        assert passage.exposed_until < (passage.detected_at or 0.0) <= passage.sign_until


def test_the_life_of_a_sign_is_exponential() -> None:
    """Mean 12 hours from the instant the group left the strip; life 0 leaves no sign."""
    walkers, _ = many_at({"patrols.sorties_per_day": 0.0, "sign.life_hours": 12.0}, 0.5)
    lives = [HOURS * (w.passage.sign_until - w.passage.exposed_until) for w in walkers]
    assert abs(z_mean(lives, 12.0)) < LIMIT
    assert abs(z_mean(lives, 13.0)) > LIMIT
    walkers, _ = many_at({"sign.p_found": 1.0, "patrols.p_sight": 0.0}, 0.5)
    assert all(w.passage.detected_at is None for w in walkers)


def test_tired_patrols_pass_by() -> None:
    """At readiness 0.7 and power 1 a patrol sees 0.7 of what fresh ones see, on each pass."""
    tired: dict[str, object] = {
        "readiness.start": 0.7,
        "readiness.recovery_per_day": 0.0,
        "alert.levels.routine.fatigue_per_day": 0.0,
        "readiness.effect_on_sighting": 1.0,
        "patrols.sorties_per_day": 12.0,
    }
    weary, _ = many_at({**tired, "patrols.p_sight": 1.0}, 0.2)
    fresh, _ = many_at({"patrols.sorties_per_day": 12.0, "patrols.p_sight": 0.7}, 0.2)
    assert [w.seen_at for w in weary] == [w.seen_at for w in fresh]
    assert any(w.seen_at is not None for w in weary)


# -- what is written ----------------------------------------------------------------------


def test_a_crossing_is_written_once_when_it_is_over() -> None:
    """Every crossing has one row, with the instant and cue of its detection; none stay open."""
    changes: dict[str, object] = {
        "patrols.p_sight": 0.5,
        "sign.life_hours": 18.0,
        "sign.p_found": 0.5,
    }
    walkers, model = many_at(changes, 0.4)
    rows = {row.identity: row for row in model.log[Crossing]}
    assert len(model.log[Crossing]) == len(rows) == N
    assert model.passages == {}
    assert all(sector.watchers == {} for sector in model.sectors)
    for w in walkers:
        row = rows[w.identity]
        assert (row.detected_at, row.cue) == (w.passage.detected_at, w.passage.cue)
        assert row.crossed_at == w.passage.crossed_at
        assert row.ending == ("load_left" if w.seen_at is not None else "open")


def test_more_sight_never_loses_a_detection() -> None:
    """What a smaller chance or fewer patrols found is found by larger and more, one by one."""
    base: dict[str, object] = {
        "patrols.p_sight": 0.3,
        "sign.life_hours": 18.0,
        "sign.p_found": 0.2,
        "days": 600.0,
    }
    few, _ = many_at(base, 0.4)
    for more in (
        {"patrols.p_sight": 0.6},
        {"sign.p_found": 0.5},
        {"patrols.sorties_per_day": 9.0},
        {"technical.camera_coverage": 0.3},
    ):
        many, _ = many_at({**base, **more}, 0.4)
        found = [
            (a.passage.detected_at is not None, b.passage.detected_at is not None)
            for a, b in zip(few, many, strict=True)
        ]
        assert (True, False) not in found
        assert found.count((False, True)) > 5


def test_strangers_inside_are_noticed_at_a_constant_hazard() -> None:
    """hazard x trust for as long as they stay inside: 1 - exp(-0.8 x 0.9 x 2), exponential waits."""
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
    assert_share(len(known) / N, 1.0 - exp(-0.8 * 0.9 * 2.0))
    waits = [(p.detected_at or 0.0) - p.exposed_until for p in known]
    mean = 1.0 / 0.72 - 2.0 * exp(-1.44) / (1.0 - exp(-1.44))  # exponential, cut off at 2 days
    assert abs(z_mean(waits, mean)) < LIMIT
    assert all(0.0 < wait < 2.0 for wait in waits)
