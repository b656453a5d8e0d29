"""The widget's script in a browser: one module draws two runs and keeps its traits in step."""

import base64
import json
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed: no browser tests")

from playwright.sync_api import sync_playwright

import sim
from sim.viewer.widget import MapWidget, script, styles

CHROMIUM = Path("/usr/bin/chromium")

if not CHROMIUM.exists():
    pytest.skip(f"no browser at {CHROMIUM}: no browser tests", allow_module_level=True)

NOTEBOOK = """async ({code, story, css}) => {
  document.head.append(Object.assign(document.createElement("style"), {textContent: css}));
  const bytes = Uint8Array.from(atob(story), (letter) => letter.charCodeAt(0));
  const traits = {story: new DataView(bytes.buffer), theme: "light", t: 1.0, playing: false,
    mode: "map"};
  const heard = {};
  window.traits = traits;
  window.model = {
    get: (name) => traits[name],
    set: (name, value) => { traits[name] = value; },
    on: (event, hear) => { heard[event] = hear; },
    off: (event) => { delete heard[event]; },
    save_changes: () => {},
    moved: (name, value) => { traits[name] = value; heard[`change:${name}`](); },
  };
  const el = document.body.appendChild(document.createElement("div"));
  const file = URL.createObjectURL(new Blob([code], {type: "text/javascript"}));
  const {default: widget} = await import(file);
  window.leave = await widget.render({model: window.model, el});
}"""
"""What a notebook gives a widget, as far as this one asks for it."""


@pytest.mark.slow
def test_the_room_in_a_cell() -> None:
    """It begins at the trait's moment, follows it, plays, tells both ways, and leaves nothing."""
    days = {"days": 3.0}
    widget = MapWidget(sim.load("baseline", days), against=sim.load("surveillance", days))
    given = {
        "code": script(),
        "story": base64.b64encode(widget.story).decode(),
        "css": styles(),
    }
    said: list[str] = []
    asked: list[str] = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        page = chromium.new_page(viewport={"width": 1000, "height": 1200})
        page.on("console", lambda word: said.append(word.text) if word.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.evaluate(NOTEBOOK, given)
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
        chromium.close()
    assert said == []
    assert all(url.startswith(("blob:", "data:", "about:")) for url in asked), json.dumps(asked)
