"""A district of the guarding side: its level, its patrols' rate, its readiness, its trust."""

from collections.abc import Callable
from math import exp, pow
from typing import NamedTuple

from sim.engine.step_function import StepFunction
from sim.frontier.ground import DistrictInfo
from sim.incidents.records import AlertChange
from sim.precision import SHARES, single, to_steps
from sim.rules.alert import LEVELS
from sim.scenario.level_effects import recovery_per_day
from sim.scenario.spec import Scenario
from sim.scenario.spec_guard import Level
from sim.theory.readiness import mean_readiness, readiness_after


class Sector:
    """The state of one district between events, in closed form.

    Attributes
    ----------
    level
        Index into :data:`LEVELS`, with history; ``rules`` are those of the present level.
    sorties
        Sorties per day of one post, with history; the patrols' passes are computed from it.
    """

    def __init__(self, district: DistrictInfo, scenario: Scenario) -> None:
        self.index = district.index
        self.slug = district.slug
        self.length_km = district.km_to - district.km_from
        self.middle_km = 0.5 * (district.km_from + district.km_to)
        self._read(scenario)
        self.hot_spot_factor = 1.0
        start = LEVELS.index(scenario.alert.level)
        self.level = StepFunction(0.0, start)
        self.rules = self._levels[start]
        self.sorties = StepFunction(0.0, self._planned_sorties())
        self.watchers: dict[str, Callable[[], None]] = {}
        self._rest = _Readiness(0.0, scenario.readiness.start)
        self._readiness_integral = 0.0
        self._lowest_readiness = scenario.readiness.start
        self._trust = scenario.tips.trust
        self._trust_at: float | None = None

    def _read(self, scenario: Scenario) -> None:
        self._levels: tuple[Level, ...] = tuple(
            getattr(scenario.alert.levels, name) for name in LEVELS
        )
        self._recovery = tuple(recovery_per_day(scenario, level) for level in self._levels)
        self._patrols = scenario.patrols
        self._readiness = scenario.readiness
        self._tips = scenario.tips
        self._emphasis = scenario.patrols.emphasis.get(self.slug, 1.0)

    def adopt(self, now: float, scenario: Scenario) -> None:
        """Use another scenario from now on; until now readiness and trust follow the old one."""
        self._settle(now)
        changed = scenario.tips.trust_recovery_days != self._tips.trust_recovery_days
        if changed and self._trust_at is not None:
            self._trust, self._trust_at = self.trust(now), now
        self._read(scenario)
        self.rules = self._levels[int(self.level.current)]
        self.replan(now)

    def rules_of(self, level: int) -> Level:
        """The rules of a level."""
        return self._levels[level]

    def recovery_of(self, level: int) -> float:
        """Rate at which rest restores readiness at a level, per day."""
        return self._recovery[level]

    def set_level(self, now: float, level: int) -> bool:
        """Change the level, and patrols and readiness with it; return whether it changed."""
        if level == int(self.level.current):
            return False
        self._settle(now)
        self.level.set(now, level)
        self.rules = self._levels[level]
        self.replan(now)
        return True

    def replan(self, now: float) -> None:
        """Bring the patrols' rate in line with the level and the hot-spot factor."""
        if self.sorties.set(now, self._planned_sorties()):
            for watcher in list(self.watchers.values()):
                watcher()

    @property
    def routine_sorties(self) -> float:
        """Sorties per day of one post at routine level before any hot-spot change."""
        return self._patrols.sorties_per_day * self._emphasis

    def _planned_sorties(self) -> float:
        return self.routine_sorties * self.rules.sorties * self.hot_spot_factor

    # -- readiness ------------------------------------------------------------------------

    def readiness(self, now: float) -> float:
        """Readiness in [0, 1] at ``now``, rounded, so that carrying it forward changes nothing."""
        return to_steps(self.carried_readiness(now), SHARES)

    def carried_readiness(self, now: float) -> float:
        """Readiness at full precision, which the closed form continues."""
        recovery, since = self._recovery[int(self.level.current)], self._rest.since
        return readiness_after(self._rest.value, self.rules.fatigue_per_day, recovery, now - since)

    def tire(self, now: float) -> None:
        """Lower readiness by the share that a false alarm costs."""
        self._settle(now)
        value = self._rest.value * (1.0 - self._readiness.false_alarm_cost)
        self._rest = _Readiness(now, value)
        self._lowest_readiness = min(self._lowest_readiness, to_steps(value, SHARES))

    def _settle(self, now: float) -> None:
        """Carry readiness forward to ``now`` at the rates that held until now."""
        if now > self._rest.since:
            self._readiness_integral = self._integral(now)
            self._lowest_readiness = self.lowest_readiness(now)
            self._rest = _Readiness(now, self.carried_readiness(now))

    def _integral(self, now: float) -> float:
        """Integral of readiness from the start to ``now``, days."""
        span = now - self._rest.since
        recovery = self._recovery[int(self.level.current)]
        mean = mean_readiness(self._rest.value, self.rules.fatigue_per_day, recovery, span)
        return self._readiness_integral + span * mean

    def mean_readiness(self, now: float) -> float:
        """Time average of readiness from the start to ``now``; changes nothing."""
        return to_steps(self._integral(now) / now, SHARES) if now > 0.0 else self._rest.value

    def lowest_readiness(self, now: float) -> float:
        """Lowest readiness from the start to ``now`` (it is monotone between events)."""
        return min(self._lowest_readiness, self.readiness(now))

    def sight_factor(self, now: float) -> float:
        """Factor on the chance of seeing a group, by readiness."""
        power = self._readiness.effect_on_sighting
        return pow(self.readiness(now), power) if power else 1.0

    def mobilisation_factor(self, now: float) -> float:
        """Time to depart relative to rested people at routine level."""
        power = self._readiness.effect_on_mobilisation
        slowing = single(pow(self.readiness(now), power)) if power else 1.0
        return self.rules.mobilisation / max(slowing, 0.05)

    # -- trust ----------------------------------------------------------------------------

    @property
    def trust_at_rest(self) -> float:
        """Trust of the villages long after any harm."""
        return self._tips.trust + self._tips.programme * (1.0 - self._tips.trust)

    def trust(self, now: float) -> float:
        """Trust of the district's villages in the guards, in [0, 1]."""
        if self._trust_at is None:
            return self.trust_at_rest
        gone = single(exp(-(now - self._trust_at) / self._tips.trust_recovery_days))
        return self.trust_at_rest + (self._trust - self.trust_at_rest) * gone

    def lose_trust(self, now: float) -> None:
        """Lower the district's trust after villagers were hurt."""
        self._trust = self.trust(now) * (1.0 - self._tips.trust_loss)
        self._trust_at = now

    def alert_change(self, now: float, cause: str) -> AlertChange:
        """The present level as a record."""
        return AlertChange(now, self.slug, LEVELS[int(self.level.current)], cause)


class _Readiness(NamedTuple):
    """Readiness at an instant, which the closed form continues."""

    since: float
    value: float
