"""Crossings met by patrols and found by their sign, and what is written of them."""

from math import exp

import numpy as np
import pytest
from quiet_worlds import (
    LIMIT,
    OPEN_TERRAIN,
    Walker,
    assert_share,
    cross_at,
    exposed_for,
    world,
    z_mean,
    z_share,
)

from sim.incidents.records import Crossing
from sim.model import BorderModel
from sim.theory.search import cyclic

N = 3000
HOURS = 24.0

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
    walkers = cross_at(model, times.tolist(), beat.stretch.km + share_out * beat.stretch.reach)
    model.run()
    return walkers, model


def window_days(model: BorderModel) -> tuple[float, float]:
    """For how long each leg may start earlier, and how long it takes to the end and back."""
    beat = next(p for p in model.posts if p.sector.slug == "panj").beats[1]
    return 3.0 / HOURS + 2.0 * 0.5 / beat.stretch.day_speed, beat.stretch.sortie_days


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
    assert_share(seen / N, p, N)
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
        legs = passage.detection.beat.passes(w.km, at - 1.0, at + 1.0, 0.5)
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
            "alert.levels.emergency.wait": 0.0,
        },
        seed,
    )
    beat = next(p for p in model.posts if p.sector.slug == "panj").beats[1]
    walkers = cross_at(model, [20.0], beat.stretch.km + 0.04 * beat.stretch.reach)
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
    for seed in range(100):
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
    1 - (1 - p)^2. The sign is so brief that spells do not overlap.
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
    assert_share(found / N, passes / (passes + 1.0 / life), N)
    assert {w.passage.cue for w in walkers} == {"sign", None}


def test_sign_is_found_after_the_group_and_before_it_fades() -> None:
    """Never while the group is in the open, never once the sign is gone."""
    walkers, _ = many_at(
        {"patrols.p_sight": 0.0, "sign.life_hours": 12.0, "sign.p_found": 1.0}, 0.5
    )
    times = [w.passage for w in walkers if w.passage.detected_at is not None]
    assert len(times) > N // 3
    for passage in times:
        assert passage.exposed_until < (passage.detected_at or 0.0) <= passage.detection.sign_until


def test_the_life_of_a_sign_is_exponential() -> None:
    """Mean 12 hours from the instant the group left the strip; life 0 leaves no sign."""
    walkers, _ = many_at({"patrols.sorties_per_day": 0.0, "sign.life_hours": 12.0}, 0.5)
    lives = [HOURS * (w.passage.detection.sign_until - w.passage.exposed_until) for w in walkers]
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
