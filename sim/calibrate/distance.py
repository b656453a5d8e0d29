"""How far statistics are from the targets.

``d = sqrt(sum of weight (residual / divisor)^2)``. The divisor of a target joins its own scale
with the standard deviation that the simulations show, ``sqrt(scale^2 + sd^2)``, so that a target
counts by what can be told from the noise, and none is divided by nothing. The deviation is that
of all simulations of the bank, the rejected ones too (Prangle 2017). It is the standard deviation,
not the median absolute deviation, which is 0 for a count that is mostly 0 and would make such a
target count for everything or nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from sim.calibrate.problem import Aim, Floats


def residuals(statistics: Floats, aims: Sequence[Aim]) -> Floats:
    """Residual of each target, both arrays (simulations, targets)."""
    columns = [aim.residual(statistics[:, place]) for place, aim in enumerate(aims)]
    return np.stack(columns, axis=1)


def deviations(values: Floats) -> Floats:
    """Standard deviation of each column over its finite values; 0 where there are under two."""
    finite = np.isfinite(values)
    counts = finite.sum(axis=0)
    filled = np.where(finite, values, 0.0)
    centre = filled.sum(axis=0) / np.maximum(counts, 1)
    squares = np.where(finite, (filled - centre) ** 2, 0.0).sum(axis=0)
    found: Floats = np.sqrt(squares / np.maximum(counts - 1, 1))
    return found


@dataclass(frozen=True)
class Distance:
    """A weighted Euclidean distance to the targets, with one divisor for each."""

    aims: tuple[Aim, ...]
    divisors: tuple[float, ...]

    @classmethod
    def seen_in(cls, statistics: Floats, aims: tuple[Aim, ...]) -> Self:
        """The distance for the spread of these simulations, (simulations, targets)."""
        scales = np.array([aim.scale for aim in aims])
        scales = np.hypot(scales, deviations(statistics))
        return cls(aims, tuple(float(scale) for scale in scales))

    def __call__(self, statistics: Floats) -> Floats:
        """Distances of simulations, (simulations, targets) to (simulations,).

        Infinite where a statistic that counts is undefined.
        """
        # Column by column: the distance of a simulation has the same bits in any company.
        total = np.zeros(len(statistics))
        for place, (aim, divisor) in enumerate(zip(self.aims, self.divisors, strict=True)):
            if aim.weight > 0.0:
                off = aim.residual(statistics[:, place]) / divisor
                total += aim.weight * off * off
        return np.where(np.isnan(total), np.inf, np.sqrt(total))
