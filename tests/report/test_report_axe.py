"""The report as axe-core reads it, in a real browser."""

from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed: no browser tests")

from browsing import rules_broken, watched
from playwright.sync_api import Browser
from report_stores import DRAWN, EVIL, filled, scenario

from sim.report.document import report


def test_axe_finds_nothing(chromium: Browser, tmp_path: Path) -> None:
    """Three scenarios, one with a hostile title, with draws; light and dark, all of it opened."""
    specs = [scenario("baseline"), scenario("baseline_and_more", EVIL), scenario("lame")]
    file = tmp_path / "report.html"
    file.write_text(report(filled(tmp_path / "s", specs, 16, posterior=DRAWN)), "utf-8")
    with watched(chromium) as page:
        page.goto(file.as_uri())
        for details in page.locator("details").all():
            details.evaluate("one => { one.open = true; }")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            assert rules_broken(page) == []
        page.set_content("<html><title>x</title><img src='data:,'></html>")  # it can fail
        assert "image-alt" in [rule for rule, _ in rules_broken(page)]
