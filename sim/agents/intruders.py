"""Interfaces: those who cross, as their passage sees them, and a crossing as guards see it."""

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
    path: Path
    """Its path across the line."""

    def position(self, t: float | None = None) -> tuple[float, float]:
        """Chainage and depth at ``t``."""
        ...

    def on_seen(self, guards: int) -> None:
        """``guards`` at the line see and meet them."""
        ...

    def on_contact(self, guards: int) -> None:
        """A response team of ``guards`` meets them inland."""
        ...


class TrackedCrossing(Protocol):
    """A crossing that guards may know of and search for."""

    identity: str
    km: float
    sector: Sector
    manhunt: bool
    shadowed: bool  # by guards who saw it and keep it in view

    @property
    def intruders(self) -> Intruders:
        """Those who cross."""
        ...

    @property
    def inside(self) -> bool:
        """Whether the group can still be met on this side."""
        ...

    def on_found(self) -> float:
        """A response team found the group; return the days it takes to surround it, or 0."""
        ...

    def on_team(self, guards: int) -> None:
        """The team makes contact."""
        ...

    def write(self) -> None:
        """Write the crossing to the log, once, and remove it."""
        ...
