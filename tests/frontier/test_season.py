"""The calendar: daylight, the river's season, and instants by night and day."""

import datetime as dt
from itertools import pairwise
from math import acos, asin, atan2, cos, degrees, floor, radians, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.frontier.ground import Ground
from sim.frontier.season import (
    AFTER_DAYS,
    BEFORE_DAYS,
    Calendar,
    calendar_for,
    daylight,
    river_season,
)

LAND = Ground.default()

YEAR = calendar_for(LAND, dt.date(2025, 1, 1), 365.0)
SHUGHNON = 10
MINUTE = 1.0 / 1440.0

DISTRICT = st.integers(0, len(LAND.districts) - 1)
DAY = st.integers(-BEFORE_DAYS, 365 + AFTER_DAYS - 1)
UNIT = st.floats(0.0, 1.0, exclude_max=True)


def sun(julian_day: float) -> tuple[float, float]:
    """Declination (degrees) and equation of time (minutes) after Meeus 1998, chapters 25, 28."""
    century = (julian_day - 2451545.0) / 36525.0
    mean_longitude = radians((280.46646 + 36000.76983 * century) % 360.0)
    anomaly = radians((357.52911 + 35999.05029 * century) % 360.0)
    centre = radians(
        (1.914602 - 0.004817 * century) * sin(anomaly)
        + 0.019993 * sin(2 * anomaly)
        + 0.000289 * sin(3 * anomaly)
    )
    node = radians(125.04 - 1934.136 * century)
    apparent = mean_longitude + centre - radians(0.00569 + 0.00478 * sin(node))
    obliquity = radians(23.439291 - 0.0130042 * century + 0.00256 * cos(node))
    declination = asin(sin(obliquity) * sin(apparent))
    ascension = atan2(cos(obliquity) * sin(apparent), cos(apparent))
    equation = degrees(mean_longitude - radians(0.0057183) - ascension)
    return degrees(declination), 4.0 * ((equation + 180.0) % 360.0 - 180.0)


def altitude_crossings(date: dt.date, lon: float, lat: float) -> tuple[float, float]:
    """Sunrise and sunset in minutes after local midnight (UTC+5), iterated to the instant."""
    midnight = date.toordinal() + 1721424.5 - 5.0 / 24.0
    found = []
    for sign in (-1.0, 1.0):
        minutes = 720.0
        for _ in range(6):
            declination, equation = sun(midnight + minutes / 1440.0)
            dec, phi = radians(declination), radians(lat)
            angle = acos((sin(radians(-0.833)) - sin(phi) * sin(dec)) / (cos(phi) * cos(dec)))
            minutes = 720.0 + 300.0 - 4.0 * lon - equation + sign * 4.0 * degrees(angle)
        found.append(minutes)
    return found[0], found[1]


@pytest.mark.parametrize(
    "date",
    [
        dt.date(2025, 1, 1), dt.date(2025, 3, 20), dt.date(2025, 5, 15), dt.date(2025, 6, 21),
        dt.date(2025, 8, 10), dt.date(2025, 9, 22), dt.date(2025, 11, 3), dt.date(2025, 12, 21),
        dt.date(2024, 2, 29), dt.date(2028, 12, 31), dt.date(2031, 7, 1),
    ],
)  # fmt: skip
@pytest.mark.parametrize("district", [0, SHUGHNON, 12])
def test_sunrise_and_sunset_agree_with_the_altitude_of_the_sun(
    date: dt.date, district: int
) -> None:
    """Within 3 minutes of an independent computation from the sun's longitude (Meeus 1998)."""
    calendar = calendar_for(LAND, date, 1.0)
    rise, fall = altitude_crossings(date, *LAND.lon_lat(LAND.districts[district].middle_km))
    assert calendar.sunrise[district][0] * 1440.0 == pytest.approx(rise, abs=3.0)
    assert calendar.sunset[district][0] * 1440.0 == pytest.approx(fall, abs=3.0)


@pytest.mark.parametrize(
    ("month", "day", "rise", "fall"),
    [
        (3, 20, 6 * 60 + 19, 18 * 60 + 25),
        (6, 21, 4 * 60 + 53, 19 * 60 + 38),
        (9, 22, 6 * 60 + 4, 18 * 60 + 10),
        (12, 21, 7 * 60 + 25, 16 * 60 + 59),
    ],
)
def test_the_sun_at_khorugh_at_equinoxes_and_solstices(
    month: int, day: int, rise: int, fall: int
) -> None:
    """Khorugh, 37.5 N 71.5 E, 2025: up at 06:19, 04:53, 06:04 and 07:25, within 3 minutes."""
    date = (dt.date(2025, month, day) - dt.date(2025, 1, 1)).days
    assert YEAR.sunrise[SHUGHNON][date] * 1440.0 == pytest.approx(rise, abs=3.0)
    assert YEAR.sunset[SHUGHNON][date] * 1440.0 == pytest.approx(fall, abs=3.0)


