"""What a session shows: a table anywhere, sliders in a notebook, and what their moves do."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.tuning.session import Tuning
from sim.tuning.view import View

LOADS = "smugglers.loads_per_year"


def test_it_shows_a_widget_and_a_table(still: Tuning) -> None:
    """The table has every figure with what was reported, for pages that cannot run a widget."""
    still.move({LOADS: 90.0})
    bundle = still._repr_mimebundle_()
    assert any("widget-view" in kind for kind in bundle)
    table = bundle["text/html"]
    assert f"{LOADS} = 90.0" in table
    rows = still.answer().rows
    assert table.count("<tr") == 1 + len(rows)
    assert all(row.reported.label in table for row in rows)
    assert bundle["text/plain"].startswith(f"Tuning of baseline: {LOADS} = 90.0. Distance ")


def test_without_anywidget_the_table_says_what_to_install(
    still: Tuning, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No traceback: the table, and the remedy."""
    monkeypatch.delitem(sys.modules, "sim.tuning.view")
    monkeypatch.setitem(sys.modules, "anywidget", None)
    bundle = still._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert "pip install &#x27;panj[notebook]&#x27;" in bundle["text/html"]


def test_what_is_sent_is_plain(still: Tuning) -> None:
    """JSON without NaN, also where the emulator knows nothing: else no screen would read it."""
    view = View(still)
    for moved in ({}, {"patrols.sorties_per_day": 5.0}):
        still.move(moved)
        json.dumps([view.answer, view.sliders, view.years], allow_nan=False)
    assert view.answer["strange"]
    assert "does not know patrols.sorties_per_day" in view.answer["standing"]


def told(view: View, **said: Any) -> dict[str, Any]:
    """What the screen shows after something was done on it."""
    view._on_message(view, said, [])
    answer: dict[str, Any] = view.answer
    return answer


def test_a_gesture_is_one_move(still: Tuning) -> None:
    """While the handle is held the screen follows; one undo takes all of it back."""
    view = View(still)
    before = view.answer["distance"]
    for value, first, end in ((70.0, True, False), (200.0, False, False), (300.0, False, True)):
        answer = told(view, do="move", key=LOADS, value=value, first=first, end=end)
        assert answer["values"][LOADS] == value
    assert answer["distance"] != before
    answer = told(view, do="undo")
    assert answer["values"][LOADS] == 60.0
    assert answer["distance"] == before
    assert not answer["undo"]


def test_buttons_do_what_methods_do(
    still: Tuning, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Best, posterior, reset, years, save; the screen shows a mistake."""
    monkeypatch.chdir(tmp_path)
    view = View(still)
    told(view, do="posterior")
    assert still.moved
    assert told(view, do="reset")["moved"] is False
    assert told(view, do="years", years=[2015, 2016])["years"] == [2015, 2016]
    told(view, do="move", key=LOADS, value=40.0, first=True, end=True)
    assert told(view, do="save", name="mine")["note"] == "Saved as mine.toml."
    assert sim.load("mine.toml").smugglers.loads_per_year == 40.0
    assert "exists already" in told(view, do="save", name="mine")["note"]
    assert told(view, do="best")["note"] == ""


def test_two_displays_agree(still: Tuning) -> None:
    """What is moved in one is seen in the other."""
    one, other = View(still), View(still)
    told(one, do="move", key=LOADS, value=40.0, first=True, end=True)
    assert other.answer["values"][LOADS] == 40.0


def test_an_axis_stays(still: Tuning) -> None:
    """Marks move along axes that do not, and every reported number lies on its axis."""
    view = View(still)
    before = {row["name"]: row["axis"] for row in view.answer["rows"]}
    after = told(view, do="move", key=LOADS, value=380.0, first=True, end=True)["rows"]
    assert {row["name"]: row["axis"] for row in after} == before
    for row in after:
        assert all(low <= row["axis"] for low, _ in row["told"])
