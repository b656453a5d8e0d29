"""Hand orders to workers, few at a time, and set apart a point that ends its process."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from math import ceil
from typing import Final

from sim.batch.execute import WINDOW
from sim.batch.workers import Workers
from sim.calibrate.work import Order, Parcel, buried, run_points

CHUNK_SECONDS: Final = 2.0
"""How long an order should take: long against what is around it, short for who waits."""

LARGEST: Final = 5000


class Pace:
    """How many points make an order, learned from those so far. It decides nothing but speed."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.seconds = 0.0
        self.points = 0

    def size(self, left: float) -> int:
        """Points in the next order when about ``left`` are still wanted."""
        share = ceil(left / (2 * self.width))
        if not self.points:
            return max(1, min(4, share))
        return max(1, min(LARGEST, share, round(CHUNK_SECONDS / max(self.each, 1e-6))))

    @property
    def each(self) -> float:
        """Seconds that one point takes."""
        return self.seconds / self.points if self.points else 0.0

    def learn(self, parcel: Parcel) -> None:
        """Take note of how long an order took."""
        self.seconds += parcel.seconds
        self.points += len(parcel.rows)


def spread(orders: Iterator[Order], workers: Workers) -> Generator[Parcel]:
    """Carry out orders and yield the parcels as they come.

    An order is asked for when a worker is about to be free for it. Closing this generator
    calls back what has not begun. Raises what an order as a whole raises.
    """
    waiting: dict[Future[Parcel], Order] = {}
    try:
        while True:
            while (
                len(waiting) < WINDOW * workers.width
                and not any(future.done() for future in waiting)
                and (order := next(orders, None))
            ):
                waiting[workers.submit(run_points, order)] = order
            if not waiting:
                return
            yield from _finished(waiting, workers)
    finally:
        for future in waiting:
            future.cancel()


def _finished(waiting: dict[Future[Parcel], Order], workers: Workers) -> Iterator[Parcel]:
    """What is done by now; after a death, everything that was on its way."""
    done, _ = wait(waiting, return_when=FIRST_COMPLETED)
    lost: list[Order] = []
    for future in done:
        yield from _collected(future, waiting.pop(future), workers, lost)
    if lost:
        # What else was on its way may have died with it, or may only be late.
        wait(waiting)
        for future in list(waiting):
            yield from _collected(future, waiting.pop(future), workers, lost)
        workers.renew()
        for order in lost:
            yield from _alone(order, workers)


def _collected(
    future: Future[Parcel], order: Order, workers: Workers, lost: list[Order]
) -> Iterator[Parcel]:
    try:
        parcel = future.result()
    except workers.deaths:
        lost.append(order)
    else:
        yield parcel


def _alone(order: Order, workers: Workers) -> Iterator[Parcel]:
    """Run a suspect with nothing beside it; if it kills again, find the point that does."""
    try:
        yield workers.submit(run_points, order).result()
    except workers.deaths:
        workers.renew()
        if len(order.index) == 1:
            yield buried(order)
            return
        for half in order.halves():
            yield from _alone(half, workers)
