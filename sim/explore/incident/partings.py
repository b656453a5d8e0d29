"""Stories side by side: which steps are the same, where the stories part, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from sim.explore.incident.conditions import CONTROL, GROUPS, PLANS
from sim.explore.incident.story import Cause, Step, Story, moment
from sim.explore.result import Part
from sim.scenario.values import diff

if TYPE_CHECKING:
    from sim.scenario.spec import Scenario

_RELEVANT_KEYS: Final = {
    "look patrol": ("patrols.", "alert.levels.", "readiness."),
    "look watch": ("posts.p_watch", "posts.guards_on_watch", "posts.watch", "alert.levels."),
    "look camera": ("technical.", "alert.levels."),
    "look uav": ("technical.", "alert.levels."),
    "look sign": ("sign.", "patrols.", "readiness."),
    "look word": ("tips.",),
    "look strangers": ("tips.",),
    "comes": ("smugglers.", "host_state.", "diplomacy.", "deterrence.", "patrols."),
    "waits": ("patrols.", "smugglers.", "cells."),
    "crosses": ("patrols.schedule", "patrols.jitter", "smugglers.", "exposure."),
    "plan": ("cells.", "strikes.", "worksites.", "posts.garrison", "alert.levels.", "diplomacy.",
             "host_state."),
    "sets out": ("cells.", "patrols.schedule", "worksites.", "posts.garrison", "alert.levels."),
    "holds off": ("alert.levels.",),
    "alarm": ("contact.", "communications.", "alert.levels."),
    "team": ("teams.", "communications.", "alert.levels."),
    "arrives": ("teams.",),
    "search": ("teams.", "contact."),
    "ring": ("contact.p_cordon",),
    "meeting": ("contact.", "teams.", "alert.levels."),
    "fights": ("contact.", "teams.size", "patrols.size", "posts.guards_on_watch"),
    "incident": ("clash.", "contact.", "worksites.", "posts.garrison", "strikes.", "alert.levels."),
    "ends": ("contact.",),
}  # fmt: skip
"""Parameters that bear on a step: the beginnings of their keys, by the beginning of the step's."""

_MOST: Final = 5
AT_ONCE: Final = 1.0 / 1440
"""Days: times that differ by no more count as the same, since stories are to the minute."""
_ABSENT: Final = {
    "look patrol": "no such patrol was out",
    "look sign": "no such patrol passed",
    "look": "nobody looked so",
    "holds off": "the guards closed in",
    "alarm": "no alarm was raised",
    "team": "no team was sent",
    "arrives": "no team came",
    "search": "no team searched",
    "ring": "no team found the group",
    "heard": "the alarm was heard at once",
    "meeting": "nobody met the group",
    "fights": "there was no fight to choose",
    "waits": "it did not wait",
    "plan": "no plan came",
    "crosses": "nobody crossed",
    "sets out": "nobody set out",
}


class Row(Part):
    """The same step in every world, in the order of the worlds; ``None`` where there was none."""

    steps: tuple[Step | None, ...]

    @property
    def there(self) -> tuple[Step, ...]:
        """The steps of the worlds that have it."""
        return tuple(step for step in self.steps if step is not None)

    @property
    def key(self) -> str:
        """The key of the step."""
        return self.there[0].key

    @property
    def at(self) -> float:
        """The instant of the earliest."""
        return min(step.at for step in self.there)

    @property
    def same(self) -> bool:
        """Whether the result is the same everywhere, within a minute.

        A look that saw nothing is like no look.
        """
        done = {None if step is None or step.quiet else step.done for step in self.steps}
        times = [step.at for step in self.there if not step.quiet]
        return len(done) == 1 and (not times or max(times) - min(times) <= AT_ONCE)

    @property
    def quiet(self) -> bool:
        """Whether the step left no trace anywhere."""
        return all(step.quiet for step in self.there)


class Parting(Part):
    """Where the story of another world parts from the first: what happened in each, and why."""

    world: str
    at: float
    words: str
    why: str


def rows(stories: Sequence[Story]) -> list[Row]:
    """The steps of all stories in order of time, steps with one key side by side."""
    keys = dict.fromkeys(step.key for story in stories for step in story.steps)
    found = [Row(steps=tuple(story.step(key) for story in stories)) for key in keys]
    return sorted(found, key=lambda row: row.at)


