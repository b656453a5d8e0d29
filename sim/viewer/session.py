"""The session of one browser tab: one world, or two with the same seed, and its answers."""

import gc
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple

from sim.errors import PanjError
from sim.runs.background import Background
from sim.scenario.catalogue import names as shipped_names
from sim.scenario.load import load
from sim.scenario.spec import Scenario
from sim.serving.messages import Answer, answer_message
from sim.viewer.levers import overrides
from sim.viewer.messages import (
    KNOWN,
    MESSAGE,
    CompareYears,
    Message,
    More,
    MoveLever,
    Open,
    Side,
    seed_of,
)
from sim.viewer.wire_format import FORMAT
from sim.viewer.world import World
from sim.viewer.year_comparison import DisplayedWorld, YearComparison

MOST_DAYS: Final = 40.0
"""Most days that one request may ask for."""


class InitialView(NamedTuple):
    """What a page opens with: scenarios named on the command line, and settings for both."""

    scenario: str
    against: str | None = None
    seed: int = 1
    settings: Sequence[str] = ()


class Session:
    """The worlds of one tab. It answers one request at a time.

    Sessions share nothing but ``background``, where their comparisons of years run in turn.
    """

    def __init__(self, first: InitialView, background: Background | None = None) -> None:
        self._first = first
        self._comparison = YearComparison(background or Background())
        self._plain: dict[Side, Scenario] = {}
        self._worlds: dict[Side, World] = {}
        self._numbers: dict[Side, int] = {}
        self._built = 0

    def catalogue(self) -> Answer:
        """The scenarios that can be opened, and what to open first."""
        first = self._first
        opening = {"scenario": first.scenario, "against": first.against, "seed": str(first.seed)}
        return {
            "is": "catalogue",
            "format": FORMAT,
            "scenarios": [{"name": name, "title": _title(name)} for name in self._offered()],
            "first": opening,
        }

    def _offered(self) -> list[str]:
        """The shipped scenarios, and those named on the command line."""
        named = (self._first.scenario, self._first.against)
        return list(dict.fromkeys([*shipped_names(), *(name for name in named if name)]))

    def answer(self, text: str) -> list[Answer]:
        """Answer one message; a message that is wrong gets an ``error`` and changes nothing."""
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
                yield self._answer("stretch", side, world.advance(until))
        elif isinstance(message, CompareYears):
            yield {"is": "odds", **self._comparison.answer(message.years)}
        else:
            yield from self._move_lever(message)
            self._follow()

    def _follow(self) -> None:
        """Tell the comparison which worlds are on the screen now."""
        seen = [DisplayedWorld(s, self._plain[s], w.model.spec) for s, w in self._worlds.items()]
        self._comparison.follow(seen)

    def _answer(self, what: str, side: Side, body: Answer) -> Answer:
        return {"is": what, "side": side, "world": self._numbers[side], **body}

    def _show(self, side: Side, world: World) -> Answer:
        """Put a world on a side, and return its ground."""
        self._worlds[side] = world
        self._built += 1
        self._numbers[side] = self._built
        return self._answer("ground", side, world.ground())

    def _open(self, message: Open) -> Iterator[Answer]:
        seed = seed_of(message)
        names: dict[Side, str] = {"a": message.scenario}
        if message.against:
            names["b"] = message.against
        plain = {side: self._spec(name) for side, name in names.items()}
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

    def _move_lever(self, message: MoveLever) -> Iterator[Answer]:
        key, value, sides = message.key, message.value, self._sides(message.side)
        rebuilt: dict[Side, World] = {}
        when: dict[Side, float] = {}
        for side in sides:  # whatever can fail comes first: move all sides or none
            world = self._worlds[side]
            when[side] = at = world.now if message.at is None else min(message.at, world.days)
            if world.is_live(key) and at >= world.now:
                overrides(world.model.spec, {key: value})
            else:
                rebuilt[side] = world.with_lever(key, value, at)
        for side in sides:
            if side in rebuilt:
                stretch = rebuilt[side].run_to(when[side])
                yield self._show(side, rebuilt[side])
                yield self._answer("stretch", side, stretch)
            else:
                world = self._worlds[side]
                if when[side] > world.now:
                    yield self._answer("stretch", side, world.advance(when[side]))
                world.move_lever(key, value)
        live = all(self._worlds[side].is_live(key) for side in sides)
        yield {"is": "lever", "key": key, "value": value, "live": live, "from": when}

    def _sides(self, side: Side | None) -> list[Side]:
        """The side named, or all sides."""
        if side is None:
            return list(self._worlds)
        if side not in self._worlds:
            raise PanjError(
                "there is no second world", key="side", value=side, remedy='Open it with "against".'
            )
        return [side]

    def news(self) -> Sequence[Answer]:
        """Nothing: a page receives only answers to its requests."""
        return ()

    def close(self) -> None:
        """Release the worlds, and stop the years that run for them."""
        self._worlds.clear()
        self._comparison.close()
        gc.collect()  # a model is full of reference cycles


@cache
def _title(name: str) -> str:
    return load(name).title or name
