"""The shape of a sample: steps for counts, a smooth curve for measures, a spike for a constant.

Curves are sums of Gaussian kernels with the bandwidth of Silverman (1986), mirrored at the bounds
so that no mass lies outside them.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bounds = tuple[float, float]

_NARROW: Final = 1e-6
"""A spread below this share of the panel counts as a point."""

MOST_STEPS: Final = 60
"""Counts over a larger range than this are drawn as a curve."""

_POINTS: Final = 160


class Shape(NamedTuple):
    """An outline over ``x`` with ``height`` 1 at its peak; ``steps`` where it has steps."""

    x: Floats
    height: Floats
    steps: bool


def shape(values: Floats, *, ceiling: float | None = None) -> Shape:
    """The outline of a sample of non-negative values, at most ``ceiling`` if given.

    Counts over a small range get a step for each whole number, one wide and centred on it; a
    sample without spread gets a spike. Others get a curve, mirrored at 0 and at ``ceiling``.
    Raise ``ValueError`` for an empty sample.
    """
    if values.size == 0:
        raise ValueError("an empty sample has no shape")
    low, high = float(values.min()), float(values.max())
    whole = bool((values == np.round(values)).all())
    if whole and high - low <= MOST_STEPS:
        return _steps(values, low, high)
    if low == high or bandwidth(values) == 0.0:  # the squares of a tiny spread underflow
        return Shape(np.array([low, low]), np.array([0.0, 1.0]), False)
    return _curve(values, low, high, np.inf if ceiling is None else ceiling)


def _steps(values: Floats, low: float, high: float) -> Shape:
    counts = np.bincount((values - low).astype(np.int64), minlength=int(high - low) + 1)
    edges = np.arange(low - 0.5, high + 1.0)
    height = counts / counts.max()
    # from zero at the first edge and back to zero at the last
    return Shape(np.repeat(edges, 2), np.r_[0.0, np.repeat(height, 2), 0.0], True)


def _curve(values: Floats, low: float, high: float, ceiling: float) -> Shape:
    reach, floor = 3.0 * bandwidth(values), 0.0 if low >= 0.0 else -np.inf
    x = np.linspace(max(low - reach, floor), min(high + reach, ceiling), _POINTS)
    height = curve(values, (floor, ceiling), x)
    return Shape(x, height / height.max(), False)


# -- densities ------------------------------------------------------------------------------


def bandwidth(values: Floats, dimensions: int = 1) -> float:
    """Bandwidth ``s (4 / (n (d + 2)))^(1 / (d + 4))`` (Silverman 1986, eq. 4.14).

    ``s`` is the smaller of standard deviation and scaled quartile range, but not under a third of
    the former, so that a narrow middle with a long tail is not drawn as a row of needles.
    """
    lower, upper = np.quantile(values, (0.25, 0.75), method="hazen")
    deviation = float(values.std())
    spread = max(min(deviation, float(upper - lower) / 1.349), deviation / 3.0)
    d = dimensions
    return float(spread * (4.0 / (values.size * (d + 2.0))) ** (1.0 / (d + 4.0)))


def has_spread(values: Floats, view: Bounds) -> bool:
    """Whether the spread of the sample is visible in a panel that spans ``view``."""
    return bandwidth(values) > _NARROW * (view[1] - view[0])


def curve(values: Floats, bounds: Bounds, at: Floats) -> Floats:
    """Density at each of ``at`` inside ``bounds``; its integral over them is 1."""
    h, parts = bandwidth(values), np.array_split(values, max(values.size // 4096, 1))
    found: Floats = np.sum([kernels(part, bounds, at, h).sum(axis=1) for part in parts], axis=0)
    return found / values.size


def surface(
    pair: tuple[Floats, Floats], bounds: tuple[Bounds, Bounds], at: tuple[Floats, Floats]
) -> Floats:
    """Density on the grid of ``at`` (points of the second, points of the first)."""
    first, second = (
        kernels(values, edges, points, bandwidth(values, 2))
        for values, edges, points in zip(pair, bounds, at, strict=True)
    )
    found: Floats = second @ first.T / pair[0].size
    return found


def levels(density: Floats, shares: Sequence[float]) -> list[float]:
    """The height above which each share of the mass lies (highest density, Hyndman 1996)."""
    ordered = np.sort(density, axis=None)[::-1]
    mass = np.cumsum(ordered)
    places = np.searchsorted(mass, np.asarray(shares) * mass[-1])
    return [float(ordered[min(place, ordered.size - 1)]) for place in places]


def kernels(values: Floats, bounds: Bounds, at: Floats, h: float) -> Floats:
    """The kernel of each value at each point, with its mirror images, (points, values)."""
    total = np.zeros((at.size, values.size))
    images = [values, *(2.0 * edge - values for edge in bounds if np.isfinite(edge))]
    for image in images:
        total += np.exp(-0.5 * ((at[:, None] - image) / h) ** 2)
    found: Floats = total / (h * np.sqrt(2.0 * np.pi))
    return found
