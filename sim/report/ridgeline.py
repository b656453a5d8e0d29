"""How an outcome varies from run to run: a ridge for each scenario."""

from collections.abc import Sequence
from functools import partial
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.comparison.comparison import Comparison
from sim.comparison.contrasts import quantiles
from sim.comparison.terms import capital
from sim.report import layout, style
from sim.report.density import Shape, shape
from sim.report.figure_numbers import axis_label, decimals, format_number, scale
from sim.report.labels import wrap
from sim.report.outcome_view import OutcomeView
from sim.report.row_chart import Panel, draw_dots, draw_lines, row_chart

NOTE: Final = (
    "Ridges show how often each value occurs, in steps for counts; every ridge is scaled to its "
    "own peak. Below a ridge: 5 % quantile, median and 95 % quantile. Dotted: median of the "
    "baseline."
)
_PEAK, _MARKS_AT = 0.72, 0.15
"""Height of a ridge above the line of its row, and of the quantiles below it, in rows."""


def ridges(view: OutcomeView, names: Sequence[str], share: float = 1.0) -> Panel:
    """The distribution of the outcome in each scenario, with its quantiles.

    The baseline is grey, and its median is marked in all rows.
    """
    return Panel(partial(_draw, view, names), share=share)


def _draw(view: OutcomeView, names: Sequence[str], ax: Axes) -> None:
    field, base = view.field, view.comparison.baseline
    samples = [view.comparison.samples[name].known(view.outcome) for name in names]
    largest = max((float(np.abs(each).max()) for each in samples if each.size), default=0.0)
    divisor, unit = scale(field, largest)
    most = 1.0 if field.unit == "share" else None
    outlines = [shape(each, ceiling=most) if each.size else None for each in samples]
    marks, middles = [], []
    for row, (name, sample, outline) in enumerate(zip(names, samples, outlines, strict=True)):
        if outline is None:
            ax.annotate("no value in any run", (0.5, row), (0, 4), ha="center", color=style.GREY,
                        xycoords=("axes fraction", "data"), textcoords="offset points",
                        fontsize=8)  # fmt: skip
            continue
        heights, colour = row - _PEAK * outline.height, style.GREY if name == base else style.SKY
        ax.fill_between(outline.x, row, heights, color=colour, alpha=0.45, linewidth=0, zorder=1.0)
        ax.plot(outline.x, heights, color=colour, linewidth=1.1, zorder=1.1)
        p5, median, p95 = quantiles(sample, (0.05, 0.5, 0.95))
        marks.append((row + _MARKS_AT, p5, p95, style.INK))
        middles.append((row + _MARKS_AT, median, style.INK))
        if name == base:
            ax.axvline(median, color=style.GREY, linewidth=0.9, linestyle=(0, (1, 2)), zorder=0.8)
    draw_lines(ax, marks, linewidth=1.3, marker="|", markersize=5, zorder=2.0)
    draw_dots(ax, middles, hollow=True, zorder=2.1)
    ax.set_xlim(*_limits([outline for outline in outlines if outline is not None]))
    room = ax.get_window_extent().width + 2 * layout.MARGIN
    ax.set_xlabel(wrap(layout.figure_of(ax), axis_label(field, unit, view.terms), room))
    layout.round_ticks(ax.xaxis, divisor, whole=field.unit in ("count", "persons"))


def _limits(outlines: Sequence[Shape]) -> tuple[float, float]:
    """Limits that hold all ridges."""
    if not outlines:
        return 0.0, 1.0
    low, high = min(float(o.x.min()) for o in outlines), max(float(o.x.max()) for o in outlines)
    slack = 0.02 * (high - low) or max(0.05 * abs(low), 0.5)
    return low - slack, high + slack


def draw_ridgeline(comparison: Comparison) -> Figure:
    """Draw the ridges alone: the baseline, then from the best mean to the worst."""
    view = OutcomeView(comparison)
    with style.styled():
        names = view.ranked
        panel = ridges(view, names)
        return row_chart((finding(view), ""), NOTE, view.labels(names), [panel], width=900.0)


def finding(view: OutcomeView) -> str:
    """The range of the medians: ``Guards killed: median 3 under routine always to 9 under ...``."""
    field, terms = view.field, view.terms
    samples = {name: view.comparison.samples[name].known(view.outcome) for name in view.ranked}
    thirds = {name: quantiles(v, (0.05, 0.5, 0.95)) for name, v in samples.items() if v.size}
    what = capital(field.label)
    if not thirds:
        return f"{what}: no run has a value"
    low, high = (pick(thirds, key=lambda name: thirds[name][1]) for pick in (min, max))
    divisor, unit = scale(field, max(abs(each[2]) for each in thirds.values()))
    span = max(each[2] - each[0] for each in thirds.values()) / divisor
    whole = all(float(v).is_integer() for v in thirds[low]) and divisor == 1.0
    digits = 0 if whole else decimals(span / 10)

    def words(value: float) -> str:
        return (
            f"{format_number(value / divisor, digits)} {unit if unit != 'persons' else ''}".strip()
        )

    if thirds[low][1] == thirds[high][1]:
        least, most = min(t[0] for t in thirds.values()), max(t[2] for t in thirds.values())
        where = terms.label(low) if len(thirds) == 1 else "every scenario"
        return (f"{what}: median {words(thirds[low][1])} under {where}; nine {terms.run}s in ten "
                f"between {words(least)} and {words(most)}")  # fmt: skip
    return (f"{what}: median from {words(thirds[low][1])} under {terms.label(low)} to "
            f"{words(thirds[high][1])} under {terms.label(high)}")  # fmt: skip
