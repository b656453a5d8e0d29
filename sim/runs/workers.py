"""Workers that run chunks: this process, a pool of processes, or an external executor.

All have the ``submit`` of :mod:`concurrent.futures`. They differ in how they report that a
process died, and in whether it can be replaced.
"""

from __future__ import annotations

import errno
import multiprocessing
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import forkserver, resource_tracker
from multiprocessing.context import BaseContext
from typing import TYPE_CHECKING, Any, Final

from sim.errors import PanjError

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

PRELOADED: Final = ["sim.model", "sim.runs.arrow", "sim.runs.chunks", "pyarrow.parquet"]
"""Modules that are slow to import: the server that forks the workers imports them for all."""

_END_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_STARTS: Final = 3
"""When the server has ended this many times in a row before it forked, it may not fork."""

_PAUSE_SECONDS: Final = 0.5
"""A server that was killed counts as alive until the system has removed it."""

_CHECK_SECONDS: Final = 1.0
"""How often a worker checks whether the server that forked it is alive."""


class Workers:
    """What runs chunks, ``width`` at the same time."""

    width: int
    death_errors: tuple[type[BaseException], ...] = (BrokenExecutor,)
    """What a future raises when the process that ran it died."""

    def submit[T, R](self, task: Callable[[T], R], argument: T) -> Future[R]:
        """Run a task as soon as possible."""
        raise NotImplementedError

    def check(self) -> None:
        """Look for dead processes; called when no result has come for a while."""

    def restart(self) -> None:
        """Be ready again after a process died."""

    def close(self) -> None:
        """Stop at once; unfinished tasks are lost."""


class Serial(Workers):
    """This process, one chunk after the other: for debuggers, and where no process may start."""

    width = 1
    death_errors = ()

    def submit[T, R](self, task: Callable[[T], R], argument: T) -> Future[R]:
        """Run the task now."""
        future: Future[R] = Future()
        try:
            future.set_result(task(argument))
        except Exception as error:
            future.set_exception(error)
        return future


class Processes(Workers):
    """A pool of processes on this machine that is replaced when one of them dies."""

    def __init__(self, jobs: int) -> None:
        self.width = jobs
        self._started: list[BaseProcess] = []
        self._dead = False
        self._unstarted = 0
        self._context = _context(self._started)
        self._pool = self._build()

    def _build(self) -> ProcessPoolExecutor:
        with _start_errors():
            _check_open_files(self.width)
            if self._context.get_start_method() == "forkserver":
                # The first call unblocks the signals in this process: block them once more.
                for start in (resource_tracker.ensure_running, forkserver.ensure_running):
                    with _signals_delayed(), _signals_blocked_in_children(), _same_module_path():
                        start()
            return ProcessPoolExecutor(self.width, mp_context=self._context, initializer=_prepare)

    def submit[T, R](self, task: Callable[[T], R], argument: T) -> Future[R]:
        """Hand the task to the pool. A broken pool gives a future with ``BrokenExecutor``.

        A pool that needs another worker and whose server was killed is broken, too.
        """
        future: Future[R] = Future()
        try:
            with _main_hidden(), _signals_delayed(), _start_errors():
                try:
                    future = self._pool.submit(task, argument)
                    self._unstarted = 0
                except (EOFError, ConnectionError) as error:
                    self._unstarted += 1
                    if self._unstarted == _STARTS:
                        raise
                    self._end()
                    time.sleep(_PAUSE_SECONDS)
                    raise BrokenExecutor from error
        except BrokenExecutor as error:
            future.set_exception(error)
        return future

    def check(self) -> None:
        """End a pool that misses the death of a process that was sending its result."""
        dead = any(not process.is_alive() for process in self._started)
        if dead and self._dead:
            self._end()
        self._dead = dead

    def restart(self) -> None:
        """Replace the broken pool."""
        self.close()
        self._pool = self._build()

    def close(self) -> None:
        """End the processes without waiting for their tasks."""
        running = self._end()
        self._pool.shutdown(wait=True, cancel_futures=True)
        for process in running:
            process.join()
        self._started.clear()
        self._dead = False

    def _end(self) -> list[BaseProcess]:
        """End the processes, and stop the pool from waiting for a half-sent result."""
        running = [process for process in self._started if process.is_alive()]
        for process in running:
            process.terminate()
        results: Any = self._pool._result_queue
        if results is not None:
            results._writer.close()
        return running


class ExternalExecutor(Workers):
    """An executor that the caller owns; it is neither replaced nor closed here."""

    def __init__(
        self,
        executor: Executor,
        width: int,
        death_errors: tuple[type[BaseException], ...] = (BrokenExecutor,),
        *,
        replaces_workers: bool = False,
    ) -> None:
        self.width = width
        self.death_errors = death_errors
        self._executor = executor
        self._replaces_workers = replaces_workers

    def submit[T, R](self, task: Callable[[T], R], argument: T) -> Future[R]:
        """Hand the task to the executor."""
        return self._executor.submit(task, argument)

    def restart(self) -> None:
        """Continue if the executor replaces dead workers; else raise ``PanjError``."""
        if not self._replaces_workers:
            raise PanjError(
                "a worker of the given executor died and took the executor with it",
                remedy="Every finished run is kept. Give a new executor, or none: then a run "
                "that ends its process is recorded as failed and the batch continues.",
            )


