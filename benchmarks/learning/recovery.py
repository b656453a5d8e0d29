"""How well the engine finds parameters that are known: scores and coverage."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

import numpy as np
from scipy.stats import chisquare, gaussian_kde, multivariate_normal, norm

from benchmarks.learning.emulated import Infer
from benchmarks.learning.layout import Layout
from benchmarks.learning.scale import normal_scores
from benchmarks.learning.worlds import Truths
from sim.calibrate.priors import Parameter
from sim.calibrate.types import Floats

LEVELS = (0.5, 0.9)


class Recovered(NamedTuple):
    """What the engine made of n data sets.

    ``gains`` (n, parameters): log density of the truth under the marginal posterior over that
    under the prior; ``together`` (n,): the same of all parameters at once, the posterior taken as
    normal on the scale on which the prior is; ``ranks`` (n, parameters): share of draws below the
    truth; ``kept`` (n, parameters): standard deviation over the prior's.
    """

    gains: Floats
    together: Floats
    ranks: Floats
    kept: Floats

    @property
    def taught(self) -> list[int]:
        """Parameters that are narrowed to nine tenths of the prior or less, on average."""
        return [int(place) for place in np.flatnonzero(self.kept.mean(axis=0) <= 0.9)]


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
    infer: Infer, truths: Truths, layout: Layout, priors: Sequence[Parameter]
) -> Recovered:
    """Give the engine each data set, and score what comes back."""
    scores = normal_scores(truths.values, priors)
    tables = layout.values_of(truths.figures)
    rows = [
        _scored(normal_scores(infer(layout.observed(table)), priors), truth)
        for truth, table in zip(scores, tables, strict=True)
    ]
    return Recovered(*(np.array(column) for column in zip(*rows, strict=True)))


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
    found = [chisquare(np.histogram(column, 5, (0.0, 1.0))[0]).pvalue for column in ranks.T]
    return min(1.0, float(min(found)) * len(found))