@given(DISTRICT)
def test_day_and_night_are_nearly_equal_at_the_equinox(district: int) -> None:
    """On 20 March the day is 12 h and about 8 minutes: the sun's disc and refraction."""
    length = YEAR.sunset[district][78] - YEAR.sunrise[district][78]
    assert length * 1440.0 == pytest.approx(720.0 + 8.0, abs=6.0)


@given(DISTRICT, DAY)
def test_noon_comes_four_minutes_earlier_for_each_degree_east(district: int, day: int) -> None:
    """Noon differs between districts by their longitudes alone."""
    sunrise, sunset = daylight(LAND, np.array([day / 365.0]))
    west, noon = (sunrise + sunset)[[0, district], 0] / 2
    east = (
        LAND.lon_lat(LAND.districts[district].middle_km)[0]
        - LAND.lon_lat(LAND.districts[0].middle_km)[0]
    )
    assert (west - noon) * 360.0 == pytest.approx(east, abs=1e-6)


@given(DISTRICT, DAY)
def test_the_sun_rises_in_the_morning_and_sets_in_the_evening(district: int, day: int) -> None:
    """At these latitudes days last 9 to 15 hours, within one local date."""
    rise, fall = YEAR.sunrise[district][day], YEAR.sunset[district][day]
    assert 0.15 < rise < 0.35
    assert 0.65 < fall < 0.85
    assert 9.0 / 24.0 < fall - rise < 15.0 / 24.0


def test_the_longest_day_is_in_june_the_shortest_in_december() -> None:
    """Solstices fall on 20-22 June and 20-23 December."""
    length = np.subtract(YEAR.sunset[SHUGHNON][:365], YEAR.sunrise[SHUGHNON][:365])
    assert dt.date(2025, 6, 19) <= YEAR.datetime_at(float(length.argmax())).date()
    assert YEAR.datetime_at(float(length.argmax())).date() <= dt.date(2025, 6, 23)
    assert dt.date(2025, 12, 19) <= YEAR.datetime_at(float(length.argmin())).date()
    assert YEAR.datetime_at(float(length.argmin())).date() <= dt.date(2025, 12, 23)


def test_it_is_night_at_midnight_and_day_at_noon() -> None:
    """For every district on every day of the calendar."""
    for district in range(len(LAND.districts)):
        for day in range(-BEFORE_DAYS, 365 + AFTER_DAYS):
            assert YEAR.is_night(district, float(day))
            assert not YEAR.is_night(district, day + 0.5)


@given(DISTRICT, st.integers(0, 300))
def test_night_ends_at_sunrise_and_begins_at_sunset(district: int, day: int) -> None:
    """A second before sunrise is night, a second after is day; at sunset the other way round."""
    rise, fall = day + YEAR.sunrise[district][day], day + YEAR.sunset[district][day]
    second = MINUTE / 60.0
    assert [YEAR.is_night(district, t) for t in (rise - second, rise + second)] == [True, False]
    assert [YEAR.is_night(district, t) for t in (fall - second, fall + second)] == [False, True]


def test_past_its_ends_the_calendar_keeps_its_nearest_day() -> None:
    """What ends late or began early still finds day, night, month and river."""
    last = 365 + AFTER_DAYS - 1
    assert YEAR.last_day == last
    assert YEAR.river_index(last + 500.5) == YEAR.river[last]
    assert YEAR.river_index(-40.0) == YEAR.river[-BEFORE_DAYS]
    assert YEAR.month(5000.0) == YEAR.months[last]
    assert not YEAR.is_night(0, last + 500.5)
    assert YEAR.is_night(0, -39.99)


def test_days_before_the_start_belong_to_the_year_before() -> None:
    """Day -1 of a run that starts on 1 January is 31 December, in every column."""
    before = calendar_for(LAND, dt.date(2024, 12, 29), 30.0)
    assert YEAR.month(-0.5) == 12
    assert YEAR.river[-1] == before.river[2]
    assert YEAR.sunrise[4][-3] == before.sunrise[4][0]


