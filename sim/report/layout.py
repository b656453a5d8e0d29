"""The layout of a figure in pixels: a headline, panels, and a note at the foot."""

from collections.abc import Iterable, Sequence
from functools import partial
from math import floor, log10
from typing import Any, Final, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from sim.comparison.number_format import MINUS
from sim.report import style
from sim.report.labels import GAP, text_size, wrap

MARGIN: Final = 18.0
WIDTH: Final = style.WIDTH_IN * style.DPI

AXIS_PX: Final = 46.0
"""Height for the numbers and the name of an axis."""

PARTS: Final = ("title", "subtitle", "note")
"""The words about a figure: the finding, what it rests on, and how to read the picture."""

_TITLE: Final[dict[str, Any]] = {"fontsize": 12.5, "fontweight": "bold", "linespacing": 1.15}
_SUBTITLE: Final[dict[str, Any]] = {"fontsize": 9.0, "color": style.GREY, "linespacing": 1.15}
_NOTE: Final[dict[str, Any]] = {"fontsize": 7.5, "color": style.GREY, "linespacing": 1.25}


def empty_figure(height: float, width: float = WIDTH) -> Figure:
    """An empty figure of the given size, pixels."""
    return style.blank(width / style.DPI, height / style.DPI)


class Frame(NamedTuple):
    """A figure with its headline and its note, and the edges of the space between them, pixels."""

    figure: Figure
    left: float
    foot: float
    right: float
    top: float


def new_frame(
    height: float,
    headline: tuple[str, str],
    note: str = "",
    width: float = WIDTH,
    *,
    keys: Sequence[Artist] = (),
    keys_title: str = "",
) -> Frame:
    """A figure with ``height`` pixels between headline and note.

    The headline is the finding and what it rests on; below it stands the legend of ``keys`` in one
    line. The note at the foot says how to read the picture. Each may be empty.
    """
    figure, text_width = empty_figure(height, width), width - 2 * MARGIN
    above = [
        (wrap(figure, words, text_width, **looks), looks, part, after)
        for words, looks, part, after in zip(
            headline, (_TITLE, _SUBTITLE), ("title", "subtitle"), (1.5, 2.0), strict=True
        )
        if words
    ]
    heights = [
        text_size(figure, words, **looks)[1] + after * GAP for words, looks, _, after in above
    ]
    note = wrap(figure, note, text_width, **_NOTE)
    foot = 0.7 * MARGIN + text_size(figure, note, **_NOTE)[1] + GAP if note else MARGIN
    legend = (38.0 if keys_title else 24.0) if keys else 0.0
    whole = MARGIN + sum(heights) + legend + height + foot
    figure.set_size_inches(width / style.DPI, whole / style.DPI)
    y = whole - MARGIN
    for (words, looks, part, _), taken in zip(above, heights, strict=True):
        write_text(figure, MARGIN, y, words, part, va="top", **looks)
        y -= taken
    write_text(figure, MARGIN, 0.7 * MARGIN, note, "note", va="bottom", **_NOTE)
    if keys:
        figure.legend(
            handles=list(keys), title=keys_title or None, loc="upper left", alignment="left",
            ncols=len(keys), columnspacing=1.5, handletextpad=0.4, handlelength=1.5,
            bbox_to_anchor=(MARGIN / width, y / whole),
        ).get_title().set_color(style.GREY)  # fmt: skip
    return Frame(figure, MARGIN, foot, width - MARGIN, y - legend)


def add_panel(figure: Figure, left: float, foot: float, right: float, top: float) -> Axes:
    """Axes between four edges, pixels from the lower left corner."""
    width, height = figure.bbox.width, figure.bbox.height
    return figure.add_axes(
        (left / width, foot / height, (right - left) / width, (top - foot) / height)
    )


def panel_title(ax: Axes, words: str, pad: float = 4.0) -> None:
    """Write the title of a panel above its left edge; ``pad`` is the gap, points."""
    ax.set_title(words, fontsize=9.0, fontweight="bold", loc="left", pad=pad)


def write_text(
    figure: Figure, x: float, y: float, words: str, part: str | None = None, **looks: Any
) -> None:
    """Write words at a place in pixels, kept as shares of the figure, which hold at any size.

    A ``part`` of :data:`PARTS` is text, not drawing, where the figure is put on a page.
    """
    figure.text(x / figure.bbox.width, y / figure.bbox.height, words, gid=part, **looks)


