"""The matrix in a terminal: any width, words or signs, with or without colour."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.cli import matrix_text, tables, terminal
from sim.comparison.comparison import compare
from tests.comparison.synthetic import runs

NAMES = ("baseline", "garrisons_hot_district", "joint_control", "none")


def made():
    """Three policies, one better, one worse, one the same, in four outcomes."""
    rng = np.random.default_rng(3)
    base = rng.normal(20.0, 1.0, 30)
    columns = {
        name: {
            "victims": (base + shift).tolist(),
            "interdiction_share": (base / 100.0 - shift / 200.0).tolist(),
            "cost_usd": (5e7 + 1e6 * shift * base).tolist(),
            "incidents": (3.0 * base - shift).tolist(),
        }
        for name, shift in zip(NAMES, (0.0, -4.0, 5.0, 0.0), strict=True)
    }
    return compare(runs(columns))


FOUND = made()


@given(st.integers(20, 260))
def test_no_line_is_wider_than_the_terminal(columns):
    """The matrix fits any width, with one row for each policy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matrix_text, "table_width", lambda: max(columns, terminal.NARROWEST))
        patch.setattr(matrix_text, "text_width", lambda: min(max(columns, 60), terminal.WIDTH))
        told = list(matrix_text.matrix_lines(FOUND))
    assert max(map(len, map(plain, told))) <= max(columns, terminal.NARROWEST)
    for name in NAMES:
        assert sum(line.startswith(f"  {name[:8]}") for line in told) == 1


def plain(line):
    """Return a line without colours."""
    return re.sub(r"\x1b\[\d+m", "", line)


@pytest.mark.parametrize(
    ("columns", "there", "absent"),
    [
        (60, "No room for incidents", "% better"),
        (100, "* better", "No room"),
        (130, "% better", "* better"),
        (220, "(90 % CI)", "No room"),
    ],
)
def test_more_room_shows_more(monkeypatch, columns, there, absent):
    """A wider terminal shows words, then intervals; the legend names what is left out."""
    monkeypatch.setattr(matrix_text, "table_width", lambda: columns)
    told = " ".join(" ".join(map(plain, matrix_text.matrix_lines(FOUND))).split())
    assert there in told
    assert absent not in told


def test_colours_go_with_words_and_can_be_refused(monkeypatch):
    """Better and worse are coloured, unless NO_COLOR is set; nothing else changes."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured = list(matrix_text.matrix_lines(FOUND))
    assert any("\x1b[94m" in line for line in coloured)
    assert any("\x1b[91m" in line for line in coloured)
    monkeypatch.setenv("NO_COLOR", "1")
    bare = list(matrix_text.matrix_lines(FOUND))
    assert not any("\x1b[9" in line for line in bare)
    assert [*map(plain, coloured)] == [*map(plain, bare)]


def test_names_break_after_underscores():
    """A long name continues on the next line after a word."""
    assert terminal.wrap_name("counter_drone_watch", 15) == ["counter_drone_", "  watch"]
    assert terminal.wrap_name("short", 15) == ["short"]
    assert terminal.wrap_name("", 5) == [""]
    assert all(len(line) <= 6 for line in terminal.wrap_name("a" * 40, 6))


@given(
    st.lists(st.lists(st.text(max_size=50), min_size=1, max_size=6), min_size=1, max_size=4),
    st.integers(1, 250),
    st.booleans(),
)
def test_any_table_at_any_width(rows, room, words):
    """Rows of any text are laid out at any width."""
    wide = max(map(len, rows))
    rows = [[*row, *[""] * (wide - len(row))] for row in rows]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "text_width", lambda: room)
        left = (0, wide - 1) if words else (0,)
        list(tables.column_lines(rows, left))
