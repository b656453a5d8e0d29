"""Good and bad years: what makes whole years differ, independently of the defender.

A year has one multiplier on the smuggling flow and one on the cells' plans, both lognormal with
mean 1, correlated, and persistent from year to year: the logarithms follow a first-order
autoregression with normal innovations. The state of the first year may be given. Regimes have
their own draws, so every scenario of a replicate has the same years. Years are counted from the
start of the run.
"""

from math import exp, sqrt
from statistics import NormalDist
from typing import Final

from sim.engine.draws import Draws
from sim.scenario.spec import Scenario

YEAR_DAYS: Final = 365

IDENTITY: Final = "regimes"
"""The identity of their draws: the same in every scenario and every future of a year."""

_normal = NormalDist().inv_cdf


class Regimes:
    """The multipliers of each year."""

    def __init__(self, draws: Draws) -> None:
        self._draw = draws.of(IDENTITY)
        self._states: list[tuple[float, float]] = []  # of flow and of plans, standard normal

    def flow(self, spec: Scenario, t: float) -> float:
        """Smuggling at ``t`` relative to the mean over years."""
        rules = spec.regimes
        return rules.flow * self._spread(spec, t, rules.flow_spread, 0)

    def plans(self, spec: Scenario, t: float) -> float:
        """The cells' own plans at ``t`` relative to the mean over years."""
        rules = spec.regimes
        return rules.plans * self._spread(spec, t, rules.plans_spread, 1)

    def _spread(self, spec: Scenario, t: float, sigma: float, which: int) -> float:
        """A lognormal with mean 1; without spread all years are alike."""
        if sigma == 0.0:
            return 1.0
        year = int(t // YEAR_DAYS)
        while len(self._states) <= year:
            self._states.append(self._next(spec))
        return exp(sigma * self._states[year][which] - 0.5 * sigma * sigma)

    def _next(self, spec: Scenario) -> tuple[float, float]:
        """The state of the next year, in part that of the last one."""
        rules, year = spec.regimes, len(self._states)
        common, own = (_normal(u) for u in self._draw.uniforms(f"year {year}", 2))
        shared = rules.correlation
        news = common, shared * common + sqrt(1.0 - shared * shared) * own
        if year == 0:
            wide = rules.first_spread
            return rules.flow_first + wide * news[0], rules.plans_first + wide * news[1]
        stays = rules.persistence
        renewed = sqrt(1.0 - stays * stays)
        flow, plans = self._states[-1]
        return stays * flow + renewed * news[0], stays * plans + renewed * news[1]
