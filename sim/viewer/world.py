"""One world on the screen: a scenario, a seed, the levers moved so far, and the time reached."""

from typing import NamedTuple

from sim.model import BorderModel
from sim.scenario.spec import Scenario
from sim.viewer.ground import Ground, ground
from sim.viewer.levers import Value, known_lever, levers, overrides
from sim.viewer.story import Story
from sim.viewer.wire_format import Stretch, join_stretches


class Move(NamedTuple):
    """A live lever moved on day ``at``."""

    at: float
    key: str
    value: Value


class World:
    """A model and its story. A change in the past makes another world.

    ``moves`` are the live levers moved so far, in order of time; they are moved again when the
    world is built again.
    """

    def __init__(self, spec: Scenario, seed: int, moves: tuple[Move, ...] = ()) -> None:
        self._built, self._seed, self._moves = spec, seed, moves
        self.model = BorderModel(spec, seed=seed)
        self.story = Story(self.model)

    @property
    def now(self) -> float:
        """The time simulated so far, days."""
        return self.story.now

    @property
    def days(self) -> float:
        """The horizon, days."""
        return self.model.spec.days

    def ground(self) -> Ground:
        """The ground, with the levers as they are now."""
        return ground(self.model, levers(self.model.spec), pure=not self._moves)

    def advance(self, until: float) -> Stretch:
        """Run to ``until`` and return the stretch."""
        return self.story.advance(until)

    def run_to(self, until: float) -> Stretch:
        """Run a world that has not begun to ``until``, with its moves, and return the stretch."""
        stretches = []
        for made in self._moves:
            stretches.append(self.advance(made.at))
            self._move(made.key, made.value)
        return join_stretches([*stretches, self.advance(until)])

    def is_live(self, key: str) -> bool:
        """Whether a lever may be moved while this world runs."""
        return known_lever(key).live

    def move_lever(self, key: str, value: Value) -> None:
        """Move a live lever, with effect from now on."""
        self._move(key, value)
        self._moves = (*self._moves, Move(self.now, key, value))

    def _move(self, key: str, value: Value) -> None:
        spec = overrides(self.model.spec, {key: value})
        if self.now < self.days:
            self.model.change(spec)
        else:  # the run is over: only the value shown changes
            self.model.spec = spec

    def with_lever(self, key: str, value: Value, at: float) -> "World":
        """The same world, not begun, with a lever at another value; a live one from ``at`` on.

        Moves after ``at`` are dropped.

        Raises :class:`~sim.errors.PanjError` for a key that is not a lever, a value that is not
        allowed, or a scenario that cannot be built.
        """
        earlier = tuple(made for made in self._moves if made.at <= at)
        if self.is_live(key):
            overrides(self.model.spec, {key: value})
            return World(self._built, self._seed, (*earlier, Move(at, key, value)))
        return World(overrides(self._built, {key: value}), self._seed, earlier)
