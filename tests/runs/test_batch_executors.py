"""Where chunks run: pace, deaths, a script without a guard, and a real cluster."""

import itertools
import linecache
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest
import quick_runs
from filled import ran
from hypothesis import given, settings
from hypothesis import strategies as st
from quick_runs import CHOSEN, OTHER, quick

import sim
from benchmarks.chaos.processes import Cluster, cluster
from sim.errors import PanjError
from sim.runs.batch import BatchOptions, fill_store
from sim.runs.chunks import PROCESS_DIED, Chunk, ChunkResult, ChunkTask, crashed_chunk, run_chunk
from sim.runs.execute import LARGEST, TaskSize, execute
from sim.runs.replicate import Run
from sim.runs.request import Request
from sim.runs.store import Store
from sim.runs.verify import verify
from sim.runs.workers import Processes, Serial, start_workers, usable_cores

pytestmark = pytest.mark.thorough

TESTS = Path(__file__).parent
ROOT = TESTS.parents[1]


class Fragile:
    """Workers whose pool dies whenever a poisoned replicate is among what it was given."""

    death_errors = (BrokenExecutor,)

    def __init__(self, width: int, poison: set[int]) -> None:
        self.width = width
        self.poison = poison
        self.broken = False
        self.restarts = 0
        self.most = 0
        self._queue: list[Future[object]] = []

    def submit(
        self, task: Callable[[ChunkTask], ChunkResult], order: ChunkTask
    ) -> "Future[ChunkResult]":
        """Run it, or die of it; a dead pool takes nothing on."""
        future: Future[ChunkResult] = Future()
        if self.broken or self.poison & set(order.chunk.replicates):
            self.broken = True
            future.set_exception(BrokenExecutor())
        else:
            future.set_result(ChunkResult(order.chunk, {}, 0, 0.01))
        return future

    def check(self) -> None:
        """A death is reported at once."""

    def restart(self) -> None:
        """Live again."""
        self.broken = False
        self.restarts += 1

    def close(self) -> None:
        """Nothing to close."""


def order(chunk: Chunk) -> ChunkTask:
    """An order for a chunk of quick runs."""
    return ChunkTask(chunk, CHOSEN.model_dump_json(), 0, ("outcomes",), "code")


@settings(max_examples=30)
@given(st.sets(st.integers(0, 59), max_size=6), st.integers(1, 13), st.integers(1, 4))
def test_the_poisoned_are_found_whoever_they_are(poison: set[int], size: int, width: int) -> None:
    """Each run comes back once, and exactly the poisoned ones are buried."""
    runs = tuple(range(60))
    work = (order(Chunk("d" * 32, tuple(part))) for part in itertools.batched(runs, size))
    found = list(execute(work, run_chunk, crashed_chunk, Fragile(width, poison)))
    assert sorted(r for parcel in found for r in parcel.chunk.replicates) == list(runs)
    buried = [parcel for parcel in found if parcel.failed]
    assert {r for parcel in buried for r in parcel.chunk.replicates} == poison
    assert all(len(parcel.chunk.replicates) == 1 for parcel in buried)


@given(st.floats(0, 1e6), st.integers(1, 500), st.integers(0, 5000), st.floats(0, 1e4))
def test_a_pace_is_always_possible(left: float, width: int, runs: int, seconds: float) -> None:
    """Whatever was measured, an order holds at least one task and no more than the largest."""
    assert 1 <= TaskSize(width, 1.0, seconds, runs).next_size(left) <= LARGEST


def test_the_pace_aims_at_a_second_and_thins_out() -> None:
    """Runs of 0.1 s come in tens; near the end chunks shrink so that all workers share it."""
    size = TaskSize(2, seconds=10.0, items=100)
    assert [size.next_size(left) for left in (1000, 12, 1)] == [10, 3, 1]


def test_few_chunks_are_on_their_way() -> None:
    """However long the work, no more than two chunks for each worker are taken from the plan."""
    taken = 0

    def plan() -> Iterator[ChunkTask]:
        nonlocal taken
        for replicate in range(1000):
            taken += 1
            yield order(Chunk("d" * 32, (replicate,)))

    done = execute(plan(), run_chunk, crashed_chunk, Fragile(3, set()))
    for given_back, _ in enumerate(done, 1):
        assert taken - given_back <= 2 * 3
    assert taken == 1000


