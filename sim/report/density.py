"""The shape of a sample: steps for counts, a smooth curve for measures, a spike for a constant."""

from typing import Final, NamedTuple

import numpy as np

from sim.report.weighted import Floats, kernels

MOST_STEPS: Final = 60
"""Counts that span more than this are drawn as a curve."""

_POINTS: Final = 160


class Shape(NamedTuple):
    """An outline over ``x``; ``height`` is 1 at its peak. ``steps``: draw it as steps."""

    x: Floats
    height: Floats
    steps: bool


def shape(values: Floats, *, ceiling: float | None = None) -> Shape:
    """Outline of a sample of non-negative values (at most ``ceiling``, if given).

    Counts of a small range get a step for each whole number, one wide and centred on it, and so
    does any sample of one value. Others get a Gaussian kernel density with the bandwidth of
    Silverman (1986, eq. 3.31), mirrored at 0 and at ``ceiling`` so that no weight lies beyond
    what is possible. Raises ``ValueError`` of an empty sample.
    """
    if values.size == 0:
        raise ValueError("nothing has no shape")
    low, high = float(values.min()), float(values.max())
    whole = bool((values == np.round(values)).all())
    if whole and high - low <= MOST_STEPS:
        return _steps(values, low, high)
    if low == high:
        return Shape(np.array([low, low]), np.array([0.0, 1.0]), False)
    return _curve(values, low, high, np.inf if ceiling is None else ceiling)


def _steps(values: Floats, low: float, high: float) -> Shape:
    counts = np.bincount((values - low).astype(np.int64), minlength=int(high - low) + 1)
    edges = np.arange(low - 0.5, high + 1.0)
    height = counts / counts.max()
    # Out of the ground at the first edge and back into it at the last.
    return Shape(np.repeat(edges, 2), np.r_[0.0, np.repeat(height, 2), 0.0], True)


def _curve(values: Floats, low: float, high: float, ceiling: float) -> Shape:
    width = bandwidth(values)
    floor = 0.0 if low >= 0.0 else -np.inf
    x = np.linspace(max(low - 3 * width, floor), min(high + 3 * width, ceiling), _POINTS)
    parts = np.array_split(values, max(values.size // 4096, 1))
    each = [kernels(part, (floor, ceiling), x, width).sum(axis=1) for part in parts]
    height: Floats = np.sum(each, axis=0)
    return Shape(x, height / height.max(), False)


def bandwidth(values: Floats) -> float:
    """``0.9 min(s, IQR / 1.34) n^(-1/5)`` (Silverman 1986), but not under ``0.3 s n^(-1/5)``.

    The floor keeps a narrow middle with a long tail from being drawn as a row of needles.
    """
    deviation = float(values.std(ddof=1))
    lower, upper = np.quantile(values, [0.25, 0.75])
    middle = float(upper - lower) / 1.34
    return float(0.9 * max(min(deviation, middle), deviation / 3) * values.size**-0.2)
