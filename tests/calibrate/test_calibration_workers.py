"""Who simulates leaves no trace: processes, a cluster, dead workers, a killed calibration."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor
from pathlib import Path

import pytest
import toys
from hypothesis import given, settings
from hypothesis import strategies as st
from toys import GAUSSIAN, MU

from sim.calibrate.generation import bank_stage
from sim.calibrate.problem import CalibrationProblem
from sim.calibrate.run import Calibration
from sim.calibrate.settings import Settings
from sim.calibrate.shift import shift
from sim.calibrate.stage import Ledger
from sim.calibrate.work import DIED, Order, Parcel, crashed_parcel, run_points
from sim.errors import PanjError, StoreError
from sim.runs.execute import execute
from sim.runs.workers import Serial, Workers

TESTS = Path(__file__).parent
ROOT = TESTS.parents[1]
SMALL = Settings(bank=200, population=50)


def parts(folder: Path) -> dict[str, bytes]:
    """Every generation of a calibration."""
    return {p.name: p.read_bytes() for p in sorted((folder / "generations").glob("*.parquet"))}


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What this process alone makes of the Gaussian toy in three generations."""
    folder = tmp_path_factory.mktemp("alone") / "fit"
    Calibration.new(folder, GAUSSIAN, SMALL).run(3, workers=1)
    return parts(folder)


class Whimsical(ThreadPoolExecutor):
    """Brings back what it was given in another order than it was given it."""

    def submit(self, task: object, argument: Order) -> "Future[Parcel]":  # type: ignore[override]
        """Run it after a wait of a length of its own."""

        def late() -> Parcel:
            time.sleep(0.02 * (int(argument.seeds[0]) % 7) / 7)
            return run_points(argument)

        return super().submit(late)


@pytest.mark.parametrize("width", [2, 3, 5])
def test_the_order_of_arrival_is_of_no_account(
    tmp_path: Path, alone: dict[str, bytes], width: int
) -> None:
    """Whatever comes back first, the same are accepted: byte for byte the same generations."""
    with Whimsical(width) as pool, shift(pool) as hands:
        hands.workers.width = width  # type: ignore[misc]
        Calibration.new(tmp_path / "fit", GAUSSIAN, SMALL).run(3, workers=hands.workers)
    assert parts(tmp_path / "fit") == alone


def test_two_processes_make_the_same(tmp_path: Path, alone: dict[str, bytes]) -> None:
    """A pool gives the bytes of this process alone, although a worker is killed on the way.

    Where a point kills whoever simulates it, exactly those points are failures.
    """
    mark = tmp_path / "mark"
    mark.touch()
    with shift(2) as hands:
        once = CalibrationProblem([MU], GAUSSIAN.targets, toys.KillingOnce(mark), "gaussian")
        Calibration.new(tmp_path / "once", once, SMALL).run(3, workers=hands.workers)
        assert not mark.exists()
        deadly = CalibrationProblem([MU], GAUSSIAN.targets, toys.killing, "gaussian")
        died = Calibration.new(tmp_path / "died", deadly, SMALL)
        died.run(0, workers=hands.workers)
    assert parts(tmp_path / "once") == alone
    poisoned = died.bank.seeds % 50 == 0
    assert [f == DIED for f in died.bank.failures] == poisoned.tolist()
    assert 0 < poisoned.sum() < 20


@pytest.mark.slow
@pytest.mark.parametrize("processes", [1, 2, 3])
def test_killed_and_resumed_inside_a_generation(
    tmp_path: Path, alone: dict[str, bytes], processes: int
) -> None:
    """kill -9 at random instants, again and again, then to the end: the same bytes.

    Nothing that was kept is lost: the chunks on disk only ever grow in number between kills,
    or a generation more is finished.
    """
    folder, rng, kills = tmp_path / "fit", random.Random(processes), 0
    reached: list[tuple[int, int]] = []
    while True:
        child = start(folder, processes)
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        if kills < 8:
            time.sleep(rng.uniform(0.05, 0.4))
            child.kill()
        said = child.communicate()[0]
        if "done" in said:
            break
        kills += 1
        reached.append((len(parts(folder)), sum(1 for _ in (folder / "chunks").glob("*.parquet"))))
    assert kills >= 3
    assert reached == sorted(reached)
    assert parts(folder) == alone


def start(folder: Path, processes: int) -> "subprocess.Popen[str]":
    """A calibration of the slow toy in a process of its own."""
    return subprocess.Popen(
        [sys.executable, str(TESTS / "toys.py"), str(folder), str(processes)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(TESTS)])},
    )


class Killed(BaseException):
    """Stands for SIGKILL."""


