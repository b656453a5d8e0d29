"""Batches that are disturbed: nothing lost, double or wrong, and in the end equal."""

import errno
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.chaos import power
from benchmarks.chaos.__main__ import Line, disturb, made
from benchmarks.chaos.batch import ALL, HISTORY, Notes, Round, call, ended, fill, judge, start
from benchmarks.chaos.events import Event, Layer, Refuse
from benchmarks.chaos.kinds import KINDS, Bench, Log, combined, spread, until
from benchmarks.chaos.refusals import history, killed_at, refused_at
from benchmarks.chaos.sqlite_files import reachable
from sim.runs.catalogue import BlankError
from sim.runs.store import Store

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(not reachable(), reason="changes of files cannot be seen here"),
]

QUICK = {
    "batch killed at each write": 6,
    "power cut": 10,
    "disk full": 2,
    "disk turns read-only": 2,
    "no right to write": 1,
    "files spoilt": 4,
}
"""The cheapest and most telling kinds, and how often each happens by default."""


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    """A place for stores, with a batch that was left alone and one that was recorded."""
    with made() as folder:
        yield Bench(Path(folder))


@pytest.mark.parametrize("name", QUICK)
def test_a_batch_is_disturbed_and_nothing_is_lost(bench: Bench, name: str) -> None:
    """A few times, of the kinds that cost little."""
    line = disturb(name, bench, QUICK[name])
    assert line.faults == []
    assert line.rounds


@pytest.mark.slow
@pytest.mark.parametrize("name", KINDS)
def test_a_batch_is_disturbed_as_often_as_it_takes(bench: Bench, name: str) -> None:
    """Every kind, in full: kills at every change of a file, and 300 more at random instants."""
    if name.startswith("Dask") or name == "run that kills its worker":
        pytest.importorskip("distributed", reason="needs the extra 'cluster'")
    line = disturb(name, bench)
    assert line.faults == []


def test_a_batch_killed_while_it_begins_its_catalogue_is_begun_anew(bench: Bench) -> None:
    """Until the first transaction has ended, a reader learns that the store is still empty."""
    names = [(e.kind, Path(e.path).name) for e in bench.log.events if isinstance(e, Event)]
    begun = names.index(("open", "store.sqlite")) + 1
    written = names.index(("unlink", "store.sqlite-journal"))
    for number in range(begun, written + 1):
        store = bench.place()
        assert ended(start(killed_at, store, number, "before")) == -signal.SIGKILL
        read = shutil.copytree(store, bench.place())
        with pytest.raises(BlankError, match="holds nothing yet"):
            Store.open(read)
        for left in (read, store):  # where a reader has undone the transaction, and where none has
            assert call(fill, left, ALL).store.table_hash() == bench.left(ALL).hash


# -- a check can fail ------------------------------------------------------------------------


def test_without_syncs_a_power_cut_loses_runs(bench: Bench) -> None:
    """The same batch on a disk that never synced anything: finished runs are gone."""
    events = [e for e in bench.log.events if isinstance(e, int) or e.kind not in ("sync", "settle")]
    found = power.cuts(bench.log.root, events, bench.chance("careless"))
    lost = max(found, key=lambda cut: cut.done - len(cut.state))
    store = bench.place()
    lost.build(store.parent)
    assert call(judge, store, bench.left(ALL), lost.done).lost > 0


def test_what_is_amiss_is_found(bench: Bench) -> None:
    """Runs that went missing, a part that stands there twice, a digit more, another store."""
    store = bench.place()
    call(fill, store, ALL)
    part = sorted((store / "outcomes").iterdir())[0]
    (store / "outcomes" / "again.parquet").write_bytes(part.read_bytes())
    assert call(judge, store, bench.left(ALL), ALL.runs).double > 0
    (store / "outcomes" / "again.parquet").unlink()
    part.unlink()
    assert call(judge, store, bench.left(ALL), ALL.runs).lost == ALL.replicates
    other = bench.place()
    call(fill, other, ALL._replace(root=7))
    found = call(judge, other, bench.left(ALL))
    assert found.wrong == ALL.runs
    assert not found.equal


def test_a_fault_is_one_whatever_it_is() -> None:
    """Lost, double or wrong runs, an unequal end; a refusal only where a kind may refuse."""
    rounds = [
        Round(),
        Round(lost=1),
        Round(double=1),
        Round(wrong=1),
        Round(equal=False),
        Round(equal=False, refused="a message"),
    ]
    assert Line("power cut", rounds, 0.0).faults == rounds[1:]
    assert Line("files spoilt", rounds, 0.0).faults == rounds[1:5]
    assert list(Line("power cut", rounds, 0.0).figures().values()) == [6, 6, 1, 1, 1, 1, 1, 4]


def test_rounds_add_up() -> None:
    """Numbers are summed; equal is what is equal everywhere; stores follow until it was enough."""
    rounds = [Round(1, 0, 2, times=3), Round(0, 1, 0, equal=False, told="x", times=4)]
    assert combined(rounds) == Round(1, 1, 2, False, "", "x", 7)
    assert until(7, lambda left: Round(times=min(left, 3))).times == 7
    assert until(5, lambda left: Round(times=0)).times == 0
    assert spread(3, 9) == [0, 1, 2]
    assert spread(100, 4) == [0, 25, 50, 75]


