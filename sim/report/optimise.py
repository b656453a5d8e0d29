"""The best mix for a budget: what it buys, what it saves, and what one unit more would save."""

from collections.abc import Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.comparison.number_format import short
from sim.comparison.terms import PLAIN, Terms
from sim.comparison.text_tables import display_factor, outcome_heading
from sim.explore.optimise import words
from sim.explore.optimise.result import Allocation, Bought, More, Optimum
from sim.measures.registry import described
from sim.report import layout, style
from sim.report.figure_numbers import scale
from sim.report.point_labels import PointLabel, label_points
from sim.report.row_chart import draw_dots, draw_lines, set_rows, write_beside
from sim.report.section import SectionContent

RESULT: Final = Optimum

_WAYS: Final = {
    "mix": (style.BLUE, "o", "the best mix"),
    "uniform": (style.GREY, "s", "evenly"),
    "by_risk": (style.ORANGE, "D", "by past harm"),
}
"""The ways shown for each lever: colour, marker and label."""

_NAMED_WAYS: Final = {
    "mix": "the mix", "baseline": "as it is now", "uniform": "evenly", "mix_75": "the mix, 75 %",
    "mix_50": "the mix, 50 %",
}  # fmt: skip
"""The ways with a name against cost; the others lie on these, and have their own row."""

_ROW_PX, _NAME_PX, _WAY_PX, _BETWEEN_PX, _HEAD_PX = 30.0, 230.0, 165.0, 24.0, 44.0
_WAY_ROW_PX, _PLANE_PX = 36.0, 300.0


def section_content(result: Optimum, terms: Terms) -> SectionContent:
    """The best mix for the page."""
    sentences, tables = words.sentences(result, terms), words.text_tables(result, terms)
    return SectionContent(sentences, tables, draw_optimum(result, terms))


def draw_optimum(result: Optimum, terms: Terms = PLAIN) -> Figure:
    """Draw levers in rows on the left; other ways, and harm against cost, on the right."""
    with style.styled():
        others = len(result.allocations) - 1
        height = max(len(result.bought) * _ROW_PX, others * _WAY_ROW_PX + _PLANE_PX)
        height += _HEAD_PX + layout.AXIS_PX
        frame = layout.new_frame(height, words.headline(result, terms), _note(result))
        figure, top, foot = frame.figure, frame.top - _HEAD_PX, frame.foot + layout.AXIS_PX
        left, right = frame.left + _NAME_PX, frame.right
        bought = layout.add_panel(figure, left, foot, left + 240.0, top)
        more = layout.add_panel(figure, left + 350.0, foot, left + 550.0, top)
        beside, middle = left + 550.0 + _BETWEEN_PX, top - others * _WAY_ROW_PX - layout.AXIS_PX
        ways = layout.add_panel(
            figure, beside + _WAY_PX + 10.0, middle + layout.AXIS_PX, right, top
        )
        plane = layout.add_panel(figure, beside + 60.0, foot, right, middle - 30.0)
        _bought(bought, result.bought)
        _more(more, result)
        _ways(ways, result)
        _plane(plane, result)
    return figure


def _bought(ax: Axes, rows: Sequence[Bought]) -> None:
    """Draw how much of the range of each lever each way buys."""
    set_rows(ax, [row.lever for row in rows], bold=(), most=_NAME_PX - 18.0)
    for name, (colour, marker, _) in reversed(_WAYS.items()):
        at = [(row.amounts[name] - row.low) / (row.high - row.low) for row in rows]
        ours = name == "mix"
        draw_dots(ax, [(y, x, colour) for y, x in enumerate(at)], hollow=not ours, marker=marker,
             markersize=8.0 if ours else 6.0, clip_on=False,
             zorder=1.5 if ours else 1.0)  # fmt: skip
    for y, row in enumerate(rows):
        write_beside(ax, y, short(row.amounts["mix"]), 18.0, ha="left", color=style.BLUE)
    ax.set_xlim(0.0, 1.0)
    ax.set_xticks([0.0, 0.5, 1.0], ["least", "half", "most"])
    layout.panel_title(ax, "What is bought", 20.0)
    for place, (_, (colour, marker, label)) in enumerate(_WAYS.items()):
        ax.plot([], [], marker=marker, linestyle="none", markeredgecolor=colour, label=label,
                color=colour if place == 0 else "white", markersize=6.0)  # fmt: skip
    ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.005), ncols=3, fontsize=8.5,
              handletextpad=0.2, columnspacing=0.9)  # fmt: skip


