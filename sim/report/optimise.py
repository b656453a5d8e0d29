"""The best mix for a budget: what it buys, what one more would save, and what it saves."""

from collections.abc import Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.comparison.digits import short
from sim.comparison.sheets import called, factor
from sim.comparison.terms import PLAIN, Terms
from sim.explore.optimise import words
from sim.explore.optimise.found import Allocation, Bought, More, Optimum
from sim.measures.registry import described
from sim.report import page, style
from sim.report.labels import size, wrapped
from sim.report.told import Picture, Told
from sim.report.wording import scale

_SHOWN: Final = {
    "mix": (style.BLUE, "o", "the best mix"),
    "uniform": (style.GREY, "s", "evenly"),
    "by_risk": (style.ORANGE, "D", "by past harm"),
}
"""What the picture shows of each lever: colour, marker, and words."""

_NAMED: Final = {
    "mix": "the mix", "baseline": "as it is now", "uniform": "evenly", "mix_75": "the mix, 75 %",
    "mix_50": "the mix, 50 %",
}  # fmt: skip
"""The ways that are named against cost; the others lie on these, and have a row of their own."""

_CLEAR_PT: Final = 8.0
"""Between a name and its axis, so that a marker on the axis does not touch it."""

_ROW_PX, _NAME_PX, _WAY_PX, _BETWEEN_PX, _HEAD_PX = 30.0, 230.0, 165.0, 24.0, 44.0
_WAY_ROW_PX, _PLANE_PX = 36.0, 300.0


def tell(found: Optimum, terms: Terms) -> Told:
    """The finding as a section of the page."""
    picture = Picture(
        "optimum", "What the best mix buys, what it saves, and what one unit more would save.",
        draw_optimum(found, terms),
    )  # fmt: skip
    return Told(words.sentences(found, terms), words.sheets(found, terms), [picture])


def draw_optimum(found: Optimum, terms: Terms = PLAIN) -> Figure:
    """Levers in rows on the left; ways to spend the money, and harm against cost, on the right."""
    with style.styled():
        others = len(found.allocations) - 1
        tall = max(len(found.bought) * _ROW_PX, others * _WAY_ROW_PX + _PLANE_PX)
        figure = page.sheet(tall + 215.0)
        top = page.headline(figure, *words.headline(found, terms)) - _HEAD_PX
        foot = page.footnote(figure, _note(found)) + page.AXIS_PX
        left, right = page.MARGIN + _NAME_PX, page.WIDTH - page.MARGIN
        bought = page.panel(figure, left, foot, left + 240.0, top)
        more = page.panel(figure, left + 350.0, foot, left + 550.0, top)
        beside, middle = left + 550.0 + _BETWEEN_PX, top - others * _WAY_ROW_PX - page.AXIS_PX
        ways = page.panel(figure, beside + _WAY_PX + 10.0, middle + page.AXIS_PX, right, top)
        plane = page.panel(figure, beside + 60.0, foot, right, middle - 30.0)
        _bought(bought, found.bought)
        _more(more, found)
        _ways(ways, found)
        _plane(plane, found)
    return figure


def _title(ax: Axes, words: str) -> None:
    ax.set_title(words, fontsize=9.0, fontweight="bold", loc="left", pad=20.0)


def _rows(ax: Axes, names: Sequence[str], room: float = 0.0) -> None:
    ax.set_ylim(len(names) - 0.4, -0.6)
    told = [wrapped(page.figure_of(ax), n, room, fontsize=8.5) if room else "" for n in names]
    ax.set_yticks(range(len(names)), told)
    ax.tick_params(axis="y", length=0, labelsize=8.5, pad=_CLEAR_PT)
    ax.spines["left"].set_visible(False)
    for y in range(len(names)):
        ax.axhline(y, color=style.FAINT, linewidth=0.4, alpha=0.5, zorder=0.3)


def _bought(ax: Axes, rows: Sequence[Bought]) -> None:
    """Of each lever's range how much is bought, by the mix and beside it."""
    _rows(ax, [row.lever for row in rows], _NAME_PX - 18.0)
    for y, row in enumerate(rows):
        for name, (colour, marker, _) in reversed(_SHOWN.items()):
            at = (row.amounts[name] - row.low) / (row.high - row.low)
            ours = name == "mix"
            ax.plot([at], [y], marker=marker, markersize=8.0 if ours else 6.0, linestyle="none",
                    color=colour if ours else "white", markeredgecolor=colour,
                    markeredgewidth=1.4, clip_on=False, zorder=1.5 if ours else 1.0)  # fmt: skip
        ax.annotate(short(row.amounts["mix"]), (1.0, y), (12.0, 0.0), textcoords="offset points",
                    va="center", fontsize=8.5, color=style.BLUE)  # fmt: skip
    ax.set_xlim(0.0, 1.0)
    ax.set_xticks([0.0, 0.5, 1.0], ["least", "half", "most"])
    _title(ax, "What is bought")
    for place, (_, (colour, marker, label)) in enumerate(_SHOWN.items()):
        ax.plot([], [], marker=marker, linestyle="none", markeredgecolor=colour, label=label,
                color=colour if place == 0 else "white", markersize=6.0)  # fmt: skip
    ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.005), ncols=3, fontsize=8.5,
              handletextpad=0.2, columnspacing=0.9)  # fmt: skip