def lines(stories: Sequence[Story]) -> list[Row]:
    """Rows to print: a step that happened at another instant has its own line."""
    found: list[Row] = []
    for row in rows(stories):
        times = sorted({step.at for step in row.there})
        first = 0
        for n in range(1, len(times) + 1):
            if n == len(times) or times[n] - times[n - 1] > AT_ONCE:
                near = times[first:n]
                kept = (step if step and step.at in near else None for step in row.steps)
                found.append(Row(steps=tuple(kept)))
                first = n
    return sorted(found, key=lambda row: row.at)


def folded(printed: Sequence[Row]) -> list[tuple[Row, ...]]:
    """Lines grouped: consecutive lines that left no trace are one group."""
    found: list[tuple[Row, ...]] = []
    for row in printed:
        if row.quiet and found and found[-1][0].quiet:
            found[-1] = (*found[-1], row)
        else:
            found.append((row,))
    return found


def partings(stories: Sequence[Story], specs: Sequence[Scenario], start: dt.date) -> list[Parting]:
    """Where each other story parts from the first, and why; nothing for one that does not."""
    found = []
    for n in range(1, len(stories)):
        pair = stories[0], stories[n]
        row = next((row for row in rows(pair) if not row.same), None)
        if row is not None:
            why = _explain(row, pair, (specs[0], specs[n]))
            found.append(
                Parting(world=pair[1].world, at=row.at, words=_describe(row, pair, start), why=why)
            )
    return found


def _describe(row: Row, pair: tuple[Story, Story], start: dt.date) -> str:
    """What happened at a step in each world: ``in triggered a patrol saw the group (...)``."""
    phrases = [
        _longest_match(_ABSENT, row.key, "nothing of it") if s is None else s.told
        for s in row.steps
    ]
    if None not in row.steps and len({step.words for step in row.there}) == 1:
        times = {moment(start, step.at) for step in row.there}
        if len(times) > 1:
            phrases = [f"{step.told} at {moment(start, step.at)}" for step in row.there]
        elif len({step.done for step in row.there}) > 1:
            elsewhere = row.key in ("comes", "crosses")
            phrases[1] += ", at another place" if elsewhere else ", but not in the same way"
    return "; ".join(f"in {s.world} {words}" for s, words in zip(pair, phrases, strict=True))


def _explain(row: Row, pair: tuple[Story, Story], specs: tuple[Scenario, Scenario]) -> str:
    """The conditions and parameters of the step that differ between the two worlds."""
    one, other = (_causes_at(story, step) for story, step in zip(pair, row.steps, strict=True))
    named = {cause.name for step in row.there for cause in step.causes}
    if all(step.done != "no" for step in row.there):
        named -= {GROUPS, PLANS, CONTROL}
    names = pair[0].world, pair[1].world
    apart = [
        f"{name}: {_value_words(a)} in {names[0]}, {_value_words(other[name])} in {names[1]}"
        for name, a in one.items()
        if name in named and name in other and other[name].value != a.value
    ]
    apart += _settings(row, specs, names)
    before = f"the past was not the same in {names[0]} and {names[1]}"
    return "; ".join(apart[:_MOST]) or before


def _causes_at(story: Story, step: Step | None) -> dict[str, Cause]:
    """The conditions at a step; in a world without it, those when the group came."""
    came = next((s for key in ("comes", "crosses", "plan") if (s := story.step(key))), None)
    held = () if came is None else came.causes
    crossed = story.step("crosses")
    held += () if crossed is None else crossed.causes
    return {cause.name: cause for cause in (*held, *(() if step is None else step.causes))}


def _value_words(cause: Cause) -> str:
    return f"{cause.value} ({cause.since})" if cause.since else cause.value


def _settings(row: Row, specs: tuple[Scenario, Scenario], names: tuple[str, str]) -> list[str]:
    """The parameters that bear on the step and differ between the two scenarios."""
    relevant = _longest_match(_RELEVANT_KEYS, row.key, ())
    levels = {c.value for step in row.there for c in step.causes if c.name == "level"}
    return [
        f"{each.key}: {each.a} in {names[0]}, {each.b} in {names[1]}"
        for each in diff(*specs)
        if relevant and each.key.startswith(relevant)
        and (not each.key.startswith("alert.levels.") or each.key.split(".")[2] in levels)
    ]  # fmt: skip


def _longest_match[T](table: dict[str, T], key: str, otherwise: T) -> T:
    """The entry whose name is the longest beginning of a key."""
    known = [name for name in table if key.startswith(name)]
    return table[max(known, key=len)] if known else otherwise
