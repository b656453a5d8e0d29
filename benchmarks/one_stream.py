"""The usual way to reuse a seed: one stream of random numbers, read in the order of the calls.

The model is the same, and so is the law of every outcome. Only the keyed hash under the draws is
exchanged for the next numbers of ``random.Random(seed)``. What is asked for again, by the same
name, is answered as before, as a program would that keeps what it has drawn.
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
    """A hash object whose digest is whatever the stream says next, once for each name."""

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
    """Draw everything of the one model that is built and run inside from one stream."""
    stream, drawn = Random(seed), dict[bytes, bytes]()

    def hashing(*arguments: bytes, **options: bytes) -> _NextNumbers:
        return _NextNumbers(blake2b(*arguments, **options), stream, drawn)  # type: ignore[arg-type]

    with patch("sim.engine.draws.blake2b", hashing), forgetting():
        yield


def simulate_reusing(scenario: Scenario, seed: int, keep: Sequence[str]) -> Run:
    """Run a scenario once as a batch does, from one stream that starts at ``seed``."""
    with one_stream(seed):
        return simulate(scenario, seed, keep)