def test_calendars_that_overlap_agree() -> None:
    """The same date has the same sun and river whatever the start of the run."""
    later = calendar_for(LAND, dt.date(2025, 3, 1), 100.0)
    assert later.sunset[7][:100] == YEAR.sunset[7][59:159]
    assert later.river[:100] == YEAR.river[59:159]
    assert later.months[:100] == YEAR.months[59:159]


def test_a_calendar_is_made_once() -> None:
    """Asking again for the same start and horizon returns the same object."""
    once = calendar_for(LAND, dt.date(2027, 5, 9), 30.0)
    assert calendar_for(LAND, dt.date(2027, 5, 9), 30.0) is once


@pytest.mark.parametrize("days", [0.01, 1.0, 1.5, 3660.0])
def test_the_calendar_reaches_40_days_past_any_horizon(days: float) -> None:
    """Also for a horizon of minutes, of a day and a half, and of ten years."""
    calendar = calendar_for(LAND, dt.date(2025, 1, 1), days)
    assert calendar.last_day >= days + AFTER_DAYS - 1
    assert {len(rows) for rows in calendar.sunrise} == {calendar.last_day + 1 + BEFORE_DAYS}
    assert len(calendar.river) == len(calendar.months) == calendar.last_day + 1 + BEFORE_DAYS


def test_months_and_dates_follow_the_civil_calendar() -> None:
    """Over four years with a leap day, month and date agree with the standard library."""
    start = dt.date(2023, 6, 15)
    calendar = calendar_for(LAND, start, 1461.0)
    for day in range(1461):
        date = start + dt.timedelta(days=day)
        assert calendar.month(day + 0.99) == date.month
        assert calendar.datetime_at(float(day)) == dt.datetime(date.year, date.month, date.day)


def test_the_date_of_an_instant_has_hours_and_minutes() -> None:
    """Day 356 and 23.5 hours of a run from 1 January 2025 is 23 December, 23:30."""
    assert YEAR.datetime_at(356.0 + 23.5 / 24.0) == dt.datetime(2025, 12, 23, 23, 30)


def test_the_river_is_as_tabled_in_mid_month_and_has_mean_one() -> None:
    """Twelve mid-month values have mean 1; so has the year, to half a per cent."""
    middles = np.array([15.5, 45.0, 74.5, 105.0, 135.5, 166.0, 196.5, 227.5, 258.0, 288.5, 319.0,
                        349.5]) / 365.0  # fmt: skip
    values = river_season(LAND, middles)
    assert values.mean() == pytest.approx(1.0, abs=2e-3)
    assert np.mean(YEAR.river[:365]) == pytest.approx(1.0, abs=5e-3)
    assert values[6] == pytest.approx(2.16 * 12 / 11.99, abs=5e-3)
    assert values[1] == pytest.approx(0.40 * 12 / 11.99, abs=5e-3)


def test_the_river_has_no_jump_at_the_turn_of_the_year() -> None:
    """December runs into January; no day differs from the next by more than 3 % of the mean."""
    assert (
        river_season(LAND, np.array([0.0, 1.0]))[0] == river_season(LAND, np.array([0.0, 1.0]))[1]
    )
    assert max(abs(b - a) for a, b in pairwise(YEAR.river[:400])) < 0.03


def test_the_river_is_lowest_in_winter_and_highest_in_summer() -> None:
    """The minimum falls in January or February, the maximum in June or July."""
    river = YEAR.river[:365]
    assert YEAR.month(float(np.argmin(river))) in (1, 2)
    assert YEAR.month(float(np.argmax(river))) in (6, 7)


def test_nights_of_two_days_are_cut_at_the_ends() -> None:
    """From noon of day 10 to noon of day 12 there are two whole nights."""
    nights = YEAR.nights(10.5, 12.5, 3)
    assert nights == [
        (10 + YEAR.sunset[3][10], 11 + YEAR.sunrise[3][11]),
        (11 + YEAR.sunset[3][11], 12 + YEAR.sunrise[3][12]),
    ]
    assert YEAR.nights(11.0, 11.1, 3) == [(11.0, 11.1)]
    assert YEAR.nights(11.45, 11.55, 3) == []


@given(DISTRICT, st.floats(0.0, 360.0), st.floats(0.01, 5.0), UNIT)
def test_nights_and_is_night_tell_the_same(
    district: int, t0: float, length: float, share: float
) -> None:
    """An instant is in one of the nights listed exactly when it is night."""
    t = t0 + share * length
    nights = YEAR.nights(t0, t0 + length, district)
    assert all(t0 <= start < end <= t0 + length for start, end in nights)
    row = YEAR.row(t)
    edges = (YEAR.sunrise[district][row], YEAR.sunset[district][row])
    if min(abs(t - row - edge) for edge in edges) > 1e-9:
        assert any(start <= t <= end for start, end in nights) == YEAR.is_night(district, t)


