"""What holds for every test: the same commit gets the same verdict, and no test is timed."""

import gc
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Before anything imports matplotlib: pictures are drawn without a screen.
os.environ["MPLBACKEND"] = "Agg"

# What is compiled once serves both workers, and every command that a test starts.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# A law is tried with as many examples as show that it holds; `--hypothesis-profile=thorough` tries
# many more, where a law does not name a number of its own.
settings.register_profile("panj", max_examples=30, deadline=None, derandomize=True, print_blob=True)
settings.register_profile("thorough", settings.get_profile("panj"), max_examples=300)
settings.load_profile("panj")


@pytest.fixture(scope="module")
def chromium() -> Iterator["Browser"]:
    """One browser for all tests of a file; it is left out where there is none."""
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    import browsing  # needs Playwright

    if not browsing.CHROMIUM.exists():
        pytest.skip(f"no browser at {browsing.CHROMIUM}")
    with browsing.browser() as opened:
        yield opened


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What opens a browser takes many seconds, unless it says that it takes minutes."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()) and not item.get_closest_marker("slow"):
            item.add_marker("thorough")


# What is imported and collected stays to the end: the search for garbage need not go through it,
# and a model makes so many objects that it need not be often either.
gc.disable()
gc.set_threshold(20_000, 10, 10)


def pytest_collection_finish() -> None:
    """From here on garbage is collected again, among what the tests themselves make."""
    gc.freeze()
    gc.enable()
