"""A world is a Mesa model: what a user of Mesa expects holds, on an exact clock."""

from collections.abc import Callable
from functools import partial
from math import inf, nan
from typing import Any

import mesa
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mesa.experimental.mesa_signals import ModelSignals
from mesa.time import Priority, Schedule

from sim.engine.actor import Actor
from sim.engine.agenda import LAST
from sim.engine.world import World
from sim.errors import PanjError


class Post(Actor):
    """A kind of agent."""

    level = 1


class Patrol(Actor):
    """Another kind of agent."""

    level = 2


def watched(seed: int = 1) -> tuple[World, list[float]]:
    """A world and a list for the times of what happens."""
    return World(seed), []


def clock(world: World, seen: list[float]) -> Callable[[], None]:
    """A callback that notes the time."""
    return lambda: seen.append(world.time)


# -- agents -------------------------------------------------------------------------------


@pytest.mark.parametrize("listening", [False, True])
def test_agents_are_registered_as_in_any_mesa_model(listening: bool) -> None:
    """By kind, with numbers from 1, whether somebody listens or not; and let go again."""
    world = World(1)
    heard: list[str] = []

    def hear(signal: Any) -> None:
        heard.append(str(signal.signal_type))

    if listening:
        mesa.Model.observe(world, "agents", ModelSignals.AGENT_ADDED, hear)
        mesa.Model.observe(world, "agents", ModelSignals.AGENT_REMOVED, hear)
    first, second, third = Post(world, "a", 0.0), Patrol(world, "b", 1.0), Post(world, "c", 2.0)
    assert [agent.unique_id for agent in world.agents] == [1, 2, 3]
    assert list(world.agents_by_type[Post]) == [first, third]
    first.remove()
    first.remove()
    assert list(world.agents) == [second, third]
    assert list(world.agents_by_type[Post]) == [third]
    assert len(heard) == (4 if listening else 0)


# -- days and time ------------------------------------------------------------------------


def test_it_is_a_mesa_model() -> None:
    """With Mesa's clock, its counter of steps and its own random numbers, seeded."""
    world = World(7)
    assert isinstance(world, mesa.Model)
    assert (world.time, world.steps, world.running) == (0.0, 0, True)
    assert world.random.random() == World(7).random.random() != World(8).random.random()
    assert world.rng.random() == World(7).rng.random() != World(8).rng.random()


def test_a_step_is_a_day() -> None:
    """Each step advances one day, counts one, and observes once at its end."""
    world = World(1)
    for day in range(1, 6):
        world.step()
        assert (world.time, world.steps) == (float(day), day)


def test_run_until_and_run_for_count_whole_days() -> None:
    """Days are counted when their end is passed, however the run is cut."""
    world = World(1)
    world.run_until(2.7)
    assert (world.time, world.steps) == (2.7, 2)
    world.run_for(0.3)
    assert (world.time, world.steps) == (3.0, 3)
    world.run_for(10.5)
    assert (world.time, world.steps) == (13.5, 13)


@given(st.lists(st.floats(0.0, 3.0), max_size=10))
def test_any_cut_counts_the_same_days(slices: list[float]) -> None:
    """Steps are the whole part of the time."""
    world = World(1)
    for length in slices:
        world.run_for(length)
    assert world.steps == int(world.time)


@pytest.mark.parametrize(("day", "said"), [(2.0, "2.0"), (nan, "nan"), (-inf, "-inf")])
def test_running_to_the_past_is_refused(day: float, said: str) -> None:
    """So is what is not a number: the day, the value and the remedy are said, the clock stays."""
    world = World(1)
    world.run_until(5.0)
    with pytest.raises(PanjError, match=rf"end_time = {said}: .* day 5 already\. Give a later"):
        world.run_until(day)
    with pytest.raises(PanjError, match="already"):
        world.run_for(day - 5.0)
    world.run_until(5.0)
    assert (world.time, world.steps) == (5.0, 5)


def test_run_model_steps_while_running() -> None:
    """Mesa's own loop ends when the model says so."""
    world = World(1)
    world.agenda.at(3.5, lambda: setattr(world, "running", False))
    world.run_model()
    assert (world.time, world.steps) == (4.0, 4)


def test_observing_comes_after_all_else_of_the_instant() -> None:
    """Even what has the last priority, or is planned in that instant, comes before."""
    order: list[str] = []

    class Watched(World):
        def observe(self) -> None:
            order.append("observed")

    world = Watched(1)
    world.agenda.at(1.0, order.append, "last", priority=LAST, key="~")

    def plan() -> None:
        world.agenda.at(1.0, order.append, "planned")

    world.agenda.at(1.0, plan, key="a")
    world.schedule_event(partial(order.append, "Mesa's low"), at=1.0, priority=Priority.LOW)
    world.step()
    assert order == ["planned", "last", "Mesa's low", "observed"]


