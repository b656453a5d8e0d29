"""A comparison as a notebook shows it: the verdicts, then policies by outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.comparison import text_tables
from sim.comparison.number_format import with_interval
from sim.notebook_card import card

if TYPE_CHECKING:
    from sim.comparison.comparison import Comparison
    from sim.comparison.contrasts import Contrast


def as_html(comparison: Comparison) -> str:
    """Sentences and one row per policy; for a single scenario, its distributions."""
    terms = comparison.words().terms
    if comparison.matrix is None:
        sheet = text_tables.distributions(comparison, comparison.baseline, terms)
        title = f"What to expect of {comparison.baseline}"
        return card(
            title, [*comparison.verdicts, *comparison.notes], sheet.heads, sheet.rows, sheet.left
        )
    rows = [
        (
            terms.label(row.scenario),
            *(_cell(comparison.contrast(row.scenario, c.outcome)) for c in row.cells),
        )
        for row in comparison.matrix.rows
    ]
    heads = ("", *map(text_tables.outcome_heading, comparison.matrix.outcomes))
    base, interval = terms.label(comparison.baseline), text_tables.interval_label(comparison)
    title = f"Difference from {base} ({interval})"
    lines = [*comparison.headline, *comparison.notes]
    if any(" open, +" in cell for row in rows for cell in row):
        lines.append("open, +9: not settled; 9 more replicates would do.")
    return card(title, lines, heads, rows)


def _cell(contrast: Contrast) -> str:
    by = text_tables.display_factor(contrast.outcome)
    figures = with_interval(contrast.difference, contrast.low, contrast.high, by)
    return f"{figures} {text_tables.judgement(contrast)}"
