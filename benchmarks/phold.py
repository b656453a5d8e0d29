"""PHOLD, the standard workload for event-driven simulators (Fujimoto 1990).

A fixed number of jobs moves between places. A job that arrives leaves at once for a place chosen
uniformly, where it arrives after an exponential time of mean 1: one event makes one event, so
the list of events keeps its length and the simulator does little else than keep it in order.
The same workload runs on Mesa's event list and on our agenda.
"""

from collections.abc import Callable
from random import Random
from typing import NamedTuple, Protocol

import mesa

from sim.engine.agenda import Agenda
from sim.engine.draws import Draws, exponential
from sim.engine.world import World

SEED = 1


class Load(NamedTuple):
    """The number of places and jobs, and the duration, in mean hops of a job."""

    places: int
    jobs: int
    horizon: float


class Job:
    """A job: its number, how often it has moved, and where it is going."""

    __slots__ = ("hops", "number", "place")

    def __init__(self, number: int) -> None:
        self.number = number
        self.hops = 0
        self.place = 0


class Hops(Protocol):
    """The next place of a job, and its travel time."""

    def __call__(self, job: Job) -> tuple[float, float]:
        """Two uniforms in (0, 1): for the place, and for the time."""


def in_order(load: Load) -> Hops:
    """The numbers of one generator in the order of calls, as Mesa's ``model.random`` gives."""
    uniform = Random(SEED).random
    return lambda job: (uniform(), uniform())


def keyed(load: Load) -> Hops:
    """Each job reads its own numbers, named by its hops, independent of the others."""
    draws = Draws(SEED)
    streams = [draws.of(f"job/{number}") for number in range(load.jobs)]

    def hop(job: Job) -> tuple[float, float]:
        where, when = streams[job.number].uniforms(f"hop {job.hops}", 2)
        return where, when

    return hop


class Workload:
    """What is the same on every engine; ``trace`` lists the job number of each event."""

    def __init__(self, load: Load, hops: Hops) -> None:
        self.load, self._hops = load, hops
        self.jobs = [Job(number) for number in range(load.jobs)]
        self.visits = [0] * load.places
        self.trace: list[int] = []

    def send(self, job: Job) -> float:
        """Choose the next place of a job; return the time until it arrives."""
        where, when = self._hops(job)
        job.place = int(where * self.load.places)
        job.hops += 1
        return exponential(when, 1.0)

    def arrive(self, job: Job) -> None:
        """A job arrives: the event."""
        self.visits[job.place] += 1
        self.trace.append(job.number)


Engine = Callable[[Workload], None]


class _Traveller:
    """A job in a Mesa model: an object with a method to schedule."""

    def __init__(self, model: mesa.Model, work: Workload, job: Job) -> None:
        self._model, self._work, self._job = model, work, job

    def leave(self) -> None:
        self._model.schedule_event(self.arrive, after=self._work.send(self._job))

    def arrive(self) -> None:
        self._work.arrive(self._job)
        self.leave()


def _as_model(model: mesa.Model, work: Workload) -> None:
    travellers = [_Traveller(model, work, job) for job in work.jobs]
    for traveller in travellers:
        traveller.leave()
    model.run_until(work.load.horizon)


def on_mesa(work: Workload) -> None:
    """A Mesa model, ``schedule_event`` and Mesa's own event list."""
    _as_model(mesa.Model(rng=SEED), work)


def on_world(work: Workload) -> None:
    """The same program, line by line, on the engine of Panj."""
    _as_model(World(SEED), work)


def on_agenda(work: Workload) -> None:
    """The agenda as the agents of Panj use it: callbacks with arguments, ordered by identity."""
    agenda = Agenda()
    keys = [f"job/{job.number}" for job in work.jobs]

    def leave(job: Job) -> None:
        agenda.at(agenda.now + work.send(job), arrive, job, key=keys[job.number])

    def arrive(job: Job) -> None:
        work.arrive(job)
        leave(job)

    for job in work.jobs:
        leave(job)
    agenda.run_until(work.load.horizon)


def trace(engine: Engine, load: Load, hops: Callable[[Load], Hops]) -> list[int]:
    """Run the workload and return which job arrived, event by event."""
    work = Workload(load, hops(load))
    engine(work)
    return work.trace
