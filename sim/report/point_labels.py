"""Names beside points of a figure, joined to them by a leader where they stand apart."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.transforms import Bbox

from sim.report import layout, style
from sim.report.labels import text_size
from sim.report.placement import away, nearest, place

_LEADER_PX: Final = 12.0
"""A name farther from its point than this has a leader."""


class PointLabel(NamedTuple):
    """A point in data coordinates, and its name."""

    place: tuple[float, float]
    words: str
    colour: str = style.INK
    bold: bool = False


def label_points(
    ax: Axes,
    named: Sequence[PointLabel],
    points_high: float,
    lines: Sequence[Line2D] = (),
    taken: Sequence[Bbox] = (),
) -> list[str]:
    """Write names beside their points, ``points_high`` points high; earlier names go first.

    No name overlaps one of the ``lines`` or of the boxes ``taken``, pixels. Return the names for
    which there was no room.
    """
    figure = layout.figure_of(ax)
    looks: dict[str, Any] = {"fontsize": points_high, "linespacing": 1.05}
    spots = [tuple(map(float, ax.transData.transform(one.place))) for one in named]
    points = [(spot[0], spot[1]) for spot in spots]
    box = ax.get_window_extent()
    frame = (box.x0 + 2, box.y0 + 2, box.x1 - 2, box.y1 - 2)
    weights = ["bold" if one.bold else "normal" for one in named]
    sizes = [
        text_size(figure, one.words, fontweight=weight, **looks)
        for one, weight in zip(named, weights, strict=True)
    ]
    paths = [ax.transData.transform(line.get_xydata()) for line in lines]
    kept_free = [(a, b) for path in paths for a, b in pairwise(map(tuple, path.tolist()))]
    lost = []
    boxes = place(points, sizes, frame, lines=kept_free, taken=[box.extents for box in taken])
    for one, weight, point, label in zip(named, weights, points, boxes, strict=True):
        if label is None:
            lost.append(one.words)
            continue
        distance = away(label, point)
        if distance > _LEADER_PX or any(away(label, other) < distance for other in points):
            end = ax.transData.inverted().transform(nearest(label, point))
            ax.plot([one.place[0], end[0]], [one.place[1], end[1]], color=style.GREY,
                    linewidth=0.6, zorder=1.4, scalex=False, scaley=False)  # fmt: skip
        # in data coordinates: a figure that is cropped has other fractions
        x, y = ax.transData.inverted().transform(label[:2]).tolist()
        ax.annotate(
            one.words, (x, y), va="bottom",
            color=one.colour, fontweight=weight, zorder=3.0,
            bbox={"facecolor": "white", "alpha": 0.6, "linewidth": 0, "pad": 0.5}, **looks,
        )  # fmt: skip
    return lost