def test_killed_at_every_touch_of_the_disk(
    tmp_path: Path, alone: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before any file appears, again and again at the next one: the same in the end."""
    from sim.runs import files as place

    real, patience, written = place.put, [1], [0]

    def put(store: Path, name: str, content: bytes, *, durable: bool = True) -> None:
        written[0] += 1
        if written[0] > patience[0]:
            raise Killed
        real(store, name, content, durable=durable)

    folder, kills = tmp_path / "fit", 0
    Calibration.new(folder, GAUSSIAN, SMALL)
    monkeypatch.setattr(place, "put", put)
    while True:
        written[0] = 0
        try:
            Calibration.open(folder, GAUSSIAN).run(3, workers=1)
        except Killed:
            kills += 1
            patience[0] = 1 + kills % 3
        else:
            break
    assert kills >= 8
    assert parts(folder) == alone


def test_only_one_works_on_a_folder(tmp_path: Path) -> None:
    """A second calibration of the same folder is refused while the first runs."""
    calibration = Calibration.new(tmp_path / "fit", GAUSSIAN, SMALL)
    other = Calibration.open(tmp_path / "fit", GAUSSIAN)
    refused: list[bool] = []

    def meddle(_: object) -> None:
        if refused:
            return
        with pytest.raises(StoreError, match="process"):
            other.run(1, workers=1)
        refused.append(True)

    calibration.run(0, workers=1, progress=meddle)
    assert refused
    assert other.run(1, workers=1) == "done"  # and knows what the first has finished
    assert len(other.generations) == 2


class Fragile(Serial):
    """Workers who die of some points, with everything that is on its way."""

    deaths = (BrokenExecutor,)

    def __init__(self, width: int, poison: set[int]) -> None:
        self.width = width
        self.poison = poison
        self.broken = False

    def submit(self, task: object, argument: Order) -> "Future[Parcel]":  # type: ignore[override]
        """Run it, or die of it; the dead take nothing on."""
        future: Future[Parcel] = Future()
        if self.broken or self.poison & set(argument.index.tolist()):
            self.broken = True
            future.set_exception(BrokenExecutor())
        else:
            future.set_result(crashed_parcel(argument, "fine"))
        return future

    def renew(self) -> None:
        """Live again."""
        self.broken = False


@settings(max_examples=15)
@given(st.sets(st.integers(0, 39), max_size=5), st.integers(1, 9), st.integers(1, 4))
def test_the_poisoned_are_found_whoever_they_are(poison: set[int], size: int, width: int) -> None:
    """Each point comes back once, and exactly the poisoned ones are buried."""
    ledger = Ledger(bank_stage(Settings(bank=40, population=2), ("mu",)))
    order = ledger.stage.orders(GAUSSIAN)
    orders = (order(range(n, min(n + size, 40))) for n in range(0, 40, size))
    workers: Workers = Fragile(width, poison)
    parcels = execute(orders, run_points, crashed_parcel, workers)
    found = [parcel.rows for parcel in parcels]
    said = {n: f for rows in found for n, f in zip(rows.index.tolist(), rows.failures, strict=True)}
    assert sorted(n for rows in found for n in rows.index.tolist()) == list(range(40))
    assert {n for n, failure in said.items() if failure == DIED} == poison


def test_a_worker_of_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its code differs: an error that says what to do, and no row."""
    order = bank_stage(SMALL, GAUSSIAN.keys).orders(GAUSSIAN)([0])
    monkeypatch.setattr("sim.calibrate.work.code_digest", lambda: "another")
    with pytest.raises(StoreError, match="same version on every worker"):
        run_points(order)


def test_unknown_workers_are_refused() -> None:
    """Neither a name nor a number of processes that makes sense."""
    with pytest.raises(PanjError, match="is no executor"), shift("threads"):
        raise AssertionError
    with pytest.raises(PanjError, match="at least one"), shift(0):
        raise AssertionError


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """A scheduler and two workers of Dask on the loopback interface, each its own process."""
    pytest.importorskip("distributed", reason="needs the extra 'cluster'")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(TESTS)])}
    local = ["--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0"]
    worker = ["worker", address, "--nthreads", "1", *local, "--local-directory"]
    commands = [
        ["scheduler", "--port", str(port), *local],
        [*worker, str(tmp_path / "one")],
        [*worker, str(tmp_path / "two")],
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
        yield address
    finally:
        for process in processes:  # each with the processes that it started itself
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=60)


@pytest.mark.slow
def test_a_cluster_makes_the_same(tmp_path: Path, alone: dict[str, bytes], scheduler: str) -> None:
    """Two workers of Dask give the bytes of one process."""
    Calibration.new(tmp_path / "fit", GAUSSIAN, SMALL).run(3, workers=scheduler)
    assert parts(tmp_path / "fit") == alone
