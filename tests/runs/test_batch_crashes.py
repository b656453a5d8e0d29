"""Killed or interrupted at any instant: nothing counted is lost or wrong."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from filled import RUNS, fill, make_parts_small, parts

from sim.runs.catalogue import Catalogue
from sim.runs.store import Store
from sim.runs.verify import verify

SCRIPT = Path(__file__).with_name("quick_runs.py")
ENV = {**os.environ, "PYTHONPATH": str(SCRIPT.parents[2])}


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many small parts."""
    make_parts_small(monkeypatch)


touches = pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.slow)])
"""Each fifth touch of the disk, and, for who has minutes, each of them."""


class Killed(BaseException):
    """Stands for SIGKILL: nothing that tidies up afterwards gets anything done."""


class Reaper:
    """Kills at the n-th touch of the disk, and at every one after it."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.touches = 0
        self.fatal: int | None = None
        self.error: type[BaseException] = Killed
        self.once = False
        for name in ("replace", "unlink", "mkdir", "rmdir"):
            patch.setattr(Path, name, self._before(getattr(Path, name)))
        patch.setattr(Path, "open", self._torn(Path.open))
        patch.setattr(Catalogue, "write", self._around(Catalogue.write))

    def touch(self) -> None:
        """Count a touch; kill if it is the one, or comes after it."""
        self.touches += 1
        if self.fatal is not None and self.touches >= self.fatal:
            self.fatal = None if self.once else self.fatal
            raise self.error

    def _before(self, real: Callable[..., object]) -> Callable[..., object]:
        def call(path: Path, *rest: object, **options: object) -> object:
            self.touch()
            return real(path, *rest, **options)

        return call

    def _around(self, real: Callable[..., object]) -> Callable[..., object]:
        """A transaction is done or not: killed before it, or right after it."""

        def call(*rest: object, **options: object) -> object:
            self.touch()
            found = real(*rest, **options)
            self.touch()
            return found

        return call

    def _torn(self, real: Callable[..., object]) -> Callable[..., object]:
        """What is written is half there when it is the writing that is killed."""

        def opened(path: Path, mode: str = "r", *rest: object, **options: object) -> object:
            file = real(path, mode, *rest, **options)
            if mode == "xb":
                write = file.write  # type: ignore[attr-defined]

                def torn(content: bytes | str) -> int:
                    try:
                        self.touch()
                    except BaseException:
                        write(content[: len(content) // 2])
                        file.flush()  # type: ignore[attr-defined]
                        raise
                    return int(write(content))

                return _File(file, torn)
            return file

        return opened


class _File:
    """A file whose ``write`` is another."""

    def __init__(self, file: object, write: Callable[..., int]) -> None:
        self._file = file
        self.write = write

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)

    def __enter__(self) -> "_File":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()  # type: ignore[attr-defined]


@touches
@pytest.mark.usefixtures("small_parts")
def test_killed_at_a_touch_of_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, every: int
) -> None:
    """Killed before any rename or removal, or amid any write, a resumed store is the same.

    The store holds some runs already and the batch extends it, so that parts are replaced
    too; after each kill every row that can be read is a right one.
    """
    whole = fill(tmp_path / "whole").store
    right = {(r["digest"], r["replicate"]): r for r in whole.outcomes().to_pylist()}
    with monkeypatch.context() as patch:
        reaper = Reaper(patch)
        begun = tmp_path / "begun"
        fill(begun, 5)
        shutil.copytree(begun, tmp_path / "counting")
        reaper.touches = 0
        fill(tmp_path / "counting", RUNS)
        total = reaper.touches
        assert total > 60
        for fatal in range(1, total + 1, every):
            store = tmp_path / f"killed-{fatal}"
            reaper.fatal = None
            shutil.copytree(begun, store)
            reaper.touches, reaper.fatal = 0, fatal
            with pytest.raises(Killed):
                fill(store)
            reaper.fatal = None
            left = Store.open(store).outcomes().to_pylist()
            assert len(left) >= 10
            assert all(row == right[row["digest"], row["replicate"]] for row in left)
            assert Store.open(store).districts().num_rows == 2 * len(left)
            report = fill(store)
            assert not report.damage
            assert parts(store) == parts(whole.path)
            assert report.store.table_hash() == whole.table_hash()
            assert verify(report.store) == []


@touches
@pytest.mark.usefixtures("small_parts")
def test_interrupted_at_a_touch_of_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, every: int
) -> None:
    """Ctrl-C before any rename or removal, or amid any write, leaves a sound store behind."""
    whole = fill(tmp_path / "whole").store
    with monkeypatch.context() as patch:
        reaper = Reaper(patch)
        reaper.error, reaper.once = KeyboardInterrupt, True
        fill(tmp_path / "counting")
        for fatal in range(2, reaper.touches + 1, every):  # before the first there is no folder
            store = tmp_path / f"interrupted-{fatal}"
            reaper.touches, reaper.fatal = 0, fatal
            with pytest.raises(KeyboardInterrupt):
                fill(store)
            reaper.fatal = None
            if (store / "store.sqlite").exists():
                assert verify(Store.open(store)) == []
            report = fill(store)
            assert not report.damage
            assert parts(store) == parts(whole.path)


def killed(store: Path, replicates: int, executor: str, chooser: random.Random) -> bool:
    """Run a batch in a process of its own, kill it any time; False if it was done before.

    At once, or a random moment after one of its first chunks: on a busy machine too, most kills
    fall amid work.
    """
    command = [sys.executable, str(SCRIPT), str(store), str(replicates), executor, "slow"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=ENV) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        for _ in range(chooser.randrange(6)):
            process.stdout.readline()
        time.sleep(chooser.uniform(0, 0.05))
        process.send_signal(signal.SIGKILL)
        return "done\n" not in process.stdout.read()


def kill_again_and_again(tmp_path: Path, kills: int, chooser: random.Random) -> None:
    """Kill a batch at random instants, resume it each time, and compare with one left alone."""
    replicates = 60 * kills
    whole = fill(tmp_path / "whole", replicates).store
    died = 0
    for attempt in range(kills):
        executor = "processes" if attempt % 5 == 4 else "serial"
        died += killed(tmp_path / "killed", replicates, executor, chooser)
    assert died == kills
    report = fill(tmp_path / "killed", replicates)
    assert not report.damage
    assert 0 < report.tally.missing < 2 * replicates
    assert report.store.table_hash() == whole.table_hash()
    assert parts(tmp_path / "killed") == parts(whole.path)


def test_killed_five_times(tmp_path: Path) -> None:
    """SIGKILL at 5 random instants of a real process: the end is as if nothing had happened."""
    kill_again_and_again(tmp_path, 5, random.Random(1))


@pytest.mark.slow
def test_killed_two_hundred_times(tmp_path: Path) -> None:
    """The same, 200 times."""
    kill_again_and_again(tmp_path, 200, random.Random(2))


def test_no_worker_outlives_a_killed_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the batch is killed, its workers end, though they are in the middle of a run."""
    pids = tmp_path / "pids"
    pids.mkdir()
    monkeypatch.setenv("PANJ_TEST_PIDS", str(pids))
    command = [sys.executable, str(SCRIPT), str(tmp_path / "s"), "40", "processes", "telling"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=os.environ | ENV) as process:
        eventually(lambda: len(os.listdir(pids)) == 2)
        process.kill()
    eventually(lambda: not any(Path("/proc", pid).exists() for pid in os.listdir(pids)))


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    for _ in range(600):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("it never came to hold")
