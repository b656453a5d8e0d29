"""What outcomes hang on: a tornado of the first, and beside it a heat map of all of them."""

from collections.abc import Sequence
from math import isfinite
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter

from sim.comparison.digits import with_span
from sim.comparison.terms import Terms, counted, listed
from sim.explore.sensitivity.found import Influence, Sensitivity, Subject
from sim.explore.sensitivity.words import (
    cell,
    note,
    ranges,
    scale,
    sentences,
    sheets,
    standing,
    top,
    unit,
    what,
    whose,
)
from sim.measures.registry import described
from sim.report import page, style
from sim.report.cells import rooms, write
from sim.report.labels import size, wrapped
from sim.report.told import Picture, Told

MOST: Final = 24
"""Rows that a picture shows; the least are left out."""
_ROW_PX, _HEAD_PX = 21.0, 30.0
_COLUMN_PX, _MAP_PX = 84.0, 62.0
_NAMES_PT: Final = 8.5


def tell(found: Sensitivity, terms: Terms) -> Told:
    """The section of the page."""
    picture = Picture(
        "tornado", "What it hangs on: a bar for each parameter or lever", draw(found, terms)
    )
    return Told(sentences(found, terms), [*sheets(found, terms), ranges(found)], [picture])


def draw(found: Sensitivity, terms: Terms) -> Figure:
    """The tornado of the first subject; of several a heat map on the same rows."""
    first = found.subjects[0]
    rows = list(first.influences[:MOST])
    several = len(found.subjects) > 1
    with style.styled():
        figure = page.sheet(len(rows) * _ROW_PX + 215.0 + (_MAP_PX if several else 0.0))
        ceiling = page.headline(figure, *headline(found, terms))
        foot = page.footnote(figure, _reading(found, len(rows))) + page.AXIS_PX
        left = (
            page.MARGIN
            + 12.0
            + max(size(figure, row.factor, fontsize=_NAMES_PT)[0] for row in rows)
        )
        cells = _cells(found, first, rows)
        widths = rooms(figure, cells, 14.0)
        room = len(found.subjects) * _COLUMN_PX + 14.0 if several else 0.0
        right = figure.bbox.width - page.MARGIN - room - sum(widths)
        roof = ceiling - (_MAP_PX if several else _HEAD_PX) + 8.0
        ax = page.panel(figure, left, foot, right, roof)
        _tornado(ax, found, first, rows)
        write(ax, [(-0.85, cells[0]), *enumerate(cells[1:])], widths)
        page.round_ticks(ax.xaxis, 1.0 / scale(found, first), sign=found.method == "morris")
        if found.method != "morris":
            plain = ax.xaxis.get_major_formatter()
            ax.xaxis.set_major_formatter(FuncFormatter(lambda at, _: plain(abs(at))))
        ax.set_xlabel(_axis(found, first, terms))
        if several:
            edge = figure.bbox.width - page.MARGIN
            heat = page.panel(figure, edge - room + 14.0, foot, edge, roof)
            _heat_map(heat, found, rows, terms)
    return figure


def headline(found: Sensitivity, terms: Terms) -> tuple[str, str]:
    """What the first subject hangs on, and the design."""
    first = found.subjects[0]
    names, about = top(first), what(first, terms)
    told = f"What moves {about} most: {listed(names)}" if names else (
        f"Nothing that was moved stands above luck in {about}"
    )  # fmt: skip
    beneath = f"{counted(found.points, 'point')} of a design over {len(found.factors)} parameters "
    beneath += f"and levers, each run with the same {counted(found.seeds, 'seed')}"
    return told, f"{beneath}; {counted(found.runs, terms.run)} in all"


def _axis(found: Sensitivity, subject: Subject, terms: Terms) -> str:
    words = {
        "morris": "mean size of the change",
        "sobol": "total share of variance",
        "pawn": "distance of distributions",
    }[found.method]
    return f"{words} ({unit(found, subject, terms) or 'number'})"


def _colour(each: Influence, subject: Subject) -> str:
    """Blue for the better, vermilion for the worse, purple where it hangs on the others."""
    if each.standing != "clear":
        return style.FAINT
    better = described(subject.outcome).better
    if each.way == "both ways" or better == "neither":
        return style.PURPLE
    return style.BLUE if (each.way == "raises") == (better == "more") else style.VERMILION