def test_a_step_of_ones_own_is_called_every_day() -> None:
    """As in Mesa: what a subclass does in ``step`` happens once a day, however it is run."""
    days: list[float] = []

    class Own(World):
        def step(self) -> None:
            super().step()
            days.append(self.time)

    world = Own(1)
    world.step()
    world.run_until(3.5)
    assert days == [1.0, 2.0, 3.0]
    assert (world.time, world.steps) == (3.5, 3)


# -- events -------------------------------------------------------------------------------


class Listener:
    """Something with a method."""

    def __init__(self) -> None:
        self.heard = 0

    def hear(self) -> None:
        """Count."""
        self.heard += 1


def test_whatever_is_callable_fires_exactly_once() -> None:
    """A lambda, a local function, a bound method of something nobody else holds, a partial."""
    world, seen = watched()
    count = [0]

    def local() -> None:
        count[0] += 1

    listener = Listener()
    world.schedule_event(lambda: seen.append(world.time), at=1.25)
    world.schedule_event(local, after=2.0)
    world.schedule_event(listener.hear, at=3.0)
    world.schedule_event(partial(seen.append, -1.0), at=4.0)
    del local
    heard = listener.__dict__
    del listener
    world.run_until(9.0)
    assert seen == [1.25, -1.0]
    assert count == [1]
    assert heard == {"heard": 1}


def test_after_counts_from_now() -> None:
    """Relative times start at the present instant; 0 is this very instant."""
    world, seen = watched()
    world.run_until(2.5)
    world.schedule_event(clock(world, seen), after=1.0)
    world.schedule_event(clock(world, seen), after=0.0)
    world.run_until(9.0)
    assert seen == [2.5, 3.5]


def test_events_of_one_instant_go_by_priority() -> None:
    """High before default before low, whichever was planned first."""
    world = World(1)
    order: list[str] = []
    for priority in (Priority.LOW, Priority.HIGH, Priority.DEFAULT):
        world.schedule_event(partial(order.append, priority.name), at=1.5, priority=priority)
    world.run_until(2.0)
    assert order == ["HIGH", "DEFAULT", "LOW"]


def test_an_event_can_be_cancelled() -> None:
    """What is returned has ``cancel``, as in Mesa."""
    world, seen = watched()
    event = world.schedule_event(clock(world, seen), at=1.0)
    event.cancel()
    world.run_until(2.0)
    assert seen == []


@pytest.mark.parametrize("when", [{}, {"at": 1.0, "after": 1.0}])
def test_one_of_at_and_after_is_needed(when: dict[str, float]) -> None:
    """Neither or both is refused, as in Mesa."""
    with pytest.raises(ValueError, match="exactly one"):
        World(1).schedule_event(lambda: None, **when)


@pytest.mark.parametrize("when", [{"at": 1.0}, {"after": -0.5}])
def test_an_event_in_the_past_is_refused(when: dict[str, float]) -> None:
    """As in Mesa, by either way to say it."""
    world = World(1)
    world.run_until(2.0)
    with pytest.raises(ValueError, match=r"already 2\.0"):
        world.schedule_event(lambda: None, **when)


# -- recurring ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (Schedule(interval=2.0), [2.0, 4.0, 6.0, 8.0]),
        (Schedule(interval=3.0, start=1.0), [1.0, 4.0, 7.0]),
        (Schedule(interval=2.0, start=0.0), [0.0, 2.0, 4.0, 6.0, 8.0]),
        (Schedule(interval=2.0, end=6.0), [2.0, 4.0, 6.0]),
        (Schedule(interval=1.5, count=3), [1.5, 3.0, 4.5]),
        (Schedule(interval=1.0, start=2.0, end=9.0, count=2), [2.0, 3.0]),
    ],
)
def test_a_schedule_says_when(schedule: Schedule, expected: list[float]) -> None:
    """Interval, start, end (included) and count, alone and together."""
    world, seen = watched()
    recurring = world.schedule_recurring(clock(world, seen), schedule)
    world.run_until(8.5)
    assert seen == expected
    assert recurring.execution_count == len(expected)
    limited = schedule.end is not None or schedule.count is not None
    assert recurring.is_active == (not limited)


def test_the_same_times_as_mesa_itself() -> None:
    """The schedules of a plain Mesa model and of ours agree."""
    schedules = [
        Schedule(interval=0.75), Schedule(interval=2.0, start=0.5, end=4.5),
        Schedule(interval=1.25, count=4), Schedule(interval=lambda model: 0.5 + model.time / 4),
    ]  # fmt: skip
    for schedule in schedules:
        times = []
        for model in (World(1), mesa.Model(rng=1)):
            seen: list[float] = []
            note = partial(lambda m, s: s.append(m.time), model, seen)
            model.schedule_recurring(note, schedule)
            model.run_until(7.0)
            times.append(seen)
        assert times[0] == times[1]


