"""Who crosses the line, as their passage sees them; and a passage, as those who hunt it see it."""

from typing import Protocol

from sim.agents.sectors import Sector
from sim.engine.draws import Stream
from sim.engine.path import Path
from sim.incidents.records import Actor


class Intruders(Protocol):
    """A group or party that crosses."""

    identity: str
    draw: Stream
    actor: Actor
    size: int
    armed: bool
    load_kg: float

    @property
    def path(self) -> Path:
        """Its way across the line."""
        ...

    def position(self, t: float | None = None) -> tuple[float, float]:
        """Chainage and depth at ``t``."""
        ...

    def on_seen(self, guards: int) -> None:
        """Seen in the strip by ``guards`` who stand before them."""
        ...

    def on_contact(self, guards: int) -> None:
        """Met inland by a response team of ``guards``."""
        ...


class TrackedCrossing(Protocol):
    """A crossing under way, of which guards may know."""

    identity: str
    km: float
    sector: Sector
    manhunt: bool
    shadowed: bool  # by guards who saw it and hold off

    @property
    def intruders(self) -> Intruders:
        """Who crosses."""
        ...

    @property
    def inside(self) -> bool:
        """Whether the group can still be met on this side."""
        ...

    def on_found(self) -> float:
        """A response team found the group; returns the days it takes to surround it, if it does."""
        ...

    def on_team(self, guards: int) -> None:
        """The team makes contact."""
        ...

    def write(self) -> None:
        """Write the crossing to the log, once, and forget it."""
        ...
