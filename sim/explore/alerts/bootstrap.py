"""Figures that are made of sums over years, and their intervals: whole years are resampled."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.comparison.intervals import percentile
from sim.comparison.resampling import weights
from sim.explore.alerts.counts import Floats
from sim.explore.alerts.result import Estimate

type Sums = Mapping[str, Floats]

RESAMPLES: Final = 1000
_SEED: Final = 20260
_ENOUGH: Final = 0.9
"""Of the resamples so many must say something, or there is no interval."""


class Bootstrap:
    """Sums over years by name, as they were and in resamples (Davison and Hinkley 1997).

    ``counted`` has a row a year, and a number or several in it; ``blocks`` names the block of each
    year: what happens in one year hangs together, and so do years of one draw.
    """

    def __init__(
        self, counted: Mapping[str, Floats], blocks: Sequence[int], confidence: float
    ) -> None:
        _, place = np.unique(np.asarray(blocks), return_inverse=True)
        self.drawn_years = weights(int(place.max()) + 1, RESAMPLES, _SEED)[:, place]
        self._seen = {name: rows.sum(axis=0) for name, rows in counted.items()}
        self._drawn = {
            name: np.tensordot(self.drawn_years, rows, 1) for name, rows in counted.items()
        }
        self._confidence = confidence

    def of(self, figure: Callable[[Sums], Floats]) -> Estimate:
        """A figure made of the sums, with its percentile interval (Efron 1979)."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return self.between(float(figure(self._seen)), figure(self._drawn))

    def each(self, figure: Callable[[Sums], Floats]) -> list[Estimate]:
        """Several figures at once: the last axis counts them."""
        with np.errstate(invalid="ignore", divide="ignore"):
            seen, drawn = figure(self._seen), figure(self._drawn)
        return [self.between(float(seen[k]), drawn[:, k]) for k in range(len(seen))]

    def between(self, value: float, drawn: Floats) -> Estimate:
        """A value with the interval of its resamples."""
        if not np.isfinite(value):
            return Estimate(value=None)
        said = drawn[np.isfinite(drawn)]
        if len(said) < _ENOUGH * len(drawn):
            return Estimate(value=value)
        low, high = percentile(said, self._confidence)
        return Estimate(value=value, low=low, high=high)

    def quantiles(
        self, values: Floats, years: NDArray[np.intp], at: Sequence[float]
    ) -> list[Estimate]:
        """Quantiles of single values, each of a year (by its row), with intervals."""
        if not len(values):
            return [Estimate(value=None) for _ in at]
        order = np.argsort(values, kind="stable")
        ranked = values[order]
        heavy = np.cumsum(self.drawn_years[:, years[order]], axis=1)
        found = []
        for level in at:
            reached = heavy >= level * heavy[:, -1:]
            drawn = np.where(heavy[:, -1] > 0, ranked[reached.argmax(axis=1)], np.nan)
            place = int(np.ceil(level * len(ranked))) - 1
            found.append(self.between(float(ranked[max(place, 0)]), drawn))
        return found
