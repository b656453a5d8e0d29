"""How an outcome varies from run to run, a ridge for each scenario."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.comparison.paired import quantiles
from sim.comparison.results import Floats
from sim.comparison.terms import Terms, capital
from sim.measures.outcome import Outcome
from sim.report import page, style
from sim.report.density import shape
from sim.report.labels import wrapped
from sim.report.rows import name_room, set_rows, tall
from sim.report.view import Shown, View, look
from sim.report.wording import axis_words, decimals, number, scale

NOTE: Final = (
    "Ridges show how often each value occurs, counts in steps; every ridge is scaled to its own "
    "peak. Below a ridge: 5 %, median and 95 %. Dotted: the baseline’s median."
)
_PEAK, _MARKS_AT = 0.72, 0.15
"""Height of a ridge above its row's line and depth of the quantiles below it, in rows."""


def ridgeline(
    shown: Shown,
    ax: Axes,
    *,
    outcome: str | None = None,
    baseline: str = "baseline",
    order: Sequence[str] | None = None,
    terms: Terms | None = None,
) -> Axes:
    """Draw the distribution of an outcome under each scenario, with its quantiles.

    ``shown`` is a comparison, or a store or table of runs. Rows stand in ``order``, otherwise the
    baseline comes first. The baseline is grey, and its median goes through all rows.
    """
    view = look(shown, outcome, baseline, terms)
    names, base = list(order or view.found.names), view.found.baseline
    outcomes = view.field
    samples = [view.found.samples[name].known(view.outcome) for name in names]
    largest = max((float(np.abs(each).max()) for each in samples if each.size), default=0.0)
    divisor, unit = scale(outcomes, largest)
    ax.set_xlim(*_limits(samples, outcomes))
    for row, (name, sample) in enumerate(zip(names, samples, strict=True)):
        _ridge(ax, row, sample, outcomes, style.GREY if name == base else style.SKY)
    set_rows(ax, names, base, view.terms)
    if base in names and (own := samples[names.index(base)]).size:
        ax.axvline(quantiles(own, (0.5,))[0], color=style.GREY, linewidth=0.9,
                   linestyle=(0, (1, 2)), zorder=0.8)  # fmt: skip
    room = ax.get_window_extent().width + 2 * page.MARGIN
    ax.set_xlabel(wrapped(page.figure_of(ax), axis_words(outcomes, unit, view.terms), room))
    page.round_ticks(ax.xaxis, divisor, whole=outcomes.unit in ("count", "persons"))
    return ax


def _ridge(ax: Axes, row: int, sample: Floats, field: Outcome, colour: str) -> None:
    if not sample.size:
        ax.annotate("no value in any run", (0.5, row), (0, 4), xycoords=("axes fraction", "data"),
                    textcoords="offset points", ha="center", color=style.GREY,
                    fontsize=8)  # fmt: skip
        return
    outline = shape(sample, ceiling=1.0 if field.unit == "share" else None)
    heights = row - _PEAK * outline.height
    ax.fill_between(outline.x, row, heights, color=colour, alpha=0.45, linewidth=0, zorder=1.0)
    ax.plot(outline.x, heights, color=colour, linewidth=1.1, zorder=1.1)
    p5, median, p95 = quantiles(sample, (0.05, 0.5, 0.95))
    y = row + _MARKS_AT
    ax.plot([p5, p95], [y, y], color=style.INK, linewidth=1.3, marker="|", markersize=5, zorder=2.0)
    ax.plot([median], [y], color="white", marker="o", markersize=5.2, markeredgecolor=style.INK,
            markeredgewidth=1.2, zorder=2.1)  # fmt: skip


def _limits(samples: Sequence[Floats], field: Outcome) -> tuple[float, float]:
    """What all ridges need; the rare far values of a long tail are left to the eye's edge."""
    outlines = [shape(each, ceiling=1.0 if field.unit == "share" else None).x
                for each in samples if each.size]  # fmt: skip
    if not outlines:
        return 0.0, 1.0
    low, high = min(float(x.min()) for x in outlines), max(float(x.max()) for x in outlines)
    slack = 0.02 * (high - low) or max(0.05 * abs(low), 0.5)
    return low - slack, high + slack


def draw_ridgeline(
    shown: Shown,
    *,
    outcome: str | None = None,
    baseline: str = "baseline",
    terms: Terms | None = None,
) -> Figure:
    """The ridges alone, from the best mean to the worst below the baseline's."""
    view = look(shown, outcome, baseline, terms)
    with style.styled():
        names = view.ranked
        figure = page.sheet(tall(len(names)) + 150, 900)
        top = page.headline(figure, finding(view), "")
        left = page.MARGIN + name_room(figure, names, view.terms) + 14
        foot = page.footnote(figure, NOTE) + page.AXIS_PX
        ax = page.panel(figure, left, foot, figure.bbox.width - 2 * page.MARGIN, top)
        ridgeline(view.found, ax, outcome=view.outcome, order=names, terms=view.terms)
    return figure


def finding(view: View) -> str:
    """The range of the medians: ``Guards killed: median 3 under routine always to 9 under ...``."""
    field, terms = view.field, view.terms
    samples = {name: view.found.samples[name].known(view.outcome) for name in view.ranked}
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
        return f"{number(value / divisor, digits)} {unit if unit != 'persons' else ''}".strip()

    if thirds[low][1] == thirds[high][1]:
        least, most = min(t[0] for t in thirds.values()), max(t[2] for t in thirds.values())
        where = terms.label(low) if len(thirds) == 1 else "every scenario"
        return (f"{what}: median {words(thirds[low][1])} under {where}; nine {terms.run}s in ten "
                f"between {words(least)} and {words(most)}")  # fmt: skip
    return (f"{what}: median from {words(thirds[low][1])} under {terms.label(low)} to "
            f"{words(thirds[high][1])} under {terms.label(high)}")  # fmt: skip
