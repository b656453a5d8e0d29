"""Places for names beside points in a plane: none overlaps another name, a point or a leader.

Lengths are pixels; points are (..., 2), boxes (..., 4): x0, y0, x1, y1. Functions of two of them
broadcast. Everything is deterministic.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Point = tuple[float, float]
Box = tuple[float, float, float, float]
Line = tuple[Point, Point]

_GAP: Final = 3.0
_RADIUS: Final = 6.0
"""Radius of a mark, which no name may cover."""

_ANGLES: Final = (0, 4, 12, 2, 14, 8, 6, 10, 1, 15, 3, 13, 7, 9, 5, 11)
"""Sixteenths of a turn, the most readable side first: right, above, below, and so on."""

_SHIFTS: Final = (0.35, -0.35, 0.5, -0.5, 0.65, -0.65, 0.8, -0.8)
"""How far a name above or below its point may be moved along, in its own widths."""

_TRIES: Final = 40
_RINGS: Final = (9.0, 16.0, 26.0, 40.0, 58.0, 80.0, 110.0, 150.0, 200.0)


def place(
    points: Sequence[Point],
    sizes: Sequence[tuple[float, float]],
    frame: Box,
    lines: Sequence[Line] = (),
    taken: Sequence[ArrayLike] = (),
) -> list[Box | None]:
    """A box inside ``frame`` for each name of ``sizes``, near its point; earlier names go first.

    No name overlaps one of the ``lines`` or of the boxes ``taken``. Names without a place go first
    in the next try; some tries shuffle the others. The try that leaves out the fewest wins;
    ``None`` stands for a name that it leaves out.
    """
    ground = _Ground(points, sizes, frame, lines, taken)
    order, fewest, luck = list(range(len(points))), len(points) + 1, Random(1)
    best: list[Box | None] = [None] * len(points)
    for attempt in range(_TRIES):
        found = ground.placed(order)
        lost = [i for i in order if found[i] is None]
        if len(lost) < fewest:
            best, fewest = found, len(lost)
        if not lost:
            break
        rest = [i for i in order if i not in lost]
        if attempt % 4 == 3:
            luck.shuffle(rest)
        order = [*lost, *rest]
    return best


@dataclass
class _Ground:
    """What to name, and what may not be covered."""

    points: Sequence[Point]
    sizes: Sequence[tuple[float, float]]
    frame: Box
    lines: Sequence[Line]
    taken: Sequence[ArrayLike] = ()

    @cached_property
    def candidates(self) -> list[tuple[Floats, Floats]]:
        """For each name the boxes free of points and lines, and the ends of their leaders."""
        spots = np.array(self.points, dtype=np.float64).reshape(-1, 2)
        marks, dots = (np.hstack([spots - r, spots + r]) for r in (_RADIUS, 3.0))
        lines = np.array(self.lines, dtype=np.float64).reshape(-1, 2, 2)
        taken = np.array(self.taken, dtype=np.float64).reshape(-1, 4)
        found = []
        for i, (point, size) in enumerate(zip(spots, self.sizes, strict=True)):
            boxes = _around(point, size)
            ends = nearest(boxes, point)
            # a leader over another point would seem to belong to that point
            others = dots[(np.arange(len(dots)) != i) & (away(dots, point) > 0.0)]
            free = (
                inside(boxes, self.frame)
                & ~overlap(boxes[:, None], marks).any(axis=1)
                & ~crosses(point, ends[:, None], others).any(axis=1)
                & ~crosses(lines[:, 0], lines[:, 1], boxes[:, None]).any(axis=1)
                & ~overlap(boxes[:, None], taken).any(axis=1)
            )
            # places with no other point nearer come first, so that the owner is clear
            distance = away(boxes, point)[:, None]
            astray = (away(boxes[:, None], spots) < distance).any(axis=1)[free]
            order = np.argsort(astray, kind="stable")
            found.append((boxes[free][order], ends[free][order]))
        return found

    def placed(self, order: Sequence[int]) -> list[Box | None]:
        """A place for each name, in ``order``."""
        found: list[Box | None] = [None] * len(self.points)
        taken, starts, stops = np.empty((0, 4)), np.empty((0, 2)), np.empty((0, 2))
        for i in order:
            point, (boxes, ends) = np.array(self.points[i]), self.candidates[i]
            free = ~(
                overlap(boxes[:, None], taken).any(axis=1)
                | crosses(starts, stops, boxes[:, None]).any(axis=1)
                | crosses(point, ends[:, None], taken).any(axis=1)
                | meet((point, ends[:, None]), (starts, stops)).any(axis=1)
            )
            if free.any():
                first = int(free.argmax())
                x0, y0, x1, y1 = boxes[first].tolist()
                found[i] = (x0, y0, x1, y1)
                taken = np.vstack([taken, boxes[first]])
                starts, stops = np.vstack([starts, point]), np.vstack([stops, ends[first]])
        return found


def _around(point: Floats, size: tuple[float, float]) -> Floats:
    """Boxes around a point, ring by ring, each touching its ring with its nearest side.

    On each ring boxes above and below the point, shifted to either side, follow.
    """
    half = np.array(size) / 2.0
    turns = np.array(_ANGLES) * np.pi / 8.0
    way = np.stack([np.cos(turns), np.sin(turns)], axis=1)
    shifts = np.array(_SHIFTS) * size[0]
    middles = []
    for ring in _RINGS:
        middles.append(way * (ring + half))
        for up in (1.0, -1.0):
            middles.append(np.stack([shifts, np.full(len(shifts), up * (ring + half[1]))], axis=1))
    centres = point + np.concatenate(middles)
    return np.hstack([centres - half, centres + half])


def nearest(box: ArrayLike, point: ArrayLike) -> Floats:
    """The point of a box that is nearest to ``point``, (..., 2)."""
    one, at = np.asarray(box, dtype=np.float64), np.asarray(point, dtype=np.float64)
    found: Floats = np.minimum(np.maximum(at, one[..., :2]), one[..., 2:])
    return found


def away(box: ArrayLike, point: ArrayLike) -> Any:
    """The distance of a box from a point."""
    gap = nearest(box, point) - np.asarray(point)
    return np.hypot(gap[..., 0], gap[..., 1])


def inside(box: ArrayLike, frame: Box) -> Any:
    """Whether a box lies wholly within a frame."""
    one, edge = np.asarray(box), np.asarray(frame)
    return (one[..., :2] >= edge[:2]).all(axis=-1) & (one[..., 2:] <= edge[2:]).all(axis=-1)


def overlap(one: ArrayLike, other: ArrayLike) -> Any:
    """Whether two boxes are nearer to one another than the smallest gap."""
    a, b = np.asarray(one), np.asarray(other)
    apart = (a[..., :2] >= b[..., 2:] + _GAP) | (b[..., :2] >= a[..., 2:] + _GAP)
    return ~apart.any(axis=-1)


def meet(one: tuple[ArrayLike, ArrayLike], other: tuple[ArrayLike, ArrayLike]) -> Any:
    """Whether two line segments cross; ends that only touch do not."""
    (a, b), (c, d) = (tuple(map(np.asarray, line)) for line in (one, other))
    return (_side(a, b, c) * _side(a, b, d) < 0.0) & (_side(c, d, a) * _side(c, d, b) < 0.0)


def _side(a: Floats, b: Floats, c: Floats) -> Floats:
    """Positive where ``c`` is left of the line from ``a`` to ``b``, negative where right."""
    along, across = b - a, c - a
    found: Floats = along[..., 0] * across[..., 1] - along[..., 1] * across[..., 0]
    return found


def crosses(start: ArrayLike, end: ArrayLike, box: ArrayLike) -> Any:
    """Whether a line segment meets a box (Liang and Barsky 1984)."""
    begin, one = np.asarray(start, dtype=np.float64), np.asarray(box, dtype=np.float64)
    step = np.asarray(end, dtype=np.float64) - begin
    low, high = one[..., :2] - begin, one[..., 2:] - begin
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        a, b = low / step, high / step
    still = step == 0.0  # parallel to a side
    between = (low <= 0.0) & (high >= 0.0)
    enter = np.where(still, np.where(between, -np.inf, np.inf), np.minimum(a, b))
    leave = np.where(still, np.where(between, np.inf, -np.inf), np.maximum(a, b))
    return np.maximum(enter.max(axis=-1), 0.0) <= np.minimum(leave.min(axis=-1), 1.0)
