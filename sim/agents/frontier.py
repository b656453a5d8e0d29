"""What agents may ask of the world they live in, and of each other; the model fills it.

Kinds of agent do not know each other's classes. Each sees the others through the few questions
below, so that no file of agents needs another one to be read.
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
        """Whether ``km`` lies within the reach of the fixed watch."""
        ...


class Site(Target, Protocol):
    """A worksite."""

    headcount: int
    sector: Sector

    def on_advisory(self) -> None:
        """The embassy urges people to leave."""
        ...


class Cell(Protocol):
    """A militant cell, as other cells and its host see it."""

    identity: str
    km: float
    beliefs: Beliefs

    @property
    def free(self) -> bool:
        """Whether it does nothing else now."""
        ...

    @property
    def spare(self) -> int:
        """People it can lend and live on."""
        ...

    def lend(self, people: int) -> None:
        """So many leave for another cell's party."""
        ...

    def welcome(self, people: int, lent: int) -> None:
        """So many of those lent come home from it."""
        ...

    def take_up(self, plan: str, ready: float | None = None) -> None:
        """Make a plan that another one brings, to act at ``ready`` or when it is prepared."""
        ...

    def excite(self, plans: float) -> None:
        """Make ``plans`` further plans likely in all."""
        ...

    def replan(self) -> None:
        """Look again when a plan may come."""
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

    @property
    def free(self) -> bool:
        """Whether it can be sent."""
        ...

    def go(self, call: Call) -> None:
        """Turn out and travel to the alarm."""
        ...


class Dispatcher(Protocol):
    """Sends teams to alarms."""

    @property
    def teams(self) -> Sequence[Team]:
        """All teams."""
        ...

    def alarm(self, identity: str, crossing: TrackedCrossing, cue: Cue) -> Call:
        """An alarm about a real crossing."""
        ...

    def false_alarm(self, identity: str, sector: Sector, km: float) -> Call:
        """An alarm with nobody behind it."""
        ...

    def on_released(self, call: Call) -> None:
        """A team has done with the alarm."""
        ...

    def on_free(self, team: Team) -> None:
        """A team is home."""
        ...


class Commander(Protocol):
    """The guarding side's command."""

    @property
    def reachable(self) -> range:
        """The levels that the policy may ever set."""
        ...

    def on_warning(self, district: int) -> None:
        """Intelligence learned that an attack is being prepared opposite a district."""
        ...


class Host(Protocol):
    """The host state's hold on its bank."""

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

    @property
    def now(self) -> float:
        """The present instant, days."""
        ...

    @property
    def eras(self) -> Sequence[tuple[float, Scenario]]:
        """From when on which scenario held."""
        ...

    @property
    def passages(self) -> MutableMapping[str, Any]:
        """The crossings that are under way or not yet forgotten, by identity."""
        ...

    @property
    def sectors(self) -> tuple[Sector, ...]:
        """The districts from west to east."""
        ...

    @property
    def posts(self) -> Sequence[Post]:
        """The posts from west to east."""
        ...

    @property
    def targets(self) -> Sequence[Target]:
        """All that can be attacked."""
        ...

    @property
    def worksites(self) -> Sequence[Site]:
        """The worksites."""
        ...

    @property
    def cells(self) -> Sequence[Cell]:
        """The cells that are not dissolved."""
        ...

    @property
    def command(self) -> Commander:
        """Decides on levels."""
        ...

    @property
    def dispatch(self) -> Dispatcher:
        """Sends teams."""
        ...

    @property
    def host_state(self) -> Host:
        """Holds the bank opposite."""
        ...

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
        """An incident is over: it is reported or not, written down, and heard of."""
        ...

    def expect(self, expectation: Expectation) -> None:
        """An encounter is about to be decided: write down what it is to cost."""
        ...

    def add_luck(self, luck: NDArray[np.float64]) -> None:
        """Chance foretold so much harm beyond its mean, by column of the incidents."""
        ...

    def record(self, record: object) -> None:
        """Write to the log."""
        ...

    def dissolve(self, cell: Cell) -> None:
        """A cell is no more."""
        ...


class FrontierAgent(Actor):
    """An agent of the frontier."""

    model: Frontier

    def adopt(self, before: Scenario) -> None:
        """The scenario was ``before`` until now: what was planned or computed by it is renewed."""

    @property
    def spec(self) -> Scenario:
        """The scenario it lives in."""
        return self.model.spec
