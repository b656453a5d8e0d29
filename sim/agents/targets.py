"""What can be attacked: one interface for posts, worksites and villages."""

from typing import Protocol

from sim.agents.encounters import Casualties
from sim.engine.draws import Stream
from sim.incidents.records import Kind


class Target(Protocol):
    """Something that stands on the Tajik bank and has people in it."""

    identity: str
    km: float
    depth: float
    hardening: float
    fire_kind: Kind
    raid_kind: Kind

    @property
    def exposed(self) -> int:
        """People in the open at an instant."""
        ...

    @property
    def bystanders(self) -> int:
        """People in the open who do not fight when it is raided."""
        ...

    @property
    def defenders(self) -> int:
        """Guards able to fight when it is raided."""
        ...

    @property
    def lethality(self) -> float:
        """Chance that a hit kills one of its people."""
        ...

    def columns(self, draw: Stream, hurt: Casualties) -> dict[str, int]:
        """Casualties as columns of an incident."""
        ...
