"""A Mesa model whose time is exact: events happen at their own instants, not in steps.

Mesa's own clock, daily ``step`` and ``schedule_event`` keep their meaning; events planned with
them are put on the same agenda, so all events have one order. The daily step only observes.
"""

import gc
from collections import defaultdict
from collections.abc import Callable
from typing import Any, ClassVar, Self

from sim.engine.agenda import LAST, Agenda, Timer
from sim.engine.copying import copier, deep_copy
from sim.engine.draws import Draws
from sim.engine.garbage_collection import STRETCH_DAYS, collection_paused
from sim.engine.mesa_import import Priority, Schedule, mesa
from sim.engine.records import Log
from sim.errors import PanjError

_OBSERVERS = max(LAST, Priority.LOW) + 1  # after everything else of an instant
_TAKE_IN, _LET_GO = mesa.Model.register_agent, mesa.Model.deregister_agent
# The functions that Mesa's decorator for signals wraps; without a decorator, the same again.
_TAKE_IN_QUIETLY = getattr(_TAKE_IN, "__wrapped__", _TAKE_IN)
_LET_GO_QUIETLY = getattr(_LET_GO, "__wrapped__", _LET_GO)


class World(mesa.Model):  # type: ignore[misc]
    """Agenda, draws and log, and Mesa's interface to them.

    Parameters
    ----------
    seed
        0..2^63-1. All of the model's own randomness is keyed by it; Mesa's ``random`` and
        ``rng`` are seeded with it too, for code that extends the model.
    """

    draws_of: ClassVar[Callable[[int], Draws]] = Draws
    """Makes the draws of a seed."""

    shared: ClassVar[tuple[type, ...]] = ()
    """Types whose instances never change, so copies of the world share them."""

    steps: int = 0
    """Number of whole days that have ended, as Mesa counted them up to version 3."""

    def __init__(self, seed: int) -> None:
        self.agenda = Agenda()
        self.draws = type(self).draws_of(seed)
        self.log = Log()
        self._collector: mesa.DataCollector | None = None
        super().__init__(rng=seed)
        # Mesa has wrapped ``step`` for its own event list, which is not used here; a subclass's
        # ``step`` runs at the end of each day.
        self.step = self._step_one_day  # type: ignore[method-assign]
        self.agenda.at(1.0, self._end_day, priority=_OBSERVERS)

    def register_agent(self, agent: Any) -> None:
        """Register an agent as Mesa does; send no signal where nobody has subscribed."""
        (_TAKE_IN if self.subscribers else _TAKE_IN_QUIETLY)(self, agent)

    def deregister_agent(self, agent: Any) -> None:
        """Deregister an agent as Mesa does, likewise."""
        (_LET_GO if self.subscribers else _LET_GO_QUIETLY)(self, agent)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out the subscribers to Mesa's signals, who subscribed to this world only."""
        return {**self.__dict__, "subscribers": defaultdict(list)}

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return deep_copy(self, self.shared)

    def copier(self) -> Callable[[], Self]:
        """A function that copies this instant as ``copy.deepcopy`` does; many copies cost less."""
        return copier(self, self.shared)

    def observe(self) -> None:
        """Collect data at the end of each whole day, and change nothing."""
        if self._collector is not None:
            self._collector.collect(self)

    def summary(self) -> dict[str, Any]:
        """What Mesa's tools read where nobody collects data; empty here."""
        return {}

    @property
    def datacollector(self) -> mesa.DataCollector | None:
        """The Mesa collector that was set; until then one that holds the :meth:`summary`."""
        row = {} if self._collector else self.summary()
        if not row:
            return self._collector
        now = mesa.DataCollector(
            {name: lambda _, value=value: value for name, value in row.items()}
        )
        now.collect(self)
        return now

    @datacollector.setter
    def datacollector(self, collector: mesa.DataCollector | None) -> None:
        self._collector = collector

    def _end_day(self) -> None:
        self.steps += 1
        type(self).step(self)
        self.observe()
        self.agenda.at(self.agenda.now + 1.0, self._end_day, priority=_OBSERVERS)

    def step(self) -> None:
        """Override it to act at the end of each whole day; calling it advances one day."""

    def _step_one_day(self) -> None:
        self.run_until(self.agenda.now + 1.0)

    def run_for(self, duration: float) -> None:
        """Advance ``duration`` days."""
        self.run_until(self.agenda.now + duration)

    def run_until(self, end_time: float) -> None:
        """Run all events up to and including day ``end_time``.

        Raises :class:`PanjError` for a day that has passed or is not a number.
        """
        if not end_time >= self.agenda.now:
            raise PanjError(
                f"cannot run to this day: the run is at day {self.agenda.now:g} already",
                key="end_time",
                value=end_time,
                remedy="Give a later day; for an earlier one, run a new model.",
            )
        while self.agenda.now < end_time:
            stretch = self.agenda.now + STRETCH_DAYS
            with collection_paused():
                self.agenda.run_until(min(end_time, stretch))
            if stretch < end_time and gc.isenabled():
                gc.collect(1)  # garbage of this stretch; older objects were scanned before

    @property
    def now(self) -> float:
        """The present instant, days."""
        return self.agenda.now

    @property
    def time(self) -> float:
        """The present instant under Mesa's name."""
        return self.agenda.now

    @time.setter
    def time(self, now: float) -> None:
        """Mesa sets its clock to 0 when a model is made; after that the agenda keeps the time."""

    def schedule_event(
        self,
        function: Callable[[], None],
        *,
        at: float | None = None,
        after: float | None = None,
        priority: Priority = Priority.DEFAULT,
    ) -> Timer:
        """Plan Mesa's one-off event on the agenda; it fires exactly once.

        Raises
        ------
        ValueError
            If not exactly one of ``at`` and ``after`` is given, or the time has passed.
        """
        if (at is None) == (after is None):
            raise ValueError("give exactly one of 'at' and 'after'")
        when = at if at is not None else self.agenda.now + (after or 0.0)
        return self.agenda.at(when, function, priority=int(priority.value))

    def schedule_recurring(
        self,
        function: Callable[[], None],
        schedule: Schedule,
        priority: Priority = Priority.DEFAULT,
    ) -> "Recurring":
        """Plan Mesa's recurring event on the agenda."""
        return Recurring(self, function, schedule, int(priority.value))

    def record(self, record: Any) -> None:
        """Append a record to the log."""
        self.log.add(record)


class Recurring:
    """An event that recurs as a Mesa ``Schedule`` says, until it is stopped."""

    def __init__(
        self, world: World, function: Callable[[], None], schedule: Schedule, priority: int
    ) -> None:
        self._world, self._function = world, function
        self._schedule, self._priority = schedule, priority
        self._timer: Timer | None = None
        self.execution_count = 0
        first = schedule.start
        self._plan(world.agenda.now + self._interval() if first is None else first)

    def _interval(self) -> float:
        interval = self._schedule.interval
        return float(interval(self._world) if callable(interval) else interval)

    def _plan(self, at: float) -> None:
        over = self._schedule.end is not None and at > self._schedule.end
        done = self._schedule.count is not None and self.execution_count >= self._schedule.count
        if over or done:
            self._timer = None
        else:
            self._timer = self._world.agenda.at(at, self._fire, priority=self._priority)

    def _fire(self) -> None:
        self._function()
        self.execution_count += 1
        if self._timer is not None:
            self._plan(self._world.agenda.now + self._interval())

    @property
    def is_active(self) -> bool:
        """Whether it will fire again."""
        return self._timer is not None

    def stop(self) -> None:
        """Stop the recurrence."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
