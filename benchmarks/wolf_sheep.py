"""Mesa's own example of events in an agent-based model, on Mesa's event list and on our agenda.

Wolves eat sheep, sheep eat grass, and grass grows again by a planned event. Nothing in the
example is changed; the parameters are those with which Mesa's own benchmarks run it small.
"""

from typing import Any, NamedTuple
from unittest.mock import patch

from mesa.examples.advanced.wolf_sheep.model import WolfSheep, WolfSheepScenario
from mesa.time import Event, Priority, Schedule

from sim.engine.world import World

STEPS = 80
SMALL: dict[str, float] = {
    "width": 25,
    "height": 25,
    "initial_sheep": 60,
    "initial_wolves": 40,
    "sheep_reproduce": 0.2,
    "wolf_reproduce": 0.1,
    "grass_regrowth_time": 20,
}


class _Given(World):
    """A world that is made from a Mesa scenario, as the example asks for."""

    def __init__(self, scenario: WolfSheepScenario) -> None:
        super().__init__(scenario.rng)
        self.scenario = scenario


class WolfSheepHere(WolfSheep, _Given):  # type: ignore[misc]
    """The example on our agenda.

    Our daily step is an observer that comes last in its instant; the animals move first in
    theirs, as under Mesa.
    """

    def __init__(self, scenario: WolfSheepScenario) -> None:
        super().__init__(scenario)
        self.schedule_recurring(self._activate, Schedule(1.0), Priority.HIGH)

    def _activate(self) -> None:
        WolfSheep.step(self)

    def step(self) -> None:
        """Nothing is left for the observer."""

    def observe(self) -> None:
        """The example collects its data itself."""


class Course(NamedTuple):
    """Numbers of wolves, sheep and patches of grown grass after each step; and the events."""

    counts: dict[str, list[int]]
    events: int


def run(kind: type[WolfSheep], seed: int) -> WolfSheep:
    """Run the example for its steps."""
    model = kind(WolfSheepScenario(rng=seed, **SMALL))
    model.run_until(STEPS)
    return model


def course(kind: type[WolfSheep], seed: int) -> Course:
    """What happened in a run; steps and regrowths are its events."""
    executed = 0

    def execute(event: Event) -> Any:
        nonlocal executed
        executed += 1
        return plain(event)

    plain = Event.execute
    with patch.object(Event, "execute", execute):
        model = run(kind, seed)
    if isinstance(model, World):
        executed = model.agenda.executed - model.steps  # without the observer of each day
    return Course(model.datacollector.model_vars, executed)
