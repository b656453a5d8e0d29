"""Sorties of one half section: when they leave, when they pass, and what one expects of them."""

import datetime as dt
from itertools import pairwise
from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from quiet_worlds import LIMIT, z_count, z_share

from sim.agents.beats import Beat, Pass, Stretch
from sim.engine.draws import Draws
from sim.engine.step_function import StepFunction
from sim.frontier.ground import Ground
from sim.frontier.season import calendar_for
from sim.scenario.spec_guard import Patrols
from sim.theory.search import back_and_forth, cyclic

LAND = Ground.default()

CALENDAR = calendar_for(LAND, dt.date(2025, 1, 1), 365)
POST_KM, HALF_KM, SPEED = 100.0, 8.0, 48.0  # km, km, km/day
SCHEDULES = ("regular", "jittered", "random")


def rising(*changes: tuple[float, float]) -> StepFunction:
    """A rate that takes each value from its instant on."""
    steps = StepFunction(*changes[0])
    for at, value in changes[1:]:
        steps.set(at, value)
    return steps


def beat(
    schedule: str,
    sorties: float | StepFunction,
    identity: str = "beat",
    reach: float = HALF_KM,
    night_speed: float = SPEED,
) -> Beat:
    """A half section east (or west) of a post at km 100."""
    rate = sorties if isinstance(sorties, StepFunction) else StepFunction(0.0, sorties)
    rules = Patrols.model_validate({"schedule": schedule})
    stretch = Stretch(POST_KM, reach, 3, SPEED, night_speed)
    return Beat(Draws(1), identity, stretch, rules, rate, CALENDAR)


def seen(passes: list[Pass], start: float, end: float, reach: float) -> list[Pass]:
    """Passes that come within reach during the interval."""
    spans = [(p, *p.within(reach)) for p in passes]
    return [p for p, first, last in spans if first <= end and last >= start]


# -- which sorties leave ------------------------------------------------------------------


@given(st.floats(0.5, 12.0), st.floats(0.0, 300.0), st.floats(0.0, 40.0))
def test_regular_departures_are_a_period_apart(rate: float, start: float, days: float) -> None:
    """Half the post's sorties leave on each half section, evenly: the count is known to one."""
    times = [d.at for d in beat("regular", rate).departures(start, start + days)]
    assert abs(len(times) - 0.5 * rate * days) <= 1.0
    assert np.diff(times) == pytest.approx(2.0 / rate)


@given(st.lists(st.floats(0.2, 10.0), min_size=2, max_size=5), st.integers(0, 99))
def test_regular_departures_keep_step_with_the_integral_across_changes(
    rates: list[float], number: int
) -> None:
    """Between two departures one half section's share of the rate adds up to one sortie."""
    steps = rising(*((10.0 * n, rate) for n, rate in enumerate(rates)))
    times = [d.at for d in beat("regular", steps, f"b{number}").departures(0.0, 60.0)]
    gaps = [0.5 * steps.integral(a, b) for a, b in pairwise(times)]
    assert gaps == pytest.approx([1.0] * len(gaps))


