"""Damaged on disk, out of disk, locked, or not a store at all: found, said, and mended."""

import os
import random
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from multiprocessing import get_context
from pathlib import Path

import pytest
from filled import RUNS, fill, make_parts_small, parts

from sim.errors import OutputError, StoreError
from sim.runs import catalogue
from sim.runs.lock import locked
from sim.runs.store import Store
from sim.runs.verify import verify

ENV = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many small parts."""
    make_parts_small(monkeypatch)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished store of two parts of outcomes and two of districts."""
    return fill(tmp_path_factory.mktemp("finished") / "s").store.path


@pytest.fixture
def store(finished: Path, tmp_path: Path) -> Path:
    """A copy of it, to be spoilt."""
    return Path(shutil.copytree(finished, tmp_path / "s"))


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
    assert report.progress.done == RUNS
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
    """Verify reports a foreign file among the parts; it is neither read nor moved."""
    (store / "outcomes" / "notes.parquet").write_bytes(b"mine")
    assert verify(Store.open(store)) == ["outcomes/notes.parquet was not written by panj"]
    assert fill(store).damage == []
    assert Store.open(store).outcomes().num_rows == 2 * RUNS
    assert (store / "outcomes" / "notes.parquet").read_bytes() == b"mine"


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("after", [0, 1, 5, 10])
def test_a_full_disk_is_one_error_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """When the disk refuses, one error says so; with room again the batch continues."""
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
        with pytest.raises(OutputError, match=r"cannot be written .*every finished part is kept"):
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
    """The second batch is refused with the holder's name; the first continues undisturbed."""
    with locked(store), pytest.raises(StoreError, match=rf"process {os.getpid()} on"):
        fill(store, 30)
    assert fill(store, 30).progress.done == 40


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
    assert fill(store, 30).progress.done == 40


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_process_holds_no_lock(store: Path) -> None:
    """A worker that outlives a killed batch, of an executor that was lent, keeps nobody out."""
    forked = get_context("fork")
    begun = forked.Event()

    def work() -> None:
        begun.set()  # the actions at the fork are done by now
        time.sleep(600)

    with locked(store):
        worker = forked.Process(target=work)
        worker.start()
        assert begun.wait(60)
    try:
        assert not Store.open(store).in_use
    finally:
        worker.kill()
        worker.join()


def rewrite(store: Path, column: str, value: object) -> None:
    """Change the description in a catalogue, as another program might."""
    with closing(sqlite3.connect(store / "store.sqlite")) as connection, connection:
        connection.execute(f"UPDATE about SET {column} = ?", (value,))


@pytest.mark.parametrize("content", [b"", b"{", b"SQLite format 3\0", bytes(8192)], ids=len)
def test_a_spoilt_catalogue_is_refused(store: Path, content: bytes) -> None:
    """Whatever stands in its place, the answer is an error that names the file; nothing is lost."""
    before = parts(store)
    (store / "store.sqlite").write_bytes(content)
    for attempt in (lambda: Store.open(store), lambda: fill(store)):
        with pytest.raises(StoreError, match="cannot be read") as caught:
            attempt()
        assert str(store / "store.sqlite") in str(caught.value)
    assert parts(store) == before


@pytest.mark.parametrize(
    ("column", "value"),
    [("format", "panj-store/9"), ("said", "{}"), ("seal", ""), ("said", None), ("said", b"\xff")],
)
def test_a_changed_catalogue_is_refused(store: Path, column: str, value: object) -> None:
    """Its seal reveals a change by another program."""
    before = parts(store)
    with suppress(sqlite3.IntegrityError):
        rewrite(store, column, value)
        for attempt in (lambda: Store.open(store), lambda: fill(store)):
            with pytest.raises(StoreError, match="its seal differs"):
                attempt()
    assert parts(store) == before


def test_every_turned_bit_of_a_catalogue_is_seen(store: Path, tmp_path: Path) -> None:
    """A flipped bit is found, or it is in unused space and the same rows are read."""
    whole = (store / "store.sqlite").read_bytes()
    right = catalogue.read(store)
    chooser, told = random.Random(1), 0
    for _ in range(400):
        at, bit = chooser.randrange(len(whole)), 1 << chooser.randrange(8)
        turned = bytearray(whole)
        turned[at] ^= bit
        (store / "store.sqlite").write_bytes(turned)
        try:
            assert catalogue.read(store) == right
        except StoreError:
            told += 1
    assert told > 100


def test_a_store_of_an_earlier_version_says_how_to_make_it_again(tmp_path: Path) -> None:
    """The old manifest is recognised; nothing is read from it and nothing is touched."""
    old = tmp_path / "old"
    old.mkdir()
    (old / "store.json").write_text('{"format": "panj-store/2"}')
    for attempt in (lambda: Store.open(old), lambda: fill(old)):
        with pytest.raises(StoreError, match=r"Make its runs again: give the 'panj batch' command"):
            attempt()
    assert os.listdir(old) == ["store.json"]


@pytest.mark.parametrize("made", ["file", "other"])
def test_a_folder_of_somebody_else_is_refused(tmp_path: Path, made: str) -> None:
    """A file, or a folder with other things in it, is refused as a store and is not touched."""
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


def test_what_an_interruption_left_open_is_undone(tmp_path: Path) -> None:
    """A transaction that was not finished has no effect; reading and writing continue."""
    store = fill(tmp_path / "s").store
    listed = catalogue.Catalogue.create(store.path, store.manifest)
    before = listed.contents().parts
    assert before
    for go_on in (listed.contents, lambda: listed.write(store.manifest)):
        listed._connection.execute("BEGIN IMMEDIATE")
        listed._connection.execute("DELETE FROM parts")
        go_on()
        assert listed.contents().parts == before
    listed.close()
    assert verify(Store.open(store.path)) == []


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Ctrl-C interrupts, though a shell lets what runs in the background ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_a_signal_amid_a_call_of_sqlite_is_an_interruption(store: Path) -> None:
    """It is heard when the call has ended, and leaves no transaction open that locks others out."""
    before = catalogue.read(store)
    listed = catalogue.Catalogue.create(store, before.manifest)
    other = sqlite3.connect(store / "store.sqlite", isolation_level=None, check_same_thread=False)

    def press() -> None:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        other.rollback()

    def write() -> None:
        threading.Timer(0.2, press).start()
        listed.write(drop=before.parts)

    with closing(listed), closing(other):
        other.execute("BEGIN IMMEDIATE")  # SQLite waits for its end, and no Python runs meanwhile
        with pytest.raises(KeyboardInterrupt):
            write()
        other.execute("BEGIN IMMEDIATE")
    assert catalogue.read(store) == before


def test_a_journal_alone_is_what_a_power_cut_left_of_a_store(
    finished: Path, tmp_path: Path
) -> None:
    """Only the journal's name reached the disk: the batch starts again."""
    store = tmp_path / "s"
    store.mkdir()
    for name in (".lock", "store.sqlite-journal"):
        (store / name).touch()
    assert fill(store).store.table_hash() == Store.open(finished).table_hash()
