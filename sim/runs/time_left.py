"""How long a batch will take, estimated from the rate of its first runs; durations in words."""

from typing import Final

MEASURED_SECONDS: Final = 5.0
"""The rate is known once runs have been counted for this long."""

SHORTEST_SECONDS: Final = 20.0
"""A shorter time left is not reported."""

REPEAT_SECONDS: Final = 60.0
"""Time between two reports."""

OPENING: Final = "About "
"""The beginning of each report of the time left."""


class TimeLeft:
    """The time that a batch still needs, by the rate of its runs since the first one ended."""

    def __init__(self) -> None:
        self._first: tuple[int, float] | None = None
        self._last = 0
        self._reported = -REPEAT_SECONDS

    def seconds(self, ended: int, missing: int, now: float) -> float | None:
        """Seconds left after ``ended`` of ``missing`` runs; None until the rate is known.

        ``now`` is the reading of a clock, s.
        """
        speed = self._runs_per_second(ended, now)
        return (missing - ended) / speed if speed else None

    def report(self, ended: int, missing: int, now: float) -> str:
        """A sentence once the rate is known, then once per minute; empty otherwise."""
        speed = self._runs_per_second(ended, now)
        left = (missing - ended) / speed if speed else 0.0
        if not speed or left < SHORTEST_SECONDS or now < self._reported + REPEAT_SECONDS:
            return ""
        self._reported = now
        runs = f"{missing - ended:,} runs"
        return f"{OPENING}{duration(left)} to go for {runs}, at the {rate(speed, 'runs')} so far."

    def _runs_per_second(self, ended: int, now: float) -> float | None:
        """The rate since the first run ended; fewer ended runs than before are a new batch."""
        if not ended:
            return None
        if self._first is None or ended < self._last:
            self._first = ended, now
        self._last = ended
        done, seconds = ended - self._first[0], now - self._first[1]
        return done / seconds if done and seconds >= MEASURED_SECONDS else None


def duration(seconds: float) -> str:
    """A rounded duration in words: ``40 seconds``, ``3 minutes``, ``2.5 hours``."""
    if seconds < 90.0:
        return f"{10 * max(1, round(seconds / 10)):.0f} seconds"
    minutes = seconds / 60.0
    return f"{minutes:.0f} minutes" if minutes < 90.0 else f"{minutes / 60.0:.1f} hours"


def rate(per_second: float, noun: str) -> str:
    """A rate in words: ``12 runs/s``."""
    return f"{per_second:,.{0 if per_second >= 10 else 1}f} {noun}/s"
