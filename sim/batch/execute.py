"""Run chunks on workers, few at a time, and set apart a run that ends its process.

A dead worker says only that one of several chunks is to blame. So each suspect is run again
alone; one that kills again is halved, until the run is found that does it.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from math import ceil
from typing import Final

from sim.batch.plan import Chunk
from sim.batch.work import Order, Parcel, buried, run_chunk
from sim.batch.workers import Workers

WINDOW: Final = 2
"""Chunks per worker that are on their way: one runs, one waits."""

CHUNK_SECONDS: Final = 1.0
"""How long a chunk should take: long against what is around it, short for who waits."""

LARGEST_CHUNK: Final = 50


@dataclass
class Pace:
    """How many runs make a chunk, learned from the chunks so far.

    The size decides nothing but speed: the same runs give the same store.
    """

    left: int
    width: int
    seconds: float = 0.0
    runs: int = 0

    def size(self) -> int:
        """Runs in the next chunk: few at first and, so that nobody is left waiting, at the end."""
        share = ceil(self.left / (2 * self.width))
        if not self.runs:
            return max(1, min(4, share))
        each = max(self.seconds / self.runs, 1e-4)
        return max(1, min(LARGEST_CHUNK, share, round(CHUNK_SECONDS / each)))

    def learn(self, parcel: Parcel) -> None:
        """Take note of how long a chunk took."""
        self.seconds += parcel.seconds
        self.runs += len(parcel.chunk.replicates)


def execute(
    chunks: Iterator[Chunk], order: Callable[[Chunk], Order], workers: Workers, pace: Pace
) -> Iterator[Parcel]:
    """Run every chunk and yield the parcels as they come.

    A run that raises, or that ends its process, is a failed row of its parcel. Raises what a
    chunk as a whole raises: a worker with other code.
    """
    waiting: dict[Future[Parcel], Chunk] = {}
    while True:
        while len(waiting) < WINDOW * workers.width and (chunk := next(chunks, None)):
            pace.left -= len(chunk.replicates)
            waiting[workers.submit(run_chunk, order(chunk))] = chunk
        if not waiting:
            return
        finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
        lost: list[Chunk] = []
        for future in finished:
            yield from _collect(future, waiting.pop(future), workers, lost, pace)
        if lost:
            # What else was on its way may have died with it, or may only be late.
            wait(waiting)
            for future in list(waiting):
                yield from _collect(future, waiting.pop(future), workers, lost, pace)
            workers.renew()
            for chunk in sorted(lost):
                yield from _alone(chunk, order, workers)


def _collect(
    future: Future[Parcel], chunk: Chunk, workers: Workers, lost: list[Chunk], pace: Pace
) -> Iterator[Parcel]:
    try:
        parcel = future.result()
    except workers.deaths:
        lost.append(chunk)
    else:
        pace.learn(parcel)
        yield parcel


def _alone(chunk: Chunk, order: Callable[[Chunk], Order], workers: Workers) -> Iterator[Parcel]:
    """Run a suspect with nothing beside it; if it kills its process, find the run that does."""
    try:
        yield workers.submit(run_chunk, order(chunk)).result()
    except workers.deaths:
        workers.renew()
        if len(chunk.replicates) == 1:
            yield buried(order(chunk))
            return
        for half in chunk.halves():
            yield from _alone(half, order, workers)
