"""``sim.incident``: one incident under two policies or more, step by step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from sim.comparison.terms import listed
from sim.explore.incident.groups import follow_group
from sim.explore.incident.log_steps import build_story
from sim.explore.incident.observer import Observer
from sim.explore.incident.partings import Parting, Row, folded, lines, partings, rows
from sim.explore.incident.plans import add_alternatives, follow_plan
from sim.explore.incident.story import Story, moment
from sim.explore.incident.worlds import Selection, World, open_worlds, origin_of, unknown_identity
from sim.explore.result import Result, save_result
from sim.scenario.values import diff

if TYPE_CHECKING:
    from sim.frontier.ground import Ground
    from sim.runs.store import Store
    from sim.scenario.spec import Scenario

_MOST_DIFFERENCES = 6


class IncidentComparison(Result):
    """One incident in several worlds, which have the same first day ``start``.

    ``partings`` has one entry for each other world whose story parts from that of the first.
    ``differ`` lists the parameters in which each other world differs from the first.
    """

    kind: ClassVar[str] = "incident"

    identity: str
    title: str
    start: dt.date
    which: str
    stories: tuple[Story, ...]
    partings: tuple[Parting, ...]
    differ: tuple[str, ...]

    @property
    def rows(self) -> list[Row]:
        """The steps of all stories side by side, steps of one key in one row."""
        return rows(self.stories)

    @property
    def lines(self) -> list[Row]:
        """Rows to print: one instant per line."""
        return lines(self.stories)

    @property
    def folded(self) -> list[tuple[Row, ...]]:
        """These lines, with consecutive ones that left no trace as one group."""
        return folded(self.lines)

    @property
    def verdict(self) -> list[str]:
        """Where the stories part and why, in sentences; or that they do not."""
        lines = []
        for one in self.partings:
            when = moment(self.start, one.at)
            lines += [
                f"{self.names[0]} and {one.world} part {when}: {one.words}.",
                f"Why: {one.why}.",
            ]
        parted = {one.world for one in self.partings}
        same = [name for name in self.names[1:] if name not in parted]
        if same:
            lines.append(f"The incident was the same in {listed(same)} as in {self.names[0]}.")
        return lines

    @property
    def names(self) -> list[str]:
        """The names of the worlds."""
        return [story.world for story in self.stories]


def incident(
    source: Store | Scenario | Path | str,
    identity: str,
    against: Sequence[Scenario | str] | Scenario | str,
    *,
    seed: int | None = None,
    replicate: int | None = None,
    baseline: str = "baseline",
    since: dt.date | None = None,
    settings: Sequence[str] = (),
    asked: str = "sim.incident",
) -> IncidentComparison:
    """Compare an incident, or what else became of a group or plan, under two policies or more.

    ``source`` is a scenario, whose year of ``seed`` is run, or a store, whose ``replicate`` is run
    again; ``against`` are the other scenarios. With ``since`` all follow the first scenario until
    that day. A store keeps the result. Each world is run once.

    Raises :class:`~sim.errors.PanjError` for an identity that no world has, for a scenario given
    twice, and for a store whose runs this version does not reproduce.
    """
    worlds = open_worlds(source, against, Selection(seed, replicate, baseline, since, settings))
    result = compare_worlds(worlds, identity, asked)
    if worlds[0].store is not None:
        save_result(worlds[0].store.path, result)
    return result


def observe(world: World, origin: str) -> Observer:
    """Run a year of a world and observe a group or plan."""
    observer = Observer(world, origin)
    follow = follow_plan if origin.startswith("cell/") else follow_group
    follow(observer)
    observer.finish()
    return observer


def compare_worlds(
    worlds: Sequence[World], identity: str, asked: str = "sim.incident"
) -> IncidentComparison:
    """Compare the incident of an identity in these worlds."""
    origin = origin_of(identity)
    observers = [observe(world, origin) for world in worlds]
    for observer in observers:
        observer.world.check(observer.model)
    add_alternatives(observers)
    stories = tuple(build_story(observer) for observer in observers)
    if not any(one.outcome.happened for one in stories):
        raise unknown_identity(origin, [observer.model for observer in observers])
    start, specs = worlds[0].spec.start, [world.rules for world in worlds]
    first = moment(start, rows(stories)[0].at)
    return IncidentComparison(
        asked=asked,
        runs=len(worlds),
        identity=origin,
        title=_title(origin, observers[0].model.ground, first, len(worlds)),
        start=start,
        which=worlds[0].which,
        stories=stories,
        partings=tuple(partings(stories, specs, start)),
        differ=tuple(
            _differ(world.name, specs[0], world.rules) for world in worlds[1:]
        ),
    )  # fmt: skip


def _title(origin: str, ground: Ground, first: str, worlds: int) -> str:
    """``One group in Darvoz, 23 Feb 22:15, under two policies``."""
    who = "One plan of a cell opposite" if origin.startswith("cell/") else "One group in"
    many = "two" if worlds == 2 else str(worlds)
    return f"{who} {ground.name_of(origin.split('/')[1])}, {first}, under {many} policies"


def _differ(name: str, first: Scenario, other: Scenario) -> str:
    """``triggered: alert.policy fixed -> triggered, and 4 more``."""
    changes = [f"{each.key} {each.a} → {each.b}" for each in diff(first, other)]
    more = len(changes) - _MOST_DIFFERENCES
    end = f", and {more} more" if more > 0 else ""
    return f"{name}: {', '.join(changes[:_MOST_DIFFERENCES])}{end}"
