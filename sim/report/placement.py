"""Names beside points in a plane, so that none lies on another, on a point or on a leader.

Lengths are pixels; boxes are (x0, y0, x1, y1). Everything is deterministic.
"""

from collections.abc import Iterator, Sequence
from math import cos, hypot, pi, sin
from typing import Final

Point = tuple[float, float]
Box = tuple[float, float, float, float]

_GAP: Final = 3.0
_ANGLES: Final = (0, 4, 12, 2, 14, 8, 6, 10, 1, 15, 3, 13, 7, 9, 5, 11)
"""Sixteenths of a turn, the most readable side first: right, above, below, and so on."""

_TRIES: Final = 6
_RINGS: Final = (9.0, 16.0, 26.0, 40.0, 58.0, 80.0, 110.0, 150.0, 200.0)


def place(
    points: Sequence[Point], sizes: Sequence[tuple[float, float]], frame: Box, radius: float = 6.0
) -> list[Box | None]:
    """A box inside ``frame`` for each name of ``sizes`` by its point; the earlier choose first.

    Where a name finds no free place, those that found none choose first in another try. ``None``
    for one that finds none within reach of its point in the best try.
    """
    order, fewest = list(range(len(points))), len(points) + 1
    best: list[Box | None] = [None] * len(points)
    for _ in range(_TRIES):
        found = _placed(points, sizes, frame, radius, order)
        lost = [i for i in order if found[i] is None]
        if len(lost) < fewest:
            best, fewest = found, len(lost)
        if not lost:
            break
        order = [*lost, *(i for i in order if i not in lost)]
    return best


def _placed(
    points: Sequence[Point],
    sizes: Sequence[tuple[float, float]],
    frame: Box,
    radius: float,
    order: Sequence[int],
) -> list[Box | None]:
    marks = [(x - radius, y - radius, x + radius, y + radius) for x, y in points]
    dots = [(x - 3.0, y - 3.0, x + 3.0, y + 3.0) for x, y in points]
    boxes: list[Box] = []
    leaders: list[tuple[Point, Point]] = []
    found: list[Box | None] = [None] * len(points)
    for i in order:
        point, size = points[i], sizes[i]
        # A leader over another point would seem to be that one's; at one spot it cannot be helped.
        others = [dot for j, dot in enumerate(dots) if j != i and away(dot, point) > 0.0]
        for box in _around(point, size):
            end = nearest(box, point)
            if (
                inside(box, frame)
                and not any(overlap(box, other) for other in (*boxes, *marks))
                and not any(crosses(start, stop, box) for start, stop in leaders)
                and not any(crosses(point, end, other) for other in (*boxes, *others))
                and not any(meet((point, end), other) for other in leaders)
            ):
                found[i] = box
                boxes.append(box)
                leaders.append((point, end))
                break
    return found


def _around(point: Point, size: tuple[float, float]) -> Iterator[Box]:
    """Boxes about a point, ring by ring, each touching its ring with its nearest side."""
    wide, tall = size
    for ring in _RINGS:
        for sixteenth in _ANGLES:
            angle = sixteenth * pi / 8
            x = point[0] + cos(angle) * (ring + wide / 2)
            y = point[1] + sin(angle) * (ring + tall / 2)
            yield x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2


def nearest(box: Box, point: Point) -> Point:
    """The point of a box that is nearest to ``point``."""
    return min(max(point[0], box[0]), box[2]), min(max(point[1], box[1]), box[3])


def away(box: Box, point: Point) -> float:
    """Distance of a box from a point."""
    x, y = nearest(box, point)
    return hypot(x - point[0], y - point[1])


def inside(box: Box, frame: Box) -> bool:
    """Whether a box lies wholly within a frame."""
    return box[0] >= frame[0] and box[1] >= frame[1] and box[2] <= frame[2] and box[3] <= frame[3]


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes come nearer to one another than the least gap."""
    return (
        one[0] < other[2] + _GAP
        and other[0] < one[2] + _GAP
        and one[1] < other[3] + _GAP
        and other[1] < one[3] + _GAP
    )


def meet(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    """Whether two stretches of straight line cross; ends that only touch do not."""
    (a, b), (c, d) = one, other
    return _side(a, b, c) * _side(a, b, d) < 0.0 and _side(c, d, a) * _side(c, d, b) < 0.0


def _side(a: Point, b: Point, c: Point) -> float:
    """Positive where ``c`` lies left of the way from ``a`` to ``b``, negative where right."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def crosses(start: Point, end: Point, box: Box) -> bool:
    """Whether a straight line meets a box (Liang and Barsky 1984)."""
    first, last = 0.0, 1.0
    for axis in (0, 1):
        step = end[axis] - start[axis]
        low, high = box[axis] - start[axis], box[axis + 2] - start[axis]
        if step == 0.0:
            if low > 0.0 or high < 0.0:
                return False
            continue
        enter, leave = sorted((low / step, high / step))
        first, last = max(first, enter), min(last, leave)
        if first > last:
            return False
    return True
