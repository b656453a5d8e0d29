"""Sorties that walk out and back: chances against closed forms and against sorties drawn."""

from math import ceil, exp, floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.search import back_and_forth, cyclic
from sim.theory.sortie_detection import (
    Beat,
    Dark,
    Exposure,
    departure_lengths,
    timed_chance,
    turning_phases,
)

SPEED = 48.0  # km/day
LIMIT = 4.0


def some(*values: float) -> np.ndarray:
    """A vector."""
    return np.array(values, dtype=np.float64)


def crosser(days: float, reach: float = 0.0, at: float = 0.0) -> Exposure:
    """One crosser."""
    return Exposure(some(at), some(days), some(reach))


def stretch(place: float, half: float = 8.0) -> Beat:
    """A place on a half section, walked alike by day and night."""
    return Beat(some(place), some(half), some(SPEED))


def test_lengths_on_open_ground() -> None:
    """In the middle each leg meets the crosser from departures of exposure plus 2 r / v."""
    found = departure_lengths(stretch(4.0), crosser(0.05, 0.5))
    each = 0.05 + 2 * 0.5 / SPEED
    assert found.out == pytest.approx(each)
    assert found.back == pytest.approx(each)
    assert found.both == pytest.approx(0.0)  # the legs pass 8 km apart, three times as long


def test_lengths_at_the_ends() -> None:
    """At the post half the reach is missing on either leg; at the far end both legs are one."""
    post, far = (departure_lengths(stretch(place), crosser(0.05, 0.5)) for place in (0.0, 8.0))
    assert post.out == pytest.approx(0.05 + 0.5 / SPEED)
    assert post.back == pytest.approx(0.05 + 0.5 / SPEED)
    assert far.out == pytest.approx(far.back)
    assert far.both == pytest.approx(far.out)


def test_a_random_schedule_in_closed_form() -> None:
    """One minus exp of rate times looks; at the far end one look of chance 1 - (1 - q)^2."""
    who, q = crosser(0.05, 0.5), 0.3
    middle = departure_lengths(stretch(4.0), who).seen(some(3.0), q)
    assert middle == pytest.approx(1 - exp(-3.0 * q * 2 * (0.05 + 1 / SPEED)))
    far = departure_lengths(stretch(8.0), who).seen(some(3.0), q)
    assert far == pytest.approx(1 - exp(-3.0 * (1 - (1 - q) ** 2) * (0.05 + 1 / SPEED)))


@pytest.mark.parametrize("q", [0.4, 1.0])
def test_far_end_by_the_clock_is_the_cyclic_form(q: float) -> None:
    """There a sortie passes once, with two looks: averaged over the clock, ``cyclic``."""
    phases = (np.arange(4000) + 0.5) / 4000
    for exposed in (0.05, 0.3, 0.45):
        met = timed_chance(
            Beat(*(some(x)[:, None] for x in (8.0, 8.0, SPEED))),
            Exposure(*(some(x)[:, None] for x in (0.0, exposed, 0.0))),
            some(5.0)[:, None], q, (0.0, phases[None, :]),
        )  # fmt: skip
        want = cyclic(5.0 * exposed, 1 - (1 - q) ** 2)
        assert met.mean() == pytest.approx(want, abs=2e-3)


@pytest.mark.parametrize("h", [0.25, 0.8, 1.5])
def test_sorties_without_rest_are_the_patrol_that_walks_back_and_forth(h: float) -> None:
    """One sortie leaves as the last comes home: over place and clock, h - h^2/4."""
    half, grid = 8.0, (np.arange(300) + 0.5) / 300
    beat = Beat(grid[:, None] * half, some(half)[:, None], some(SPEED)[:, None])
    who = Exposure(*(some(x)[:, None] for x in (0.0, h * half / SPEED, 0.0)))
    rate = some(SPEED / (2 * half))[:, None]
    met = timed_chance(beat, who, rate, 1.0, (0.0, np.tile(grid, (300, 1))))
    assert met.mean() == pytest.approx(back_and_forth(h), abs=4e-3)


DARK = Dark(some(30.0), some(0.3), some(0.7))


def drawn(beat: Beat, who: Exposure, leaves: np.ndarray, q: float) -> float:
    """Chance to be seen by sorties that left at these instants, each leg looked at in turn."""
    missed = 1.0
    place, half, at, days, reach = (
        float(x[0]) for x in (beat.place, beat.half, who.at, who.days, who.reach)
    )
    for left in leaves:
        speed = SPEED
        if beat.dark is not None and not 0.3 <= left - floor(left) < 0.7:
            speed = float(beat.dark.speed[0])
        home = left + 2 * half / speed
        for walked in (place, 2 * half - place):
            passes = left + walked / speed
            first = max(passes - reach / speed, left)
            last = min(passes + reach / speed, home)
            if first <= at + days and last >= at:
                missed *= 1.0 - q
    return 1.0 - missed


