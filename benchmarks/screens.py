"""``python -m benchmarks.screens``: pictures of the viewer and of the lab for the docs.

Each picture shows the page of the command in Chromium. The picture of the lab shows a given store,
to which the lab adds runs.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import click

from benchmarks.film import browsed, few_colours, served

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT: Final = Path(__file__).resolve().parents[1]
WIDE: Final = (1280, 720)
TALL: Final = (1280, 960)
PATIENCE_MS: Final = 300_000
STORY: Final = "#panj-story:not([hidden])"

PARTED: Final = "scenario=baseline&against=triggered&seed=3&incident=group/shamsiddin_shohin/0.19.4"
"""A group that is met under one policy and gets through under the other."""
NAMED: Final = "results/policies"
"""The store as the page names it, wherever its copy lies."""
NOON: Final = 3.5
"""A day of which nothing is called out over the names."""
NEAR: Final = (440.0, 740.0)
"""Darvoz, Vanj and Rushon, km."""


def compare(target: Path) -> None:
    """One group under two policies, step by step."""
    policies = ("baseline", "--against", "triggered", "--seed", "3")
    with served("view", *policies) as address, browsed(WIDE) as page:
        page.goto(f"{address}#{PARTED}")
        page.wait_for_selector(STORY, timeout=PATIENCE_MS)
        page.wait_for_timeout(4_000)
        page.evaluate("() => panj.play(false)")
        page.wait_for_timeout(1_000)
        page.screenshot(path=str(target))


def whole(target: Path) -> None:
    """The map of the whole frontier, with the chainage below it."""
    _map(target, lambda page: None)


def near_dark(target: Path) -> None:
    """A stretch of the map, in dark mode."""

    def nearer(page: Page) -> None:
        page.click("#panj-theme")
        bar = page.locator(".panj-brush").first.bounding_box()
        length = page.evaluate("() => panj.panes[0].view.length")
        assert bar is not None
        start, end = (bar["x"] + bar["width"] * km / length for km in NEAR)
        page.mouse.move(start, bar["y"] + 10)
        page.mouse.down()
        page.mouse.move(end, bar["y"] + 10, steps=5)
        page.mouse.up()

    _map(target, nearer)


def _map(target: Path, look: Callable[[Page], None]) -> None:
    """The pane of the map, with a chosen view."""
    with served("view", "baseline") as address, browsed(WIDE) as page:
        page.goto(address)
        page.wait_for_selector(STORY, timeout=PATIENCE_MS)
        page.keyboard.press("Escape")
        page.wait_for_timeout(8_000)
        page.evaluate("(t) => { panj.play(false); panj.goTo(t); }", NOON)
        look(page)
        page.wait_for_timeout(8_000)
        page.locator(".panj-pane-map").first.screenshot(path=str(target))


def lab(target: Path, store: Path) -> None:
    """The findings of a store, while a batch adds to it."""
    with TemporaryDirectory() as folder:
        held = copytree(store, Path(folder) / "store")
        with served("lab", str(held), "--jobs", "1") as address, browsed(TALL) as page:
            page.goto(address)
            page.wait_for_selector("#lab-found .lead", timeout=PATIENCE_MS)
            page.click("#lab-all")
            page.fill("#lab-years", "120")
            page.wait_for_selector("#lab-start:not([disabled])", timeout=PATIENCE_MS)
            page.click("#lab-start")
            page.wait_for_selector("#lab-batch:not([hidden])", timeout=PATIENCE_MS)
            page.wait_for_timeout(15_000)
            page.evaluate(f"() => document.getElementById('lab-store').textContent = '{NAMED}'")
            page.screenshot(path=str(target))
            page.click("#lab-stop")
            page.wait_for_selector("#lab-stop", state="hidden", timeout=PATIENCE_MS)


SCREENS: Final = {
    "viewer/compare": compare,
    "viewer/map": whole,
    "viewer/map_near_dark": near_dark,
}


@click.command()
@click.option("--store", type=click.Path(path_type=Path), help="Show this store in the lab.")
@click.option(
    "-o", "--output", "folder", type=click.Path(path_type=Path), default=ROOT / "docs" / "img",
    help="Folder of the pictures  [default: docs/img].",
)  # fmt: skip
@click.argument("names", nargs=-1)
def main(store: Path | None, folder: Path, names: tuple[str, ...]) -> None:
    """Take the pictures called NAMES, or all."""
    wanted = {name: take for name, take in SCREENS.items() if not names or name in names}
    if store is not None:
        wanted["lab/lab"] = lambda target: lab(target, store)
    for name, take in wanted.items():
        target = folder / f"{name}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        take(target)
        few_colours(target, smallest=True)
        click.echo(f"Taken: {name}", err=True)


if __name__ == "__main__":
    main()
