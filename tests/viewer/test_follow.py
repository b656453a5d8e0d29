"""Following an incident in the live view and the replay, in a real browser.

Every test also fails on a request to another machine and on any complaint in the console.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed: no browser tests")

import browsing
from browsing import moment, shown, until, watched
from playwright.sync_api import Browser, Page
from story_worlds import busy, calm

from sim.scenario.catalogue import names
from sim.viewer.replay import replay
from sim.viewer.session import InitialView

FOLLOWED = "!!panj.guide.followed && !panj.panes.some(p => p.flies)"
READ = "panj.session.known >= panj.session.days"
GRAVEST = """() => Object.values(panj.session.stories).flatMap(s => s.events)
  .sort((a, b) => b.victims - a.victims || b.deaths - a.deaths || b.wounded - a.wounded
    || a.t - b.t)[0].identity"""
CAMERAS = "panj.panes.map(p => [p.view.zoom, ...p.view.shift])"


SPY = """window.written = [];
for (const { prototype } of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) {
  const write = prototype.fillText;
  prototype.fillText = function (text, x, ...more) {
    const wide = this.measureText(text).width, right = this.textAlign === 'right' ? x : x + wide;
    written.push({ text, left: right - wide, right, wide: this.canvas.width });
    return write.call(this, text, x, ...more);
  };
}"""
"""Notes what is written on the drawings, and from where to where, in px."""


@pytest.fixture(scope="module")
def address() -> str:
    """A server of two policies over thirty busy days."""
    busy_days = ("days=30", "smugglers.loads_per_year=3000", "cells.plans_per_year=24")
    return browsing.served(InitialView("baseline", "triggered", 3, busy_days))


@pytest.fixture(scope="module")
def short() -> str:
    """A server of eight days of one policy."""
    return browsing.served(InitialView("baseline", settings=("days=8",)))


RESET = """() => {
  panj.tour.drop(); panj.guide.drop(); panj.play(false); panj.pick(null, null);
  panj.transport.setSpeed(1 / 3); panj.byInterest = true; panj.seek(0);
  panj.feed.filter.value = 'differ';
  for (const pane of panj.panes) { pane.land(); pane.view.reset(); }
}"""


@pytest.fixture(scope="module")
def opened_once(chromium: Browser, address: str) -> Iterator[Page]:
    """The live view of two worlds, all of it read."""
    with watched(chromium) as opened:
        shown(opened, address)
        until(opened, READ)
        yield opened


@pytest.fixture
def page(opened_once: Page) -> Page:
    """The view that tests share, at day 0 and with everything as at the beginning."""
    opened_once.set_viewport_size({"width": 1280, "height": 720})
    opened_once.evaluate(RESET)
    until(opened_once, "!panj.stale")
    return opened_once


@pytest.fixture
def fresh(chromium: Browser, address: str) -> Iterator[Page]:
    """A separate view, for tests that change the worlds."""
    with watched(chromium) as opened:
        shown(opened, address)
        until(opened, READ)
        yield opened


def test_the_view_opens_on_the_gravest_moment(chromium: Browser, address: str) -> None:
    """On the gravest incident of both worlds, with its card and in the frame."""
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
    assert "nothing earlier" in page.inner_text("#panj-status")


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
    """At the last step the clock stops; play then leaves the incident and continues from there."""
    page.click("#panj-event")
    page.evaluate("panj.goTo(panj.guide.followed.to - 0.004)")
    until(page, "!panj.isPlaying")
    end = page.evaluate("panj.guide.followed.to")
    assert moment(page) == pytest.approx(end)
    page.click("#panj-play")
    until(page, f"panj.t > {end} + 0.05")
    assert page.evaluate("panj.guide.followed") is None


def test_a_link_shows_the_same_moment(chromium: Browser, fresh: Page) -> None:
    """Worlds, seed, levers, time and incident come back from the address bar."""
    page = fresh
    page.select_option("#panj-lever-alert-level", "heightened")
    until(page, "!panj.session.sentMoves.length")
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
        (
            "#lever=patrols.sorties_per_day:1e999",
            "sorties_per_day:1e999” is not KEY:VALUE",
        ),
        ("#scenario=baseline&seed=2&t=3&incident=group/x/9", "does not happen in this run"),
        ("#lever=%%%", "is not KEY:VALUE"),
        ("#scenario=baseline&lever=no.such:3", "no such lever"),
    ],
)
def test_a_broken_link_gets_a_message_and_the_page_works(
    chromium: Browser, short: str, link: str, said: str
) -> None:
    """The message names the mistake; the rest is shown, and plays."""
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


BROKEN = {
    "#t=1e99": ["day 1e+99 is after the end of the run (day 30)"],
    "#t=1e999&seed=x": ["t = “1e999” is not a day", "seed = “x” is not"],
    "#t=0x10": ["t = “0x10” is not a day"],
    "#t=-1": ["t = “-1” is not a day"],
    "#t=5&t=6": ["t is given 2 times"],
    "#t=99&seed=x": ["seed = “x” is not", "day 99 is after the end"],
    "#incident=group/ü/1": ["incident “group/ü/1” does not happen"],
    "#incident=%E0%A4%A": ["does not happen in this run"],
    "#incident=": ["incident = “” is not a name"],
    f"#incident={'x' * 3000}": [f"“{'x' * 80} …”"],
    "#in=c&t=3": ["in = “c” is not a or b"],
    "#scenario=<img src=x onerror=alert(1)>": ["“<img src=x onerror=alert(1)>”, which is not"],
    "#lever=alert.level:heightened@1.2.3": ["@1.2.3” is not KEY:VALUE or KEY:VALUE@DAY"],
    "#lever=alert.level:heightened@1e9": ["lever alert.level at day 1000000000 is after the end"],
    "#lever=patrols.sorties_per_day:-5": ["below the least value 0"],
    "#what=ever&%&t=3": ["“what”, “%” are unknown"],
    "#%": ["“%” is unknown"],
}
"""Mistyped links, and the message for each."""


def test_every_mistake_in_a_link_gets_a_message_and_the_page_continues(fresh: Page) -> None:
    """All that is wrong is in one message, in few letters; the next link is followed as before."""
    notice = "document.getElementById('panj-notice')"
    for link, said in BROKEN.items():
        fresh.evaluate("link => { location.hash = link; }", link)
        for words in said:
            until(fresh, f"{notice}.innerText.includes({json.dumps(words)})", 20.0)
        assert len(fresh.inner_text("#panj-notice")) < 400
        fresh.evaluate("location.hash = '#scenario=baseline&seed=3&t=2.5'")
        until(fresh, f"{notice}.hidden && panj.session.ready && Math.abs(panj.t - 2.5) < 1e-3")


def test_a_link_inside_the_page_goes_there(fresh: Page) -> None:
    """An address put into the bar of an open page opens that world at that moment."""
    page = fresh
    page.evaluate("location.hash = '#scenario=surveillance&seed=5&t=12.5'")
    until(page, "panj.session.stories.a.ground.scenario.name === 'surveillance'")
    until(page, "panj.session.known > 12.5 && Math.abs(panj.t - 12.5) < 1e-3")
    assert page.input_value("#panj-seed") == "5"
    assert page.input_value("#panj-against") == ""
    assert not page.is_visible("#panj-tour")


def test_a_replay_has_links_too(chromium: Browser, tmp_path: Path) -> None:
    """It opens on its gravest incident, follows a link, and names the mistakes of a wrong link."""
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


def test_quiet_hours_are_skipped_and_incidents_slow(page: Page) -> None:
    """Far from an incident the clock runs fast, at one slowly; without the toggle evenly."""
    speeds = page.evaluate(
        """() => import('./pace.js').then(({ interestingSpeed, slowStretches }) => {
          const row = (t, severity) => ({ t, event: { t, severity, kind: 'x' } });
          const slow = slowStretches([row(10, 0), row(20, 3)]);
          return [5, 10, 14, 19.999, 20, 25].map((t) => interestingSpeed(slow, t, 1 / 3));
        })"""
    )
    quiet, small, between, near, grave, after = speeds
    assert quiet == between == after > 2
    assert small == pytest.approx(1 / 3)
    assert near == grave == pytest.approx(1 / 24)
    assert page.get_attribute("#panj-interest", "aria-pressed") == "true"
    page.click("#panj-interest")
    page.click("#panj-play")
    until(page, "panj.t > 0.1")
    assert page.evaluate("panj.pace === panj.speed")


def test_the_tour_goes_through_the_main_differences(page: Page) -> None:
    """Introduction, stops in order of time, a last word; Escape comes back."""
    page.evaluate("panj.seek(7.5)")
    assert page.is_visible("#panj-tour")
    page.click("#panj-tour")
    until(page, "document.getElementById('panj-caption').textContent.includes('main differences')")
    stops = page.evaluate("panj.tour.stops.map(s => [s.t, s.event.identity, s.mark])")
    assert 1 <= len(stops) <= 6
    assert stops == sorted(stops)
    assert "same" not in {mark for _, _, mark in stops}
    page.evaluate("panj.tour.spent = 100")  # the introduction has been read
    until(page, "panj.tour.index === 0 && !!panj.guide.followed")
    assert page.evaluate("panj.guide.followed.name") == stops[0][1]
    for number, (_, name, _) in enumerate(stops[1:], 2):
        page.keyboard.press("Shift+ArrowRight")
        assert page.evaluate("panj.guide.followed.name") == name
        assert page.inner_text("#panj-caption p").startswith(f"{number} of {len(stops)}.")
    page.keyboard.press("Shift+ArrowRight")
    assert "only many years show" in page.inner_text("#panj-caption p")
    page.keyboard.press("Escape")
    until(page, "!panj.panes.some(p => p.flies)")
    assert moment(page) == 7.5
    assert not page.is_visible("#panj-caption")


def test_the_wheel_zooms_at_once_and_plus_goes_to_what_matters(page: Page) -> None:
    """No click on the map is needed first; plus comes nearer to something, not to a slope."""
    page.evaluate("panj.seek(29)")
    until(page, "panj.panes[0].hits.some(h => h.kind === 'event')")
    box = page.locator("#panj-map-a").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 200, box["y"] + 60)
    page.mouse.wheel(0, -300)
    until(page, "panj.panes[0].view.zoom > 1.5")
    page.evaluate("panj.panes[0].view.reset()")
    for _ in range(4):
        page.click("[aria-label='Zoom in (map)'] >> nth=0")
        until(page, "!panj.panes[0].flies")
    near = """(() => { const p = panj.panes[0], { width, height } = p.view;
      return Math.min(...p.hits.map(h => Math.hypot(h.x - width / 2, h.y - height / 2))); })()"""
    until(page, f"panj.panes[0].view.zoom > 5 && {near} < 40")


BREAK_OFF = """() => new Promise(done => {
  const pane = panj.panes[0];
  const look = (frames) => {
    if (!pane.words.classList.contains('panj-flying')) {
      if (frames) requestAnimationFrame(() => look(frames - 1)); else done(false);
      return;
    }
    pane.land();
    pane.view.reset();
    panj.stale = true; // as after any move of the user
    done(true);
  };
  pane.fly(() => ({ zoom: 8, shift: [-900, -900] }));
  look(600);
})"""
"""Begins a flight, and goes back to where it began as soon as the names are hidden."""


def test_a_flight_that_is_broken_off_leaves_the_names_in_place(page: Page) -> None:
    """Back at the view it set out from, the map has its names again."""
    until(page, "!!panj.panes[0].drawn")
    assert page.evaluate(BREAK_OFF)
    until(page, "!panj.panes[0].words.classList.contains('panj-flying')", 10.0)


def test_units_are_said_as_people_say_them(page: Page) -> None:
    """Rates a day or a year, shares in per cent; the clock shows the year."""
    said = page.evaluate(
        "[...document.querySelectorAll('.panj-lever output')].map(o => o.textContent)"
    )
    assert "2 a day" in said
    assert not [text for text in said if "/" in text]
    assert "2025" in page.inner_text("#panj-clock")


def test_on_a_telephone_levers_are_a_sheet(page: Page) -> None:
    """At 390 px they come and go; nothing else is covered or cut, also while one follows."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(150)
    assert not page.is_visible("#panj-lever-alert-level")
    assert page.evaluate(browsing.CUT) == []
    page.click("#panj-sheet-open")
    assert page.is_visible("#panj-lever-alert-level")
    page.keyboard.press("Escape")
    assert not page.is_visible("#panj-lever-alert-level")
    page.click("#panj-event")
    until(page, FOLLOWED)
    apart = """(() => { const map = document.getElementById('panj-stage').getBoundingClientRect(),
      card = document.getElementById('panj-story').getBoundingClientRect();
      return map.top >= -2 && map.bottom <= card.top + 2; })()"""
    until(page, apart)
    assert page.evaluate(browsing.CUT) == []


