"""Marks of time."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.report.ticks import calendar_ticks, clock_ticks, clock_words, date_words

START = dt.date(2025, 1, 1)
dates = st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1))


def test_a_year_is_marked_by_months():
    """The first and each January name the year."""
    ticks = calendar_ticks(START, 365.0)
    assert ticks.labels == [
        *("Jan 2025", "Feb", "Mar", "Apr", "May", "Jun"),
        *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan 2026"),
    ]
    assert ticks.at[:3] == [0.0, 31.0, 59.0]


def test_three_years_are_marked_by_quarters():
    """Fewer marks for a longer span."""
    assert calendar_ticks(START, 1095.0).labels[:6] == [
        *("Jan 2025", "Apr", "Jul", "Oct"),
        *("Jan 2026", "Apr"),
    ]


def test_a_month_is_marked_by_days():
    """Dates, not numbers of days."""
    assert calendar_ticks(dt.date(2024, 2, 25), 10.0).labels[:6] == [
        *("25 Feb", "26 Feb", "27 Feb", "28 Feb", "29 Feb", "1 Mar"),
    ]


def test_a_day_is_marked_by_hours():
    """A short run still has a clock."""
    assert calendar_ticks(START, 1.0).labels[:3] == ["00:00", "02:00", "04:00"]


def test_a_run_that_starts_within_a_month_has_no_mark_before_it():
    """The first mark is the next first of a month."""
    ticks = calendar_ticks(dt.date(2025, 3, 15), 200.0)
    assert (ticks.at[0], ticks.labels[0]) == (17.0, "Apr 2025")


def test_clock_marks_name_the_day_first_and_at_midnight():
    """A night's picture says both of its dates, each once."""
    ticks = clock_ticks(START, 356 + 18 / 24, 357 + 17 / 24)
    named = [label for label in ticks.labels if "\n" in label]
    assert named == ["18:00\nTue 23 Dec", "00:00\nWed 24 Dec"]


@given(dates, st.floats(0.05, 36_500))
def test_marks_lie_in_the_span_in_order_and_are_few(start, days):
    """Between 0 and the horizon, ascending, with a label each, and never a crowd."""
    ticks = calendar_ticks(start, days)
    assert all(0 <= t <= days for t in ticks.at)
    assert ticks.at == sorted(set(ticks.at))
    assert len(ticks.at) == len(ticks.labels) <= 15


@given(st.floats(-1, 2000), st.floats(0.05, 60))
def test_clock_marks_lie_in_the_span_on_round_times(t0, span):
    """Every mark is a whole number of minutes, at most eleven or so of them."""
    ticks = clock_ticks(START, t0, t0 + span)
    assert all(t0 - 1e-6 <= t <= t0 + span + 1e-6 for t in ticks.at)
    assert 1 <= len(ticks.at) <= 12
    assert all(abs(t * 1440 - round(t * 1440)) < 1e-6 for t in ticks.at)


@pytest.mark.parametrize(
    ("t", "words"),
    [(0.0, "00:00"), (0.5, "12:00"), (41.9792, "23:30"), (0.99999, "00:00"), (-0.25, "18:00")],
)
def test_a_clock_time_is_rounded_to_the_minute(t, words):
    """23:59:59 is midnight."""
    assert clock_words(t) == words


def test_a_date_is_told_with_or_without_its_year():
    """Day, month, year."""
    assert date_words(START, 58.9) == "28 Feb"
    assert date_words(START, 59.0, year=True) == "1 Mar 2025"
