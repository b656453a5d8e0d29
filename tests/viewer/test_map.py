"""The base map in a browser: places where they are, names on their own stretch, the brush."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed: no browser tests")

from browsing import shown, until, watched
from playwright.sync_api import Browser, Page

import sim
from sim.frontier.basemap import basemap
from sim.frontier.ground import Ground
from sim.viewer.replay import page as page_of
from sim.viewer.replay import replay_data

PLACE = basemap()
SIZES = [(1280, 720), (1440, 900), (1920, 1080), (390, 844)]

ASTRAY = """() => {
  const {view, story} = panj.panes[0];
  const districts = story.ground.districts;
  const lines = districts.map(({from, to}) => {
    const points = [];
    for (let km = from; km <= to; km += 0.5) points.push(view.project(km, 0));
    return points;
  });
  const away = (box, points) => Math.min(...points.map(([x, y]) => Math.hypot(
    Math.max(box[0] - x, 0, x - box[2]), Math.max(box[1] - y, 0, y - box[3]))));
  const bad = [];
  view.labels.forEach(({name, index, box}, i) => {
    const own = away(box, lines[index]);
    lines.forEach((points, other) => {
      if (other !== index && away(box, points) <= own)
        bad.push(`${name} on ${districts[other].name}`);
    });
    for (const other of view.labels.slice(0, i)) {
      if (box[0] < other.box[2] && other.box[0] < box[2] && box[1] < other.box[3]
          && other.box[1] < box[3]) bad.push(`${name} over ${other.name}`);
    }
    if (box[0] < 0 || box[1] < 0 || box[2] > view.width || box[3] > view.height - view.barPx)
      bad.push(`${name} cut`);
  });
  return {bad, names: view.labels.map(({name}) => name),
    keyed: view.labels.filter(({number}) => number).map(({name}) => name)};
}"""
"""Names of districts that are nearer to another stretch, overlap, or are cut off."""

SEEN = "[...document.querySelectorAll('.panj-seen')].filter(one => one.checkVisibility()).length"


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A replay of two days of the baseline, as an address."""
    file = tmp_path_factory.mktemp("map") / "short.html"
    file.write_text(
        page_of(replay_data([sim.BorderModel("baseline", {"days": 2}, seed=1)])), "utf-8"
    )
    return file.as_uri()


@pytest.fixture
def page(chromium: Browser, replayed: str) -> Iterator[Page]:
    """The replay with its first picture drawn."""
    with watched(chromium) as opened:
        shown(opened, replayed)
        yield opened


