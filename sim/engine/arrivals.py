"""Poisson arrivals that stay the same when their rate changes.

A Poisson process with rate ``r(t)`` is the set of points below the curve ``r`` of a Poisson
process of unit intensity on the plane (time, rate): thinning seen from above (Lewis and
Shedler 1979). The plane is fixed by the seed, so a higher rate keeps every arrival of a lower
one and adds some, whatever the rates are and whenever they change. The plane is drawn lazily
in tiles, each keyed by its place, so the cost depends on the arrivals that are requested.
"""

import re
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate
from math import ceil, exp, floor
from struct import Struct
from typing import NamedTuple

from sim.engine.draws import Draws, Key

_WORDS = Struct("<16I").unpack
_TO_UNIT = 2.0**-32
_KEY = re.compile(r"\d{1,6}\.\d{1,4}\.\d{1,3}", re.ASCII)
_FIRST, _FURTHER = 7, 8  # points read from a tile's first digest and from each further one


class Point(NamedTuple):
    """A point of the plane: an arrival at time ``at`` wherever the rate exceeds ``mark``."""

    at: float
    mark: float
    place: tuple[int, int, int]

    @property
    def key(self) -> str:
        """Column and row of its tile, and its number there: the same in every world."""
        column, row, number = self.place
        return f"{column}.{row}.{number}"


@lru_cache(maxsize=64)
def _poisson_cdf(mean: float) -> tuple[float, ...]:
    """CDF of the Poisson distribution at 0, 1, 2, ... until it is 1 to 32 bits."""
    terms = [exp(-mean)]
    while sum(terms) < 1.0 - 2.0**-33 and len(terms) < mean + 400:
        terms.append(terms[-1] * mean / len(terms))
    return tuple(accumulate(terms))


class Arrivals:
    """The points of one identity's plane.

    Parameters
    ----------
    draws, identity
        The owner of the plane.
    tile_days, tile_rate
        Width and height of a tile; part of the identity, so they must not depend on anything that
        a scenario may change. About four points per tile are cheapest.
    """

    __slots__ = ("_cdf", "_draws", "_height", "_identity", "_key", "_units", "_width")

    def __reduce__(self) -> tuple[type["Arrivals"], tuple[Draws, str, float, float]]:
        return Arrivals, (self._draws, self._identity, self._width, self._height)

    def __init__(self, draws: Draws, identity: str, tile_days: float, tile_rate: float) -> None:
        self._draws, self._identity = draws, identity
        self._key: Key | None = None  # made at first use: most planes are never used
        self._width = tile_days
        self._height = tile_rate
        self._units = (tile_days * _TO_UNIT, tile_rate * _TO_UNIT)
        self._cdf = _poisson_cdf(tile_days * tile_rate)

    def tile_of(self, at: float) -> int:
        """Index of the column of tiles that holds the instant ``at``."""
        return floor(at / self._width)

    def start_of(self, column: int) -> float:
        """First instant of a column of tiles."""
        return column * self._width

    def column(self, column: int, rate: float) -> list[Point]:
        """All points of a column of tiles whose mark lies below ``rate``, by time."""
        points = [
            point
            for row in range(ceil(rate / self._height))
            for point in self._tile(column, row)
            if point.mark < rate
        ]
        points.sort()
        return points

    def between(self, start: float, end: float, rate: float) -> list[Point]:
        """Points with ``start <= at < end`` and a mark below ``rate``, by time."""
        points: list[Point] = []
        for column in range(self.tile_of(start), self.tile_of(end) + 1):
            points += [p for p in self.column(column, rate) if start <= p.at < end]
        return points

    def next_after(self, start: float, end: float, rate: float) -> Point | None:
        """The first point with ``start < at < end`` and a mark below ``rate``."""
        for column in range(self.tile_of(start), self.tile_of(end) + 1):
            for point in self.column(column, rate):
                if start < point.at < end:
                    return point
        return None

    def point(self, key: str) -> Point | None:
        """The point with this :attr:`Point.key`; ``None`` if there is none or it is not a key."""
        if not _KEY.fullmatch(key):
            return None
        column, row, number = map(int, key.split("."))
        points = self._tile(column, row)
        return next((point for point in points if point.place[2] == number), None)

    def _tile(self, column: int, row: int) -> list[Point]:
        """All points of a tile."""
        name = (self._identity, column, row, self._units)
        points: list[Point] | None = self._draws.known.get(name)
        if points is None:
            points = self._draws.remember(name, self._drawn(column, row))
        return points

    def _drawn(self, column: int, row: int) -> list[Point]:
        words = self._digest(f"{column}.{row}")
        count = bisect_right(self._cdf, (words[0] + 0.5) * _TO_UNIT)
        if count > _FIRST:
            words = words[:15]
            for further in range(ceil((count - _FIRST) / _FURTHER)):
                words += self._digest(f"{column}.{row}.{further}")
        width, height = self._units
        left, bottom = column * self._width, row * self._height
        return [
            Point(
                left + (words[2 * number + 1] + 0.5) * width,
                bottom + (words[2 * number + 2] + 0.5) * height,
                (column, row, number),
            )
            for number in range(count)
        ]

    def _digest(self, name: str) -> tuple[int, ...]:
        if self._key is None:
            self._key = self._draws.key_of(self._identity)
        key = self._key.copy()
        key.update(name.encode())
        return _WORDS(key.digest())
