"""What each policy costs and how much harm it averts, small: one point each, all of them named."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.comparison.comparison import Comparison
from sim.comparison.contrasts import Contrast
from sim.comparison.terms import listed
from sim.comparison.words import EFFORT
from sim.measures.registry import described
from sim.report import page, style
from sim.report.labels import wrapped
from sim.report.named_points import Named, name_points
from sim.report.told import Small
from sim.report.wording import scale, unit_words

WIDE_IN, TALL_IN = 7.24, 2.5
"""Size on paper, inches: words keep their points."""

CHOSEN: Final = (style.BLUE, style.GREEN, style.VERMILION)
"""Colours of the options, in their order."""

WORDS: Final = 8.2
"""Size of the words, points."""


def draw_lives_saved(found: Comparison, chosen: Sequence[str]) -> Small | None:
    """Cost to the right, harm averted upwards, the baseline at the origin; options by number.

    ``None`` if the comparison has no cost, or if neither less nor more of the harm is better.
    """
    harm, cost = found.harm or "", found.question.cost
    if cost not in found.outcomes or cost == harm or described(harm).better == "neither":
        return None
    both = [(found.contrast(name, cost), found.contrast(name, harm)) for name in found.policies]
    both = [pair for pair in both if all(c.difference is not None for c in pair)]
    if not both:
        return None
    with style.styled():
        figure = style.blank(WIDE_IN, TALL_IN)
        ax = page.panel(figure, 74.0, 42.0, figure.bbox.width - 6.0, figure.bbox.height - 6.0)
        lost = _draw(ax, found, both, chosen)
    note = "Further up and further left is better. Bars are intervals of the options."
    note += f" Without a name: {listed(lost)}." if lost else ""
    return Small("saved", "What each policy costs, and what it saves", note, figure)


def _draw(
    ax: Axes, found: Comparison, both: Sequence[tuple[Contrast, Contrast]], chosen: Sequence[str]
) -> list[str]:
    sign = 1.0 if described(found.harm or "").better == "more" else -1.0
    places = {c.scenario: (c.difference or 0.0, sign * (h.difference or 0.0)) for c, h in both}
    _frame(ax, found, list(places.values()), sign)
    named = [Named((0.0, 0.0), found.terms.label(found.baseline), bold=True)]
    ax.plot(0.0, 0.0, marker="s", markersize=5.5, color=style.INK, markeredgecolor="white",
            linestyle="none", zorder=2.5)  # fmt: skip
    bars: list[Line2D] = []
    for number, name in enumerate(chosen):
        if name in places:
            own = found.contrast(name, found.question.cost), found.contrast(name, found.harm or "")
            bars += _option(ax, places[name], own, sign, CHOSEN[number])
            words = f"{number + 1}  {found.terms.label(name)}"
            named.append(Named(places[name], words, CHOSEN[number], bold=True))
    rest = [name for name in places if name not in chosen]
    ax.plot([places[n][0] for n in rest], [places[n][1] for n in rest], marker="o",
            markersize=5.0, color=style.GREY, markeredgecolor="white", linestyle="none",
            zorder=2.0)  # fmt: skip
    named += [Named(places[name], found.terms.label(name)) for name in rest]
    return name_points(ax, named, WORDS, bars)


def _option(
    ax: Axes, place: tuple[float, float], own: tuple[Contrast, Contrast], sign: float, colour: str
) -> list[Line2D]:
    """The point of an option, and the intervals of its cost and its harm."""
    x, y = place
    cost, harm = (c.interval for c in own)
    bars = []
    if cost is not None:
        bars += ax.plot(cost, [y, y], color=colour, linewidth=1.2, zorder=1.6)
    if harm is not None:
        ends = [sign * harm.low, sign * harm.high]
        bars += ax.plot([x, x], ends, color=colour, linewidth=1.2, zorder=1.6)
    ax.plot(x, y, marker="o", markersize=8.5, color=colour, markeredgecolor="white", zorder=3.0)
    return bars


def _frame(ax: Axes, found: Comparison, places: Sequence[tuple[float, float]], sign: float) -> None:
    """Limits that leave room for names, and axes that say what is measured."""
    spots = np.array([(0.0, 0.0), *places])
    low, high = spots.min(axis=0), spots.max(axis=0)
    slack = np.where(high > low, np.array([0.06, 0.13]) * (high - low), 1.0)
    ax.set_xlim(low[0] - slack[0], high[0] + slack[0])
    ax.set_ylim(low[1] - slack[1], high[1] + slack[1])
    ax.axhline(0.0, color=style.FAINT, linewidth=0.8, zorder=0.4)
    ax.axvline(0.0, color=style.FAINT, linewidth=0.8, zorder=0.4)
    box = ax.get_window_extent()
    harm, cost = described(found.harm or ""), described(found.question.cost)
    averted = f"more {harm.named}" if sign > 0.0 else f"{harm.named} averted"
    change = f"change of {EFFORT.get(cost.name, cost.named)}"
    for k, (axis, known, what, room) in enumerate(
        ((ax.xaxis, cost, change, box.width), (ax.yaxis, harm, averted, box.height))
    ):
        divisor, unit = scale(known, float(np.abs(spots[:, k]).max()), change=True)
        words = f"{what} ({unit_words(known, unit, found.terms)})"
        axis.set_label_text(wrapped(page.figure_of(ax), words, room, fontsize=WORDS))
        axis.label.set_fontsize(WORDS)
        axis.set_tick_params(labelsize=WORDS, length=2.5)
        page.round_ticks(axis, divisor, sign=True)
