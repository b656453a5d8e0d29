"""The batch that is disturbed, the progress that it reported, and checks of its store."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from itertools import pairwise
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from threading import Lock
from typing import Any, Final, NamedTuple

from sim.errors import PanjError
from sim.frontier.ground import Ground
from sim.measures.registry import outcomes_on
from sim.runs import execute, store_tables, writer
from sim.runs.batch import BatchOptions, BatchProgress, BatchResult, fill_store
from sim.runs.code_version import made_with
from sim.runs.parts import from_parquet
from sim.runs.replicate import Run, Simulate, seed_of, simulate
from sim.runs.request import Request
from sim.runs.store import Store
from sim.runs.store_files import names_in
from sim.runs.verify import verify
from sim.runs.workers import PRELOADED, start_workers
from sim.scenario.load import load
from sim.scenario.spec import Scenario

SCENARIOS: Final = ("baseline", "triggered")
PATIENCE_SECONDS: Final = 300.0
"""A batch that takes longer hangs."""

_FEW: Final = tuple(
    outcome
    for outcome in outcomes_on(Ground.default())
    if outcome.name in ("deaths", "crossings", "delay_to_contact_h")
)

made_with()  # reads the source once for all processes that are forked from one that has this module


# -- runs ------------------------------------------------------------------------------------


def invented(scenario: Scenario, seed: int, keep: Sequence[str]) -> Run:
    """Numbers that depend on seed and scenario and cost no time."""
    said: dict[str, float | int | None] = {
        outcome.name: (seed >> place) % 97 + len(scenario.name)
        for place, outcome in enumerate(_FEW)
    }
    said["delay_to_contact_h"] = None if seed % 3 == 0 else seed / 7.0
    districts = [{"district": name, "crossings": seed % 11, "deaths": 0} for name in ("a", "b")]
    return Run(0, seed, said, districts if "districts" in keep else ())


def failing(scenario: Scenario, seed: int, keep: Sequence[str]) -> Run:
    """The same, but replicate 1 fails."""
    if seed == seed_of(1):
        return Run(0, seed, failure=("run", "ZeroDivisionError: division by zero", "Traceback"))
    return invented(scenario, seed, keep)


def deadly(scenario: Scenario, seed: int, keep: Sequence[str]) -> Run:
    """A short year, but two replicates end their process, in two ways."""
    if seed == seed_of(3):
        os._exit(7)
    if seed == seed_of(5):
        os.kill(os.getpid(), signal.SIGKILL)
    return simulate(scenario, seed, keep)


DEADLY: Final = (3, 5)


class Task(NamedTuple):
    """A batch: its scenarios and their horizon in days, its replicates, and how they are run."""

    scenarios: tuple[str, ...] = SCENARIOS
    replicates: int = 6
    days: float = 1.0
    executor: str = "serial"
    simulate: Simulate = invented
    retry: bool = False
    root: int = 0

    @property
    def runs(self) -> int:
        """How many runs it wants."""
        return len(self.scenarios) * self.replicates


SHORT: Final = Task(simulate=simulate)
"""Short years of the model itself."""

HISTORY: Final = (Task(("baseline",), 3, simulate=failing), Task(replicates=4, retry=True))
"""A new store; then another scenario, more replicates, and a failed run again."""

ALL: Final = HISTORY[-1]


def fill(store: Path, task: Task, said: Callable[[int], object] = lambda done: None) -> BatchResult:
    """Run in small chunks what a store lacks; ``said`` receives the number of finished runs."""
    execute.LARGEST, writer.JOIN_AT = 2, 2  # type: ignore[misc]
    if task.simulate is not simulate and task.simulate is not deadly:
        store_tables.outcomes_on = lambda ground: _FEW
    scenarios = [load(name, {"days": task.days}) for name in task.scenarios]

    def progress(tally: BatchProgress) -> None:
        said(task.runs - tally.missing + tally.done)

    watch = BatchOptions(progress, simulate=task.simulate, retry_failed=task.retry)
    with start_workers(task.executor, 2) as workers:
        return fill_store(store, Request(scenarios, task.replicates, task.root), workers, watch)


class Notes(NamedTuple):
    """What a batch reports while it runs, kept where it survives a kill."""

    path: Path

    def write(self, done: int) -> None:
        """Record the number of finished runs."""
        with self.path.open("ab", buffering=0) as file:
            file.write(b"%d\n" % done)

    def end(self, message: str) -> None:
        """Record the end of the batch, with its message if any."""
        self._told.write_text(message)

    @property
    def done(self) -> int:
        """The number of finished runs reported last."""
        return (self._said() or [0])[-1]

    @property
    def lost(self) -> int:
        """How many reported runs a later batch did not find."""
        said = self._said()
        return sum(max(0, a - b) for a, b in pairwise(said))

    @property
    def message(self) -> str | None:
        """The message with which the batch ended; None if it did not end."""
        return self._told.read_text() if self._told.exists() else None

    @property
    def _told(self) -> Path:
        return self.path.with_name(f"{self.path.name}.told")

    def _said(self) -> list[int]:
        return [int(line) for line in self.path.read_bytes().split()] if self.path.exists() else []


def told(store: Path, tasks: Sequence[Task], notes: Notes) -> None:
    """Carry out tasks, and record what they report."""
    try:
        for task in tasks:
            fill(store, task, notes.write)
        notes.end("")
    except PanjError as error:
        notes.end(str(error))


# -- checks -----------------------------------------------------------------------------------


class Expected(NamedTuple):
    """An undisturbed store: its digest, its parts byte for byte, and its rows."""

    task: Task
    hash: str
    parts: dict[str, bytes]
    rows: list[dict[str, Any]]


def undisturbed(store: Path, task: Task) -> Expected:
    """The store that a task leaves without a disturbance."""
    left = fill(store, task).store
    return Expected(task, left.table_hash(), _parts(store), left.outcomes().to_pylist())


class Round(NamedTuple):
    """The outcome of one store: numbers of runs, and whether it equals an undisturbed store."""

    lost: int = 0
    """Reported as finished, and no longer in the store."""
    double: int = 0
    """Twice in the store, for Panj or for a program that reads the folder."""
    wrong: int = 0
    """Silently read with other values, before the batch was continued."""
    equal: bool = True
    """The continued batch left the same as an undisturbed one: digest, parts, a valid store."""
    refused: str = ""
    """The message with which the next batch refused to continue."""
    told: str = ""
    """The message with which the disturbed batch ended, or a reader did."""
    times: int = 1
    """How often it was disturbed."""


def judge(store: Path, expected: Expected, acknowledged: int = 0) -> Round:
    """Read what a disturbance left, continue the batch, and check the store."""
    wrong, double, message = 0, 0, ""
    try:
        left = Store.open(store)
        rows = left.outcomes().to_pylist()
        wrong = sum(row["status"] == "done" and row not in expected.rows for row in rows)
        if left.complete and acknowledged:  # elsewhere a file may be what disturbs
            double = _double(store, left)
    except PanjError as error:
        message = str(error)
    try:
        report = fill(store, expected.task)
    except PanjError as error:
        return Round(0, double, wrong, equal=False, refused=str(error), told=message)
    lost = max(0, acknowledged - (expected.task.runs - report.progress.missing))
    double += _double(store, report.store)
    same = (report.store.table_hash(), _parts(store)) == (expected.hash, expected.parts)
    return Round(lost, double, wrong, same and not verify(report.store), told=message)


def _double(store: Path, left: Store) -> int:
    """Runs of a closed store that another program finds twice or not at all."""
    listed = Counter((part.digest, run) for part in left.parts for run in part.replicates)
    seen: Counter[tuple[str, int]] = Counter()
    for name, content in _parts(store).items():
        if name.startswith("outcomes/"):
            with suppress(ValueError):
                keys = from_parquet(content, ["digest", "replicate"]).to_pylist()
                seen.update((row["digest"], row["replicate"]) for row in keys)
    return sum(max(listed[run], seen[run]) - 1 or not seen[run] for run in listed | seen)


def _parts(store: Path) -> dict[str, bytes]:
    """Every file that a program without knowledge of Panj takes for a part."""
    return {
        f"{table}/{name}": (store / table / name).read_bytes()
        for table in ("outcomes", "districts")
        for name in names_in(store / table)
        if name.endswith(".parquet") and (store / table / name).is_file()
    }


# -- processes -------------------------------------------------------------------------------

_context = get_context("forkserver")
_context.set_forkserver_preload([*PRELOADED, "pandas", "pyarrow.compute", __name__])


_looking = Lock()
"""Held to look at how processes ended, as Python does whenever it starts one: of two threads that
read the same status one finds nothing, and Python notes 255 for it."""


def start(function: Callable[..., object], *arguments: object) -> ForkServerProcess:
    """Start a function in a process of its own."""
    process = _context.Process(target=function, args=arguments)
    with _looking:
        process.start()
    return process


def alive(process: ForkServerProcess, seconds: float = 0.0) -> bool:
    """Wait at most ``seconds`` for a process to end; return whether it still runs."""
    if not wait([process.sentinel], seconds):
        return True
    with _looking:
        process.join()
    return False


def call[T](function: Callable[..., T], *arguments: object) -> T:
    """The result of a function in a process of its own; raises what it raised there."""
    here, there = _context.Pipe(duplex=False)
    with here:
        process = start(_answer, there, partial(function, *arguments))
        there.close()
        try:
            if not here.poll(PATIENCE_SECONDS):
                ended(process, 0.0)
            done, found = here.recv()
        except EOFError:
            raise RuntimeError(f"a process ended with {ended(process)}") from None
        ended(process)
    if not done:
        raise found
    return found


def _answer(there: Connection, function: Callable[[], object]) -> None:
    try:
        there.send((True, function()))
    except Exception as error:
        there.send((False, error))


def ended(process: ForkServerProcess, seconds: float = PATIENCE_SECONDS) -> int:
    """The exit status of a process. Raises ``TimeoutError`` if it does not end, and kills it."""
    if alive(process, seconds):
        process.kill()
        alive(process, PATIENCE_SECONDS)
        raise TimeoutError(f"hangs for {seconds:.0f} s")
    with _looking:
        status = process.exitcode
    assert status is not None
    return status


def eventually(holds: Callable[[], bool], process: ForkServerProcess | None = None) -> bool:
    """Wait until a condition holds or a process has ended."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if process is not None and not alive(process):
            return holds()
        if time.monotonic() > until:
            raise TimeoutError("it never came to hold")
        time.sleep(0.002)
    return True