def test_names_stand_on_their_own_stretch(page: Page) -> None:
    """On a laptop, a large screen and a telephone no two names overlap, and each is nearer to its
    own stretch than to any other; all districts are named, on the telephone some by a number."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(200)
        found = page.evaluate(ASTRAY)
        assert found["bad"] == [], (width, height)
        assert len(found["names"]) == 13, (width, height, found["names"])
        assert sorted(found["keyed"]) == sorted(set(found["keyed"]))
        assert len(found["keyed"]) <= (0 if width > 390 else 3), (width, height, found["keyed"])


def test_agents_stand_at_their_place_on_the_true_line(page: Page) -> None:
    """Each post is drawn where the frontier of the base map is at its chainage, to half a pixel."""
    posts = page.evaluate(
        "panj.panes[0].hits.filter(h => h.kind === 'post').map(h => [h.km, h.x, h.y])"
    )
    assert len(posts) > 50
    km, x, y = np.array(posts).T
    places = PLACE.at(km).tolist()
    wanted = page.evaluate("places => places.map(p => panj.panes[0].view.screen(...p))", places)
    assert np.abs(np.array(wanted) - np.stack([x, y], axis=1)).max() < 0.5


def test_depth_leads_to_the_near_side_and_is_true_to_scale(page: Page) -> None:
    """A place 10 km inside is 10 km from its place on the line, on the Tajik side of it."""
    away = page.evaluate(
        "[300, 560, 780, 1000].map(km => { const {view} = panj.panes[0]; "
        "const [a, b] = [view.project(km, 0), view.project(km, 10)]; "
        "return Math.hypot(a[0] - b[0], a[1] - b[1]) * view.kmPerPx; })"
    )
    assert away == pytest.approx([10.0] * 4, rel=0.01)
    north = page.evaluate("[60, 350, 950].map(km => panj.panes[0].view.inward(km)[1])")
    assert max(north) < 0


def test_water_and_relief_are_drawn(page: Page) -> None:
    """A tributary is bluer than the ground beside it, and the mountains are lit unevenly."""
    colour = """([x, y]) => { const {view, below} = panj.panes[0]; const [u, v] = view.screen(x, y);
      return [...below.getContext('2d').getImageData(Math.round(u), Math.round(v), 1, 1).data]; }"""
    kokcha = next(row["line"] for row in PLACE._data["rivers"] if row["name"] == "Kokcha")
    bluer = []
    for x, y in PLACE.project(kokcha)[5:-5:4].tolist():
        river = page.evaluate(colour, [x, y])
        beside = page.evaluate(colour, [x + 5.0, y + 3.0])
        bluer.append((river[2] - river[0]) - (beside[2] - beside[0]))
    assert np.median(bluer) > 40
    slopes = [page.evaluate(colour, [150.0 + 2 * i, -70.0])[1] for i in range(30)]
    assert np.std(slopes) > 5


def test_the_brush_moves_the_map_and_shows_what_it_shows(page: Page) -> None:
    """A drag on the bar below the map shows that stretch; zooming the map shows on the bar; a drag
    on what is shown moves it; a double click shows all again."""
    box = page.locator(".panj-brush-bar").bounding_box()
    assert box is not None

    def drag(start: float, end: float) -> None:
        at = [box["x"] + 12 + km / 1340 * (box["width"] - 24) for km in (start, end)]
        page.mouse.move(at[0], box["y"] + 20)
        page.mouse.down()
        page.mouse.move((at[0] + at[1]) / 2, box["y"] + 20)
        page.mouse.move(at[1], box["y"] + 20)
        page.mouse.up()

    seen = "panj.panes[0].view.seen()"
    assert page.evaluate(SEEN) == 0
    drag(900, 1050)
    until(page, f"{SEEN} > 0")
    ((low, high), *_) = page.evaluate(seen)
    assert low <= 902
    assert high >= 1048
    assert high - low < 500
    drag(975, 1075)
    moved = page.evaluate(seen)[0]
    assert moved[0] > low + 40
    page.mouse.dblclick(box["x"] + 40, box["y"] + 20)
    until(page, f"{SEEN} === 0 && panj.panes[0].view.zoom === 1")
    page.click("[aria-label='Zoom in (map)']")
    until(page, f"{SEEN} > 0")


def test_the_strip_has_the_brush_where_there_is_one(page: Page) -> None:
    """With map and strip the brush is on the strip, obeys keys, and is read by screen readers."""
    page.select_option("#panj-mode", "both")
    until(page, "panj.panes.length === 2 && !!panj.panes[1].brush")
    brush = page.locator(".panj-pane-strip .panj-brush")
    said = "document.querySelector('.panj-pane-strip .panj-brush').ariaValueText"
    until(page, f"{said} === 'all of the line'")
    assert page.locator(".panj-brush-bar").count() == 0
    brush.focus()
    for key in ("+", "+", "ArrowRight"):
        page.keyboard.press(key)
    until(page, "panj.panes[0].view.zoom > 1")
    until(page, f"{SEEN} > 0")
    assert page.evaluate(said).startswith("km ")


def test_another_frontier_has_its_own_map(chromium: Browser, tmp_path: Path) -> None:
    """Another frontier has a schematic map of its own, and its replay holds no base map.

    Two worlds on the shipped one hold it once.
    """
    texts = dict(Ground.default().texts)
    head, *rows = texts["line.csv"].splitlines()
    cells = [row.split(",") for row in rows]
    rows = [",".join([km, f"{float(lon) - 30:.3f}", *rest]) for km, lon, *rest in cells]
    ground = Ground({**texts, "line.csv": "\n".join([head, *rows]) + "\n"})
    data = replay_data([sim.BorderModel("baseline", {"days": 1, "ground": ground}, seed=1)])
    assert data["basemap"] is None
    file = tmp_path / "elsewhere.html"
    file.write_text(page_of(data), "utf-8")
    with watched(chromium) as opened:
        shown(opened, file.as_uri())
        assert not opened.evaluate("!!panj.panes[0].view.place")
        assert opened.evaluate("panj.panes[0].hits.length") > 50
    pair = replay_data([sim.BorderModel("baseline", {"days": 1}, seed=1) for _ in range(2)])
    assert json.dumps(pair).count("data:image/webp") == 1