def _ends(each: Influence) -> tuple[float, float]:
    """From where to where a bar goes."""
    if each.way == "both ways":
        return -0.5 * each.index, 0.5 * each.index
    return (0.0, each.index) if each.way == "raises" else (-each.index, 0.0)


def _tornado(ax: Axes, found: Sensitivity, subject: Subject, rows: Sequence[Influence]) -> None:
    ax.axvline(0.0, color=style.INK, linewidth=0.9, zorder=2.0)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    reach = [0.0]
    for y, each in enumerate(rows):
        ax.axhline(y, color=style.FAINT, linewidth=0.4, alpha=0.5, zorder=0.3)
        low, high = _ends(each)
        ax.barh(y, high - low, 0.62, left=low, color=_colour(each, subject), zorder=1.0)
        sign = -1.0 if each.way == "lowers" else 1.0
        shift = -0.5 * each.index if each.way == "both ways" else 0.0
        whisker = [sign * each.low + shift, sign * each.high + shift]
        ax.plot(whisker, [y, y], color=style.INK, linewidth=1.0, marker="|", markersize=4.5,
                zorder=1.5)  # fmt: skip
        if each.luck:
            ax.plot([sign * each.luck + shift] * 2, [y - 0.36, y + 0.36], color=style.ORANGE,
                    linewidth=2.0, zorder=1.6)  # fmt: skip
        reach += [low, high, *whisker, sign * (each.luck or 0.0) + shift]
    slack = 0.05 * (max(reach) - min(reach)) or 1.0
    ax.set_xlim(min(reach) - slack, max(reach) + slack)
    ax.set_yticks(range(len(rows)), [each.factor for each in rows], fontsize=_NAMES_PT)
    ax.tick_params(axis="y", length=0, pad=6)
    ax.spines["left"].set_visible(False)


def _cells(
    found: Sensitivity, subject: Subject, rows: Sequence[Influence]
) -> list[tuple[str, str]]:
    by = scale(found, subject)
    heads = (f"{100 * found.confidence:g} % interval", "which way")
    told = [(with_span(r.index, r.low, r.high, by), standing(r)) for r in rows]
    return [heads, *told]


def _heat_map(ax: Axes, found: Sensitivity, rows: Sequence[Influence], terms: Terms) -> None:
    """Each column is shaded by its own greatest index."""
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_xlim(-0.5, len(found.subjects) - 0.5)
    for x, subject in enumerate(found.subjects):
        most = max((each.index for each in subject.clear), default=0.0)
        for y, row in enumerate(rows):
            each = subject.of(row.factor)
            clear = each.standing == "clear" and most > 0.0 and isfinite(each.index)
            share = each.index / most if clear else 0.0
            ax.add_patch(
                Rectangle((x - 0.47, y - 0.45), 0.94, 0.9, linewidth=0,
                          facecolor=_colour(each, subject) if clear else style.NIGHT,
                          alpha=0.12 + 0.88 * share if clear else 0.5)
            )  # fmt: skip
            ink = "white" if share > 0.55 else style.INK if clear else style.GREY
            told = cell(found, subject, row.factor)
            ax.text(x, y, told, ha="center", va="center", fontsize=8.5, color=ink)
    figure = page.figure_of(ax)
    titles = [
        wrapped(figure, described(s.outcome).named, _COLUMN_PX, fontsize=8.5)
        + f"\n({whose(s, terms)})"
        for s in found.subjects
    ]
    ax.xaxis.tick_top()
    ax.set_xticks(range(len(titles)), titles, fontsize=8.5, linespacing=1.05)
    ax.tick_params(axis="both", length=0)
    ax.set_yticks([])
    for side in ax.spines.values():
        side.set_visible(False)


def _reading(found: Sensitivity, shown: int) -> str:
    hidden = len(found.factors) - shown
    more = f" The {hidden} with the least are not drawn." if hidden > 0 else ""
    heat = (
        " Beside: every outcome asked for, each column shaded by its own greatest; in brackets: "
        "not settled."
        if len(found.subjects) > 1
        else ""
    )
    return (
        f"{note(found)} To the right: more of it raises the outcome. Vermilion: for the worse, "
        "blue: for the better, purple: it hangs on the others, grey: not settled. Orange mark: "
        f"what luck may reach.{heat}{more}"
    )
