"""A corner plot of a posterior beside its prior: each parameter, and parameters in pairs."""

import re
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.calibrate.posterior import Posterior
from sim.calibrate.record import GRID, CalibrationRecord
from sim.calibrate.types import PriorLike
from sim.comparison.number_format import per_cent
from sim.report import layout, style
from sim.report.density import Bounds, Floats, curve, has_spread, levels, surface
from sim.report.labels import GAP, text_size
from sim.report.ranked_posterior import RankedParameter, RankedPosterior
from sim.report.row_chart import draw_bars, set_rows, write_beside

MOST: Final = 8
"""The corner holds at most this many parameters by default."""

SHARES: Final = (0.9, 0.5)
"""Shares of the mass within the contours."""

_FILLS: Final = ("#CFE3F2", "#5FA3D0")
_CELL_PX, _LIST_PX, _ROW_PX = 150.0, 400.0, 21.0
_NAMES_PX, _TICKS_PX, _ABOVE_PX, _APART_PX = 132.0, 44.0, 18.0, 8.0
_WORDS: Final[dict[str, Any]] = {"fontsize": 8.5, "linespacing": 1.1}
_SMALL: Final = 7.0
_NUMBERS_PX, _NUMBER_PX = 24.0, 44.0

_NOTE: Final = (
    "On the diagonal: the posterior (filled) and the prior (outlined), with equal areas; the mark "
    "is the mean of the posterior. Below: the smallest regions that hold 50 % (dark) and 90 % "
    "(light) of the posterior, in panels from the 0.5 % to the 99.5 % quantile of the prior. "
    "Spread: standard deviation; at 100 % nothing was learnt; grey: keeps more than 90 % and has "
    "not moved. In the prior all parameters are independent."
)


def marginal(learning: RankedPosterior, ax: Axes, *, place: int = 0) -> Axes:
    """Draw one parameter, by its rank in what was learnt: posterior filled, prior outlined.

    Both are densities with equal areas.
    """
    one, posterior = learning.known[place], learning.posterior
    x, prior = _outline(one.prior)
    top = float(prior.max(initial=0.0))
    values = posterior[one.key]
    if has_spread(values, one.view):
        at = np.linspace(*_within(one), 161)
        height = curve(values, one.bounds, at)
        ax.fill_between(at, height, color=_FILLS[1], linewidth=0, alpha=0.8, zorder=1.0)
        top = max(top, float(height.max()))
    else:
        ax.axvline(one.marginal.mean, color=_FILLS[1], linewidth=3.0, zorder=1.0)
    ax.plot(x, prior, color=style.INK, linewidth=1.1, zorder=1.2)
    ax.plot([one.marginal.mean], [0.0], marker="^", markersize=5.0, color=style.VERMILION,
            clip_on=False, zorder=1.4)  # fmt: skip
    ax.set_xlim(one.view)
    ax.set_ylim(0.0, 1.06 * top or 1.0)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    return ax


def pair(learning: RankedPosterior, ax: Axes, *, across: int, up: int) -> Axes:
    """Draw two parameters: the regions of highest density that hold 50 and 90 %."""
    posterior = learning.posterior
    first, second = learning.known[across], learning.known[up]
    columns = posterior[first.key], posterior[second.key]
    seen = zip(columns, (first, second), strict=True)
    if all(has_spread(values, one.view) for values, one in seen):
        at = np.linspace(*_within(first), 48), np.linspace(*_within(second), 48)
        height = surface(columns, (first.bounds, second.bounds), at)
        rings = [*levels(height, SHARES), 1.01 * float(height.max())]
        if rings[0] < rings[1] < rings[2]:
            ax.contourf(*at, height, levels=rings, colors=_FILLS, zorder=0.8)
    else:
        ax.plot(*columns, marker="o", markersize=2.5, color=_FILLS[1], linestyle="none")
    ax.plot([first.marginal.mean], [second.marginal.mean], marker="+", markersize=6,
            color=style.VERMILION, zorder=1.4)  # fmt: skip
    ax.set_xlim(first.view)
    ax.set_ylim(second.view)
    return ax


