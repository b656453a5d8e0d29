"""The floor under a run: a heap and keyed draws in plain Python, used exactly as often."""

from heapq import heappop, heappush
from itertools import pairwise

from benchmarks.counting import Counts
from sim.engine.draws import Draws


def spread_over(total: int, turns: int) -> list[int]:
    """Deal ``total`` things evenly to ``turns`` turns."""
    bounds = [total * turn // turns for turn in range(turns + 1)] if turns else []
    return [right - left for left, right in pairwise(bounds)]


class BareLoop:
    """A loop with the pushes, pops, streams and draws of a counted run, and nothing else.

    What the run left on its heap is pushed first; then every turn pops once, derives streams
    and draws when they are due, and pushes. A copy of a hash that is not finished into a digest
    is a derived stream.

    ``one_by_one`` draws every random number by itself, as one would in plain Python; otherwise
    the loop draws as often as the run finishes a hash, which yields several numbers to the run
    and one to the loop.
    """

    def __init__(self, counts: Counts, seed: int, one_by_one: bool = False) -> None:
        self._seed = seed
        self._left = counts.pushes - counts.pops
        self._streams = spread_over(counts.keys - counts.digests, counts.pops)
        draws = counts.numbers if one_by_one else counts.digests
        self._draws = spread_over(draws, counts.pops)

    def run(self) -> int:
        """Do it once; returns the number of pops."""
        draws = Draws(self._seed)
        heap: list[tuple[float, int]] = []
        for number in range(self._left):
            heappush(heap, (1e9 + number, number))
        stream, now, turn = draws.of("someone"), 0.0, 0
        for streams, drawn in zip(self._streams, self._draws, strict=True):
            for number in range(streams):
                stream = draws.of(f"someone/{turn}/{number}")
            for number in range(drawn):
                now += stream.uniform(f"something {turn}/{number}")
            heappush(heap, (now, turn))
            heappop(heap)
            turn += 1
        return turn
