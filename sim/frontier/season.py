"""The calendar of a run: day and night, the river's season, and the date of an instant.

Times are days since the first midnight, in the ground's local time (no summer time).
"""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.frontier.ground import Ground
from sim.precision import to_steps

HOUR = 1.0 / 24.0
"""An hour in days."""
BEFORE_DAYS = 3
"""Days of the calendar before the first midnight."""
AFTER_DAYS = 40
"""Days of the calendar after the horizon, for events that end later than the run."""

_SECONDS = 86400.0
_ZENITH = np.radians(90.833)  # the sun's upper limb on the horizon, refraction included
_MID_MONTH = (np.cumsum([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) - 15.0) / 365.0


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """Daylight and season for every day from 3 before the start to 40 past the horizon.

    ``sunrise[district][day]`` and ``sunset[district][day]`` are fractions of that day, to a
    second. Lists hold days 0, 1, ... and then days -3, -2, -1, so that a negative day is a valid
    index. The methods accept any time; outside the calendar they use its nearest day.
    """

    ground: Ground
    start: dt.date
    last_day: int
    sunrise: list[list[float]]
    sunset: list[list[float]]
    river: list[float]
    months: list[int]

    def __reduce__(self) -> tuple[Any, ...]:
        """Unpickling makes it again, or finds the one that the process has."""
        return calendar_for, (self.ground, self.start, self.last_day + 1 - AFTER_DAYS)

    def row(self, t: float) -> int:
        """Whole day of ``t``, limited to the calendar."""
        day = floor(t)
        if day > self.last_day:
            return self.last_day
        return day if day >= -BEFORE_DAYS else -BEFORE_DAYS

    def is_night(self, district: int, t: float) -> bool:
        """Whether the sun is down at ``t`` (from sunset on, until before sunrise)."""
        row = self.row(t)
        return not self.sunrise[district][row] <= t - floor(t) < self.sunset[district][row]

    def river_index(self, t: float) -> float:
        """Stage of the river relative to its annual mean, on the day of ``t``."""
        return self.river[self.row(t)]

    def month(self, t: float) -> int:
        """Month of ``t``, 1 to 12."""
        return self.months[self.row(t)]

    def datetime_at(self, t: float) -> dt.datetime:
        """Local date and time of ``t``, without a time zone."""
        return dt.datetime.combine(self.start, dt.time()) + dt.timedelta(days=t)

    def nights(self, t0: float, t1: float, district: int) -> list[tuple[float, float]]:
        """Nights within ``[t0, t1]``, cut at its ends, in order."""
        sunrise, sunset = self.sunrise[district], self.sunset[district]
        nights = []
        for day in range(floor(t0) - 1, ceil(t1)):
            start = max(day + sunset[self.row(day)], t0)
            end = min(day + 1 + sunrise[self.row(day + 1)], t1)
            if start < end:
                nights.append((start, end))
        return nights

    def instant(self, district: int, day: int, u: float, night_share: float) -> float:
        """Map ``u`` in [0, 1) to an instant of ``day`` (midnight to midnight), in order.

        The inverse CDF of a distribution with a share ``night_share`` of its mass by night, evenly
        over the two dark ends of the day, and the rest evenly over the daylight between them.
        It rises without jumps in ``u`` unless ``night_share`` is 1, when it skips the daylight.
        """
        row = self.row(day)
        rise, fall = self.sunrise[district][row], self.sunset[district][row]
        morning = night_share * rise / (1.0 - fall + rise)
        evening = morning + (1.0 - night_share)
        if u < morning:
            return day + rise * (u / morning)
        if u < evening:
            return day + rise + (fall - rise) * ((u - morning) / (1.0 - night_share))
        return day + fall + (1.0 - fall) * ((u - evening) / (night_share - morning))


@lru_cache(maxsize=8)
def calendar_for(ground: Ground, start: dt.date, days: float) -> Calendar:
    """Make the calendar of a run of ``days`` from ``start``."""
    length = ceil(days) + AFTER_DAYS
    offsets = np.concatenate([np.arange(length), np.arange(-BEFORE_DAYS, 0)])
    dates = np.datetime64(start, "D") + offsets.astype("timedelta64[D]")
    year = dates.astype("datetime64[Y]")
    first = year.astype("datetime64[D]")
    following = (year + np.timedelta64(1, "Y")).astype("datetime64[D]")
    year_share = ((dates - first).astype(int) + 0.5) / (following - first).astype(int)
    sunrise, sunset = daylight(ground, year_share)
    months = dates.astype("datetime64[M]").astype(int) % 12 + 1
    return Calendar(
        ground=ground,
        start=start,
        last_day=length - 1,
        sunrise=[[to_steps(at, _SECONDS) for at in row] for row in sunrise.tolist()],
        sunset=[[to_steps(at, _SECONDS) for at in row] for row in sunset.tolist()],
        river=[to_steps(stage, 1e6) for stage in river_season(ground, year_share).tolist()],
        months=months.tolist(),
    )


def daylight(
    ground: Ground, year_share: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sunrise and sunset as fractions of the local day, arrays (district, day).

    ``year_share`` is the elapsed share of the year at each noon. Equation of time and
    declination are the Fourier series of Spencer (1971) as used in NOAA's "General solar
    position calculations", good to about two minutes; the horizon is flat and at the level of
    the eye (real gorges are dark longer), seen from the middle of each district's stretch.
    """
    angle = 2.0 * np.pi * year_share
    c1, s1, c2, s2 = np.cos(angle), np.sin(angle), np.cos(2 * angle), np.sin(2 * angle)
    equation_minutes = 229.18 * (
        0.000075 + 0.001868 * c1 - 0.032077 * s1 - 0.014615 * c2 - 0.040849 * s2
    )
    declination = (
        0.006918 - 0.399912 * c1 + 0.070257 * s1 - 0.006758 * c2 + 0.000907 * s2
        - 0.002697 * np.cos(3 * angle) + 0.00148 * np.sin(3 * angle)
    )  # fmt: skip
    places = np.array([ground.lon_lat(info.middle_km) for info in ground.districts])
    lon, lat = places[:, :1], np.radians(places[:, 1:])
    half_day = np.degrees(
        np.arccos(
            np.cos(_ZENITH) / (np.cos(lat) * np.cos(declination))
            - np.tan(lat) * np.tan(declination)
        )
    )
    noon = (
        0.5 - lon / 360.0 - equation_minutes / 1440.0 + ground.description.utc_offset_hours / 24.0
    )
    return noon - half_day / 360.0, noon + half_day / 360.0


def river_season(ground: Ground, year_share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Stage of the river relative to its annual mean at each elapsed share of the year.

    The ground's twelve mid-month values, scaled to mean 1 and joined by straight lines,
    December with January.
    """
    index = ground.river_index
    mean = sum(index) / len(index)
    return np.interp(year_share, _MID_MONTH, [value / mean for value in index], period=1.0)
