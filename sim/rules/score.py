"""A sum of weighted incidents that fades."""

from math import exp2, inf, log2

from sim.precision import to_steps


class Score:
    """A sum of weighted incidents that halves with a half-life, days."""

    __slots__ = ("_half_life", "_since", "_value")

    def __init__(self, half_life: float) -> None:
        self._half_life = half_life
        self._value = self._since = 0.0

    def at(self, now: float) -> float:
        """The score at ``now``."""
        return self._value * exp2(-(now - self._since) / self._half_life)

    def add(self, now: float, points: float) -> None:
        """Add points at ``now``."""
        self._value, self._since = self.at(now) + points, now

    def falls_to(self, now: float, value: float) -> float:
        """The instant at which the score has fallen to ``value``; infinity for a value of 0."""
        if value <= 0.0:
            return inf
        score = self.at(now)
        return now + to_steps(self._half_life * log2(score / value), 1e6) if score > value else now
