"""Unknowns as one standard normal vector: parameters, the state of each year, levels of regimes.

The state of a year is what :mod:`sim.agents.regimes` says: two lognormal multipliers, correlated,
whose logarithms follow a first-order autoregression from year to year; years of which nothing is
told are stepped over. A regime has levels of its own beside the one the scenario stands for.
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
    """The state of one year at n points: ``state`` in standard deviations and ``level`` as the
    logarithm of the regime's own level, both (n, 2) of flow and plans.
    """

    regime: str
    state: Floats
    level: Floats


@dataclass(frozen=True)
class Unknowns:
    """What each place of the vector means.

    ``years`` are those whose state is asked for. Raises ``PanjError`` for one of no regime.
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
        """How long the vector is."""
        return self._levels_at + 2 * len(self.regimes) + len(self._own)

    @property
    def _levels_at(self) -> int:
        return len(self.keys) + 2 * len(self.years)

    @cached_property
    def _own(self) -> tuple[tuple[str, str, float], ...]:
        """Regime, free parameter and how far, for each that a regime has for itself."""
        return tuple(
            (regime.name, key, far)
            for regime in self.regimes
            for key, far in regime.own.items()
            if key in self.keys
        )

    def regime(self, year: int) -> Regime:
        """The regime of a year; for the year after the last one that of the last."""
        last = max(self.regimes, key=lambda regime: regime.period.last, default=None)
        for regime in self.regimes:
            if regime.period.first.year <= year <= regime.period.last.year:
                return regime
        if last is None or year != last.period.last.year + 1:
            raise PanjError(
                "belongs to no regime", value=year,
                remedy="Extend a regime of years.toml to it.",
            )  # fmt: skip
        return last

    def apart(self, regime: str | None) -> str | None:
        """The regime if it has a parameter for itself, else none: it has those of the scenario."""
        return regime if any(name == regime for name, _, _ in self._own) else None

    def parameters(self, points: Floats, regime: str | None = None) -> Floats:
        """The parameters on the normal scale; in a regime with what it has for itself."""
        found = points[:, : len(self.keys)]
        first = self._levels_at + 2 * len(self.regimes)
        for place, (name, key, far) in enumerate(self._own, start=first):
            if name == regime:
                moved = np.zeros(len(self.keys))
                moved[self.keys.index(key)] = far
                found = found + points[:, place, None] * moved
        return found

    def values(self, points: Floats, regime: str | None = None) -> Floats:
        """The free parameters at points, (points, parameters); see :meth:`parameters`."""
        normal = self.parameters(points, regime)
        return np.stack([self._quantile(i, normal[:, i]) for i in range(len(self.keys))], axis=1)

    def value(self, key: str, points: Floats) -> Floats:
        """One parameter, free or of the scenario, at points."""
        if key in self.keys:
            place = self.keys.index(key)
            return self._quantile(place, points[:, place])
        return np.full(len(points), value_at(self.model.scenario, key))

    def _quantile(self, place: int, normal: Floats) -> Floats:
        """Values of a parameter from the normal scale, (points,); always within its bounds."""
        free = self.model.parameters[place]
        u = np.clip(ndtr(normal), _EDGE, 1.0 - _EDGE)
        return np.clip(np.asarray(free.quantile(u), np.float64), free.low, free.high)

    def logs(self, points: Floats) -> Floats:
        """Logarithms of flow and plans of a year of the mean level, (points, 2)."""
        named = ((FLOW, "regimes.flow"), (PLANS, "regimes.plans"))
        columns = [self.value(one, points) * self.value(two, points) for one, two in named]
        found: Floats = np.log(np.maximum(np.stack(columns, axis=1), LEAST))
        return found

    def spreads(self, points: Floats) -> Floats:
        """Spreads of flow and plans over years, (points, 2)."""
        names = ("regimes.flow_spread", "regimes.plans_spread")
        return np.stack([self.value(name, points) for name in names], axis=1)

    def of_years(self, points: Floats) -> Mapping[int, YearState]:
        """The state of each year at points."""
        first = len(self.keys)
        news = points[:, first : first + 2 * len(self.years)].reshape(len(points), -1, 2)
        levels = self._levels(points[:, self._levels_at :])
        stays = self.value("regimes.persistence", points)[:, None]
        shared = self.value("regimes.correlation", points)
        apart = np.sqrt(np.maximum(1.0 - shared**2, 0.0))
        found: dict[int, YearState] = {}
        state, before = np.empty((len(points), 2)), None
        for place, year in enumerate(self.years):
            new = news[:, place].copy()
            new[:, 1] = shared * new[:, 0] + apart * new[:, 1]
            if before is None:
                state = new
            else:
                kept = stays ** (year - before)
                state = kept * state + np.sqrt(np.maximum(1.0 - kept**2, 0.0)) * new
            before = year
            regime = self.regime(year)
            found[year] = YearState(regime.name, state, levels[regime.name])
        return found

    def _levels(self, news: Floats) -> dict[str, Floats]:
        return {
            regime.name: news[:, 2 * i : 2 * i + 2]
            * np.array([regime.flow_level, regime.plans_level])
            for i, regime in enumerate(self.regimes)
        }

    def logs_of(self, yearly: YearState, points: Floats) -> Floats:
        """Logarithms of flow and plans of a year, (points, 2)."""
        spread = self.spreads(points)
        return self.logs(points) + yearly.level + spread * yearly.state - 0.5 * spread**2

    def year_settings(self, yearly: YearState, points: Floats) -> tuple[tuple[str, ...], Floats]:
        """What a run of that very year sets, keys and (points, keys)."""
        known = np.zeros((len(points), 1))
        return self._with_own(yearly, points, yearly.state, known)

    def coming_year_settings(
        self, yearly: YearState, points: Floats
    ) -> tuple[tuple[str, ...], Floats]:
        """What a run of the year after a year sets: it lies where persistence takes it."""
        stays = self.value("regimes.persistence", points)[:, None]
        open_ = np.sqrt(np.maximum(1.0 - stays**2, 0.0))
        return self._with_own(yearly, points, stays * yearly.state, open_)

    def _with_own(
        self, yearly: YearState, points: Floats, state: Floats, spread: Floats
    ) -> tuple[tuple[str, ...], Floats]:
        """The keys of a year, and of what its regime has for itself."""
        rules = self.model.scenario.regimes
        level = np.array([rules.flow, rules.plans]) * np.exp(yearly.level)
        own = [key for name, key, _ in self._own if name == yearly.regime]
        values = self.values(points, yearly.regime)[:, [self.keys.index(key) for key in own]]
        return (*YEAR_KEYS, *own), np.hstack([level, state, spread, values])


YEAR_KEYS = (
    "regimes.flow", "regimes.plans", "regimes.flow_first", "regimes.plans_first",
    "regimes.first_spread",
)  # fmt: skip
