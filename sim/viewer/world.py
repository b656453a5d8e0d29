"""One world on the screen: a scenario, a seed, the levers moved so far, and how far it is."""

from typing import NamedTuple

from sim.model import BorderModel
from sim.scenario.spec import Scenario
from sim.viewer.ground import Ground, ground
from sim.viewer.levers import Value, known_lever, levers, overrides
from sim.viewer.rows import Stretch, joined
from sim.viewer.story import Story


class Move(NamedTuple):
    """A live lever moved on day ``at``."""

    at: float
    key: str
    value: Value


class World:
    """A model and its story. A change that reaches into the past makes another world.

    ``moves`` are the live levers moved so far, in order of time; they are moved again when a
    world is built anew.
    """

    def __init__(self, spec: Scenario, seed: int, moves: tuple[Move, ...] = ()) -> None:
        self._built, self._seed, self._moves = spec, seed, moves
        self.model = BorderModel(spec, seed=seed)
        self.story = Story(self.model)

    @property
    def now(self) -> float:
        """How far the world has been simulated, days."""
        return self.story.now

    @property
    def days(self) -> float:
        """The horizon."""
        return self.model.spec.days

    def ground(self) -> Ground:
        """The ground, with the levers as they stand."""
        return ground(self.model, levers(self.model.spec), pure=not self._moves)

    def advance(self, until: float) -> Stretch:
        """Run on and tell the stretch."""
        return self.story.advance(until)

    def brought_to(self, until: float) -> Stretch:
        """Run a world that has not begun to ``until``, with its moves on the way, and tell it."""
        told = []
        for made in self._moves:
            told.append(self.advance(made.at))
            self._move(made.key, made.value)
        return joined([*told, self.advance(until)])

    def is_live(self, key: str) -> bool:
        """Whether a lever may be moved in this world as it runs."""
        return known_lever(key).live

    def pull(self, key: str, value: Value) -> None:
        """Move a live lever from now on."""
        self._move(key, value)
        self._moves = (*self._moves, Move(self.now, key, value))

    def _move(self, key: str, value: Value) -> None:
        spec = overrides(self.model.spec, {key: value})
        if self.now < self.days:
            self.model.change(spec)
        else:  # nothing is left to change, but the lever stands elsewhere
            self.model.spec = spec

    def with_lever(self, key: str, value: Value, at: float) -> "World":
        """The same world, not begun, with a lever at another value: live ones from ``at`` on.

        What was moved after ``at`` is forgotten.

        Raises :class:`~sim.errors.PanjError` for a key that is not a lever, a value that is not
        allowed, or a scenario that cannot be built.
        """
        earlier = tuple(made for made in self._moves if made.at <= at)
        if self.is_live(key):
            overrides(self.model.spec, {key: value})
            return World(self._built, self._seed, (*earlier, Move(at, key, value)))
        return World(overrides(self._built, {key: value}), self._seed, earlier)
