"""Damaged on disk, out of disk, locked, or not a store at all: found, said, and mended."""

import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from filled import RUNS, fill, make_parts_small, parts

from sim.errors import OutputError, StoreError
from sim.runs import manifest as journals
from sim.runs.lock import locked
from sim.runs.manifest import Manifest
from sim.runs.store import Store
from sim.runs.verify import verify

ENV = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many small parts."""
    make_parts_small(monkeypatch)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A finished store of two parts of outcomes and two of districts."""
    return fill(tmp_path / "s").store.path


SPOIL: dict[str, Callable[[Path], object]] = {
    "truncated": lambda part: part.write_bytes(part.read_bytes()[:-100]),
    "empty": lambda part: part.write_bytes(b""),
    "one bit": lambda part: part.write_bytes(
        bytes([*part.read_bytes()[:200], part.read_bytes()[200] ^ 1, *part.read_bytes()[201:]])
    ),
    "gone": Path.unlink,
}


@pytest.mark.parametrize("table", ["outcomes", "districts"])
@pytest.mark.parametrize("spoil", SPOIL.values(), ids=SPOIL)
def test_a_damaged_part_is_found_and_made_again(
    store: Path, table: str, spoil: Callable[[Path], object]
) -> None:
    """Any damage is reported by verify, named by the next batch, and repaired by it."""
    before, whole = parts(store), Store.open(store).table_hash()
    part = sorted((store / table).iterdir())[0]
    spoil(part)
    (said,) = verify(Store.open(store))
    assert f"{table}/{part.name}" in said
    report = fill(store)
    assert [line.partition(" ")[0] for line in report.damage] == [f"{table}/{part.name}"]
    assert report.tally.done == RUNS
    found = {n: content for n, content in parts(store).items() if not n.startswith("damaged")}
    assert found == before
    assert report.store.table_hash() == whole
    assert verify(report.store) == []


def test_what_is_damaged_is_kept_aside(store: Path) -> None:
    """A damaged part is not deleted: somebody may want to look at it."""
    part = sorted((store / "outcomes").iterdir())[0]
    part.write_bytes(b"spoilt")
    fill(store)
    assert (store / "damaged" / f"outcomes-{part.name}").read_bytes() == b"spoilt"


def test_a_strange_file_is_left_alone(store: Path) -> None:
    """A file that somebody put among the parts is told by verify, and neither read nor moved."""
    (store / "outcomes" / "notes.parquet").write_bytes(b"mine")
    assert verify(Store.open(store)) == ["outcomes/notes.parquet was not written by panj"]
    assert fill(store).damage == []
    assert Store.open(store).outcomes().num_rows == 2 * RUNS
    assert (store / "outcomes" / "notes.parquet").read_bytes() == b"mine"


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("after", [0, 1, 5, 15])
def test_a_full_disk_is_one_error_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """When the disk refuses, one error says so; with room again the batch goes on from there."""
    whole = fill(tmp_path / "whole").store
    counted = 0
    real = Path.replace

    def refuse(path: Path, target: Path) -> Path:
        nonlocal counted
        counted += 1
        if counted > after:
            raise OSError(28, "No space left on device")
        return real(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refuse)
        with pytest.raises(OutputError, match=r"No space left on device.*is kept"):
            fill(tmp_path / "s")
    report = fill(tmp_path / "s")
    assert not report.damage
    assert parts(tmp_path / "s") == parts(whole.path)


def test_a_limit_of_the_system_is_one_error(store: Path) -> None:
    """Where the system itself forbids a larger file, the rows that are there stay as they are."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = Store.open(store).table_hash()
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        with pytest.raises(OutputError, match="File too large"):
            fill(store, 60)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert Store.open(store).table_hash() == before
    assert fill(store, 60).store.outcomes().num_rows == 120


def test_a_place_that_cannot_be_written_is_one_error() -> None:
    """A folder where nobody may write is refused with its name."""
    with pytest.raises(OutputError, match="/proc/panj"):
        fill(Path("/proc/panj"))


def test_two_batches_at_once_are_refused(store: Path) -> None:
    """The second one hears who holds the store; the first goes on undisturbed."""
    with locked(store), pytest.raises(StoreError, match=rf"process {os.getpid()} on"):
        fill(store, 30)
    assert fill(store, 30).tally.done == 40


def test_a_lock_ends_with_its_holder(store: Path) -> None:
    """A process that was killed holds nothing, though its name still stands in the lock file."""
    code = (
        "import os, sys, time; from pathlib import Path; from sim.runs.lock import locked\n"
        "with locked(Path(sys.argv[1])): print('held', flush=True); time.sleep(600)"
    )
    command = [sys.executable, "-c", code, str(store)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=ENV) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        assert Store.open(store).in_use
        with pytest.raises(StoreError, match=f"process {process.pid} on"):
            fill(store, 30)
        process.kill()
    assert re.match(r"process \d+ on", (store / ".lock").read_text())
    assert not Store.open(store).in_use
    assert fill(store, 30).tally.done == 40


def test_a_manifest_comes_back(store: Path) -> None:
    """Writing what was read changes nothing."""
    before = (store / "store.json").read_bytes()
    Manifest.read(store).write(store)
    assert (store / "store.json").read_bytes() == before


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "cannot be read"),
        ("{", "cannot be read"),
        ("[]", "not a manifest of panj"),
        ('{"format": "panj-store/9"}', "another format"),
        ('{"format": "panj-store/2"}', "cannot be read"),
        ('{"format": "panj-run/1"}', "another format"),
    ],
)
def test_a_spoilt_manifest_is_refused(store: Path, content: str, words: str) -> None:
    """Whatever stands in its place, the answer is an error that names the file; nothing is lost."""
    before = parts(store)
    (store / "store.json").write_text(content)
    for attempt in (lambda: Store.open(store), lambda: fill(store)):
        with pytest.raises(StoreError, match=words) as caught:
            attempt()
        assert str(store / "store.json") in str(caught.value)
    assert parts(store) == before


def test_a_torn_journal_line_vouches_for_nothing(tmp_path: Path) -> None:
    """Half a line is passed over, and the next line is not swallowed by it."""
    empty = Manifest(("outcomes",), 0, {})
    journals.note(tmp_path, {"a": "1"})
    with (tmp_path / "journal.jsonl").open("a") as file:
        file.write('\n{"b": "2')
    journals.note(tmp_path, {"c": "3"})
    assert journals.vouched(tmp_path, empty) == {"a": {"1"}, "c": {"3"}}


@pytest.mark.parametrize("made", ["file", "other"])
def test_a_folder_of_somebody_else_is_refused(tmp_path: Path, made: str) -> None:
    """A file, or a folder with other things in it, is no place for a store, and is not touched."""
    place = tmp_path / "mine"
    if made == "file":
        place.write_text("mine")
    else:
        place.mkdir()
        (place / "cat.txt").write_text("cat")
    with pytest.raises((StoreError, OutputError), match="mine"):
        fill(place)
    assert os.listdir(tmp_path) == ["mine"]
    assert made == "file" or os.listdir(place) == ["cat.txt"]