def figure_of(ax: Axes) -> Figure:
    """The figure of ``ax``. Raise ``ValueError`` where it has none."""
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("axes without a figure cannot be drawn on")
    return figure


def round_ticks(
    axis: Axis,
    divisor: float = 1.0,
    *,
    sign: bool = False,
    whole: bool = False,
    inner: bool = False,
) -> None:
    """Put a few round numbers on an axis, in units of ``divisor``, with a real minus.

    ``whole`` allows whole numbers only, for counts. ``inner`` keeps numbers away from the ends, so
    that those of panels above one another do not collide.
    """
    box = axis.axes.get_window_extent()
    sideways = axis is axis.axes.xaxis
    bins = max(int((box.width / 62.0) if sideways else (box.height / 34.0)), 2)
    axis.set_major_locator(_Scaled(bins, divisor, whole=whole, margin=0.08 if inner else 0.0))
    axis.set_major_formatter(FuncFormatter(partial(_plain_number, divisor, sign)))


def limits(ends: Iterable[float], slack: float, flat: float = 1.0) -> tuple[float, float]:
    """Limits around zero and all ``ends``, with a margin of the share ``slack`` on either side.

    Where all are zero the margin is ``flat``.
    """
    low, high = min(found := [0.0, *ends]), max(found)
    beyond = slack * (high - low) or flat
    return low - beyond, high + beyond


def frame_plane(ax: Axes, places: NDArray[np.float64], margin: tuple[float, float]) -> None:
    """Set limits that hold the origin and all places, (n, 2); draw lines through the origin.

    ``margin`` is the share of the range to leave free on either side, across and up.
    """
    both = np.vstack([places, [0.0, 0.0]])
    low, high = both.min(axis=0), both.max(axis=0)
    slack = np.where(high > low, np.array(margin) * (high - low), 1.0)
    ax.set_xlim(low[0] - slack[0], high[0] + slack[0])
    ax.set_ylim(low[1] - slack[1], high[1] + slack[1])
    ax.axhline(0.0, color=style.FAINT, linewidth=0.8, zorder=0.4)
    ax.axvline(0.0, color=style.FAINT, linewidth=0.8, zorder=0.4)


def round_down(most: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten that is at most ``most``."""
    power = 10.0 ** floor(log10(most))
    return max(step * power for step in (0.5, 1.0, 2.0, 5.0) if step * power <= most)


def mark_zeros(axis: Axis, zeros: Sequence[float], reach: tuple[float, float]) -> None:
    """Number the zero of each strip on an axis, and a round number on either side of it.

    ``reach`` is how far a strip extends below and above its zero.
    """
    low, high = reach
    mark = round_down(0.75 * max(-low, high))
    slack = 0.1 * (high - low)
    first, last = axis.get_view_interval()
    # two lines of numbers need this much of the axis between them
    apart = mark / (last - first) * axis.axes.get_window_extent().height >= 15.0
    ticks = [
        at for at in ((-mark, 0.0, mark) if apart else (0.0,)) if low + slack < at < high - slack
    ]
    axis.set_ticks(
        [zero + at for zero in zeros for at in ticks],
        [_plain_number(1.0, True, at) for _ in zeros for at in ticks],
    )


class _Scaled(MaxNLocator):
    """Round numbers of the unit shown, not of the unit stored; none beyond the axis."""

    def __init__(self, bins: int, divisor: float, *, whole: bool, margin: float) -> None:
        super().__init__(bins, steps=[1, 2, 2.5, 5, 10], integer=whole)
        self._divisor = divisor
        self._margin = margin

    def tick_values(self, vmin: float, vmax: float) -> Any:
        low, high = sorted((vmin, vmax))
        ticks = np.asarray(super().tick_values(low / self._divisor, high / self._divisor))
        slack = (self._margin - 1e-9) * (high - low)
        at = ticks * self._divisor
        return at[(at >= low + slack) & (at <= high - slack)]


def _plain_number(divisor: float, sign: bool, value: float, _: int | None = None) -> str:
    # Six significant digits at most, and never an exponent.
    rounded = float(f"{value / divisor:.6g}")
    shown = f"{rounded:{'+' if sign else ''},.10f}".rstrip("0").rstrip(".")
    return shown.replace("-", MINUS) if rounded else "0"
