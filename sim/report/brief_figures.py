"""The two figures of the brief: what each policy costs and averts, and where it changes harm."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

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


_POINT: Final[dict[str, Any]] = {"markeredgecolor": "white", "linestyle": "none"}

type Change = tuple[Contrast, Contrast]
"""The differences of a policy to the baseline in cost and in harm."""


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


def draw_costs(comparison: Comparison, chosen: Sequence[str]) -> BriefFigure | None:
    """Draw cost to the right and harm averted upwards, the baseline at the origin.

    The ``chosen`` options are numbered. ``None`` if the comparison has no cost, or if neither less
    nor more of the harm is better.
    """
    harm, cost = comparison.harm or "", comparison.question.cost
    if cost not in comparison.outcomes or cost == harm or described(harm).better == "neither":
        return None
    changes = {
        name: (c, h) for name in comparison.policies
        if (c := comparison.contrast(name, cost)).difference is not None
        and (h := comparison.contrast(name, harm)).difference is not None
    }  # fmt: skip
    if not changes:
        return None
    with style.styled():
        figure = style.blank(WIDTH_IN, HEIGHT_IN)
        ax = layout.add_panel(figure, 74.0, 42.0, figure.bbox.width - 6.0, figure.bbox.height - 6.0)
        unnamed = _draw(ax, comparison, changes, chosen)
    note = "Higher and further left is better. Bars are intervals of the options."
    note += f" Without a name: {listed(unnamed)}." if unnamed else ""
    return BriefFigure("saved", "What each policy costs, and what it saves", note, figure)


def _draw(
    ax: Axes, comparison: Comparison, changes: Mapping[str, Change], chosen: Sequence[str]
) -> list[str]:
    """Draw all points; return the names for which there was no room."""
    label, harm = comparison.terms.label, described(comparison.harm or "")
    sign = 1.0 if harm.better == "more" else -1.0
    places = {
        n: (c.difference or 0.0, sign * (h.difference or 0.0)) for n, (c, h) in changes.items()
    }
    averted = f"more {harm.named}" if harm.better == "more" else f"{harm.named} averted"
    _frame(ax, comparison, np.array(list(places.values())), averted)
    points = [PointLabel((0.0, 0.0), label(comparison.baseline), bold=True)]
    ax.plot(0.0, 0.0, marker="s", markersize=5.5, color=style.INK, zorder=2.5, **_POINT)
    bars: list[Line2D] = []
    for number, (name, colour) in enumerate(zip(chosen, OPTION_COLOURS, strict=False), 1):
        if name not in places:
            continue
        x, y = places[name]
        across, up = (contrast.interval for contrast in changes[name])
        looks: dict[str, Any] = {"color": colour, "linewidth": 1.2, "zorder": 1.6}
        if across is not None:
            bars += ax.plot(across, [y, y], **looks)
        if up is not None:
            bars += ax.plot([x, x], [sign * up.low, sign * up.high], **looks)
        ax.plot(x, y, marker="o", markersize=8.5, color=colour, zorder=3.0, **_POINT)
        points.append(PointLabel((x, y), f"{number}  {label(name)}", colour, bold=True))
    for name in [name for name in places if name not in chosen]:
        ax.plot(*places[name], marker="o", markersize=5.0, color=style.GREY, zorder=2.0, **_POINT)
        points.append(PointLabel(places[name], label(name)))
    return label_points(ax, points, LETTERS_PT, bars)


def _frame(ax: Axes, comparison: Comparison, places: NDArray[np.float64], averted: str) -> None:
    """Set limits that leave room for names, and label the axes."""
    layout.frame_plane(ax, places, (0.06, 0.13))
    box = ax.get_window_extent()
    harm, cost = described(comparison.harm or ""), described(comparison.question.cost)
    change = f"change of {EFFORT.get(cost.name, cost.named)}"
    for k, (axis, outcome, what, room) in enumerate(
        ((ax.xaxis, cost, change, box.width), (ax.yaxis, harm, averted, box.height))
    ):
        divisor, unit = scale(outcome, float(np.abs(places[:, k]).max()), change=True)
        words = f"{what} ({unit_label(outcome, unit, comparison.terms)})"
        axis.set_label_text(wrap(layout.figure_of(ax), words, room, fontsize=LETTERS_PT))
        axis.label.set_fontsize(LETTERS_PT)
        axis.set_tick_params(labelsize=LETTERS_PT, length=2.5)
        layout.round_ticks(axis, divisor, sign=True)


def draw_change_map(comparison: Comparison, scenario: str) -> BriefFigure | None:
    """Draw the map of one policy; ``None`` without districts.

    It shows the change of the harm where that is counted by district, else of the victims.
    """
    measure = comparison.harm if comparison.harm in MEASURES else "victims"
    rows = [
        row for row in comparison.displacement
        if (row.scenario, row.measure, row.row) == (scenario, measure, "district")
        and row.district is not None
    ]  # fmt: skip
    values = {str(row.district): row.difference for row in rows}
    known = {slug: value for slug, value in values.items() if value is not None}
    most = max(known, key=lambda slug: abs(known[slug]), default="")
    if not most or not known[most]:
        return None
    largest, ground = abs(known[most]), comparison.terms.ground
    named = [slug for slug, value in known.items() if abs(value) >= NAMED_SHARE * largest]
    sure = [ground.by_slug[str(row.district)].name for row in rows if row.change]
    change = format_number(known[most], decimals(largest), sign=True)
    note = (
        f"Beyond chance in {several(sure) if sure else 'no single district'}. "
        f"Most in {ground.by_slug[most].name}: {change} {comparison.terms.per_run}. "
        f"Blue is fewer. {CREDIT}."
    )
    with style.styled():
        figure = style.blank(MAP_WIDTH_IN, MAP_WIDTH_IN / ASPECT)
        ax = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        small_map(ax, values, ground=ground, names=named, name_size=LETTERS_PT, credit=False)
    return BriefFigure("where", f"Where {MEASURES[measure]} change under option 1", note, figure)
