"""What outcomes depend on: a tornado of the first, and a heat map of all of them."""

from collections.abc import Sequence
from functools import partial
from math import isfinite
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter

from sim.comparison.number_format import with_interval
from sim.comparison.terms import Terms, counted, listed
from sim.explore.sensitivity import words
from sim.explore.sensitivity.result import Influence, Sensitivity, Subject
from sim.measures.registry import described
from sim.report import layout, style
from sim.report.labels import wrap
from sim.report.row_chart import Panel, draw_bars, draw_lines, row_chart
from sim.report.section import SectionContent

RESULT: Final = Sensitivity

MOST: Final = 24
"""Most rows of the figure; the smallest effects are left out."""
_ROW_PX, _NAME_PX = 21.0, 300.0
_COLUMN_PX, _MAP_PX = 84.0, 62.0


def section_content(result: Sensitivity, terms: Terms) -> SectionContent:
    """A sensitivity analysis for the page."""
    tables = [*words.text_tables(result, terms), words.ranges_table(result)]
    return SectionContent(words.sentences(result, terms), tables, draw_sensitivity(result, terms))


def draw_sensitivity(result: Sensitivity, terms: Terms) -> Figure:
    """Draw the tornado of the first subject; for several, a heat map on the same rows too."""
    first = result.subjects[0]
    rows = list(first.influences[:MOST])
    panels = [Panel(partial(_tornado, result, rows, terms), _cells(result, first, rows))]
    if several := len(result.subjects) > 1:
        wide = len(result.subjects) * _COLUMN_PX
        panels.append(Panel(partial(_heat_map, result, rows, terms), wide=wide))
    names = [row.factor for row in rows]
    with style.styled():
        return row_chart(
            headline(result, terms), _reading(result, len(rows)), names, panels,
            bold=(), row_px=_ROW_PX, above=_MAP_PX if several else 0.0, most=_NAME_PX,
        )  # fmt: skip


def headline(result: Sensitivity, terms: Terms) -> tuple[str, str]:
    """What the first subject depends on, and the design."""
    first = result.subjects[0]
    names, about = words.main_factors(first), words.describe_subject(first, terms)
    title = f"What moves {about} most: {listed(names)}" if names else (
        f"Nothing that was moved has an effect on {about} beyond luck"
    )  # fmt: skip
    beneath = (
        f"{counted(result.points, 'point')} of a design over {len(result.factors)} parameters "
    )
    beneath += f"and levers, each run with the same {counted(result.seeds, 'seed')}"
    return title, f"{beneath}; {counted(result.runs, terms.run)} in all"


def _axis(result: Sensitivity, subject: Subject, terms: Terms) -> str:
    index = "mean size of the change" if result.method == "morris" else "total share of variance"
    return f"{index} ({words.index_unit(result, subject, terms) or 'number'})"


def _colour(each: Influence, subject: Subject) -> str:
    """Blue for the better, vermilion for the worse, purple where it depends on the others."""
    if each.standing != "clear":
        return style.FAINT
    better = described(subject.outcome).better
    if each.way == "both ways" or better == "neither":
        return style.PURPLE
    return style.BLUE if (each.way == "raises") == (better == "more") else style.VERMILION


def _ends(each: Influence) -> tuple[float, float]:
    """The two ends of a bar."""
    if each.way == "both ways":
        return -0.5 * each.index, 0.5 * each.index
    return (0.0, each.index) if each.way == "raises" else (-each.index, 0.0)


def _tornado(result: Sensitivity, rows: Sequence[Influence], terms: Terms, ax: Axes) -> None:
    subject = result.subjects[0]
    ax.axvline(0.0, color=style.INK, linewidth=0.9, zorder=2.0)
    boxes, whiskers, luck = [], [], []
    for y, each in enumerate(rows):
        boxes.append((y, *_ends(each), _colour(each, subject)))
        sign = -1.0 if each.way == "lowers" else 1.0
        shift = -0.5 * each.index if each.way == "both ways" else 0.0
        whiskers.append((y, sign * each.low + shift, sign * each.high + shift, style.INK))
        luck += [(y, sign * each.luck + shift)] if each.luck else []
    draw_bars(ax, boxes, 0.62, zorder=1.0)
    draw_lines(ax, whiskers, linewidth=1.0, marker="|", markersize=4.5, zorder=1.5)
    for y, at in luck:
        ax.plot([at, at], [y - 0.36, y + 0.36], color=style.ORANGE, linewidth=2.0, zorder=1.6)
    ends = [end for _, low, high, _ in (*boxes, *whiskers) for end in (low, high)]
    ax.set_xlim(layout.limits([*ends, *(at for _, at in luck)], 0.05))
    layout.round_ticks(
        ax.xaxis, 1.0 / words.display_scale(result, subject), sign=result.method == "morris"
    )
    if result.method != "morris":
        plain = ax.xaxis.get_major_formatter()
        ax.xaxis.set_major_formatter(FuncFormatter(lambda at, _: plain(abs(at))))
    ax.set_xlabel(_axis(result, subject, terms))


def _cells(
    result: Sensitivity, subject: Subject, rows: Sequence[Influence]
) -> list[tuple[str, str]]:
    by = words.display_scale(result, subject)
    heads = (f"{100 * result.confidence:g} % interval", "which way")
    return [heads, *((with_interval(r.index, r.low, r.high, by), words.direction(r)) for r in rows)]


def _heat_map(result: Sensitivity, rows: Sequence[Influence], terms: Terms, ax: Axes) -> None:
    """Draw the heat map; each column is shaded relative to its largest index."""
    ax.set_xlim(-0.5, len(result.subjects) - 0.5)
    for x, subject in enumerate(result.subjects):
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
            text = words.cell_text(result, subject, row.factor)
            ax.text(x, y, text, ha="center", va="center", fontsize=8.5, color=ink)
    figure = layout.figure_of(ax)
    titles = [
        wrap(figure, described(s.outcome).named, _COLUMN_PX, fontsize=8.5)
        + f"\n({words.subject_label(s, terms)})"
        for s in result.subjects
    ]
    ax.xaxis.tick_top()
    ax.set_xticks(range(len(titles)), titles, fontsize=8.5, linespacing=1.05)
    ax.tick_params(axis="both", length=0)
    for side in ax.spines.values():
        side.set_visible(False)


def _reading(result: Sensitivity, shown: int) -> str:
    hidden = len(result.factors) - shown
    more = f" Not drawn: the {hidden} smallest." if hidden > 0 else ""
    heat = (
        " Right: all outcomes, each column shaded relative to its largest; in brackets: not "
        "settled."
        if len(result.subjects) > 1
        else ""
    )
    return (
        f"{words.reading_note(result)} Bar to the right: more of it raises the outcome. Vermilion: "
        "for the worse, blue: for the better, purple: it depends on the others, grey: not settled. "
        f"Orange mark: what luck alone may reach.{heat}{more}"
    )
