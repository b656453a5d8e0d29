"""What smugglers hear from each other: where and when attempts on the line failed."""

from math import exp
from typing import Final

from sim.scenario.spec_threat import Smugglers

STRETCH_KM: Final = 20.0
"""Resolution of rumours along the line."""


class Rumours:
    """Beliefs of smugglers about each stretch: failures per attempt, fading with time."""

    def __init__(self, rules: Smugglers) -> None:
        self._rules = rules
        # per stretch: attempts, those that failed, and when both were last counted
        self._heard: dict[int, tuple[float, float, float]] = {}

    def adopt(self, now: float, rules: Smugglers) -> None:
        """Use other rules from now on; until now what was heard has faded by the old ones."""
        if rules.memory_days != self._rules.memory_days:
            for stretch, (attempts, failures, since) in self._heard.items():
                left = exp((since - now) / self._rules.memory_days)
                self._heard[stretch] = (attempts * left, failures * left, now)
        self._rules = rules

    def hear(self, now: float, km: float, failed: bool) -> None:
        """Count an attempt at ``km`` and whether it failed."""
        stretch = int(km // STRETCH_KM)
        attempts, failures, since = self._heard.get(stretch, (0.0, 0.0, now))
        left = exp((since - now) / self._rules.memory_days)
        self._heard[stretch] = (attempts * left + 1.0, failures * left + failed, now)

    def risk(self, now: float, km: float) -> float:
        """Believed chance of failing at ``km``, in [0, 1]."""
        heard = self._heard.get(int(km // STRETCH_KM))
        if heard is None or heard[1] == 0.0:
            return 0.0
        attempts, failures, since = heard
        left = exp((since - now) / self._rules.memory_days)
        return failures * left / (self._rules.prior_attempts + attempts * left)
