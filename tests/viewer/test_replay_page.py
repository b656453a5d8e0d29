"""A replay is one file with everything in it, the same bytes for the same run."""

import base64
import gzip
import json
import re
from pathlib import Path

import pytest
from story_worlds import busy, calm

import sim
from sim.errors import PanjError
from sim.viewer.replay import page, payload, replay
from sim.viewer.story import Story

INDEX = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>x</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="plot.css">
<link rel="stylesheet" href="./view.css" />
</head><body>
<script src="plot.js"></script>
<script type="module" src="view.js"></script>
</body></html>
"""


@pytest.fixture
def assets(tmp_path: Path) -> Path:
    """A page of two styles, a script, and modules that import each other."""
    for name, text in {
        "index.html": INDEX,
        "plot.css": ".a{color:red}",
        "view.css": ".b{color:blue}",
        "plot.js": "var s = '</script>';",
        "view.js": 'import { draw } from "./draw.js";\nimport * as m from "./more.js";\ndraw(m);',
        "draw.js": "import {x} from './more.js';\nexport function draw() { return x; }",
        "more.js": 'export const x = "\\u00e9 \u00e9";',
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def data_of(html: str) -> dict[str, object]:
    """What a browser reads from the page."""
    found = re.search(
        r'<script type="application/json" id="panj-replay">(.*?)</script>', html, re.S
    )
    assert found is not None
    box = json.loads(found[1])
    if box["encoding"] == "gzip+base64":
        box["data"] = json.loads(gzip.decompress(base64.b64decode(box["data"])))
    data: dict[str, object] = box["data"]
    assert box["format"] == data["format"] == "panj-story/1"
    return data


def test_the_story_in_the_file_is_the_story(assets: Path) -> None:
    """Ground and one stretch from day 0 to the horizon, exactly as in the live view."""
    data = data_of(replay([busy()], seed=4, assets=assets))
    sides = data["sides"]
    assert isinstance(sides, list)
    (side,) = sides
    told = Story(sim.BorderModel(busy(), seed=4)).advance(12.0)
    assert side["side"] == "a"
    assert side["stretch"] == json.loads(json.dumps(told))
    assert side["ground"]["seed"] == "4"


def test_two_scenarios_are_two_sides(assets: Path) -> None:
    """The second policy is side b, on the same seed."""
    sides = data_of(replay([calm(), busy()], seed=2, assets=assets))["sides"]
    assert isinstance(sides, list)
    assert [(side["side"], side["ground"]["seed"]) for side in sides] == [("a", "2"), ("b", "2")]


def test_the_same_run_is_the_same_bytes(assets: Path) -> None:
    """Nothing of the clock or the machine is in the file; another seed is another file."""
    first, again, other = (replay([calm()], seed=s, assets=assets) for s in (1, 1, 2))
    assert first == again
    assert first != other


def test_nothing_is_left_outside(assets: Path) -> None:
    """No file is named any more: styles and scripts are in the page, in their order."""
    html = page({}, assets)
    assert not re.search(r'(?:src|href)="(?!data:)', html)
    assert ".a{color:red}" in html
    assert html.index(".a{color:red}") < html.index(".b{color:blue}")
    assert html.index("panj-replay") < html.index('"imports"') < html.index("var s =")
    assert html.index("var s =") < html.index("draw(m)")


def test_modules_find_each_other_by_name(assets: Path) -> None:
    """Paths become names, and the import map has the code of each, with its names in turn."""
    html = page({}, assets)
    assert 'from "panj/draw.js"' in html
    assert './draw.js"' not in html
    found = re.search(r'<script type="importmap">(.*?)</script>', html, re.S)
    assert found is not None
    places = json.loads(found[1])["imports"]
    assert places.keys() == {"panj/draw.js", "panj/more.js"}
    code = {
        name: base64.b64decode(place.partition("base64,")[2]).decode("utf-8")
        for name, place in places.items()
    }
    assert 'from "panj/more.js"' in code["panj/draw.js"]
    assert code["panj/more.js"] == (assets / "more.js").read_text("utf-8")


def test_nothing_inside_can_end_a_script(assets: Path) -> None:
    """A closing tag in the code or in the data is written so that it closes nothing."""
    html = page({"format": "panj-story/1", "text": "</script><!-- <script>"}, assets)
    assert html.count("<script") == html.count("</script>") == 4
    assert data_of(html)["text"] == "</script><!-- <script>"


def test_what_is_small_is_not_packed() -> None:
    """A short story is plain JSON; a long one is compressed to less than a half."""
    assert payload({"a": 1})["encoding"] == "json"
    long = {"rows": [[n, n * 0.5] for n in range(20000)]}
    box = payload(long)
    assert box["encoding"] == "gzip+base64"
    assert len(str(box["data"])) < 0.5 * len(json.dumps(long))


def test_a_page_without_its_files_is_refused(assets: Path) -> None:
    """The message on a damaged installation names the missing file."""
    (assets / "view.css").unlink()
    with pytest.raises(PanjError, match=r"view\.css.*Install the program again"):
        page({}, assets)
    with pytest.raises(PanjError, match=r"index\.html"):
        page({}, assets / "nowhere")
    (assets / "index.html").write_text("<p>nothing</p>")
    with pytest.raises(PanjError, match="no script"):
        page({}, assets)


@pytest.mark.parametrize("specs", [[], [calm()] * 3], ids=["none", "three"])
def test_a_replay_shows_one_or_two(specs: list[sim.Scenario], assets: Path) -> None:
    """No scenario, or three, is a mistake of the caller."""
    with pytest.raises(ValueError, match="one scenario or two"):
        replay(specs, assets=assets)
