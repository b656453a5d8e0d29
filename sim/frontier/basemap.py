"""The base map of the shipped frontier: river, lakes, boundaries, towns and relief.

All of it is in one plane, an oblique Mercator projection about the frontier, in which x runs nearly
east along it and y to its left, km. The scale is true on the middle line and 0.03 % too large at
the edge. ``data/basemap`` holds the tables and two pictures; ``ATTRIBUTION.md`` has their sources.
"""

import base64
import json
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from itertools import chain
from math import atan2, cos, degrees, radians, sin
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from sim.frontier.ground import Ground

    Floats = NDArray[np.float64]

CREDIT: Final = "Relief GEBCO 2023, GLOBE; lines Natural Earth; towns GeoNames (CC BY 4.0)"
"""The credit that a picture of the base map must show."""

NEAR_KM: Final = 2.0
"""A ground is on the base map if no point of its line is farther than this from the drawn one."""

_FOLDER: Final = Path(__file__).parent / "data" / "basemap"
_HERE: Final = ("TJ", "AF")  # the two countries of the frontier


class River(NamedTuple):
    """A river; rank 1 is the frontier's own, 2 and 3 are tributaries, 4 streams without a name."""

    rank: int
    line: "Floats"


class Lake(NamedTuple):
    """A lake: its rings (shores and islands), or the place of one too small for a shore."""

    rings: "tuple[Floats, ...]"
    at: tuple[float, float] | None