def test_usable_cores_are_those_of_the_process() -> None:
    """At least one, and no more than the machine has."""
    assert 1 <= usable_cores() <= (os.cpu_count() or 1)


def test_a_pool_that_is_closed_leaves_no_process() -> None:
    """Closing ends workers in the middle of whatever they do."""
    workers = Processes(2)
    pid = workers.submit(_pid, 0).result()
    workers.submit(_sleep, 600)
    workers.close()
    assert not Path("/proc", str(pid)).exists()


def _pid(_: int) -> int:
    return os.getpid()


def _sleep(seconds: int) -> None:
    import time

    time.sleep(seconds)


@dataclass(frozen=True)
class Job:
    """A job of one task; the second of several dies once, in the midst of telling its result."""

    number: int
    died: Path

    def __len__(self) -> int:
        return 1


def _torn(job: Job) -> int:
    if job.number != 1 or job.died.exists():
        return job.number
    frame: Any = sys._getframe()
    while "result_queue" not in frame.f_locals:
        frame = frame.f_back
    results = frame.f_locals["result_queue"]
    with results._wlock:
        os.write(results._writer.fileno(), struct.pack("!i", 1000) + b"half of it")
        job.died.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("it should be dead")


def test_a_worker_dies_while_it_hands_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pool waits for the other half for ever; all jobs are done all the same."""
    monkeypatch.setattr("sim.runs.execute.SILENCE_SECONDS", 0.2)
    jobs = [Job(number, tmp_path / "died") for number in range(6)]
    workers = Processes(2)
    try:
        found = sorted(execute(iter(jobs), _torn, lambda job: -1, workers))  # type: ignore[type-var]
    finally:
        workers.close()
    assert found == [0, 1, 2, 3, 4, 5]


def test_a_pool_with_half_a_result_can_be_closed(tmp_path: Path) -> None:
    """Ctrl-C then does not hang."""
    workers = Processes(1)
    workers.submit(_torn, Job(1, tmp_path / "died"))
    while not (tmp_path / "died").exists():
        time.sleep(0.01)
    workers.close()


def test_workers_run_the_panj_of_their_parent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another ``sim`` in the working folder is not what workers import."""
    (tmp_path / "sim").mkdir()
    (tmp_path / "sim" / "__init__.py").write_text("print('the wrong one')")
    script = tmp_path / "elsewhere.py"
    script.write_text(
        f"import sys; sys.path[:] = [{str(ROOT)!r}, *sys.path[1:]]\n"
        "import sim\n"
        "short = sim.load('baseline', {'days': 5.0})\n"
        "print(sim.run_batch([short], 4, jobs=2).outcomes().num_rows)\n"
    )
    monkeypatch.chdir(tmp_path)
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.stdout == "4\n"


