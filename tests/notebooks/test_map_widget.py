"""The map in a notebook: the story of a run, drawn by the page's own scripts."""

import gzip
import importlib.util
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import traitlets

import sim
from sim.errors import PanjError
from sim.viewer import widget as widget_module
from sim.viewer.replay import STATIC
from sim.viewer.story import Story
from sim.viewer.widget import MapWidget, script, styles

SHORT = {"days": 2.0}
IMPORT = re.compile(r'^(?:import|export)\b.*?\bfrom\s*"\./([\w.-]+\.js)"', re.M | re.S)


def short(name: str = "baseline") -> sim.Scenario:
    """Two days of a shipped scenario."""
    return sim.load(name, SHORT)


def story_of(widget: MapWidget) -> dict[str, Any]:
    """What the widget hands to its script."""
    story: dict[str, Any] = json.loads(gzip.decompress(widget.story))
    return story


def files() -> dict[str, str]:
    """The modules inside the script, by name."""
    first = script().partition(";\n")[0]
    found: dict[str, str] = json.loads(first.removeprefix("const FILES = "))
    return found


# -- what it shows -------------------------------------------------------------------------


def test_the_story_is_that_of_the_run() -> None:
    """One side, from day 0 to the horizon, exactly as in the live view."""
    story = story_of(MapWidget(short(), seed=3))
    (side,) = story["sides"]
    assert story["format"] == "panj-story/1"
    assert side["side"] == "a"
    assert side["ground"]["seed"] == "3"
    assert side["stretch"] == json.loads(
        json.dumps(Story(sim.BorderModel(short(), 3)).advance(2.0))
    )


def test_two_policies_share_the_seed() -> None:
    """The second is side b, with the same seed and its own scenario."""
    a, b = story_of(MapWidget(short(), seed=5, against=short("surveillance")))["sides"]
    assert (a["side"], b["side"]) == ("a", "b")
    assert a["ground"]["seed"] == b["ground"]["seed"] == "5"
    assert (a["ground"]["scenario"]["name"], b["ground"]["scenario"]["name"]) == (
        "baseline",
        "surveillance",
    )


def test_a_model_is_left_as_it_is() -> None:
    """A model that has run, or has not, is neither run nor changed; its seed is shown."""
    for model in (sim.BorderModel(short(), 7), sim.BorderModel(short(), 7).run()):
        before, now = model.fingerprint(), model.agenda.now
        (side,) = story_of(MapWidget(model, seed=1))["sides"]
        assert side["ground"]["seed"] == "7"
        assert (model.fingerprint(), model.agenda.now) == (before, now)


def test_a_custom_model_runs_by_its_own_rules() -> None:
    """A subclass is shown as that subclass."""
    made: list[float] = []

    class Mine(sim.BorderModel):
        def step(self) -> None:
            made.append(self.agenda.now)

    MapWidget(Mine(short(), 2))
    assert made == [1.0, 2.0]


def test_the_same_run_is_the_same_bytes() -> None:
    """Nothing of the clock is in the story; another seed is another story."""
    one, same, other = (MapWidget(short(), seed).story for seed in (1, 1, 2))
    assert one == same != other


def test_names_and_files_are_taken(tmp_path: Path) -> None:
    """A shipped name, a file and a scenario are all scenarios; a wrong name gives an error."""
    path = tmp_path / "brief.toml"
    path.write_text('extends = "baseline.toml"\ndays = 1.0\n', encoding="utf-8")
    (side,) = story_of(MapWidget(path))["sides"]
    assert side["ground"]["scenario"]["name"] == "brief"
    with pytest.raises(sim.ScenarioError, match="baselime"):
        MapWidget("baselime")


# -- traits and words ---------------------------------------------------------------------


def test_what_can_be_linked() -> None:
    """Moment, playing and mode go both ways; a mode that is none is refused."""
    widget = MapWidget(short())
    state = widget.get_state()
    assert {"story", "theme", "t", "playing", "mode", "_esm", "_css"} <= state.keys()
    assert (widget.t, widget.playing, widget.mode, widget.theme) == (0.0, False, "map", "light")
    widget.t, widget.playing, widget.mode = 1.5, True, "strip"
    with pytest.raises(traitlets.TraitError):
        widget.mode = "globe"
    with pytest.raises(traitlets.TraitError):
        MapWidget(short(), theme="pink")


def test_it_says_what_it_is_where_it_cannot_be_drawn() -> None:
    """A sentence with titles, seed and days; no address of an object."""
    bundle = MapWidget(short(), seed=4)._repr_mimebundle_()
    assert bundle is not None
    words = bundle[0]["text/plain"]
    assert words == (
        "Map of Baseline: elevated alert, random patrols; seed 4, 2 days. Run the cell to play."
    )


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without anywidget the error names the extra to install."""
    monkeypatch.setitem(sys.modules, "anywidget", None)
    spec = importlib.util.spec_from_file_location("lonely_widget", widget_module.__file__)
    assert spec is not None
    assert spec.loader is not None
    with pytest.raises(PanjError, match=r"pip install 'panj\[notebook\]'"):
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


# -- the script ---------------------------------------------------------------------------


def test_the_script_has_every_module_of_the_page() -> None:
    """Each file of the page is inside, to the letter, and each import leads to one of them."""
    inside = files()
    assert inside == {path.name: path.read_text("utf-8") for path in STATIC.glob("*.js")}
    for name, code in inside.items():
        for other in IMPORT.findall(code):
            assert other in inside, f"{name} imports {other}"


def test_modules_do_not_go_in_circles() -> None:
    """A file needs the addresses of those that it imports before it gets its own."""
    needs = {name: set(IMPORT.findall(code)) for name, code in files().items()}
    while needs:
        free = [name for name, others in needs.items() if not others & needs.keys()]
        assert free, f"these import each other in a circle: {sorted(needs)}"
        for name in free:
            del needs[name]


def test_imports_are_of_the_one_form_that_is_led() -> None:
    """No import without ``from`` and none at run time: the script would not find its file."""
    for name, code in files().items():
        if name.startswith("uPlot"):
            continue
        assert not re.search(r"\bimport\s*\(|^import\s*[\"']", code, re.M), name
        led = re.findall(r'\bfrom\s*"\./[\w.-]+\.js"', code)
        assert len(led) == len(IMPORT.findall(code)), name


def test_nothing_comes_from_outside() -> None:
    """Neither script nor styles name a place on the net to load from."""
    whole = script().partition("const addresses")[2] + styles()
    assert not re.search(r"@import|url\(|https?://", whole)


def test_the_styles_are_about_the_room_alone() -> None:
    """Every rule of the widget's own sheet begins at its element."""
    own = Path(widget_module.__file__).with_name("widget.css").read_text("utf-8")
    rules = re.sub(r"/\*.*?\*/", "", own, flags=re.S)
    for selector in re.findall(r"(?:^|[}{])\s*([^{}@]+?)\s*\{", rules):
        assert selector.startswith(".panj-notebook"), selector
