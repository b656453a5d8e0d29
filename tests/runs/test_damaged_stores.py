"""Stores damaged by chance or on purpose: refused or right, no harm outside."""

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import damaged
from benchmarks.damaged import CHANGED, COMMANDS, WRITER, Met, damage, figures
from benchmarks.damages import every
from benchmarks.fuzz.readers import small_store

KINDS = dict(every())
CHOSEN = (
    "outcomes/* a pipe",
    "store.sqlite a device",
    "draws.parquet a folder",
    "districts/ a link outside",
    ".lock a hard link",
    "store.sqlite-wal a file",
    "store.sqlite-journal a hard link",
    "catalogue: 200,000 brackets",
    "catalogue: a name of controls",
    "catalogue: endless replicates",
    "catalogue: a mark of zeros",
    "catalogue: sums of outcomes only",
    "outcomes: all text",
    "districts: no columns",
    "parameters.parquet: all lists",
    "draws of other things",
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of two scenarios, three short runs each, with draws."""
    return small_store(tmp_path_factory.mktemp("stores") / "whole").path


@pytest.mark.thorough
def test_damage_is_met_with_a_message(whole: Path, tmp_path: Path) -> None:
    """A few kinds of damage, each met by a few commands: no traceback, no hang, no harm."""
    kinds = [(name, KINDS[name]) for name in CHOSEN]
    met = list(damage(whole, tmp_path, 5, kinds))
    assert [m for m in met if m.fault] == []
    assert {m.damage for m in met} == set(CHOSEN)
    assert {m.command for m in met} == {" ".join(command) for command in COMMANDS}


@pytest.mark.slow
def test_every_damage_is_met_with_a_message(whole: Path, tmp_path: Path) -> None:
    """The same for every kind of damage and some 700 commands."""
    met = list(damage(whole, tmp_path, 5))
    assert len(met) > 600
    assert [m for m in met if m.fault] == []


@pytest.mark.parametrize("kind", ["draws of nothing", "draws of text"])
def test_draws_that_are_not_described_are_met_by_every_command(
    whole: Path, tmp_path: Path, kind: str
) -> None:
    """Also by those that do not read the draws, such as ``store info``."""
    name = f"catalogue: {kind}"
    met = list(damage(whole, tmp_path, 1, [(name, KINDS[name])]))
    assert [m for m in met if m.fault] == []
    (info,) = [m for m in met if m.command == "store info store"]
    assert info.status == 2


@pytest.mark.parametrize(
    "kind", ["a journal that names a file", "damaged/ is a link", "leftovers are links"]
)
def test_a_batch_touches_nothing_outside(whole: Path, tmp_path: Path, kind: str) -> None:
    """SQLite would remove the file that a journal names; a folder that is a link leads out."""
    found = list(damage(whole, tmp_path, 11, [(kind, KINDS[kind])]))
    assert found[-1].command == " ".join(WRITER)
    assert [met.fault for met in found] == ["", ""]


def test_what_goes_wrong_is_found(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tracebacks, endless commands, exhausted memory and changed files are all found."""
    files = sorted(whole.rglob("*.parquet"))

    def given(command: Callable[[list[str]], int]) -> str:
        monkeypatch.setattr(damaged, "panj", command)
        (met,) = damage(whole, tmp_path, len(COMMANDS), [("none", lambda store, outside: None)])
        return met.fault

    def endless(_: list[str]) -> int:
        while True:
            pass

    monkeypatch.setattr(damaged, "SECONDS", 0.2)
    assert "ZeroDivisionError" in given(lambda _: 1 // 0)
    assert given(endless) == "hangs"
    assert "MemoryError" in given(lambda _: len(bytes(1 << 36)))
    assert given(lambda _: int(Path("outside", "x").write_text("") > 0)) == CHANGED
    assert given(lambda _: Path("store", files[0].relative_to(whole)).unlink() or 0) == CHANGED
    assert given(lambda _: 2) == "says nothing"
    assert given(lambda _: print("\x1b[2J") or 0).startswith("prints")
    assert given(lambda _: 7) == "ends with status 7"
    assert given(lambda _: 0) == ""


def test_figures_count_each_fault_once() -> None:
    """Under its own head: tracebacks, hangs, others."""
    faults = ("", "traceback: x", "hangs", "says nothing", "")
    met = [Met(f"kind {n % 2}", "panj", n % 3, 0.1, fault) for n, fault in enumerate(faults)]
    assert list(figures(met).values()) == [2, 5, 1, 1, 0, 1, 1, 1]
