"""Work beside what is on the screen: in processes of its own, which may be ended at any moment.

The processes may have a lower priority than the screen, and they end with the program that began
them, however that ends (:mod:`sim.runs.workers`).
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, InvalidStateError, wait
from contextlib import suppress
from functools import partial
from typing import Any, Final, Literal, Self

from sim.errors import PanjError
from sim.runs.execute import SILENCE_SECONDS
from sim.runs.workers import Processes

NICE: Final = 10
"""Priority of the work unless another is given: what is on the screen goes first."""

State = Literal["waiting", "running", "done", "ended", "failed"]

_log = logging.getLogger("panj.background")


class Job[R]:
    """Steps that ``width`` processes take. A thread of its own hands them over.

    ``state`` is ``"waiting"`` for its turn, ``"running"``, ``"done"``, ``"ended"`` by
    :meth:`end`, or ``"failed"``, of which ``error`` tells the reason in words. ``last`` is what
    the last finished step gave, ``None`` before the first.
    """

    def __init__(
        self,
        background: Background,
        steps: Iterable[Callable[[], R]],
        width: int,
        heard: Callable[[Job[R]], None],
        lasting: bool,
    ) -> None:
        self.state: State = "waiting"
        self.error = ""
        self.last: R | None = None
        self.is_ended = False
        self._background, self._width = background, width
        self._heard, self._lasting = heard, lasting
        self._steps: Iterator[Callable[[], R]] = iter(steps)
        self._lock = threading.Lock()
        self._bell: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="panj-background", daemon=True)

    @property
    def ahead(self) -> int:
        """How many other pieces of work come before this one."""
        return self._background.ahead(self) if self.state == "waiting" else 0

    @property
    def beside(self) -> int:
        """With how many other pieces of work it takes turns."""
        return self._background.beside(self)

    @property
    def over(self) -> bool:
        """Whether it will do nothing more, for whatever reason."""
        return self.state not in ("waiting", "running")

    def want(self, steps: Iterable[Callable[[], R]]) -> None:
        """Take these from now on, and no others; what has begun is finished."""
        with self._lock:
            self._steps = iter(steps)
        self._ring()

    def end(self) -> None:
        """Let it be, now; the processes end in the middle of a step. It may be over already."""
        self.is_ended = True
        self._ring()
        self._background.look()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until it is over and its processes are gone, or so many seconds."""
        if self._thread is not threading.current_thread():
            self._thread.join(seconds)

    def begin(self) -> None:
        """Start the thread."""
        self._thread.start()

    def _ring(self) -> None:
        with suppress(InvalidStateError):  # it rings already
            self._bell.set_result(None)

    def _run(self) -> None:
        state: State = "failed"
        try:
            state = self._done()
        except PanjError as error:
            self.error = str(error)
        except Exception:
            _log.exception("work in the background failed")
            self.error = "the program has made a mistake; the terminal shows where"
        finally:
            self._background.leave(self)
            self.state = state
            self._heard(self)

    def _done(self) -> State:
        """Hand over a step for each process that is free, and hear what came of the others.

        Whenever all are free the others have their turn.
        """
        if not self._background.turn(self):
            return "ended"
        self.state = "running"
        workers, aside = Processes(self._width), partial(_aside, self._background.nice)
        running: set[Future[R]] = set()
        try:
            while True:
                if self._bell.done():  # a new one, before a look at what it rang for
                    self._bell = Future()
                if self.is_ended:
                    return "ended"
                while len(running) < self._width and (step := self._next()) is not None:
                    running.add(workers.submit(aside, step))
                if not running and not self._lasting:
                    return "done"
                either: set[Future[Any]] = {*running, self._bell}
                done = wait(either, SILENCE_SECONDS, FIRST_COMPLETED).done
                if not done:
                    workers.check()
                for future in running & done:
                    running.remove(future)
                    self.last = future.result()
                    self._heard(self)
                if not (running or self._background.pass_on(self)):
                    return "ended"
        except workers.death_errors:
            raise PanjError(
                "the process in the background was killed, or had no memory left",
                remedy="What it had finished is kept.",
            ) from None
        finally:
            workers.close()

    def _next(self) -> Callable[[], R] | None:
        """The next step that is wanted; steps that are over are let go of."""
        with self._lock:
            step = next(self._steps, None)
            if step is None:
                self._steps = iter(())
            return step


class Background:
    """The work of all who are served: one piece at a time, which take turns by steps.

    ``nice`` is its priority, as ``nice`` counts. Left as a context it is closed.
    """

    def __init__(self, nice: int = NICE) -> None:
        self.nice = nice
        self._jobs: list[Job[Any]] = []
        self._changed = threading.Condition()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def begin[R](
        self,
        steps: Iterable[Callable[[], R]] = (),
        width: int = 1,
        heard: Callable[[Job[R]], None] = lambda job: None,
        *,
        lasting: bool = False,
    ) -> Job[R]:
        """Begin a piece of work. Each step is asked for when a process is free for it.

        A step must be picklable: a function of a module, or a ``partial`` of one. ``heard`` is
        told in the thread of every step that is finished, and when the work is over. What is
        ``lasting`` waits for more steps (:meth:`Job.want`) until it is ended.
        """
        job = Job(self, steps, width, heard, lasting)
        with self._changed:
            self._jobs.append(job)
        job.begin()
        return job

    def ahead(self, job: Job[Any]) -> int:
        """How many pieces of work have a step before this one's turn; an ended one goes now."""
        with self._changed:
            place = self._jobs.index(job) if job in self._jobs else 0
            return sum(not other.is_ended for other in self._jobs[:place])

    def beside(self, job: Job[Any]) -> int:
        """How many other pieces of work there are."""
        with self._changed:
            return sum(not (other is job or other.is_ended) for other in self._jobs)

    def pass_on(self, job: Job[Any]) -> bool:
        """Let all others have a turn and wait for the next; false where it was ended meanwhile."""
        with self._changed:
            self._jobs.remove(job)
            self._jobs.append(job)
            self._changed.notify_all()
        return self.turn(job)

    def turn(self, job: Job[Any]) -> bool:
        """Wait for its turn; false where it was ended meanwhile."""
        with self._changed:
            self._changed.wait_for(lambda: job.is_ended or self._jobs[0] is job)
            return not job.is_ended

    def leave(self, job: Job[Any]) -> None:
        """Make room for the next."""
        with self._changed:
            self._jobs.remove(job)
            self._changed.notify_all()

    def look(self) -> None:
        """Let those who wait see what has changed."""
        with self._changed:
            self._changed.notify_all()

    def close(self) -> None:
        """End all of it, and wait until the processes are gone."""
        with self._changed:
            jobs = list(self._jobs)
        for job in jobs:
            job.end()
        for job in jobs:
            job.wait()


def _aside[R](nice: int, step: Callable[[], R]) -> R:
    """Take a step at a lower priority, which holds for what the step starts, too."""
    now = os.getpriority(os.PRIO_PROCESS, 0)
    os.setpriority(os.PRIO_PROCESS, 0, max(now, nice))
    return step()
