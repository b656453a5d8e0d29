"""Years simulated while the notebook is free: a thread that hands orders to processes.

What is wanted may change at any time; what has begun is finished, the rest is forgotten. The
processes end with the kernel, however it ends (:mod:`sim.runs.workers`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

from sim.runs.batch import hired
from sim.runs.execute import execute
from sim.tuning.worlds import Order, Told, crashed, simulate


class Background:
    """``heard`` is called in the thread with each answer; ``failed`` with what ended the thread."""

    def __init__(
        self,
        jobs: int | None,
        heard: Callable[[Told], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        self._jobs, self._heard, self._failed = jobs, heard, failed
        self._wanted: Iterator[Order] | None = None
        self._change = threading.Condition()
        self._closed = False
        self._thread: threading.Thread | None = None

    def want(self, orders: Iterator[Order]) -> None:
        """Ask for these from now on, in their order, and for nothing else; made when needed."""
        with self._change:
            if self._closed:
                return
            self._wanted = orders
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="panj-tune", daemon=True)
                self._thread.start()
            self._change.notify()

    def close(self) -> None:
        """End thread and processes; what is running is lost."""
        with self._change:
            self._closed = True
            self._wanted = None
            self._change.notify()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self) -> None:
        try:
            with hired(None, self._jobs) as workers:
                while self._wait():
                    for told in execute(self._orders(), simulate, crashed, workers):
                        self._heard(told)
        except BaseException as error:
            self._failed(error)

    def _wait(self) -> bool:
        with self._change:
            self._change.wait_for(lambda: self._closed or self._wanted is not None)
            return not self._closed

    def _orders(self) -> Iterator[Order]:
        while True:
            with self._change:
                order = None if self._wanted is None else next(self._wanted, None)
                if order is None:
                    self._wanted = None
                    return
            yield order
