"""A small map of the frontier: each district in the colour of its change."""

from collections.abc import Collection, Mapping
from functools import cache
from math import cos, radians
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.image import imread
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from sim.comparison.number_format import MINUS
from sim.frontier.basemap import CREDIT, Basemap, basemap
from sim.frontier.ground import DistrictInfo, Ground
from sim.report import style
from sim.report.labels import text_extent
from sim.report.layout import figure_of
from sim.report.point_labels import PointLabel, label_points

ASPECT: Final = 682.0 / 297.0
"""Width over height of the map; it fills axes of this shape."""

WATER: Final = "#4A86B0"
_LAKE, _BORDER, _VEIL, _PAPER = "#A9CBE0", "#8C8378", "#E6E3DC", "#F4F1EA"
_LINE: Final = "#7A1F3D"
_BRIGHT: Final = "#FBF9F4"
"""The colour behind letters."""
_TINTS: Final = {
    0: "#DCE5CB", 300: "#DCE5CB", 700: "#E7E7CC", 1500: "#EEE4C8", 2500: "#E7DAC3",
    3500: "#E2D8CB", 4500: "#EAE6E1", 6500: "#FFFFFF",
}  # fmt: skip
_SHADE: Final = 0.68
_COARSE_COLOUR: Final = 6.0
_NO_CHANGE: Final = "#A8A49C"
_NEUTRAL: Final = "#D9D5CC"
_CHANGES: Final = LinearSegmentedColormap.from_list(
    "changes", [style.BLUE, "#7FB4D6", _NEUTRAL, "#E9A273", style.VERMILION]
)

Floats = NDArray[np.float64]


