"""A world is a value: a copy continues alone, with all that is planned and nothing shared."""

import pickle
from collections.abc import Callable
from copy import deepcopy

import mesa
import pytest
from mesa.experimental.mesa_signals import ModelSignals
from mesa.time import Schedule

from sim.engine.actor import Actor
from sim.engine.arrivals import Arrivals
from sim.engine.draws import Draws
from sim.engine.shared_draws import no_shared_draws
from sim.engine.world import World
from sim.errors import PanjError

WAYS: list[Callable[[World], World]] = [deepcopy, lambda world: pickle.loads(pickle.dumps(world))]


class Walker(Actor):
    """An agent that goes to a place of its own draw once a day."""

    def go(self, day: int) -> None:
        """Move, and plan the next move."""
        self.km = self.draw.uniform("place", day)
        self.after(1.0, self.go, day + 1)


def peopled() -> World:
    """Three walkers on their way."""
    world = World(3)
    for number in range(3):
        walker = Walker(world, f"walker/{number}", 0.0)
        walker.at(0.25 * number, walker.go, 0)
    return world


def places(world: World) -> list[float]:
    """Where everybody is."""
    return [agent.km for agent in world.agents]


def later(world: World, day: float) -> list[float]:
    """Where everybody is on a day to come."""
    world.run_until(day)
    return places(world)


@pytest.mark.parametrize("copied", WAYS)
def test_a_copy_goes_on_as_the_world_does(copied: Callable[[World], World]) -> None:
    """Clock, plans, draws and Mesa's random numbers are those of the world, and its own."""
    world = peopled()
    world.run_until(4.6)
    copy = copied(world)
    stood = places(world)
    ahead = later(copy, 9.9)
    assert (places(world), world.time, len(world.agenda)) == (stood, 4.6, len(copy.agenda))
    assert later(world, 9.9) == ahead != stood
    assert (copy.steps, copy.agenda.executed) == (world.steps, world.agenda.executed)
    assert (copy.random.random(), copy.rng.random()) == (world.random.random(), world.rng.random())
    assert not set(world.agents) & set(copy.agents)
    assert {agent.model for agent in copy.agents} == {copy}


@pytest.mark.parametrize("copied", WAYS)
def test_what_was_cancelled_stays_so(copied: Callable[[World], World]) -> None:
    """In the copy as in the world, and one does not cancel for the other."""
    world = peopled()
    first, second, third = world.agents
    first.remove()
    copy = copied(world)
    copy.agents[0].remove()
    assert later(copy, 3.0) == [third.draw.uniform("place", 2)]
    assert later(world, 3.0) == [walker.draw.uniform("place", 2) for walker in (second, third)]


@pytest.mark.parametrize("copied", WAYS)
def test_what_recurs_recurs_in_both(copied: Callable[[World], World]) -> None:
    """Mesa's recurring events go with the copy, and are stopped in each for itself."""
    world = peopled()
    world.recurring = world.schedule_recurring(world.agents[0].remove, Schedule(interval=2.0))
    copy = copied(world)
    world.recurring.stop()
    world.run_until(5.0)
    copy.run_until(5.0)
    assert (len(world.agents), len(copy.agents)) == (3, 2)
    assert copy.recurring.execution_count == 2


def test_streams_and_planes_come_back_from_seed_and_identity() -> None:
    """A pickle of them holds no hash: it is short, and gives the same numbers elsewhere."""
    draws = Draws(11)
    stream, plane = draws.of("cell/1"), Arrivals(draws, "cell/1/plans", 10.0, 0.5)
    again = pickle.loads(pickle.dumps((stream, plane)))
    assert again[0].uniforms("luck", 8) == stream.uniforms("luck", 8)
    assert again[1].between(0.0, 90.0, 2.0) == plane.between(0.0, 90.0, 2.0)
    assert len(pickle.dumps(stream)) < 150


def test_draws_of_a_copy_are_guarded_for_themselves() -> None:
    """World and copy read the same names, each in one place."""
    with no_shared_draws():
        world = peopled()
        copy = deepcopy(world)
        assert later(world, 2.0) == later(copy, 2.0)


# -- what others put there ----------------------------------------------------------------


def test_a_collector_goes_with_the_copy() -> None:
    """Its rows so far too; reporters that hold nothing are shared.

    A pickle takes reporters with a name only, as Mesa says.
    """
    world = peopled()
    world.datacollector = mesa.DataCollector({"day": lambda model: model.time})
    world.run_until(2.0)
    copy = deepcopy(world)
    copy.run_until(4.0)
    assert world.datacollector.model_vars["day"] == [1.0, 2.0]
    assert copy.datacollector.model_vars["day"] == [1.0, 2.0, 3.0, 4.0]
    with pytest.raises((pickle.PicklingError, AttributeError), match="lambda"):
        pickle.dumps(world)


@pytest.mark.parametrize("copied", WAYS)
def test_subscriptions_stay_with_the_world(copied: Callable[[World], World]) -> None:
    """A subscriber to Mesa's signals of this world gets none of its copy."""
    world, heard = peopled(), Heard()
    mesa.Model.observe(world, "agents", ModelSignals.AGENT_REMOVED, heard.hear)
    copy = copied(world)
    copy.agents[0].remove()
    assert heard.count == 0
    world.agents[0].remove()
    assert heard.count == 1


class Heard:
    """Somebody who listens."""

    count = 0

    def hear(self, _: object) -> None:
        """Count."""
        self.count += 1


@pytest.mark.parametrize("copied", WAYS)
def test_an_event_of_a_nameless_function_is_refused(copied: Callable[[World], World]) -> None:
    """It may act on the world that it was written for: the day, its name and a remedy are said."""
    world = peopled()
    event = world.schedule_event(lambda: world.agents[0].remove(), at=7.5)
    with pytest.raises(PanjError, match=r"lambda.*day 7\.5 .* Plan a method"):
        copied(world)
    event.cancel()
    assert later(copied(world), 8.0) == later(world, 8.0)


@pytest.mark.parametrize(
    "held", [lambda world: lambda: world, lambda world: (agent for agent in world.agents)]
)
def test_what_cannot_be_copied_is_refused(held: Callable[[World], object]) -> None:
    """A function that holds the world, a generator: one message, and the world stays intact."""
    world = peopled()
    world.held = held(world)
    with pytest.raises(PanjError, match=r"World.*cannot be copied: .* Remove"):
        deepcopy(world)
    assert later(world, 3.0) == later(peopled(), 3.0)
