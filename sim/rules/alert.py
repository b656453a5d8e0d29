"""Alert rules: which level a unit of the frontier is to have, and when to look again.

Command makes one rule for each unit, the frontier or a district. It raises the level as soon as
the rule wants a higher one, and steps down one level at a time, each kept for
``alert.minimum_stay_days``. So a rule says what it wants, never how to get there.
"""

from collections.abc import Callable
from math import floor, inf
from typing import TYPE_CHECKING, ClassVar, Final, Protocol

from sim.precision import to_steps
from sim.registry import Registry
from sim.rules.score import Score

if TYPE_CHECKING:
    from sim.incidents.records import Incident
    from sim.scenario.spec_guard import Alert

LEVELS: Final = ("routine", "elevated", "heightened", "emergency")
"""Alert levels in order; a level is its index wherever it is compared."""

MOMENT: Final = 1e-6
"""Days. A look at a falling score comes so much later, so that it has fallen for certain."""

_LONGEST_MONTH = 31
_POINTS = 1000


class Unit(Protocol):
    """The frontier or a district, as its alert rule sees it."""

    @property
    def alert(self) -> "Alert":
        """The section ``alert`` of the scenario."""
        ...

    @property
    def districts(self) -> tuple[str, ...]:
        """The names of its districts."""
        ...

    @property
    def level(self) -> int:
        """Its present level."""
        ...

    def month(self, t: float) -> int:
        """Month of an instant, 1 to 12."""
        ...

    def weekday(self, t: float) -> int:
        """Day of the week of an instant, 0 (Monday) to 6."""
        ...


class AlertRule:
    """What a unit wants: the level at rest, unless a subclass says more.

    ``cause`` is what the records of alert levels say of a level raised at a look that the rule
    itself planned. Instants are days since the first midnight.
    """

    name: ClassVar[str]
    cause: ClassVar[str] = "schedule"

    def __init__(self, unit: Unit) -> None:
        self.unit = unit

    @property
    def rest(self) -> int:
        """The level at rest of the scenario, ``alert.level``."""
        return LEVELS.index(self.unit.alert.level)

    @property
    def highest(self) -> int:
        """The highest level that it may ever want; false alarms are planned for it."""
        return len(LEVELS) - 1

    def wanted(self, now: float) -> int:
        """The level that is called for at ``now``."""
        return self.rest

    def look_again_at(self, now: float) -> float:
        """The next instant after ``now`` at which ``wanted`` may change by itself, or infinity."""
        return inf

    def signal(self, now: float) -> float:
        """What the rule holds against its thresholds at ``now``, for ``panj alerts``.

        The level that is called for, unless a subclass has something finer. To ask changes nothing.
        """
        return float(self.wanted(now))

    def threshold(self, level: int) -> float:
        """Signal from which a level is called for."""
        return float(level)

    def on_incident(self, now: float, points: float, incident: "Incident") -> None:
        """A clash or an attack became known; ``points`` weigh it as the scenario does."""

    def on_warning(self, now: float) -> None:
        """Intelligence learned that an attack is being prepared opposite the unit."""


class Fixed(AlertRule):
    """One level always."""

    name = "fixed"

    @property
    def highest(self) -> int:
        """The level at rest."""
        return self.rest


class Triggered(AlertRule):
    """Moved by incidents: a fading score calls for a level from its threshold on."""

    name = "triggered"

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit)
        self.score = Score(unit.alert.half_life_days)

    def threshold(self, level: int) -> float:
        """Score from which a level is called for."""
        alert = self.unit.alert
        return (0.0, alert.elevated_at, alert.heightened_at, alert.emergency_at)[level]

    def wanted(self, now: float) -> int:
        """The highest level whose threshold the score reaches, and no less than at rest."""
        score = self.score.at(now)
        called = [k for k in range(1, len(LEVELS)) if score >= self.threshold(k)]
        return max([self.rest, *called])

    def look_again_at(self, now: float) -> float:
        """When the score will have fallen below the threshold of the level that it calls for."""
        wanted = self.wanted(now)
        if wanted == self.rest:
            return inf
        return self.score.falls_to(now, self.threshold(wanted)) + MOMENT

    def signal(self, now: float) -> float:
        """The score, to a thousandth of a point."""
        return to_steps(self.score.at(now), _POINTS)

    def on_incident(self, now: float, points: float, incident: "Incident") -> None:
        """The score rises."""
        self.score.add(now, points)


class Preemptive(AlertRule):
    """Raised in the season and after a warning."""

    name = "preemptive"
    cause = "season"

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit)
        self._warned_until = 0.0

    @property
    def _raised(self) -> int:
        return max(self.rest, LEVELS.index(self.unit.alert.season_level))

    @property
    def highest(self) -> int:
        """The level of the season."""
        return self._raised

    def wanted(self, now: float) -> int:
        """The level of the season in its months and while a warning holds, else that at rest."""
        season = self.unit.month(now) in self.unit.alert.season_months
        return self._raised if season or now < self._warned_until else self.rest

    def look_again_at(self, now: float) -> float:
        """The next turn of a month, or the end of the warning."""
        today = floor(now)
        turns = (
            float(day)
            for day in range(today + 1, today + 1 + _LONGEST_MONTH)
            if self.unit.month(day) != self.unit.month(day - 1)
        )
        turn = next(turns, inf)
        return min(turn, self._warned_until + MOMENT) if self._warned_until > now else turn

    def on_warning(self, now: float) -> None:
        """It holds for ``alert.warning_days``."""
        self._warned_until = max(self._warned_until, now + self.unit.alert.warning_days)


ALERT_RULES: Final = Registry[type[AlertRule]]("alert rule", Fixed, Triggered, Preemptive)


def alert_rule[R: type[AlertRule]](name: str) -> Callable[[R], R]:
    """Register a class under a name that scenarios may give; :class:`PanjError` if it is taken."""

    def register(rule: R) -> R:
        rule.name = name
        ALERT_RULES.register(rule)
        return rule

    return register
