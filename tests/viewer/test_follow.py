"""Following an incident in the live view and the replay, in a real browser.

Every test also fails on a request to another machine and on any complaint in the console.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed: no browser tests")

import browsing
from browsing import moment, shown, until, watched
from playwright.sync_api import Browser, Page
from told import busy, calm

from sim.scenario.catalogue import names
from sim.viewer.replay import replay
from sim.viewer.session import First

if not browsing.CHROMIUM.exists():
    pytest.skip(f"no browser at {browsing.CHROMIUM}: no browser tests", allow_module_level=True)

FOLLOWED = "!!panj.guide.followed && !panj.panes.some(p => p.flies)"
READ = "panj.session.known >= panj.session.days"
GRAVEST = """() => Object.values(panj.session.stories).flatMap(s => s.events)
  .sort((a, b) => b.victims - a.victims || b.deaths - a.deaths || b.wounded - a.wounded
    || a.t - b.t)[0].identity"""
CAMERAS = "panj.panes.map(p => [p.view.zoom, ...p.view.shift])"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of this file."""
    with browsing.browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def address() -> str:
    """A server of two policies over thirty busy days."""
    busy_days = ("days=30", "smugglers.loads_per_year=3000", "cells.plans_per_year=24")
    return browsing.served(First("baseline", "triggered", 3, busy_days))


@pytest.fixture(scope="module")
def short() -> str:
    """A server of eight days of one policy."""
    return browsing.served(First("baseline", settings=("days=8",)))


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """The live view at day 0, all of it read."""
    with watched(chromium) as opened:
        shown(opened, address)
        until(opened, READ)
        yield opened


def test_the_view_opens_on_the_gravest_moment(chromium: Browser, address: str) -> None:
    """Not on an empty midnight: on the gravest incident of both worlds, told and in the frame."""
    with watched(chromium) as opened:
        opened.goto(address)
        until(opened, browsing.SHOWN)
        until(opened, FOLLOWED)
        assert opened.evaluate("panj.guide.followed.name") == opened.evaluate(GRAVEST)
        assert moment(opened) == opened.evaluate("panj.guide.followed.event.t")
        assert opened.evaluate("panj.panes.every(p => p.view.zoom > 2)")
        assert opened.is_visible("#panj-story")


def test_next_visits_every_event_of_the_feed_in_order(page: Page) -> None:
    """Forwards to the last and back to the first, none left out, whatever the filter."""
    for which in ("all", "differ", "grave"):
        page.select_option("#panj-feed-filter", which)
        page.evaluate("panj.guide.leave(); panj.seek(0)")
        wanted = page.evaluate("panj.feed.passing(panj.rows.list).map(r => r.event.identity)")
        assert len(wanted) > (which == "all") * 20
        for button, order in (("panj-event", wanted), ("panj-event-back", wanted[-2::-1])):
            visited = page.evaluate(
                """([id, times]) => Array.from({ length: times }, () => {
                  document.getElementById(id).click();
                  return panj.guide.followed?.name;
                })""",
                [button, len(order)],
            )
            assert visited == order
    page.click("#panj-event-back")
    assert "nothing before" in page.inner_text("#panj-status")


def test_a_click_in_the_feed_or_on_the_map_follows_slowly_with_numbered_steps(page: Page) -> None:
    """The camera comes nearer, an hour goes by in a second, map and card count the same steps."""
    page.evaluate("panj.seek(29)")
    until(page, "document.querySelectorAll('#panj-feed button').length > 3")
    page.click("#panj-feed li:nth-child(2) button")
    until(page, FOLLOWED)
    assert page.evaluate("panj.isPlaying")
    assert page.evaluate("panj.panes.every(p => p.view.zoom > 2)")
    begun = moment(page)
    until(page, f"panj.t > {begun} + 0.02")
    assert page.evaluate("panj.pace") == pytest.approx(1 / 24)
    told = page.evaluate("[...document.querySelectorAll('#panj-story .panj-number')].length")
    worlds = page.evaluate(
        "Object.values(panj.guide.followed.worlds).map(w => w.steps.map(s => s.t))"
    )
    assert told >= max(map(len, worlds)) > 0
    assert all(times == sorted(times) for times in worlds)
    page.keyboard.press("Escape")
    page.evaluate("panj.play(false); panj.seek(29)")
    until(page, "panj.panes[0].hits.some(h => h.kind === 'event') && !panj.panes[0].flies")
    hit = page.evaluate("panj.panes[0].hits.filter(h => h.kind === 'event').at(-1)")
    box = page.locator("#panj-map-a").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + hit["x"], box["y"] + hit["y"])
    until(page, FOLLOWED)


