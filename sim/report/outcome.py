"""An outcome in full: how it varies under each scenario, and beside it what each changes."""

from matplotlib.figure import Figure

from sim.comparison.terms import Terms
from sim.report import style
from sim.report.forest import cell_room, forest, note
from sim.report.page import AXIS_PX, MARGIN, footnote, headline, panel, sheet
from sim.report.ridgeline import NOTE, draw_ridgeline, ridgeline
from sim.report.rows import name_room, tall
from sim.report.view import Shown, look

_BETWEEN = 34.0
_RIDGES = 0.5
"""Share of the two panels' width that the ridges have."""


def draw_outcome(
    shown: Shown,
    *,
    outcome: str | None = None,
    baseline: str = "baseline",
    terms: Terms | None = None,
) -> Figure:
    """Ridges and forest, rows aligned, from the best mean difference to the worst.

    Of one scenario the ridge alone.
    ``shown`` is a comparison, or a store or table of runs, of which ``outcome`` is compared.
    """
    view = look(shown, outcome, baseline, terms)
    if not view.found.policies:
        return draw_ridgeline(view.found, outcome=view.outcome, terms=view.terms)
    with style.styled():
        names = view.ranked
        figure = sheet(tall(len(names)) + 170)
        top = headline(figure, *view.headline)
        foot = footnote(figure, f"{NOTE} {note(view)}") + AXIS_PX
        left = MARGIN + name_room(figure, names, view.terms) + 14
        right = figure.bbox.width - MARGIN - sum(cell_room(figure, view))
        middle = left + _RIDGES * (right - left)
        ridges = panel(figure, left, foot, middle - _BETWEEN / 2, top)
        gaps = panel(figure, middle + _BETWEEN / 2, foot, right, top)
        ridgeline(view.found, ridges, outcome=view.outcome, order=names, terms=view.terms)
        forest(view.found, gaps, outcome=view.outcome, order=names, terms=view.terms)
        gaps.tick_params(labelleft=False)
    return figure