def test_on_a_telephone_the_drawings_name_themselves_and_their_sources_in_full(page: Page) -> None:
    """Two maps beside each other: no word of a credit is cut, and titles leave the arrows free."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.click("#panj-event")
    until(page, FOLLOWED)
    page.evaluate(f"{SPY} panj.flip()")
    until(page, "panj.panes.length === 2 && written.some(one => one.text.includes('GeoNames'))")
    cut = """written.filter(one => /GEBCO|GeoNames/.test(one.text))
      .filter(one => one.left < 0 || one.right > one.wide).map(one => one.text)"""
    assert page.evaluate(cut) == []
    title = """[...document.querySelectorAll('.panj-pane-title')].map(one =>
      one.parentElement.getBoundingClientRect().right - one.getBoundingClientRect().right)"""
    assert min(page.evaluate(title)) >= 34
    page.evaluate("panj.flip()")


def test_what_is_followed_stays_in_sight_when_the_window_changes(page: Page) -> None:
    """A telephone is turned, a window made smaller: the incident is in the drawing."""
    page.click("#panj-event")
    until(page, FOLLOWED)
    inside = """panj.panes.every(({ view, flies }) => !flies && panj.guide.followed.places.every(
      ([km, depth]) => { const [x, y] = view.project(km, depth);
        return x > 0 && x < view.width && y > 0 && y < view.height; }))"""
    until(page, inside)
    for width, height in ((390, 844), (844, 390), (1280, 720)):
        page.set_viewport_size({"width": width, "height": height})
        until(page, f"panj.panes[0].view.width < {width} && !panj.stale")
        page.wait_for_timeout(200)
        until(page, inside)


def test_no_time_below_the_chart_is_cut(page: Page) -> None:
    """The last mark of the axis is within the drawing, with hours as with dates."""
    inside = """(() => { const u = panj.chart.plot, c = u.ctx; c.font = u.axes[0].font[0];
      const [at, text] = [u.axes[0]._splits.at(-1), u.axes[0]._values.at(-1)];
      return u.valToPos(at, 'x', true) + c.measureText(text).width / 2 <= c.canvas.width; })()"""
    for t in (0, 0.5, 1, 3, 7, 14):
        page.evaluate(f"panj.chart.update({t})")
        page.wait_for_timeout(60)
        assert page.evaluate(inside), t


def test_grave_incidents_are_called_out_in_shapes_of_their_own(page: Page) -> None:
    """No shape of an incident is one of those who move; size and colour grow with the dead."""
    looks = page.evaluate(
        """() => import('./palette.js').then(({ incidentLook }) => {
          const kind = Object.keys(panj.palette.events)[0];
          return [[0, 0], [1, 0], [2, 1], [3, 5]].map(([severity, deaths]) =>
            incidentLook(panj.palette, { kind, severity, deaths }));
        })"""
    )
    assert [look["size"] for look in looks] == sorted({look["size"] for look in looks})
    assert len({look["colour"] for look in looks}) == 4
    assert [look["hollow"] for look in looks] == [True, True, False, False]
    shapes = page.evaluate(
        "[panj.palette.agents, panj.palette.events].map(s => Object.values(s).map(l => l.shape))"
    )
    assert not set(shapes[0]) & set(shapes[1])
    assert len(set(shapes[1])) == len(shapes[1])
    ink = """() => { const c = panj.panes[0].top, { width, height } = c;
      return !c.hidden && c.getContext('2d').getImageData(0, 0, width, height).data.some(v => v);
    }"""
    page.evaluate("panj.seek(0)")
    until(page, f"!({ink})()")
    page.evaluate("panj.seek(panj.rows.list.find(r => r.event.deaths > 0).t + 0.1)")
    until(page, f"({ink})()")


def _follows_its_gravest(opened: Page) -> None:
    """The gravest incident of the opened year: with its card, in the frame, and in order."""
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
    where = browsing.served(InitialView(scenario))
    with watched(chromium) as opened:
        opened.goto(where)
        _follows_its_gravest(opened)


@pytest.mark.slow
@pytest.mark.parametrize("scenario", names())
def test_the_gravest_incident_of_every_scenario_is_followed(
    chromium: Browser, scenario: str
) -> None:
    """Seeds 1 to 10 of every shipped scenario, one after the other in one page."""
    with watched(chromium) as opened:
        opened.goto(browsing.served(InitialView(scenario)))
        for seed in range(1, 11):
            if seed > 1:
                opened.evaluate(f"location.hash = '#scenario={scenario}&seed={seed}'")
            until(opened, f"panj.session?.stories.a?.ground.seed === '{seed}'")
            _follows_its_gravest(opened)