def small_map(
    ax: Axes,
    values_by_district: Mapping[str, float | None],
    *,
    ground: Ground | None = None,
    unit: str = "",
    names: Collection[str] | None = None,
    name_size: float = 6.6,
    credit: bool = True,
) -> Axes:
    """Draw the frontier with each district in the colour of its change; return ``ax``.

    Fewer is blue, more is vermilion; the largest change has the full colour. A district without a
    value, or with ``None``, is grey, for changes that are not beyond chance. ``ground`` is the
    shipped one by default; a ground on another line has no relief, rivers or lakes. ``unit`` is
    the unit of the key; without it there is no key. ``names`` are the slugs of the districts to
    name, ``name_size`` points high where there is room; by default those with a change. ``credit``
    writes the source of the map in its corner; without it, print
    :data:`sim.frontier.basemap.CREDIT` beside the map. Use axes :data:`ASPECT` times as wide as
    high, at their final size. Raise ``ValueError`` for a slug that is not a district of the ground.
    """
    land = Ground.default() if ground is None else ground
    changes = {slug: value for slug, value in values_by_district.items() if value is not None}
    shown = set(changes) if names is None else set(names)
    if unknown := {*values_by_district, *shown} - set(land.slugs):
        raise ValueError(f"not a district of {land.name}: {', '.join(sorted(unknown))}")
    reach = max(map(abs, changes.values()), default=0.0)
    place = basemap() if basemap().holds(land) else None
    stretches = {d.slug: _stretch(place, land, d) for d in land.districts}
    with style.styled():
        _frame(ax, place, np.concatenate(list(stretches.values())))
        if place is not None:
            draw_place(ax, place)
        else:
            ax.set_facecolor(_PAPER)
        drawn = _draw_stretches(ax, stretches, changes, reach or 1.0)
        taken = [_key(ax, reach, unit)] if unit and reach else []
        taken += [_credit(ax)] if credit and place is not None else []
        middles = {d: stretches[d.slug][len(stretches[d.slug]) // 2].tolist()
                   for d in land.districts if d.slug in shown}  # fmt: skip
        named = [PointLabel((x, y), d.name, bold=True) for d, (x, y) in middles.items()]
        label_points(ax, named, name_size, drawn, taken)
    return ax


def locator(ax: Axes, ground: Ground) -> bool:
    """Draw the base map with the line and its chainage every 400 km; return whether it was drawn.

    It is not drawn where the ground is not on the base map.
    """
    place = basemap()
    if not place.holds(ground):
        return False
    line = place.stretch(0.0, ground.length_km)
    with style.styled():
        _frame(ax, place, line)
        draw_place(ax, place)
        ax.plot(*line.T, color="white", linewidth=3.0, zorder=1.0)
        ax.plot(*line.T, color=_LINE, linewidth=1.5, zorder=1.1)
        km = np.arange(0.0, ground.length_km, 400.0)
        ax.plot(*place.at(km).T, "o", color="white", markersize=3.4, markeredgecolor=_LINE,
                markeredgewidth=0.9, zorder=1.2)  # fmt: skip
        for mark, (x, y) in zip(km, place.at(km), strict=True):
            ax.annotate(
                f"{mark:,.0f}", (x, y), (0.0, -3.2), textcoords="offset points", ha="center",
                va="top", fontsize=6.0, color=style.INK, zorder=2.0,
                path_effects=style.halo(1.6, _BRIGHT),
            )  # fmt: skip
    return True


def _stretch(place: Basemap | None, land: Ground, district: DistrictInfo) -> Floats:
    """The line of a district, (n, 2): on the base map, or on a plane around its own middle."""
    if place is not None:
        return place.stretch(district.km_from, district.km_to)
    km = np.linspace(district.km_from, district.km_to, 60)
    lon, lat = land.lon_lat_arrays(km)
    middle = np.array(land.lon_lat_arrays([land.length_km / 2])).ravel()
    wide = 111.2 * cos(radians(middle[1]))
    return np.column_stack([(lon - middle[0]) * wide, (lat - middle[1]) * 111.2])


def _frame(ax: Axes, place: Basemap | None, line: Floats) -> None:
    if place is not None:
        left, low, right, high = place.bounds
    else:
        (left, low), (right, high) = line.min(axis=0), line.max(axis=0)
        slack = 0.12 * max(right - left, ASPECT * (high - low))
        left, right, low, high = left - slack, right + slack, low - slack, high + slack
    ax.set_xlim(left, right)
    ax.set_ylim(low, high)
    ax.set_aspect("equal")
    ax.apply_aspect()  # words are placed by the final positions
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set(visible=True, color=_BORDER, linewidth=0.5)


def draw_place(ax: Axes, place: Basemap) -> None:
    """Draw relief, water and boundaries of the base map on axes in its km."""
    left, low, right, high = place.bounds
    ax.imshow(tinted(place), extent=(left, right, low, high), zorder=0.1, aspect="equal",
              interpolation="antialiased")  # fmt: skip
    for ring in place.third_countries:
        ax.add_patch(Polygon(ring, facecolor=_VEIL, alpha=0.5, linewidth=0, zorder=0.2))
    for river in place.rivers:
        if river.rank <= 3:
            width = {1: 1.1, 2: 0.7, 3: 0.5}[river.rank]
            ax.plot(*river.line.T, color=WATER, linewidth=width, zorder=0.3)
    for lake in place.lakes:
        for ring in lake.rings:
            ax.add_patch(Polygon(ring, facecolor=_LAKE, edgecolor=WATER, linewidth=0.3, zorder=0.4))
    for line in place.boundaries:
        ax.plot(*line.T, color=_BORDER, linewidth=0.7, dashes=(7, 2, 1.5, 2), zorder=0.5)


@cache
def tinted(place: Basemap) -> NDArray[np.uint8]:
    """The relief in colours by height, with its shading, (rows, columns, 3).

    It is coarse in place and colour, as a small map shows no more; so the page stays small.
    """
    shade = _coarse(_grey(place.shade), 4)
    steps = _coarse(_grey(place.elevation), 2)
    scale = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in _TINTS.values()])
    heights = steps * place.metres_per_step
    colour = np.stack([np.interp(heights, list(_TINTS), scale[:, i]) for i in range(3)], axis=-1)
    light = 1.0 + _SHADE * (shade - place.flat) / place.flat
    lit = np.clip(colour * light[..., None], 0, 255) / _COARSE_COLOUR
    coarse: NDArray[np.uint8] = (lit.round() * _COARSE_COLOUR).clip(0, 255).astype(np.uint8)
    return coarse


