"""Arrivals of smuggling groups: an inhomogeneous Poisson process for each district.

Rate = loads per year x district share x season x regime of the year x (1 - share that the host
state prevents). Arrivals are on a plane fixed by the seed, so a change of any of these keeps all
groups that both worlds have.
"""

from functools import lru_cache
from math import ceil

from sim.agents.frontier import Frontier
from sim.agents.regimes import YEAR_DAYS
from sim.agents.smugglers import SmugglingGroup
from sim.engine.agenda import Timer
from sim.engine.arrivals import Arrivals, Point
from sim.frontier.ground import DistrictInfo
from sim.frontier.season import Calendar

_TILE_DAYS, _TILE_RATE = 30, 0.14  # part of the identity of every group


class Traffic:
    """The stream of groups of one district."""

    def __init__(self, model: Frontier, district: DistrictInfo) -> None:
        self.model = model
        self.district = district
        self.arrivals = Arrivals(model.draws, f"smuggling/{district.slug}", _TILE_DAYS, _TILE_RATE)
        self._planned: dict[tuple[int, int, int], Timer] = {}  # of this column, also past ones
        self._next_column: Timer | None = None
        self._read()

    def _read(self) -> None:
        rules = self.model.spec.smugglers
        weight = rules.district_weights.get(self.district.slug, 0.0)
        share = weight / sum(rules.district_weights.values()) if weight > 0.0 else 0.0
        self._per_day = rules.loads_per_year * share / YEAR_DAYS
        self._season = season_factors(
            self.model.calendar, rules.season_effect, self.model.spec.days
        )
        turns = range(0, len(self._season), YEAR_DAYS)
        self._regime = [self.model.regimes.flow(self.model.spec, turn) for turn in turns]

    def start(self) -> None:
        """Plan the first arrivals."""
        if self._per_day > 0.0:
            self.on_column(0)

    def adopt(self) -> None:
        """The scenario has changed: plan the groups to come again."""
        self._read()
        if self._next_column is not None:
            self._next_column.cancel()
        self._plan(self.arrivals.tile_of(self.model.now))

    def rate(self, day: int, control: float = 0.0) -> float:
        """Groups per day on ``day`` under the host state's ``control``."""
        prevented = self.model.spec.host_state.effect_on_smuggling * control
        return (
            self._per_day * self._season[day] * self._regime[day // YEAR_DAYS] * (1.0 - prevented)
        )

    def on_column(self, column: int) -> None:
        """Plan all arrivals of the next days that the lowest control would let through."""
        self._planned.clear()
        self._plan(column)

    def _plan(self, column: int) -> None:
        """Plan a column's arrivals, except past ones; overdue groups arrive now."""
        now = self.model.now
        due = {place for place, timer in self._planned.items() if timer.pending}
        for place in due:
            self._planned.pop(place).cancel()
        agenda = self.model.agenda
        first = column * _TILE_DAYS
        days = range(first, min(first + _TILE_DAYS, len(self._season)))
        if not days:
            return
        envelope = max(self.rate(day) for day in days)
        for point in self.arrivals.column(column, envelope):
            day = int(point.at)
            place = point.place
            if day in days and point.mark < self.rate(day) and place not in self._planned:
                at = self.instant(point)
                if at >= now or place in due:
                    self._planned[place] = agenda.at(
                        max(at, now), self.on_arrival, point, key=self.district.slug
                    )
        self._next_column = agenda.at(
            first + _TILE_DAYS, self.on_column, column + 1, key=self.district.slug
        )

    def instant(self, point: Point) -> float:
        """The instant at which a group reaches the line, on its day and mostly by night."""
        day = int(point.at)
        night_share = self.model.spec.smugglers.night_share
        return self.model.calendar.instant(self.district.index, day, point.at - day, night_share)

    def on_arrival(self, point: Point) -> None:
        """A group reaches the line, unless the host state prevents it."""
        now = self.model.now
        control = self.model.host_state.control(self.district.index, now)
        if point.mark < self.rate(int(point.at), control):
            identity = f"group/{self.district.slug}/{point.key}"
            SmugglingGroup(self.model, identity, self.district).start()


@lru_cache(maxsize=8)
def season_factors(calendar: Calendar, effect: float, days: float) -> tuple[float, ...]:
    """For each day, the flow relative to its yearly mean: lower at high water, at least 0."""
    return tuple(
        max(1.0 + effect * (1.0 - calendar.river_index(day + 0.5)), 0.0)
        for day in range(ceil(days))
    )
