"""Counts in years that differ: Poisson counts whose mean has a lognormal multiplier."""

from math import exp


def mixed_variance(mean: float, sigma: float) -> float:
    """Variance of a year's count: ``m + m^2 (exp(sigma^2) - 1)``.

    ``sigma`` is the standard deviation of the logarithm of a multiplier of mean 1.
    """
    return mean + mean * mean * (exp(sigma * sigma) - 1.0)


def mixed_covariance(mean: float, sigma: float, persistence: float) -> float:
    """Covariance of the counts of two years in a row.

    The logarithm is a first-order autoregression with coefficient ``persistence``.
    """
    return mean * mean * (exp(sigma * sigma * persistence) - 1.0)
