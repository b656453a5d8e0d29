"""Interrupted at any instant: nothing counted is lost or wrong. Killed: see tests/chaos."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from filled import fill, make_parts_small, parts

from benchmarks.chaos.events import Interrupt, Layer
from benchmarks.chaos.sqlite_files import reachable
from sim.runs.catalogue import is_blank
from sim.runs.store import Store
from sim.runs.verify import verify

pytestmark = pytest.mark.thorough

SCRIPT = Path(__file__).with_name("quick_runs.py")
ENV = {**os.environ, "PYTHONPATH": str(SCRIPT.parents[2])}


@pytest.mark.skipif(not reachable(), reason="changes of files cannot be seen here")
@pytest.mark.parametrize("every", [40, pytest.param(1, marks=pytest.mark.slow)])
def test_interrupted_at_a_touch_of_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, every: int
) -> None:
    """Ctrl-C before any change of a file is heard, the store stays sound, what follows is equal."""
    make_parts_small(monkeypatch)
    whole = fill(tmp_path / "whole").store
    counting = Layer(tmp_path)
    with counting.installed():
        fill(tmp_path / "counting")
    assert len(counting.events) > 200
    for number in range(0, len(counting.events), every):
        store = tmp_path / f"interrupted-{number}"
        with pytest.raises(KeyboardInterrupt), Interrupt(tmp_path, number).installed():
            fill(store)
        if not is_blank(store):
            assert verify(Store.open(store)) == []
        report = fill(store)
        assert not report.damage
        assert parts(store) == parts(whole.path)


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
