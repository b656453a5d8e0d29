"""The widget's script in a browser: one module draws two runs and keeps its traits in step."""

import json
import runpy
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed: no browser tests")

from playwright.sync_api import Page

import sim

CHROMIUM = Path("/usr/bin/chromium")

if not CHROMIUM.exists():
    pytest.skip(f"no browser at {CHROMIUM}: no browser tests", allow_module_level=True)

PICTURE = runpy.run_path(str(Path(__file__).resolve().parents[2] / "notebooks" / "picture.py"))


@pytest.mark.slow
def test_the_room_in_a_cell() -> None:
    """It begins at the trait's moment, follows it, plays, tells both ways, and leaves nothing."""
    days = {"days": 3.0}
    said: list[str] = []
    asked: list[str] = []

    def watched(page: Page) -> None:
        page.on("console", lambda word: said.append(word.text) if word.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))

    policies = [sim.load(name, days) for name in ("baseline", "surveillance")]
    with PICTURE["mapped"](*policies, watched) as page:
        page.wait_for_function(
            "document.querySelector('#panj-clock').textContent.includes('2 Jan')"
        )
        page.evaluate("model.moved('t', 2.25)")
        page.wait_for_function(
            "document.querySelector('#panj-clock').textContent.includes('06:00')"
        )
        page.evaluate("model.moved('mode', 'strip')")
        page.wait_for_selector(".panj-pane-strip")
        page.evaluate("model.moved('playing', true)")
        page.wait_for_function("traits.t > 2.4")
        page.click("#panj-play")
        page.wait_for_function("traits.playing === false")
        assert page.locator(".panj-pane").count() == 2
        assert page.evaluate("!!globalThis.uPlot")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 1000
        page.evaluate("leave()")
        assert page.locator(".panj").count() == 0
    assert said == []
    assert all(url.startswith(("blob:", "data:", "about:")) for url in asked), json.dumps(asked)
