"""Spoilt input is taken or refused in words, in time, and writes nothing elsewhere."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

import sim
from benchmarks.fuzz import readers
from benchmarks.fuzz.__main__ import Met, Watch, feed
from benchmarks.fuzz.spoil import MOST, spoilt
from sim.errors import PanjError
from sim.frontier.ground import Ground
from sim.viewer.levers import overrides

INPUTS = 25
WATCH = Watch()


@pytest.mark.parametrize("name", readers.READERS)
def test_a_reader_takes_or_refuses_what_is_spoilt(name: str, tmp_path: Path) -> None:
    """No traceback, no wait, no file elsewhere; ``python -m benchmarks.fuzz`` asks more."""
    met = feed(name, INPUTS, 2, tmp_path, WATCH)
    assert not met.faults
    assert met.taken + met.refused == INPUTS


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda folder: [][1], "IndexError"),
        (lambda folder: (folder.parent / "elsewhere").write_text("x"), "wrote"),
        (lambda folder: sum(n * n for n in range(2_000_000)), "took"),
    ],
    ids=["raises", "writes elsewhere", "is slow"],
)
def test_a_fault_is_found(
    act: Callable[[Path], object], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: a reader with a fault does not pass."""
    (tmp_path / "in").mkdir()
    monkeypatch.setattr("benchmarks.fuzz.__main__.SLOW_SECONDS", 0.02)
    monkeypatch.setitem(readers.READERS, "bad", (lambda folder: lambda _: act(folder), 1))
    met: Met = feed("bad", 1, 1, tmp_path / "in", WATCH)
    assert len(met.faults) == 1
    assert said in met.faults[0]


@pytest.mark.thorough
def test_a_bit_without_a_checksum_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where files are read unchecked, turned bits give other tables, and the watch says so."""
    monkeypatch.setattr(
        "sim.runs.store_files.read_checked", lambda path, total, remedy: path.read_bytes()
    )
    faults = feed("store", 100, 1, tmp_path, WATCH).faults
    assert any("is read as another table" in fault for fault in faults)


@pytest.mark.slow
def test_a_thousand_turned_bits(tmp_path: Path) -> None:
    """Whatever file they are in, no other table is read without a word."""
    assert not feed("store", 1000, 1, tmp_path, WATCH).faults


def test_slips_change_most_texts_and_keep_them_bounded() -> None:
    """Nine in ten differ; none is longer than the most."""
    sound = "a = 1\nb = [2, 3]\n" * 30
    found = [spoilt(sound, Random(seed)) for seed in range(300)]
    assert sum(text != sound for text in found) > 270
    assert max(map(len, found)) <= MOST


def test_lists_nested_too_deep_are_refused(tmp_path: Path) -> None:
    """The parser gives up at some depth; the message says so."""
    (tmp_path / "ground.toml").write_text("a = " + "[" * 3000, encoding="utf-8")
    with pytest.raises(PanjError, match="nested too deep"):
        Ground.load(tmp_path)


def test_a_number_too_large_for_a_lever_is_refused() -> None:
    """JSON has whole numbers of any size."""
    with pytest.raises(PanjError, match="too large"):
        overrides(sim.load("baseline"), {"patrols.sorties_per_day": 10**400})
