"""Interfaces through which agents see the model and each other.

Kinds of agent do not know each other's classes. Each uses the others through the protocols below,
so that the file of one kind can be read alone.
"""

from collections.abc import MutableMapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.agents.beats import Beat
from sim.agents.beliefs import Beliefs
from sim.agents.calls import Call
from sim.agents.intruders import TrackedCrossing
from sim.agents.regimes import Regimes
from sim.agents.rumours import Rumours
from sim.agents.sectors import Sector
from sim.agents.targets import Target
from sim.engine.actor import Actor
from sim.engine.agenda import Agenda
from sim.engine.draws import Draws
from sim.engine.records import Log
from sim.frontier.ground import Ground
from sim.frontier.season import Calendar
from sim.incidents.records import Cue, Expectation, Incident
from sim.scenario.spec import Scenario


class Post(Target, Protocol):
    """A border post and its section of the line."""

    west_km: float
    east_km: float
    sector: Sector
    beats: tuple[Beat, Beat]

    def beat_at(self, km: float) -> Beat:
        """The half section that holds chainage ``km``."""
        ...

    def watches(self, km: float, night: bool) -> bool:
        """Whether ``km`` is within the range of the fixed watch."""
        ...


class Site(Target, Protocol):
    """A worksite."""

    headcount: int
    sector: Sector

    def on_advisory(self) -> None:
        """The embassy urges people to leave."""
        ...


class Cell(Protocol):
    """A militant cell, as other cells and the host state see it."""

    identity: str
    km: float
    beliefs: Beliefs
    free: bool
    """Whether it is free to take up a plan."""
    spare: int
    """People that it can lend and still exist."""

    def lend(self, people: int) -> None:
        """Lend ``people`` to another cell's party."""
        ...

    def welcome(self, people: int, lent: int) -> None:
        """``people`` of the ``lent`` ones return."""
        ...

    def take_up(self, plan: str, ready: float | None = None) -> None:
        """Take up a plan, to act at ``ready`` or when it is prepared."""
        ...

    def excite(self, plans: float) -> None:
        """Trigger ``plans`` further plans in expectation."""
        ...

    def replan(self) -> None:
        """Find the next instant at which a plan may come."""
        ...


class Team(Protocol):
    """A response team, as command and the accounts see it."""

    identity: str
    km: float
    reserve: bool
    raised_at: float
    called_at: float | None
    hours_out: float
    hours_flown: float
    free: bool
    """Whether it can be sent."""

    def go(self, call: Call) -> None:
        """Turn out and travel to the alarm."""
        ...


class Dispatcher(Protocol):
    """Sends teams to alarms."""

    teams: Sequence[Team]
    """All teams."""

    def alarm(self, identity: str, crossing: TrackedCrossing, cue: Cue) -> Call:
        """Raise an alarm about a real crossing."""
        ...

    def false_alarm(self, identity: str, sector: Sector, km: float) -> Call:
        """Raise an alarm with nobody behind it."""
        ...

    def on_released(self, call: Call) -> None:
        """A team has finished with the alarm."""
        ...

    def on_free(self, team: Team) -> None:
        """A team is back at its base."""
        ...


class Commander(Protocol):
    """The guarding side's command."""

    reachable: range
    """The levels that the alert rule may set."""

    def on_warning(self, district: int) -> None:
        """Intelligence learned that an attack is being prepared opposite a district."""
        ...


class Host(Protocol):
    """The host state, which controls its bank in part."""

    def control(self, district: int, t: float) -> float:
        """Control of the bank opposite a district at ``t``, in [0, 1]."""
        ...

    def control_at_rest(self, district: int) -> float:
        """The same without any act of diplomacy."""
        ...

    def on_demarche(self) -> None:
        """A demarche arrives."""
        ...


class Frontier(Protocol):
    """The frontier as its agents see it: places in order of chainage, institutions, calendar."""

    spec: Scenario
    ground: Ground
    agenda: Agenda
    draws: Draws
    log: Log
    calendar: Calendar
    rumours: Rumours
    regimes: Regimes
    now: float
    """The present instant, days."""
    eras: Sequence[tuple[float, Scenario]]
    """Pairs of start day and scenario, in order of time."""
    passages: MutableMapping[str, Any]
    """The crossings that are not written yet, by identity."""
    sectors: tuple[Sector, ...]
    """The districts from west to east."""
    posts: Sequence[Post]
    """The posts from west to east."""
    targets: Sequence[Target]
    """All that can be attacked."""
    worksites: Sequence[Site]
    """The worksites."""
    cells: Sequence[Cell]
    """The cells that are not dissolved."""
    command: Commander
    """The guarding side's command."""
    dispatch: Dispatcher
    """The dispatcher of teams."""
    host_state: Host
    """The host state."""

    def sector_at(self, km: float) -> Sector:
        """The district that holds chainage ``km``."""
        ...

    def post_at(self, km: float) -> Post:
        """The post whose section holds chainage ``km``."""
        ...

    def village_near(self, km: float) -> Target | None:
        """The village nearest to chainage ``km``."""
        ...

    def announce(self, incident: Incident) -> None:
        """An incident is over: report it or not, write it down, and inform command."""
        ...

    def expect(self, expectation: Expectation) -> None:
        """Write down the expected harm of an encounter before it is decided."""
        ...

    def add_luck(self, luck: NDArray[np.float64]) -> None:
        """Add luck: harm forecast above its mean by what chance decided."""
        ...

    def record(self, record: object) -> None:
        """Append a record to the log."""
        ...

    def dissolve(self, cell: Cell) -> None:
        """Remove a cell."""
        ...


class FrontierAgent(Actor):
    """An agent of the frontier."""

    model: Frontier

    def adopt(self, before: Scenario) -> None:
        """The scenario has changed from ``before``: renew what was planned or computed by it."""

    @property
    def spec(self) -> Scenario:
        """The scenario of its model."""
        return self.model.spec
