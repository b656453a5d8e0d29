"""A small batch in a process of its own, to be killed there."""

from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from random import Random
from signal import SIGKILL
from time import perf_counter
from typing import NamedTuple

from sim.runs import execute, writer
from sim.runs.admit import Request
from sim.runs.batch import hired, run_on
from sim.runs.files import PARTIAL
from sim.runs.store import Store
from sim.runs.verify import verify
from sim.runs.workers import PRELOADED
from sim.scenario.load import load

SCENARIOS = ("baseline", "triggered")
SMALL_CHUNK, SMALL_JOIN = 4, 3
"""Runs in a chunk, and chunks that are joined at once: there is always something being written."""


class Task(NamedTuple):
    """The batch: two scenarios of so many days and replicates, on one process or more."""

    replicates: int
    days: float
    jobs: int


def run(store: Path, task: Task) -> None:
    """Run what the store lacks, or nothing."""
    execute.LARGEST = SMALL_CHUNK  # type: ignore[misc]
    writer.JOIN_AT = SMALL_JOIN  # type: ignore[misc]
    complete(store, task)


def complete(store: Path, task: Task) -> None:
    """Run what the store lacks, in pieces as large as usual."""
    scenarios = [load(name, {"days": task.days}) for name in SCENARIOS]
    request = Request(scenarios, task.replicates, keep={"incidents": True})
    with hired("serial" if task.jobs == 1 else "processes", task.jobs) as workers:
        run_on(store, request, workers)


class Result(NamedTuple):
    """One store whose batches were killed until one of them came to its end."""

    kills: int
    half_written: int
    same: bool
    sound: bool


class Killer:
    """Kills batches with SIGKILL at random instants, until what they were to do is done."""

    def __init__(self, task: Task, chance: Random) -> None:
        self.task, self._chance = task, chance
        self._context = get_context("forkserver")
        self._context.set_forkserver_preload([*PRELOADED, "sim.model", __name__])

    def patience(self, folder: Path) -> float:
        """How long an uninterrupted batch of small chunks takes, s, from its start to its end."""
        self._time(folder / "first")  # has to wait for the server of processes
        return self._time(folder / "second")

    def _time(self, store: Path) -> float:
        start = perf_counter()
        process = self._start(store)
        process.join()
        if process.exitcode != 0:
            raise RuntimeError(f"a batch left alone ended with {process.exitcode}")
        return perf_counter() - start

    def until_complete(self, store: Path, expected: str, patience: float) -> Result:
        """Start, kill within ``patience`` s at an instant drawn evenly, and start again.

        Every second time on average the shot waits until a file is being written, for most
        instants lie in between. When a batch came to its end, compare the table hash with that of
        a store that was left alone, and every checksum, key and seed with what they should be.
        """
        kills = half_written = 0
        while not self._survived(store, patience):
            kills += 1
            half_written += _half_written(store)
        found = Store.open(store)
        return Result(kills, half_written, found.table_hash() == expected, verify(found) == [])

    def _start(self, store: Path) -> ForkServerProcess:
        process = self._context.Process(target=run, args=(store, self.task))
        process.start()
        return process

    def _survived(self, store: Path, patience: float) -> bool:
        process = self._start(store)
        process.join(self._chance.uniform(0.0, patience))
        if self._chance.random() < 0.5:
            while process.is_alive() and not _half_written(store):
                pass  # as soon as possible: the file will be whole within a millisecond
        process.kill()
        process.join()
        if process.exitcode not in (0, -SIGKILL):
            raise RuntimeError(f"a batch that was not killed ended with {process.exitcode}")
        return process.exitcode == 0


def _half_written(store: Path) -> bool:
    """Whether a file of the store is being written."""
    return any(store.rglob(f"*{PARTIAL}"))
