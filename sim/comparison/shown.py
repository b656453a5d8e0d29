"""A comparison as a notebook shows it: the verdicts, then policies by outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.card import card
from sim.comparison import sheets
from sim.comparison.digits import with_span

if TYPE_CHECKING:
    from sim.comparison.comparison import Comparison
    from sim.comparison.paired import Contrast

BESIDE: Final = ("interdiction_share", "incidents")
"""Outcomes that have a column beside the harm and the cost; all of them are in ``contrasts``."""


def as_html(found: Comparison) -> str:
    """Sentences, and a row a policy; of one scenario, its distributions."""
    terms = found.words().terms
    if not found.policies:
        sheet = sheets.distributions(found, found.baseline, terms)
        title = f"What is to be expected of {found.baseline}"
        return card(title, [*found.verdicts, *found.notes], sheet.heads, sheet.rows, sheet.left)
    wanted = dict.fromkeys([str(found.harm), *BESIDE, found.question.cost])
    shown = [name for name in wanted if name in found.outcomes]
    rows = [
        (terms.label(name), *(_cell(found.contrast(name, outcome)) for outcome in shown))
        for name in found.policies
    ]
    heads = ("", *map(sheets.called, shown))
    title = f"Against {terms.label(found.baseline)}: difference ({sheets.level(found)})"
    lines = [*found.verdicts, *found.notes]
    if any(" open, +" in cell for row in rows for cell in row):
        lines.append("open, +9: not settled; 9 more replicates would do.")
    return card(title, lines, heads, rows)


def _cell(contrast: Contrast) -> str:
    by = sheets.factor(contrast.outcome)
    figures = with_span(contrast.difference, contrast.low, contrast.high, by)
    return f"{figures} {sheets.judgement(contrast)}"
