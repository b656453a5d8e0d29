"""Reference predictors without a model of the border, which any model has to beat.

Each gets the figures of the other years and predicts one that is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import inf, log, sqrt
from typing import Final, NamedTuple

import numpy as np
from scipy import stats
from scipy.special import gammaln, ndtr, ndtri, pdtr

from benchmarks.learning.layout import Layout
from benchmarks.learning.predictive_distributions import Counts, Predictive, Weights
from sim.calibrate.intervals import Interval
from sim.calibrate.types import Floats

PREDICTED: Final = ("clashes", "intruders_killed", "seized_kg")


class Figure(NamedTuple):
    """A reported figure of a statistic in a year or a part of it, ``length`` years long."""

    statistic: str
    year: int
    period: str
    months: frozenset[int]
    intervals: tuple[Interval, ...]

    @property
    def length(self) -> float:
        """Length, years."""
        return len(self.months) / 12.0

    @property
    def exact(self) -> bool:
        """Whether it is one figure, or one of several."""
        return all(one.exact for one in self.intervals)

    @property
    def value(self) -> float:
        """The figure, or the weighted mean of alternatives."""
        return sum(one.weight * one.low for one in self.intervals) / sum(
            one.weight for one in self.intervals
        )


type Predictor = Callable[[Figure, Sequence[Figure]], Predictive]
"""From a figure (only its statistic, months and year) and the figures of other years to a
prediction."""


def figures_of(layout: Layout) -> tuple[Figure, ...]:
    """Return the figures and bounds of single years that are predicted."""
    single = (cell for cell in layout.cells if len(cell.spans) == 1)
    return tuple(
        Figure(cell.statistic.name, span.year, cell.period, span.months, cell.intervals)
        for cell in single
        for span in cell.spans
        if cell.statistic.name in PREDICTED
    )


def _same(wanted: Figure, known: Iterable[Figure]) -> list[Figure]:
    return [one for one in known if one.statistic == wanted.statistic]


# -- (a) all years alike ------------------------------------------------------------------

_USUAL_SPREAD: Final = 0.5


def pooled(wanted: Figure, known: Sequence[Figure]) -> Predictive:
    """Predict with all years alike: Poisson at the pooled rate; a weight is lognormal.

    It uses figures, not bounds. The spread of the log includes one extra figure at a distance of
    0.5, for a single figure has none.
    """
    exact = [one for one in _same(wanted, known) if one.exact]
    if wanted.statistic == "seized_kg":
        logs = np.array([log(one.value / one.length) for one in exact])
        off = ((logs - logs.mean()) ** 2).sum() + _USUAL_SPREAD**2
        return Weights.of([logs.mean() + log(wanted.length)], sqrt(off / len(logs)))
    rate = (sum(one.value for one in exact) + 0.5) / sum(one.length for one in exact)
    return Counts.poisson(np.array([rate * wanted.length]))


# -- (b) years that differ ----------------------------------------------------------------

_RATES: Final = np.geomspace(0.5, 300.0, 48)
_SPREADS: Final = np.linspace(0.1, 2.4, 16)
_NODES: Final = (np.arange(32) + 0.5) / 32.0
_KG: Final = np.geomspace(50.0, 20_000.0, 48)
_WITHIN: Final = np.linspace(0.1, 1.0, 7)


def hierarchy(wanted: Figure, known: Sequence[Figure]) -> Predictive:
    """Predict with years that differ: gamma-Poisson counts and lognormal weights, on a grid.

    *Counts*: the rate of a year is gamma distributed about a mean, which is uniform on the
    logarithm from 0.5 to 300 a year, with a coefficient of variation that is half-normal with
    scale 1; parts of a year are Poisson at its rate. *Weights*: the logarithm of a year's rate is
    normal about a mean, uniform on the logarithm from 50 to 20,000 kg, with a spread half-normal
    with scale 1, and that of a half year about its year's with one half-normal with scale 0.5.
    A bound counts with its probability.
    """
    same = _same(wanted, known)
    years = [[one for one in same if one.year == year] for year in {one.year for one in same}]
    if wanted.statistic == "seized_kg":
        return _lognormal(wanted, years)
    return _gamma_poisson(wanted, years)


def _gamma_poisson(wanted: Figure, years: Sequence[Sequence[Figure]]) -> Counts:
    shape = 1.0 / _SPREADS**2
    nodes = stats.gamma.ppf(_NODES[None], shape[:, None]) / shape[:, None]
    rates = _RATES[:, None, None] * nodes  # (means, spreads, nodes)
    logs = np.broadcast_to(stats.halfnorm.logpdf(_SPREADS), rates.shape[:2]).copy()
    for year in years:
        chance = np.ones(rates.shape)
        for one in year:
            chance *= poisson_chance(one.intervals, rates * one.length)
        logs += np.log(chance.mean(axis=-1) + 1e-300)
    weights = np.repeat(np.exp(logs - logs.max()).ravel(), len(_NODES))
    lots = weights > 1e-7 * weights.max()
    return Counts.poisson(rates.ravel()[lots] * wanted.length, weights[lots])


def poisson_chance(intervals: Sequence[Interval], rates: Floats) -> Floats:
    """Return the probability of intervals at each of these rates."""
    total = sum(one.weight for one in intervals)
    found: Floats = np.zeros(np.shape(rates))
    for one in intervals:
        if one.exact:
            logs = one.low * np.log(rates) - rates - gammaln(one.low + 1.0)
            found += one.weight / total * np.exp(logs)
        else:
            upper = 1.0 if one.high == inf else pdtr(one.high, rates)
            lower = pdtr(one.low - 1.0, rates) if one.low > 0.0 else 0.0
            found += one.weight / total * (upper - lower)
    return found


def _lognormal(wanted: Figure, years: Sequence[Sequence[Figure]]) -> Weights:
    mean, spread, within = np.meshgrid(np.log(_KG), _SPREADS, _WITHIN, indexing="ij")
    logs = stats.halfnorm.logpdf(spread) + stats.halfnorm.logpdf(within, scale=0.5)
    centres = mean[..., None] + spread[..., None] * ndtri(_NODES)
    for year in years:
        chance = np.ones(centres.shape)
        for one in year:
            width = within[..., None] / sqrt(2.0 * one.length)
            chance *= lognormal_chance(one.intervals, centres + log(one.length), width)
        logs = logs + np.log(chance.mean(axis=-1) + 1e-300)
    shares = np.exp(logs - logs.max()).ravel()
    lots = shares > 1e-3
    width = np.sqrt(spread**2 + within**2 / (2.0 * wanted.length))
    at = mean.ravel()[lots] + log(wanted.length)
    return Weights.of(at, width.ravel()[lots], shares[lots])


def lognormal_chance(intervals: Sequence[Interval], centres: Floats, widths: Floats) -> Floats:
    """Return the density (of the log) or the probability of intervals."""
    total = sum(one.weight for one in intervals)
    found: Floats = np.zeros(np.shape(centres))
    for one in intervals:
        if one.exact:
            chance = np.exp(-0.5 * ((log(one.low) - centres) / widths) ** 2) / widths
        else:
            upper = ndtr((np.log(one.high) - centres) / widths)
            chance = upper - ndtr((log(max(one.low, 1e-9)) - centres) / widths)
        found += one.weight / total * chance
    return found


# -- (c) simulated years ------------------------------------------------------------------


def simulated(layout: Layout, figures: Floats) -> Predictor:
    """Return the predictor from simulated years, (n, parts), whatever the other years are."""
    places = {(one.name, months): place for place, (one, months) in enumerate(layout.parts)}

    def predict(wanted: Figure, known: Sequence[Figure]) -> Predictive:
        sample = figures[:, places[wanted.statistic, wanted.months]]
        like = Weights.like if wanted.statistic == "seized_kg" else Counts.like
        return like(sample)

    return predict
