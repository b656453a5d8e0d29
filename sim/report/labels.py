"""The size of words, and three deterministic ways to place words so that none overlap.

Lengths are pixels of the canvas of the figure.
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, Final

import numpy as np
from matplotlib import rcParams
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.text import Text
from matplotlib.transforms import Bbox

GAP: Final = 4.0
"""Smallest distance between two words, pixels."""

_FINE: Final = 1000.0
"""Letters are measured this many times larger, for widths with enough digits."""


@lru_cache(maxsize=4)
def renderer(dpi: float) -> RendererAgg:
    """The renderer that measures words for all figures of a resolution, each word once."""
    untyped: Any = RendererAgg
    renderer: RendererAgg = untyped(1, 1, dpi)
    return renderer


def text_extent(text: Text) -> Bbox:
    """The box of a text as it will be drawn, pixels. Raise ``ValueError`` without a figure."""
    figure = text.get_figure(root=True)
    if figure is None:
        raise ValueError("a text without a figure has no extent")
    return text.get_window_extent(renderer(figure.dpi))


class _Widths(dict[str, float]):
    """The widths of the letters of a font at size 1; each is measured once."""

    def __init__(self, path: str) -> None:
        self._font = FT2Font(path)
        self._font.set_size(1.0, 72.0 * _FINE)

    def __missing__(self, letter: str) -> float:
        glyph = self._font.load_char(ord(letter), flags=LoadFlags.NO_HINTING)
        self[letter] = width = glyph.linearHoriAdvance / 65536.0 / _FINE
        return width


@cache
def _letters(family: tuple[str, ...], weight: str) -> _Widths:
    return _Widths(findfont(FontProperties(family=list(family), weight=weight)))


@cache
def _height(dpi: float, lines: int, points: float, spacing: float | None) -> float:
    """The height of a number of lines, pixels, whatever the words."""
    looks: dict[str, Any] = {} if spacing is None else {"linespacing": spacing}
    probe = Text(0, 0, "\n".join(["lp"] * lines), fontsize=points, **looks)
    probe.set_figure(Figure(dpi=dpi))
    return float(text_extent(probe).height)


def text_size(
    figure: Figure,
    words: str,
    *,
    fontsize: float | None = None,
    fontweight: str = "normal",
    linespacing: float | None = None,
    **_: object,
) -> tuple[float, float]:
    """Width and height of ``words`` in ``figure``, pixels; other looks do not matter.

    The width is the sum over the letters: it agrees with a renderer to about a hundredth and takes
    a fraction of the time.
    """
    points = rcParams["font.size"] if fontsize is None else fontsize
    widths = _letters(tuple(rcParams["font.family"]), fontweight)
    if not words:
        return 0.0, 0.0
    lines = words.split("\n")
    wide = max(sum(map(widths.__getitem__, line)) for line in lines) * points * figure.dpi / 72.0
    return wide, _height(figure.dpi, len(lines), points, linespacing)


def wrap(figure: Figure, words: str, width: float, **style: Any) -> str:
    """``words`` in lines of ``width`` pixels; a longer word, and the % of a number, may pass it."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and (word == "%" or text_size(figure, longer, **style)[0] <= width):
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)


def staircase(anchors: Sequence[float], sizes: Sequence[tuple[float, float]]) -> list[float]:
    """Heights of labels that start right of vertical leaders at ``anchors`` (ascending).

    A leader comes from below and must cross no label. So a label is placed above every later label
    whose leader stands under it. Labels that do not overlap share a height.
    """
    heights = [0.0] * len(anchors)
    for i in reversed(range(len(anchors))):
        reach = anchors[i] + sizes[i][0] + 2 * GAP
        under = [j for j in range(i + 1, len(anchors)) if anchors[j] < reach]
        heights[i] = max((heights[j] + sizes[j][1] + GAP for j in under), default=0.0)
    return heights


def spread(wanted: Sequence[float], least: float, low: float, high: float) -> list[float]:
    """Positions nearest to ``wanted`` (ascending), at least ``least`` apart, in [low, high].

    Least squares under the order. Where there is no room for all, they are closer than ``least``.
    """
    from scipy.optimize import isotonic_regression

    n = len(wanted)
    if n == 0:
        return []
    step = min(least, (high - low) / (n - 1)) if n > 1 else least
    # without the steps, "apart by step" is "ascending"
    steps = step * np.arange(n)
    level = isotonic_regression(np.asarray(wanted) - steps).x
    places: list[float] = (np.clip(level, low, high - (n - 1) * step) + steps).tolist()
    return places


def lanes(middles: Sequence[float], widths: Sequence[float]) -> list[int]:
    """The lane of each label centred on ``middles`` (ascending); lane 0 is the nearest.

    A label above lane 0 has a leader down from its middle, which no lower label may cover. Where
    no lane is free, a new one is added: a leader may then pass behind a label, but no two labels
    overlap.
    """
    placed: list[int] = []
    for i in range(len(middles)):
        free = (
            lane
            for lane in range(max(placed, default=-1) + 2)
            if not any(_clash(middles, widths, (j, placed[j]), (i, lane)) for j in range(i))
        )
        placed.append(next(free, max(placed, default=-1) + 1))
    return placed


def _clash(
    middles: Sequence[float], widths: Sequence[float], a: tuple[int, int], b: tuple[int, int]
) -> bool:
    """Whether two labels, each an index and a lane, overlap, or one covers a leader."""
    (i, lane_i), (j, lane_j) = a, b
    apart = abs(middles[i] - middles[j])
    if lane_i == lane_j:
        return apart < (widths[i] + widths[j]) / 2 + 2 * GAP
    lower = i if lane_i < lane_j else j
    return apart < widths[lower] / 2 + GAP
