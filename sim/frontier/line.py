"""The line: chainage, districts, the bank opposite, and where all this lies on a map.

Chainage is nominal: km 0 is the Uzbekistan tripoint, km 1,340 the China tripoint, and the
distance between two places is the difference of their chainage. District bounds are
approximate (10-40 km either way); see ``ATTRIBUTION.md`` for where they come from.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.frontier.tables import LENGTH_KM, STEP_KM, interpolate, numbers, pieces, steps, table
from sim.scenario.field import District

__all__ = [
    "DISTRICTS",
    "LENGTH_KM",
    "STEP_KM",
    "CrossingPoint",
    "DistrictInfo",
    "afghan_province",
    "crossing_points",
    "district_at",
    "lon_lat",
    "lon_lat_arrays",
]


@dataclass(frozen=True, slots=True)
class DistrictInfo:
    """A frontier district and its stretch of the line, ``km_from`` included, ``km_to`` not."""

    index: int
    slug: District
    name: str
    region: str
    km_from: float
    km_to: float
    population: int
    centre: str
    centre_lon: float
    centre_lat: float

    @property
    def length_km(self) -> float:
        """Length of its stretch of the line, km."""
        return self.km_to - self.km_from

    @property
    def middle_km(self) -> float:
        """Chainage of the middle of its stretch, km."""
        return (self.km_from + self.km_to) / 2


class CrossingPoint(NamedTuple):
    """An official crossing, known from public sources to about 10 km."""

    name: str
    district: str
    km: float


def _districts() -> tuple[DistrictInfo, ...]:
    rows = table("districts")
    return tuple(
        DistrictInfo(index, slug, name, region, float(km_from), float(km_to), int(population),
                     centre, float(lon), float(lat))
        for index, (slug, name, region, km_from, km_to, population, centre, lon, lat) in enumerate(
            zip(get_args(District), rows["name"], rows["region"], rows["km_from"], rows["km_to"],
                rows["population"], rows["centre"], rows["centre_lon"], rows["centre_lat"],
                strict=True)
        )
    )  # fmt: skip


DISTRICTS: tuple[DistrictInfo, ...] = _districts()
"""The thirteen districts from west to east, indexed and named as in ``field.District``."""

_LON = numbers("frontier", "lon")
_LAT = numbers("frontier", "lat")
_PROVINCES = tuple(dict.fromkeys(table("frontier")["afghan_province"]))
_province_index = pieces([_PROVINCES.index(p) for p in table("frontier")["afghan_province"]])

_district_index = steps([d.km_from for d in DISTRICTS[1:]], range(len(DISTRICTS)))


def district_at(km: float) -> int:
    """Index of the district at ``km``; past either end of the line, that of the end."""
    return _district_index(km)


def afghan_province(km: float) -> str:
    """Name of the Afghan province opposite ``km``."""
    return _PROVINCES[_province_index(km)]


def lon_lat(km: float) -> tuple[float, float]:
    """Longitude and latitude of the line at ``km``, degrees; past an end, those of the end."""
    return interpolate(_LON, km), interpolate(_LAT, km)


def lon_lat_arrays(km: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitudes and latitudes of the line at each ``km``, degrees; shaped like ``km``."""
    position = np.asarray(km, dtype=np.float64) / STEP_KM
    points = np.arange(len(_LON))
    return np.interp(position, points, _LON), np.interp(position, points, _LAT)


@lru_cache(maxsize=1)
def crossing_points() -> tuple[CrossingPoint, ...]:
    """Official crossings from west to east; ``district`` is a slug."""
    slugs = {info.name: info.slug for info in DISTRICTS}
    rows = table("crossings")
    return tuple(
        CrossingPoint(name, slugs[district], float(km))
        for name, district, km in zip(rows["name"], rows["district"], rows["km"], strict=True)
    )
