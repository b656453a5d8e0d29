"""A quantity that is constant between changes, with its full history."""

from bisect import bisect_right
from collections.abc import Iterator


class StepFunction:
    """A right-continuous step function of time that grows at its end only."""

    __slots__ = ("times", "values")

    def __init__(self, start: float, value: float) -> None:
        self.times = [start]
        self.values = [value]

    @property
    def current(self) -> float:
        """The value from the last change on."""
        return self.values[-1]

    def set(self, at: float, value: float) -> bool:
        """Change to ``value`` at ``at``; return whether that was a change.

        Raises
        ------
        ValueError
            If ``at`` lies before the last change: history is never rewritten.
        """
        if at < self.times[-1]:
            raise ValueError(f"cannot change at {at}: last change was at {self.times[-1]}")
        if value == self.values[-1]:
            return False
        if at == self.times[-1]:
            self.values[-1] = value
        else:
            self.times.append(at)
            self.values.append(value)
        return True

    def at(self, t: float) -> float:
        """Value at ``t`` (the first value before the start)."""
        if len(self.times) == 1:
            return self.values[0]
        return self.values[max(bisect_right(self.times, t) - 1, 0)]

    def highest(self, start: float, end: float) -> float:
        """Largest value taken in ``[start, end]``."""
        if len(self.times) == 1:
            return self.values[0]
        first = max(bisect_right(self.times, start) - 1, 0)
        return max(self.values[first : max(bisect_right(self.times, end), first + 1)])

    def pieces(self, start: float, end: float) -> Iterator[tuple[float, float, float]]:
        """Yield ``(from, to, value)`` for the constant pieces of ``[start, end]``."""
        for index, value in enumerate(self.values):
            left = start if index == 0 else max(self.times[index], start)
            right = min(self.times[index + 1], end) if index + 1 < len(self.times) else end
            if right > left:
                yield left, right, value

    def integral(self, start: float, end: float) -> float:
        """Integral over ``[start, end]``."""
        return sum((right - left) * value for left, right, value in self.pieces(start, end))
