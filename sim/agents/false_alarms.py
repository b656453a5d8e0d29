"""Alarms with nobody behind them: a Poisson process along each district's line."""

from sim.agents.frontier import Frontier
from sim.engine.agenda import Timer
from sim.engine.arrivals import Arrivals, Point
from sim.frontier.ground import DistrictInfo

_TILE_DAYS, _TILE_RATE = 100, 0.04  # part of the identity of every false alarm


class FalseAlarms:
    """The false alarms of one district; a stronger watch raises more of them."""

    def __init__(self, model: Frontier, district: DistrictInfo) -> None:
        self.model = model
        self.district = district
        self.sector = model.sectors[district.index]
        self._identity = f"false/{district.slug}"
        self._arrivals = Arrivals(model.draws, self._identity, _TILE_DAYS, _TILE_RATE)

        self._planned: list[Timer] = []
        self._read()

    def _read(self) -> None:
        per_km_year = self.model.spec.false_alarms.per_100_km_year / 100.0
        self._per_day = per_km_year * self.district.length_km / 365.0

    def start(self) -> None:
        """Plan the first alarms."""
        if self._per_day > 0.0:
            self._on_column(0)

    def adopt(self) -> None:
        """The scenario has changed: plan the alarms to come again."""
        self._read()
        for timer in self._planned:
            timer.cancel()
        self._on_column(self._arrivals.tile_of(self.model.now))

    def _on_column(self, column: int) -> None:
        agenda, now = self.model.agenda, self.model.now
        most = max(self.sector.rules_of(level).watch for level in self.model.command.reachable)
        self._planned = [
            agenda.at(point.at, self._on_alarm, point, key=self._identity)
            for point in self._arrivals.column(column, self._per_day * most)
            if point.at > now
        ]
        start = (column + 1) * _TILE_DAYS
        self._planned.append(agenda.at(start, self._on_column, column + 1, key=self._identity))

    def _on_alarm(self, point: Point) -> None:
        if point.mark < self._per_day * self.sector.rules.watch:
            identity = f"{self._identity}/{point.key}"
            where = self.model.draws.of(identity).uniform("chainage")
            km = self.district.km_from + where * self.district.length_km
            self.sector.tire(self.model.now)
            self.model.dispatch.false_alarm(identity, self.sector, km)
