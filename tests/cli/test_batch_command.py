"""``panj batch``: its runs, its output and its exit status."""

import json
import os
import pty
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from invoking import panj, refused

from sim.cli.main import main
from sim.comparison.stopping import LEAST
from sim.model import BorderModel
from sim.runs import batch as engine
from sim.runs.replicate import seed_of
from sim.runs.store import Store

SHORT = ["--set", "days=10"]
SERIAL = ["--serial", *SHORT]


def test_a_batch_fills_a_store(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Two scenarios and three replicates give six runs, their place, and how to compare them."""
    folder = str(tmp_path / "s")
    said = panj(capsys, "batch", "baseline", "triggered", "-n", "3", "-o", folder, *SERIAL)
    assert f"{folder}: 2 scenarios x 3 replicates, 0 failed, 6 new in" in said
    assert f"panj compare {folder} --baseline baseline" in said
    assert Store.open(folder).outcomes().num_rows == 6


def test_the_same_command_goes_on(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The same command runs nothing new; with a larger N it runs the rest."""
    command = ["baseline", "-o", str(tmp_path / "s"), *SERIAL]
    panj(capsys, "batch", *command, "-n", "2")
    assert "none new" in panj(capsys, "batch", *command, "-n", "2")
    assert "3 new in" in panj(capsys, "batch", *command, "-n", "5")


def test_without_scenarios_those_of_the_store_are_run(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A store can be extended though the scenario files are gone."""
    path = tmp_path / "mine.toml"
    path.write_text("days = 10.0\n")
    panj(capsys, "batch", str(path), "-n", "2", "-o", str(tmp_path / "s"), "--serial")
    path.unlink()
    said = panj(capsys, "batch", "-n", "4", "-o", str(tmp_path / "s"), "--serial")
    assert "1 scenario x 4 replicates, 0 failed, 2 new" in said


def test_json_is_one_object(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """``--json`` prints path, scenarios, replicates and counts, and nothing else."""
    arguments = ["baseline", "-n", "2", "-o", str(tmp_path / "s"), *SERIAL, "--json"]
    said = json.loads(panj(capsys, "batch", *arguments))
    assert said["scenarios"] == ["baseline"]
    assert said["replicates"] == 2
    assert said["new"] == {"done": 2, "failed": 0}
    assert said["damage"] == []


def test_seed_and_tables_reach_the_store(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """``--seed``, ``--incidents`` and ``--no-districts`` decide what a new store holds."""
    options = ["--seed", "9", "--incidents", "--no-districts"]
    panj(capsys, "batch", "baseline", "-n", "2", "-o", str(tmp_path / "s"), *SERIAL, *options)
    store = Store.open(tmp_path / "s")
    assert store.tables == ("outcomes", "incidents")
    assert store.outcomes()["seed"].to_pylist() == [seed_of(0, 9), seed_of(1, 9)]


def test_the_command_is_in_the_manifest(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The store records the command that made it."""
    arguments = ["baseline", "-n", "1", "-o", str(tmp_path / "s"), *SERIAL]
    panj(capsys, "batch", *arguments)
    (entry,) = Store.open(tmp_path / "s").manifest.history
    assert entry["command"] == shlex.join(["panj", "batch", *arguments])


def test_a_failed_run_shows_in_the_status(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The batch continues, shows how to list failed runs, and ends with 1 until they succeed."""
    command = ["baseline", "-n", "4", "-o", str(tmp_path / "s"), *SERIAL]
    real = BorderModel.run

    def run(model: BorderModel) -> BorderModel:
        if model.seed == seed_of(2):
            raise RuntimeError("the bridge is gone")
        return real(model)

    with monkeypatch.context() as patch:
        patch.setattr(BorderModel, "run", run)
        said = panj(capsys, "batch", *command, status=1)
    assert "1 failed, 4 new" in said
    (sql,) = re.findall(r"^List the failed runs: +panj (store sql .*)$", said, re.M)
    assert main(shlex.split(sql)) == 0
    assert "the bridge is gone" in capsys.readouterr().out
    assert "1 failed, none new" in panj(capsys, "batch", *command, status=1)
    assert "0 failed, 1 new" in panj(capsys, "batch", *command, "--retry-failed")


@pytest.mark.thorough
def test_until_stops_when_the_difference_is_known(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A rule that is easily met ends the batch after a whole number of tests, before N."""
    arguments = ["baseline", "triggered", "-n", "300", "-o", str(tmp_path / "s"), "--serial"]
    said = panj(capsys, "batch", *arguments, "--set", "days=1", "--until", "victims:50")
    assert f"Stopped after {LEAST} replicates: the differences are settled" in said
    assert Store.open(tmp_path / "s").outcomes().num_rows == 2 * LEAST
    assert LEAST % engine.CHECK_EVERY == 0


def test_until_that_is_never_met_ends_at_n(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """N is the limit: a rule that is not met by then is not reported as met."""
    arguments = ["baseline", "triggered", "-n", "3", "-o", str(tmp_path / "s"), *SERIAL]
    said = panj(capsys, "batch", *arguments, "--until", "cost_usd:0.001")
    assert "2 scenarios x 3 replicates" in said
    assert "settled" not in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["basline"], "baseline"),
        (["baseline", "-n", "0"], "-n"),
        (["baseline", "--jobs", "0"], "--jobs"),
        (["baseline", "--set", "days=-1"], "days"),
        ([], "Name at least one"),
        (["--set", "days=3"], "--set"),
        (["baseline", "triggered", "--until", "kiled:1"], "there is no 'kiled'"),
        (["baseline", "triggered", "--until", "victims"], "is not a stopping rule"),
        (["baseline", "triggered", "--until", "victims:0"], "above zero"),
        (["baseline", "--until", "victims:1"], "two scenarios"),
        (["baseline", "triggered", "--until", "victims:1", "--draws", "40"], "at least 100 draws"),
        (["baseline", "triggered", "--until", "deaths:1", "--baseline", "triggerd"], "triggered"),
        (["baseline", "--baseline", "baseline"], "--until"),
        (["baseline", "--cluster", "tcp://127.0.0.1:1", "--jobs", "2"], "--jobs"),
        (["baseline", "--serial", "--jobs", "2"], "--serial"),
    ],
    ids=lambda value: " ".join(value) or "nothing" if isinstance(value, list) else "",
)
def test_mistakes_are_found_before_anything_runs(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: list[str], words: str
) -> None:
    """A mistake gives status 2 and a message that names it; no folder is made."""
    assert words in refused(capsys, "batch", "-o", str(tmp_path / "s"), *arguments)
    assert not (tmp_path / "s").exists()


def test_a_store_is_required(capsys: pytest.CaptureFixture[str]) -> None:
    """``-o`` is required."""
    assert "'-o'" in refused(capsys, "batch", "baseline")


def test_damage_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The message names a truncated part, and its runs are repeated."""
    command = ["baseline", "-n", "3", "-o", str(tmp_path / "s"), *SERIAL]
    panj(capsys, "batch", *command)
    (part,) = Store.open(tmp_path / "s").files("outcomes")
    part.write_bytes(part.read_bytes()[:-50])
    assert main(["batch", *command]) == 0
    out, err = capsys.readouterr()
    assert part.name in err
    assert "3 new in" in out


@pytest.mark.thorough
@pytest.mark.parametrize("executor", [["--jobs", "2"], ["--serial"]], ids=["pool", "serial"])
def test_an_interruption_keeps_what_is_finished(tmp_path: Path, executor: list[str]) -> None:
    """Ctrl-C gives status 130 and the command to continue; the store is intact."""
    arguments = ["batch", "baseline", "-n", "5000", "-o", str(tmp_path / "s"), *SHORT, *executor]
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # a shell that runs the tests in the background lets its children ignore Ctrl-C
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    parts = tmp_path / "s" / "outcomes"
    try:
        while len(list(parts.glob("*.parquet"))) < 2:  # by then the catalogue has the first
            assert process.poll() is None
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: every process hears it
        out, err = process.communicate(timeout=60)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 130
    assert out == ""
    assert "Traceback" not in err
    assert shlex.join(["panj", *arguments]) in err
    store = Store.open(tmp_path / "s")
    assert store.complete
    assert not store.in_use
    assert 0 < store.outcomes().num_rows < 5000
    assert len(list(parts.iterdir())) == 1


@pytest.mark.thorough
def test_a_pipe_sees_no_bar(tmp_path: Path) -> None:
    """In a pipe there is no bar and no colour, and stderr is empty."""
    done = subprocess.run(
        [sys.executable, "-m", "sim", "batch", "baseline", "-n3", f"-o{tmp_path / 's'}", *SHORT],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert "\x1b" not in done.stdout


@pytest.mark.thorough
def test_a_terminal_sees_a_bar(tmp_path: Path) -> None:
    """A terminal shows the runs done, the rate and the time left."""
    master, slave = pty.openpty()
    arguments = ["batch", "baseline", "-n", "60", "-o", str(tmp_path / "s"), *SERIAL]
    with subprocess.Popen(
        [sys.executable, "-m", "sim", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=slave,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    ):
        os.close(slave)
        seen = b""
        while True:
            try:
                piece = os.read(master, 4096)
            except OSError:  # the other end is closed
                break
            seen += piece
            if not piece:
                break
    os.close(master)
    shown = click.unstyle(seen.decode("utf-8", "replace"))
    assert re.search(r"\d+ of 60 runs", shown)
    assert re.search(r"runs/s +\d:\d\d:\d\d", shown)