@given(st.floats(0.5, 12.0), st.integers(0, 99))
def test_jittered_departures_stray_by_half_the_jitter(rate: float, number: int) -> None:
    """Each lies within half of (jitter x period) of what one who watched expects."""
    patrol = beat("jittered", rate, f"b{number}")
    real = [p.leaves for p in patrol.passes(POST_KM + HALF_KM, 50.0, 90.0) if p.leg == "out"]
    expected = [
        p.leaves for p in patrol.predicted(POST_KM + HALF_KM, 40.0, 100.0, 0.0) if p.leg == "out"
    ]
    period = 2.0 / rate
    nearest = [min(abs(at - other) for other in expected) for at in real]
    assert max(nearest) <= 0.25 * period + 1e-9
    assert len(real) == pytest.approx(40.0 / period, abs=1.6)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_departures_count_the_integral_of_the_rate(schedule: str) -> None:
    """Over changes 2, 6, 0, 3 a day, 400 half sections send out half the integral.

    20,000 departures: a 5 % error would be 7 standard deviations of a Poisson count, and far
    more of a regular one.
    """
    mean = 0.5 * (2.0 * 20.0 + 6.0 * 10.0 + 0.0 * 5.0 + 3.0 * 5.0) * 400
    counts = []
    for n in range(400):
        rate = rising((0.0, 2.0), (20.0, 6.0), (30.0, 0.0), (35.0, 3.0))
        counts.append(len(beat(schedule, rate, f"b{n}").departures(0.0, 40.0)))
    assert abs(z_count(sum(counts), mean)) < LIMIT
    assert abs(z_count(sum(counts), 1.05 * mean)) > LIMIT  # a wrong theory fails
    dispersion = float(np.var(counts, ddof=1)) / (mean / 400)
    if schedule == "random":  # standard error of the index of dispersion: sqrt(2 / 399)
        assert abs(dispersion - 1.0) < LIMIT * (2.0 / 399) ** 0.5
    else:
        assert dispersion < 0.05


def test_random_departures_are_poisson_at_each_rate() -> None:
    """Nothing leaves while the rate is 0, and three times as many leave at three times the rate."""
    low = high = none = 0
    for n in range(400):
        patrol = beat("random", rising((0.0, 2.0), (20.0, 6.0), (40.0, 0.0)), f"b{n}")
        low += len(patrol.departures(0.0, 20.0))
        high += len(patrol.departures(20.0, 40.0))
        none += len(patrol.departures(40.0, 80.0))
    assert abs(z_count(low, 8000.0)) < LIMIT
    assert abs(z_count(high, 24000.0)) < LIMIT
    assert none == 0


@given(st.floats(0.0, 20.0), st.floats(0.0, 20.0), st.integers(0, 99))
def test_more_random_patrols_are_a_superset(rate: float, more: float, number: int) -> None:
    """A higher rate keeps every sortie of a lower one."""
    few = beat("random", rate, f"b{number}").departures(3.0, 23.0)
    many = beat("random", rate + more, f"b{number}").departures(3.0, 23.0)
    assert set(few) <= set(many)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_without_sorties_nothing_passes(schedule: str) -> None:
    """Rate 0: no departures, no passes, nobody out."""
    patrol = beat(schedule, 0.0)
    assert patrol.departures(0.0, 100.0) == []
    assert patrol.passes(104.0, 0.0, 100.0, 1.0) == []
    assert patrol.places(50.0) == []


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("later", [0.0, 0.5, 9.0])
def test_a_later_change_does_not_rewrite_the_past(schedule: str, later: float) -> None:
    """What left before a change of rate was made is the same after it, for 200 half sections."""
    for n in range(200):
        rate = StepFunction(0.0, 3.0)
        patrol = beat(schedule, rate, f"b{n}")
        before = [d for d in patrol.departures(0.0, 60.0) if d.at < 50.0]
        walked = [p for p in patrol.passes(103.0, 0.0, 55.0) if p.leaves < 50.0]
        rate.set(50.0, later)
        assert [d for d in patrol.departures(0.0, 60.0) if d.at < 50.0] == before
        assert [p for p in patrol.passes(103.0, 0.0, 55.0) if p.leaves < 50.0] == walked


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_halves_of_an_interval_are_the_whole(schedule: str) -> None:
    """Departures do not depend on how a period is divided."""
    patrol = beat(schedule, rising((0.0, 3.0), (11.0, 7.0)))
    whole = patrol.departures(0.0, 30.0)
    cut = [d for a, b in ((0.0, 9.5), (9.5, 11.2), (11.2, 30.0)) for d in patrol.departures(a, b)]
    assert cut == whole


# -- where and when they pass -------------------------------------------------------------


