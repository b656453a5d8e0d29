"""What one browser tab shows: one world, or two on the same seed; and the answers to it."""

import gc
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple

from sim.errors import PanjError
from sim.runs.background import Background
from sim.scenario.catalogue import names
from sim.scenario.load import load
from sim.scenario.spec import Scenario
from sim.serving.messages import Answer, answer_message
from sim.viewer.levers import overrides
from sim.viewer.messages import KNOWN, MESSAGE, Ask, Message, More, Open, Pull, Side, seed_of
from sim.viewer.odds import Odds, Seen
from sim.viewer.rows import FORMAT
from sim.viewer.world import World

MOST_DAYS: Final = 40.0
"""Days that one question may ask for."""


class First(NamedTuple):
    """What a page opens with: scenarios as named on the command line, and settings of all."""

    scenario: str
    against: str | None = None
    seed: int = 1
    settings: Sequence[str] = ()


class Session:
    """The worlds of one tab. One question at a time; sessions share nothing but ``background``,
    where the years of their odds wait for their turn.
    """

    def __init__(self, first: First, background: Background | None = None) -> None:
        self._first = first
        self._odds = Odds(background or Background())
        self._plain: dict[Side, Scenario] = {}
        self._worlds: dict[Side, World] = {}
        self._numbers: dict[Side, int] = {}
        self._built = 0

    def catalogue(self) -> Answer:
        """What can be opened, and what to open first."""
        first = self._first
        asked = {"scenario": first.scenario, "against": first.against, "seed": str(first.seed)}
        return {
            "is": "catalogue",
            "format": FORMAT,
            "scenarios": [{"name": name, "title": _title(name)} for name in self._offered()],
            "first": asked,
        }

    def _offered(self) -> list[str]:
        """The shipped scenarios, and those of the command line."""
        given = (self._first.scenario, self._first.against)
        return list(dict.fromkeys([*names(), *(name for name in given if name)]))

    def answer(self, text: str) -> list[Answer]:
        """Answer one message; what is wrong with it is told in an ``error`` and changes nothing."""
        return answer_message(text, MESSAGE, KNOWN, self._answers)

    def _answers(self, message: Message) -> Iterator[Answer]:
        if isinstance(message, Open):
            yield from self._open(message)
            return
        if not self._worlds:
            raise PanjError("nothing is open yet", remedy='Send "open" first.')
        if isinstance(message, More):
            for side, world in self._worlds.items():
                until = min(message.until, world.now + MOST_DAYS)
                yield self._told("stretch", side, world.advance(until))
        elif isinstance(message, Ask):
            yield {"is": "odds", **self._odds.answer(message.years)}
        else:
            yield from self._pull(message)
            self._follow()

    def _follow(self) -> None:
        """Tell the odds what is on the screen now."""
        seen = [Seen(s, self._plain[s], w.model.spec) for s, w in self._worlds.items()]
        self._odds.follow(seen)

    def _told(self, what: str, side: Side, body: Answer) -> Answer:
        return {"is": what, "side": side, "world": self._numbers[side], **body}

    def _show(self, side: Side, world: World) -> Answer:
        """Put a world on a side; its ground."""
        self._worlds[side] = world
        self._built += 1
        self._numbers[side] = self._built
        return self._told("ground", side, world.ground())

    def _open(self, message: Open) -> Iterator[Answer]:
        seed = seed_of(message)
        wanted: dict[Side, str] = {"a": message.scenario}
        if message.against:
            wanted["b"] = message.against
        plain = {side: self._spec(name) for side, name in wanted.items()}
        moved = {side: overrides(spec, message.levers) for side, spec in plain.items()}
        worlds = {side: World(spec, seed) for side, spec in moved.items()}
        self._plain = plain
        self._worlds.clear()
        for side, world in worlds.items():
            yield self._show(side, world)
        self._follow()

    def _spec(self, name: str) -> Scenario:
        if name not in self._offered():
            raise PanjError(
                "is not among the scenarios offered",
                key="scenario",
                value=name,
                remedy="Start the view with it: panj view FILE.toml.",
            )
        return load(name, self._first.settings)

    def _pull(self, message: Pull) -> Iterator[Answer]:
        key, value, sides = message.key, message.value, self._sides(message.side)
        anew: dict[Side, World] = {}
        when: dict[Side, float] = {}
        for side in sides:  # what can fail comes first: all or none
            world = self._worlds[side]
            when[side] = at = world.now if message.at is None else min(message.at, world.days)
            if world.is_live(key) and at >= world.now:
                overrides(world.model.spec, {key: value})
            else:
                anew[side] = world.with_lever(key, value, at)
        for side in sides:
            if side in anew:
                stretch = anew[side].brought_to(when[side])
                yield self._show(side, anew[side])
                yield self._told("stretch", side, stretch)
            else:
                world = self._worlds[side]
                if when[side] > world.now:
                    yield self._told("stretch", side, world.advance(when[side]))
                world.pull(key, value)
        live = all(self._worlds[side].is_live(key) for side in sides)
        yield {"is": "lever", "key": key, "value": value, "live": live, "from": when}

    def _sides(self, side: Side | None) -> list[Side]:
        """The sides meant: that one, or all."""
        if side is None:
            return list(self._worlds)
        if side not in self._worlds:
            raise PanjError(
                "there is no second world", key="side", value=side, remedy='Open it with "against".'
            )
        return [side]

    def news(self) -> Sequence[Answer]:
        """A page is told what it asks for."""
        return ()

    def close(self) -> None:
        """Let the worlds go, and the years that run for them."""
        self._worlds.clear()
        self._odds.close()
        gc.collect()  # a model is full of circles


@cache
def _title(name: str) -> str:
    return load(name).title or name
