"""The unknowns as one standard normal vector: parameters, states of years, levels of regimes.

The state of a year is that of :mod:`sim.agents.regimes`: two correlated lognormal multipliers whose
logs follow a first-order autoregression from year to year, also across years without evidence. A
regime other than that of the scenario has its own levels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import ndtr

from sim.calibrate.reading_rules import Regime
from sim.calibrate.training_data import FLOW, LEAST, PLANS
from sim.calibrate.types import Floats
from sim.errors import PanjError
from sim.runs.uncertain_parameter import value_at

if TYPE_CHECKING:
    from sim.calibrate.simulator import Simulator

_EDGE = 2.0**-53


class YearState(NamedTuple):
    """The state of one year at n points, for flow and plans.

    ``state``, (n, 2), is in standard deviations; ``level``, (n, 2), is the log level of the regime.
    """

    regime: str
    state: Floats
    level: Floats


@dataclass(frozen=True)
class Unknowns:
    """The meaning of each element of the vector.

    ``years`` are those whose state is inferred. Raise ``PanjError`` for a year without a regime.
    """

    model: Simulator
    years: tuple[int, ...]
    regimes: tuple[Regime, ...]

    def __post_init__(self) -> None:
        for year in self.years:
            self.regime(year)

    @property
    def keys(self) -> tuple[str, ...]:
        """The free parameters, in order."""
        return self.model.keys

    @property
    def size(self) -> int:
        """Length of the vector."""
        return self._levels_at + 2 * len(self.regimes) + len(self._distinct)

    @property
    def _levels_at(self) -> int:
        return len(self.keys) + 2 * len(self.years)

    @cached_property
    def _distinct(self) -> tuple[tuple[str, str, float], ...]:
        """Regime, free parameter and spread, for each parameter with another value in a regime."""
        return tuple(
            (regime.name, key, far)
            for regime in self.regimes
            for key, far in regime.own.items()
            if key in self.keys
        )

    def regime(self, year: int) -> Regime:
        """Return the regime of a year; the year after the last has that of the last."""
        last = max(self.regimes, key=lambda regime: regime.period.last, default=None)
        for regime in self.regimes:
            if regime.period.first.year <= year <= regime.period.last.year:
                return regime
        if last is None or year != last.period.last.year + 1:
            raise PanjError(
                "is in no regime", value=year,
                remedy="Extend a regime of years.toml to it.",
            )  # fmt: skip
        return last

    def distinct_regime(self, regime: str | None) -> str | None:
        """Return the regime if it has a parameter value of its own, else ``None``."""
        return regime if any(name == regime for name, _, _ in self._distinct) else None

    def parameters(self, points: Floats, regime: str | None = None) -> Floats:
        """Return the parameters on the normal scale in a regime, (points, parameters)."""
        normal = points[:, : len(self.keys)]
        first = self._levels_at + 2 * len(self.regimes)
        for place, (name, key, far) in enumerate(self._distinct, start=first):
            if name == regime:
                moved = np.zeros(len(self.keys))
                moved[self.keys.index(key)] = far
                normal = normal + points[:, place, None] * moved
        return normal

    def values(self, points: Floats, regime: str | None = None) -> Floats:
        """Return the values of the free parameters in a regime, (points, parameters)."""
        normal = self.parameters(points, regime)
        return np.stack([self._quantile(i, normal[:, i]) for i in range(len(self.keys))], axis=1)

    def value(self, key: str, points: Floats) -> Floats:
        """Return one parameter, free or of the scenario, at points, (points,)."""
        if key in self.keys:
            place = self.keys.index(key)
            return self._quantile(place, points[:, place])
        return np.full(len(points), value_at(self.model.scenario, key))

    def _quantile(self, place: int, normal: Floats) -> Floats:
        """Map a parameter from the normal scale to values within its bounds, (points,)."""
        free = self.model.parameters[place]
        u = np.clip(ndtr(normal), _EDGE, 1.0 - _EDGE)
        return np.clip(np.asarray(free.quantile(u), np.float64), free.low, free.high)

    def logs(self, points: Floats) -> Floats:
        """Return the logs of flow and plans of a year of the mean level, (points, 2)."""
        named = ((FLOW, "regimes.flow"), (PLANS, "regimes.plans"))
        columns = [self.value(one, points) * self.value(two, points) for one, two in named]
        return np.log(np.maximum(np.stack(columns, axis=1), LEAST))

    def spreads(self, points: Floats) -> Floats:
        """Return the spreads of flow and plans over years, (points, 2)."""
        names = ("regimes.flow_spread", "regimes.plans_spread")
        return np.stack([self.value(name, points) for name in names], axis=1)

    def year_states(self, points: Floats) -> Mapping[int, YearState]:
        """Return the state of each year at points."""
        first = len(self.keys)
        innovations = points[:, first : first + 2 * len(self.years)].reshape(len(points), -1, 2)
        levels = self._levels(points[:, self._levels_at :])
        persistence = self.value("regimes.persistence", points)[:, None]
        correlation = self.value("regimes.correlation", points)
        rest = np.sqrt(np.maximum(1.0 - correlation**2, 0.0))
        states: dict[int, YearState] = {}
        state, before = np.empty((len(points), 2)), None
        for place, year in enumerate(self.years):
            new = innovations[:, place].copy()
            new[:, 1] = correlation * new[:, 0] + rest * new[:, 1]
            if before is None:
                state = new
            else:
                kept = persistence ** (year - before)
                state = kept * state + np.sqrt(np.maximum(1.0 - kept**2, 0.0)) * new
            before = year
            regime = self.regime(year)
            states[year] = YearState(regime.name, state, levels[regime.name])
        return states

    def _levels(self, innovations: Floats) -> dict[str, Floats]:
        return {
            regime.name: innovations[:, 2 * i : 2 * i + 2]
            * np.array([regime.flow_level, regime.plans_level])
            for i, regime in enumerate(self.regimes)
        }

    def year_logs(self, yearly: YearState, points: Floats) -> Floats:
        """Return the logs of flow and plans of a year, (points, 2)."""
        spread = self.spreads(points)
        return self.logs(points) + yearly.level + spread * yearly.state - 0.5 * spread**2

    def year_settings(self, yearly: YearState, points: Floats) -> tuple[tuple[str, ...], Floats]:
        """Return the keys that a run of this very year sets, and values, (points, keys)."""
        return self._settings(yearly, points, yearly.state, np.zeros((len(points), 1)))

    def coming_year_settings(
        self, yearly: YearState, points: Floats
    ) -> tuple[tuple[str, ...], Floats]:
        """Return the settings of a run of the next year, which persistence ties to this one."""
        persistence = self.value("regimes.persistence", points)[:, None]
        spread = np.sqrt(np.maximum(1.0 - persistence**2, 0.0))
        return self._settings(yearly, points, persistence * yearly.state, spread)

    def _settings(
        self, yearly: YearState, points: Floats, state: Floats, spread: Floats
    ) -> tuple[tuple[str, ...], Floats]:
        """Return the keys of a year and of the distinct parameters of its regime, with values."""
        rules = self.model.scenario.regimes
        level = np.array([rules.flow, rules.plans]) * np.exp(yearly.level)
        distinct = [key for name, key, _ in self._distinct if name == yearly.regime]
        columns = [self.keys.index(key) for key in distinct]
        values = self.values(points, yearly.regime)[:, columns]
        return (*YEAR_KEYS, *distinct), np.hstack([level, state, spread, values])


YEAR_KEYS = (
    "regimes.flow", "regimes.plans", "regimes.flow_first", "regimes.plans_first",
    "regimes.first_spread",
)  # fmt: skip
