"""Where smuggling groups come from: an inhomogeneous Poisson process for each district.

Rate = loads a year x district share x season x (1 - what the host state prevents). Arrivals
lie on a plane fixed by the seed, so a change of any of these keeps all groups that both
worlds have.
"""

from math import ceil

from sim.agents.frontier import Frontier
from sim.agents.smugglers import SmugglingGroup
from sim.engine.arrivals import Arrivals, Point
from sim.frontier.ground import DistrictInfo

_TILE_DAYS, _TILE_RATE = 30, 0.14  # part of the identity of every group
_YEAR_DAYS = 365.0


class Traffic:
    """The stream of groups of one district."""

    def __init__(
        self, model: Frontier, district: DistrictInfo, share: float, season: "list[float]"
    ) -> None:
        self.model = model
        self.district = district
        self._per_day = model.spec.smugglers.loads_per_year * share / _YEAR_DAYS
        self._season = season
        self._arrivals = Arrivals(model.draws, f"smuggling/{district.slug}", _TILE_DAYS, _TILE_RATE)

    def start(self) -> None:
        """Plan the first arrivals."""
        if self._per_day > 0.0:
            self.on_column(0)

    def rate(self, day: int, control: float = 0.0) -> float:
        """Groups a day on ``day`` under the host state's ``control``."""
        prevented = self.model.spec.host_state.effect_on_smuggling * control
        return self._per_day * self._season[day] * (1.0 - prevented)

    def on_column(self, column: int) -> None:
        """Plan all arrivals of the next days that the least control would let come."""
        agenda, calendar = self.model.agenda, self.model.calendar
        night_share = self.model.spec.smugglers.night_share
        first = column * _TILE_DAYS
        days = range(first, min(first + _TILE_DAYS, len(self._season)))
        if not days:
            return
        envelope = self._per_day * max(self._season[first : first + _TILE_DAYS])
        for point in self._arrivals.column(column, envelope):
            day = int(point.at)
            if day in days and point.mark < self.rate(day):
                at = calendar.instant(self.district.index, day, point.at - day, night_share)
                agenda.at(at, self.on_arrival, point, key=self.district.slug)
        agenda.at(first + _TILE_DAYS, self.on_column, column + 1, key=self.district.slug)

    def on_arrival(self, point: Point) -> None:
        """A group reaches the line, unless the host state holds it back."""
        now = self.model.now
        control = self.model.host_state.control(self.district.index, now)
        if point.mark < self.rate(int(point.at), control):
            identity = f"group/{self.district.slug}/{point.key}"
            SmugglingGroup(self.model, identity, self.district).start()


def season_factors(model: Frontier) -> list[float]:
    """For each day, the flow relative to its yearly mean: thinner at high water, never below 0."""
    effect = model.spec.smugglers.season_effect
    days = range(ceil(model.spec.days))
    return [max(1.0 + effect * (1.0 - model.calendar.river_index(day + 0.5)), 0.0) for day in days]
