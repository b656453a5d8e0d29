"""A Mesa agent in continuous time, with an identity."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, Protocol

from sim.engine.agenda import NORMAL, Agenda, Timer
from sim.engine.draws import Draws, Stream
from sim.engine.mesa_import import mesa


class ActorModel(Protocol):
    """What an actor needs from its model."""

    agenda: Agenda
    draws: Draws


class Actor(mesa.Agent):  # type: ignore[misc]
    """An agent with an identity, its own draws and timers, and a position.

    ``identity`` names it in every world, such as ``cell/3``; it never counts the order of creation.
    Timers are cancelled when the agent is removed.
    """

    model: ActorModel

    def __init__(self, model: ActorModel, identity: str, km: float, depth: float = 0.0) -> None:
        super().__init__(model)
        self.identity = identity
        self.km = km
        self.depth = depth
        self._timers: list[Timer] = []

    @cached_property
    def draw(self) -> Stream:
        """Its draws, made at first use, since many agents never draw."""
        return self.model.draws.of(self.identity)

    def position(self, t: float | None = None) -> tuple[float, float]:
        """``(chainage km, depth km)`` at time ``t`` (default: now); constant unless overridden."""
        return self.km, self.depth

    @property
    def now(self) -> float:
        """The present instant, days."""
        return self.model.agenda.now

    @property
    def place(self) -> tuple[float, float]:
        """Where it is now."""
        return self.position(self.now)

    def at(
        self, when: float, callback: Callable[..., None], *arguments: Any, priority: int = NORMAL
    ) -> Timer:
        """Plan something that happens to this agent at ``when``."""
        timer = self.model.agenda.at(
            when, callback, *arguments, key=self.identity, priority=priority
        )
        self._timers.append(timer)
        return timer

    def after(self, days: float, callback: Callable[..., None], *arguments: Any) -> Timer:
        """Plan something that happens to this agent in ``days``."""
        return self.at(self.now + days, callback, *arguments)

    def remove(self) -> None:
        """Leave the model; nothing more happens to it."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        super().remove()

    def __repr__(self) -> str:
        """Type and identity."""
        return f"<{type(self).__name__} {self.identity}>"