def _span(ax: Axes, y: int, one: Allocation | More, by: float) -> list[float]:
    """A difference and its interval; blue where the mix, or one more, is better beyond chance."""
    if one.saved is None or one.low is None or one.high is None:
        return []
    colour = style.GREY
    if words.settled(one):
        colour = style.BLUE if one.saved > 0.0 else style.VERMILION
    ax.plot([by * one.low, by * one.high], [y, y], color=colour, linewidth=3.2,
            solid_capstyle="butt", zorder=1.1)  # fmt: skip
    ax.plot([by * one.saved], [y], marker="o", markersize=5.0, color="white",
            markeredgecolor=colour, markeredgewidth=1.3, zorder=1.2)  # fmt: skip
    return [by * one.low, by * one.high]


def _differences(ax: Axes, ends: Sequence[float], label: str) -> None:
    ax.axvline(0.0, color=style.INK, linewidth=0.9, zorder=0.9)
    low, high = min(0.0, *ends, 0.0), max(0.0, *ends, 0.0)
    slack = 0.06 * (high - low) or 1.0
    ax.set_xlim(low - slack, high + slack)
    page.round_ticks(ax.xaxis, sign=True)
    ax.set_xlabel(label, fontsize=8.5)


def _more(ax: Axes, found: Optimum) -> None:
    by = factor(found.harm)
    more = {one.lever: one for one in found.more}
    _rows(ax, [row.lever for row in found.bought])
    ends: list[float] = []
    for y, row in enumerate(found.bought):
        if row.lever in more:
            ends += _span(ax, y, more[row.lever], by)
            told = f"+{short(more[row.lever].step)}"
            ax.annotate(told, (0.0, y), (-4.0, 0.0), xycoords=("axes fraction", "data"),
                        textcoords="offset points", ha="right", va="center", fontsize=8.5,
                        color=style.GREY)  # fmt: skip
    _differences(ax, ends, f"saves ({called(found.harm)} a year)")
    _title(ax, "One unit more beside the mix")


def _ways(ax: Axes, found: Optimum) -> None:
    rows = [one for one in found.allocations if one.name != "mix"]
    _rows(ax, [one.title for one in rows], _WAY_PX)
    ends: list[float] = []
    for y, one in enumerate(rows):
        ends += _span(ax, y, one, factor(found.harm))
    _differences(ax, ends, f"the mix saves ({called(found.harm)} a year)")
    _title(ax, "The mix against other ways")


def _plane(ax: Axes, found: Optimum) -> None:
    """Harm against cost: every mix tried in grey, the ways that were held out by name."""
    by, names = factor(found.harm), {one.name: one for one in found.allocations}
    divisor, unit = scale(described("cost_usd"), max(one.cost for one in found.allocations))
    for each in found.tried:
        fill, edge = ("white", style.SKY) if each.efficient else (style.FAINT, style.FAINT)
        ax.plot([each.cost / divisor], [by * each.harm], marker="o", markersize=4.0, color=fill,
                linestyle="none", markeredgecolor=edge, zorder=0.8)  # fmt: skip
    for name, one in names.items():
        colour = _SHOWN.get(name, (style.INK, "o", ""))[0]
        ax.plot([one.cost / divisor], [by * one.harm], marker="o", markersize=6.0, color=colour,
                markeredgecolor="white", linestyle="none", zorder=2.0)  # fmt: skip
    _names(ax, [names[name] for name in _NAMED if name in names], (divisor, by))
    page.round_ticks(ax.xaxis, inner=True)
    page.round_ticks(ax.yaxis)
    ax.set_xlabel(f"cost of a year ({unit})", fontsize=8.5)
    ax.set_ylabel(called(found.harm), fontsize=8.5)
    ax.set_title("Harm against cost", fontsize=9.0, fontweight="bold", loc="left", pad=6.0)


def _names(ax: Axes, rows: Sequence[Allocation], units: tuple[float, float]) -> None:
    """Names beside points, none on another."""
    from sim.report.placement import place

    figure = page.figure_of(ax)
    ax.autoscale_view()
    told = [_NAMED[one.name] for one in rows]
    spots = [
        tuple(map(float, ax.transData.transform((one.cost / units[0], one.harm * units[1]))))
        for one in rows
    ]
    sizes = [size(figure, name, fontsize=8.5) for name in told]
    box = ax.get_window_extent()
    labels = place([(x, y) for x, y in spots], sizes, (box.x0, box.y0, box.x1, box.y1))
    for name, label in zip(told, labels, strict=True):
        if label is not None:
            figure.text(label[0] / figure.bbox.width, label[1] / figure.bbox.height, name,
                        fontsize=8.5, va="bottom", zorder=3.0)  # fmt: skip


def _note(found: Optimum) -> str:
    level = f"{100 * found.confidence:g} %"
    return (
        f"Bars: {level} intervals of paired differences on held-out years; blue: better beyond "
        "chance, vermilion: worse, grey: not told apart. Harm against cost: pale points are the "
        f"mixes tried, on {found.training} training years each, so their spread is mostly luck and "
        "the lowest of them look better than they are; ringed blue: none of them is better in "
        "harm, cost and interdiction alike. Named points are means of held-out years."
    )
