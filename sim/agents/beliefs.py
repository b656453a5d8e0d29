"""What one cell believes of attempts: how they went, by mode and district, as it heard it."""

from math import exp

from sim.scenario.spec_threat import Cells


class Beliefs:
    """How attempts of each mode went in each district, as one cell heard it; fades with time."""

    def __init__(self, rules: Cells) -> None:
        self._rules = rules
        self._failure: dict[tuple[str, int], tuple[float, float]] = {}

    def adopt(self, now: float, rules: Cells) -> None:
        """Go on by other rules: what was heard has faded by the old ones until now."""
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
        """Move the belief toward what happened: less so when it happened to others."""
        weight = self._rules.learning * (1.0 if own else self._rules.hearsay)
        before = self.failure(now, mode, district)
        after = before + weight * (float(failed) - before)
        self._failure[mode, district] = (after, now)
