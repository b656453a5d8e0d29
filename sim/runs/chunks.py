"""Which runs are wanted and not there yet, cut into pieces of work.

A run is known by what it is, never by a counter: the digest of its resolved scenario and the
number of its replicate. So to run, to resume and to extend are one thing: wanted minus done.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from hashlib import blake2b
from typing import Final, NamedTuple

STRIDE: Final = 50
"""Most replicates of one scenario before it is the next one's turn.

All scenarios advance together, so that a batch cut short holds replicates in common.
"""


class Chunk(NamedTuple):
    """Replicates of one scenario that one worker runs in one go, in increasing order."""

    digest: str
    replicates: tuple[int, ...]

    def halves(self) -> tuple["Chunk", "Chunk"]:
        """The chunk as two; ``ValueError`` where it holds a single run."""
        if len(self.replicates) < 2:
            raise ValueError("a chunk of one run has no halves")
        middle = len(self.replicates) // 2
        first, second = self.replicates[:middle], self.replicates[middle:]
        return Chunk(self.digest, first), Chunk(self.digest, second)


def seed_of(replicate: int, root: int = 0) -> int:
    """The seed of a replicate, 0..2^63-1: the same in every scenario, so that runs are paired.

    A hash, not a sum: batches with neighbouring roots share no seeds.
    """
    mixed = blake2b(f"{root}/{replicate}".encode("ascii"), digest_size=8).digest()
    return int.from_bytes(mixed, "big") >> 1


def missing(wanted: int, there: Mapping[str, Collection[int]]) -> dict[str, int]:
    """How many of the replicates 0..wanted-1 are not there yet, by digest."""
    return {digest: wanted - sum(r < wanted for r in done) for digest, done in there.items()}


def chunks(
    wanted: int, there: Mapping[str, Collection[int]], size: Callable[[int], int]
) -> Iterator[Chunk]:
    """Cut what is missing of replicates 0..wanted-1 into chunks, all scenarios in step.

    ``there`` says for each digest, in the order of the scenarios, which replicates need no run;
    ``size`` is asked before each stretch of replicates how many runs a chunk should hold, given
    how many are left, so that it can learn. A stretch is run in one scenario after the other:
    they share its seeds, and with them most draws.
    """
    remaining = sum(missing(wanted, there).values())
    first = 0
    while first < wanted and remaining:
        last = min(first + max(1, size(remaining)), first - first % STRIDE + STRIDE, wanted)
        for digest, done in there.items():
            left = tuple(r for r in range(first, last) if r not in done)
            if left:
                remaining -= len(left)
                yield Chunk(digest, left)
        first = last
