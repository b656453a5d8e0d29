"""With few file handles, or no right to write, commands work or give one message."""

import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from processes import unwatched

import sim
from sim.errors import StoreError
from sim.runs.store import Store
from sim.runs.writer import find_damage

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a store of two scenarios, two short runs each."""
    folder = tmp_path_factory.mktemp("stores") / "s"
    short = [sim.load(name, {"days": 5.0}) for name in ("baseline", "triggered")]
    sim.run_batch(short, 2, folder, executor="serial")
    return folder


def few(*arguments: str | Path, handles: int = 40) -> subprocess.CompletedProcess[str]:
    """Run ``panj`` in a process with a limit on open files."""
    return subprocess.run(
        [sys.executable, "-m", "sim", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (handles, handles)),
    )


def test_forty_handles_are_enough_for_two_processes(store: Path, tmp_path: Path) -> None:
    """Forty handles suffice to read and extend a store."""
    copy = shutil.copytree(store, tmp_path / "s")
    for command in (
        ["store", "sql", copy, "SELECT count(*) FROM outcomes, districts"],
        ["compare", copy],
        ["batch", "-n", "3", "--jobs", "2", "-o", copy],
    ):
        done = few(*command)
        assert done.stderr == ""
        assert done.returncode == 0
    assert Store.open(copy).outcomes().num_rows == 6


def test_too_few_handles_are_one_message(store: Path, tmp_path: Path) -> None:
    """The batch is refused before a process starts; no file counts as damaged."""
    copy = shutil.copytree(store, tmp_path / "s")
    done = few("batch", "-n", "3", "--jobs", "16", "-o", copy)
    assert done.returncode == 2
    assert done.stderr.startswith("error: no process can be started (Too many open files).")
    assert "ulimit -n" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert sorted(os.listdir(copy)) == sorted(os.listdir(store))


def test_a_file_that_may_not_be_opened_is_not_damaged(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that cannot be opened does not count as damaged."""

    def refuse(*_: object, **__: object) -> int:
        raise OSError(24, "Too many open files")

    opened = Store.open(store)
    monkeypatch.setattr("os.open", refuse)
    with pytest.raises(StoreError, match=r"Too many open files.*ulimit -n"):
        find_damage(store, opened.parts)


BOUND = """
import os, sys
from contextlib import redirect_stdout
from benchmarks.chaos.refusals import bind
from sim.cli.main import main

store = sys.argv[1]
reads = [["store", "info", store], ["store", "verify", store], ["compare", store],
         ["store", "sql", store, "SELECT count(*) FROM outcomes, parameters"]]
bind()
assert not os.access(store, os.W_OK)
with redirect_stdout(open(os.devnull, "w")):
    print(*[main(command) for command in reads], file=sys.stderr)
    sys.exit(main(["batch", "-n", "3", "-o", store, "--serial"]))
"""


def test_a_store_that_one_may_not_write_to_can_be_read(store: Path, tmp_path: Path) -> None:
    """Without the right to write, tables can be read and a batch is refused."""
    copy = shutil.copytree(store, tmp_path / "s")
    for place in (copy, *copy.rglob("*")):
        place.chmod(0o555 if place.is_dir() else 0o444)
    command = [sys.executable, "-c", BOUND, str(copy)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=unwatched(), cwd=ROOT
    )
    read, refused, *more = done.stderr.splitlines()
    assert more == [], done.stderr[-900:]
    assert read == "0 0 0 0"
    assert refused.startswith(f"error: {copy}")
    assert "Permission denied" in refused
    assert done.returncode == 2
