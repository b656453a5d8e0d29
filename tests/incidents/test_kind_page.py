"""The page of kinds is made from the registries."""

from pathlib import Path

from benchmarks.kind_page import page
from sim.incidents.kinds import KINDS, SHIPPED

PAGE = Path(__file__).parents[2] / "docs" / "kinds.md"


def test_the_page_of_kinds_is_up_to_date() -> None:
    """The page is what the registries make.

    Refresh it: ``python -m benchmarks.kind_page docs/kinds.md``.
    """
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_shipped_kind_has_its_row() -> None:
    """One row each, in the order of the registries."""
    rows = [line.split("`")[1] for line in page().splitlines() if line.startswith("| `")]
    assert rows == [name for registry in KINDS for name in registry]
    assert set(rows) == set().union(*SHIPPED)