@given(st.sampled_from(SCHEDULES), st.floats(0.0, 8.0), st.sampled_from([1.0, -1.0]))
def test_a_patrol_is_where_it_passes(schedule: str, out: float, side: float) -> None:
    """At the instant of a pass one of the sorties is at that chainage."""
    patrol = beat(schedule, 6.0, reach=side * HALF_KM)
    km = POST_KM + side * out
    for passing in patrol.passes(km, 20.0, 22.0):
        # At the very end of its way a sortie is home by rounding.
        places = patrol.places(min(passing.at, passing.home - 1e-9))
        assert min(abs(place - km) for place in places) < 1e-6


@given(st.floats(0.0, 8.0))
def test_out_and_back(out: float) -> None:
    """A sortie passes distance d at d/v and (2H - d)/v after it left, and is home at 2H/v."""
    passes = beat("random", 4.0).passes(POST_KM + out, 100.0, 130.0)
    legs = {(p.departure, p.leg): p for p in passes}
    both = [d for d, leg in legs if leg == "out" and (d, "back") in legs]
    assert both
    for departure in both:
        there, back = legs[departure, "out"], legs[departure, "back"]
        assert there.at - departure.at == pytest.approx(out / SPEED)
        assert back.at - departure.at == pytest.approx((2.0 * HALF_KM - out) / SPEED)
        assert back.home - departure.at == pytest.approx(2.0 * HALF_KM / SPEED)


def test_those_who_leave_by_night_walk_slower() -> None:
    """Half the speed by night: twice as long on the way, by the light at the start."""
    patrol = beat("random", 8.0, night_speed=SPEED / 2.0)
    nights = 0
    for leaves, turns, home in patrol.world_lines(0.0, 60.0):
        night = CALENDAR.is_night(3, leaves.at)
        nights += night
        hours = 2.0 * HALF_KM / (SPEED / 2.0 if night else SPEED)
        assert home.at - leaves.at == pytest.approx(hours)
        assert turns.at - leaves.at == pytest.approx(0.5 * hours)
        assert (leaves.km, turns.km, home.km) == (POST_KM, POST_KM + HALF_KM, POST_KM)
    assert 0 < nights < len(patrol.world_lines(0.0, 60.0))
    mean = 0.5 * (2.0 * HALF_KM / SPEED) + 0.5 * (4.0 * HALF_KM / SPEED)
    assert patrol.stretch.sortie_days == pytest.approx(mean)


def test_a_reach_ends_where_the_sortie_begins_and_ends() -> None:
    """One km from the post a patrol with a reach of 3 km sees from its departure on."""
    for passing in beat("random", 6.0).passes(101.0, 10.0, 20.0, 3.0):
        first, last = passing.within(3.0)
        if passing.leg == "out":
            assert (first, last) == (passing.leaves, passing.at + 3.0 / SPEED)
        else:
            assert (first, last) == (passing.at - 3.0 / SPEED, passing.home)


# -- what is expected of them -------------------------------------------------------------


def test_a_regular_schedule_is_foreseen_and_a_random_one_is_not() -> None:
    """Prediction: every pass of a regular one, none of a random one."""
    for n in range(20):
        regular, random = beat("regular", 5.0, f"b{n}"), beat("random", 5.0, f"b{n}")
        assert regular.predicted(104.0, 9.0, 12.0, 0.5) == regular.passes(104.0, 9.0, 12.0, 0.5)
        assert random.predicted(104.0, 9.0, 12.0, 0.5) == []
        assert random.passes(104.0, 9.0, 12.0, 0.5)


def test_jitter_is_not_foreseen() -> None:
    """Prediction of a jittered schedule is evenly spaced; its passes are not."""
    patrol = beat("jittered", 5.0)
    expected = [p.at for p in patrol.predicted(108.0, 9.0, 30.0, 0.0) if p.leg == "out"]
    real = [p.at for p in patrol.passes(108.0, 9.0, 30.0, 0.0) if p.leg == "out"]
    assert np.diff(expected) == pytest.approx(0.4)
    assert np.ptp(np.diff(real)) > 0.1


# -- against search theory ----------------------------------------------------------------