def test_escape_goes_back_to_where_the_user_was(page: Page) -> None:
    """Camera, speed, time, and whether it played; also after several incidents in a row."""
    page.evaluate("panj.panes.forEach(p => p.view.zoomAt(3, 200, 90)); panj.seek(11.25)")
    page.evaluate("panj.transport.setSpeed(1.5); panj.stale = true")
    until(page, "!panj.stale")
    before = page.evaluate(f"[panj.t, panj.speed, panj.isPlaying, {CAMERAS}]")
    for _ in range(3):
        page.click("#panj-event")
    page.keyboard.press("ArrowUp")
    until(page, FOLLOWED)
    assert page.evaluate(CAMERAS) != before[-1]
    page.keyboard.press("Escape")
    until(page, "!panj.guide.followed && !panj.panes.some(p => p.flies)")
    assert page.evaluate(f"[panj.t, panj.speed, panj.isPlaying, {CAMERAS}]") == before


def test_it_plays_to_its_end_and_then_the_year_goes_on(page: Page) -> None:
    """At the last step the clock stands; play then leaves the incident and runs on from there."""
    page.click("#panj-event")
    page.evaluate("panj.goTo(panj.guide.followed.to - 0.004)")
    until(page, "!panj.isPlaying")
    end = page.evaluate("panj.guide.followed.to")
    assert moment(page) == pytest.approx(end)
    page.click("#panj-play")
    until(page, f"panj.t > {end} + 0.05")
    assert page.evaluate("panj.guide.followed") is None


def test_a_link_shows_the_same_moment(chromium: Browser, page: Page) -> None:
    """Worlds, seed, levers, time and incident come back from the address bar."""
    page.select_option("#panj-lever-alert-level", "heightened")
    until(page, "!panj.session.pulled.length")
    until(page, READ)
    page.select_option("#panj-feed-filter", "all")
    page.click("#panj-event")
    page.click("#panj-event")
    page.evaluate("panj.play(false); panj.goTo(panj.guide.followed.from + 0.03)")
    state = """[panj.t.toFixed(4), panj.guide.followed.name, panj.session.stories.a.ground.seed,
      Object.values(panj.session.stories).map(s => [s.ground.scenario.name,
        s.events.map(e => e.text)]), panj.session.stories.a.level(2, 20)]"""
    wanted = page.evaluate(state)
    until(page, "location.hash.includes('t=' + panj.t.toFixed(4))")
    with watched(chromium) as opened:
        opened.goto(page.url)
        until(opened, browsing.SHOWN)
        until(opened, f"{READ} && {FOLLOWED}")
        assert opened.evaluate(state) == wanted
        assert not opened.is_visible("#panj-notice")


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("#scenario=nowhere&t=3", "“nowhere”, which is not offered"),
        ("#scenario=baseline&against=nobody", "“nobody”, which is not offered"),
        ("#scenario=baseline&seed=many", "seed = “many” is not a whole number"),
        ("#scenario=baseline&t=yesterday", "t = “yesterday” is not a day"),
        ("#t=4000", "day 4000 is after the end"),
        ("#scenario=baseline&seed=2&t=3&incident=group/x/9", "does not happen in this run"),
        ("#lever=%%%", "is not KEY:VALUE"),
        ("#scenario=baseline&lever=no.such:3", "no such lever"),
    ],
)
def test_a_broken_link_is_told_and_the_page_works(
    chromium: Browser, short: str, link: str, said: str
) -> None:
    """The message says what cannot be followed; what can be read is shown, and plays."""
    with watched(chromium) as opened:
        shown(opened, f"{short}{link}")
        until(opened, "!document.getElementById('panj-notice').hidden")
        until(opened, READ)
        assert said in opened.inner_text("#panj-notice")
        at = moment(opened)
        opened.evaluate("panj.guide.leave(); panj.seek(5); panj.play(true)")
        until(opened, "panj.t > 5.1")
        assert at is not None
        controls = [opened.input_value(f"#panj-{name}") for name in ("scenario", "seed")]
        assert controls == opened.evaluate(
            "[panj.session.stories.a.ground.scenario.name, panj.session.stories.a.ground.seed]"
        )
        opened.click("#panj-notice button")
        assert not opened.is_visible("#panj-notice")


