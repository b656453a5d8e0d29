"""The page of outcomes is made from their entries."""

import re
from pathlib import Path

from benchmarks.outcome_page import page
from sim.frontier.ground import Ground
from sim.measures.registry import outcomes_on

SHIPPED = outcomes_on(Ground.default())

PAGE = Path(__file__).parents[2] / "docs" / "outcomes.md"


def test_the_page_of_outcomes_is_up_to_date() -> None:
    """The page is what the entries make.

    Refresh it: ``python -m benchmarks.outcome_page docs/outcomes.md``.
    """
    assert PAGE.read_text(encoding="utf-8") == page()


def test_the_page_has_one_row_for_each_outcome() -> None:
    """Every row has five cells and no outcome is missing."""
    rows = [line for line in page().splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == [outcome.name for outcome in SHIPPED]
    assert all(len(re.split(r"(?<!\\)\|", row)) == 7 for row in rows)