def contraction(learning: RankedPosterior, ax: Axes, *, shown: int) -> Axes:
    """Draw the share of its prior spread that each parameter keeps, the most learnt on top."""
    known = learning.known
    set_rows(ax, [one.key for one in known], bold=(), most=_LIST_PX)
    draw_bars(ax, [(row, 0.0, min(one.marginal.kept, 1.25),
               _FILLS[1] if one.key in learning.moved else style.FAINT)
              for row, one in enumerate(known)], 0.62, zorder=1.0)  # fmt: skip
    for row, one in enumerate(known):
        write_beside(ax, row, per_cent(one.marginal.kept) if learning.has_spread else "–", 46.0)
    ax.axvline(1.0, color=style.INK, linewidth=1.0, linestyle=(0, (1, 1.5)))
    ax.set_xlim(0.0, 1.25)
    ax.set_ylim(len(known) - 0.4, -0.6)
    for row, label in enumerate(ax.get_yticklabels()):
        label.set_color(style.INK if row < shown else style.GREY)
    ax.set_xticks([0.0, 1.0], ["0 %", "100 %"], fontsize=8.5)
    return ax


def draw_posterior(recorded: CalibrationRecord) -> Figure:
    """Draw the posterior of a calibration."""
    return corner_page(recorded.posterior, recorded.priors)


