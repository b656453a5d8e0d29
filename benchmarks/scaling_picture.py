"""Cost against size, both as ratios on logarithmic axes; the guide has slope 1."""

from collections.abc import Mapping, Sequence
from math import log10
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from benchmarks.scaling import Point
from benchmarks.setting import Setting
from sim.comparison.terms import capital, listed
from sim.report import style
from sim.report.labels import spread
from sim.report.layout import AXIS_PX, MARGIN, add_panel, new_frame

Curves = Mapping[str, Sequence[Point]]

_LOOKS: Final = {
    "posts": (style.BLUE, "s"),
    "sorties": (style.ORANGE, "^"),
    "crossings": (style.VERMILION, "o"),
    "days": (style.BLACK, "D"),
    "kilometres": (style.GREEN, "v"),
}
_LIKE = 5.0
"""Ten times as much that costs at least so many times as much counts as growing alike."""
_NAME_PX: Final = 160.0
_NOTE = (
    "Points: medians of rounds in which all sizes were run in turn; upright lines: least and most. "
    "Dashed: cost that grows as the thing does (slope 1). Ten times the posts send ten times the "
    "sorties too. Kilometres: the same posts, sorties and crossings on 135, 265, 680 and "
    "1,340 km, with nobody moving along the line."
)


def draw(curves: Curves, setting: Setting) -> Figure:
    """Draw the figure, with its finding as the title."""
    with style.styled():
        beneath = (
            f"Processor time of a run of {setting.scenario.days:g} days when one thing grows, over "
            f"that at its smallest; rounds: {setting.repeat}"
        )
        figure, _, foot, _, top = new_frame(500, (finding(curves), beneath), _NOTE, 900)
        ax = add_panel(
            figure, MARGIN + 50, foot + AXIS_PX, figure.bbox.width - MARGIN - _NAME_PX, top
        )
        _scales(ax, max(p.ratio.high for points in curves.values() for p in points))
        ax.plot([1, 10], [1, 10], color=style.GREY, linestyle=(0, (4, 3)), linewidth=1.0, zorder=1)
        for what, points in curves.items():
            _curve(ax, what, points)
        _names(ax, curves)
    return figure


def finding(curves: Curves) -> str:
    """What grows with the cost, and what hardly moves it."""
    ends = {what: points[-1].ratio.median for what, points in curves.items()}
    alike = sorted((w for w in ends if ends[w] >= _LIKE), key=lambda w: -ends[w])
    rest = [w for w in ends if w not in alike]
    if not alike:
        return f"Ten times as much costs at most {max(ends.values()):.1f} times as much"
    title = f"Cost follows {listed(alike)}"
    if rest:
        most = max(ends[w] for w in rest)
        title += f"; ten times the {_any(rest)} cost at most {most:.1f} times as much"
    return title


def _any(words: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _scales(ax: Axes, most: float) -> None:
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlim(0.93, 10.7)
    ax.set_ylim(0.7, max(1.15 * most, 11.5))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(FixedLocator([1, 2, 5, 10]))
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"× {value:g}"))
    ax.set_xlabel("size, over the smallest")
    ax.set_ylabel("cost, over that of the smallest")
    ax.grid(color=style.FAINT, linewidth=0.5, alpha=0.6)


def _curve(ax: Axes, what: str, points: Sequence[Point]) -> None:
    colour, marker = _LOOKS[what]
    at = [p.factor for p in points]
    ax.plot(at, [p.ratio.median for p in points], color=colour, marker=marker, markersize=5.5,
            linewidth=1.6, zorder=3)  # fmt: skip
    ax.vlines(at, [p.ratio.low for p in points], [p.ratio.high for p in points], color=colour,
              linewidth=1.0, zorder=2)  # fmt: skip


def _names(ax: Axes, curves: Curves) -> None:
    """Write a name at the end of each curve and of the guide, without overlap."""
    ends = [(f"{capital(w)}: × {p[-1].ratio.median:.1f}", p[-1].ratio.median, _LOOKS[w][0])
            for w, p in curves.items()]  # fmt: skip
    ends = sorted([*ends, ("slope 1", 10.0, style.GREY)], key=lambda end: end[1])
    box = ax.get_window_extent()
    low, high = (log10(limit) for limit in ax.get_ylim())
    wanted = [box.height * (log10(at) - low) / (high - low) for _, at, _ in ends]
    for (words, _, colour), y in zip(ends, spread(wanted, 17.0, 0.0, box.height), strict=True):
        ax.annotate(words, (1.0, y / box.height), xycoords="axes fraction", xytext=(8, 0),
                    textcoords="offset points", va="center", color=colour, fontsize=9)  # fmt: skip
