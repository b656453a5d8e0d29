"""An outcome in full: how it varies under each scenario, and beside it what each changes."""

import pyarrow as pa
from matplotlib.figure import Figure

from sim.report import style
from sim.report.forest import cell_room, forest, note
from sim.report.page import AXIS_PX, MARGIN, footnote, headline, panel, sheet
from sim.report.paired import compared
from sim.report.ridgeline import NOTE, ridgeline
from sim.report.rows import name_room, ranked, tall
from sim.report.verdict import verdict
from sim.report.wording import PLAIN, Terms

_BETWEEN = 34.0
_RIDGES = 0.5
"""Share of the two panels' width that the ridges have."""


def draw_outcome(table: pa.Table, *, outcome: str, baseline: str, terms: Terms = PLAIN) -> Figure:
    """Ridges and forest, rows aligned, from the best mean difference to the worst.

    ``table`` has one row a run: ``scenario``, ``replicate`` and outcomes, null where undefined.
    """
    with style.styled():
        names = ranked(table, outcome, baseline)
        found = compared(table, outcome, baseline, names)
        figure = sheet(tall(len(names)) + 170)
        top = headline(figure, *verdict(found, baseline, terms))
        foot = footnote(figure, f"{NOTE} {note(found, terms)}") + AXIS_PX
        left = MARGIN + name_room(figure, names, terms) + 14
        right = figure.bbox.width - MARGIN - sum(cell_room(figure, found))
        middle = left + _RIDGES * (right - left)
        ridges = panel(figure, left, foot, middle - _BETWEEN / 2, top)
        gaps = panel(figure, middle + _BETWEEN / 2, foot, right, top)
        ridgeline(table, ridges, outcome=outcome, baseline=baseline, order=names, terms=terms)
        forest(table, gaps, outcome=outcome, baseline=baseline, order=names, terms=terms)
        gaps.tick_params(labelleft=False)
    return figure
