"""Targets of attacks: one interface for posts, worksites and villages."""

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol, get_args

from sim.agents.encounters import Casualties
from sim.engine.draws import Stream
from sim.incidents.records import Kind

Mode = Literal["infiltration", "drone", "fire"]
MODES: tuple[Mode, ...] = get_args(Mode)
"""Modes of attack."""


class People(Protocol):
    """People who may be hit: their sides, their protection, and the chance that a hit kills."""

    @property
    def shares(self) -> Mapping[str, float]:
        """Shares of the sides to which they belong, as in the records; they add up to 1."""
        ...

    @property
    def hardening(self) -> float:
        """Share of hits that walls prevent."""
        ...

    @property
    def lethality(self) -> float:
        """Chance that a hit kills one of them."""
        ...


class Target(People, Protocol):
    """A place on the near bank with people in it."""

    identity: str
    km: float
    depth: float
    prepared: bool
    """Whether its defenders fight from prepared positions."""
    attacks: Mapping[Mode, Kind]
    """The modes in which it can be attacked, and the kind of incident of each."""
    open: bool
    """Whether people are there."""
    exposed: int
    """People in the open at an instant."""
    bystanders: int
    """People in the open who do not fight when it is raided."""
    defenders: int
    """Guards able to fight when it is raided."""
    counter_drone: float
    """Chance that its cover stops a drone."""
    parts: Sequence[tuple[float, "Target"]]
    """What an attack may meet, each with its chance: the target itself, or part of it."""

    def worth(self, foreign_first: bool) -> float:
        """Value of an attack on it to a cell that seeks foreigners, or else the state."""
        ...

    def columns(self, draw: Stream, hurt: Casualties) -> dict[str, int]:
        """Casualties as columns of an incident."""
        ...


class PlainTarget:
    """Defaults of a target: no walls, no cover, no parts, and everybody in the open a bystander."""

    hardening = 0.0
    prepared = False
    counter_drone = 0.0
    open = True

    @property
    def bystanders(self) -> int:
        """People in the open who do not fight when it is raided."""
        return self.exposed  # type: ignore[attr-defined,no-any-return]

    @property
    def parts(self) -> Sequence[tuple[float, Target]]:
        """Always the target itself."""
        return ((1.0, self),)  # type: ignore[return-value]


def met(target: Target, draw: Stream) -> Target:
    """The target, or the part of it, that an operation with the stream ``draw`` meets."""
    luck = draw.uniform("on the road")
    for chance, part in target.parts:
        if luck < chance:
            return part
        luck -= chance
    return target
