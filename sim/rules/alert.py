"""Alert rules: which level a unit of the frontier should have, and when that may change.

Command creates one rule for each unit: the frontier or a district. It raises the level as soon as
the rule calls for a higher one, and lowers it one level at a time, keeping each for
``alert.minimum_stay_days``. So a rule says which level it calls for, never how to get there.
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
"""Days. A falling score is checked this much later, when it has certainly fallen."""

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
    """The level that a unit calls for: the level at rest, unless a subclass says otherwise.

    ``cause`` is the cause recorded for a level that is raised at an instant that the rule itself
    planned. Instants are days since the first midnight.
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
        """The highest level that it can call for; false alarms are planned for it."""
        return len(LEVELS) - 1

    def wanted(self, now: float) -> int:
        """The level that is called for at ``now``."""
        return self.rest

    def look_again_at(self, now: float) -> float:
        """The next instant after ``now`` at which ``wanted`` may change by itself; or infinity."""
        return inf

    def signal(self, now: float) -> float:
        """The number that the rule compares with its thresholds at ``now``, for ``panj alerts``.

        The level that is called for, unless a subclass has a finer measure. Changes nothing.
        """
        return float(self.wanted(now))

    def threshold(self, level: int) -> float:
        """The lowest signal that calls for a level."""
        return float(level)

    def on_incident(self, now: float, points: float, incident: "Incident") -> None:
        """A clash or an attack became known; ``points`` are its weight in the scenario."""

    def on_warning(self, now: float) -> None:
        """Intelligence learned that an attack is being prepared opposite the unit."""


class Fixed(AlertRule):
    """Always the same level."""

    name = "fixed"

    @property
    def highest(self) -> int:
        """The level at rest."""
        return self.rest


class Triggered(AlertRule):
    """Triggered by incidents: a fading score calls for each level whose threshold it reaches."""

    name = "triggered"

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit)
        self.score = Score(unit.alert.half_life_days)

    def threshold(self, level: int) -> float:
        """The lowest score that calls for a level."""
        alert = self.unit.alert
        return (0.0, alert.elevated_at, alert.heightened_at, alert.emergency_at)[level]

    def wanted(self, now: float) -> int:
        """The highest level whose threshold the score reaches, and at least the level at rest."""
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
        """Add points to the score."""
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
        """The level of the season in its months and while a warning is valid, else that at rest."""
        season = self.unit.month(now) in self.unit.alert.season_months
        return self._raised if season or now < self._warned_until else self.rest

    def look_again_at(self, now: float) -> float:
        """The beginning of the next month, or the end of the warning."""
        today = floor(now)
        months = (
            float(day)
            for day in range(today + 1, today + 1 + _LONGEST_MONTH)
            if self.unit.month(day) != self.unit.month(day - 1)
        )
        month = next(months, inf)
        return min(month, self._warned_until + MOMENT) if self._warned_until > now else month

    def on_warning(self, now: float) -> None:
        """Keep the warning for ``alert.warning_days``."""
        self._warned_until = max(self._warned_until, now + self.unit.alert.warning_days)


ALERT_RULES: Final = Registry[type[AlertRule]]("alert rule", Fixed, Triggered, Preemptive)


def alert_rule[R: type[AlertRule]](name: str) -> Callable[[R], R]:
    """Register a class under a name for scenarios. Raises ``PanjError`` if the name is taken."""

    def register(rule: R) -> R:
        rule.name = name
        ALERT_RULES.register(rule)
        return rule

    return register
