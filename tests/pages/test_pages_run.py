"""Every page, followed by somebody new in a clone of their own; ``pytest -m slow`` runs it."""

import pytest
from pages.blocks import PAGES, blocks_of
from pages.newcomer import newcomer


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PAGES if blocks_of(page)])
def test_the_page_can_be_followed(page: str) -> None:
    """Each command ends well, each script runs, and what is shown is what is printed."""
    with newcomer() as somebody:
        somebody.follow(blocks_of(page))
