"""How long a simulated day takes on this machine, to estimate how long a batch will take.

It is measured once when the page starts, and updated by every batch.
"""

import threading
import time
from typing import Final

from sim.runs.workers import usable_cores

START_SECONDS: Final = 3.0
"""Time of a batch before its first run: process, imports, workers."""

_DAYS: Final = 60.0
"""Days of the baseline that are run for a measurement, twice; the first run loads modules."""


class RunSpeed:
    """Processor seconds per simulated day; unknown until measured."""

    def __init__(self) -> None:
        self._seconds_per_day: float | None = None

    def start(self) -> None:
        """Start a measurement in a thread."""
        threading.Thread(target=self._measure, daemon=True).start()

    def seconds(self, days: float, jobs: int | None = None) -> float | None:
        """Estimated seconds for ``days`` of runs on ``jobs`` processes (None: one per core).

        None before the measurement.
        """
        if self._seconds_per_day is None:
            return None
        return START_SECONDS + days * self._seconds_per_day / _width(jobs)

    def learn(self, days: float, seconds: float, jobs: int | None = None) -> None:
        """Update the speed: ``days`` of runs take ``seconds``."""
        if days > 0.0 and seconds > 0.0:
            self._seconds_per_day = seconds * _width(jobs) / days

    def _measure(self) -> None:
        from sim.model import BorderModel
        from sim.scenario.load import load

        spec = load("baseline")
        spent = [0.0, 0.0]
        for turn in range(2):
            began = time.thread_time()
            BorderModel(spec, seed=1).run_until(_DAYS)
            spent[turn] = time.thread_time() - began
        self._seconds_per_day = min(spent) / _DAYS


def _width(jobs: int | None) -> int:
    """Runs at the same time: more processes than cores make nothing faster."""
    return min(jobs or usable_cores(), usable_cores())