class Basemap:
    """The base map; :func:`basemap` reads it once. Lines are arrays (n, 2) of x and y, km."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._data: dict[str, Any] = json.loads((folder / "basemap.json").read_text("utf-8"))
        left, low, right, high = self._data["projection"]["bounds_km"]
        self.bounds: tuple[float, float, float, float] = (left, low, right, high)
        """Left, lower, right and upper edge of the relief, km."""

    # -- the plane ------------------------------------------------------------------------

    def project(self, lon_lat: "ArrayLike") -> "Floats":
        """Places (n, 2 or more) in degrees, as x and y in km (n, 2)."""
        import numpy as np

        lon, lat = np.radians(np.asarray(lon_lat, dtype=np.float64)[:, :2]).T
        globe = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
        ahead, along, across = (self._axes[:, :, None] * globe).sum(axis=1)
        radius = self._data["projection"]["R_km"]
        return np.stack([radius * np.arctan2(along, ahead), radius * np.arctanh(across)], axis=1)

    @cached_property
    def _axes(self) -> "Floats":
        """Rows: the unit vectors to the middle, along the x axis, and to its left."""
        import numpy as np

        projection = self._data["projection"]
        lon, lat, bearing = (radians(projection[key]) for key in ("lon0", "lat0", "bearing"))
        middle = np.array([cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat)])
        east = np.array([-sin(lon), cos(lon), 0.0])
        along = east * sin(bearing) + np.cross(middle, east) * cos(bearing)
        return np.stack([middle, along, np.cross(middle, along)])

    @cached_property
    def north(self) -> float:
        """Direction of north in the middle of the map, degrees to the left of the x axis."""
        foot, top = self.project([[71.37, 37.5], [71.37, 37.6]])
        return degrees(atan2(top[1] - foot[1], top[0] - foot[0]))

    # -- the frontier ---------------------------------------------------------------------

    @cached_property
    def frontier(self) -> "Floats":
        """The frontier (n, 3): x, y and chainage, km, from its west end on."""
        import numpy as np

        rows = np.asarray(self._data["frontier"], dtype=np.float64)
        return np.column_stack([self.project(rows), rows[:, 2]])

    def at(self, km: "ArrayLike") -> "Floats":
        """Places of chainages (n) on the frontier, (n, 2); past an end, that end."""
        import numpy as np

        x, y, chainage = self.frontier.T
        at = np.asarray(km, dtype=np.float64)
        return np.stack([np.interp(at, chainage, x), np.interp(at, chainage, y)], axis=-1)

    def stretch(self, km_from: float, km_to: float) -> "Floats":
        """The frontier between two chainages, (n, 2), with every vertex between them."""
        import numpy as np

        chainage = self.frontier[:, 2]
        inner = chainage[(chainage > km_from) & (chainage < km_to)]
        return self.at(np.concatenate([[km_from], inner, [km_to]]))

    def holds(self, ground: "Ground") -> bool:
        """Whether a ground's line is this frontier: each point is near its chainage's place."""
        import numpy as np

        km = np.array([point.km for point in ground.points])
        if abs(ground.length_km - self.frontier[-1, 2]) > NEAR_KM:
            return False
        line = np.column_stack(ground.lon_lat_arrays(km))
        if np.abs(line - [71.37, 37.57]).max() > 20.0:
            return False  # the projection is for this part of the globe
        away = np.hypot(*(self.project(line) - self.at(km)).T)
        return bool(away.max() <= NEAR_KM)

    # -- what is drawn --------------------------------------------------------------------

    @cached_property
    def rivers(self) -> tuple[River, ...]:
        """Rivers, the largest last."""
        rows = sorted(self._data["rivers"], key=lambda row: -row["rank"])
        return tuple(River(row["rank"], self.project(row["line"])) for row in rows)

    @cached_property
    def lakes(self) -> tuple[Lake, ...]:
        """Lakes."""
        return tuple(
            Lake(
                tuple(self.project(ring) for ring in chain(*row.get("polygons", ()))),
                _place(self.project([row["point"]])[0]) if "point" in row else None,
            )
            for row in self._data["lakes"]
        )

    @cached_property
    def boundaries(self) -> "list[Floats]":
        """Boundaries of countries other than the frontier."""
        return [self.project(row["line"]) for row in self._data["boundaries"]]

    @cached_property
    def third_countries(self) -> "list[Floats]":
        """Outer rings of the countries that are not on the frontier."""
        return [
            self.project(polygon[0])
            for row in self._data["countries"]
            if row["iso"] not in _HERE
            for polygon in row["polygons"]
        ]

    def _towns(self) -> list[dict[str, object]]:
        """Towns inside the map: cities (rank 1), centres of frontier districts (2), others (3)."""
        rows = sorted(self._data["towns"], key=lambda row: row["rank"])
        places = map(_place, self.project([(row["lon"], row["lat"]) for row in rows]))
        return [
            {
                "name": row["name"],
                "also": row.get("also", ""),
                "rank": row["rank"],
                "x": x,
                "y": y,
                "side": row["side"],
            }
            for row, (x, y) in zip(rows, places, strict=True)
            if self._inside((x, y))
        ]

    def _names(self) -> list[dict[str, object]]:
        """Names of countries, ranges, rivers and lakes, with places (x, y, degrees), best first."""
        return [
            {
                "text": row["text"],
                "kind": row["kind"],
                "main": row.get("main", False),
                "at": list(self._turned(row["at"])),
            }
            for row in self._data["labels"]
        ]

    def _turned(self, places: Sequence[Sequence[float]]) -> Iterable[tuple[float, float, float]]:
        """Places in the plane; their angles are relative to the parallels, not to the x axis."""
        for lon, lat, angle in places:
            turn, wide = radians(angle), cos(radians(lat))
            ahead = (lon + 0.05 * cos(turn) / wide, lat + 0.05 * sin(turn))
            foot, tip = self.project([(lon, lat), ahead])
            if self._inside(_place(foot)):
                yield (*_place(foot), round(degrees(atan2(tip[1] - foot[1], tip[0] - foot[0])), 1))

    def _inside(self, at: tuple[float, float]) -> bool:
        left, low, right, high = self.bounds
        return left <= at[0] <= right and low <= at[1] <= high

    # -- the relief -----------------------------------------------------------------------

    @property
    def shade(self) -> Path:
        """A shaded relief over :attr:`bounds`; level ground has the value :attr:`flat`."""
        return self._folder / str(self._data["relief"]["shade"])

    @property
    def flat(self) -> int:
        """Value of :attr:`shade` on level ground, 0..255."""
        return int(self._data["relief"]["flat"])

    @property
    def elevation(self) -> Path:
        """A picture of heights over :attr:`bounds`, in steps of :attr:`metres_per_step`."""
        return self._folder / str(self._data["relief"]["elevation"])

    @property
    def metres_per_step(self) -> int:
        """Height of one step of :attr:`elevation`, m."""
        return int(self._data["relief"]["metres_per_step"])

    # -- for the page ---------------------------------------------------------------------

    @cached_property
    def page_data(self) -> dict[str, object]:
        """All of it as plain data in km, the pictures as ``data:`` addresses."""
        return {
            "bounds": self.bounds,
            "north": round(self.north, 2),
            "credit": CREDIT,
            "frontier": _rounded(self.frontier),
            "rivers": [{"rank": r.rank, "line": _rounded(r.line)} for r in self.rivers],
            "lakes": [{"rings": [_rounded(r) for r in k.rings], "at": k.at} for k in self.lakes],
            "boundaries": [_rounded(line) for line in self.boundaries],
            "provinces": [_rounded(self.project(row["line"])) for row in self._data["admin1"]],
            "veil": [_rounded(ring) for ring in self.third_countries],
            "towns": self._towns(),
            "names": self._names(),
            "shade": _address(self.shade),
            "flat": self.flat,
            "elevation": _address(self.elevation),
            "metres": self.metres_per_step,
        }


def _place(row: "Floats") -> tuple[float, float]:
    return round(float(row[0]), 2), round(float(row[1]), 2)


def _rounded(line: "Floats") -> list[list[float]]:
    """Round to 10 m, which is finer than the source."""
    rows: list[list[float]] = line.round(2).tolist()
    return rows


def _address(picture: Path) -> str:
    """The picture as a ``data:`` address."""
    kind = picture.suffix.removeprefix(".")
    return f"data:image/{kind};base64,{base64.b64encode(picture.read_bytes()).decode('ascii')}"


@cache
def basemap() -> Basemap:
    """The base map of the shipped frontier."""
    return Basemap(_FOLDER)
