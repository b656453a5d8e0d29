"""The tuner in a browser: a handle moves a figure, buttons answer, nothing is asked of the net."""

import runpy
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed: no browser tests")

import sim
from sim.calibrate.surrogate import Surrogate
from sim.tuning.view import View

if not Path("/usr/bin/chromium").exists():
    pytest.skip("no browser at /usr/bin/chromium: no browser tests", allow_module_level=True)

import small_world as small

PICTURE = runpy.run_path(str(Path(__file__).resolve().parents[2] / "notebooks" / "picture.py"))


@pytest.mark.slow
def test_the_tuner_in_a_cell(
    surrogate: Surrogate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By keyboard: a slider, undo, saving; the screen shows what the session has."""
    monkeypatch.chdir(tmp_path)
    session = small.tuning(surrogate)
    session.wait(300.0)
    said: list[str] = []
    asked: list[str] = []
    with PICTURE["displayed"](View(session), 1000, 700) as page:
        page.on("console", lambda word: said.append(word.text) if word.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        assert page.locator(".slider").count() == len(session.sliders)
        assert page.locator(".row").count() == len(session.answer().rows)
        before = page.locator(".big").first.inner_text()
        handle = page.get_by_label("smugglers.loads_per_year")
        handle.focus()
        handle.press("End")
        page.wait_for_function(f"document.querySelector('.big').textContent !== {before!r}")
        assert session.moved == {"smugglers.loads_per_year": 400.0}
        page.get_by_role("button", name="Save as scenario").click()
        page.wait_for_function("document.querySelector('.note').textContent.includes('tuned.toml')")
        page.get_by_role("button", name="Undo").click()
        page.wait_for_function(f"document.querySelector('.big').textContent === {before!r}")
        page.get_by_role("button", name="2015").click()
        page.wait_for_function("traits.answer.years.length === 2")
        assert page.evaluate("document.documentElement.scrollWidth") <= 1000
        page.set_viewport_size({"width": 390, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.evaluate("leave()")
    session.close()
    assert said == []
    assert all(url.startswith(("blob:", "data:", "about:")) for url in asked)
    assert sim.load("tuned.toml").smugglers.loads_per_year == 400.0
