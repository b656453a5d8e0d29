"""Villages along the near bank, which may notice crossings; detection.py has their tips."""

from collections.abc import Mapping

from sim.agents.encounters import Casualties
from sim.agents.frontier import Frontier, FrontierAgent
from sim.agents.sectors import Sector
from sim.agents.targets import Mode, PlainTarget
from sim.engine.draws import Stream
from sim.incidents.records import Kind


class Village(PlainTarget, FrontierAgent):
    """A village; its trust in the guards is that of its district."""

    defenders = 0
    shares: Mapping[str, float] = {"villagers": 1.0}
    attacks: Mapping[Mode, Kind] = {"fire": "cross_border_fire"}

    def __init__(
        self, model: Frontier, identity: str, km: float, depth: float, sector: "Sector"
    ) -> None:
        super().__init__(model, identity, km, depth)
        self.sector = sector

    def worth(self, foreign_first: bool) -> float:
        """Value of an attack on it to any cell."""
        return self.spec.strikes.village_value

    @property
    def trust(self) -> float:
        """Trust in the guards now, in [0, 1]."""
        return self.sector.trust(self.now)

    @property
    def exposed(self) -> int:
        """People in the open at an instant."""
        return round(self.spec.strikes.villagers_exposed * self.sector.rules.exposed)

    @property
    def lethality(self) -> float:
        """Chance that a hit kills a villager."""
        return self.spec.strikes.lethality_workers

    def columns(self, draw: Stream, hurt: Casualties) -> dict[str, int]:
        """Casualties as columns of an incident."""
        return {"killed_villagers": hurt.killed, "wounded_villagers": hurt.wounded}
