"""Running totals, as rows at the instants at which one of them changes."""

from typing import TYPE_CHECKING, NamedTuple

from sim.agents.sectors import Sector
from sim.incidents.records import Incident
from sim.viewer.wire_format import Row, day

if TYPE_CHECKING:
    from sim.model import BorderModel


class Counts(NamedTuple):
    """Totals since day 0, and the worksites shut at present."""

    crossings: int = 0
    stopped: int = 0
    incidents: int = 0
    attacks: int = 0
    victims: int = 0
    deaths: int = 0
    sites_shut: int = 0

    def with_incident(self, incident: Incident) -> "Counts":
        """These totals and one more incident."""
        return self._replace(
            incidents=self.incidents + 1,
            attacks=self.attacks + incident.is_attack,
            victims=self.victims + incident.victims,
            deaths=self.deaths + incident.deaths,
        )


class Counters:
    """Rows of :class:`Counts` and mean readiness: at each change and at each midnight."""

    def __init__(self, model: "BorderModel") -> None:
        self._model = model
        self._last, self._row_at = Counts(), 0.0
        self._rows: list[Row] = [self._row(0.0, self._last)]

    def update(self, counts: Counts) -> None:
        """Add a row if it is midnight or a total has changed."""
        now = self._model.agenda.now
        if counts != self._last or (now > self._row_at and now == int(now)):
            self._last, self._row_at = counts, now
            self._rows.append(self._row(now, counts))

    def take(self) -> list[Row]:
        """The rows since the last call."""
        rows, self._rows = self._rows, []
        return rows

    def _row(self, now: float, counts: Counts) -> Row:
        return [day(now), *counts, round(mean_readiness(self._model.sectors, now), 4)]


def mean_readiness(sectors: tuple[Sector, ...], now: float) -> float:
    """Mean of the districts' readiness at ``now``, not before the last event."""
    return sum(sector.readiness(now) for sector in sectors) / len(sectors)
