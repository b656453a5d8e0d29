"""Beliefs of a cell: how attempts went, by mode and district, as far as it has heard."""

from math import exp

from sim.scenario.spec_threat import Cells


class Beliefs:
    """What a cell has heard of attempts of each mode in each district; it fades with time."""

    def __init__(self, rules: Cells) -> None:
        self._rules = rules
        self._failure: dict[tuple[str, int], tuple[float, float]] = {}

    def adopt(self, now: float, rules: Cells) -> None:
        """Use other rules from now on; until now what was heard has faded by the old ones."""
        if (rules.memory_days, rules.prior_risk) != (
            self._rules.memory_days,
            self._rules.prior_risk,
        ):
            self._failure = {known: (self.failure(now, *known), now) for known in self._failure}
        self._rules = rules

    def failure(self, now: float, mode: str, district: int) -> float:
        """Believed chance of failing, in [0, 1]; what was heard fades to the prior."""
        prior = self._rules.prior_risk
        known = self._failure.get((mode, district))
        if known is None:
            return prior
        value, since = known
        return prior + (value - prior) * exp(-(now - since) / self._rules.memory_days)

    def learn(self, now: float, mode: str, district: int, failed: bool, own: bool) -> None:
        """Move the belief toward an outcome, less so if it was another cell's."""
        weight = self._rules.learning * (1.0 if own else self._rules.hearsay)
        before = self.failure(now, mode, district)
        after = before + weight * (float(failed) - before)
        self._failure[mode, district] = (after, now)
