"""How long a batch will take, by the pace of its first runs; and how that is said."""

from typing import Final

PACE_SECONDS: Final = 5.0
"""So long the first runs are looked at before anything is said of the rest."""

WORTH_SECONDS: Final = 20.0
"""Less is not worth a word."""

AGAIN_SECONDS: Final = 60.0
"""After so long it is said anew."""

OPENING: Final = "About "
"""How a sentence begins that says how long it will take."""


class TimeLeft:
    """How long a batch will take, by the pace of its first runs without their start."""

    def __init__(self) -> None:
        self._first: tuple[int, float] | None = None
        self._last = 0
        self._told = -AGAIN_SECONDS

    def left(self, ended: int, missing: int, now: float) -> float | None:
        """Seconds to go, with ``ended`` of ``missing`` runs over; ``None`` until the pace is known.

        ``now`` is a clock's reading, s.
        """
        pace = self._pace(ended, now)
        return (missing - ended) / pace if pace else None

    def after(self, ended: int, missing: int, now: float) -> str:
        """Words as soon as they can be had, then each minute, while there is long to wait."""
        pace = self._pace(ended, now)
        left = (missing - ended) / pace if pace else 0.0
        if not pace or left < WORTH_SECONDS or now < self._told + AGAIN_SECONDS:
            return ""
        self._told = now
        many = f"{missing - ended:,} runs"
        return f"{OPENING}{duration(left)} to go for {many}, at the {rate(pace, 'runs')} so far."

    def _pace(self, ended: int, now: float) -> float | None:
        """Runs a second since the first that ended; fewer than before are of another batch."""
        if not ended:
            return None
        if self._first is None or ended < self._last:
            self._first = ended, now
        self._last = ended
        done, seconds = ended - self._first[0], now - self._first[1]
        return done / seconds if done and seconds >= PACE_SECONDS else None


def duration(seconds: float) -> str:
    """``40 seconds``, ``3 minutes``, ``2.5 hours``: no finer than is known."""
    if seconds < 90.0:
        return f"{10 * max(1, round(seconds / 10)):.0f} seconds"
    minutes = seconds / 60.0
    return f"{minutes:.0f} minutes" if minutes < 90.0 else f"{minutes / 60.0:.1f} hours"


def rate(per_second: float, noun: str) -> str:
    """A pace in words: ``12 runs/s``."""
    return f"{per_second:,.{0 if per_second >= 10 else 1}f} {noun}/s"