def corner_page(posterior: Posterior, priors: Sequence[PriorLike], *, most: int = MOST) -> Figure:
    """Draw at most ``most`` parameters in pairs, and a list of all, the most learnt first.

    ``priors`` are the priors of the parameters in any order; each has a quantile function and
    bounds.
    """
    with style.styled():
        learning = RankedPosterior(posterior, priors)
        shown = min(most, len(learning.known))
        left = layout.MARGIN + _NAMES_PX + _TICKS_PX
        cell = min(_CELL_PX, (layout.WIDTH - layout.MARGIN - left) / shown)
        tall = max(0.62 * cell, 48.0) + _ABOVE_PX
        listed = _ROW_PX * len(learning.known) + 60.0
        if not _beside(shown, cell, left):  # it ends above the first panel below it
            clear = int((layout.WIDTH - layout.MARGIN - _LIST_PX - left - _NAMES_PX) // cell)
            listed = min(listed, max(clear * tall + 16.0, 14.0 * len(learning.known)))
        body = max(shown * tall, listed if _beside(shown, cell, left) else 0.0)
        frame = layout.new_frame(
            body + _names_room(learning, shown, cell) + 2 * GAP,
            (learning.finding(), learning.beneath(shown)), _NOTE,
        )  # fmt: skip
        figure, top = frame.figure, frame.top - 2 * GAP
        _triangle(figure, learning, shown, (left, top, cell, tall))
        right = layout.WIDTH - layout.MARGIN - _NUMBER_PX
        room = max(text_size(figure, one.key, **_WORDS)[0] for one in learning.known) + 8.0
        start = layout.WIDTH - layout.MARGIN - _LIST_PX + room
        ax = layout.add_panel(figure, start, top - listed + 44.0, right, top - 16.0)
        contraction(learning, ax, shown=shown)
        ax.set_title("share of the prior spread kept", loc="right", fontsize=8.5, color=style.GREY)
    return figure


def _names_room(learning: RankedPosterior, shown: int, cell: float) -> float:
    """Height of the names below the triangle, pixels."""
    probe = layout.empty_figure(100.0)
    names = [broken(probe, one.key, cell - 2 * GAP) for one in learning.known[:shown]]
    return _NUMBERS_PX + max(text_size(probe, name, **_WORDS)[1] for name in names) + 4 * GAP


def _beside(shown: int, cell: float, left: float) -> bool:
    """Whether the triangle is so small that the list fits beside it, not in its corner."""
    return left + (shown + 1) * cell < layout.WIDTH - layout.MARGIN - _LIST_PX


def _triangle(
    figure: Figure, learning: RankedPosterior, shown: int, frame: tuple[float, float, float, float]
) -> None:
    left, top, cell, tall = frame
    for up in range(shown):
        foot = top - (up + 1) * tall
        for across in range(up + 1):
            x = left + across * cell
            ax = layout.add_panel(figure, x, foot, x + cell - _APART_PX, foot + tall - _ABOVE_PX)
            if across == up:
                marginal(learning, ax, place=up)
                _name(figure, learning, up, (x, foot + tall - _ABOVE_PX + 3.0))
            else:
                pair(learning, ax, across=across, up=up)
            ax.tick_params(labelsize=_SMALL, length=2.5)
            _scale(ax, outer=across == 0 and up > 0, lowest=up == shown - 1)
        key, middle = learning.known[up].key, foot + (tall - _ABOVE_PX) / 2
        words = broken(figure, key, _NAMES_PX)
        layout.write_text(
            figure, layout.MARGIN + _NAMES_PX, middle, words, ha="right", va="center", **_WORDS
        )
    for across in range(shown):
        words = broken(figure, learning.known[across].key, cell - 2 * GAP)
        x = left + across * cell + (cell - _APART_PX) / 2
        y = top - shown * tall - _NUMBERS_PX
        layout.write_text(figure, x, y, words, ha="center", va="top", **_WORDS)


def _name(figure: Figure, learning: RankedPosterior, place: int, at: tuple[float, float]) -> None:
    """Write above a marginal the share of its prior spread that it keeps."""
    kept = learning.known[place].marginal.kept
    words = f"keeps {per_cent(kept)} of its prior spread" if learning.has_spread else ""
    right = figure.bbox.width - layout.MARGIN - text_size(figure, words, **_WORDS)[0]
    moved = learning.known[place].key in learning.moved
    looks: dict[str, Any] = {"color": style.INK if moved else style.GREY, **_WORDS}
    layout.write_text(figure, min(at[0], right), at[1], words, va="bottom", **looks)


def _scale(ax: Axes, *, outer: bool, lowest: bool) -> None:
    """Number the leftmost and the lowest panels only."""
    for axis, numbered in ((ax.xaxis, lowest), (ax.yaxis, outer)):
        if numbered:
            layout.round_ticks(axis)
            _two_numbers(axis)
        else:
            axis.set_ticks([])


def _two_numbers(axis: Axis) -> None:
    """Put two round numbers far apart, both clear of the ends, where the next panels begin."""
    ax = axis.axes
    box, sideways, figure = ax.get_window_extent(), axis is ax.xaxis, layout.figure_of(ax)
    low, high = (box.x0, box.x1) if sideways else (box.y0, box.y1)
    label = axis.get_major_formatter()
    kept: list[tuple[float, float, float, str]] = []
    for bins in (2, 3, 5, 8):
        marks = MaxNLocator(bins, steps=[1, 2, 5, 10]).tick_values(*axis.get_view_interval())
        kept = []
        for at in map(float, marks):
            words = label(at, 0)
            half = text_size(figure, words, fontsize=_SMALL)[0 if sideways else 1] / 2
            place = float(ax.transData.transform((at, at))[0 if sideways else 1])
            if low <= place - half and place + half <= high:
                kept.append((place - half, place + half, at, words))
        if len(kept) >= 2:
            break
    ends = kept[:: max(len(kept) - 1, 1)]
    if len(ends) == 2 and ends[0][1] + GAP > ends[1][0]:
        ends.pop()
    axis.set_ticks([at for _, _, at, _ in ends], [words for *_, words in ends])


def broken(figure: Figure, key: str, width: float) -> str:
    """A key in lines of at most ``width`` pixels, broken after dots, else after underscores."""
    if text_size(figure, key, **_WORDS)[0] <= width:
        return key
    head, dot, tail = key.partition(".")
    if dot:
        return f"{broken(figure, head, width)}.\n{broken(figure, tail, width)}"
    lines = [""]
    for piece in re.split(r"(?<=_)", key):
        longer = lines[-1] + piece
        if lines[-1] and text_size(figure, longer, **_WORDS)[0] > width:
            lines.append(piece)
        else:
            lines[-1] = longer
    return "\n".join(lines)


def _within(one: RankedParameter) -> Bounds:
    """The part of the panel within the bounds of the parameter."""
    return max(one.view[0], one.bounds[0]), min(one.view[1], one.bounds[1])


def _outline(quantiles: Floats) -> tuple[Floats, Floats]:
    """The density of a prior from its quantiles at even shares; zero at both ends."""
    apart = np.diff(quantiles)
    seen = apart > 0.0
    if not seen.any():
        return quantiles[:1], np.zeros(1)
    middles = ((quantiles[1:] + quantiles[:-1]) / 2.0)[seen]
    height = (GRID[1] - GRID[0]) / apart[seen]
    ends = quantiles[[0, -1]]
    x = np.r_[ends[0], ends[0], middles, ends[1], ends[1]]
    return x, np.r_[0.0, height[0], height, height[-1], 0.0]
