"""Figures computed from sums over years, with intervals from resampling whole years."""

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
"""Share of resamples that must give a value; with fewer there is no interval."""


class Bootstrap:
    """Sums over years by name, as observed and in resamples (Davison and Hinkley 1997).

    ``counted`` are arrays (years, ...). ``blocks`` names the block of each year, which is resampled
    as a whole: what happens in one year is not independent, nor are the years of one draw.
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

    def estimate(self, figure: Callable[[Sums], Floats]) -> Estimate:
        """A figure computed from the sums, with its percentile interval (Efron 1979)."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return self._with_interval(float(figure(self._seen)), figure(self._drawn))

    def estimates(self, figure: Callable[[Sums], Floats]) -> list[Estimate]:
        """Several figures at once, along the last axis."""
        with np.errstate(invalid="ignore", divide="ignore"):
            seen, drawn = figure(self._seen), figure(self._drawn)
        return [self._with_interval(float(seen[k]), drawn[:, k]) for k in range(len(seen))]

    def _with_interval(self, value: float, drawn: Floats) -> Estimate:
        if not np.isfinite(value):
            return Estimate(value=None)
        known = drawn[np.isfinite(drawn)]
        if len(known) < _ENOUGH * len(drawn):
            return Estimate(value=value)
        low, high = percentile(known, self._confidence)
        return Estimate(value=value, low=low, high=high)

    def quantiles(
        self, values: Floats, years: NDArray[np.intp], at: Sequence[float]
    ) -> list[Estimate]:
        """Quantiles of values with intervals; ``years`` has the row of the year of each value."""
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
            found.append(self._with_interval(float(ranked[max(place, 0)]), drawn))
        return found
