"""A batch beside the page: it is ``panj batch``, an interrupt stops it, and it is heard out."""

import os
import resource
import signal
from pathlib import Path

import pytest
from lab_stores import YEARS, eventually, runs, written

from sim.lab.batch_process import BatchEnd, BatchProcess
from sim.runs.lock import locked
from sim.runs.store import Store
from sim.runs.verify import verify

pytestmark = pytest.mark.thorough


def batch(store: Path, files: list[Path], years: int) -> BatchProcess:
    """A batch of one process."""
    where = ["-n", str(years), "-o", str(store), "--jobs", "1"]
    return BatchProcess(["batch", *map(str, files), *where])


def end_of(child: BatchProcess) -> BatchEnd:
    """How it ends."""
    assert child.wait(120)
    return child.ended()


def test_a_batch_does_what_the_command_does(tmp_path: Path, shorts: list[Path]) -> None:
    """The store exists, its history names the command, and the command's output is shown."""
    child = batch(tmp_path / "s", shorts[:1], 5)
    ended = end_of(child)
    assert ended.kind == "done", ended.text
    assert "1 scenario x 5 replicates, 0 failed, 5 new" in ended.text
    opened = Store.open(tmp_path / "s")
    assert opened.manifest.history[-1]["command"] == child.command
    assert opened.finished("plain") == set(range(5))


def test_stopped_it_keeps_what_is_finished_and_goes_on(tmp_path: Path, shorts: list[Path]) -> None:
    """An interrupt in the middle: the store is sound, and the same command does the rest only."""
    store, many = tmp_path / "s", 300
    child = batch(store, shorts, many)
    eventually(lambda: runs(store) > 0)
    child.stop()
    child.stop()  # a second click changes nothing
    ended = end_of(child)
    assert ended.kind == "stopped"
    assert ended.text.startswith(f"Finished work is kept in {store}. Continue with:")
    opened = Store.open(store)
    kept = runs(store)
    assert 0 < kept < 2 * many
    assert opened.complete
    assert verify(opened) == []
    again = end_of(batch(store, shorts, 40))
    assert again.kind == "done", again.text
    there = sum(r < 40 for name in ("plain", "many") for r in opened.finished(name))
    assert f"{80 - there} new" in again.text or there == 80


def test_stopped_at_once_it_says_so(tmp_path: Path, shorts: list[Path]) -> None:
    """Before it listens to signals there is nothing to keep."""
    child = batch(tmp_path / "s", shorts, 5)
    child.stop()
    ended = end_of(child)
    assert ended.kind == "stopped"
    assert "Traceback" not in ended.text


def test_another_batch_is_refused_with_the_stores_own_message(
    store: Path, shorts: list[Path]
) -> None:
    """The lock names who holds it and says what to do."""
    with locked(store):
        ended = end_of(batch(store, shorts, YEARS + 1))
    assert ended.kind == "refused"
    assert ended.text.startswith(
        f"error: {store}: another process writes here (process {os.getpid()}"
    )
    assert "Wait until it ends, or stop it; what it has done will be kept." in ended.text


def test_what_the_command_advises_is_said_for_the_lab(tmp_path: Path) -> None:
    """A store of other values: the advice names an option, and where it is given here."""
    for days in (3, 4):
        ended = end_of(batch(tmp_path / "s", [written(tmp_path, "plain", days=days)], 1))
    assert ended.kind == "refused", ended.text
    assert "keep both with --allow-mixed" in ended.text
    assert "In the lab: end it with Ctrl-C, and start it again with another store" in ended.text


def test_killed_from_outside_it_loses_nothing(tmp_path: Path, shorts: list[Path]) -> None:
    """The message says what happened and how to go on; what was finished is there."""
    store = tmp_path / "s"
    child = batch(store, shorts, 5000)
    eventually(lambda: runs(store) > 0)
    os.kill(child.pid, signal.SIGKILL)
    ended = end_of(child)
    assert ended.kind == "failed"
    assert ended.text.startswith("The batch was ended from outside (SIGKILL).\nEvery finished run")
    opened = Store.open(store)
    assert not opened.complete
    assert runs(store) > 0


def test_a_full_disk_is_one_message(tmp_path: Path, shorts: list[Path]) -> None:
    """The disk refuses a file in the middle: the command's own words, and the store is sound."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (45_000, hard))
    try:
        child = batch(tmp_path / "s", shorts[:1], 150)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    ended = end_of(child)
    assert ended.kind == "refused"
    assert ended.text.startswith("error: ")
    assert "cannot be written" in ended.text
    assert "Traceback" not in ended.text


def test_damage_is_set_aside_and_told(store: Path, shorts: list[Path]) -> None:
    """A part with a turned bit is not read as something else: its runs are made again."""
    part = next((store / "outcomes").glob("*.parquet"))
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1
    part.write_bytes(content)
    ended = end_of(batch(store, shorts, YEARS))
    assert ended.kind == "done"
    assert ended.text.startswith("damaged: outcomes/")
    assert "was set aside and its runs were repeated" in ended.text
    assert verify(Store.open(store)) == []
