"""The two figures of the brief: what each policy costs and averts, and where it changes harm."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.comparison.comparison import Comparison
from sim.comparison.contrasts import Contrast
from sim.comparison.districts import MEASURES
from sim.comparison.terms import listed, several
from sim.comparison.words import EFFORT
from sim.frontier.basemap import CREDIT
from sim.measures.registry import described
from sim.report import layout, style
from sim.report.figure_numbers import decimals, format_number, scale, unit_label
from sim.report.inline_figure import inline_figure
from sim.report.labels import wrap
from sim.report.point_labels import PointLabel, label_points
from sim.report.small_map import ASPECT, small_map

WIDTH_IN, HEIGHT_IN = 7.24, 2.5
"""Size on paper of the figure of costs, inches, so that its letters keep their size."""

OPTION_COLOURS: Final = (style.BLUE, style.GREEN, style.VERMILION)
"""Colours of the options, in their order."""

LETTERS_PT: Final = 8.2
"""Size of the letters, points."""

MAP_WIDTH_IN: Final = 3.5
NAMED_SHARE: Final = 0.4
"""The map names the districts whose change is at least this share of the largest."""


class BriefFigure(NamedTuple):
    """A figure that is printed in its own size: its name, its title, and how to read it."""

    name: str
    title: str
    note: str
    figure: Figure

    @property
    def svg(self) -> str:
        """The drawing, for a page."""
        return inline_figure(self.figure, self.name, f"{self.title}. {self.note}").svg


def draw_costs(found: Comparison, chosen: Sequence[str]) -> BriefFigure | None:
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
        figure = style.blank(WIDTH_IN, HEIGHT_IN)
        ax = layout.add_panel(figure, 74.0, 42.0, figure.bbox.width - 6.0, figure.bbox.height - 6.0)
        lost = _draw(ax, found, both, chosen)
    note = "Further up and further left is better. Bars are intervals of the options."
    note += f" Without a name: {listed(lost)}." if lost else ""
    return BriefFigure("saved", "What each policy costs, and what it saves", note, figure)


def _draw(
    ax: Axes, found: Comparison, both: Sequence[tuple[Contrast, Contrast]], chosen: Sequence[str]
) -> list[str]:
    sign = 1.0 if described(found.harm or "").better == "more" else -1.0
    places = {c.scenario: (c.difference or 0.0, sign * (h.difference or 0.0)) for c, h in both}
    _frame(ax, found, list(places.values()), sign)
    named = [PointLabel((0.0, 0.0), found.terms.label(found.baseline), bold=True)]
    ax.plot(0.0, 0.0, marker="s", markersize=5.5, color=style.INK, markeredgecolor="white",
            linestyle="none", zorder=2.5)  # fmt: skip
    bars: list[Line2D] = []
    for number, name in enumerate(chosen):
        if name in places:
            own = found.contrast(name, found.question.cost), found.contrast(name, found.harm or "")
            bars += _option(ax, places[name], own, sign, OPTION_COLOURS[number])
            words = f"{number + 1}  {found.terms.label(name)}"
            named.append(PointLabel(places[name], words, OPTION_COLOURS[number], bold=True))
    rest = [name for name in places if name not in chosen]
    ax.plot([places[n][0] for n in rest], [places[n][1] for n in rest], marker="o",
            markersize=5.0, color=style.GREY, markeredgecolor="white", linestyle="none",
            zorder=2.0)  # fmt: skip
    named += [PointLabel(places[name], found.terms.label(name)) for name in rest]
    return label_points(ax, named, LETTERS_PT, bars)


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
        words = f"{what} ({unit_label(known, unit, found.terms)})"
        axis.set_label_text(wrap(layout.figure_of(ax), words, room, fontsize=LETTERS_PT))
        axis.label.set_fontsize(LETTERS_PT)
        axis.set_tick_params(labelsize=LETTERS_PT, length=2.5)
        layout.round_ticks(axis, divisor, sign=True)


def draw_change_map(found: Comparison, scenario: str) -> BriefFigure | None:
    """The map of one policy; ``None`` without districts.

    What changes is the harm where it is counted by district, else the victims.
    """
    measure = found.harm if found.harm in MEASURES else "victims"
    rows = [
        row for row in found.displacement
        if (row.scenario, row.measure, row.row) == (scenario, measure, "district")
        and row.district is not None
    ]  # fmt: skip
    values = {str(row.district): row.difference for row in rows}
    largest = max((abs(v) for v in values.values() if v is not None), default=0.0)
    if not largest:
        return None
    ground = found.terms.ground
    known = [ground.by_slug[str(row.district)].name for row in rows if row.change]
    what = MEASURES[measure]
    named = [
        slug for slug, v in values.items() if v is not None and abs(v) >= NAMED_SHARE * largest
    ]
    note = (
        f"Beyond chance in {several(known)}." if known else "Beyond chance in no single district."
    )
    most = next(slug for slug, v in values.items() if v is not None and abs(v) == largest)
    change = format_number(values[most] or 0.0, decimals(largest), sign=True)
    note += f" Most in {ground.by_slug[most].name}: {change} {found.terms.per_run}. Blue is fewer."
    note += f" {CREDIT}."
    with style.styled():
        tall = MAP_WIDTH_IN / ASPECT
        figure = style.blank(MAP_WIDTH_IN, tall)
        ax = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        small_map(ax, values, ground=ground, names=named, name_size=LETTERS_PT, credit=False)
    return BriefFigure("where", f"Where {what} change under option 1", note, figure)