def test_an_interval_may_be_a_function_of_the_model() -> None:
    """It is called before each wait: here waits of 1, 2, 4 days."""
    world, seen = watched()
    world.schedule_recurring(
        clock(world, seen), Schedule(interval=lambda model: max(model.time, 1.0))
    )
    world.run_until(10.0)
    assert seen == [1.0, 2.0, 4.0, 8.0]


def test_it_ends_when_it_is_stopped() -> None:
    """From outside, or by the callback itself; stopping twice is harmless."""
    world, seen = watched()
    recurring = world.schedule_recurring(clock(world, seen), Schedule(interval=1.0))
    world.run_until(2.0)
    recurring.stop()
    recurring.stop()
    world.run_until(5.0)
    assert seen == [1.0, 2.0]
    assert not recurring.is_active

    own: list[float] = []

    def once() -> None:
        own.append(world.time)
        itself.stop()

    itself = world.schedule_recurring(once, Schedule(interval=1.0))
    world.run_until(9.0)
    assert own == [6.0]


def test_a_start_in_the_past_is_refused() -> None:
    """As in Mesa."""
    world = World(1)
    world.run_until(3.0)
    with pytest.raises(ValueError, match="cannot plan"):
        world.schedule_recurring(lambda: None, Schedule(interval=1.0, start=1.0))


def test_recurring_events_know_their_place() -> None:
    """In one instant they go by priority, like any other."""
    world = World(1)
    order: list[str] = []
    for priority in (Priority.LOW, Priority.HIGH):
        note = partial(order.append, priority.name)
        world.schedule_recurring(note, Schedule(interval=1.5), priority)
    world.run_until(3.0)
    assert order == ["HIGH", "LOW"] * 2


# -- agents -------------------------------------------------------------------------------


@pytest.fixture
def peopled() -> World:
    """Three posts and two patrols."""
    world = World(1)
    for number in range(3):
        Post(world, f"post/{number}", 10.0 * number)
    for number in range(2):
        Patrol(world, f"patrol/{number}", 5.0 * number)
    return world


def test_agents_are_found_by_type(peopled: World) -> None:
    """``agents``, ``agents_by_type`` and ``agent_types`` know everyone, with Mesa's numbers."""
    assert len(peopled.agents) == 5
    assert {kind: len(agents) for kind, agents in peopled.agents_by_type.items()} == {
        Post: 3, Patrol: 2,
    }  # fmt: skip
    assert sorted(agent.unique_id for agent in peopled.agents) == [1, 2, 3, 4, 5]
    assert peopled.agents_by_type[Post].get("km") == [0.0, 10.0, 20.0]
    assert len(peopled.agents.select(lambda agent: agent.level == 2)) == 2


def test_the_removed_are_gone(peopled: World) -> None:
    """From all lists, one by one or all at once."""
    first = peopled.agents_by_type[Post][0]
    first.remove()
    assert first not in peopled.agents
    assert len(peopled.agents_by_type[Post]) == 2
    peopled.remove_all_agents()
    assert len(peopled.agents) == 0


def test_the_last_reference_lets_a_removed_agent_fire_nothing(peopled: World) -> None:
    """Timers set by all agents, then all removed: the days pass and nothing happens."""
    seen: list[str] = []
    for agent in peopled.agents:
        agent.after(1.5, seen.append, agent.identity)
    peopled.remove_all_agents()
    peopled.run_until(5.0)
    assert seen == []


# -- collecting data ----------------------------------------------------------------------


def test_a_collector_samples_every_day(peopled: World) -> None:
    """Model and agent reporters, one row a day, as pandas frames."""
    peopled.datacollector = mesa.DataCollector(
        model_reporters={"time": "time", "posts": lambda m: len(m.agents_by_type[Post])},
        agent_reporters={"km": "km", "level": lambda agent: agent.level},
    )
    peopled.schedule_event(lambda: peopled.agents_by_type[Post][0].remove(), at=1.5)
    peopled.run_until(3.25)
    model_frame = peopled.datacollector.get_model_vars_dataframe()
    assert model_frame["time"].tolist() == [1.0, 2.0, 3.0]
    assert model_frame["posts"].tolist() == [3, 2, 2]
    agent_frame = peopled.datacollector.get_agent_vars_dataframe()
    assert agent_frame.groupby(level="Step").size().tolist() == [5, 4, 4]
    assert agent_frame.index.names == ["Step", "AgentID"]
    assert np.isclose(agent_frame["km"].xs(1, level="Step").sum(), 35.0)


def test_without_a_collector_nothing_is_collected() -> None:
    """The default collects nothing and needs nothing."""
    world = World(1)
    world.run_until(2.0)
    assert world.datacollector is None


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_a_seed_outside_is_refused_before_anything_is_built(seed: int) -> None:
    """The same bounds as for all draws."""
    with pytest.raises(ValueError, match="seed must be in"):
        World(seed)
