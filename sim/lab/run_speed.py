"""How long a simulated day takes here, so that a plan can say how long it takes.

It is measured once when the page begins, and learned anew from every batch.
"""

import threading
import time
from typing import Final

from sim.runs.workers import usable_cores

START_SECONDS: Final = 3.0
"""What a batch takes before its first run: a process, its imports, its workers."""

_DAYS: Final = 60.0
"""Days of the baseline that are run to measure, twice; the first time loads what is needed."""


class RunSpeed:
    """Seconds a day of a run, measured beside whatever else is done; nothing is known before."""

    def __init__(self) -> None:
        self._each: float | None = None

    def begin(self) -> None:
        """Measure in a thread of its own."""
        threading.Thread(target=self._measure, daemon=True).start()

    def seconds(self, days: float, jobs: int | None = None) -> float | None:
        """How long so many days of runs may take on ``jobs`` processes, or one a core.

        ``None`` before it was measured.
        """
        if self._each is None:
            return None
        return START_SECONDS + days * self._each / _width(jobs)

    def learn(self, days: float, seconds: float, jobs: int | None = None) -> None:
        """Take note that so many days of runs take so long."""
        if days > 0.0 and seconds > 0.0:
            self._each = seconds * _width(jobs) / days

    def _measure(self) -> None:
        from sim.model import BorderModel
        from sim.scenario.load import load

        spec = load("baseline")
        spent = [0.0, 0.0]
        for turn in range(2):
            began = time.thread_time()
            BorderModel(spec, seed=1).run_until(_DAYS)
            spent[turn] = time.thread_time() - began
        self._each = min(spent) / _DAYS


def _width(jobs: int | None) -> int:
    """Runs that go on at once: more processes than cores make none of them quicker."""
    return min(jobs or usable_cores(), usable_cores())
