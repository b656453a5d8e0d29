"""Noise models: how a figure scatters around the emulator's prediction.

There is one each for counts, weights and shares. A model gives the probability of an interval, ends
included, and the density or mass of a point, for many predictors at once. Its spread is fitted to
predictions of held-out years, so it includes the error of the emulator.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Final, Protocol

import numpy as np
from scipy.special import betainc, betaln, gammaln, ndtr, ndtri

from sim.calibrate.types import Floats

_LEAST: Final = 1e-6
_TINY: Final = 1e-300
_LOG: Final = (-12.0, 8.0)
_SLOPE: Final = (-2.0, 2.0)
_MANY: Final = 100.0
_FARTHEST: Final = 2000.0


type Edge = float | Floats


class Noise(Protocol):
    """The distribution of a figure around a predictor."""

    def log_probability(self, predictor: Floats, low: Edge, high: Edge) -> Floats:
        """Return log P(``low <= y <= high``), or the log density where ``low`` is ``high``.

        An array given as both has a value for each predictor.
        """


@dataclass(frozen=True)
class Counts:
    """Negative binomial around ``exp(predictor)``, with variance ``m (1 + extra) + spread m^2``.

    Counts begin at ``least``.
    """

    extra: float
    spread: float
    least: float = 0.0

    def variance(self, mean: Floats) -> Floats:
        """Return the variance of a count with this mean."""
        return mean * (1.0 + self.extra) + self.spread * mean**2

    def log_probability(self, predictor: Floats, low: Edge, high: Edge) -> Floats:
        """See :class:`Noise`."""
        mean = np.exp(np.clip(predictor, -25.0, 15.0))
        bottom = low - self.least
        top = bottom if low is high else high - self.least
        return log_negative_binomial(mean, self.variance(mean), bottom, top)


def log_negative_binomial(mean: Floats, variance: Floats, low: Edge, high: Edge) -> Floats:
    """Log probability of ``low..high`` under the negative binomial of that mean and variance."""
    size = mean**2 / np.maximum(variance - mean, _LEAST * mean)
    p = size / (size + mean)
    if low is high or low == high:
        k = np.maximum(low, 0.0)
        log_mass: Floats = (
            gammaln(k + size) - gammaln(size) - gammaln(k + 1.0)
            + size * np.log(p) + k * np.log1p(-p)
        )  # fmt: skip
        return np.where(np.greater_equal(low, 0.0), log_mass, -inf)
    below = betainc(size, np.ceil(low), p) if low > 0.0 else np.zeros_like(p)
    upto = betainc(size, np.floor(high) + 1.0, p) if high < inf else 1.0
    return np.log(np.maximum(upto - below, _TINY))


def count_quantile(mean: Floats, variance: Floats, u: Floats) -> Floats:
    """Quantile at ``u`` in (0, 1) of the negative binomial of that mean and variance, elementwise.

    Above a mean of :data:`_MANY` it is the quantile of a gamma distribution (Wilson and Hilferty
    1931), which is close enough and needs no sum.
    """
    size = mean**2 / np.maximum(variance - mean, _LEAST * mean)
    few = mean <= _MANY
    shape = mean**2 / variance
    cube = 1.0 - 1.0 / (9.0 * shape) + ndtri(u) / (3.0 * np.sqrt(shape))
    quantile = np.where(few, 0.0, np.round(np.maximum(mean * cube**3, 0.0)))
    away = mean / (size + mean)
    chance = np.where(few, np.exp(size * np.log1p(-away)), 0.0)
    below, k = np.where(few, chance, 1.0), 0.0
    while np.any(over := below < u) and k < _FARTHEST:
        quantile += over
        chance *= away * (k + size) / (k + 1.0)
        below += chance
        k += 1.0
    return quantile


@dataclass(frozen=True)
class Weights:
    """``log(1 + y)`` is normal around the predictor; its log variance is linear in it."""

    constant: float
    slope: float

    def sd(self, predictor: Floats) -> Floats:
        """Return the standard deviation of ``log(1 + y)``."""
        return np.exp(0.5 * np.clip(self.constant + self.slope * predictor, -12.0, 6.0))

    def log_probability(self, predictor: Floats, low: Edge, high: Edge) -> Floats:
        """See :class:`Noise`."""
        sd = self.sd(predictor)
        if low is high or low == high:
            off = (np.log1p(low) - predictor) / sd
            log_value: Floats = -0.5 * off**2 - np.log(sd * np.sqrt(2.0 * np.pi)) - np.log1p(low)
            return log_value
        upto = ndtr((np.log1p(high) - predictor) / sd) if high < inf else 1.0
        below = ndtr((np.log1p(low) - predictor) / sd) if low > 0.0 else np.zeros_like(predictor)
        return np.log(np.maximum(upto - below, _TINY))


@dataclass(frozen=True)
class Shares:
    """Beta-binomial of ``trials`` (Skellam 1948); ``correlation`` is that of any two trials."""

    correlation: float
    trials: float = 1.0

    def shapes(self, predictor: Floats) -> tuple[Floats, Floats]:
        """Return the shapes of the beta distribution of the probability of a trial."""
        p = np.clip(1.0 / (1.0 + np.exp(-np.clip(predictor, -30.0, 30.0))), 1e-9, 1.0 - 1e-9)
        whole = 1.0 / max(self.correlation, _LEAST) - 1.0
        return p * whole, (1.0 - p) * whole

    def log_probability(self, predictor: Floats, low: Edge, high: Edge) -> Floats:
        """See :class:`Noise`."""
        a, b = self.shapes(predictor)
        if isinstance(low, np.ndarray) or isinstance(high, np.ndarray):
            return log_beta_binomial(low, self.trials, a, b)
        ks = np.arange(max(np.ceil(low), 0.0), min(np.floor(high), self.trials) + 1.0)
        if not len(ks):
            return np.full_like(predictor, np.log(_TINY))
        each = [log_beta_binomial(k, self.trials, a, b) for k in ks]
        log_value: Floats = np.logaddexp.reduce(each, axis=0)
        return log_value


def log_beta_binomial(k: float | Floats, n: float | Floats, a: Floats, b: Floats) -> Floats:
    """Return the log mass of ``k`` of ``n`` under the beta-binomial with shapes ``a``, ``b``."""
    choose = gammaln(n + 1.0) - gammaln(k + 1.0) - gammaln(n - k + 1.0)
    return choose + betaln(k + a, n - k + b) - betaln(a, b)


# -- fitting the spread ---------------------------------------------------------------------


def fit_counts(predictor: Floats, y: Floats, least: float = 0.0) -> Counts:
    """Fit the spread of counts around held-out predictions."""
    mean = np.exp(np.clip(predictor, -25.0, 15.0))

    def misfit(place: Floats) -> float:
        noise = Counts(float(np.exp(place[0])), float(np.exp(place[1])), least)
        variance = noise.variance(mean)
        size = mean**2 / (variance - mean)
        p = size / (size + mean)
        logs = gammaln(y + size) - gammaln(size) + size * np.log(p) + y * np.log1p(-p)
        return -float(np.mean(logs))

    extra, spread = _minimise(misfit, [-1.0, -3.0], [_LOG, _LOG])
    return Counts(float(np.exp(extra)), float(np.exp(spread)), least)


def fit_weights(predictor: Floats, y: Floats) -> Weights:
    """Fit the spread of ``log(1 + y)`` around held-out predictions."""
    off = np.log1p(y) - predictor
    middle = float(predictor.mean())

    def misfit(place: Floats) -> float:
        log_variance = np.clip(place[0] + place[1] * (predictor - middle), -12.0, 6.0)
        return float(np.mean(log_variance + off**2 * np.exp(-log_variance)))

    start = float(np.log(np.mean(off**2) + _LEAST))
    level, slope = _minimise(misfit, [start, 0.0], [_LOG, _SLOPE])
    return Weights(level - slope * middle, slope)


def fit_shares(predictor: Floats, y: Floats, trials: Floats) -> float:
    """Fit the correlation of the trials of one group around held-out predictions."""
    if trials.max() <= 1.0:
        return _LEAST

    def misfit(place: Floats) -> float:
        a, b = Shares(float(1.0 / (1.0 + np.exp(-place[0])))).shapes(predictor)
        return -float(np.mean(log_beta_binomial(y, trials, a, b)))

    (logit,) = _minimise(misfit, [-2.0], [_LOG])
    return float(1.0 / (1.0 + np.exp(-logit)))


def _minimise(
    misfit: Callable[[Floats], float], start: list[float], bounds: list[tuple[float, float]]
) -> list[float]:
    from scipy.optimize import minimize

    result = minimize(misfit, start, method="Nelder-Mead", bounds=bounds,
                     options={"maxiter": 200, "xatol": 1e-3, "fatol": 1e-7})  # fmt: skip
    return [float(x) for x in result.x]