@contextmanager
def start_workers(
    executor: Executor | str | None = None, jobs: int | None = None
) -> Iterator[Workers]:
    """Start the workers that ``executor`` asks for, and end them afterwards.

    ``executor``: None or ``"processes"`` (a pool of ``jobs`` processes, by default one per
    core), ``"serial"`` (this process), ``"tcp://HOST:PORT"`` (a Dask scheduler), or any executor
    of :mod:`concurrent.futures`, which is given ``jobs`` chunks at a time. Raises
    :class:`~sim.errors.PanjError` for anything else.
    """
    if jobs is not None and jobs < 1:
        raise PanjError("needs at least one", key="--jobs", value=jobs)
    width = jobs or usable_cores()
    if isinstance(executor, Executor):
        yield ExternalExecutor(executor, width)
        return
    if executor is not None and "://" in executor:
        from sim.runs.cluster import cluster

        with cluster(executor) as external:
            yield external
        return
    if executor not in (None, "processes", "serial"):
        raise PanjError(
            "is not an executor",
            value=executor,
            remedy='Allowed: "processes", "serial", the address of a Dask scheduler '
            '("tcp://HOST:PORT"), or an executor of concurrent.futures.',
        )
    workers = Serial() if executor == "serial" else Processes(width)
    try:
        yield workers
    finally:
        workers.close()


def usable_cores() -> int:
    """The number of cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _context(started: list[BaseProcess]) -> BaseContext:
    """A context of :mod:`multiprocessing` that adds each process it starts to ``started``.

    Where the system allows it, a server forks the workers from a process that has imported the
    model and runs no threads of ours; elsewhere each worker starts afresh.
    """
    known = multiprocessing.get_all_start_methods()
    method = "forkserver" if "forkserver" in known else "spawn"
    context = multiprocessing.get_context(method)
    if method == "forkserver":
        # A process that ignores the environment cannot be given the module path.
        context.set_forkserver_preload([] if sys.flags.ignore_environment else PRELOADED)

    class Counted(type(context)):  # type: ignore[misc]
        """Records each process that the pool starts, so that exactly those can be ended."""

        def Process(self, *args: Any, **options: Any) -> BaseProcess:  # noqa: N802
            process: BaseProcess = super().Process(*args, **options)
            started.append(process)
            return process

    counted: BaseContext = Counted()
    return counted


@contextmanager
def _main_hidden() -> Iterator[None]:
    """Start workers that do not run the caller's script again, whether or not it has a guard."""
    main = sys.modules["__main__"]
    hidden = {name: main.__dict__.pop(name) for name in ("__file__",) if name in main.__dict__}
    spec, main.__spec__ = main.__spec__, None
    try:
        yield
    finally:
        main.__dict__.update(hidden)
        main.__spec__ = spec


@contextmanager
def _start_errors() -> Iterator[None]:
    """Raise one ``PanjError`` where no process can be started."""
    try:
        yield
    except (OSError, EOFError) as error:
        # The server that forks workers ends silently where it may not fork.
        why = getattr(error, "strerror", None) or "the server that forks them ended"
        raise PanjError(
            f"no process can be started ({why})",
            remedy="Every finished run is kept; give the same command to continue. Allow more "
            "processes and open files (ulimit -u, ulimit -n), or run with --serial.",
        ) from error


def _check_open_files(width: int) -> None:
    """Refuse at once what would fail half-way, with tracebacks of the processes started by then."""
    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most - len(os.listdir("/dev/fd")) < 16 + 2 * width:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))


@contextmanager
def _signals_delayed() -> Iterator[None]:
    """Delay signals until a process has started: one half started would print a traceback.

    A delayed signal takes precedence over an error raised meanwhile, which it may have caused.
    """
    received: list[int] = []
    # Only the main thread may set signal handlers.
    mine = threading.current_thread() is threading.main_thread()
    before = {number: signal.getsignal(number) for number in _END_SIGNALS if mine}
    for number in before:
        signal.signal(number, lambda number, _: received.append(number))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for each in received:
            signal.raise_signal(each)


@contextmanager
def _signals_blocked_in_children() -> Iterator[None]:
    """Start processes that ignore the terminal's signals; this process receives them later."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGHUP))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _same_module_path() -> Iterator[None]:
    """Start processes that find modules where this process does.

    The server would look first in the working folder, which may hold another copy of Panj.
    """
    path = {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONSAFEPATH": "1"}
    before = {name: os.environ.get(name) for name in path}
    os.environ.update(path)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _prepare() -> None:
    """Make a worker end with its parent, however the parent ends, and leave Ctrl-C to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()


def _end_with_parent(server: int) -> None:
    """End when the batch has ended, or the server that forked this process."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        while parent.is_alive() and os.getppid() == server:
            parent.join(_CHECK_SECONDS)
        os._exit(1)
