"""Time several pieces of work in turn, so that all run under the same conditions."""

import gc
from collections.abc import Callable, Mapping
from statistics import median
from time import process_time
from typing import NamedTuple

from sim.engine.draws import remembered

Work = Callable[[], object]


class Spread(NamedTuple):
    """Median, smallest and largest of repeated measurements."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: list[float]) -> "Spread":
        """The spread of at least one value."""
        return cls(median(values), min(values), max(values))


class Timings:
    """Milliseconds of processor time of each repetition of each piece of work."""

    def __init__(self, names: list[str]) -> None:
        self.of: dict[str, list[float]] = {name: [] for name in names}

    def ms(self, name: str) -> Spread:
        """Time of one piece of work, ms."""
        return Spread.of(self.of[name])

    def ratio(self, name: str, reference: str) -> Spread:
        """Time relative to the reference's in the same round."""
        pairs = zip(self.of[name], self.of[reference], strict=True)
        # a clock that ticks in coarse steps may show no time at all for a very short piece
        return Spread.of([time / max(against, 1e-6) for time, against in pairs])


def in_turn(work: Mapping[str, Work], repeat: int) -> Timings:
    """Run every piece of work once to warm up, then ``repeat`` rounds of all of them in turn.

    Garbage is collected before a measurement and stays enabled during it. Cached draws of the last
    piece are forgotten.
    """
    timings = Timings(list(work))
    for do in work.values():
        do()
    for _ in range(repeat):
        for name, do in work.items():
            remembered.cache_clear()
            gc.collect()
            start = process_time()
            do()
            timings.of[name].append(1000.0 * (process_time() - start))
    return timings
