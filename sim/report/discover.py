"""Where a policy does worse: the plane of two parameters with the box, and other boxes."""

from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.comparison.terms import Terms, capital, counted
from sim.explore.discover.result import Discovery
from sim.explore.discover.words import VERBS, sentences, text_tables, where
from sim.measures.registry import described
from sim.report import layout, style
from sim.report.section import SectionContent

RESULT: Final = Discovery


def section_content(result: Discovery, terms: Terms) -> SectionContent:
    """A discovery for the page."""
    return SectionContent(
        sentences(result, terms), text_tables(result), draw_discovery(result, terms)
    )


def draw_discovery(result: Discovery, terms: Terms) -> Figure:
    """Draw the plane of the two main parameters, and the trade-off of coverage and density."""
    with style.styled():
        frame = layout.new_frame(460.0, _headline(result, terms), _note(result, terms))
        foot, top = frame.foot + layout.AXIS_PX, frame.top - 8.0
        left, right = frame.left + 62.0, frame.right
        middle = left + 0.56 * (right - left)
        _plane(layout.add_panel(frame.figure, left, foot, middle - 40.0, top), result)
        _curve(layout.add_panel(frame.figure, middle + 50.0, foot, right, top), result, terms)
    return frame.figure


def _headline(result: Discovery, terms: Terms) -> tuple[str, str]:
    policy, base = terms.label(result.policy), terms.label(result.baseline)
    what = described(result.outcome).named
    over = f"{counted(result.draws, 'draw')}, {terms.paired(result.runs)}"
    if not result.boxes:
        return capital(f"{policy} against {base} on {what}: no box holds up"), over
    box = result.boxes[0]
    verb = "does least well against" if box.verdict == "gains least" else VERBS[box.verdict]
    return capital(f"{policy} {verb} {base} on {what} where {where(box)}"), over


def _plane(ax: Axes, result: Discovery) -> None:
    plane = result.plane
    x, y, d = (np.asarray(v) for v in (plane.across, plane.up, plane.differences))
    worse = d > result.worse_by
    most = float(np.quantile(np.abs(d - result.worse_by), 0.95)) or 1.0
    size = 10.0 + 50.0 * np.minimum(np.abs(d - result.worse_by) / most, 1.0)
    for which, colour, marker in ((~worse, style.BLUE, "o"), (worse, style.VERMILION, "^")):
        ax.scatter(x[which], y[which], s=size[which], color=colour, marker=marker, alpha=0.65,
                   linewidth=0, zorder=1.5)  # fmt: skip
    ax.margins(0.03)
    for box in result.boxes:
        if {limit.parameter for limit in box.limits} <= set(plane.parameters):
            ends = {name: list(lim) for name, lim in zip(
                plane.parameters, (ax.get_xlim(), ax.get_ylim()), strict=True)}  # fmt: skip
            for limit in box.limits:
                ends[limit.parameter][0 if limit.way == "above" else 1] = limit.value
            (x0, x1), (y0, y1) = (ends[name] for name in plane.parameters)
            ax.add_patch(Rectangle((x0, y0), x1 - x0, y1 - y0, facecolor=style.ORANGE, alpha=0.16,
                                   edgecolor=style.INK, linewidth=1.2, zorder=1.0))  # fmt: skip
            break
    for axis, name, unit in zip((ax.xaxis, ax.yaxis), plane.parameters, plane.units, strict=True):
        axis.set_label_text(f"{name} ({unit})" if unit else name)
        layout.round_ticks(axis)


def _curve(ax: Axes, result: Discovery, terms: Terms) -> None:
    ax.axhline(result.worse, color=style.GREY, linewidth=0.9, linestyle=(0, (3, 2)), zorder=0.8)
    if result.trade_off:
        coverage, density = zip(*result.trade_off, strict=True)
        ax.plot(coverage, density, color=style.SKY, linewidth=1.6, marker="o", markersize=3.0,
                zorder=1.0)  # fmt: skip
    for box in result.boxes[:1]:
        for figures, fill in ((box.found, "white"), (box.held, style.INK)):
            if figures.coverage is not None and figures.density is not None:
                ax.plot([figures.coverage], [figures.density], marker="s", markersize=7.0,
                        color=fill, markeredgecolor=style.INK, zorder=1.4)  # fmt: skip
    ax.set_xlim(0.0, 1.02)
    ax.set_ylim(0.0, 1.02)
    ax.set_xlabel(f"coverage (% of worse {terms.run}s)")
    ax.set_ylabel(f"density (% of {terms.run}s in the box)")
    layout.round_ticks(ax.xaxis, 0.01)
    layout.round_ticks(ax.yaxis, 0.01)


def _note(result: Discovery, terms: Terms) -> str:
    squares = (
        " White square: the box on the draws of the search; black: on held-out draws."
        if result.boxes
        else ""
    )
    return (
        "Left: one mark per draw of the parameters, larger for a larger mean difference; vermilion "
        "triangles: the policy does worse, blue circles: it does not. Shaded: the box. Right: the "
        "largest density of any box of one or two limits for each coverage; it rises by luck "
        f"alone, too. Dashed: share of all {terms.run}s in which the policy does worse.{squares}"
    )
