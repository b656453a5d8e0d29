"""Ticks of time."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.report.ticks import clock_text, date_text, ticks

START = dt.date(2025, 1, 1)
dates = st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1))


def test_a_year_is_marked_by_months():
    """Each January names the year."""
    marks = ticks(START, 0.0, 365.0)
    assert marks.labels == [
        *("Jan 2025", "Feb", "Mar", "Apr", "May", "Jun"),
        *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan 2026"),
    ]
    assert marks.at[:3] == [0.0, 31.0, 59.0]


def test_years_are_marked_by_years():
    """Fewer marks for a longer span."""
    assert ticks(START, 0.0, 1095.0).labels == ["2025", "2026", "2027", "2028"]


def test_a_month_is_marked_by_days():
    """Dates, not numbers of days."""
    assert ticks(dt.date(2024, 2, 25), 0.0, 10.0).labels[:6] == [
        *("25 Feb", "26 Feb", "27 Feb", "28 Feb", "29 Feb", "01 Mar"),
    ]


def test_a_day_is_marked_by_hours():
    """A short run has clock times."""
    assert ticks(START, 0.0, 1.0).labels[:3] == ["00:00", "02:00", "04:00"]


def test_a_run_that_starts_within_a_month_has_no_mark_before_it():
    """The first mark is the next first of a month."""
    marks = ticks(dt.date(2025, 3, 15), 0.0, 200.0)
    assert (marks.at[0], marks.labels[0]) == (17.0, "Apr")


def test_clock_marks_name_the_day_first_and_at_midnight():
    """A figure of a night shows both dates, each once."""
    marks = ticks(START, 356 + 18 / 24, 357 + 17 / 24, dated=True)
    named = [label for label in marks.labels if "\n" in label]
    assert named == ["18:00\nTue 23 Dec", "00:00\nWed 24 Dec"]


@given(dates, st.floats(-1, 2000), st.floats(0.05, 36_500), st.booleans())
def test_marks_lie_in_the_span_in_order_on_round_times(start, t0, days, dated):
    """Ascending, a whole number of minutes each, with a label, and never a crowd."""
    marks = ticks(start, t0, t0 + days, dated=dated)
    assert all(t0 <= t <= t0 + days for t in marks.at)
    assert marks.at == sorted(set(marks.at))
    assert 1 <= len(marks.at) == len(marks.labels) <= 20
    assert all(abs(t * 1440 - round(t * 1440)) < 1e-4 for t in marks.at)


@pytest.mark.parametrize(
    ("t", "words"),
    [(0.0, "00:00"), (0.5, "12:00"), (41.9792, "23:30"), (0.99999, "00:00"), (-0.25, "18:00")],
)
def test_a_clock_time_is_rounded_to_the_minute(t, words):
    """23:59:59 is midnight."""
    assert clock_text(t) == words


def test_a_date_is_written_with_or_without_its_year():
    """Day, month, year."""
    assert date_text(START, 58.9) == "28 Feb"
    assert date_text(START, 59.0, year=True) == "1 Mar 2025"


def test_the_end_of_a_month_does_not_crowd_the_next() -> None:
    """29 February and 1 March are not both marked where ticks are four days apart."""
    found = ticks(dt.date(2000, 1, 29), 0.0, 32.0)
    assert found.labels[-2:] == ["25 Feb", "01 Mar"]
