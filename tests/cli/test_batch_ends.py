"""A batch that is ended, or whose processes are killed, keeps finished runs and stays quiet."""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from sim.errors import PanjError
from sim.runs.catalogue import is_store
from sim.runs.store import Store
from sim.runs.verify import verify
from sim.runs.workers import Processes

pytestmark = pytest.mark.thorough

HOW = ("--set", "days=2.0", "--posterior", "none", "--jobs", "2")


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    for _ in range(6000):
        if holds():
            return
        time.sleep(0.01)
    raise AssertionError("it never came to hold")


def line(pid: str) -> str:
    """Return the command line of a process, empty if it has ended."""
    try:
        return Path("/proc", pid, "cmdline").read_text()
    except OSError:
        return ""


def processes(group: int) -> dict[str, str]:
    """Return the running processes of a group with their command lines."""
    found = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        if said := line(pid):
            try:
                if os.getpgid(int(pid)) == group:
                    found[pid] = said
            except ProcessLookupError:
                continue
    return found


def servers(group: int) -> list[int]:
    """Return the server that forks workers: the oldest process with their command line."""
    found = processes(group)
    return sorted(int(pid) for pid, said in found.items() if "forkserver" in said)


@contextmanager
def begun(store: Path, replicates: int, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Return a command ``panj batch`` with N replicates."""
    command = ["batch", "baseline", "-n", str(replicates), "-o", str(store), *HOW, *options]
    with panj(command) as process:
        yield process


@contextmanager
def panj(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """Start a command as a terminal does, as the head of a process group."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # a shell that runs the tests in the background lets its children ignore Ctrl-C
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


def sound(store: Path) -> None:
    """Check that the store, if there is one, is intact."""
    if is_store(store):
        assert verify(Store.open(store)) == []


def started(process: "subprocess.Popen[str]", store: Path) -> bool:
    """Wait for the server that forks workers."""
    return bool(servers(process.pid))


def amid(process: "subprocess.Popen[str]", store: Path) -> bool:
    """Wait until some runs are finished."""
    return any((store / "outcomes").glob("[!.]*.parquet"))


def ended(process: "subprocess.Popen[str]", store: Path, number: signal.Signals) -> None:
    """Send the signal to the whole group: one hint is printed and no process is left."""
    os.killpg(process.pid, number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert out == ""
    kept, again, *more = err.strip().splitlines()
    assert kept == f"Finished work is kept in {store}. Continue with:"
    assert again.strip() == shlex.join(["panj", *process.args[3:]])  # type: ignore[index]
    assert more == (["interrupted"] if number == signal.SIGINT else [])
    eventually(lambda: not processes(process.pid))


@pytest.mark.parametrize(
    ("number", "moment"),
    [
        (signal.SIGINT, started),
        (signal.SIGINT, amid),
        (signal.SIGTERM, amid),
        (signal.SIGHUP, started),
    ],
)
def test_a_signal_ends_it_with_a_hint(
    tmp_path: Path, number: signal.Signals, moment: Callable[..., bool]
) -> None:
    """A signal n gives status 128+n, one hint, and an intact store."""
    store = tmp_path / "s"
    with begun(store, 20_000) as process:
        eventually(lambda: moment(process, store))
        ended(process, store, number)
    assert moment is started or Store.open(store).complete
    sound(store)


def test_a_signal_ends_a_calibration_with_a_hint(tmp_path: Path) -> None:
    """The bank of a calibration is a batch and continues like one."""
    store = tmp_path / "s"
    with panj(["calibrate", "baseline", "-o", str(store), "--jobs", "2"]) as process:
        eventually(lambda: amid(process, store))
        ended(process, store, signal.SIGTERM)
    sound(store)


@pytest.mark.parametrize("moment", [started, amid], ids=["start", "middle"])
def test_the_server_of_processes_is_killed(tmp_path: Path, moment: Callable[..., bool]) -> None:
    """The server is started again and the batch ends without an error."""
    store = tmp_path / "s"
    with begun(store, 60) as process:
        eventually(lambda: moment(process, store))
        os.kill(servers(process.pid)[0], signal.SIGKILL)
        _, err = process.communicate(timeout=100)
    eventually(lambda: not processes(process.pid))
    assert (process.returncode, "error" in err, "Traceback" in err) == (0, False, False), err
    assert Store.open(store).outcomes().num_rows == 60
    sound(store)


def test_a_worker_is_killed(tmp_path: Path) -> None:
    """The runs of a killed worker are repeated, without a message or a loss."""
    store = tmp_path / "s"
    with begun(store, 60) as process:
        eventually(lambda: amid(process, store) and len(servers(process.pid)) > 1)
        os.kill(servers(process.pid)[-1], signal.SIGKILL)
        _, err = process.communicate(timeout=100)
    assert process.returncode == 0
    assert err == ""
    assert Store.open(store).failed("baseline") == set()
    assert Store.open(store).outcomes().num_rows == 60


def test_a_server_that_ends_while_it_forks_is_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that ends each time, as under a limit on processes, gives one message."""
    workers = Processes(1)
    try:
        with monkeypatch.context() as patch:
            for _ in range(2):  # it may have been killed
                patch.setattr(workers._pool, "submit", _no_words)
                assert isinstance(workers.submit(abs, -1).exception(), BrokenExecutor)
                workers.restart()
            patch.setattr(workers._pool, "submit", _no_words)
            with pytest.raises(PanjError, match=r"no process can be started.*is kept.*ulimit -u"):
                workers.submit(abs, -1)
        assert workers.submit(abs, -1).result() == 1
    finally:
        workers.close()


def _no_words(*_: object) -> None:
    raise EOFError
