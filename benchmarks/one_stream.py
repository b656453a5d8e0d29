"""The usual way to reuse a seed: one stream of random numbers in the order of calls.

The model and the distribution of every outcome are the same. Only the keyed hash of the draws is
replaced by the next numbers of ``random.Random(seed)``. A draw requested again by the same name
gets the same number, as in a program that keeps its draws.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from random import Random
from unittest.mock import patch

from benchmarks.forgetting import forgetting
from sim.runs.replicate import Run, simulate
from sim.scenario.spec import Scenario


class _NextNumbers:
    """A hash object whose digest is the next number of the stream, one per name."""

    def __init__(self, inner: "blake2b", stream: Random, drawn: dict[bytes, bytes]) -> None:
        self._inner, self._stream, self._drawn = inner, stream, drawn
        self.update = inner.update

    def copy(self) -> "_NextNumbers":
        return _NextNumbers(self._inner.copy(), self._stream, self._drawn)

    def digest(self) -> bytes:
        name = self._inner.digest()
        if name not in self._drawn:
            self._drawn[name] = self._stream.randbytes(len(name))
        return self._drawn[name]


@contextmanager
def one_stream(seed: int) -> Iterator[None]:
    """Draw everything from one stream, for a single model built and run in the block."""
    stream, drawn = Random(seed), dict[bytes, bytes]()

    def hashing(*arguments: bytes, **options: bytes) -> _NextNumbers:
        return _NextNumbers(blake2b(*arguments, **options), stream, drawn)  # type: ignore[arg-type]

    with patch("sim.engine.draws.blake2b", hashing), forgetting():
        yield


def simulate_reusing(scenario: Scenario, seed: int, keep: Sequence[str]) -> Run:
    """Run a scenario once as a batch does, with one stream that starts at ``seed``."""
    with one_stream(seed):
        return simulate(scenario, seed, keep)
