"""Readiness between events: the solution, its mean and its rest point."""

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.readiness import mean_readiness, readiness_after, rest_point

SHARE = st.floats(0.0, 1.0)
RATE = st.floats(0.001, 5.0)
DAYS = st.floats(0.0, 400.0)


def test_a_known_case() -> None:
    """From 0.9 at 0.06 and 0.03 a day: rest 1/3, half-way there after ln 2 / 0.09 = 7.70 days."""
    assert rest_point(0.06, 0.03) == pytest.approx(1 / 3)
    assert readiness_after(0.9, 0.06, 0.03, log(2) / 0.09) == pytest.approx((0.9 + 1 / 3) / 2)


@given(SHARE, RATE, RATE, DAYS)
def test_readiness_stays_a_share(r0: float, fatigue: float, recovery: float, days: float) -> None:
    """Between where it was and where it rests, always."""
    rest = rest_point(fatigue, recovery)
    low, high = min(r0, rest), max(r0, rest)
    for value in (
        readiness_after(r0, fatigue, recovery, days),
        mean_readiness(r0, fatigue, recovery, days),
    ):
        assert low - 1e-12 <= value <= high + 1e-12


@given(SHARE, RATE, RATE, DAYS, DAYS)
def test_two_steps_are_one(
    r0: float, fatigue: float, recovery: float, one: float, two: float
) -> None:
    """Asking in between changes nothing."""
    between = readiness_after(r0, fatigue, recovery, one)
    whole = readiness_after(r0, fatigue, recovery, one + two)
    assert readiness_after(between, fatigue, recovery, two) == pytest.approx(whole, abs=1e-12)


@given(SHARE, RATE, RATE, st.floats(0.01, 400.0), st.floats(0.01, 400.0))
def test_means_add_up_by_length(
    r0: float, fatigue: float, recovery: float, one: float, two: float
) -> None:
    """The mean over two spans is the mean of their means, weighted by length."""
    between = readiness_after(r0, fatigue, recovery, one)
    parts = one * mean_readiness(r0, fatigue, recovery, one) + two * mean_readiness(
        between, fatigue, recovery, two
    )
    whole = mean_readiness(r0, fatigue, recovery, one + two)
    assert whole * (one + two) == pytest.approx(parts, rel=1e-9)


@given(SHARE, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_the_slope_is_the_equation(r0: float, fatigue: float, recovery: float) -> None:
    """Over a thousandth of a day: dr/dt = -fatigue r + recovery (1 - r)."""
    step = 1e-3
    slope = (readiness_after(r0, fatigue, recovery, step) - r0) / step
    assert slope == pytest.approx(-fatigue * r0 + recovery * (1.0 - r0), abs=5e-3)


@pytest.mark.parametrize("days", [0.5, 10.0, 120.0])
def test_the_mean_is_the_integral(days: float) -> None:
    """Against the trapezoid rule on 20,001 points."""
    times = np.linspace(0.0, days, 20_001)
    curve = [readiness_after(0.2, 0.05, 0.11, t) for t in times.tolist()]
    expected = float(np.trapezoid(curve, times)) / days
    assert mean_readiness(0.2, 0.05, 0.11, days) == pytest.approx(expected, abs=1e-8)


@given(SHARE, RATE, RATE)
def test_in_the_long_run_readiness_rests(r0: float, fatigue: float, recovery: float) -> None:
    """Whatever the start."""
    late = readiness_after(r0, fatigue, recovery, 1e5)
    assert late == pytest.approx(rest_point(fatigue, recovery), abs=1e-9)


@given(RATE, RATE, DAYS)
def test_at_rest_nothing_moves(fatigue: float, recovery: float, days: float) -> None:
    """The rest point is kept, and is its own mean."""
    rest = rest_point(fatigue, recovery)
    assert readiness_after(rest, fatigue, recovery, days) == pytest.approx(rest)
    assert mean_readiness(rest, fatigue, recovery, days) == pytest.approx(rest)


@given(SHARE, RATE, RATE, RATE, st.floats(0.1, 400.0))
def test_more_fatigue_is_never_better(
    r0: float, fatigue: float, more: float, recovery: float, days: float
) -> None:
    """Readiness and its mean do not rise with fatigue."""
    for value in (readiness_after, mean_readiness):
        tired = value(r0, fatigue + more, recovery, days)
        assert tired <= value(r0, fatigue, recovery, days) + 1e-12


@given(SHARE, DAYS)
def test_without_rates_readiness_stays(r0: float, days: float) -> None:
    """Neither fatigue nor recovery: no change."""
    assert readiness_after(r0, 0.0, 0.0, days) == mean_readiness(r0, 0.0, 0.0, days) == r0


@given(SHARE, RATE, RATE)
def test_no_time_no_change(r0: float, fatigue: float, recovery: float) -> None:
    """Over zero days readiness, and its mean, are what they were."""
    assert readiness_after(r0, fatigue, recovery, 0.0) == pytest.approx(r0)
    assert mean_readiness(r0, fatigue, recovery, 0.0) == r0


def test_only_fatigue_wears_out_only_recovery_restores() -> None:
    """The limits of the rest point are 0 and 1."""
    assert rest_point(0.3, 0.0) == 0.0
    assert rest_point(0.0, 0.3) == 1.0


def test_there_is_no_rest_point_without_rates() -> None:
    """Any readiness would do, so none is given."""
    with pytest.raises(ValueError, match="both 0"):
        rest_point(0.0, 0.0)
