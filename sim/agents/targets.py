"""What can be attacked: one interface for posts, worksites and villages."""

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol, get_args

from sim.agents.encounters import Casualties
from sim.engine.draws import Stream
from sim.incidents.records import Kind

Mode = Literal["infiltration", "drone", "fire"]
MODES: tuple[Mode, ...] = get_args(Mode)
"""Ways to attack."""


class People(Protocol):
    """People who may be hit: whose they are, behind what walls, and how often a hit kills."""

    @property
    def shares(self) -> Mapping[str, float]:
        """Whose people they are, as the sides of the records: shares that add up to 1."""
        ...

    @property
    def hardening(self) -> float:
        """Share of hits that walls spare."""
        ...

    @property
    def lethality(self) -> float:
        """Chance that a hit kills one of them."""
        ...


class Target(People, Protocol):
    """Something that stands on the near bank and has people in it."""

    identity: str
    km: float
    depth: float
    prepared: bool
    """Whether its defenders fight from prepared positions."""
    attacks: Mapping[Mode, Kind]
    """The ways in which it can be attacked, and the kind of incident that each makes."""

    @property
    def open(self) -> bool:
        """Whether people are there."""
        ...

    def worth(self, foreign_first: bool) -> float:
        """What an attack on it is worth to a cell, one that seeks foreigners or the state."""
        ...

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
    def counter_drone(self) -> float:
        """Chance that its cover stops a drone."""
        ...

    @property
    def parts(self) -> Sequence[tuple[float, "Target"]]:
        """How an attack may meet it, each way with its chance: itself, or part of it."""
        ...

    def columns(self, draw: Stream, hurt: Casualties) -> dict[str, int]:
        """Casualties as columns of an incident."""
        ...


def met(target: Target, draw: Stream) -> Target:
    """A target as one operation, whose stream ``draw`` is, meets it: itself, or part of it."""
    luck = draw.uniform("on the road")
    for chance, part in target.parts:
        if luck < chance:
            return part
        luck -= chance
    return target