def _saved(ax: Axes, rows: Sequence[tuple[int, Allocation | More]], by: float, label: str) -> None:
    """Draw differences and intervals; blue where the mix, or one unit more, is better."""
    lines, means = [], []
    for y, one in rows:
        if one.saved is None or one.low is None or one.high is None:
            continue
        better = style.BLUE if one.saved > 0.0 else style.VERMILION
        colour = better if words.settled(one) else style.GREY
        lines.append((y, by * one.low, by * one.high, colour))
        means.append((y, by * one.saved, colour))
    draw_lines(ax, lines, linewidth=3.2, zorder=1.1)
    draw_dots(ax, means, hollow=True, markersize=5.0, zorder=1.2)
    ax.axvline(0.0, color=style.INK, linewidth=0.9, zorder=0.9)
    ax.set_xlim(layout.limits((end for _, low, high, _ in lines for end in (low, high)), 0.06))
    layout.round_ticks(ax.xaxis, sign=True)
    ax.set_xlabel(label, fontsize=8.5)


def _more(ax: Axes, result: Optimum) -> None:
    more = {one.lever: one for one in result.more}
    set_rows(ax, [row.lever for row in result.bought], named=False)
    steps = [(y, more[row.lever]) for y, row in enumerate(result.bought) if row.lever in more]
    for y, one in steps:
        write_beside(
            ax, y, f"+{short(one.step)}", -ax.get_window_extent().width - 6.0, color=style.GREY
        )
    _saved(ax, steps, display_factor(result.harm), f"saves ({outcome_heading(result.harm)} a year)")
    layout.panel_title(ax, "One unit more on top of the mix", 20.0)


def _ways(ax: Axes, result: Optimum) -> None:
    rows = [one for one in result.allocations if one.name != "mix"]
    set_rows(ax, [one.title for one in rows], bold=(), most=_WAY_PX)
    _saved(
        ax,
        list(enumerate(rows)),
        display_factor(result.harm),
        f"the mix saves ({outcome_heading(result.harm)} a year)",
    )
    layout.panel_title(ax, "The mix against other ways", 20.0)


def _plane(ax: Axes, result: Optimum) -> None:
    """Draw harm against cost: every mix tried in grey, the named ways on held-out years."""
    by, names = display_factor(result.harm), {one.name: one for one in result.allocations}
    divisor, unit = scale(described("cost_usd"), max(one.cost for one in result.allocations))
    for best, colour in ((False, style.FAINT), (True, style.SKY)):
        draw_dots(ax, [(by * one.harm, one.cost / divisor, colour)
                  for one in result.tried if one.efficient is best],
             hollow=best, markersize=4.0, markeredgewidth=1.0, zorder=0.8)  # fmt: skip
    for name, one in names.items():
        colour = _WAYS.get(name, (style.INK, "o", ""))[0]
        ax.plot([one.cost / divisor], [by * one.harm], marker="o", markersize=6.0, color=colour,
                markeredgecolor="white", linestyle="none", zorder=2.0)  # fmt: skip
    ax.autoscale_view()
    label_points(
        ax,
        [PointLabel((names[name].cost / divisor, by * names[name].harm), words)
         for name, words in _NAMED_WAYS.items() if name in names],
        8.5,
    )  # fmt: skip
    layout.round_ticks(ax.xaxis, inner=True)
    layout.round_ticks(ax.yaxis)
    ax.set_xlabel(f"cost of a year ({unit})", fontsize=8.5)
    ax.set_ylabel(outcome_heading(result.harm), fontsize=8.5)
    layout.panel_title(ax, "Harm against cost", 6.0)


def _note(result: Optimum) -> str:
    level = f"{100 * result.confidence:g} %"
    return (
        f"Bars: {level} intervals of paired differences on held-out years; blue: better beyond "
        "chance, vermilion: worse, grey: not settled. Harm against cost: pale points are the mixes "
        f"tried, on {result.training} training years each, so their spread is mostly luck and the "
        "lowest look better than they are; ringed blue: no other is better in harm, cost and "
        "interdiction together. Named points are means of held-out years."
    )
