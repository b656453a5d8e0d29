"""What is known of a rate after counting: exact where prior and data are of one kind."""

from math import exp, log
from typing import NamedTuple


class RatePosterior(NamedTuple):
    """A Gamma distribution of a rate, by ``shape`` and ``exposure`` (the inverse scale)."""

    shape: float
    exposure: float

    @property
    def mean(self) -> float:
        """Mean, per unit of time."""
        return self.shape / self.exposure

    @property
    def sd(self) -> float:
        """Standard deviation, per unit of time."""
        return float(self.shape**0.5 / self.exposure)

    def quantile(self, p: float) -> float:
        """The rate below which it lies with probability ``p``."""
        from scipy.special import gammaincinv

        return float(gammaincinv(self.shape, p)) / self.exposure

    def density(self, rate: float) -> float:
        """Density at a rate, 0 where it is negative."""
        from scipy.special import gammaln, xlogy

        if rate < 0.0:
            return 0.0
        kernel = xlogy(self.shape - 1.0, rate) - self.exposure * rate - gammaln(self.shape)
        return exp(self.shape * log(self.exposure) + float(kernel))


def rate_posterior(
    shape: float, exposure: float, reported: int, years: float, p_reported: float = 1.0
) -> RatePosterior:
    """Posterior of the rate of a Poisson process of which a known share is reported.

    The prior is Gamma with ``shape`` and ``exposure`` (inverse scale); ``reported`` events in
    ``years``, each with probability ``p_reported``. Thinned, the process is Poisson with rate
    times share, so the posterior is ``Gamma(shape + reported, exposure + p_reported * years)``
    (Gelman et al. 2013, *Bayesian Data Analysis*, section 2.6).

    Raises
    ------
    ValueError
        If a number has no meaning: a prior or a time that is not positive, a negative count, a
        share outside (0, 1].
    """
    if min(shape, exposure, years) <= 0.0 or reported < 0 or not 0.0 < p_reported <= 1.0:
        raise ValueError(
            "needs shape, exposure and years > 0, reported >= 0 and 0 < p_reported <= 1; got "
            f"{shape:g}, {exposure:g}, {years:g}, {reported}, {p_reported:g}"
        )
    return RatePosterior(shape + reported, exposure + p_reported * years)
