"""The lab as it is used: a real browser, the real server, the real command beside it.

Every test also fails on a request to another machine and on any complaint in the console.
"""

import io
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed: no browser tests")
pytest.importorskip("starlette")

import browsing
from browsing import until, watched
from lab_stores import eventually, policies, runs
from playwright.sync_api import Browser, Page

from sim.comparison.comparison import compare
from sim.runs.batch import run_batch
from sim.runs.catalogue import NAME
from sim.runs.store import Store
from sim.runs.verify import verify
from sim.scenario.load import load

YEARS = 16
IDLE = "!lab.batch.state?.batch && !!lab.batch.state"
FOUND = "!!document.querySelector('#lab-found .lead')"
DRAWN = "!!document.querySelector('#lab-picture svg')"
SAID = "!document.getElementById('lab-said').hidden"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three scenarios: ``plain``, ``walls`` and ``watchful``."""
    return policies(tmp_path_factory.mktemp("policies"))


@pytest.fixture(scope="module")
def compared(files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Their store, which no test changes."""
    folder = tmp_path_factory.mktemp("stores") / "compared"
    run_batch([load(path) for path in files], YEARS, folder, executor="serial")
    return folder


@contextmanager
def lab(store: Path, *files: Path) -> Iterator[str]:
    """``panj lab`` as a terminal starts it; its address. It ends well when interrupted."""
    command = ["lab", str(store), *map(str, files), "--jobs", "1", "--port", "0", "--no-open"]
    started = subprocess.Popen(
        [sys.executable, "-m", "sim", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert started.stdout is not None
    line = started.stdout.readline()
    assert line.startswith("The lab is at http://127.0.0.1:"), (line, started.communicate())
    try:
        yield line.split()[4]
    finally:
        started.send_signal(signal.SIGINT)
        _, complaints = started.communicate(timeout=90)
    assert started.returncode == 0, complaints
    assert "Traceback" not in complaints


@pytest.fixture(scope="module")
def address(compared: Path, files: list[Path]) -> Iterator[str]:
    """A lab on the store that no test changes."""
    with lab(compared, *files) as found:
        yield found


class Newcomer:
    """Somebody who sees the page for the first time, and counts what it takes."""

    def __init__(self, page: Page) -> None:
        self.page, self.actions = page, 0

    def opens(self, address: str) -> None:
        """The address that the terminal shows."""
        self._acts()
        self.page.goto(address)

    def clicks(self, words: str, role: str = "button") -> None:
        """What is called so."""
        self._acts()
        self.page.get_by_role(role, name=words, exact=True).click()  # type: ignore[arg-type]

    def unticks(self, words: str) -> None:
        """The box beside these words."""
        self._acts()
        self.page.get_by_label(words, exact=True).uncheck()

    def writes(self, text: str, words: str) -> None:
        """Into the field beside these words."""
        self._acts()
        self.page.get_by_label(words).fill(text)

    def saves(self, words: str) -> bytes:
        """What a link downloads."""
        self._acts()
        with self.page.expect_download() as waiting:
            self.page.get_by_role("link", name=words).click()
        return waiting.value.path().read_bytes()

    def _acts(self) -> None:
        self.actions += 1
        assert self.actions <= 5


# -- what a newcomer wants, in at most five actions -----------------------------------------------


def test_which_of_two_policies_is_cheaper_for_a_life(
    chromium: Browser, address: str, compared: Path
) -> None:
    """One action: it stands in a table of the page, as compare has it."""
    with watched(chromium) as page:
        newcomer = Newcomer(page)
        newcomer.opens(address)
        until(page, FOUND)
        rows = page.locator("#costs tbody tr")
        told = {row.locator("th").inner_text(): row.inner_text() for row in rows.all()}
        prices = {row.scenario: row for row in compare(compared, "plain").costs}
        assert re.search(r"USD per victim averted", told["watchful"])
        assert "less harm at practically the same cost" in told["walls"]
        assert "practically the same cost" in prices["walls"].words
        assert (prices["watchful"].cost_per_harm or 0.0) > 0.0


def test_start_a_batch_and_read_its_verdict(
    chromium: Browser, files: list[Path], tmp_path: Path
) -> None:
    """Four actions: open, leave the baseline out, give the years, start; the verdict comes."""
    with lab(tmp_path / "new", *files) as there, watched(chromium) as page:
        newcomer = Newcomer(page)
        newcomer.opens(there)
        until(page, "document.getElementById('lab-busy').textContent.includes('Nothing has been')")
        newcomer.unticks("Baseline: elevated alert, random patrols")
        newcomer.writes("4", "Paired years of each")
        newcomer.clicks("Start")
        until(page, FOUND)
        until(page, IDLE + " && " + SAID)
        assert "Done." in page.inner_text("#lab-said")
        assert "4 paired runs" in page.inner_text("#lab-found")
        assert Store.open(tmp_path / "new").finished("walls") == set(range(4))


def test_take_the_comparison_to_pandas(chromium: Browser, address: str, compared: Path) -> None:
    """Two actions: open, and the button that saves it."""
    with watched(chromium) as page:
        newcomer = Newcomer(page)
        newcomer.opens(address)
        until(page, FOUND)
        table = pd.read_csv(io.BytesIO(newcomer.saves("Comparison as CSV")))
    found = compare(compared, "plain").contrast("walls", "victims")
    row = table.set_index(["scenario", "outcome"]).loc[("walls", "victims")]
    assert row["difference"] == pytest.approx(found.difference)
    assert row["judgement"] == found.judgement


def test_stop_a_batch_and_go_on_without_a_loss(
    chromium: Browser, files: list[Path], tmp_path: Path
) -> None:
    """Five actions: open, years, start, stop, go on; every run that was finished is kept."""
    store = tmp_path / "s"
    run_batch([load(files[0])], 2, store, executor="serial")
    with lab(store, *files) as there, watched(chromium) as page:
        newcomer = Newcomer(page)
        newcomer.opens(there)
        until(page, FOUND)
        newcomer.writes("30", "Paired years of each")
        until(page, "document.getElementById('lab-plan').textContent.startsWith('28 runs')")
        newcomer.clicks("Continue")
        eventually(lambda: runs(store) > 3)
        newcomer.clicks("Stop")
        until(page, IDLE + " && " + SAID)
        assert "Stopped; nothing is lost." in page.inner_text("#lab-said")
        kept = runs(store)
        assert 3 < kept < 30
        assert verify(Store.open(store)) == []
        newcomer.clicks("Continue")
        until(page, "document.getElementById('lab-said').textContent.includes('Done.')")
        assert f"{30 - kept} new" in page.inner_text("#lab-said")
        assert runs(store) == 30


def test_read_the_whole_report(chromium: Browser, address: str, compared: Path) -> None:
    """Two actions: open, and the link to what ``panj report`` writes."""
    with watched(chromium) as page:
        newcomer = Newcomer(page)
        newcomer.opens(address)
        until(page, FOUND)
        with page.context.expect_page() as waiting:
            newcomer.clicks("Whole report", "link")
        whole = waiting.value
        whole.wait_for_load_state()
        assert whole.inner_text("h2#answer") == "Question and answer"
        assert whole.evaluate("getComputedStyle(document.querySelector('h1')).fontSize") == "32px"
        whole.close()


# -- tabs, the command line, damage ---------------------------------------------------------------


def test_two_tabs_and_a_reload_show_the_batch_that_runs(
    chromium: Browser, files: list[Path], tmp_path: Path
) -> None:
    """One desk: a second tab and a reloaded one show the same batch, and either may stop it."""
    store = tmp_path / "s"
    with lab(store, *files) as there, watched(chromium) as one, watched(chromium) as two:
        for page in (one, two):
            page.goto(there)
            until(page, "!!lab.batch.state")
        for name in ("walls", "plain"):
            one.check(f"#lab-pick-{name}")
        one.fill("#lab-years", "2000")
        until(one, "!document.getElementById('lab-start').disabled")
        one.click("#lab-start")
        until(two, "lab.batch.state.batch?.begun && lab.batch.state.batch.there > 0")
        assert "2,000" in two.inner_text("#lab-doing")
        assert two.is_disabled("#lab-start")
        one.reload()
        until(one, "lab.batch?.state?.batch?.mine === true")
        assert one.is_visible("#lab-progress")
        refused = subprocess.run(
            [sys.executable, "-m", "sim", "batch", "-n", "9", "-o", str(store)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert refused.returncode == 2
        assert "another process writes here (process" in refused.stderr
        two.click("#lab-stop")
        for page in (one, two):
            until(page, IDLE + " && " + SAID)
            assert page.inner_text("#lab-said").startswith("Stopped; nothing is lost.")
            assert page.inner_text("#lab-said").lower().count("stopped") == 1


def test_a_batch_of_the_command_line_is_shown_and_not_disturbed(
    chromium: Browser, compared: Path, files: list[Path], tmp_path: Path
) -> None:
    """Its progress is in the page, which offers neither a start nor a stop meanwhile."""
    store = Path(shutil.copytree(compared, tmp_path / "s"))
    command = ["batch", *map(str, files), "-n", "2000", "-o", str(store), "--jobs", "1"]
    with lab(store, *files) as there, watched(chromium) as page:
        page.goto(there)
        until(page, FOUND)
        other = subprocess.Popen(
            [sys.executable, "-m", "sim", *command],
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        try:
            until(page, "lab.batch.state.batch?.begun === true")
            assert "Another process fills this store" in page.inner_text("#lab-doing")
            assert "Stop it where it was started." in page.inner_text("#lab-far")
            assert page.is_disabled("#lab-start")
            assert not page.is_visible("#lab-stop")
            until(page, "lab.batch.state.batch.there > 50")
            until(page, "!document.getElementById('lab-update').hidden")
        finally:
            other.send_signal(signal.SIGINT)
            other.wait(60)
        until(page, IDLE)
    assert verify(Store.open(store)) == []


@pytest.mark.slow
def test_damage_and_a_killed_batch_are_told_in_the_page(
    chromium: Browser, compared: Path, files: list[Path], tmp_path: Path
) -> None:
    """A damaged catalogue is said and comes back; a batch killed from outside loses nothing."""
    store = Path(shutil.copytree(compared, tmp_path / "s"))
    with lab(store, *files) as there, watched(chromium) as page:
        page.goto(there)
        until(page, DRAWN)
        whole = (store / NAME).read_bytes()
        (store / NAME).write_bytes(b"no catalogue")
        until(page, "!document.getElementById('lab-trouble').hidden")
        assert "the catalogue cannot be read" in page.inner_text("#lab-trouble")
        (store / NAME).write_bytes(whole)
        until(page, "document.getElementById('lab-trouble').hidden && " + FOUND)
        page.fill("#lab-years", "2000")
        until(page, "!document.getElementById('lab-start').disabled")
        page.click("#lab-start")
        until(page, f"lab.batch.state.batch?.there > {3 * YEARS}")
        os.kill(_batch_of(store), signal.SIGKILL)
        until(page, SAID)
        assert "ended from outside (SIGKILL)" in page.inner_text("#lab-said")
        assert runs(store) > 3 * YEARS
        until(page, "document.getElementById('lab-start').textContent === 'Continue'")


def _batch_of(store: Path) -> int:
    """The process that holds the store's lock, as the lock says."""
    return int(re.findall(r"process (\d+)", (store / ".lock").read_text())[0])


# -- for everybody, at every width ----------------------------------------------------------------

CUT = """() => {
  const page = document.documentElement;
  const bad = page.scrollWidth > innerWidth ? [`the page is ${page.scrollWidth} wide`] : [];
  for (const one of document.querySelectorAll('.lab *')) {
    if (!one.checkVisibility() || one.closest('svg, .scroll, .lab-scenarios, .lab-skip')) continue;
    const box = one.getBoundingClientRect();
    if (box.right > innerWidth + 1 || box.left < -1)
      bad.push(`${one.tagName}.${one.className} is cut`);
    if (/^(BUTTON|A|LABEL|DD|LI|P|PRE)$/.test(one.tagName) && one.scrollWidth > one.clientWidth + 2
        && one.clientWidth) bad.push(`${one.tagName} ${one.textContent.slice(0, 30)} runs over`);
  }
  return bad;
}"""
"""What lies beyond the window or runs over its box."""


def test_every_control_has_a_name_and_text_can_be_read(chromium: Browser, address: str) -> None:
    """Names, contrast of at least 4.5 in light and dark, headings in order, heads of tables."""
    with watched(chromium) as page:
        page.goto(address)
        until(page, DRAWN)
        for details in page.locator("details").all():
            details.evaluate("one => { one.open = true; }")
        for _ in range(2):
            assert page.evaluate(browsing.NAMELESS) == []
            assert page.evaluate(browsing.PALE) == []
            page.click("#lab-theme")
        levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map(h => +h.tagName[1])")
        assert levels[0] == 1
        assert all(b - a <= 1 for a, b in pairwise(levels))
        assert page.locator("table th:not([scope])").count() == 0
        assert page.locator("table:not(:has(caption))").count() == 0
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
        assert len(ids) == len(set(ids))


def test_all_of_it_works_by_keys(chromium: Browser, address: str) -> None:
    """The first stop leads to what was found; boxes, years and buttons follow, focus is seen."""
    with watched(chromium) as page:
        page.goto(address)
        until(page, DRAWN)
        passed = []
        for _ in range(9):
            page.keyboard.press("Tab")
            passed.append(
                page.evaluate("document.activeElement.id || document.activeElement.className")
            )
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        assert passed[:2] == ["lab-skip", "lab-theme"]
        assert "lab-pick-baseline" in passed
        page.focus("#lab-pick-walls")
        before = page.is_checked("#lab-pick-walls")
        page.keyboard.press("Space")
        assert page.is_checked("#lab-pick-walls") is not before
        page.focus("#lab-harm")
        page.keyboard.press("ArrowDown")
        until(page, "lab.found.shown.query.includes('harm=deaths')")
        until(page, "document.getElementById('lab-harm').value === 'deaths' && " + DRAWN)


@pytest.mark.slow
@pytest.mark.parametrize(("width", "height"), [(390, 844), (768, 1024), (1280, 720), (1920, 1080)])
def test_nothing_is_cut(chromium: Browser, address: str, width: int, height: int) -> None:
    """From a telephone to a large screen, all of it opened; wide tables scroll inside."""
    with watched(chromium, width=width, height=height) as page:
        page.goto(address)
        until(page, DRAWN)
        assert page.evaluate(CUT) == []
        for details in page.locator("details").all():
            details.evaluate("one => { one.open = true; }")
        assert page.evaluate(CUT) == []


def test_axe_finds_nothing(chromium: Browser, address: str) -> None:
    """The rules of axe-core, in light and dark."""
    with watched(chromium) as page:
        page.goto(address)
        until(page, DRAWN)
        for _ in range(2):
            assert browsing.rules_broken(page) == []
            page.click("#lab-theme")
