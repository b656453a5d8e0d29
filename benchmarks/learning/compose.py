"""Sets of years put together from a bank, at parameters that no year of the bank has.

For each year wanted one of the bank's nearest years stands in, and its figures are moved by the
ratio of the two expectations. The expectations are loglinear in the parameters (with squares),
fitted to the bank; near is what has nearly the same expectations.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from benchmarks.learning.layout import Layout
from benchmarks.learning.scale import normal_scores
from benchmarks.learning.worlds import REGIME, Truths, Years, paths
from sim.calibrate.aims import Floats
from sim.calibrate.latent import prior_table
from sim.calibrate.priors import Parameter

_NEAREST = 4
"""For each year one of this many near years of the bank is drawn."""
_MOST = 5.0
"""No figure is moved by more than this factor."""
_RIDGE = 3.0
"""Prior precision of a slope: none is far above 1 a standard deviation of a parameter."""
SPREADS = {"smugglers.loads_per_year": ("regimes.flow_spread", 0),
            "cells.plans_per_year": ("regimes.plans_spread", 1)}  # fmt: skip
"""Rates that the state of a year multiplies."""


def inputs(values: Floats, states: Floats, priors: Sequence[Parameter]) -> Floats:
    """What a year depends on, (n, parameters) and (n, 2) to (n, inputs).

    The normal scores of parameters, and for the two rates the logarithm of what they are in that
    year, in standard deviations of the prior. The parameters of regimes act through these alone.
    """
    scores = normal_scores(values, priors)
    keys = [prior.key for prior in priors]
    for rate, (spread, which) in SPREADS.items():
        s = values[:, keys.index(spread)]
        prior = priors[keys.index(rate)]
        logs = np.log(np.array([prior.quantile(u) for u in np.linspace(0.005, 0.995, 199)]))
        here = np.log(values[:, keys.index(rate)]) + s * states[:, which] - 0.5 * s * s
        scores[:, keys.index(rate)] = (here - logs.mean()) / logs.std()
    return scores[:, [place for place, key in enumerate(keys) if key not in REGIME]]


def loglinear(design: Floats, counts: Floats, steps: int = 25) -> Floats:
    """Slopes of a Poisson regression with a little shrinkage, by reweighted least squares."""
    penalty = np.full(design.shape[1], _RIDGE)
    penalty[0] = 0.0
    slopes = np.zeros(design.shape[1])
    slopes[0] = np.log(counts.mean() + 1e-6)
    for _ in range(steps):
        mean = np.exp(np.clip(design @ slopes, -20.0, 20.0))
        gradient = design.T @ (counts - mean) - penalty * slopes
        news = np.linalg.solve((design * mean[:, None]).T @ design + np.diag(penalty), gradient)
        slopes = slopes + np.clip(news, -1.0, 1.0)
        if np.abs(news).max() < 1e-6:
            break
    return slopes


def _design(x: Floats) -> Floats:
    return np.hstack([np.ones((len(x), 1)), x, 0.5 * (x * x - 1.0)])


class Composer(NamedTuple):
    """Years of a bank with the expectations fitted to them."""

    x: Floats
    figures: Floats
    slopes: Floats
    near: Floats
    weighed: NDArray[np.bool_]
    lumps: Floats

    @classmethod
    def of(cls, bank: Years, layout: Layout, priors: Sequence[Parameter]) -> Self:
        """Fit the expectations of every part."""
        x = inputs(bank.values, bank.states, priors)
        design = _design(x)
        weighed = np.array([one.unit == "kg" for one, _ in layout.parts])
        # A weight is counted in the units in which it scatters as a count does.
        units = np.where(weighed, bank.figures.var(0) / (bank.figures.mean(0) + 1e-9) / 4.0, 1.0)
        slopes = np.stack([loglinear(design, f / u) for f, u in zip(bank.figures.T, units,
                                                                  strict=True)])  # fmt: skip
        slopes[:, 0] += np.log(units)
        means = np.exp(design @ slopes.T)
        noise = ((bank.figures - means) ** 2).mean(0) / (means.mean(0) ** 2 + 1e-9)
        linear = slopes[:, 1 : 1 + x.shape[1]]
        near = np.sqrt((linear**2 / np.maximum(noise, 1e-9)[:, None]).sum(0))
        lumps = np.maximum(((bank.figures - means) ** 2).mean(0) / (means.mean(0) + 1e-9), 1.0)
        return cls(x, bank.figures, slopes, near, weighed, lumps)

    def means(self, x: Floats) -> Floats:
        """Expected figures, (n, inputs) to (n, parts)."""
        found: Floats = np.exp(np.clip(_design(x) @ self.slopes.T, -20.0, 20.0))
        return found

    def years(self, x: Floats, rng: np.random.Generator, but_itself: bool = False) -> Floats:
        """Figures of a year at each of these inputs, (n, inputs) to (n, parts)."""
        chosen = self._stand_ins(x, rng, but_itself)
        held = self.figures[chosen]
        ratio = self.means(x) / self.means(self.x[chosen])
        ratio = np.clip(ratio, 1.0 / _MOST, _MOST)
        moved = moved_counts(held, self.means(self.x[chosen]), ratio, self.lumps, rng)
        found: Floats = np.where(self.weighed, held * ratio, moved)
        return found

    def _stand_ins(self, x: Floats, rng: np.random.Generator, but_itself: bool) -> NDArray[np.intp]:
        """One of the nearest years of the bank for each of these inputs."""
        here, bank = (a.astype(np.float32) * self.near.astype(np.float32) for a in (x, self.x))
        chosen = np.empty(len(x), dtype=np.intp)
        first = int(but_itself)
        count = _NEAREST + first
        for start in range(0, len(x), 1024):
            some = here[start : start + 1024]
            apart = (bank**2).sum(1) - 2.0 * some @ bank.T
            best = np.argpartition(apart, count, axis=1)[:, :count]
            order = np.argsort(np.take_along_axis(apart, best, 1), axis=1)
            best = np.take_along_axis(best, order, 1)[:, first:]
            pick = rng.integers(0, _NEAREST, len(some))
            chosen[start : start + 1024] = best[np.arange(len(some)), pick]
        return chosen


def moved_counts(
    held: Floats, means: Floats, ratio: Floats, lumps: Floats, rng: np.random.Generator
) -> Floats:
    """Counts of one expectation moved to ``ratio`` times it, their variance over mean kept.

    Of a Poisson count (``lumps`` 1) each unit stays with chance ``ratio``, or new ones come. What
    comes in lumps stays and comes in lumps: a beta-binomial and a negative binomial count.
    """
    counts = held.astype(int)
    rho = np.clip((lumps - 1.0) / np.maximum(counts - 1.0, 1.0), 1e-6, 0.98)
    strength = 1.0 / rho - 1.0
    stay = np.minimum(ratio, 1.0 - 1e-9)
    kept = rng.binomial(counts, rng.beta(stay * strength, (1.0 - stay) * strength))
    more = np.maximum(ratio - 1.0, 0.0) * means
    beyond = np.maximum(lumps - 1.0, 1e-3)
    new = rng.poisson(rng.gamma(more / beyond + 1e-12, beyond))
    found: Floats = np.where(ratio < 1.0, kept, counts + new)
    return found


def composed(
    composer: Composer, layout: Layout, priors: Sequence[Parameter], sets: int, seed: int
) -> Truths:
    """Sets of the layout's years at draws of the prior, from the bank."""
    _, values = prior_table(priors, seed, sets)
    states = paths(values, priors, layout.years, seed)
    years = len(layout.years)
    each = np.repeat(values, years, axis=0)
    x = inputs(each, states.reshape(-1, 2), priors)
    figures = composer.years(x, np.random.default_rng([seed, 11]))
    return Truths(values, states, figures.reshape(sets, years, -1))
