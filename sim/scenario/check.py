"""Checks between the parameters of one scenario."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple, cast

from sim.frontier.ground import Ground
from sim.registry import did_you_mean
from sim.rules.alert import LEVELS
from sim.rules.user_rules import KINDS, is_dotted
from sim.scenario.level_effects import garrison, present
from sim.scenario.merge import Values, leaves
from sim.scenario.parameters import MODES, MONTHS, parameters
from sim.scenario.spec import Scenario
from sim.scenario.spec_guard import Level
from sim.toml_lines import dotted

FIRST_YEAR, LAST_YEAR = 1950, 2100
LATEST_END = dt.date(2200, 1, 1)

_ASCENDING = (
    ("smugglers.size_least", "smugglers.size_median"),
    ("smugglers.size_median", "smugglers.size_most"),
    ("smugglers.inland_least_km", "smugglers.inland_most_km"),
    ("cells.party_least", "cells.party_most"),
    ("worksites.travellers", "worksites.headcount"),
    ("exposure.shortest_hours", "exposure.longest_hours"),
    ("alert.elevated_at", "alert.heightened_at"),
    ("alert.heightened_at", "alert.emergency_at"),
)
_WEIGHED = (
    ("smugglers.loads_per_year", "smugglers.district_weights"),
    ("worksites.count", "worksites.district_weights"),
    ("cells.count", "cells.district_weights"),
)
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]*")
_RELATIVE = ("posts.density", "technical.camera_emphasis")
_LISTS = (
    (
        "alert.season_months",
        range(round(MONTHS[0]), round(MONTHS[1]) + 1),
        "months are numbers from 1 to 12, each at most once",
        "Write them as [9, 10, 11, 12].",
    ),
    (
        "cells.modes_off",
        MODES,
        "modes are words of a fixed list, each at most once",
        f"Choose any of {', '.join(MODES)}, or none with [].",
    ),
)


class Fault(NamedTuple):
    """A refused value, before its file and line are known: key, value, reason and remedy.

    ``others`` are the keys that it was compared with.
    """

    key: str
    value: object
    reason: str
    remedy: str
    others: tuple[str, ...] = ()


def faults(scenario: Scenario) -> list[Fault]:
    """Return all faults between the parameters, each of which is within its own bounds."""
    values = dict(leaves(scenario.model_dump()))
    return [
        *_name(scenario),
        *_period(scenario),
        *_ordered(values),
        *_lists(values),
        *_rules(values),
        *_weights(values, len(scenario.ground.slugs)),
        *_chances(scenario),
        *_people(scenario),
    ]


def unknown_districts(values: Values) -> Iterator[Fault]:
    """Yield the keys of district tables that are not districts of the ground in ``values``."""
    ground = Ground.of(values["ground"])
    for key, known in parameters().items():
        if known.kind != "district table":
            continue
        section, _, table = key.partition(".")
        within = values.get(section)
        names = within.get(table) if isinstance(within, Mapping) else None
        for name in names if isinstance(names, Mapping) else ():
            if name not in ground.by_slug:
                guess = did_you_mean(str(name).lower().replace(" ", "_"), ground.slugs, 1)
                remedy = guess or f"Districts: {', '.join(ground.slugs)}."
                place = dotted((*key.split("."), str(name)))
                yield Fault(place, None, "no such district", remedy)


def _name(scenario: Scenario) -> Iterator[Fault]:
    if not _SLUG.fullmatch(scenario.name):
        yield Fault(
            "name",
            scenario.name,
            "a name may have only lowercase letters, digits, - and _",
            'Rename the file or write name = "my_scenario" in it.',
        )


def _period(scenario: Scenario) -> Iterator[Fault]:
    start, days = scenario.start, scenario.days
    if not FIRST_YEAR <= start.year <= LAST_YEAR:
        yield Fault(
            "start",
            start,
            f"the year is outside {FIRST_YEAR} to {LAST_YEAR}",
            f"Give a date from {FIRST_YEAR}-01-01 to {LAST_YEAR}-12-31.",
        )
    elif start.toordinal() + days > LATEST_END.toordinal():
        yield Fault(
            "days",
            days,
            f"the run would end after {LATEST_END}",
            f"Give at most {LATEST_END.toordinal() - start.toordinal()} days from {start}.",
            ("start",),
        )


def _ordered(values: dict[str, object]) -> Iterator[Fault]:
    for low, high in _ASCENDING:
        least, most = float(str(values[low])), float(str(values[high]))
        if least > most:
            unit = parameters()[low].unit
            yield Fault(
                low,
                values[low],
                f"is above {high} = {most:g} {unit}",
                f"Give {low} at most {most:g} {unit}, or {high} at least {least:g} {unit}.",
                (high,),
            )


def _lists(values: dict[str, object]) -> Iterator[Fault]:
    for key, known, reason, remedy in _LISTS:
        entries = cast(list[object], values[key])
        if not all(entry in known for entry in entries) or len(set(entries)) < len(entries):
            yield Fault(key, entries, reason, remedy)


def _rules(values: dict[str, object]) -> Iterator[Fault]:
    for key, (registry, _) in KINDS.items():
        name = str(values[key])
        if name not in registry and not is_dotted(name):
            remedy = f"Use one of {', '.join(registry)}, or module:Class for a rule of your own."
            guess = did_you_mean(name, registry, 1)
            yield Fault(key, name, "there is no such rule", f"{guess} {remedy}".lstrip())


def _weights(values: dict[str, object], districts: int) -> Iterator[Fault]:
    for count, table in _WEIGHED:
        keys = _entries(values, table)
        if values[count] and not any(values[key] for key in keys):
            yield Fault(
                table,
                None,
                f"every district has weight 0, but {count} = {values[count]}",
                f"Give at least one district a weight above 0, or set {count} = 0.",
                (count, *keys),
            )
    for table in _RELATIVE:
        keys = _entries(values, table)
        if len(keys) == districts and not any(values[key] for key in keys):
            yield Fault(
                table,
                None,
                "every district has factor 0, so there is no mean to be relative to",
                "Give at least one district a factor above 0.",
                keys,
            )


def _entries(values: dict[str, object], table: str) -> tuple[str, ...]:
    return tuple(key for key in values if key.startswith(f"{table}."))


def _chances(scenario: Scenario) -> Iterator[Fault]:
    acts = scenario.diplomacy
    if acts.p_success + acts.p_backfire > 1.0 + 1e-12:
        yield Fault(
            "diplomacy.p_success",
            acts.p_success,
            f"adds up to more than 1 with diplomacy.p_backfire = {acts.p_backfire:g}",
            f"Give at most {1.0 - acts.p_backfire:g}.",
            ("diplomacy.p_backfire",),
        )


def _people(scenario: Scenario) -> Iterator[Fault]:
    """No post can hold more guards ready than it has people who are not on leave."""
    levels: dict[str, Level] = {name: getattr(scenario.alert.levels, name) for name in LEVELS}
    lacking = {
        name: garrison(scenario, "", level) - present(scenario.posts, level)
        for name, level in levels.items()
    }
    name = max(LEVELS, key=lacking.__getitem__)
    if lacking[name] > 0:
        there = present(scenario.posts, levels[name])
        yield Fault(
            f"alert.levels.{name}.garrison",
            levels[name].garrison,
            f"needs {there + lacking[name]} guards at a post, but only {there} of its "
            f"{scenario.posts.people} people are not on leave",
            "Lower this value or posts.garrison, or raise posts.people.",
            (f"alert.levels.{name}.leave", "posts.garrison", "posts.people"),
        )
