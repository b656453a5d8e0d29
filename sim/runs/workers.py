"""Where chunks are run: in this process, in a pool of processes, or on somebody's executor.

All of them are one seam, the ``submit`` of :mod:`concurrent.futures`. What differs is what a
death looks like and whether what died can be built again.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.context import BaseContext
from typing import TYPE_CHECKING, Any, Final, Protocol

from sim.errors import PanjError

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

PRELOADED: Final = ["mesa", "pydantic", "pyarrow.parquet"]
"""What takes time to import. Not Panj itself: the server that forks workers looks for it in the
working folder first, where another copy may lie.
"""


class Workers(Protocol):
    """A place to run chunks."""

    deaths: tuple[type[BaseException], ...]
    """What a future raises when the process that ran it died."""

    @property
    def width(self) -> int:
        """How many chunks run at the same time."""
        ...

    def submit[T, R](self, task: Callable[[T], R], argument: T) -> Future[R]:
        """Run a task some time soon."""
        ...

    def renew(self) -> None:
        """After a death: be ready again."""
        ...

    def close(self) -> None:
        """Stop at once; what is running is lost."""
        ...


class Serial:
    """This process, one chunk after the other: for debuggers, and where processes are barred."""

    deaths: tuple[type[BaseException], ...] = ()
    width = 1

    def submit[T, R](self, task: Callable[[T], R], argument: T) -> Future[R]:
        """Run the task now."""
        future: Future[R] = Future()
        try:
            future.set_result(task(argument))
        except Exception as error:
            future.set_exception(error)
        return future

    def renew(self) -> None:
        """Nothing dies here but everything at once."""

    def close(self) -> None:
        """Nothing is left running."""


class Processes:
    """A pool of processes on this machine that is built again when one of them dies."""

    deaths: tuple[type[BaseException], ...] = (BrokenExecutor,)

    def __init__(self, jobs: int) -> None:
        self.width = jobs
        self._started: list[BaseProcess] = []
        self._context = _context(self._started)
        self._pool = self._build()

    def _build(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self.width, mp_context=self._context, initializer=_prepare)

    def submit[T, R](self, task: Callable[[T], R], argument: T) -> Future[R]:
        """Hand the task to the pool; a pool that is broken already gives a future that says so."""
        try:
            with _main_hidden():
                return self._pool.submit(task, argument)
        except BrokenExecutor as error:
            future: Future[R] = Future()
            future.set_exception(error)
            return future
        except OSError as error:
            raise PanjError(
                f"no process can be started ({error.strerror or error})",
                remedy="Every finished run is kept. Allow more processes and open files "
                "(ulimit -u, ulimit -n), or run with --serial.",
            ) from error

    def renew(self) -> None:
        """Put another pool in the place of the broken one."""
        self.close()
        self._pool = self._build()

    def close(self) -> None:
        """End the processes without waiting for what they run."""
        running = [process for process in self._started if process.is_alive()]
        for process in running:
            process.terminate()
        self._pool.shutdown(wait=True, cancel_futures=True)
        for process in running:
            process.join()
        self._started.clear()


class Borrowed:
    """An executor of somebody else's; it is neither built again nor closed here."""

    def __init__(
        self,
        executor: Executor,
        width: int,
        deaths: tuple[type[BaseException], ...] = (BrokenExecutor,),
        *,
        mends_itself: bool = False,
    ) -> None:
        self.width = width
        self.deaths = deaths
        self._executor = executor
        self._mends_itself = mends_itself

    def submit[T, R](self, task: Callable[[T], R], argument: T) -> Future[R]:
        """Hand the task to the executor."""
        return self._executor.submit(task, argument)

    def renew(self) -> None:
        """Go on where the executor replaces its dead; elsewhere say that it cannot be used."""
        if not self._mends_itself:
            raise PanjError(
                "a worker of the given executor died and took the executor with it",
                remedy="Every finished run is kept. Give a new executor, or none: then a run "
                "that ends its process is set apart and the batch goes on.",
            )

    def close(self) -> None:
        """Leave it as it is: it belongs to somebody else."""


def usable_cores() -> int:
    """The number of cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _context(started: list[BaseProcess]) -> BaseContext:
    """A way to start processes that keeps count of them.

    A server forks workers from a process that has imported the libraries already and has no
    threads; where there is none, each worker starts afresh.
    """
    known = multiprocessing.get_all_start_methods()
    method = "forkserver" if "forkserver" in known else "spawn"
    context = multiprocessing.get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload(PRELOADED)

    class Counted(type(context)):  # type: ignore[misc]
        """Notes each process that the pool starts, so that exactly those can be ended."""

        def Process(self, *args: Any, **options: Any) -> BaseProcess:  # noqa: N802
            process: BaseProcess = super().Process(*args, **options)
            started.append(process)
            return process

    counted: BaseContext = Counted()
    return counted


@contextmanager
def _main_hidden() -> Iterator[None]:
    """Start workers that do not run the caller's script again, guarded by a name test or not."""
    main = sys.modules["__main__"]
    hidden = {name: main.__dict__.pop(name) for name in ("__file__",) if name in main.__dict__}
    spec, main.__spec__ = main.__spec__, None
    try:
        yield
    finally:
        main.__dict__.update(hidden)
        main.__spec__ = spec


def _prepare() -> None:
    """Make a worker end with its parent, however that ends, and leave Ctrl-C to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
