"""Predictive distributions of a figure: probabilities of counts, or the density of a weight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol, Self

import numpy as np
from scipy import stats
from scipy.special import gammaln, logsumexp, ndtr

from sim.calibrate.types import Floats

_STEPS = 600
_MOST = 400
"""A mixture with more parts is merged into this many."""


class Predictive(Protocol):
    """The distribution of a non-negative figure."""

    def upto(self, x: float) -> float:
        """Return P(``X <= x``)."""
        ...

    def before(self, x: float) -> float:
        """Return P(``X < x``)."""
        ...

    def log_density(self, x: float) -> float:
        """Return the log probability of a count, or the log density of a weight."""
        ...

    def penalty(self, low: float, high: float) -> float:
        """Return the integral of ``F^2`` below ``low`` and ``(1 - F)^2`` above ``high``."""
        ...

    def quantile(self, p: float) -> float:
        """Return the quantile at ``p``."""
        ...


class Counts(NamedTuple):
    """Probabilities of 0, 1, 2 and so on; 0 beyond the last."""

    chances: Floats

    @classmethod
    def poisson(cls, rates: Floats, weights: Floats | None = None) -> Self:
        """Make a mixture of Poisson counts; default: equal weights."""
        rates, weights = gathered(rates, weights)
        most = int(np.max(rates) + 12.0 * np.sqrt(np.max(rates)) + 30.0)
        k = np.arange(most + 1.0)
        logs = k * np.log(rates)[:, None] - rates[:, None] - gammaln(k + 1.0)
        chances = weights @ np.exp(logs)
        return cls(chances / chances.sum())

    @classmethod
    def like(cls, sample: Floats) -> Self:
        """Make the negative binomial (or Poisson) with mean and variance of a sample.

        So a count that is missing in the sample is still possible.
        """
        mean, spread = max(float(np.mean(sample)), 1e-3), float(np.var(sample, ddof=1))
        most = int(mean + 15.0 * np.sqrt(max(spread, mean)) + 30.0)
        k = np.arange(most + 1)
        if spread > mean:
            chances = stats.nbinom.pmf(k, mean**2 / (spread - mean), mean / spread)
        else:
            chances = stats.poisson.pmf(k, mean)
        return cls(chances / chances.sum())

    def upto(self, x: float) -> float:
        """Return P(``X <= x``)."""
        return float(self.chances[: max(int(np.floor(min(x, len(self.chances)))) + 1, 0)].sum())

    def before(self, x: float) -> float:
        """Return P(``X < x``)."""
        return float(self.chances[: max(int(np.ceil(min(x, len(self.chances)))), 0)].sum())

    def log_density(self, x: float) -> float:
        """Return the log probability of a count."""
        chance = self.chances[int(x)] if 0 <= x < len(self.chances) and x == int(x) else 0.0
        return float(np.log(max(chance, 1e-300)))

    def penalty(self, low: float, high: float) -> float:
        """Return the penalty as sums, for F is constant between whole numbers."""
        below = np.cumsum(self.chances)
        k = np.arange(len(below))
        return float((below[k < low] ** 2).sum() + ((1.0 - below[k >= high]) ** 2).sum())

    def quantile(self, p: float) -> float:
        """Return the quantile at ``p``."""
        return float(np.searchsorted(np.cumsum(self.chances), p))


def gathered(rates: Floats, weights: Floats | None) -> tuple[Floats, Floats]:
    """Merge rates that are nearly equal, by the mean of their logs."""
    at = np.log(np.maximum(np.asarray(rates, dtype=float), 1e-9))
    shares = np.ones(len(at)) if weights is None else np.asarray(weights, dtype=float)
    if len(at) > _MOST:
        edges = np.linspace(at.min(), at.max() + 1e-9, _MOST + 1)
        which = np.digitize(at, edges) - 1
        total = np.bincount(which, shares, _MOST)
        there = total > 0.0
        at = np.bincount(which, shares * at, _MOST)[there] / total[there]
        shares = total[there]
    return np.exp(at), shares / shares.sum()


class Weights(NamedTuple):
    """A mixture of lognormal distributions: centres and widths of the log, and shares."""

    centres: Floats
    widths: Floats
    shares: Floats

    @classmethod
    def of(cls, centres: Sequence[float] | Floats, widths: Sequence[float] | Floats | float,
           shares: Floats | None = None) -> Self:  # fmt: skip
        """Make a mixture; default: equal shares."""
        at = np.atleast_1d(np.asarray(centres, dtype=float))
        given = np.ones(len(at)) if shares is None else np.asarray(shares)
        return cls(at, np.broadcast_to(np.asarray(widths, dtype=float), at.shape),
                   given / given.sum())  # fmt: skip

    @classmethod
    def like(cls, sample: Floats) -> Self:
        """Make a kernel estimate of the log of a sample (bandwidth of Silverman 1986)."""
        logs = np.log(np.maximum(sample, 1.0))
        return cls.of(logs, max(0.9 * float(np.std(logs, ddof=1)) * len(logs) ** -0.2, 1e-3))

    def upto(self, x: float) -> float:
        """Return P(``X <= x``)."""
        if x <= 0.0:
            return 0.0
        return float(self.shares @ ndtr((np.log(x) - self.centres) / self.widths))

    before = upto

    def log_density(self, x: float) -> float:
        """Return the log density, per unit of the weight."""
        z = (np.log(x) - self.centres) / self.widths
        logs = -0.5 * z * z - 0.5 * np.log(2.0 * np.pi) - np.log(self.widths)
        return float(logsumexp(logs, b=self.shares) - np.log(x))

    def penalty(self, low: float, high: float) -> float:
        """Return the penalty by the trapezoid rule on the log scale."""
        first = float(np.min(self.centres - 8.0 * self.widths))
        last = float(np.max(self.centres + 8.0 * self.widths))
        total = 0.0
        for start, end, above in ((first, np.log(max(low, 1e-300)), False),
                                  (np.log(max(high, 1e-300)), last, True)):  # fmt: skip
            if end > start and np.isfinite(start) and np.isfinite(end):
                logs = np.linspace(start, end, _STEPS)
                z = (logs[:, None] - self.centres) / self.widths
                below = ndtr(-z if above else z) @ self.shares
                total += float(np.trapezoid(below**2 * np.exp(logs), logs))
        # Beyond the grid F is 0 or 1 to the last digit.
        total += max(low - np.exp(last), 0.0) + max(np.exp(first) - high, 0.0)
        return total

    def quantile(self, p: float) -> float:
        """Return the quantile at ``p``, by bisection on the log scale."""
        low = float(np.min(self.centres - 9.0 * self.widths))
        high = float(np.max(self.centres + 9.0 * self.widths))
        for _ in range(60):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if self.upto(np.exp(middle)) < p else (low, middle)
        return float(np.exp(0.5 * (low + high)))
