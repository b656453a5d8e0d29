"""Hand tasks to workers, few at a time, and find the item that ends its process.

A dead worker says only that one of several tasks is to blame. So each suspect is run again
alone; one that kills again is halved, until the single item is found that does it.
"""

from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from concurrent.futures import ALL_COMPLETED, FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass
from math import ceil
from typing import Final, Protocol, Self

from sim.errors import PanjError
from sim.runs.workers import Workers

WINDOW: Final = 2
"""Tasks handed to each worker: one runs, one waits."""

SILENCE_SECONDS: Final = 10.0
"""When no result has come for so long, the workers are checked."""

LARGEST: Final = 5000
"""Most items of one task."""

TRIES: Final = 3
"""A single item is given up when it has ended its process this many times while it ran alone.

The cause may lie outside: memory may have run out, or somebody may have killed the process.
"""


class Task(Protocol):
    """Items that one worker handles in one go."""

    def __len__(self) -> int:
        """How many items."""
        ...

    def halves(self) -> tuple[Self, Self]:
        """A task of two or more items as two tasks."""
        ...


@dataclass(frozen=True)
class _Call[K, R]:
    """A task of one item: a call by its key."""

    key: K
    call: Callable[[], R]

    def __len__(self) -> int:
        return 1

    def halves(self) -> tuple[Self, Self]:
        raise ValueError("a single call cannot be halved")


@dataclass
class TaskSize:
    """How many items make a task, learned from the tasks so far. Only speed depends on it.

    ``target_seconds`` is how long a task should take: long against the overhead of a task, short
    for a user who waits.
    """

    width: int
    target_seconds: float = 1.0
    seconds: float = 0.0
    items: int = 0

    def next_size(self, left: float) -> int:
        """Items in the next task with ``left`` still to begin: few at first and at the end."""
        share = ceil(left / (2 * self.width))
        if not self.items:
            return max(1, min(4, share))
        each = max(self.seconds / self.items, 1e-6)
        return max(1, min(LARGEST, share, round(self.target_seconds / each)))

    def learn(self, items: int, seconds: float) -> None:
        """Record how long a task took."""
        self.items += items
        self.seconds += seconds


def call_all[K, R](
    calls: Iterable[tuple[K, Callable[[], R]]], workers: Workers
) -> Generator[tuple[K, R | None]]:
    """Let workers make calls, and yield each key with its result; None if it ended its process.

    A call is a function of a module, or a ``partial`` of one. Raises what a call raises.
    """
    return execute(
        (_Call(*each) for each in calls),
        _call,
        lambda task: (task.key, None),
        workers,
    )


def _call[K, R](task: _Call[K, R]) -> tuple[K, R | None]:
    return task.key, task.call()


def execute[T: Task, R](
    tasks: Iterator[T], run: Callable[[T], R], crashed: Callable[[T], R], workers: Workers
) -> Generator[R]:
    """Let workers ``run`` tasks, and yield the results as they arrive.

    ``crashed`` gives the result of a single item that ends its process. The next task is taken
    when a worker is about to be free for it. Closing this generator cancels what has not begun.
    Raises what ``run`` raises.
    """
    waiting: dict[Future[R], T] = {}
    try:
        while True:
            while (
                len(waiting) < WINDOW * workers.width
                and not any(future.done() for future in waiting)
                and (task := next(tasks, None))
            ):
                waiting[workers.submit(run, task)] = task
            if not waiting:
                return
            done = _wait(waiting, workers, FIRST_COMPLETED)
            lost: list[T] = []
            yield from _results(waiting, done, workers, lost)
            if lost:
                # The other tasks may have died with it, or may only be late.
                _wait(waiting, workers, ALL_COMPLETED)
                yield from _results(waiting, list(waiting), workers, lost)
                workers.restart()
                for task in lost:
                    yield from _run_alone(task, run, crashed, workers)
    finally:
        for future in waiting:
            future.cancel()


def _run_alone[T: Task, R](
    task: T, run: Callable[[T], R], crashed: Callable[[T], R], workers: Workers
) -> Iterator[R]:
    """Run a suspect with nothing beside it; if it kills again, find the item that does."""
    for _ in range(TRIES if len(task) == 1 else 1):
        try:
            future = workers.submit(run, task)
            _wait([future], workers, ALL_COMPLETED)
            result = _result(future)
        except workers.death_errors:
            workers.restart()
        else:
            yield result
            return
    if len(task) == 1:
        yield crashed(task)
        return
    for half in task.halves():
        yield from _run_alone(half, run, crashed, workers)


def _results[T, R](
    waiting: dict[Future[R], T], done: Iterable[Future[R]], workers: Workers, lost: list[T]
) -> Iterator[R]:
    """The results of finished tasks; tasks whose worker died are added to ``lost``."""
    for future in done:
        task = waiting.pop(future)
        try:
            result = _result(future)
        except workers.death_errors:
            lost.append(task)
        else:
            yield result


def _wait[R](futures: Collection[Future[R]], workers: Workers, when: str) -> Collection[Future[R]]:
    """Wait for the first future or for all, and check the workers from time to time."""
    while True:
        done, left = wait(futures, SILENCE_SECONDS, when)
        if not left or (done and when == FIRST_COMPLETED):
            return done
        workers.check()


def _result[R](future: Future[R]) -> R:
    try:
        return future.result()
    except CancelledError as error:
        raise PanjError(
            "the scheduler or executor that ran this is gone",
            remedy="Every finished run is kept. Start it again and give the same command.",
        ) from error
