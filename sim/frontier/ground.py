"""The ground: a frontier as a folder of data.

Chainage is nominal: km 0 is one end of the line, and the distance between two places is the
difference of their chainage. District bounds may be approximate; ``ATTRIBUTION.md`` gives the
accuracy of those of the shipped ground.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.errors import GroundError
from sim.frontier.files import (
    DESCRIPTION,
    TERRAINS,
    CrossingPoint,
    Description,
    District,
    Month,
    Point,
    TableRow,
    description,
    read,
    rows,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

SHIPPED: Final = "tajik_afghan"
"""The ground of a scenario that names none."""

ROUGHNESS_SHARE: Final = 0.5
"""Share of the roughness beside the line that a path along it cannot avoid (assumption).

The path follows the valley, so it is less rough than the slopes beside it; but the roughness of the
shipped ground is that of a grid of about 9 km, far smoother than the ground to walk on."""

_FOLDER: Final = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class DistrictInfo(District):
    """A district of a ground; ``index`` counts along the line from 0."""

    index: int


class Ground:
    """A frontier: the line, its districts, terrain and river, its clock and its weights.

    A value: it holds the texts of its files, is equal to another with the same texts, and is sent
    to a worker as these texts. Everything else is read from them at first use. Beyond either end of
    the line, look-ups by chainage give the value at that end.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = dict(texts)

    # -- where grounds come from ----------------------------------------------------------

    @classmethod
    def load(cls, folder: str | Path) -> Ground:
        """Read and check a folder. Raises :class:`~sim.errors.GroundError` with every fault."""
        from sim.frontier.check import faults

        texts, problems = read(Path(folder))
        problems = [*problems, *faults(texts, Path(folder))]
        if problems:
            raise GroundError.of(problems)
        return _ground(tuple(texts.items()))

    @classmethod
    def named(cls, name_or_folder: str | Path, beside: Path = Path()) -> Ground:
        """A shipped ground by name, or the ground in a folder, relative to the folder ``beside``.

        Raises :class:`~sim.errors.GroundError`.
        """
        folder = beside / name_or_folder
        if str(name_or_folder) in shipped():
            return _shipped(str(name_or_folder))
        try:
            there = folder.is_dir()
        except OSError as error:  # such as a name that is too long
            raise GroundError(
                f"cannot be a folder ({error.strerror})", value=str(name_or_folder)
            ) from None
        if not there:
            raise GroundError(
                "there is no such ground",
                value=str(name_or_folder),
                remedy=f"Give the path of a folder, or a shipped one: {', '.join(shipped())}.",
            )
        return cls.load(folder)

    @classmethod
    def default(cls) -> Ground:
        """The ground of a scenario that names none."""
        return _shipped(SHIPPED)

    @classmethod
    def of(cls, value: object) -> Ground:
        """A ground from one, from a name or path, or from the result of :meth:`as_data`.

        Raises :class:`~sim.errors.GroundError`.
        """
        if isinstance(value, Ground):
            return value
        if not isinstance(value, Mapping):
            return cls.named(value if isinstance(value, Path) else str(value))
        texts = value.get("texts")
        found = (
            cls.named(str(value.get("name"))) if texts is None else _ground(tuple(texts.items()))
        )
        if found.digest != value.get("digest"):
            raise GroundError(
                "is not the ground of this name that was used before",
                value=value.get("name"),
                remedy="Use the version of panj that shipped it, or the stored texts.",
            )
        return found

    def as_data(self) -> dict[str, object]:
        """Plain data that :meth:`of` reads: a shipped ground by name, any other in full."""
        data: dict[str, object] = {"name": self.name, "digest": self.digest}
        if self.name in shipped() and _shipped(self.name) == self:
            return data
        return {**data, "texts": self.texts}

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(
            cls.of,
            serialization=core_schema.plain_serializer_function_ser_schema(
                cls.as_data, when_used="json"
            ),
        )

    def __reduce__(self) -> tuple[Callable[..., Ground], tuple[tuple[tuple[str, str], ...]]]:
        return _ground, (tuple(self.texts.items()),)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ground) and (self is other or self.digest == other.digest)

    def __hash__(self) -> int:
        return hash(self.digest)

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<ground {self.name} {self.digest[:8]}>"

    @cached_property
    def digest(self) -> str:
        """A digest of its files, 32 hexadecimal digits."""
        text = json.dumps(sorted(self.texts.items()))
        return blake2b(text.encode("ascii"), digest_size=16).hexdigest()

    # -- what it is called ----------------------------------------------------------------

    @cached_property
    def description(self) -> Description:
        """The contents of ``ground.toml``."""
        return description(self.texts[DESCRIPTION])

    @property
    def name(self) -> str:
        """A short name, for files and messages."""
        return self.description.name

    @property
    def title(self) -> str:
        """Its name for readers."""
        return self.description.title

    def summary(self) -> dict[str, object]:
        """A summary as plain data."""
        return {
            "name": self.name,
            "title": self.title,
            "digest": self.digest,
            "length_km": self.length_km,
            "districts": len(self.districts),
            "clock": self.clock,
            "language": self.description.language,
        }

    @cached_property
    def clock(self) -> str:
        """Its local time as people write it: ``UTC+5``, ``UTC-3:30``."""
        offset = self.description.utc_offset_hours
        hours, minutes = divmod(round(abs(offset) * 60), 60)
        return f"UTC{'-' if offset < 0 else '+'}{hours}" + (f":{minutes:02d}" if minutes else "")

    @cached_property
    def weights(self) -> dict[str, dict[str, float]]:
        """Default weights of the districts by section of a scenario; by default their length."""
        given, even = self.description.weights, {d.slug: d.length_km for d in self.districts}
        return {
            section: dict(given[section].districts) if section in given else even
            for section in ("smugglers", "cells", "worksites")
        }  # fmt: skip

    def source_of(self, section: str) -> str:
        """The source of the default weights of a section."""
        sources = {str(name): weights.source for name, weights in self.description.weights.items()}
        return sources.get(section, "assumption: evenly along the line")

    # -- districts ------------------------------------------------------------------------

    @cached_property
    def districts(self) -> tuple[DistrictInfo, ...]:
        """The districts along the line."""
        return tuple(
            DistrictInfo(**asdict(row), index=index)
            for index, row in enumerate(self._rows(District))
        )

    @cached_property
    def slugs(self) -> tuple[str, ...]:
        """The districts by their keys, along the line."""
        return tuple(info.slug for info in self.districts)

    @cached_property
    def by_slug(self) -> dict[str, DistrictInfo]:
        """The districts by slug."""
        return {info.slug: info for info in self.districts}

    @cached_property
    def district_at(self) -> Callable[[float], int]:
        """Index of the district at a chainage."""
        return steps([d.km_from for d in self.districts[1:]], range(len(self.districts)))

    def within(self, region: str) -> frozenset[str]:
        """Slugs of the districts of a region."""
        return frozenset(info.slug for info in self.districts if info.region == region)

    def name_of(self, slug: str) -> str:
        """Name of a district; an unknown slug is returned in title case."""
        info = self.by_slug.get(slug)
        return slug.replace("_", " ").title() if info is None else info.name

    def place_name(self, identity: str) -> str:
        """The name of ``post/darvoz/3`` for readers: ``Darvoz 4``; a reserve is ``Reserve 1``."""
        _, where, number = identity.split("/")[:3]
        return f"{self.name_of(where)} {int(number) + 1}"

    # -- the line -------------------------------------------------------------------------

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """The points of the line, evenly spaced."""
        return self._rows(Point)

    @cached_property
    def length_km(self) -> float:
        """Length of the line, km."""
        return self.points[-1].km

    @cached_property
    def step_km(self) -> float:
        """Spacing of the points, km."""
        return self.points[1].km

    @cached_property
    def terrain_index_at(self) -> Callable[[float], int]:
        """Index in :data:`~sim.frontier.files.TERRAINS` of the terrain class at a chainage."""
        return steps(*self._pieces([TERRAINS.index(point.terrain) for point in self.points]))

    @cached_property
    def terrain_at(self) -> Callable[[float], str]:
        """Terrain class at a chainage."""
        return steps(*self._pieces([point.terrain for point in self.points]))

    def lon_lat(self, km: float) -> tuple[float, float]:
        """Longitude and latitude of the line at ``km``, degrees."""
        lon, lat = self._lon_lat
        return self._between(lon, km), self._between(lat, km)

    def lon_lat_arrays(self, km: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Longitudes and latitudes of the line at each ``km``, degrees; shaped like ``km``."""
        import numpy as np

        position = np.asarray(km, dtype=np.float64) / self.step_km
        index, (lon, lat) = np.arange(len(self.points)), self._lon_lat
        return np.interp(position, index, lon), np.interp(position, index, lat)

    def slope_at(self, km: float) -> float:
        """Representative slope of a path along the line at ``km``, m/m, never negative.

        The grade of the line from point to point, plus :data:`ROUGHNESS_SHARE` of the mean
        roughness beside it. Climbs and descents alternate on such a path, so the slope has no sign;
        it is constant between the points of the table.
        """
        return self._slopes[min(int(max(km, 0.0) / self.step_km), len(self._slopes) - 1)]

    def mean_slope(self, km_from: float, km_to: float) -> float:
        """Mean of :meth:`slope_at` between two chainages on the line, in either order, m/m."""
        length = km_to - km_from
        # Over a few metres the quotient of two small differences would be noise.
        if abs(length) < 1e-3:
            return self.slope_at(km_from)
        return (self._between(self._climb, km_to) - self._between(self._climb, km_from)) / length

    def profile(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Chainage (km), level of the line and highest ground beside it (m), at each point.

        Three new arrays of one length. Where the line follows the ridge both heights are equal.
        """
        import numpy as np

        level = np.array([point.elevation_m for point in self.points])
        crest = np.array([point.crest_m for point in self.points])
        return np.array([point.km for point in self.points]), level, np.maximum(level, crest)

    @cached_property
    def river_index(self) -> tuple[float, ...]:
        """Stage of the river in the middle of each month, from January, on any scale."""
        return tuple(row.index for row in self._rows(Month))

    @cached_property
    def crossing_points(self) -> tuple[CrossingPoint, ...]:
        """Official crossings, in the order of their table; it may be empty."""
        return self._rows(CrossingPoint)

    # -- reading --------------------------------------------------------------------------

    def _rows[T: TableRow](self, kind: type[T]) -> tuple[T, ...]:
        return tuple(row.value for row in rows(self.texts, kind)[0])

    @cached_property
    def _lon_lat(self) -> tuple[list[float], list[float]]:
        return [point.lon for point in self.points], [point.lat for point in self.points]

    @cached_property
    def _slopes(self) -> list[float]:
        """Slope on each interval between neighbouring points, m/m."""
        return [
            abs(b.elevation_m - a.elevation_m) / (1000.0 * self.step_km)
            + ROUGHNESS_SHARE * (a.roughness_m_per_km + b.roughness_m_per_km) / 2 / 1000.0
            for a, b in pairwise(self.points)
        ]

    @cached_property
    def _climb(self) -> list[float]:
        return list(accumulate((self.step_km * slope for slope in self._slopes), initial=0.0))

    def _between(self, values: Sequence[float], km: float) -> float:
        """Value at ``km`` between the points of the line."""
        position = min(max(km, 0.0), self.length_km) / self.step_km
        left = min(int(position), len(values) - 2)
        return values[left] + (position - left) * (values[left + 1] - values[left])

    def _pieces[T](self, values: Sequence[T]) -> tuple[list[float], list[T]]:
        """Bounds and labels of the stretches of the line with one label.

        A label extends half-way to the next point, excluding the half-way mark itself.
        """
        changes = [i for i in range(1, len(values)) if values[i] != values[i - 1]]
        bounds = [(i - 0.5) * self.step_km for i in changes]
        return bounds, [values[0], *(values[i] for i in changes)]


def steps[T](bounds: Sequence[float], values: Sequence[T]) -> Callable[[float], T]:
    """Step function with ``values[i]`` from ``bounds[i - 1]`` on and up to ``bounds[i]``."""
    inner, labels = list(bounds), list(values)

    def at(km: float) -> T:
        return labels[bisect_right(inner, km)]

    return at


@lru_cache(maxsize=1)
def shipped() -> tuple[str, ...]:
    """Names of the shipped grounds."""
    return tuple(sorted(folder.parent.name for folder in _FOLDER.glob(f"*/{DESCRIPTION}")))


@lru_cache(maxsize=16)
def _shipped(name: str) -> Ground:
    return _ground(tuple(read(_FOLDER / name)[0].items()))


@lru_cache(maxsize=16)
def _ground(texts: tuple[tuple[str, str], ...]) -> Ground:
    """One object for the same texts, so that a process reads a ground once."""
    return Ground(dict(texts))
