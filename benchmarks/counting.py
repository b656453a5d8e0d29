"""How often a run uses the heap and draws: counted at the calls themselves, in a run of its own.

The agenda's ``heappush`` and ``heappop`` and the keyed hash under every draw are exchanged for
ones that count. The run that is counted is not the one that is timed.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from heapq import heappop, heappush
from typing import Any
from unittest.mock import patch

from benchmarks.forgetting import forgetting
from sim.engine.draws import Stream
from sim.model import BorderModel
from sim.scenario.spec import Scenario


@dataclass
class Counts:
    """What one run did.

    ``events``: events that happened. ``pushes``, ``pops``: calls of the heap (a cancelled event
    is popped too, and what lies past the horizon never is). ``digests``: hashes finished, each
    of which yields up to eight uniforms or sixteen half-words. ``keys``: copies of a hash made
    to derive a stream or to finish a digest. ``numbers``: random numbers used: uniforms, and the
    count and two coordinates a point of the tiles of arrivals.
    """

    events: int = 0
    pushes: int = 0
    pops: int = 0
    digests: int = 0
    keys: int = 0
    numbers: int = 0
    crossings: int = 0


class _CountedHash:
    """A hash object that tells when it is copied and finished."""

    def __init__(self, inner: "blake2b", counts: Counts) -> None:
        self._inner, self._counts = inner, counts
        self.update = inner.update

    def copy(self) -> "_CountedHash":
        self._counts.keys += 1
        return _CountedHash(self._inner.copy(), self._counts)

    def digest(self) -> bytes:
        self._counts.digests += 1
        return self._inner.digest()


@contextmanager
def counting() -> Iterator[Counts]:
    """Count the heap's and the hash's calls of everything built and run inside."""
    counts = Counts()

    def push(heap: list[Any], entry: Any) -> None:
        counts.pushes += 1
        heappush(heap, entry)

    def pop(heap: list[Any]) -> Any:
        counts.pops += 1
        return heappop(heap)

    def hashing(*arguments: Any, **options: Any) -> _CountedHash:
        return _CountedHash(blake2b(*arguments, **options), counts)

    def uniform(stream: Stream, purpose: str, n: int = 0) -> float:
        counts.numbers += 1
        return one(stream, purpose, n)

    def uniforms(stream: Stream, purpose: str, count: int) -> list[float]:
        counts.numbers += count
        return several(stream, purpose, count)

    def points(cdf: Sequence[float], u: float) -> int:
        count = bisect_right(cdf, u)
        counts.numbers += 1 + 2 * count
        return count

    one, several = Stream.uniform, Stream.uniforms
    with (
        patch.object(Stream, "uniform", uniform),
        patch.object(Stream, "uniforms", uniforms),
        patch("sim.engine.arrivals.bisect_right", points),
        patch("sim.engine.agenda.heappush", push),
        patch("sim.engine.agenda.heappop", pop),
        patch("sim.engine.draws.blake2b", hashing),
        forgetting(),
    ):
        yield counts


def counted_run(scenario: Scenario, seed: int) -> tuple[Counts, str]:
    """The counts of one run, and its fingerprint: the same as that of a run not counted."""
    with counting() as counts:
        model = BorderModel(scenario, seed).run()
        counts.events = model.agenda.executed
        counts.crossings = int(model.outcomes()["crossings"] or 0)
        return counts, model.fingerprint()