def found_share(schedule: str, rate: float, km: float, tau: float, reach: float) -> list[bool]:
    """Whether anybody came within reach in each of 12,000 spells of ``tau`` days."""
    rng = np.random.default_rng(5)
    found = []
    for n in range(12):
        patrol = beat(schedule, rate, f"b{n}")
        for start in (np.arange(1000) + rng.random(1000)) * 4.0:
            passes = patrol.passes(km, start, start + tau, reach)
            found.append(bool(seen(passes, start, start + tau, reach)))
    return found


@pytest.mark.parametrize("out", [1.0, 4.0, 7.5])
def test_random_patrols_find_at_the_poisson_rate(out: float) -> None:
    """P = 1 - exp(-(rate/2)(2T - w)): T = tau + 2R/v is how long each leg may start earlier.

    A sortie finds if it leaves in either of two windows of length T, one for the way out and
    one for the way back, 2(H - d)/v apart; w is their overlap. 12,000 spells: a 5 % error
    would be 8 standard errors or more.
    """
    rate, tau, reach = 6.0, 0.2, 0.8
    window = tau + 2.0 * reach / SPEED
    overlap = max(window - 2.0 * (HALF_KM - out) / SPEED, 0.0)
    p = 1.0 - exp(-0.5 * rate * (2.0 * window - overlap))
    found = found_share("random", rate, POST_KM + out, tau, reach)
    assert abs(z_share(sum(found), len(found), p)) < LIMIT
    assert abs(z_share(sum(found), len(found), 0.95 * p)) > LIMIT  # a wrong theory fails


@pytest.mark.parametrize("h", [0.5, 0.75, 1.0])
def test_regular_patrols_find_as_a_cyclic_patrol(h: float) -> None:
    """At the far end both legs are one: passes are a period apart, P = cyclic(T / period)."""
    rate, reach = 4.0, 0.8
    tau = h * 2.0 / rate - 2.0 * reach / SPEED
    found = found_share("regular", rate, POST_KM + HALF_KM, tau, reach)
    if h == 1.0:
        assert sum(found) >= len(found) - 1  # rounding at the edge
    else:
        # Phases are few, so the error is that of 12,000 independent starts at most.
        assert abs(z_share(sum(found), len(found), cyclic(h))) < LIMIT
        assert abs(z_share(sum(found), len(found), 1.05 * cyclic(h))) > LIMIT


def test_a_patrol_that_never_rests_finds_as_back_and_forth() -> None:
    """A period of 2H/v is one patrol to and fro: at a random place P = h - h^2/4.

    6,000 spells, h = v tau / H = 1: P = 0.75, standard error 0.0056, a 5 % error is 6.7.
    """
    rng = np.random.default_rng(6)
    patrol = beat("regular", SPEED / HALF_KM)
    tau = HALF_KM / SPEED
    hits = 0
    for start, out in zip(rng.random(6000) * 300.0, rng.random(6000) * HALF_KM, strict=True):
        passes = patrol.passes(POST_KM + out, start, start + tau)
        hits += bool(seen(passes, start, start + tau, 0.0))
    assert abs(z_share(hits, 6000, back_and_forth(1.0))) < LIMIT
    assert abs(z_share(hits, 6000, 1.05 * back_and_forth(1.0))) > LIMIT


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_passes_come_twice_a_sortie(schedule: str) -> None:
    """However departures are timed, the mean number that come into reach is rate x T."""
    rate, tau, reach = 6.0, 0.2, 0.8
    rng = np.random.default_rng(7)
    n = 0
    for number in range(10):
        patrol = beat(schedule, rate, f"b{number}")
        for start in (np.arange(1000) + rng.random(1000)) * 4.0:
            passes = patrol.passes(POST_KM + 3.0, start, start + tau, reach)
            n += len(seen(passes, start, start + tau, reach))
    mean = 10_000 * rate * (tau + 2.0 * reach / SPEED)
    assert abs(z_count(n, mean, 1.3)) < LIMIT  # few sorties count twice
    assert abs(z_count(n, 0.95 * mean, 1.3)) > LIMIT