@pytest.mark.parametrize(
    ("place", "at"),
    [
        (3.0, 0.75),
        (8.0, 0.2),
        *(
            pytest.param(place, at, marks=pytest.mark.slow)
            for place, at in ((0.2, 0.2), (0.2, 0.75), (3.0, 0.2), (8.0, 0.75))
        ),
    ],
)
@pytest.mark.parametrize("schedule", ["random", "clock", "delayed"])
def test_agrees_with_sorties_drawn_one_by_one(place: float, at: float, schedule: str) -> None:
    """With day and night speeds, 4,000 histories of sorties about a crosser give the chance.

    A chance wrong by a tenth would be found at |z| > 6 in the least of these cases.
    """
    rng = np.random.default_rng(7)
    beat = Beat(some(place), some(8.0), some(SPEED), DARK)
    who, rate, q, period = crosser(0.08, 0.4, at), 9.0, 0.6, 1 / 9.0
    seen = np.empty(4000)
    for n in range(len(seen)):
        if schedule == "random":
            leaves = at - 0.7 + 0.9 * rng.random(rng.poisson(0.9 * rate))
        else:
            leaves = at - 0.7 + period * (rng.random() + np.arange(ceil(0.9 / period)))
            leaves = leaves + (schedule == "delayed") * 0.5 * period * rng.random(len(leaves))
        seen[n] = drawn(beat, who, leaves, q)
    if schedule == "random":
        want = float(departure_lengths(beat, who).seen(some(rate), q)[0])
    else:
        phases = (np.arange(2000) + 0.5) / 2000
        spread = 0.5 if schedule == "delayed" else 0.0
        want = float(timed_chance(beat, who, some(rate), q, (spread, phases)).mean())
    error = seen.std(ddof=1) / np.sqrt(len(seen))
    assert abs(seen.mean() - want) / error < LIMIT
    assert 0.1 * want / error > 6.0


def test_a_dark_hour_is_no_other_if_speeds_are_equal() -> None:
    """A night that changes no speed changes nothing."""
    who = crosser(0.1, 0.5, 0.35)
    same = Beat(some(3.0), some(8.0), some(SPEED), Dark(some(SPEED), some(0.3), some(0.7)))
    for part, whole in zip(
        departure_lengths(same, who), departure_lengths(stretch(3.0), who), strict=True
    ):
        assert part == pytest.approx(whole)


@given(
    st.floats(0.0, 1.0), st.floats(0.01, 0.4), st.floats(0.0, 2.0), st.floats(0.5, 30.0),
    st.floats(0.05, 1.0),
)  # fmt: skip
def test_no_moment_is_better_than_the_turning_points(
    share: float, days: float, reach: float, rate: float, q: float
) -> None:
    """By the strict clock no position of it leaves the crosser less than those looked at."""
    beat, who = stretch(8.0 * share), crosser(days, reach)
    at = turning_phases(beat, who, some(rate), 0.0)
    columns = Beat(*(part[:, None] for part in beat[:3]))
    rows = Exposure(*(part[:, None] for part in who))
    fine = (np.arange(400) / 400)[None, :]
    found = timed_chance(columns, rows, some(rate)[:, None], q, (0.0, at)).min()
    tried = timed_chance(columns, rows, some(rate)[:, None], q, (0.0, fine)).min()
    assert 0.0 <= found <= tried + 1e-9


@pytest.mark.parametrize(("spread", "never"), [(0.0, True), (0.9, True), (0.95, False)])
def test_a_gap_is_found_however_narrow(spread: float, never: bool) -> None:
    """At the far end passes are 18 h apart, and an hour and 18 minutes in the open meet none
    if the delays leave that much of the period free: up to 92 % of it.
    """
    beat, who, rate = stretch(8.0), crosser(1 / 24, 0.3), some(4 / 3)
    at = turning_phases(beat, who, rate, spread)
    columns = Beat(*(part[:, None] for part in beat[:3]))
    rows = Exposure(*(part[:, None] for part in who))
    met = timed_chance(columns, rows, rate[:, None], 1.0, (spread, at))
    assert bool(met.min() == 0.0) == never


def test_nobody_leaves_nobody_sees() -> None:
    """A rate of nothing gives no chance at all, whatever the schedule."""
    who = crosser(0.1, 0.5)
    assert departure_lengths(stretch(4.0), who).seen(some(0.0), 1.0) == 0.0
    assert timed_chance(stretch(4.0), who, some(0.0), 1.0, (0.5, some(0.2))) == 0.0