def test_a_link_inside_the_page_goes_there(page: Page) -> None:
    """An address put into the bar of an open page opens that world at that moment."""
    page.evaluate("location.hash = '#scenario=surveillance&seed=5&t=12.5'")
    until(page, "panj.session.stories.a.ground.scenario.name === 'surveillance'")
    until(page, "panj.session.known > 12.5 && Math.abs(panj.t - 12.5) < 1e-3")
    assert page.input_value("#panj-seed") == "5"
    assert page.input_value("#panj-against") == ""


def test_a_replay_has_links_too(chromium: Browser, tmp_path: Path) -> None:
    """It opens on its gravest moment, follows a link, and says what a foreign link asks for."""
    file = tmp_path / "pair.html"
    file.write_text(replay([busy(), calm()], seed=4), "utf-8")
    with watched(chromium) as opened:
        opened.goto(file.as_uri())
        until(opened, f"{browsing.SHOWN} && {FOLLOWED}")
        assert opened.evaluate("panj.guide.followed.name") == opened.evaluate(GRAVEST)
        opened.click("#panj-story-next")
        opened.evaluate("panj.play(false)")
        until(opened, "location.hash.includes('t=' + panj.t.toFixed(4))")
        there = opened.evaluate("[panj.t.toFixed(4), panj.guide.followed.name]")
        link = opened.url
    with watched(chromium) as opened:
        opened.goto(link)
        until(opened, f"{browsing.SHOWN} && {FOLLOWED}")
        assert opened.evaluate("[panj.t.toFixed(4), panj.guide.followed.name]") == there
        opened.evaluate("location.hash = '#scenario=triggered&seed=4&t=3'")
        until(opened, "!document.getElementById('panj-notice').hidden")
        assert "this file holds baseline" in opened.inner_text("#panj-notice")


def _follows_its_gravest(opened: Page, link: str) -> None:
    """Open a year and follow its gravest incident to the end: told, in the frame, and in order."""
    opened.goto("about:blank")
    opened.goto(link)
    until(opened, browsing.SHOWN)
    until(opened, f"({READ}) && ({FOLLOWED})")
    assert opened.evaluate("panj.guide.followed.name") == opened.evaluate(GRAVEST)
    (steps,) = opened.evaluate(
        "Object.values(panj.guide.followed.worlds).map(w => w.steps.map(s => [s.t, s.text]))"
    )
    assert steps == sorted(steps, key=lambda step: step[0])
    numbers = opened.evaluate(
        "[...document.querySelectorAll('#panj-story .panj-number')].map(b => b.textContent)"
    )
    assert numbers == [str(n + 1) for n in range(len(steps))]
    assert all(text and "undefined" not in text and "null" not in text for _, text in steps)
    event = opened.evaluate("panj.guide.followed.event")
    assert any(event["result"] in text for _, text in steps)
    inside = """(() => { const { view } = panj.panes[0], f = panj.guide.followed.event;
      const [x, y] = view.project(f.km, f.depth);
      return x > 0 && x < view.width && y > 0 && y < view.height; })()"""
    assert opened.evaluate(inside)


@pytest.mark.parametrize("scenario", ["baseline", "joint_control"])
def test_the_gravest_incident_of_a_year_is_followed(chromium: Browser, scenario: str) -> None:
    """Seed 1 of two scenarios, the whole year."""
    where = browsing.served(First(scenario))
    with watched(chromium) as opened:
        _follows_its_gravest(opened, where)


@pytest.mark.slow
@pytest.mark.parametrize("scenario", names())
def test_the_gravest_incident_of_every_scenario_is_followed(
    chromium: Browser, scenario: str
) -> None:
    """Seeds 1 to 10 of every shipped scenario."""
    where = browsing.served(First("baseline"))
    with watched(chromium) as opened:
        for seed in range(1, 11):
            _follows_its_gravest(opened, f"{where}#scenario={scenario}&seed={seed}")
