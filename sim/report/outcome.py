"""An outcome in full: how it varies under each scenario, and beside it what each changes."""

from matplotlib.figure import Figure

from sim.report.forest import gaps, note
from sim.report.ridgeline import NOTE, draw_ridgeline, ridges
from sim.report.rows import chart
from sim.report.style import styled
from sim.report.view import Shown, look


def draw_outcome(shown: Shown, *, outcome: str | None = None, baseline: str = "baseline") -> Figure:
    """Ridges and forest, rows aligned, from the best mean difference to the worst.

    Of one scenario the ridge alone.

    ``shown`` is a comparison, or a store or table of runs, of which ``outcome`` is compared.
    """
    view = look(shown, outcome, baseline)
    if not view.found.policies:
        return draw_ridgeline(view.found, outcome=view.outcome)
    with styled():
        names = view.ranked
        panels = [ridges(view, names, 0.5), gaps(view, 0.5)]
        return chart(view.headline, f"{NOTE} {note(view)}", view.labels(names), panels)
