"""The states of a store: missing, filled, being filled, interrupted, damaged."""

from pathlib import Path

from lab_stores import YEARS

from sim.lab.store_state import StoreWatcher
from sim.runs.catalogue import NAME, Catalogue, read
from sim.runs.lock import locked


def test_a_store_that_is_not_begun_holds_nothing(tmp_path: Path) -> None:
    """Nothing is wrong with it either."""
    held = StoreWatcher(tmp_path / "none").look()
    assert (held.runs, held.last, held.closed, held.in_use) == ({}, None, True, False)
    assert not held.trouble


def test_a_filled_store_counts_its_runs(filled: Path) -> None:
    """By scenario; the last batch is all there, and its horizons are known."""
    held = StoreWatcher(filled).look()
    assert held.runs == {"plain": (YEARS, 0), "many": (YEARS, 0)}
    assert held.closed
    assert held.last is not None
    assert held.last.scenarios == ["plain", "many"]
    assert (held.last.there, held.last.wanted, held.last.failed) == (2 * YEARS, 2 * YEARS, 0)
    assert held.days(["plain", "many", "stranger"]) == 6.0
    digests = held.contents.manifest.digests if held.contents else {}
    assert held.ended([digests["plain"]], 5) == (5, 0)


def test_whoever_writes_is_seen(store: Path) -> None:
    """The lock is the store's own; it goes with its holder."""
    watched = StoreWatcher(store)
    with locked(store):
        assert watched.look().in_use
    assert not watched.look().in_use


def test_a_store_is_read_again_when_it_has_changed(store: Path) -> None:
    """A batch that was cut short leaves it open; the runs, and so their stamp, are the same."""
    watched = StoreWatcher(store)
    before = watched.look()
    contents = read(store)
    contents.manifest.closed = False
    catalogue = Catalogue.create(store, contents.manifest)
    catalogue.write(contents.manifest)
    after = watched.look()
    assert before.closed
    assert not after.closed
    assert after.stamp == before.stamp
    catalogue.write(drop=contents.parts[:1])
    catalogue.close()
    assert watched.look().stamp != before.stamp


def test_a_damaged_catalogue_is_told_and_outlived(store: Path) -> None:
    """In the words of the store; mended, it is read again."""
    watched = StoreWatcher(store)
    whole = (store / NAME).read_bytes()
    (store / NAME).write_bytes(b"no catalogue")
    held = watched.look()
    assert "the catalogue cannot be read" in held.trouble
    assert "Restore it from a copy" in held.trouble
    assert held.runs == {}
    (store / NAME).write_bytes(whole)
    assert watched.look().runs["plain"] == (YEARS, 0)
