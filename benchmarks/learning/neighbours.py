"""A rival: the composed sets nearest to the data, adjusted by regression.

Approximate Bayesian computation (Pritchard et al. 1999) with the kernel of Epanechnikov (1969)
and local linear regression (Beaumont, Zhang and Balding 2002): the way in which Panj was once
calibrated to one year, on summaries of sets of years.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from benchmarks.learning.layout import Layout
from benchmarks.learning.sample import Dataset, Infer, Sample
from benchmarks.learning.scale import normal_scores, values_at
from benchmarks.learning.worlds import Truths
from sim.calibrate.aims import Floats
from sim.calibrate.priors import Parameter

_SHARE = 0.05
"""So much of the sets is kept."""


class Summaries(NamedTuple):
    """A table in about twenty numbers (see :meth:`of`)."""

    layout: Layout

    def of(self, values: Floats) -> Floats:
        """Of tables, (n, cells) to (n, summaries).

        Of each statistic the mean of its figures and of its bounds on equal scales
        (:meth:`Layout.features`); the spread of clashes and kg over the figures' years, and the
        killed of each clash.
        """
        features = self.layout.features(values)
        columns = [features[:, group].mean(axis=1) for group in self._groups().values()]
        clashes, kg = self._rates(values, "clashes"), self._rates(values, "seized_kg")
        killed = self._rates(values, "intruders_killed")
        columns += [
            np.std(np.log(clashes + 1.0), axis=1),
            np.std(np.log(kg + 10.0), axis=1),
            np.log((killed.mean(axis=1) + 0.5) / (clashes.mean(axis=1) + 0.5)),
        ]
        return np.stack(columns, axis=1)

    def _groups(self) -> dict[tuple[str, bool], list[int]]:
        """Places of the cells of each statistic, figures and bounds apart."""
        found: dict[tuple[str, bool], list[int]] = {}
        for place, cell in enumerate(self.layout.cells):
            exact = all(told.exact for told in cell.told)
            found.setdefault((cell.statistic.name, exact), []).append(place)
        return found

    def _rates(self, values: Floats, name: str) -> Floats:
        """Figures of a statistic for a year, (n, figures)."""
        held = self._groups()[name, True]
        return values[:, held] / np.array([self.layout.cells[place].length for place in held])


def nearest_sets(sets: Truths, layout: Layout, priors: Sequence[Parameter], draws: int) -> Infer:
    """An engine that looks for the nearest of these sets."""
    summaries = Summaries(layout)
    known = summaries.of(layout.values_of(sets.figures))
    spread = known.std(axis=0) + 1e-9
    scores = normal_scores(sets.values, priors)
    count = int(_SHARE * len(scores))

    def infer(data: Dataset) -> Sample:
        off = (known - summaries.of(data.values[None])) / spread
        distances = np.sqrt((off**2).sum(axis=1))
        order = np.argsort(distances, kind="stable")[:count]
        weights = 1.0 - (distances[order] / distances[order[-1]]) ** 2
        weights /= weights.sum()
        moved = adjusted(scores[order], off[order], weights)
        bounds = np.cumsum(weights)
        places = np.searchsorted(bounds / bounds[-1], (np.arange(draws) + 0.5) / draws)
        return Sample(values_at(moved[places], priors))

    return infer


def adjusted(scores: Floats, off: Floats, weights: Floats) -> Floats:
    """Parameters, (n, parameters), less what their distance from the data, (n, summaries),
    explains of them: local linear regression (Beaumont, Zhang and Balding 2002).
    """
    root = np.sqrt(weights)[:, None]
    design = np.hstack([np.ones((len(off), 1)), off])
    slopes = np.linalg.lstsq(design * root, scores * root, rcond=None)[0]
    found: Floats = scores - off @ slopes[1:]
    return found
