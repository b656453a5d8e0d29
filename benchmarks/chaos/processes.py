"""Kills of processes: the batch, its workers, the server that forks them, a Dask cluster."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from random import Random
from time import sleep
from typing import Final, NamedTuple

from benchmarks.chaos.batch import (
    DEADLY,
    Expected,
    Notes,
    Round,
    Task,
    alive,
    call,
    deadly,
    ended,
    eventually,
    judge,
    start,
    told,
)
from sim.runs.chunks import PROCESS_DIED
from sim.runs.store import Store

ROOT: Final = Path(__file__).resolve().parents[2]


# -- finding processes -----------------------------------------------------------------------


def children(parent: int, word: str) -> list[int]:
    """The child processes of a process whose command contains a word."""
    found = []
    for pid in (int(name) for name in os.listdir("/proc") if name.isdigit()):
        with suppress(OSError):
            stat = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            if int(stat[1]) == parent and stat[0] != "Z" and word.encode() in command:
                found.append(pid)
    return found


def servers(batch: int) -> list[int]:
    """The process that forks the workers of a batch."""
    return children(batch, "multiprocessing.forkserver")


def workers(batch: int) -> list[int]:
    """The workers of a batch."""
    return [pid for server in servers(batch) for pid in children(server, "")]


class Cluster(NamedTuple):
    """A Dask scheduler and two nannies with a worker each."""

    address: str
    scheduler: int
    nannies: tuple[int, ...]

    def workers(self) -> list[int]:
        """The processes that run the tasks."""
        return [pid for nanny in self.nannies for pid in children(nanny, "spawn_main")]


@contextmanager
def cluster(folder: Path, *, failures: int = 3, path: tuple[Path, ...] = ()) -> Iterator[Cluster]:
    """Run a cluster on the loopback interface.

    The scheduler gives a task up after ``failures`` workers have died of it. Workers also look for
    modules in ``path``.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{probe.getsockname()[1]}"
    env = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(map(str, (ROOT, *path))),
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": str(failures),
        "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
    }
    local = ["--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0"]
    one = ["worker", address, "--nthreads", "1"]
    commands = [
        ["scheduler", "--port", address.rpartition(":")[2], *local],
        *([*one, "--local-directory", str(folder / name), *local] for name in ("one", "two")),
    ]
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "dask", *command],
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        for command in commands
    ]
    try:
        scheduler, *nannies = (process.pid for process in processes)
        yield Cluster(address, scheduler, tuple(nannies))
    finally:
        for process in processes:  # each with the processes that it started itself
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=60)


# -- killing processes ------------------------------------------------------------------------


def kill_batch(
    store: Path, tasks: tuple[Task, ...], expected: Expected, chance: Random, seconds: float
) -> Round:
    """Kill a batch at instants drawn evenly from its duration, until one batch ends."""
    notes, kills = Notes(store.with_suffix(".notes")), 0
    while True:
        process = start(told, store, tasks, notes)
        alive(process, chance.uniform(0.0, seconds))
        process.kill()
        if ended(process) == 0:
            return _judged(store, expected, notes, kills)
        kills += 1


def kill_others(
    store: Path,
    task: Task,
    expected: Expected,
    chance: Random,
    victims: Callable[[int], list[int]],
    kills: int,
) -> Round:
    """Kill processes that a batch needs, at random instants, until it has ended."""
    notes = Notes(store.with_suffix(".notes"))
    process = start(told, store, (task,), notes)
    times = _haunt(process, notes, chance, lambda: victims(process.pid or 0), kills)
    if ended(process) or notes.message:
        return Round(equal=False, refused=notes.message or "it ended with a traceback", times=times)
    return _judged(store, expected, notes, times)


def _haunt(
    process: ForkServerProcess,
    notes: Notes,
    chance: Random,
    victims: Callable[[], list[int]],
    kills: int,
) -> int:
    """Kill one of the victims again and again; returns the number of kills.

    After each kill the batch must finish a run: a batch gives up a run that has ended its process
    three times while it ran alone, and it cannot tell who killed the process.
    """
    times = before = 0
    while times < kills and eventually(lambda seen=before: notes.done > seen, process):
        sleep(chance.uniform(0.0, 0.2))
        if alive(process) and (found := victims()):
            with suppress(ProcessLookupError):
                os.kill(chance.choice(found), signal.SIGKILL)
                times += 1
        before = notes.done
    return times


def kill_scheduler(store: Path, task: Task, expected: Expected, chance: Random) -> Round:
    """Kill the scheduler of a batch: it must end with a message, and another must continue."""
    notes = Notes(store.with_suffix(".notes"))
    with cluster(store.with_suffix(".dask")) as there:
        process = start(told, store, (task._replace(executor=there.address),), notes)
        eventually(lambda: notes.done > 0, process)
        sleep(chance.uniform(0.0, 0.5))
        os.killpg(there.scheduler, signal.SIGKILL)
        status = ended(process)
    found = _judged(store, expected, notes, 1)
    return found if status == 0 and notes.message else found._replace(equal=False)


def kill_itself(store: Path, task: Task, expected: Expected) -> Round:
    """Two runs always end their process: failed rows with a message; run again they succeed."""
    notes = Notes(store.with_suffix(".notes"))
    ended(start(told, store, (task._replace(simulate=deadly),), notes))
    rows = Store.open(store).outcomes().to_pylist()
    failed = {(row["scenario"], row["replicate"]): row for row in rows if row["status"] != "done"}
    due = {(name, replicate) for name in task.scenarios for replicate in DEADLY}
    right = set(failed) == due and {row["message"] for row in failed.values()} == {PROCESS_DIED[1]}
    again = expected._replace(task=expected.task._replace(retry=True))
    found = _judged(store, again, notes, len(due))
    return found if right and notes.message == "" else found._replace(equal=False)


def _judged(store: Path, expected: Expected, notes: Notes, times: int) -> Round:
    found = call(judge, store, expected, notes.done)
    return found._replace(
        lost=found.lost + notes.lost, told=notes.message or found.told, times=times
    )
