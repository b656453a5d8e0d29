"""Hand orders to workers, few at a time, and set apart what ends its process.

A dead worker says only that one of several orders is to blame. So each suspect is run again
alone; one that kills again is halved, until the single task is found that does it.
"""

from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from concurrent.futures import ALL_COMPLETED, FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass
from math import ceil
from typing import Final, Protocol, Self

from sim.errors import PanjError
from sim.runs.workers import Workers

WINDOW: Final = 2
"""Orders per worker that are on their way: one runs, one waits."""

SILENCE_SECONDS: Final = 10.0
"""When nothing has come back for so long, the workers are looked after."""

LARGEST: Final = 5000
"""Most tasks of one order."""

TRIES: Final = 3
"""A task is given up when it has ended its process this many times while it ran alone.

The cause may lie outside: memory may have run out, or somebody may have killed the process.
"""


class Order(Protocol):
    """Tasks that one worker carries out in one go."""

    def __len__(self) -> int:
        """How many tasks."""
        ...

    def halves(self) -> tuple[Self, Self]:
        """An order of two or more tasks as two orders."""
        ...


@dataclass(frozen=True)
class _Call[K, R]:
    """An order of one task: a call by its key."""

    key: K
    call: Callable[[], R]

    def __len__(self) -> int:
        return 1

    def halves(self) -> tuple[Self, Self]:
        raise ValueError("one task cannot be cut in two")


@dataclass
class Pace:
    """How many tasks make an order, learned from the orders so far. It decides nothing but speed.

    ``wanted`` is how many seconds an order should take: long against what is around it, short
    for the user who waits.
    """

    width: int
    wanted: float = 1.0
    seconds: float = 0.0
    tasks: int = 0

    @property
    def each(self) -> float:
        """Seconds that one task takes; 0 before anything is known."""
        return self.seconds / self.tasks if self.tasks else 0.0

    def size(self, left: float) -> int:
        """Tasks in the next order when ``left`` are still to begin: few at first and at the end."""
        share = ceil(left / (2 * self.width))
        if not self.tasks:
            return max(1, min(4, share))
        return max(1, min(LARGEST, share, round(self.wanted / max(self.each, 1e-6))))

    def learn(self, tasks: int, seconds: float) -> None:
        """Take note of how long an order took."""
        self.tasks += tasks
        self.seconds += seconds


def each[K, R](
    calls: Iterable[tuple[K, Callable[[], R]]], workers: Workers
) -> Generator[tuple[K, R | None]]:
    """Let workers make calls, and yield what came of each by its key; ``None`` if it ended its
    process. A call is a function of a module, or a ``partial`` of one. Raises what a call raises.
    """
    return execute((_Call(*one) for one in calls), _made, _dead, workers)


def _made[K, R](call: _Call[K, R]) -> tuple[K, R | None]:
    return call.key, call.call()


def _dead[K, R](call: _Call[K, R]) -> tuple[K, R | None]:
    return call.key, None


def execute[O: Order, P](
    orders: Iterator[O], run: Callable[[O], P], crashed: Callable[[O], P], workers: Workers
) -> Generator[P]:
    """Let workers ``run`` orders and yield the results as they come.

    ``crashed`` gives the result of a single task that ends its process. An order is asked for
    when a worker is about to be free for it. Closing this generator calls back what has not
    begun. Raises what an order as a whole raises.
    """
    waiting: dict[Future[P], O] = {}
    try:
        while True:
            while (
                len(waiting) < WINDOW * workers.width
                and not any(future.done() for future in waiting)
                and (order := next(orders, None))
            ):
                waiting[workers.submit(run, order)] = order
            if not waiting:
                return
            done = _ended(waiting, workers, FIRST_COMPLETED)
            lost: list[O] = []
            yield from _collected(waiting, done, workers, lost)
            if lost:
                # What else was on its way may have died with it, or may only be late.
                _ended(waiting, workers, ALL_COMPLETED)
                yield from _collected(waiting, list(waiting), workers, lost)
                workers.renew()
                for order in lost:
                    yield from _alone(order, run, crashed, workers)
    finally:
        for future in waiting:
            future.cancel()


def _alone[O: Order, P](
    order: O, run: Callable[[O], P], crashed: Callable[[O], P], workers: Workers
) -> Iterator[P]:
    """Run a suspect with nothing beside it; if it kills again, find the task that does."""
    for _ in range(TRIES if len(order) == 1 else 1):
        try:
            future = workers.submit(run, order)
            _ended([future], workers, ALL_COMPLETED)
            found = _result(future)
        except workers.deaths:
            workers.renew()
        else:
            yield found
            return
    if len(order) == 1:
        yield crashed(order)
        return
    for half in order.halves():
        yield from _alone(half, run, crashed, workers)


def _collected[O, P](
    waiting: dict[Future[P], O], done: Iterable[Future[P]], workers: Workers, lost: list[O]
) -> Iterator[P]:
    """The results of orders that ended; those whose worker died go to ``lost``."""
    for future in done:
        order = waiting.pop(future)
        try:
            result = _result(future)
        except workers.deaths:
            lost.append(order)
        else:
            yield result


def _ended[P](futures: Collection[Future[P]], workers: Workers, when: str) -> Collection[Future[P]]:
    """Wait for the first or for all; now and then let the workers be looked after."""
    while True:
        done, left = wait(futures, SILENCE_SECONDS, when)
        if not left or (done and when == FIRST_COMPLETED):
            return done
        workers.look()


def _result[P](future: Future[P]) -> P:
    try:
        return future.result()
    except CancelledError as error:
        raise PanjError(
            "the scheduler or executor that ran this is gone",
            remedy="Every finished run is kept. Start it again and give the same command.",
        ) from error
