"""Pictures from a browser: an incident followed in the viewer, and the top of a report."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM: Final = "/usr/bin/chromium"
SCENARIO, AGAINST, SEED = "baseline", "heightened_always", 1
INCIDENT: Final = "group/farkhor/2.3.0"
"""Only the second scenario has it, with all steps from the crossing to the contact."""

FRAMES, HOURS, SHOWN_MS, LAST_MS = 40, 7.6, 220, 3000
WINDOW: Final = (1280, 720)
SHOWN: Final = (1024, 576)
QUALITY: Final = 60
PAGE: Final = (1000, 1414)
"""A sheet of A4 upright, px."""


@contextmanager
def browsed(size: tuple[int, int]) -> Iterator[Page]:
    """A page in Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser.new_page(viewport={"width": size[0], "height": size[1]})
        browser.close()


@contextmanager
def served(*words: str) -> Iterator[str]:
    """Run a ``panj`` command that serves a page until the block ends; return its address."""
    command = [sys.executable, "-u", "-m", "sim", *words, "--no-open", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield next(
                found[0] for line in server.stdout if (found := re.search(r"http://\S+", line))
            )
        finally:
            server.terminate()


def few_colours(path: Path, *, smallest: bool = False, **held: str) -> None:
    """Write a picture again with a palette: a third of the size, with no visible difference.

    With ``smallest`` the smallest mark keeps its colour too. ``held`` are texts to store in it.
    """
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    method = Image.Quantize.MAXCOVERAGE if smallest else None
    texts = PngInfo()
    for key, text in held.items():
        texts.add_text(key, text)
    with Image.open(path) as picture:
        few = picture.convert("RGB").quantize(
            256 if smallest else 128, method=method, dither=Image.Dither.NONE
        )
    few.save(path, optimize=True, pnginfo=texts)


def film(target: Path) -> None:
    """Follow the incident from its first step to its last and write the film to a .webp."""
    from PIL import Image

    frames = []
    place = f"#scenario={SCENARIO}&against={AGAINST}&seed={SEED}&incident={INCIDENT}&in=b"
    with (
        served("view", SCENARIO, "--against", AGAINST, "--seed", str(SEED)) as address,
        browsed(WINDOW) as page,
    ):
        page.goto(address + place)
        page.wait_for_selector("#panj-story:not([hidden])", timeout=300_000)
        page.click("#panj-story-watch")
        page.wait_for_timeout(1500)
        page.evaluate("() => panj.play(false)")
        began = page.evaluate("() => panj.t")
        for frame in range(FRAMES):
            page.evaluate("(t) => panj.goTo(t)", began + HOURS / 24 * frame / (FRAMES - 1))
            page.wait_for_timeout(250)
            held = page.screenshot(type="png")
            frames.append(Image.open(io.BytesIO(held)).convert("RGB").resize(SHOWN))
    frames[0].save(
        target, save_all=True, append_images=frames[1:],
        duration=[SHOWN_MS] * (FRAMES - 1) + [LAST_MS], loop=0, quality=QUALITY, method=6,
    )  # fmt: skip


def first_page(report: Path, target: Path) -> None:
    """Write the top of a report as it looks in a browser to a .png."""
    with browsed(PAGE) as page:
        page.goto(report.resolve().as_uri())
        page.wait_for_timeout(500)
        page.screenshot(path=str(target))
