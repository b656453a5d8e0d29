"""What a policy changes: paired differences to the baseline, a row for each scenario.

The forest stands alone, or beside ridges that show how the outcome varies in each scenario.
"""

from functools import partial
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.comparison.comparison import Comparison
from sim.comparison.number_format import per_cent
from sim.comparison.question import DEFAULT_ROPE
from sim.report import layout, style
from sim.report.figure_numbers import Scale, column_decimals, mean_with_interval, scale, unit_label
from sim.report.outcome_view import OutcomeView
from sim.report.ridgeline import NOTE, draw_ridgeline, ridges
from sim.report.row_chart import Panel, draw_dots, draw_lines, row_chart

COLOURS: Final = {
    "better": style.BLUE,
    "worse": style.VERMILION,
    "less": style.PURPLE,
    "more": style.PURPLE,
}
"""By judgement; any other judgement is grey."""


def _scale(view: OutcomeView) -> Scale:
    """The unit of all differences of a view."""
    ends = [abs(end) for c in view.contrasts for end in c.interval or ()]
    return scale(view.field, max(ends, default=0.0), change=True)


def gaps(view: OutcomeView, share: float = 1.0) -> Panel:
    """The mean paired difference of each scenario to the baseline, with two intervals, by rank.

    The thick line is the confidence interval of the mean, which narrows with replicates. The thin
    line holds nine differences in ten and does not narrow. At the right are the numbers and the
    shares of pairs that are better and worse.
    """
    return Panel(partial(_draw, view), cells(view), share)


def _draw(view: OutcomeView, ax: Axes) -> None:
    by = _scale(view)
    rope = max((c.rope_high or 0.0 for c in view.contrasts), default=0.0)
    ax.axvspan(-rope, rope, color=style.NIGHT, linewidth=0, zorder=0.1)
    ax.axvline(0.0, color=style.INK, linewidth=1.0, zorder=0.9)
    thin, thick, means, ends = [], [], [], []
    for y, c in enumerate(view.ranked_contrasts, 1):
        if c.difference is None or c.p05 is None or c.p95 is None:
            continue
        colour = COLOURS.get(c.judgement, style.GREY)
        thin.append((y, c.p05, c.p95, colour))
        thick += [(y, *c.interval, colour)] if c.interval else []
        means.append((y, c.difference, colour))
        ends += [c.p05, c.p95, c.difference, *(c.interval or ())]
    draw_lines(ax, thin, linewidth=1.2, marker="|", markersize=5, zorder=1.0)
    draw_lines(ax, thick, linewidth=5.0, zorder=1.1)
    draw_dots(ax, means, hollow=True, zorder=1.2)
    ax.set_xlim(layout.limits(ends, 0.04, by.divisor))
    ax.set_xlabel(f"change ({unit_label(view.field, by.unit, view.terms)})")
    layout.round_ticks(ax.xaxis, by.divisor, sign=True)


def cells(view: OutcomeView) -> list[tuple[str, str, str]]:
    """The numbers beside the rows, below their heads."""
    way, by = view.field.better, _scale(view).divisor
    digits = column_decimals(
        (c.interval[1] - c.interval[0]) / by for c in view.contrasts if c.interval
    )
    heads = ("lower", "higher") if way == "neither" else ("better", "worse")
    lines = [(f"mean, {view.level} interval", *heads), ("reference", "", "")]
    for c in view.ranked_contrasts:
        if c.p_less is None or c.p_more is None:
            lines.append(("nothing to pair", "", ""))
            continue
        parts = (c.p_more, c.p_less) if way == "more" else (c.p_less, c.p_more)
        ends = [end / by for end in c.interval or ()]
        mean = mean_with_interval((c.difference or 0.0) / by, ends, digits, "  ")
        lines.append((mean, per_cent(parts[0]), per_cent(parts[1])))
    return lines


def note(view: OutcomeView) -> str:
    """How to read the forest."""
    neutral = view.field.better == "neither"
    colours = "Purple: a difference" if neutral else "Blue: better, vermilion: worse"
    given = view.outcome in view.comparison.question.rope
    band = "the given width" if given else f"{per_cent(DEFAULT_ROPE)} of the baseline’s mean"
    return (
        f"Differences are between the two runs of a replicate. Thick: {view.level} interval of "
        f"the mean, narrower with more replicates; thin: nine {view.terms.run}s in ten, not "
        f"narrower with more replicates. {colours}, grey: not beyond chance (Holm’s correction for "
        f"many comparisons), or inside the shaded band, {band} either way, which counts as the "
        "same."
    )


def draw_forest(comparison: Comparison) -> Figure:
    """Draw the paired differences alone, from the best mean to the worst."""
    view = OutcomeView(comparison)
    with style.styled():
        labels = view.labels(view.ranked)
        return row_chart(view.headline, note(view), labels, [gaps(view)], share=0.75, width=1000.0)


def draw_outcome(comparison: Comparison) -> Figure:
    """Draw ridges and forest on the same rows, by rank; for a single scenario the ridge alone."""
    view = OutcomeView(comparison)
    if not comparison.policies:
        return draw_ridgeline(comparison)
    with style.styled():
        names = view.ranked
        panels = [ridges(view, names, 0.5), gaps(view, 0.5)]
        return row_chart(view.headline, f"{NOTE} {note(view)}", view.labels(names), panels)
