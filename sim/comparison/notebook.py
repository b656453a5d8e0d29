"""A comparison as a notebook shows it: the verdicts, then policies by outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.comparison import text_tables
from sim.comparison.number_format import with_interval
from sim.notebook_card import card

if TYPE_CHECKING:
    from sim.comparison.comparison import Comparison
    from sim.comparison.contrasts import Contrast


def as_html(found: Comparison) -> str:
    """Sentences, and a row a policy; of one scenario, its distributions."""
    terms = found.words().terms
    if found.matrix is None:
        sheet = text_tables.distributions(found, found.baseline, terms)
        title = f"What is to be expected of {found.baseline}"
        return card(title, [*found.verdicts, *found.notes], sheet.heads, sheet.rows, sheet.left)
    rows = [
        (
            terms.label(row.scenario),
            *(_cell(found.contrast(row.scenario, c.outcome)) for c in row.cells),
        )
        for row in found.matrix.rows
    ]
    heads = ("", *map(text_tables.outcome_heading, found.matrix.outcomes))
    title = (
        f"Against {terms.label(found.baseline)}: difference ({text_tables.interval_label(found)})"
    )
    lines = [*found.headline, *found.notes]
    if any(" open, +" in cell for row in rows for cell in row):
        lines.append("open, +9: not settled; 9 more replicates would do.")
    return card(title, lines, heads, rows)


def _cell(contrast: Contrast) -> str:
    by = text_tables.display_factor(contrast.outcome)
    figures = with_interval(contrast.difference, contrast.low, contrast.high, by)
    return f"{figures} {text_tables.judgement(contrast)}"
