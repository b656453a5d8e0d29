"""An alarm until it is answered, lost or given up."""

from typing import Literal

from sim.agents.intruders import TrackedCrossing
from sim.agents.sectors import Sector
from sim.engine.agenda import Timer
from sim.incidents.records import Cue


class Call:
    """An alarm from ``km``; ``crossing`` is ``None`` for a false alarm."""

    def __init__(
        self,
        identity: str,
        cue: "Cue | Literal['false']",
        sector: Sector,
        km: float,
        at: float,
        luck: list[float],
        crossing: TrackedCrossing | None = None,
    ) -> None:
        self.identity, self.cue, self.crossing = identity, cue, crossing
        self.luck = luck
        self.sector, self.km, self.at = sector, km, at
        self.heard_at: float | None = None
        self.team: str | None = None  # identity of the team that was sent
        self.left_at: float | None = None
        self.base_km: float | None = None
        self.arrived_at: float | None = None
        self.released_at: float | None = None
        self.failed = False
        self.expiry: Timer | None = None

    @property
    def over(self) -> bool:
        """Whether no team is coming or searching (any more)."""
        return self.failed or self.released_at is not None
