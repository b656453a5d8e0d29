"""Recovery of known parameters: scores and coverage."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

import numpy as np
from scipy.stats import chisquare, gaussian_kde, multivariate_normal, norm

from benchmarks.learning.emulator_inference import Infer
from benchmarks.learning.layout import Layout
from benchmarks.learning.simulated_years import Truths, normal_scores
from sim.calibrate.priors import Parameter
from sim.calibrate.types import Floats

LEVELS = (0.5, 0.9)


class Recovery(NamedTuple):
    """Scores of the posteriors of n data sets.

    ``gains`` (n, parameters): log density of the truth under the marginal posterior over that
    under the prior; ``together`` (n,): the same for all parameters at once, with a normal
    posterior on the scale on which the prior is normal; ``ranks`` (n, parameters): share of draws
    below the truth; ``kept`` (n, parameters): standard deviation over the prior's.
    """

    gains: Floats
    together: Floats
    ranks: Floats
    kept: Floats

    @property
    def narrowed(self) -> list[int]:
        """Indices of parameters that keep at most 90 % of their prior spread, on average."""
        return [int(place) for place in np.flatnonzero(self.kept.mean(axis=0) <= 0.9)]


class Mean(NamedTuple):
    """A mean over data sets and its standard error."""

    value: float
    error: float

    @classmethod
    def of(cls, values: Floats) -> Mean:
        """Make the mean of one number for each data set."""
        return cls(float(values.mean()), float(values.std(ddof=1)) / sqrt(len(values)))

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.error:.2f})"


def score_recovery(
    infer: Infer, truths: Truths, layout: Layout, priors: Sequence[Parameter]
) -> Recovery:
    """Infer the parameters of each data set, and score the posteriors."""
    scores = normal_scores(truths.values, priors)
    tables = layout.values_of(truths.figures)
    rows = [
        _scored(normal_scores(infer(layout.observed(table)), priors), truth)
        for truth, table in zip(scores, tables, strict=True)
    ]
    return Recovery(*(np.array(column) for column in zip(*rows, strict=True)))


def _scored(draws: Floats, truth: Floats) -> tuple[Floats, float, Floats, Floats]:
    below = (draws < truth).mean(axis=0) + 0.5 * (draws == truth).mean(axis=0)
    gains = np.array([log_kernel(column, at) - norm.logpdf(at)
                      for column, at in zip(draws.T, truth, strict=True)])  # fmt: skip
    spread = np.cov(draws.T) + 1e-6 * np.eye(len(truth))
    normal = multivariate_normal(draws.mean(axis=0), spread, allow_singular=True)
    together = float(normal.logpdf(truth) - norm.logpdf(truth).sum())
    return gains, together, below, draws.std(axis=0, ddof=1)


def log_kernel(draws: Floats, at: float) -> float:
    """Return the log density of a Gaussian kernel estimate (bandwidth of Silverman 1986)."""
    return float(gaussian_kde(draws, "silverman").logpdf(at)[0])


def coverage(ranks: Floats, level: float) -> Mean:
    """Return how often central intervals contain the truth, over sets and parameters.

    The error is that over sets, for the parameters of one set are dependent.
    """
    return Mean.of((np.abs(ranks - 0.5) <= level / 2.0).mean(axis=1))


def unevenness(ranks: Floats) -> float:
    """Return the smallest chi-square p-value of uniform ranks, times the number of parameters.

    There are five bins per parameter; the result is at most 1. A small value means that the ranks
    of some parameter are not uniform.
    """
    found = [chisquare(np.histogram(column, 5, (0.0, 1.0))[0]).pvalue for column in ranks.T]
    return min(1.0, float(min(found)) * len(found))
