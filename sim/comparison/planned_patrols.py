"""The planned patrols of a scenario as arrays: the model's own posts, beats and hours.

The world is built as for a run, but no run takes place. Alert levels are those of the calendar,
before any incident.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.theory.readiness import readiness_after
from sim.theory.sortie_detection import Array, Beat, Dark

if TYPE_CHECKING:
    from sim.model import BorderModel

CELLS: Final = 6
"""Cells of a half section; each is represented by its middle."""
DAYS: Final = 12
"""Days that represent the horizon."""


class Day(NamedTuple):
    """A planned day: its number, sorties relative to routine, readiness."""

    day: int
    sorties: float
    readiness: float


class Cells(NamedTuple):
    """Cells of the line from west to east, one entry each."""

    km: Array
    length: Array
    place: Array  # km from the post
    half: Array
    day_speed: Array  # km/day, as is night_speed
    night_speed: Array
    sorties: Array  # a day each way at routine level
    district: NDArray[np.int64]  # of the place
    watched_from: NDArray[np.int64]  # district of the post
    terrain: NDArray[np.int64]

    def beat(self, by_night: bool) -> Beat:
        """The half sections of the cells at an hour long after the last change of light."""
        return Beat(self.place, self.half, self.night_speed if by_night else self.day_speed)

    def beat_on(self, world: BorderModel, day: int) -> Beat:
        """The half sections of the cells, as columns, on a day with its dusk and dawn."""
        calendar = world.calendar
        row = calendar.row(float(day))
        rise = np.array([times[row] for times in calendar.sunrise])[self.watched_from]
        fall = np.array([times[row] for times in calendar.sunset])[self.watched_from]
        dark = Dark(self.night_speed[:, None], rise[:, None], fall[:, None])
        return Beat(self.place[:, None], self.half[:, None], self.day_speed[:, None], dark)


def cells_of(world: BorderModel, ends: bool = False) -> Cells:
    """The cells of every half section; with ``ends`` also the post and the far end, of length 0.

    The far end belongs to one half section, the post to one of its sides.
    """
    inner = ((np.arange(CELLS) + 0.5) / CELLS).tolist()
    shares = [0.0, *inner, 1.0] if ends else inner
    sizes = [0.0, *[1.0 / CELLS] * CELLS, 0.0] if ends else [1.0 / CELLS] * CELLS
    rows: list[tuple[float, ...]] = []
    land = world.ground
    for post in world.posts:
        for beat in post.beats:
            stretch, each_way = beat.stretch, 0.5 * post.sector.routine_sorties
            for share, size in zip(shares, sizes, strict=True):
                km = stretch.km + share * stretch.reach
                rows.append(
                    (km, size * beat.half_km, share * beat.half_km, beat.half_km,
                     stretch.day_speed, stretch.night_speed, each_way,
                     land.district_at(km), stretch.district, land.terrain_index_at(km))
                )  # fmt: skip
    columns = np.array(rows).T
    return Cells(*columns[:7], *columns[7:].astype(np.int64))


def days_of(world: BorderModel) -> list[Day]:
    """Days spread evenly over the horizon, with the level of their season and the readiness.

    Tiredness comes from the levels; false alarms, which add little to it, are ignored.
    """
    length = ceil(world.spec.days)
    shown = {int((n + 0.5) * length / DAYS) for n in range(DAYS)}
    readiness = world.spec.readiness.start
    chosen = []
    for day in range(length):
        number, sector = level_on(world, day), world.sectors[0]
        level, recovery = sector.rules_of(number), sector.recovery_of(number)
        if day in shown:
            chosen.append(Day(day, level.sorties, readiness))
        readiness = readiness_after(readiness, level.fatigue_per_day, recovery, 1.0)
    return chosen


def level_on(world: BorderModel, day: int) -> int:
    """The level on a day if nothing has happened yet."""
    return world.command.alert_units[0].rule.wanted(float(day))
