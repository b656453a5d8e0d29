"""What a policy changes: paired differences to the baseline, a row for each scenario."""

from collections.abc import Sequence
from typing import Final

import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.comparison.question import DEFAULT_ROPE
from sim.report import page, style
from sim.report.cells import beside, rooms, write
from sim.report.paired import LEVEL, Compared, Gap, compared
from sim.report.rows import name_room, ranked, set_rows, tall
from sim.report.verdict import verdict
from sim.report.wording import (
    PLAIN,
    Terms,
    per_cent,
    unit_words,
)

COLOURS: Final = {
    "better": style.BLUE,
    "worse": style.VERMILION,
    "less": style.PURPLE,
    "more": style.PURPLE,
}
"""By judgement; what is not settled is grey."""

_APART: Final = 14.0
_THIN, _THICK = 1.2, 5.0


def forest(
    table: pa.Table,
    ax: Axes,
    *,
    outcome: str,
    baseline: str,
    order: Sequence[str] | None = None,
    terms: Terms = PLAIN,
) -> Axes:
    """Draw each scenario's mean paired difference to ``baseline``, with two intervals.

    Thick: the confidence interval of the mean, which narrows with replicates. Thin: where nine
    differences in ten lie, which does not. At the right stand the numbers and the shares of
    pairs that are better and worse. ``table`` as for :func:`sim.report.ridgeline.ridgeline`.
    """
    names = list(order or ranked(table, outcome, baseline))
    found = compared(table, outcome, baseline, names)
    rope = max((gap.contrast.rope_high or 0.0 for gap in found.gaps), default=0.0)
    ax.axvspan(-rope, rope, color=style.NIGHT, linewidth=0, zorder=0.1)
    ax.axvline(0.0, color=style.INK, linewidth=1.0, zorder=0.9)
    reach = [0.0]
    for gap in found.gaps:
        reach += _row(ax, names.index(gap.name), gap)
    slack = 0.04 * (max(reach) - min(reach)) or found.scale.divisor
    ax.set_xlim(min(reach) - slack, max(reach) + slack)
    set_rows(ax, names, baseline, terms)
    ax.set_xlabel(f"change ({unit_words(found.field, found.scale.unit, terms)})")
    page.round_ticks(ax.xaxis, found.scale.divisor, sign=True)
    _write_cells(ax, names, found)
    return ax


def _row(ax: Axes, y: int, gap: Gap) -> list[float]:
    """Draw one row; returns how far it reaches."""
    if gap.mean is None:
        return []
    colour = COLOURS.get(gap.contrast.judgement, style.GREY)
    ax.plot([gap.p5, gap.p95], [y, y], color=colour, linewidth=_THIN, marker="|", markersize=5,
            zorder=1.0)  # fmt: skip
    if gap.interval is not None:
        ax.plot(gap.interval, [y, y], color=colour, linewidth=_THICK, solid_capstyle="butt",
                zorder=1.1)  # fmt: skip
    ax.plot([gap.mean], [y], marker="o", markersize=5.2, color="white", markeredgecolor=colour,
            markeredgewidth=1.4, zorder=1.2)  # fmt: skip
    return [gap.p5, gap.p95, gap.mean, *(gap.interval or ())]


def cells(found: Compared) -> list[tuple[str, str, str]]:
    """The numbers beside the rows; the first line is their heading."""
    way = found.field.better
    heads = ("lower", "higher") if way == "neither" else ("better", "worse")
    lines = [(f"mean, {per_cent(LEVEL)} interval", *heads)]
    for gap in found.gaps:
        if gap.mean is None:
            lines.append(("nothing to pair", "", ""))
            continue
        parts = (gap.fewer, gap.more) if way != "more" else (gap.more, gap.fewer)
        lines.append((found.words(gap), per_cent(parts[0]), per_cent(parts[1])))
    return lines


def cell_room(figure: Figure, found: Compared) -> list[float]:
    """Width of each column of :func:`cells`, pixels, gap included."""
    return rooms(figure, cells(found), _APART)


def _write_cells(ax: Axes, names: Sequence[str], found: Compared) -> None:
    widths = cell_room(page.figure_of(ax), found)
    head, *lines = cells(found)
    rows = [names.index(gap.name) for gap in found.gaps]
    write(ax, [(-0.72, head), *zip(rows, lines, strict=True)], widths)
    for y in set(range(len(names))) - set(rows):
        beside(ax, y, "reference", sum(widths), color=style.GREY, fontstyle="italic")


def note(found: Compared, terms: Terms) -> str:
    """How to read the forest."""
    neutral = found.field.better == "neither"
    colours = "Purple: a difference" if neutral else "Blue: better, vermilion: worse"
    k = len(found.gaps)
    correction = f" (Holm’s correction for {k} comparisons)" if k > 1 else ""
    return (
        f"Differences are between the two runs of a replicate. Thick: {per_cent(LEVEL)} interval "
        f"of the mean, narrower with more replicates; thin: nine {terms.run}s in ten, which more "
        f"replicates do not narrow. {colours}, grey: no direction is beyond chance{correction}, or "
        f"the interval lies in the shaded band, {per_cent(DEFAULT_ROPE)} of the baseline’s mean "
        "either way, which counts as the same."
    )


def draw_forest(table: pa.Table, *, outcome: str, baseline: str, terms: Terms = PLAIN) -> Figure:
    """The paired differences alone, from the best mean to the worst."""
    with style.styled():
        names = ranked(table, outcome, baseline)
        found = compared(table, outcome, baseline, names)
        figure = page.sheet(0.75 * tall(len(names)) + 170, 1000)
        top = page.headline(figure, *verdict(found, baseline, terms))
        left = page.MARGIN + name_room(figure, names, terms) + 14
        right = figure.bbox.width - page.MARGIN - sum(cell_room(figure, found))
        foot = page.footnote(figure, note(found, terms)) + page.AXIS_PX
        ax = page.panel(figure, left, foot, right, top)
        forest(table, ax, outcome=outcome, baseline=baseline, order=names, terms=terms)
    return figure
