"""Work beside the view: in a process of its own, which may be ended at any moment.

The process has a lower priority than the view, and it ends with the program that began it,
however that ends.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterable
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

_log = logging.getLogger("panj.view")


class Job[R]:
    """One piece of work in steps. A thread of its own hands the steps to the process.

    ``state`` is ``"waiting"`` for its turn, ``"running"``, ``"done"``, ``"ended"`` by
    :meth:`end`, or ``"failed"``, of which ``error`` tells the reason in words. ``last`` is what
    the last finished step gave, ``None`` before the first.
    """

    def __init__(self, background: Background, steps: Iterable[Callable[[], R]]) -> None:
        self.state: State = "waiting"
        self.error = ""
        self.last: R | None = None
        self._background = background
        self._steps = steps
        self._end: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def ahead(self) -> int:
        """How many other pieces of work come before this one."""
        return self._background.ahead(self) if self.state == "waiting" else 0

    @property
    def over(self) -> bool:
        """Whether it will do nothing more, for whatever reason."""
        return self.state not in ("waiting", "running")

    def end(self) -> None:
        """Let it be, now; the process ends in the middle of a step. It may be over already."""
        with suppress(InvalidStateError):  # it was asked to before
            self._end.set_result(None)
        self._background.look()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until it is over and its process is gone, or so many seconds."""
        self._thread.join(seconds)

    def begin(self) -> None:
        """Start the thread."""
        self._thread.start()

    @property
    def is_ended(self) -> bool:
        """Whether somebody asked to let it be."""
        return self._end.done()

    def _run(self) -> None:
        state: State = "failed"
        try:
            state = self._done() if self._background.turn(self) else "ended"
        except PanjError as error:
            self.error = str(error)
        except Exception:
            _log.exception("work in the background failed")
            self.error = "the program has made a mistake; the terminal shows where"
        finally:
            self._background.leave(self)
            self.state = state

    def _done(self) -> State:
        """Take the steps one by one."""
        self.state = "running"
        workers, aside = Processes(1), partial(_aside, self._background.nice)
        try:
            for step in self._steps:
                future = workers.submit(aside, step)
                either: set[Future[Any]] = {future, self._end}
                while not wait(either, SILENCE_SECONDS, FIRST_COMPLETED).done:
                    workers.look()
                if self.is_ended:
                    return "ended"
                self.last = future.result()
        except workers.deaths:
            raise PanjError(
                "the process in the background was killed, or had no memory left",
                remedy="What it had finished is kept.",
            ) from None
        finally:
            workers.close()
        return "done"


class Background:
    """The work of all who are served: ``at_once`` pieces at a time, in the order they came.

    ``nice`` is its priority, as ``nice`` counts. Left as a context it is closed.
    """

    def __init__(self, at_once: int = 1, nice: int = NICE) -> None:
        self.nice = nice
        self._at_once = at_once
        self._jobs: list[Job[Any]] = []
        self._changed = threading.Condition()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def begin[R](self, steps: Iterable[Callable[[], R]]) -> Job[R]:
        """Begin a piece of work. Steps are asked for one by one, each when the last is done.

        A step must be picklable: a function of a module, or a ``partial`` of one.
        """
        job = Job(self, steps)
        with self._changed:
            self._jobs.append(job)
        job.begin()
        return job

    def ahead(self, job: Job[Any]) -> int:
        """How many pieces of work must end before it is this one's turn; an ended one goes now."""
        with self._changed:
            place = self._jobs.index(job) if job in self._jobs else 0
            before = sum(not other.is_ended for other in self._jobs[:place])
            return max(0, before + 1 - self._at_once)

    def turn(self, job: Job[Any]) -> bool:
        """Wait for its turn; false where it was ended meanwhile."""
        with self._changed:
            mine = partial(self._may, job)
            self._changed.wait_for(mine)
            return not job.is_ended

    def _may(self, job: Job[Any]) -> bool:
        return job.is_ended or self._jobs.index(job) < self._at_once

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
