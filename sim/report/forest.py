"""What a policy changes: paired differences to the baseline, a row for each scenario."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.comparison.digits import per_cent
from sim.comparison.paired import Contrast
from sim.comparison.question import DEFAULT_ROPE
from sim.comparison.terms import Terms
from sim.report import page, style
from sim.report.cells import beside, rooms, write
from sim.report.rows import name_room, set_rows, tall
from sim.report.view import Shown, View, look
from sim.report.wording import Scale, digits_of, number, scale, unit_words

COLOURS: Final = {
    "better": style.BLUE,
    "worse": style.VERMILION,
    "less": style.PURPLE,
    "more": style.PURPLE,
}
"""By judgement; what is not settled is grey."""

_APART: Final = 14.0
_THIN, _THICK = 1.2, 5.0


class Column(NamedTuple):
    """How the differences of a view are written: their unit, and digits after the point."""

    scale: Scale
    digits: int

    def words(self, c: Contrast) -> str:
        """The mean and, in brackets, its interval; a mean without an interval stands alone."""
        mean, *ends = (
            number(value / self.scale.divisor, self.digits, sign=True)
            for value in (c.difference or 0.0, *(c.interval or ()))
        )
        return f"{mean}  [{', '.join(ends)}]" if ends else mean


def column(view: View) -> Column:
    """One unit and one number of digits for all differences of a view."""
    ends = [c.interval for c in view.own if c.interval is not None]
    by = scale(view.field, max((abs(end) for pair in ends for end in pair), default=0.0),
               change=True)  # fmt: skip
    return Column(by, digits_of((high - low) / by.divisor for low, high in ends))


def forest(
    shown: Shown,
    ax: Axes,
    *,
    outcome: str | None = None,
    baseline: str = "baseline",
    order: Sequence[str] | None = None,
    terms: Terms | None = None,
) -> Axes:
    """Draw each scenario's mean paired difference to the baseline, with two intervals.

    Thick: the confidence interval of the mean, which narrows with replicates. Thin: where nine
    differences in ten lie, which does not. At the right stand the numbers and the shares of
    pairs that are better and worse. ``shown`` is a comparison, or a store or table of runs; of
    these ``outcome`` is compared with ``baseline``.
    """
    view = look(shown, outcome, baseline, terms)
    names, written = list(order or view.ranked), column(view)
    rope = max((c.rope_high or 0.0 for c in view.own), default=0.0)
    ax.axvspan(-rope, rope, color=style.NIGHT, linewidth=0, zorder=0.1)
    ax.axvline(0.0, color=style.INK, linewidth=1.0, zorder=0.9)
    reach = [0.0]
    for c in view.own:
        reach += _row(ax, names.index(c.scenario), c)
    slack = 0.04 * (max(reach) - min(reach)) or written.scale.divisor
    ax.set_xlim(min(reach) - slack, max(reach) + slack)
    set_rows(ax, names, view.found.baseline, view.terms)
    ax.set_xlabel(f"change ({unit_words(view.field, written.scale.unit, view.terms)})")
    page.round_ticks(ax.xaxis, written.scale.divisor, sign=True)
    _write_cells(ax, names, view)
    return ax


def _row(ax: Axes, y: int, c: Contrast) -> list[float]:
    """Draw one row; returns how far it reaches."""
    if c.difference is None or c.p05 is None or c.p95 is None:
        return []
    colour = COLOURS.get(c.judgement, style.GREY)
    ax.plot([c.p05, c.p95], [y, y], color=colour, linewidth=_THIN, marker="|", markersize=5,
            zorder=1.0)  # fmt: skip
    if c.interval is not None:
        ax.plot(c.interval, [y, y], color=colour, linewidth=_THICK, solid_capstyle="butt",
                zorder=1.1)  # fmt: skip
    ax.plot([c.difference], [y], marker="o", markersize=5.2, color="white",
            markeredgecolor=colour, markeredgewidth=1.4, zorder=1.2)  # fmt: skip
    return [c.p05, c.p95, c.difference, *(c.interval or ())]


def cells(view: View) -> list[tuple[str, str, str]]:
    """The numbers beside the rows; the first line is their heading."""
    way, written = view.field.better, column(view)
    heads = ("lower", "higher") if way == "neither" else ("better", "worse")
    lines = [(f"mean, {view.level} interval", *heads)]
    for c in view.own:
        if c.p_less is None or c.p_more is None:
            lines.append(("nothing to pair", "", ""))
            continue
        parts = (c.p_more, c.p_less) if way == "more" else (c.p_less, c.p_more)
        lines.append((written.words(c), per_cent(parts[0]), per_cent(parts[1])))
    return lines


def cell_room(figure: Figure, view: View) -> list[float]:
    """Width of each column of :func:`cells`, pixels, gap included."""
    return rooms(figure, cells(view), _APART)


def _write_cells(ax: Axes, names: Sequence[str], view: View) -> None:
    widths = cell_room(page.figure_of(ax), view)
    head, *lines = cells(view)
    rows = [names.index(c.scenario) for c in view.own]
    write(ax, [(-0.72, head), *zip(rows, lines, strict=True)], widths)
    for y in set(range(len(names))) - set(rows):
        beside(ax, y, "reference", sum(widths), color=style.GREY, fontstyle="italic")


def note(view: View) -> str:
    """How to read the forest."""
    neutral = view.field.better == "neither"
    colours = "Purple: a difference" if neutral else "Blue: better, vermilion: worse"
    asked = view.found.question.rope.get(view.outcome)
    band = "the width asked for" if asked is not None else (
        f"{per_cent(DEFAULT_ROPE)} of the baseline’s mean"
    )  # fmt: skip
    return (
        f"Differences are between the two runs of a replicate. Thick: {view.level} interval of "
        f"the mean, narrower with more replicates; thin: nine {view.terms.run}s in ten, which more "
        f"replicates do not narrow. {colours}, grey: no direction is beyond chance (Holm’s "
        f"correction for many comparisons), or the interval lies in the shaded band, {band} "
        "either way, which counts as the same."
    )


def draw_forest(
    shown: Shown,
    *,
    outcome: str | None = None,
    baseline: str = "baseline",
    terms: Terms | None = None,
) -> Figure:
    """The paired differences alone, from the best mean to the worst."""
    view = look(shown, outcome, baseline, terms)
    with style.styled():
        names = view.ranked
        figure = page.sheet(tall(len(names), 0.75) + 170, 1000)
        top = page.headline(figure, *view.headline)
        left = page.MARGIN + name_room(figure, names, view.terms) + 14
        right = figure.bbox.width - page.MARGIN - sum(cell_room(figure, view))
        foot = page.footnote(figure, note(view)) + page.AXIS_PX
        ax = page.panel(figure, left, foot, right, top)
        forest(view.found, ax, outcome=view.outcome, order=names, terms=view.terms)
    return figure