def test_a_script_needs_no_guard(tmp_path: Path) -> None:
    """A plain script that runs a batch is not run again by its workers."""
    script = tmp_path / "study.py"
    script.write_text(
        "import sim\n"
        "print('once')\n"
        "short = sim.load('baseline', {'days': 5.0})\n"
        "print(sim.run_batch([short], 4, jobs=2).outcomes().num_rows)\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.stderr == ""
    assert done.stdout == "once\n4\n"


def free_port() -> int:
    """A port that nobody listens to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler with two workers."""
    with running_cluster(tmp_path_factory.mktemp("cluster")) as there:
        yield there.address


@contextmanager
def running_cluster(folder: Path) -> Iterator[Cluster]:
    """A cluster that gives a run up when it has ended one worker, and knows the tests' modules."""
    pytest.importorskip("distributed", reason="needs the extra 'cluster'")
    with cluster(folder, failures=0, path=(TESTS,)) as there:
        yield there


def test_a_cluster_gives_what_one_process_gives(tmp_path: Path, scheduler: str) -> None:
    """A scheduler and two workers give the same parts byte for byte as this process alone.

    Of runs that end their worker exactly those are failed rows, as with a pool.
    """
    whole = ran(tmp_path / "serial", Request([CHOSEN, OTHER], 40))
    with start_workers(scheduler) as workers:
        assert workers.width in (1, 2)  # the second worker may still be on its way
        many = fill_store(
            tmp_path / "many", Request([CHOSEN, OTHER], 40), workers, BatchOptions(simulate=quick)
        )
        died = fill_store(
            tmp_path / "died",
            Request([CHOSEN], 5),
            workers,
            BatchOptions(simulate=quick_runs.killing),
        )
    assert parts(many.store.path) == parts(whole.store.path)
    failed = died.store.outcomes().filter(pc.field("status") == "failed")
    assert failed["replicate"].to_pylist() == [3]
    assert failed["message"].to_pylist() == [PROCESS_DIED[1]]
    assert died.store.outcomes().num_rows == 5


def test_a_scheduler_that_is_killed_is_one_message(tmp_path: Path) -> None:
    """Finished runs are kept, and a batch with another executor continues."""
    store = tmp_path / "s"
    with running_cluster(tmp_path) as (address, process, _):
        command = ["batch", "baseline", "-n", "5000", "-o", str(store), "--cluster", address]
        batch = subprocess.Popen(
            [sys.executable, "-m", "sim", *command, "--set", "days=2", "--posterior", "none"],
            stderr=subprocess.PIPE,
            text=True,
        )
        while not any(store.glob("outcomes/[!.]*")):
            assert batch.poll() is None
            time.sleep(0.05)
        os.killpg(process, signal.SIGKILL)
        _, err = batch.communicate(timeout=60)
    assert batch.returncode == 2
    assert err.startswith("error: the scheduler or executor that ran this is gone. Every finished")
    assert len(err.splitlines()) == 1
    left = Store.open(store)
    assert left.complete
    assert verify(left) == []
    assert 0 < left.outcomes().num_rows < 5000
    wanted = 3 + max(left.finished("baseline"))
    short = sim.load("baseline", {"days": 2.0})
    more = sim.run_batch([short], wanted, store, executor="serial")
    assert more.finished("baseline") == set(range(wanted))


def test_a_cluster_runs_rules_of_ones_own(tmp_path: Path, scheduler: str) -> None:
    """Workers that have no copy of the user's file give what this process gives."""
    code = "import sim\nclass High(sim.AlertRule):\n    def wanted(self, now):\n        return 3\n"
    (tmp_path / "high_rule.py").write_text(code, "utf-8")
    scenario = tmp_path / "high.toml"
    text = 'extends = "baseline.toml"\ndays = 5.0\n[alert]\npolicy = "high_rule:High"\n'
    scenario.write_text(text, "utf-8")
    request = Request([sim.load(scenario, allow_code=True)], 3)
    (tmp_path / "high_rule.py").unlink()
    linecache.clearcache()
    with pytest.raises(PanjError, match="source of this code cannot be read"):
        fill_store(tmp_path / "unsourced", request, Serial())
    (tmp_path / "high_rule.py").write_text(code, "utf-8")
    with start_workers("serial") as workers:
        whole = fill_store(tmp_path / "serial", request, workers)
    with start_workers(scheduler) as workers:
        many = fill_store(tmp_path / "many", request, workers)
    assert parts(many.store.path) == parts(whole.store.path)
    assert set(whole.store.outcomes()["days_emergency"].to_pylist()) == {5.0}


def parts(store: Path) -> dict[str, bytes]:
    """Every part of a store."""
    return {str(p.relative_to(store)): p.read_bytes() for p in sorted(store.glob("*/*.parquet"))}


def test_a_scheduler_that_does_not_answer_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address where nobody listens, and one that is none, are refused with a remedy."""
    pytest.importorskip("distributed", reason="needs the extra 'cluster'")
    monkeypatch.setattr("sim.runs.cluster.PATIENCE_SECONDS", 1)
    for address in (f"tcp://127.0.0.1:{free_port()}", "telegraph://river"):
        with pytest.raises(PanjError, match="dask scheduler") as caught, start_workers(address):
            raise AssertionError("no workers should have started")
        assert address in str(caught.value)


def test_without_dask_a_cluster_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the library is missing the error says what to install."""
    monkeypatch.setitem(sys.modules, "dask.distributed", None)
    with pytest.raises(PanjError, match=r"panj\[cluster\]"), start_workers("tcp://127.0.0.1:1"):
        raise AssertionError("no workers should have started")


def test_a_quick_run_is_pinned_by_its_seed() -> None:
    """The stand-in for the model is a function of scenario and seed."""
    assert quick(CHOSEN, 5, ()) == quick(CHOSEN, 5, ())
    assert isinstance(quick(CHOSEN, 5, ()), Run)
    assert quick(CHOSEN, 5, ()).outcomes != quick(OTHER, 5, ()).outcomes
