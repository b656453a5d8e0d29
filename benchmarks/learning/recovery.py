"""How well an engine finds parameters that are known: scores, coverage, time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import sqrt
from pathlib import Path
from time import process_time
from typing import NamedTuple, Self

import numpy as np
from scipy.stats import gaussian_kde, multivariate_normal, norm

from benchmarks.learning import arrays
from benchmarks.learning.layout import Layout
from benchmarks.learning.sample import Dataset, Infer
from benchmarks.learning.scale import normal_scores
from benchmarks.learning.worlds import Truths
from sim.calibrate.aims import Floats
from sim.calibrate.priors import Parameter

LEVELS = (0.5, 0.9)


class Recovered(NamedTuple):
    """What an engine made of n data sets.

    ``gains`` (n, parameters): log density of the truth under the marginal posterior over that
    under the prior; ``together`` (n,): the same of all parameters at once, the posterior taken as
    normal on the scale on which the prior is; ``ranks`` (n, parameters): share of draws below the
    truth; ``kept`` (n, parameters): standard deviation over the prior's. ``seconds`` of processor
    time: to make the engine ready, and for a data set.
    """

    gains: Floats
    together: Floats
    ranks: Floats
    kept: Floats
    seconds: Floats

    def first(self, sets: int) -> Self:
        """What it made of the first data sets alone."""
        return self._replace(gains=self.gains[:sets], together=self.together[:sets],
                             ranks=self.ranks[:sets], kept=self.kept[:sets])  # fmt: skip

    def save(self, path: Path) -> None:
        """Write it to a file of numpy."""
        arrays.save(self, path)

    @classmethod
    def load(cls, path: Path) -> Self:
        """What was saved."""
        return arrays.load(cls, path)


class Mean(NamedTuple):
    """A mean over data sets and its standard error."""

    value: float
    error: float

    @classmethod
    def of(cls, values: Floats) -> Mean:
        """Of one number for each data set."""
        return cls(float(values.mean()), float(values.std(ddof=1)) / sqrt(len(values)))

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.error:.2f})"


def recovered(
    prepare: Callable[[], Infer], truths: Truths, layout: Layout, priors: Sequence[Parameter]
) -> Recovered:
    """Make an engine ready, give it each data set, and score what comes back."""
    began = process_time()
    infer = prepare()
    ready = process_time() - began
    scores = normal_scores(truths.values, priors)
    tables = layout.values_of(truths.figures)
    rows, seconds = [], 0.0
    for truth, table in zip(scores, tables, strict=True):
        data = Dataset(layout.observed(table), table)
        began = process_time()
        sample = infer(data)
        seconds += process_time() - began
        rows.append(_scored(normal_scores(sample.values, priors), truth))
    gains, together, ranks, kept = (np.array(column) for column in zip(*rows, strict=True))
    times = np.array([ready, seconds / len(rows)])
    return Recovered(gains, together, ranks, kept, times)


def _scored(draws: Floats, truth: Floats) -> tuple[Floats, float, Floats, Floats]:
    below = (draws < truth).mean(axis=0) + 0.5 * (draws == truth).mean(axis=0)
    gains = np.array([log_kernel(column, at) - norm.logpdf(at)
                      for column, at in zip(draws.T, truth, strict=True)])  # fmt: skip
    spread = np.cov(draws.T) + 1e-6 * np.eye(len(truth))
    normal = multivariate_normal(draws.mean(axis=0), spread, allow_singular=True)
    together = float(normal.logpdf(truth) - norm.logpdf(truth).sum())
    return gains, together, below, draws.std(axis=0, ddof=1)


def log_kernel(draws: Floats, at: float) -> float:
    """Log density at a point of a Gaussian kernel estimate (bandwidth of Silverman 1986)."""
    return float(gaussian_kde(draws, "silverman").logpdf(at)[0])


def coverage(ranks: Floats, level: float) -> Mean:
    """How often central intervals held the truth, over sets and parameters.

    The error is that over sets, for the parameters of one set go together.
    """
    return Mean.of((np.abs(ranks - 0.5) <= level / 2.0).mean(axis=1))


def unevenness(ranks: Floats) -> float:
    """The least chi-square p-value of uniform ranks over parameters, times their number.

    Five bins a parameter; at most 1. A small one says that some parameter's ranks are uneven.
    """
    from scipy.stats import chisquare

    found = [chisquare(np.histogram(column, 5, (0.0, 1.0))[0]).pvalue for column in ranks.T]
    return min(1.0, float(min(found)) * len(found))


def taught(results: Sequence[Recovered]) -> list[int]:
    """Parameters that some engine narrows to nine tenths of the prior or less, on average."""
    kept = np.min([result.kept.mean(axis=0) for result in results], axis=0)
    return [int(place) for place in np.flatnonzero(kept <= 0.9)]
