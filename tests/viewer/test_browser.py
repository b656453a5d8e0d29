"""The control room as it is used: in a real browser, against the real server, or from one file.

Every test also fails on a request to another machine and on any complaint in the console.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed: no browser tests")

import browsing
from browsing import moment, shown, until, watched
from playwright.sync_api import Browser, Page, WebSocketRoute
from story_worlds import busy, calm

from sim.viewer.replay import replay
from sim.viewer.session import InitialView

BUSY = ("days=40", "smugglers.loads_per_year=4000", "cells.plans_per_year=24", "cells.count=12")


@pytest.fixture(scope="module")
def address() -> str:
    """A server of a busy world of forty days."""
    return browsing.served(InitialView("baseline", None, 3, BUSY))


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """The page of the live view, with its first picture drawn."""
    with watched(chromium) as opened:
        shown(opened, address)
        yield opened


def test_play_pause_and_step(page: Page) -> None:
    """Play moves the clock, pause holds it, a step adds an hour, reset goes back to day 0."""
    page.click("#panj-play")
    until(page, "panj.t > 0.2")
    page.click("#panj-play")
    held = moment(page)
    page.wait_for_timeout(150)
    assert moment(page) == held
    page.click("#panj-step")
    assert moment(page) == pytest.approx(held + 1 / 24, abs=1 / 1440)
    page.click("#panj-reset")
    assert moment(page) == 0.0 < held


def test_speed_and_scrub(page: Page) -> None:
    """The slider runs from an hour to ten days a second; the bar goes to any moment, and back."""
    for end, words in (("Home", "1 h/s"), ("End", "10 days/s")):
        page.focus("#panj-speed")
        page.keyboard.press(end)
        assert page.inner_text("#panj-speed-text") == words
    page.fill("#panj-scrub", "20")
    until(page, "Math.abs(panj.t - 20) < 0.05")
    until(page, "document.getElementById('panj-clock').textContent.includes('21 Jan')")
    later = int(page.inner_text("#panj-count-crossings"))
    page.fill("#panj-scrub", "5")
    until(page, "Math.abs(panj.t - 5) < 0.05")
    until(page, f"Number(document.getElementById('panj-count-crossings').textContent) < {later}")


def test_another_scenario_and_seed(page: Page) -> None:
    """Choosing a policy or a seed builds that world, and the view opens on its gravest moment."""
    page.fill("#panj-scrub", "3")
    until(page, "panj.t > 2.9")
    page.select_option("#panj-scenario", "surveillance")
    until(page, "panj.session.stories.a.ground.scenario.name === 'surveillance'")
    until(page, "!!panj.guide.followed")
    page.fill("#panj-seed", "8")
    page.keyboard.press("Enter")
    until(page, "panj.session.stories.a.ground.seed === '8'")
    page.fill("#panj-seed", "many")
    page.keyboard.press("Enter")
    until(page, "document.getElementById('panj-status').className.includes('panj-bad')")
    assert page.inner_text("#panj-status")
    assert page.evaluate("panj.session.stories.a.ground.seed") == "8"
    assert page.input_value("#panj-seed") == "8"
    page.evaluate("panj.picker.scenario.append(new Option('gone', 'gone'))")
    page.select_option("#panj-scenario", "gone")
    until(page, "document.getElementById('panj-status').textContent.includes('not among')")
    assert page.input_value("#panj-scenario") == "surveillance"
    assert page.evaluate("panj.session.stories.a.ground.scenario.name") == "surveillance"


def test_levers_act_from_now_on_or_run_again(page: Page) -> None:
    """A live lever leaves the past as it was; another runs the world again up to the present."""
    page.fill("#panj-scrub", "10")
    until(page, "Math.abs(panj.t - 10) < 0.05")
    past = "JSON.stringify(panj.session.stories.a.events.filter(e => e.t < 9.9))"
    before = page.evaluate(past)
    page.select_option("#panj-lever-alert-level", "emergency")
    until(page, "panj.session.stories.a.level(3, 10.5) === 3")
    until(page, "document.getElementById('panj-status').textContent.includes('from now on')")
    assert page.evaluate(past) == before
    assert page.evaluate("panj.session.stories.a.level(3, 9)") == 1
    assert moment(page) == pytest.approx(10.0, abs=0.05)
    page.focus("#panj-lever-cells-count")
    page.keyboard.press("End")
    until(page, "panj.session.stories.a.ground.cells.length === 20")
    until(page, "panj.session.known >= panj.t")
    assert moment(page) == pytest.approx(10.0, abs=0.05)


def test_pick_an_agent_by_mouse_and_by_key(page: Page) -> None:
    """A click on an agent opens a card with its state in words; so do the keys on the map."""
    hit = page.evaluate("panj.panes[0].hits.find(h => h.kind === 'site')")
    box = page.locator("#panj-map-a").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + hit["x"], box["y"] + hit["y"])
    until(page, "!document.getElementById('panj-tip').hidden")
    page.mouse.click(box["x"] + hit["x"], box["y"] + hit["y"])
    until(page, "!document.getElementById('panj-card').hidden")
    assert "km" in page.inner_text("#panj-card")
    page.keyboard.press("Escape")
    until(page, "document.getElementById('panj-card').hidden")
    page.focus("#panj-map-a")
    for key in (".", ".", "Enter"):
        page.keyboard.press(key)
    until(page, "!document.getElementById('panj-card').hidden")


def test_two_policies_side_by_side(page: Page) -> None:
    """Two maps share one clock, and what happens in only one of them is listed and ringed."""
    page.select_option("#panj-against", "surveillance")
    until(page, "!!panj.session.stories.b && panj.panes.length === 2")
    assert page.input_value("#panj-feed-filter") == "differ"
    page.fill("#panj-scrub", "38")
    until(page, "panj.t > 37.9")
    until(page, "document.querySelectorAll('.panj-mark').length > 0")
    told = page.inner_text("#panj-feed")
    assert "only in" in told or "ended differently" in told
    assert page.inner_text("#panj-count-crossings-b")
    a, b = (set(page.evaluate(f"[...panj.rows.marks.{s}.values()]")) for s in "ab")
    assert "only" in a | b
    page.select_option("#panj-against", "")
    until(page, "!panj.session.stories.b && panj.panes.length === 1")


def test_the_strip_zooms(page: Page) -> None:
    """The straightened line: chainage grows to the right, depth upwards; it zooms and moves."""
    page.focus("#panj-stage canvas")
    page.keyboard.press("m")
    until(page, "panj.panes[0].mode === 'strip' && panj.panes[0].hits.length > 0")
    left, right = page.evaluate("[100, 1200].map(km => panj.panes[0].view.project(km, 0)[0])")
    low, high = page.evaluate("[0, 10].map(d => panj.panes[0].view.project(500, d)[1])")
    assert left < right
    assert high < low
    page.click("[aria-label='Zoom in (strip)']")
    until(page, "!panj.panes[0].flies")
    wide = page.evaluate("[100, 1200].map(km => panj.panes[0].view.project(km, 0)[0])")
    assert wide[1] - wide[0] == pytest.approx(1.5 * (right - left))
    page.keyboard.press("m")
    until(page, "panj.panes.map(p => p.mode).join() === 'map,strip'")


@pytest.mark.slow
def test_night_is_darker_than_day(page: Page) -> None:
    """At midnight the map is dark, at noon it is not; night comes from the east."""
    veil = """(x) => { const c = panj.panes[0].above;
      return c.getContext('2d').getImageData(Math.round(x * c.width), 3, 1, 1).data[3]; }"""
    seen = {}
    for t in (2.0, 2.5, 2.72):
        page.fill("#panj-scrub", str(t))
        until(page, f"Math.abs(panj.t - {t}) < 0.02 && !panj.stale")
        seen[t] = page.evaluate(veil, 0.1), page.evaluate(veil, 0.95)
    assert min(seen[2.0]) > 40
    assert seen[2.5] == (0, 0)
    assert seen[2.72][1] > seen[2.72][0]


def test_every_control_has_a_name_and_text_can_be_read(page: Page) -> None:
    """Names for screen readers, contrast of at least 4.5 in light and dark, focus that is seen."""
    page.click("#panj-event")
    until(page, "document.querySelectorAll('#panj-feed button').length > 0")
    for _ in range(2):
        assert page.evaluate(browsing.NAMELESS) == []
        assert page.evaluate(browsing.PALE) == []
        page.click("#panj-theme")
    page.focus("#panj-scenario")
    passed = []
    for _ in range(12):
        page.keyboard.press("Tab")
        passed.append(page.evaluate("document.activeElement.id"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    assert passed[:2] == ["panj-against", "panj-seed"]
    page.keyboard.press("?")
    until(page, "document.getElementById('panj-help').open")
    page.keyboard.press("Escape")
    until(page, "!document.getElementById('panj-help').open")


def test_axe_finds_nothing(page: Page) -> None:
    """The rules of axe-core: two worlds and an incident that is followed, in light and dark."""
    page.select_option("#panj-against", "surveillance")
    until(page, "!!panj.session.stories.b && panj.panes.length === 2 && panj.session.known > 5")
    page.click("#panj-event")
    until(page, "!!panj.guide.followed && !panj.panes.some(p => p.flies)")
    for _ in range(2):
        assert browsing.rules_broken(page) == []
        page.click("#panj-theme")


@pytest.mark.slow
def test_nothing_is_cut_or_overlaps(page: Page) -> None:
    """At a laptop's, a large screen's and a telephone's width all boxes have their own place."""
    page.fill("#panj-scrub", "35")
    until(page, "panj.t > 34.9")
    for other in ("", "surveillance"):
        page.select_option("#panj-against", other)
        until(page, f"panj.panes.length === {2 if other else 1} && panj.session.known > 0")
        for width, height in ((1280, 720), (1920, 1080), (1024, 768), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(120)
            assert page.evaluate(browsing.CUT) == [], (other, width, height)


@pytest.mark.slow
def test_a_lost_connection_is_told_and_mended(chromium: Browser, address: str) -> None:
    """When the socket closes the page says so, comes back by itself, and is where it was."""
    sockets: list[WebSocketRoute] = []

    def between(route: WebSocketRoute) -> None:
        route.connect_to_server()
        sockets.append(route)

    with watched(chromium) as opened:
        opened.route_web_socket("**/ws", between)
        shown(opened, address)
        opened.fill("#panj-scrub", "6")
        until(opened, "panj.t > 5.9")
        crossings = opened.evaluate("panj.session.stories.a.countersAt(5.9).crossings")
        world = -1  # a new session numbers its worlds from the start
        opened.evaluate("panj.session.stories.a.world = -2")
        sockets[0].close()
        until(opened, "document.getElementById('panj-status').textContent.includes('lost')")
        until(opened, f"panj.session.stories.a.world > {world} && panj.session.known >= panj.t")
        assert moment(opened) == pytest.approx(6.0, abs=0.05)
        assert opened.evaluate("panj.session.stories.a.countersAt(5.9).crossings") == crossings


def test_a_lever_moved_without_a_connection_waits_for_it(chromium: Browser, address: str) -> None:
    """The page does not say that it acts; it does as soon as the program is there again."""
    sockets: list[WebSocketRoute] = []
    gone = False

    def between(route: WebSocketRoute) -> None:
        if gone:
            route.close()
            return
        route.connect_to_server()
        sockets.append(route)

    with watched(chromium) as opened:
        opened.route_web_socket("**/ws", between)
        shown(opened, address)
        gone = True
        sockets[0].close()
        until(opened, "document.getElementById('panj-status').textContent.includes('lost')")
        # A try to connect may say something else the next moment: all that is said is kept.
        opened.evaluate("""() => { const at = document.getElementById('panj-status');
          window.said = []; new MutationObserver(() => said.push(at.textContent))
            .observe(at, { childList: true, characterData: true, subtree: true }); }""")
        opened.fill("#panj-lever-patrols-sorties-per-day", "6")
        until(opened, "said.some(text => text.includes('lever moves when it is back'))")
        gone = False
        lever = "panj.session.stories.a.ground.levers.find(one => one.key.startsWith('patrols.so'))"
        connected = "!panj.session.lost && !panj.session.sentMoves.length"
        until(opened, f"{connected} && {lever}.value === 6")


def test_a_replay_plays_from_disk(chromium: Browser, tmp_path: Path) -> None:
    """One file with two worlds: it plays, shows differences, and needs no server."""
    file = tmp_path / "pair.html"
    file.write_text(replay([busy(), calm()], seed=4), "utf-8")
    with watched(chromium, width=1920, height=1080) as opened:
        shown(opened, file.as_uri())
        assert opened.evaluate("panj.panes.length") == 2
        assert not opened.is_visible("#panj-scenario")
        opened.click("#panj-play")
        until(opened, "panj.t > 0.3")
        opened.keyboard.press("Space")
        opened.evaluate("panj.seek(11.9)")
        until(opened, "document.querySelectorAll('.panj-mark').length > 0")
        opened.evaluate(
            "const b = panj.panes[1]; panj.pick(b, b.hits.find(h => h.kind === 'post'))"
        )
        assert opened.inner_text("#panj-card-title").startswith("Post")


@pytest.mark.slow
def test_quick_to_show_and_smooth_to_watch(chromium: Browser, address: str) -> None:
    """The page is there in 1.5 s and draws at least 30 frames a second, one world or two."""
    import time

    with watched(chromium) as opened:
        begun = time.monotonic()
        shown(opened, address)
        assert time.monotonic() - begun < 1.5
        opened.click("#panj-play")
        rates = {"map": opened.evaluate(browsing.RATE, 2)}
        opened.select_option("#panj-mode", "strip")
        rates["strip"] = opened.evaluate(browsing.RATE, 2)
        opened.select_option("#panj-mode", "map")
        opened.select_option("#panj-against", "surveillance")
        until(opened, "!!panj.session.stories.b && panj.panes.length === 2")
        opened.click("#panj-play")
        rates["two maps"] = opened.evaluate(browsing.RATE, 2)
        assert min(rates.values()) >= 30.0, rates
