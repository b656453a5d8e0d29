"""The layout of a strip map: chainage to the right, time down, terrain and districts on top.

The map has two margins: counts by place below it, and counts by time on its right.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from sim.frontier.basemap import CREDIT
from sim.frontier.ground import Ground
from sim.report import style
from sim.report.district_axis import chainage_label, name_districts
from sim.report.labels import wrap
from sim.report.layout import MARGIN, figure_of, round_down
from sim.report.small_map import ASPECT, locator
from sim.report.ticks import ticks

Floats = NDArray[np.float64]


# Edges of the panels as shares of the figure.
LEFT, _RIGHT, SIDE, _END = 0.064, 0.845, 0.857, 0.985
BASE, _FOOT, _FLOOR, CEILING, CREST = 0.072, 0.18, 0.2, 0.72, 0.8
_MAP_TOP = 0.942


class Panels(NamedTuple):
    """The four panels of a strip map, and the ground they show."""

    land: Ground
    terrain: Axes
    map: Axes
    by_place: Axes
    by_time: Axes


class Layer(NamedTuple):
    """Events that the margins count in one colour: their chainages and days."""

    colour: str
    km: Sequence[float]
    days: Sequence[float]


def strip_figure(
    land: Ground, start: dt.date, days: float, layers: Sequence[Layer], runs: int | None = None
) -> tuple[Figure, Panels]:
    """A figure with terrain, calendar and the margins of ``layers``; its map is still empty.

    With ``runs``, the number of runs, the margins show means per run; without, whole numbers.
    """
    figure = style.blank()
    panels = _panels(figure, land)
    _draw_ground(panels)
    _calendar(panels, start, days)
    _margins(panels, layers, days, runs)
    name_districts(panels.terrain, land)
    return figure, panels


def _panels(figure: Figure, land: Ground) -> Panels:
    """Four empty panels that share chainage and time."""
    terrain = figure.add_axes((LEFT, CEILING, _RIGHT - LEFT, CREST - CEILING))
    strip = figure.add_axes((LEFT, _FLOOR, _RIGHT - LEFT, CEILING - _FLOOR), sharex=terrain)
    by_place = figure.add_axes((LEFT, BASE, _RIGHT - LEFT, _FOOT - BASE), sharex=terrain)
    by_time = figure.add_axes((SIDE, _FLOOR, _END - SIDE, CEILING - _FLOOR), sharey=strip)
    strip.set_xlim(0, land.length_km)
    for axes in (terrain, strip):
        axes.tick_params(bottom=False, labelbottom=False)
    by_time.tick_params(left=False, labelleft=False)
    return Panels(land, terrain, strip, by_place, by_time)


def _draw_ground(panels: Panels) -> None:
    """Draw the level of the line and the crests beside it, and district bounds in all panels."""
    km, level_m, crest_m = panels.land.profile()
    axes = panels.terrain
    axes.fill_between(km, crest_m / 1000, color=style.CREST, linewidth=0)
    axes.fill_between(km, level_m / 1000, color=style.GROUND, linewidth=0)
    top = max(float(crest_m.max()) / 1000, 0.01)
    axes.set_ylim(min(0.0, float(level_m.min()) / 1000), top * 1.05)
    mark = round_down(top / 2.5)
    axes.set_yticks([mark, 2 * mark], [f"{mark:g} km", f"{2 * mark:g} km"])
    axes.spines["bottom"].set_visible(False)
    _locate(panels)
    bounds = [district.km_from for district in panels.land.districts[1:]]
    for each in (axes, panels.map, panels.by_place):
        whole = each.get_xaxis_transform()
        each.vlines(bounds, 0.0, 1.0, style.FAINT, linewidth=0.5, zorder=0.6, transform=whole)


def _locate(panels: Panels) -> None:
    """Show in the upper corner where the chainage runs on a map, with its credit at the foot."""
    figure = figure_of(panels.terrain)
    width = _END - SIDE
    height = width * figure.bbox.width / ASPECT / figure.bbox.height
    corner = figure.add_axes((SIDE, _MAP_TOP - height, width, height))
    if not locator(corner, panels.land):
        corner.remove()
        return
    figure.text(_END, 0.008, CREDIT, ha="right", va="bottom", fontsize=5.6, color=style.GREY)


def _calendar(panels: Panels, start: dt.date, days: float) -> None:
    """Number the days, which run downwards."""
    marks = ticks(start, 0.0, days)
    panels.map.set_ylim(days, 0)
    panels.map.set_yticks(marks.at, marks.labels)
    for each in (panels.map, panels.by_time):
        whole = each.get_yaxis_transform()
        each.hlines(marks.at, 0.0, 1.0, style.FAINT, linewidth=0.4, alpha=0.6, zorder=0.5,
                    transform=whole)  # fmt: skip


def bin_days(days: float) -> tuple[float, str]:
    """Width of a bin in time and its name, for about 25 bins."""
    for most, width, name in (
        (1.5, 1 / 24, "hour"), (45, 1, "day"), (150, 7, "week"), (800, 14, "2 weeks"),
        (1600, 28, "4 weeks"),
    ):  # fmt: skip
        if days <= most:
            return width, name
    width = float(-(-days // 60))
    return width, f"{width:,.0f} days"


def bin_km(land: Ground) -> float:
    """Width of a bin along the line, for 60 to 150 bins: 20 km on the shipped ground."""
    return round_down(land.length_km / 60.0)


def bins(land: Ground, days: float) -> tuple[Floats, Floats]:
    """Edges of the bins of a margin: chainages and days."""
    by_km = np.append(np.arange(0.0, land.length_km, bin_km(land)), land.length_km)
    by_day = np.append(np.arange(0.0, days, bin_days(days)[0]), days)
    return by_km, by_day


def _margins(panels: Panels, layers: Sequence[Layer], days: float, runs: int | None) -> None:
    """Stack the counts by place and by time, the first layer at the bottom."""
    by_km, by_day = bins(panels.land, days)
    place_foot, time_foot = np.zeros(len(by_km) - 1), np.zeros(len(by_day) - 1)
    for layer in layers:
        if not len(layer.km):
            continue
        here, then = (
            np.histogram(np.asarray(at, dtype=np.float64), edges)[0] / (runs or 1)
            for at, edges in ((layer.km, by_km), (layer.days, by_day))
        )
        looks: dict[str, Any] = {"fill": True, "color": layer.colour, "linewidth": 0}
        place_top, time_top = place_foot + here, time_foot + then
        panels.by_place.stairs(place_top, by_km, baseline=place_foot, **looks)
        panels.by_time.stairs(
            time_top, by_day, baseline=time_foot, orientation="horizontal", **looks
        )
        place_foot, time_foot = place_top, time_top
    least = 1.0 if runs is None else 0.0
    panels.by_place.set_ylim(0, _end(panels.by_place, "y", float(place_foot.max()), least))
    panels.by_time.set_xlim(0, _end(panels.by_time, "x", float(time_foot.max()), least))
    width = bin_km(panels.land)
    panels.by_place.set_xticks(np.arange(0.0, panels.land.length_km + 1e-9, 10.0 * width))
    panels.by_place.set_ylabel(f"per {width:g} km")
    # left of the widest possible numbers
    panels.by_place.yaxis.set_label_coords(-0.052, 0.5)
    panels.by_place.set_xlabel(chainage_label(panels.land))
    panels.by_time.set_xlabel(f"per {bin_days(days)[1]}")


def _end(axes: Axes, which: str, most: float, least: float) -> float:
    """Number 0 and a round count of at least half the highest bar; return the end of the axis."""
    top = max(most, least) or 1.0
    mark = round_down(top)
    mark = max(float(int(mark)), 1.0) if least else mark
    words = f"{mark:,.0f}" if mark >= 1.0 else f"{mark:g}"
    (axes.set_yticks if which == "y" else axes.set_xticks)([0, mark], ["0", words])
    return top * 1.06


def keys_legend(figure: Figure, keys: Sequence[Patch | Line2D]) -> None:
    """A legend of the marks and the terrain, under the title."""
    terrain = [
        Patch(facecolor=style.GROUND, label="level of the line"),
        Patch(facecolor=style.CREST, label="highest within 20 km"),
    ]
    figure.legend(
        handles=[*keys, *terrain], loc="upper left", bbox_to_anchor=(LEFT - 0.006, 0.917), ncols=6,
        handlelength=1.4, handletextpad=0.4, columnspacing=1.6, labelspacing=0.35,
    )  # fmt: skip


def corner_legend(
    figure: Figure, keys: Sequence[Patch | Line2D], title: str, at: tuple[float, float]
) -> None:
    """A small legend with its lower left corner at ``at``, in shares of the figure."""
    legend = figure.legend(
        handles=list(keys), title=title, loc="lower left", bbox_to_anchor=at, alignment="left",
        handlelength=1.4, handletextpad=0.5, labelspacing=0.3,
    )  # fmt: skip
    legend.get_title().set_color(style.GREY)


def strip_headline(figure: Figure, title: str, period: str) -> None:
    """Write the finding, smaller where it needs two lines, and the period below."""
    looks: dict[str, Any] = {"fontsize": 12.5, "fontweight": "bold"}
    width = (_END - 0.02) * figure.bbox.width
    words = wrap(figure, title, width, **looks)
    if "\n" in words:
        looks["fontsize"] = 10.0
        words = wrap(figure, title, width, **looks)
    left = MARGIN / figure.bbox.width
    figure.text(left, 0.985, words, gid="title", va="top", **looks)
    figure.text(left, 0.945, period, gid="subtitle", va="top", fontsize=9, color=style.GREY)
