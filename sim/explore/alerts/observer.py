"""The levels that an alert rule would set, given the events of a year; nothing follows them."""

from collections.abc import Sequence
from itertools import pairwise
from math import inf
from typing import Final, NamedTuple, cast

import numpy as np

from sim.agents.alert_units import alert_units
from sim.agents.command import counts, points_of
from sim.agents.frontier import Frontier, FrontierAgent
from sim.agents.sectors import Sector
from sim.engine.agenda import FIRST
from sim.engine.world import World
from sim.explore.alerts.counts import Floats
from sim.frontier.season import calendar_for
from sim.incidents.records import Incident
from sim.scenario.spec import Scenario


class YearEvents(NamedTuple):
    """The events of a year that a rule may hear of or should predict.

    ``warnings`` of intelligence are an instant and the index of a district; ``crossings`` of armed
    groups are an instant, the name of a district and an identity.
    """

    incidents: Sequence[Incident]
    warnings: Sequence[tuple[float, int]] = ()
    crossings: Sequence[tuple[float, str, str]] = ()


class UnitLevels(NamedTuple):
    """The level of a unit (the line or a district) through a year, and the signal behind it.

    ``levels`` are rows of an instant and the level from then on. ``signal`` are rows of an instant
    and the signal of the rule then, at each midnight and whenever it rises.
    """

    levels: Floats
    signal: Floats

    def alarms(self, level: int, end: float) -> Floats:
        """Spans with the level at ``level`` or above, (n, 2), until ``end``."""
        rows = [(float(at), at_level >= level) for at, at_level in self.levels]
        found: list[tuple[float, float]] = []
        for (start, up), (stop, _) in pairwise([*rows, (end, False)]):
            if up and found and found[-1][1] == start:
                found[-1] = (found[-1][0], stop)
            elif up:
                found.append((start, stop))
        return np.array(found, dtype=np.float64).reshape(-1, 2)


class _EmptyWorld(World):
    """A world without agents: only the calendar runs."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(0)
        self.spec = scenario
        self.ground = scenario.ground
        self.calendar = calendar_for(scenario.ground, scenario.start, scenario.days)


_MIDNIGHT: Final = 1.0


class RuleObserver(FrontierAgent):
    """Sets levels by the rule of a scenario as command does, for districts without agents."""

    def __init__(self, scenario: Scenario) -> None:
        world = _EmptyWorld(scenario)
        super().__init__(cast(Frontier, world), "onlooker", 0.0)
        self.world = world
        self.sectors = tuple(Sector(district, scenario) for district in scenario.ground.districts)
        self.alert_units = alert_units(self, self.sectors, {})
        self._signal: list[list[tuple[float, float]]] = [[] for _ in self.alert_units]
        for unit in self.alert_units:
            unit.start()
        self.at(_MIDNIGHT, self.on_midnight, priority=FIRST)

    def _unit_number(self, district: int) -> int:
        """The number of the unit that a district belongs to."""
        return district if len(self.alert_units) > 1 else 0

    def on_midnight(self) -> None:
        """Record the signal of each unit, every day."""
        for unit, noted in zip(self.alert_units, self._signal, strict=True):
            noted.append((self.now, unit.rule.signal(self.now)))
        self.at(self.now + _MIDNIGHT, self.on_midnight, priority=FIRST)

    def on_warning(self, district: int) -> None:
        """Pass a warning of intelligence to the rule, as command does."""
        self.alert_units[self._unit_number(district)].rule.on_warning(self.now)
        self._reassess(district, "warning")

    def on_incident(self, incident: Incident, district: int) -> None:
        """Pass an incident to the rule, as command does."""
        if counts(incident):
            rule = self.alert_units[self._unit_number(district)].rule
            rule.on_incident(self.now, points_of(incident, self.spec.alert), incident)
            self._reassess(district, "incident")

    def _reassess(self, district: int, cause: str) -> None:
        """Record a signal that is higher than the last; falls are recorded at midnight."""
        unit, noted = (
            self.alert_units[self._unit_number(district)],
            self._signal[self._unit_number(district)],
        )
        unit.reassess(cause)
        signal = unit.rule.signal(self.now)
        if not noted or signal > noted[-1][1]:
            noted.append((self.now, signal))

    def observe(self, year: YearEvents) -> list[UnitLevels]:
        """Follow a year from beginning to end, and return the levels of each unit."""
        places = {slug: number for number, slug in enumerate(self.spec.ground.slugs)}
        for incident in year.incidents:
            self.at(incident.at, self.on_incident, incident, places[incident.district])
        for at, district in year.warnings:
            self.at(at, self.on_warning, district)
        self.world.run_until(self.spec.days)
        return [
            UnitLevels(
                np.column_stack([unit.sectors[0].level.times, unit.sectors[0].level.values]),
                np.array(noted, dtype=np.float64).reshape(-1, 2),
            )
            for unit, noted in zip(self.alert_units, self._signal, strict=True)
        ]


def alarms_above(signal: Floats, threshold: float, stay: float, end: float) -> Floats:
    """Spans of alarms with this threshold alone, (n, 2), until ``end``.

    An alarm rises as soon as the signal reaches the threshold and stays for ``stay`` days. It falls
    then if the signal is below the threshold; else at the first midnight at which it is.
    """
    at, above = signal[:, 0], signal[:, 1] >= threshold
    rises, falls = np.flatnonzero(above), np.flatnonzero(~above)
    found: list[tuple[float, float]] = []
    free = -inf
    while len(rises):
        rises = rises[np.searchsorted(at[rises], free, "right") :]
        if not len(rises):
            break
        raised = float(at[rises[0]])
        due = raised + stay
        in_force = int(np.searchsorted(at, due, "right")) - 1
        if above[in_force]:
            later = falls[np.searchsorted(falls, in_force) :]
            due = float(at[later[0]]) if len(later) else end
        free = min(due, end)
        found.append((raised, free))
        if free >= end:
            break
    return np.array(found, dtype=np.float64).reshape(-1, 2)
