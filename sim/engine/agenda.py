"""The events to come: one heap in one total order (time, priority, key, insertion)."""

from collections.abc import Callable
from heapq import heapify, heappop, heappush
from itertools import count
from types import FunctionType
from typing import Any

from sim.errors import PanjError

FIRST, NORMAL, LAST = 0, 5, 9
"""Priorities among events of the same instant."""


class Timer:
    """An event to come; it holds its callback strongly until it fires or is cancelled."""

    __slots__ = ("_arguments", "at", "callback")

    def __init__(
        self, at: float, callback: Callable[..., None], arguments: tuple[Any, ...]
    ) -> None:
        self.at = at
        self.callback: Callable[..., None] | None = callback
        self._arguments = arguments

    @property
    def pending(self) -> bool:
        """Whether the event is still to come."""
        return self.callback is not None

    def cancel(self) -> None:
        """Cancel the event; no effect after it has fired."""
        self.callback = None
        self._arguments = ()

    def fire(self) -> None:
        """Run the callback, once."""
        callback, self.callback = self.callback, None
        if callback is not None:
            callback(*self._arguments)


type _Entry = tuple[float, int, str, int, Timer]


class Agenda:
    """The events to come."""

    __slots__ = ("_heap", "_insertions", "executed", "now")

    def __init__(self) -> None:
        self._heap: list[_Entry] = []
        self._insertions = count()
        self.now = 0.0
        self.executed = 0

    def __getstate__(self) -> tuple[list[_Entry], int, float, int]:
        """Leave out cancelled events. Raise :class:`PanjError` for one that cannot be copied."""
        heap = [entry for entry in self._heap if entry[4].pending]
        heapify(heap)
        for when, *_, timer in heap:
            function = timer.callback
            if isinstance(function, FunctionType) and "<" in function.__qualname__:
                raise PanjError(
                    f"an event of day {when:g} calls a function that a copy cannot take over",
                    value=function.__name__,
                    remedy="Plan a method of the model or an agent, or a function of a module.",
                )
        return heap, next(self._insertions), self.now, self.executed

    def __setstate__(self, state: tuple[list[_Entry], int, float, int]) -> None:
        self._heap, number, self.now, self.executed = state
        self._insertions = count(number)

    def __len__(self) -> int:
        """Number of events still to come."""
        return sum(entry[4].pending for entry in self._heap)

    def at(
        self,
        when: float,
        callback: Callable[..., None],
        *arguments: Any,
        key: str = "",
        priority: int = NORMAL,
    ) -> Timer:
        """Call ``callback(*arguments)`` at time ``when``.

        ``key`` orders events of one instant and priority independently of which was planned first;
        use the identity of the agent that the event happens to.

        Raises
        ------
        ValueError
            If ``when`` lies in the past or is not a number.
        """
        if not when >= self.now:
            raise ValueError(f"cannot plan an event at {when}: it is already {self.now}")
        timer = Timer(when, callback, arguments)
        heappush(self._heap, (when, priority, key, next(self._insertions), timer))
        return timer

    def next_time(self) -> float | None:
        """Instant of the next event, or ``None``."""
        while self._heap and not self._heap[0][4].pending:
            heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def run_until(self, end: float) -> None:
        """Run all events up to and including ``end``."""
        heap = self._heap
        while heap and heap[0][0] <= end:
            when, _, _, _, timer = heappop(heap)
            if timer.callback is not None:
                self.now = when
                self.executed += 1
                timer.fire()
        self.now = max(self.now, end)
