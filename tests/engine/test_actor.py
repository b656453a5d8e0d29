"""Actors: agents with an identity, draws and timers of their own."""

import pytest

from sim.engine.actor import Actor
from sim.engine.agenda import FIRST, LAST
from sim.engine.draws import Draws
from sim.engine.world import World


class Walker(Actor):
    """An actor that notes what happens to it."""

    def __init__(self, world: World, identity: str = "walker/1") -> None:
        super().__init__(world, identity, 100.0, -3.0)
        self.seen: list[tuple[float, str]] = []

    def note(self, what: str) -> None:
        """Write down when and what."""
        self.seen.append((self.model.agenda.now, what))

    def position(self, t: float | None = None) -> tuple[float, float]:
        """Ten km a day up the line."""
        now = self.model.agenda.now if t is None else t
        return self.km + 10.0 * now, self.depth


def test_it_stands_where_it_was_put() -> None:
    """The position of an agent at rest is the same at any instant, by default now."""
    actor = Actor(World(1), "post/1", 430.0, 2.5)
    assert actor.position() == actor.position(99.0) == actor.place == (430.0, 2.5)


def test_its_place_is_where_it_is_now() -> None:
    """A moving agent gives its position at the present instant."""
    world = World(1)
    walker = Walker(world)
    world.run_until(2.5)
    assert walker.place == (125.0, -3.0)


def test_its_draws_follow_from_its_identity() -> None:
    """The same stream as the world's draws of that name, no matter what was made before."""
    world = World(5)
    for number in range(3):
        Actor(world, f"other/{number}", 0.0)
    assert Walker(world).draw.uniform("p") == Draws(5).of("walker/1").uniform("p")


def test_events_come_at_their_time_and_after_a_while() -> None:
    """``at`` an instant, ``after`` some days from now; arguments are handed on."""
    world = World(1)
    walker = Walker(world)
    world.run_until(1.0)
    walker.at(4.0, walker.note, "at")
    walker.after(0.5, walker.note, "after")
    world.run_until(10.0)
    assert walker.seen == [(1.5, "after"), (4.0, "at")]


def test_in_one_instant_identities_are_in_order() -> None:
    """Order of planning: by priority, then by identity."""
    world = World(1)
    order: list[str] = []
    for name in ("c", "a", "b"):
        actor = Walker(world, name)
        actor.at(1.0, order.append, name)
        actor.at(1.0, order.append, f"{name} last", priority=LAST)
        actor.at(1.0, order.append, f"{name} first", priority=FIRST)
    world.run_until(1.0)
    assert order == [
        "a first", "b first", "c first", "a", "b", "c", "a last", "b last", "c last",
    ]  # fmt: skip


def test_nothing_happens_to_one_who_was_removed() -> None:
    """Its timers are cancelled, those it has and those of its own instant; others remain."""
    world = World(1)
    gone, stays = Walker(world, "a"), Walker(world, "b")
    for walker in (gone, stays):
        walker.at(2.0, walker.note, "two")
        walker.at(3.0, walker.note, "three")
    stays.at(2.0, gone.remove, priority=FIRST)
    world.run_until(9.0)
    assert gone.seen == []
    assert stays.seen == [(2.0, "two"), (3.0, "three")]
    assert gone not in world.agents
    assert stays in world.agents


def test_it_may_remove_itself_in_an_event() -> None:
    """What it does until then has happened, what it had planned does not."""
    world = World(1)
    walker = Walker(world)
    walker.at(1.0, walker.note, "once")
    walker.at(1.0, walker.remove, priority=LAST)
    walker.at(1.5, walker.note, "never")
    world.run_until(9.0)
    assert walker.seen == [(1.0, "once")]
    assert len(world.agents) == 0


def test_the_past_is_refused() -> None:
    """Nothing can be planned for an instant that has gone."""
    world = World(1)
    walker = Walker(world)
    world.run_until(3.0)
    with pytest.raises(ValueError, match="cannot plan an event"):
        walker.at(2.0, walker.note, "late")


def test_it_is_shown_by_type_and_identity() -> None:
    """In a list of agents one sees who is who."""
    assert repr(Walker(World(1), "walker/7")) == "<Walker walker/7>"
