"""The comparison of years on the page, in a real browser: a sentence and a picture."""

import os
import signal
from collections.abc import Iterator
from multiprocessing import forkserver
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed: no browser tests")

import browsing
from browsing import moment, shown, until, watched
from playwright.sync_api import Browser, Page
from processes import below, gone

import sim
from sim.runs.background import Background
from sim.viewer.replay import replay
from sim.viewer.session import InitialView

SHORT = ("days=5", "cells.count=20", "cells.plans_per_year=24")
HEIGHTENED = ("#panj-lever-alert-level", "heightened")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server of a short world, whose years take the same priority as the tests."""
    with Background(nice=0) as background:
        yield browsing.served(InitialView("baseline", None, 3, SHORT), background)


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """The page of the live view, with its first picture drawn."""
    with watched(chromium) as opened:
        shown(opened, address)
        yield opened


def known(page: Page, expression: str) -> None:
    """Wait for years: the first of a server come once the process that forks others has started."""
    until(page, expression, 180.0)


def workers() -> set[int]:
    """The processes that run years: those that the server which forks them has forked."""
    pid = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
    return below(pid) if pid else set()


def test_a_lever_is_answered_with_a_sentence_and_a_picture(page: Page) -> None:
    """Nothing before; then years come in, in every outcome; Stop, Continue, 100 more."""
    assert not page.is_visible("#panj-odds")
    page.select_option(*HEIGHTENED)
    known(page, "panj.comparison.result?.years >= 10")
    for outcome, words in (("victims", "victim"), ("interdiction_share", "stopped"),
                           ("cost_usd", "USD of cost in 5 days (90 % CI")):  # fmt: skip
        page.select_option("#panj-odds-outcome", outcome)
        told = page.inner_text(".panj-odds-told")
        assert words in told
        row = f"panj.comparison.result.found.policies[0].outcomes['{outcome}'].told"
        assert told == page.evaluate(row) + "."
    label = page.get_attribute(".panj-odds-picture", "aria-label")
    assert label is not None
    assert "USD of cost" in label
    said = page.inner_text("#panj-odds")
    assert "Alert level: heightened, not elevated; held from day 0. Against baseline as it is" in (
        said
    )
    page.click("#panj-odds-hold")
    known(page, "panj.comparison.result.state === 'ended'")
    stopped: int = page.evaluate("panj.comparison.result.years")
    assert stopped < 100
    assert page.inner_text("#panj-odds-hold") == "Continue"
    page.click("#panj-odds-more")
    known(page, "panj.comparison.result.wanted === 200")
    known(page, f"panj.comparison.result.years > {stopped}")
    assert "of 200 runs" in page.inner_text("#panj-odds-years")
    for program in (browsing.NAMELESS, browsing.PALE, browsing.CUT):
        assert not page.evaluate(program)


def test_the_next_lever_ends_the_years_of_the_last(page: Page) -> None:
    """Another comparison begins from nothing; with the levers back there is none."""
    page.select_option(*HEIGHTENED)
    known(page, "panj.comparison.result?.years >= 10")
    pair = page.evaluate("panj.comparison.result.pair")
    page.fill("#panj-lever-patrols-sorties-per-day", "6")
    known(page, f"panj.comparison.result.pair > {pair}")
    assert page.evaluate("panj.comparison.result.years") == 0
    known(page, "panj.comparison.result.years >= 10")
    assert "Sorties of a post: 6 a day, not 2 a day" in page.inner_text("#panj-odds")
    page.fill("#panj-lever-patrols-sorties-per-day", "2")
    page.select_option("#panj-lever-alert-level", "elevated")
    until(page, "document.getElementById('panj-odds').hidden")


def test_two_policies_are_compared_without_a_lever(page: Page) -> None:
    """B against A as soon as both are open; with levers, each world against A as it is."""
    page.select_option("#panj-against", "triggered")
    known(page, "panj.comparison.result?.years >= 10")
    assert page.locator(".panj-odds-told").count() == 1
    page.select_option("#panj-lever-alert-level", "emergency")
    known(
        page, "panj.comparison.result.policies?.length === 2 && panj.comparison.result.years >= 10"
    )
    assert page.locator(".panj-odds-told").count() == 2


def test_the_year_on_the_screen_comes_before_the_many(page: Page) -> None:
    """With two policies the comparison says that it waits, and begins once the year is read."""
    page.evaluate("""window.sent = []; const send = panj.source.send.bind(panj.source);
      panj.source.send = (what) => { sent.push(what); return send(what); };
      window.ask = panj.session.ask; panj.session.ask = () => false;""")
    page.select_option("#panj-against", "triggered")
    until(page, "panj.comparison.result?.state === 'ended'")
    waits = "waiting: the year on the screen is read first"
    assert page.inner_text("#panj-odds-years") == waits
    assert page.inner_text("#panj-odds-hold") == "Begin now"
    page.evaluate("void (panj.session.ask = ask)")
    known(page, "panj.comparison.result.years >= 10")
    assert "waiting" not in page.inner_text("#panj-odds-years")
    order = page.evaluate(
        "sent.map(({ do: what, years }) => what === 'odds' ? [what, years] : [what])"
    )
    assert order.index(["odds", 0]) < order.index(["more"])
    assert max(n for n, one in enumerate(order) if one == ["more"]) < order.index(["odds", 100])


def test_who_cannot_wait_begins_the_odds_at_once(page: Page) -> None:
    """By the button, or by a lever, since a user who moves a lever wants its effect."""
    page.evaluate("void (panj.session.ask = () => false)")
    page.select_option("#panj-against", "triggered")
    until(page, "panj.comparison.result?.state === 'ended'")
    page.click("#panj-odds-hold")
    known(page, "panj.comparison.result.years >= 10")
    assert "they may point in different directions" in page.inner_text("#panj-odds")
    page.select_option("#panj-against", "surveillance")
    until(page, "panj.comparison.later && panj.comparison.result?.state === 'ended'")
    page.select_option(*HEIGHTENED)
    known(page, "['waiting', 'running'].includes(panj.comparison.result.state)")


def test_a_killed_worker_is_told_and_the_view_goes_on(page: Page) -> None:
    """Finished years are kept, the clock runs on, and the years continue on request."""
    page.select_option(*HEIGHTENED)
    known(page, "panj.comparison.result?.years >= 10")
    for pid in workers():
        os.kill(pid, signal.SIGKILL)
    known(page, "panj.comparison.result.state === 'failed'")
    assert "killed" in page.inner_text("#panj-odds-wrong")
    kept: int = page.evaluate("panj.comparison.result.years")
    page.click("#panj-play")
    until(page, "panj.t > 0.05")
    page.click("#panj-play")
    assert moment(page) > 0.0
    page.click("#panj-odds-hold")
    known(page, f"panj.comparison.result.years > {kept}")
    assert not page.inner_text("#panj-odds-wrong")


def test_two_tabs_take_turns_and_a_closed_one_ends_its_years(
    chromium: Browser, address: str
) -> None:
    """Both see years come in and say why they come slower; what a closed tab ran is gone."""
    with watched(chromium) as two:
        with watched(chromium) as one:
            for page in (one, two):
                shown(page, address)
            one.select_option(*HEIGHTENED)
            known(one, "panj.comparison.result?.years >= 10")
            one.evaluate("panj.comparison.ask({ years: 2000 })")
            two.select_option("#panj-lever-alert-level", "routine")
            known(two, "panj.comparison.result?.years >= 10")
            two.evaluate("panj.comparison.ask({ years: 2000 })")
            assert two.inner_text("#panj-odds-years").endswith("in turn with another tab")
            before: int = one.evaluate("panj.comparison.result.years")
            known(one, f"panj.comparison.result.years > {before}")
            assert one.inner_text("#panj-odds-years").endswith("in turn with another tab")
            both = workers()
        known(
            two, "panj.comparison.result.state === 'running' && panj.comparison.result.beside === 0"
        )
        assert gone(*(both - workers()))
        assert both - workers()


def test_a_replay_has_none(chromium: Browser, tmp_path: Path) -> None:
    """There is no program that would run years."""
    file = tmp_path / "replay.html"
    file.write_text(replay([sim.load("baseline", {"days": 2.0})], 1), encoding="utf-8")
    with watched(chromium) as page:
        page.goto(file.as_uri())
        until(page, browsing.SHOWN)
        assert not page.is_visible("#panj-odds")