def _coarse(grey: Floats, cell: int) -> Floats:
    """Means over square cells of ``cell`` pixels; incomplete cells at the edges are dropped."""
    rows, columns = (n // cell for n in grey.shape)
    cells = grey[: rows * cell, : columns * cell].reshape(rows, cell, columns, cell)
    means: Floats = cells.mean(axis=(1, 3))
    return means


def _grey(picture: Any) -> Floats:
    """An image in grey, 0..255; PNG is read as 0..1, other formats with three channels."""
    values: Floats = np.asarray(imread(picture), dtype=np.float64)
    grey = values if values.ndim == 2 else values[..., 0]
    return grey * 255.0 if picture.suffix == ".png" else grey


def _draw_stretches(
    ax: Axes, stretches: Mapping[str, Floats], changes: Mapping[str, float], reach: float
) -> list[Line2D]:
    """Draw a white casing, a band for each district in its colour, and the bounds."""
    whole = np.concatenate(list(stretches.values()))
    drawn = ax.plot(*whole.T, color="white", linewidth=6.2, zorder=1.0, solid_joinstyle="round")
    for slug, line in stretches.items():
        value = changes.get(slug)
        colour = _NO_CHANGE if value is None else to_hex(_CHANGES(0.5 + 0.5 * float(value) / reach))
        ax.plot(*line.T, color=colour, linewidth=2.0 if value is None else 4.4,
                zorder=1.1 if value is None else 1.2, solid_capstyle="butt")  # fmt: skip
    starts = np.array([line[0] for line in list(stretches.values())[1:]])
    ax.plot(*starts.T, "o", color="white", markersize=2.4, markeredgecolor=_LINE,
            markeredgewidth=0.6, zorder=1.4, linestyle="none")  # fmt: skip
    return drawn


def _credit(ax: Axes) -> Bbox:
    plate = {"facecolor": _BRIGHT, "alpha": 0.75, "linewidth": 0, "pad": 0.8}
    words = ax.text(0.996, 0.012, CREDIT, transform=ax.transAxes, ha="right", va="bottom",
                    fontsize=4.6, color="#5A5A5A", zorder=3, bbox=plate)  # fmt: skip
    return text_extent(words)


def _key(ax: Axes, reach: float, unit: str) -> Bbox:
    """Draw the key in the upper left corner: the unit above a bar of the colours."""
    frame = ax.get_window_extent()
    point = figure_of(ax).dpi / 72.0
    left, top, long, high = 14.0 * point, 12.0 * point, 62.0 * point, 4.0 * point
    place = (left / frame.width, 1.0 - (top + high) / frame.height, long / frame.width,
             high / frame.height)  # fmt: skip
    bar = ax.inset_axes(place, zorder=3)
    bar.imshow(np.linspace(-1.0, 1.0, 64)[None, :], cmap=_CHANGES, aspect="auto",
               extent=(-1.0, 1.0, 0.0, 1.0), vmin=-1, vmax=1)  # fmt: skip
    bar.set_xticks([-1.0, 0.0, 1.0], [f"{MINUS}{reach:.2g}", "0", f"+{reach:.2g}"])
    bar.set_yticks([])
    bar.tick_params(length=1.5, pad=1, labelsize=5.6)
    for spine in bar.spines.values():
        spine.set(visible=False)
    for label in bar.get_xticklabels():
        label.set_path_effects(style.halo(1.4, _BRIGHT))
    words = bar.text(0.0, 1.0 + 2.0 / 4.0, unit, transform=bar.transAxes, fontsize=6.0, va="bottom",
                     path_effects=style.halo(1.6, _BRIGHT))  # fmt: skip
    box = text_extent(words)
    foot = frame.y1 - top - high - 10.0 * point
    return Bbox([[frame.x0, foot], [max(frame.x0 + left + long + 12.0 * point, box.x1), frame.y1]])
