"""What the tests of the live view share."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def chromium() -> Iterator["Browser"]:
    """One browser for all tests of a file."""
    import browsing  # needs Playwright, as the tests do that ask for it

    with browsing.browser() as opened:
        yield opened
