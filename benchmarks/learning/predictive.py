"""What is predicted of a figure: chances of counts, or a density of a weight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol, Self

import numpy as np
from scipy import stats
from scipy.special import gammaln, logsumexp, ndtr

from sim.calibrate.types import Floats

_STEPS = 600
_MOST = 400
"""A mixture with more parts than this is merged into this many."""


class Predictive(Protocol):
    """A distribution of a figure that is not below 0."""

    def upto(self, x: float) -> float:
        """The chance of ``x`` or less."""
        ...

    def before(self, x: float) -> float:
        """The chance of less than ``x``."""
        ...

    def log_density(self, x: float) -> float:
        """Log chance of a count, or log density of a weight."""
        ...

    def penalty(self, low: float, high: float) -> float:
        """The integral of the square of F below ``low`` and of 1 - F above ``high``."""
        ...

    def quantile(self, p: float) -> float:
        """The least figure up to which a share ``p`` lies."""
        ...


class Counts(NamedTuple):
    """Chances of 0, 1, 2 and so on; beyond the last there is nothing."""

    chances: Floats

    @classmethod
    def poisson(cls, rates: Floats, weights: Floats | None = None) -> Self:
        """A mixture of Poisson counts; equal weights unless said."""
        rates, weights = gathered(rates, weights)
        most = int(np.max(rates) + 12.0 * np.sqrt(np.max(rates)) + 30.0)
        k = np.arange(most + 1.0)
        logs = k * np.log(rates)[:, None] - rates[:, None] - gammaln(k + 1.0)
        chances = weights @ np.exp(logs)
        return cls(chances / chances.sum())

    @classmethod
    def like(cls, sample: Floats) -> Self:
        """The negative binomial count with mean and variance of a sample, or the Poisson one.

        So that a count that no year of the sample has is still possible.
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
        """The chance of ``x`` or less."""
        return float(self.chances[: max(int(np.floor(min(x, len(self.chances)))) + 1, 0)].sum())

    def before(self, x: float) -> float:
        """The chance of less than ``x``."""
        return float(self.chances[: max(int(np.ceil(min(x, len(self.chances)))), 0)].sum())

    def log_density(self, x: float) -> float:
        """Log chance of a count."""
        held = self.chances[int(x)] if 0 <= x < len(self.chances) and x == int(x) else 0.0
        return float(np.log(max(held, 1e-300)))

    def penalty(self, low: float, high: float) -> float:
        """Sums, for between whole numbers F stays as it is."""
        below = np.cumsum(self.chances)
        k = np.arange(len(below))
        return float((below[k < low] ** 2).sum() + ((1.0 - below[k >= high]) ** 2).sum())

    def quantile(self, p: float) -> float:
        """The least count up to which a share ``p`` lies."""
        return float(np.searchsorted(np.cumsum(self.chances), p))


def gathered(rates: Floats, weights: Floats | None) -> tuple[Floats, Floats]:
    """Rates that are nearly alike as one, with the mean of their logarithms."""
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
    """A mixture of lognormal laws: centres and widths of the logarithm, and what each counts."""

    centres: Floats
    widths: Floats
    shares: Floats

    @classmethod
    def of(cls, centres: Sequence[float] | Floats, widths: Sequence[float] | Floats | float,
           shares: Floats | None = None) -> Self:  # fmt: skip
        """A mixture; equal shares unless said."""
        at = np.atleast_1d(np.asarray(centres, dtype=float))
        given = np.ones(len(at)) if shares is None else np.asarray(shares)
        return cls(at, np.broadcast_to(np.asarray(widths, dtype=float), at.shape),
                   given / given.sum())  # fmt: skip

    @classmethod
    def like(cls, sample: Floats) -> Self:
        """Kernels about the logarithms of a sample, with the bandwidth of Silverman (1986)."""
        logs = np.log(np.maximum(sample, 1.0))
        return cls.of(logs, max(0.9 * float(np.std(logs, ddof=1)) * len(logs) ** -0.2, 1e-3))

    def upto(self, x: float) -> float:
        """The chance of ``x`` or less."""
        if x <= 0.0:
            return 0.0
        return float(self.shares @ ndtr((np.log(x) - self.centres) / self.widths))

    before = upto

    def log_density(self, x: float) -> float:
        """Log density, per unit of the weight."""
        z = (np.log(x) - self.centres) / self.widths
        logs = -0.5 * z * z - 0.5 * np.log(2.0 * np.pi) - np.log(self.widths)
        return float(logsumexp(logs, b=self.shares) - np.log(x))

    def penalty(self, low: float, high: float) -> float:
        """By the trapezoid rule on the logarithm, out to where nothing is left."""
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
        """By halving, on the logarithm."""
        low = float(np.min(self.centres - 9.0 * self.widths))
        high = float(np.max(self.centres + 9.0 * self.widths))
        for _ in range(60):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if self.upto(np.exp(middle)) < p else (low, middle)
        return float(np.exp(0.5 * (low + high)))
