"""The shape of a weighted sample: a curve of one parameter, a surface of two, and what they hold.

Gaussian kernels with the bandwidth of Silverman (1986), counted in effective draws and mirrored
at the bounds, so that no weight lies beyond what is possible.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bounds = tuple[float, float]

_NARROW: Final = 1e-6
"""A spread below this share of the panel is a point."""


def width(values: Floats, weights: Floats, dimensions: int = 1) -> float:
    """Bandwidth ``s (4 / (n (d + 2)))^(1 / (d + 4))`` (Silverman 1986, eq. 4.14).

    ``n`` is the effective number of draws, ``1 / sum w^2`` (Kong 1992), and ``s`` the smaller of
    standard deviation and scaled quartile range, as for a sample without weights.
    """
    order = np.argsort(values, kind="stable")
    share = np.cumsum(weights[order]) - 0.5 * weights[order]
    lower, upper = np.interp((0.25, 0.75), share, values[order])
    deviation = float(np.sqrt(weights @ (values - weights @ values) ** 2))
    spread = max(min(deviation, float(upper - lower) / 1.349), deviation / 3.0)
    effective = 1.0 / float(np.sum(weights**2))
    d = dimensions
    return float(spread * (4.0 / (effective * (d + 2.0))) ** (1.0 / (d + 4.0)))


def spread_out(values: Floats, weights: Floats, view: Bounds) -> bool:
    """Whether the sample has a shape at all, seen in a panel that spans ``view``."""
    return width(values, weights) > _NARROW * (view[1] - view[0])


def curve(values: Floats, weights: Floats, bounds: Bounds, at: Floats) -> Floats:
    """Density at each of ``at`` inside ``bounds``; its integral over them is 1."""
    found: Floats = kernels(values, bounds, at, width(values, weights)) @ weights
    return found


def surface(
    pair: tuple[Floats, Floats],
    weights: Floats,
    bounds: tuple[Bounds, Bounds],
    at: tuple[Floats, Floats],
) -> Floats:
    """Density on the grid of ``at`` (points of the second, points of the first)."""
    first, second = (
        kernels(values, edges, points, width(values, weights, 2))
        for values, edges, points in zip(pair, bounds, at, strict=True)
    )
    found: Floats = (second * weights) @ first.T
    return found


def levels(density: Floats, shares: Sequence[float]) -> list[float]:
    """Height above which each share of the mass lies: highest density regions (Hyndman 1996)."""
    ordered = np.sort(density, axis=None)[::-1]
    mass = np.cumsum(ordered)
    places = np.searchsorted(mass, np.asarray(shares) * mass[-1])
    return [float(ordered[min(place, ordered.size - 1)]) for place in places]


def kernels(values: Floats, bounds: Bounds, at: Floats, h: float) -> Floats:
    """Each draw's kernel at each point, (points, draws), with its mirror images."""
    total = np.zeros((at.size, values.size))
    images = [values, *(2.0 * edge - values for edge in bounds if np.isfinite(edge))]
    for image in images:
        total += np.exp(-0.5 * ((at[:, None] - image) / h) ** 2)
    found: Floats = total / (h * np.sqrt(2.0 * np.pi))
    return found