@given(DISTRICT, st.integers(0, 364), UNIT, st.floats(0.0, 1.0))
def test_an_instant_lies_within_its_day(
    district: int, day: int, u: float, night_share: float
) -> None:
    """Whatever the share of the night, the instant is on the given local day."""
    assert day <= YEAR.instant(district, day, u, night_share) <= day + 1


@given(DISTRICT, st.integers(0, 364), UNIT, UNIT, st.floats(0.0, 1.0))
def test_instants_rise_with_u(
    district: int, day: int, u: float, v: float, night_share: float
) -> None:
    """A larger u never gives an earlier instant."""
    low, high = sorted([u, v])
    early = YEAR.instant(district, day, low, night_share)
    assert early <= YEAR.instant(district, day, high, night_share) + 1e-9


@given(DISTRICT, st.integers(0, 364), st.floats(0.01, 0.99), UNIT)
def test_instants_have_no_jump_in_u(district: int, day: int, night_share: float, u: float) -> None:
    """A step of 1e-9 in u moves the instant by no more than the sparsest part of the day allows."""
    step = YEAR.instant(district, day, min(u + 1e-9, 1 - 1e-12), night_share)
    assert abs(step - YEAR.instant(district, day, u, night_share)) < 1e-9 / 0.01 + 1e-9


@given(DISTRICT, st.integers(0, 364), UNIT)
def test_share_one_is_a_night_instant_and_share_zero_a_day_instant(
    district: int, day: int, u: float
) -> None:
    """The limits: all by night, none by night (but for rounding at sunrise and sunset)."""
    rise, fall = YEAR.sunrise[district][day], YEAR.sunset[district][day]
    by_night = YEAR.instant(district, day, u, 1.0) - day
    by_day = YEAR.instant(district, day, u, 0.0) - day
    assert by_night <= rise + 1e-9 or by_night >= fall - 1e-9
    assert rise - 1e-9 <= by_day <= fall + 1e-9


@given(DISTRICT, st.integers(0, 364), st.floats(0.001, 0.999))
def test_an_instant_is_the_inverse_of_its_distribution(
    district: int, day: int, night_share: float
) -> None:
    """The mass up to sunrise, sunset and midnight is what the share says."""
    rise, fall = YEAR.sunrise[district][day], YEAR.sunset[district][day]
    morning = night_share * rise / (rise + 1.0 - fall)
    evening = morning + 1.0 - night_share
    instants = [YEAR.instant(district, day, u, night_share) - day for u in (0, morning, evening)]
    assert instants == pytest.approx([0.0, rise, fall], abs=1e-9)
    middle = YEAR.instant(district, day, (morning + evening) / 2, night_share) - day
    assert middle == pytest.approx((rise + fall) / 2, abs=1e-9)
    latest = YEAR.instant(district, day, 1.0 - 1e-9, night_share) - day
    assert latest == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("night_share", [0.0, 0.4, 0.95, 1.0])
def test_the_share_of_instants_by_night_is_the_share_asked_for(night_share: float) -> None:
    """Over 20,000 evenly spaced u the share by night is exact to one in ten thousand."""
    calendar: Calendar = YEAR
    instants = [calendar.instant(6, 200, (i + 0.5) / 20_000, night_share) for i in range(20_000)]
    nights = sum(calendar.is_night(6, t) for t in instants)
    assert nights / 20_000 == pytest.approx(night_share, abs=1e-4)
    assert {floor(t) for t in instants} == {200}


def test_day_length_where_the_declination_vanishes() -> None:
    """The sun over the equator makes the day a little longer than half, by the horizon alone.

    At the instant of the year when the declination vanishes, day length is
    ``2 acos(cos 90.833 / cos lat)``, whichever the district.
    """
    shares = np.linspace(0.15, 0.30, 20_001)
    rise, fall = daylight(LAND, shares)
    for district in (0, 12):
        lat = radians(LAND.lon_lat(LAND.districts[district].middle_km)[1])
        expected = 2.0 * degrees(acos(cos(radians(90.833)) / cos(lat))) / 360.0
        length = fall[district] - rise[district]
        assert np.abs(length - expected).min() < 1e-5