# -- the layer between a batch and the disk ---------------------------------------------------


def test_the_layer_sees_the_catalogue_keep_its_order(bench: Bench) -> None:
    """Each change of it is synced to a journal first, and every part before it is listed."""
    log = bench.log
    place = [(e.kind, Path(e.path).name) for e in log.events if isinstance(e, Event)]
    journal, listed = "store.sqlite-journal", "store.sqlite"
    first = place.index(("write", listed))
    assert ("sync", journal) in place[:first]
    assert place.count(("open", journal)) == place.count(("unlink", journal)) > 5
    parts = [n for n, (kind, name) in enumerate(place) if kind == "sync" and "parquet" in name]
    assert all(("write", listed) in place[part:] for part in parts)


def test_a_recorded_batch_ends_as_its_disk_does(bench: Bench) -> None:
    """The events, played back, leave the very files that the batch left."""
    disk = power.Disk(bench.log.root)
    for event in bench.log.events:
        if isinstance(event, Event):
            disk.take(event)
    state = next(power.states(disk, bench.chance("whole")))
    there = {
        str(path.relative_to(bench.log.root)): path.read_bytes() if path.is_file() else None
        for path in Path(bench.log.root).rglob("*")
    }
    assert state == there


def test_a_refusal_reaches_python_and_sqlite(tmp_path: Path, bench: Bench) -> None:
    """At a write of either, a full disk is one message, and the store says no more than before."""
    events = [event for event in bench.log.events if isinstance(event, Event)]
    for mark in ("parameters", "store.sqlite"):
        number = next(n for n, e in enumerate(events) if e.kind == "write" and mark in e.path)
        message = call(refused_at, bench.place(), number, "disk full")
        assert "cannot be written" in message
        assert "is kept" in message


def test_elsewhere_nothing_is_refused(tmp_path: Path) -> None:
    """A layer lets pass what lies outside of its folder, and what changes nothing."""
    inside = tmp_path / "inside"
    inside.mkdir()
    layer = Refuse(inside, 0, errno.EROFS)
    with layer.installed():
        (tmp_path / "outside").write_text("mine")
        (inside / "nothing").unlink(missing_ok=True)
        with pytest.raises(OSError, match="Read-only"):
            (inside / "new").mkdir()
    assert [event.kind for event in layer.events] == ["mkdir"]
    assert (tmp_path / "outside").read_text() == "mine"


# -- what a disk may hold ----------------------------------------------------------------------


def states(*events: Event, bench: Bench) -> list[dict[str, bytes | None]]:
    """What may be left after these events."""
    found = power.cuts("/top", events, bench.chance("states"))
    return [cut.state for cut in found]


def test_only_what_is_synced_lasts(bench: Bench) -> None:
    """Bytes may be lost until their file is synced, its name until its folder is."""
    made = Event("open", "/top/a"), Event("write", "/top/a", data=b"held")
    loose = states(*made, bench=bench)
    assert {} in loose
    assert {"a": b""} in loose
    assert {"a": b"held"} in loose
    kept = Event("sync", "/top/a"), Event("settle", "/top")
    assert power.cuts("/top", [*made, *kept, 1], bench.chance("x"))[-1].state == {"a": b"held"}
    assert states(*made, kept[0], bench=bench).count({"a": b"held"}) == 1
    assert {} in states(*made, kept[0], bench=bench)


def test_a_rename_happens_or_not(bench: Bench) -> None:
    """Within a folder the file has one name of the two at any instant."""
    events = [Event("open", "/top/a"), Event("sync", "/top/a"), Event("settle", "/top")]
    disk = power.Disk("/top")
    for event in [*events, Event("rename", "/top/a", "/top/b")]:
        disk.take(event)
    found = {frozenset(state) for state in power.states(disk, bench.chance("rename"))}
    assert found == {frozenset("a"), frozenset("b")}


def test_notes_tell_what_a_later_batch_no_longer_found(tmp_path: Path) -> None:
    """Runs that were there and are not are counted; what was said last is what must be there."""
    notes = Notes(tmp_path / "notes")
    assert (notes.done, notes.lost, notes.message) == (0, 0, None)
    for done in (0, 4, 8, 6, 12):
        notes.write(done)
    notes.end("over")
    assert (notes.done, notes.lost, notes.message) == (12, 2, "over")


def test_a_log_is_of_the_usual_tasks(bench: Bench) -> None:
    """It ends with every run said to be done, and what it did left alone ends without a word."""
    assert isinstance(bench.log, Log)
    assert [e for e in bench.log.events if isinstance(e, int)][-1] == HISTORY[-1].runs
    assert call(history, bench.place()) == ""
    assert Layer(Path("/top")).within("/topmost/a") is None


def test_two_batches_on_one_store_note_their_ends_apart(tmp_path: Path) -> None:
    """What one ended with is not what the other did, though their notes differ by a suffix only."""
    one, other = Notes(tmp_path / "store.0"), Notes(tmp_path / "store.1")
    one.end("refused")
    assert (one.message, other.message) == ("refused", None)
