"""Alert units: when the level of the frontier or of a district is reviewed and changed."""

from collections.abc import Mapping
from math import inf
from reprlib import repr as shortened

from sim.agents.frontier import FrontierAgent
from sim.agents.sectors import Sector
from sim.engine.agenda import FIRST, Timer
from sim.errors import PanjError
from sim.rules.alert import MOMENT, AlertRule
from sim.rules.user_rules import find_rule
from sim.scenario.spec_guard import Alert


class AlertUnit:
    """The alert level of a unit, the whole frontier or one district, set by its rule."""

    def __init__(
        self,
        command: FrontierAgent,
        sectors: tuple[Sector, ...],
        rule: type[AlertRule],
        raised_at: float = 0.0,
    ) -> None:
        self._command = command
        self.sectors = sectors
        self.raised_at = raised_at
        self._next: Timer | None = None
        self.rule = rule(self)

    @property
    def alert(self) -> Alert:
        """The section ``alert`` of the scenario."""
        return self._command.spec.alert

    @property
    def districts(self) -> tuple[str, ...]:
        """The slugs of its districts."""
        return tuple(sector.slug for sector in self.sectors)

    @property
    def level(self) -> int:
        """Its present level."""
        return int(self.sectors[0].level.current)

    def month(self, t: float) -> int:
        """Month of an instant, 1 to 12."""
        return self._command.model.calendar.month(t)

    def weekday(self, t: float) -> int:
        """Day of the week of an instant, 0 (Monday) to 6."""
        return self._command.model.calendar.datetime_at(t).weekday()

    def start(self) -> None:
        """Plan the first review of the level."""
        self._next = self._command.at(0.0, self.reassess, self.rule.cause, priority=FIRST)

    def stop(self) -> None:
        """Stop reviewing: another unit takes over."""
        if self._next is not None:
            self._next.cancel()

    def take_over(self) -> None:
        """Set the level that the rule requests at once, down as well as up."""
        requested = self._requested()
        if any(int(sector.level.current) != requested for sector in self.sectors):
            self._set(requested, "lever")
        self._plan_next(requested)

    def reassess(self, cause: str) -> None:
        """Raise the level to what the rule requests; step down only one level at a time."""
        now, requested = self._command.now, self._requested()
        stays_until = self.raised_at + self.alert.minimum_stay_days
        if requested > self.level:
            self._set(requested, cause)
        elif requested < self.level and now >= stays_until:
            self._set(self.level - 1, "stepped down")
        self._plan_next(requested)

    def _requested(self) -> int:
        requested: object = self.rule.wanted(self._command.now)
        if type(requested) is not int or not 0 <= requested <= self.rule.highest:
            raise invalid_answer(
                self.rule, "wanted", requested, f"Return a level from 0 to {self.rule.highest}."
            )
        return requested

    def _set(self, level: int, cause: str) -> None:
        now = self._command.now
        self.raised_at = now
        for sector in self.sectors:
            if sector.set_level(now, level):
                self._command.model.record(sector.alert_change(now, cause))

    def _plan_next(self, requested: int) -> None:
        """Plan the next review: when the level may step down, or when the rule says."""
        if self._next is not None:
            self._next.cancel()
            self._next = None
        now = self._command.now
        look: object = self.rule.look_again_at(now)
        if not isinstance(look, float | int) or not look > now:
            remedy = "Return a later time, in days, or math.inf for never."
            raise invalid_answer(self.rule, "look_again_at", look, remedy)
        if requested < self.level:
            look = min(look, self.raised_at + self.alert.minimum_stay_days + MOMENT)
        if look < inf:
            self._next = self._command.at(
                max(look, now), self.reassess, self.rule.cause, priority=FIRST
            )


def alert_units(
    command: FrontierAgent, sectors: tuple[Sector, ...], raised: Mapping[int, float]
) -> tuple[AlertUnit, ...]:
    """One unit for the frontier or for each district, by the scenario of ``command``.

    ``raised`` has the time when a level was last set, by the index of the district; the start
    where it is missing.
    """
    alert = command.spec.alert
    rule: type[AlertRule] = find_rule("alert.policy", alert.policy)
    units = [sectors] if alert.scope == "frontier" else [(sector,) for sector in sectors]
    return tuple(
        AlertUnit(command, unit, rule, max(raised.get(s.index, 0.0) for s in unit))
        for unit in units
    )


def invalid_answer(rule: object, method: str, answer: object, remedy: str) -> PanjError:
    """The error for a rule whose method returned something that cannot be used."""
    reason = f"the rule {type(rule).__qualname__} returned {shortened(answer)}, which is not valid"
    return PanjError(reason, key=method, remedy=remedy)
