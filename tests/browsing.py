"""A browser on a page of the view: what it asked for, what it complained of, how to wait for it."""

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from sim.runs.background import Background
from sim.serving.server import listen, serve
from sim.viewer.server import app
from sim.viewer.session import InitialView

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
PATIENCE_S = 60.0
# until the room stands, `panj` is the element of that name
SHOWN = "!!window.panj?.session?.ready && panj.frames > 0 && panj.session.known > 0"

NAMELESS = """() => [...document.querySelectorAll(
    '.panj :is(button, select, input, summary, [tabindex])')]
  .filter(one => one.checkVisibility() && one.tabIndex >= 0)
  .filter(one => !(one.getAttribute('aria-label') || one.labels?.length
    || one.textContent.trim() || one.title))
  .map(one => one.outerHTML.slice(0, 120))"""
"""Controls without a name that a screen reader could say."""

PALE = """() => {
  const parts = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = (rgb) => rgb.slice(0, 3).map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (one) => {
    for (; one; one = one.parentElement) {
      const rgba = parts(getComputedStyle(one).backgroundColor);
      if (rgba.length < 4 || rgba[3] > 0.9) return rgba;
    }
    return [255, 255, 255];
  };
  const bad = [];
  for (const one of document.querySelectorAll('.panj *')) {
    const own = [...one.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || !one.checkVisibility() || one.closest('svg')) continue;
    const [ink, paper] = [light(parts(getComputedStyle(one).color)), light(behind(one))];
    const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    if (ratio < 4.5) bad.push(`${ratio.toFixed(2)} ${one.tagName} ${one.textContent.slice(0, 40)}`);
  }
  return bad;
}"""
"""Text with a contrast below 4.5 to what is behind it (WCAG 2.2, 1.4.3)."""

CUT = """() => {
  const page = document.documentElement;
  const bad = page.scrollWidth > innerWidth ? [`the page is ${page.scrollWidth} wide`] : [];
  const boxes = ['.panj-head', '.panj-counters', '.panj-stagebox', '.panj-transport',
    '.panj-chartbox', '.panj-left', '.panj-right'].map(name => [name, document.querySelector(name)])
    .map(([name, one]) => [name, one.getBoundingClientRect()]);
  for (const [name, box] of boxes)
    for (const [other, its] of boxes)
      if (name < other && box.left < its.right - 1 && its.left < box.right - 1
          && box.top < its.bottom - 1 && its.top < box.bottom - 1) bad.push(`${name} on ${other}`);
  const told = '.panj-transport *, .panj-counters *, .panj-head *';
  for (const one of document.querySelectorAll(told)) {
    if (!one.checkVisibility() || one.closest('svg')) continue;
    const box = one.getBoundingClientRect();
    if (box.right > innerWidth + 1 || box.left < -1) bad.push(`${one.tagName}#${one.id} is cut`);
    if (/^(DD|DT|BUTTON|OUTPUT)$/.test(one.tagName) && one.scrollWidth > one.clientWidth + 1
        && one.clientWidth) bad.push(`${one.tagName} ${one.textContent} runs over`);
  }
  return bad;
}"""
"""What lies on something else, runs over its box, or is wider than the window."""

AXE = """axe.run().then(({ violations }) =>
  violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 120))]))"""
"""What breaks a rule, by the rule's name."""

RATE = """(seconds) => new Promise(done => {
  const [from, begun] = [panj.frames, performance.now()];
  setTimeout(() => done((panj.frames - from) * 1000 / (performance.now() - begun)), 1000 * seconds);
})"""
"""Frames drawn in a second."""


@contextmanager
def browser() -> Iterator[Browser]:
    """Debian's Chromium with an empty profile."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@contextmanager
def watched(chromium: Browser, *, width: int = 1280, height: int = 720) -> Iterator[Page]:
    """An empty page; at the end it must have asked only this machine and complained of nothing."""
    page = chromium.new_page(viewport={"width": width, "height": height})
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    yield page
    page.close()
    outside = [url for url in asked if not _inside(url)]
    assert not outside
    assert not complaints


def _inside(url: str) -> bool:
    parts = urlparse(url)
    return parts.scheme in ("data", "blob", "file") or parts.hostname == "127.0.0.1"


def until(page: Page, expression: str, seconds: float = PATIENCE_S) -> None:
    """Wait until ``expression`` is true; the page's policy forbids Playwright's own wait."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < end, f"never true: {expression}"
        page.wait_for_timeout(30)


def served(first: InitialView, background: Background | None = None) -> str:
    """The address of a view whose server ends with the tests."""
    place = listen(0)
    threading.Thread(target=serve, args=(app(first, background), place), daemon=True).start()
    return place.link


def shown(page: Page, address: str) -> None:
    """Open the address, at day 0 unless it says where, and wait for the first picture."""
    page.goto(address if "#" in address else f"{address}#t=0")
    until(page, SHOWN)


def moment(page: Page) -> float:
    """The day on the screen."""
    t: float = page.evaluate("panj.t")
    return t


def rules_broken(page: Page) -> list[list[object]]:
    """Rules of axe-core that a page breaks; the test is left out where npm has not put it here."""
    script = _axe()
    if script is None:
        pytest.skip("axe-core is not there (npm install axe-core, and NODE_PATH says where)")
    page.evaluate(script.read_text("utf-8"))
    broken: list[list[object]] = page.evaluate(AXE)
    return broken


@cache
def _axe() -> Path | None:
    """The one file of axe-core: on NODE_PATH, below npm's folder here, or its global one."""
    roots = os.environ.get("NODE_PATH", "").split(os.pathsep)
    if shutil.which("npm"):
        for options in ([], ["-g"]):
            said = subprocess.run(["npm", "root", *options], capture_output=True, text=True)
            roots.append(said.stdout.strip())
    places = (Path(root) / "axe-core" / "axe.min.js" for root in roots if root)
    return next((place for place in places if place.is_file()), None)
