"""Background jobs of interactive pages, in processes of their own that can be ended at any moment.

The processes can have a lower priority than the page. They end with the program that started
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
"""Default niceness of the processes: the page goes first."""

State = Literal["waiting", "running", "done", "ended", "failed"]

_log = logging.getLogger("panj.background")


class Job[R]:
    """Steps that ``width`` processes carry out; a thread of the job hands them over.

    ``state`` is ``"waiting"`` for its turn, ``"running"``, ``"done"``, ``"ended"`` by
    :meth:`end`, or ``"failed"``, for the reason in ``error``. ``last`` is the result of the last
    finished step, None before the first.
    """

    def __init__(
        self,
        background: Background,
        steps: Iterable[Callable[[], R]],
        width: int,
        on_change: Callable[[Job[R]], None],
        stays_open: bool,
    ) -> None:
        self.state: State = "waiting"
        self.error = ""
        self.last: R | None = None
        self.is_ended = False
        self._background, self._width = background, width
        self._on_change, self._stays_open = on_change, stays_open
        self._steps: Iterator[Callable[[], R]] = iter(steps)
        self._lock = threading.Lock()
        self._wake_up: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="panj-background", daemon=True)

    @property
    def ahead(self) -> int:
        """How many other jobs come before this one."""
        return self._background.ahead(self) if self.state == "waiting" else 0

    @property
    def beside(self) -> int:
        """With how many other jobs it takes turns."""
        return self._background.beside(self)

    @property
    def over(self) -> bool:
        """Whether it has ended, for whatever reason."""
        return self.state not in ("waiting", "running")

    def replace_steps(self, steps: Iterable[Callable[[], R]]) -> None:
        """Carry out these steps from now on; steps that have begun are finished."""
        with self._lock:
            self._steps = iter(steps)
        self._wake()

    def end(self) -> None:
        """End now, in the middle of a step. The job may be over already."""
        self.is_ended = True
        self._wake()
        self._background.notify()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until it is over and its processes are gone, or for ``seconds``."""
        if self._thread is not threading.current_thread():
            self._thread.join(seconds)

    def begin(self) -> None:
        """Start the thread."""
        self._thread.start()

    def _wake(self) -> None:
        with suppress(InvalidStateError):  # it is awake already
            self._wake_up.set_result(None)

    def _run(self) -> None:
        state: State = "failed"
        try:
            state = self._run_steps()
        except PanjError as error:
            self.error = str(error)
        except Exception:
            _log.exception("a background job failed")
            self.error = "the program has made a mistake; the terminal shows where"
        finally:
            self._background.leave(self)
            self.state = state
            self._on_change(self)

    def _run_steps(self) -> State:
        """Hand a step to each free process, and collect results.

        Whenever all processes are free, the other jobs have their turn.
        """
        if not self._background.turn(self):
            return "ended"
        self.state = "running"
        workers = Processes(self._width)
        run_step = partial(_run_with_nice, self._background.nice)
        running: set[Future[R]] = set()
        try:
            while True:
                if self._wake_up.done():  # a new one, before the reason for waking is read
                    self._wake_up = Future()
                if self.is_ended:
                    return "ended"
                while len(running) < self._width and (step := self._next()) is not None:
                    running.add(workers.submit(run_step, step))
                if not running and not self._stays_open:
                    return "done"
                awaited: set[Future[Any]] = {*running, self._wake_up}
                done = wait(awaited, SILENCE_SECONDS, FIRST_COMPLETED).done
                if not done:
                    workers.check()
                for future in running & done:
                    running.remove(future)
                    self.last = future.result()
                    self._on_change(self)
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
        """The next step; an exhausted iterator is dropped."""
        with self._lock:
            step = next(self._steps, None)
            if step is None:
                self._steps = iter(())
            return step


class Background:
    """A queue of jobs, of which one runs at a time; they take turns after each step.

    ``nice`` is the niceness of the processes. Leaving it as a context manager closes it.
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
        on_change: Callable[[Job[R]], None] = lambda job: None,
        *,
        stays_open: bool = False,
    ) -> Job[R]:
        """Start a job. Each step is taken from ``steps`` when a process is free for it.

        A step must be picklable: a function of a module, or a ``partial`` of one. ``on_change`` is
        called in the job's thread after each step and at the end. A job that ``stays_open`` waits
        for more steps (:meth:`Job.replace_steps`) until it is ended.
        """
        job = Job(self, steps, width, on_change, stays_open)
        with self._changed:
            self._jobs.append(job)
        job.begin()
        return job

    def ahead(self, job: Job[Any]) -> int:
        """How many jobs have a step before this one's turn."""
        with self._changed:
            place = self._jobs.index(job) if job in self._jobs else 0
            return sum(not other.is_ended for other in self._jobs[:place])

    def beside(self, job: Job[Any]) -> int:
        """How many other jobs there are."""
        with self._changed:
            return sum(not (other is job or other.is_ended) for other in self._jobs)

    def pass_on(self, job: Job[Any]) -> bool:
        """Let all others have a turn and wait for the next; False if it was ended meanwhile."""
        with self._changed:
            self._jobs.remove(job)
            self._jobs.append(job)
            self._changed.notify_all()
        return self.turn(job)

    def turn(self, job: Job[Any]) -> bool:
        """Wait for a job's turn; False if it was ended meanwhile."""
        with self._changed:
            self._changed.wait_for(lambda: job.is_ended or self._jobs[0] is job)
            return not job.is_ended

    def leave(self, job: Job[Any]) -> None:
        """Remove a job."""
        with self._changed:
            self._jobs.remove(job)
            self._changed.notify_all()

    def notify(self) -> None:
        """Wake the jobs that wait for their turn."""
        with self._changed:
            self._changed.notify_all()

    def close(self) -> None:
        """End all jobs, and wait until their processes are gone."""
        with self._changed:
            jobs = list(self._jobs)
        for job in jobs:
            job.end()
        for job in jobs:
            job.wait()


def _run_with_nice[R](nice: int, step: Callable[[], R]) -> R:
    """Run a step at a lower priority, which processes started by the step inherit."""
    now = os.getpriority(os.PRIO_PROCESS, 0)
    os.setpriority(os.PRIO_PROCESS, 0, max(now, nice))
    return step()
