"""Confidence intervals of a mean, a share and a ratio; ``None`` if there is none, never NaN."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.theory.distributions import beta_quantile, normal_cdf, student_quantile

Floats = NDArray[np.float64]

FEW: Final = 10
"""With fewer values Student's interval replaces the bootstrap."""


class Interval(NamedTuple):
    """Two ends, the lower first."""

    low: float
    high: float


def student(values: Floats, confidence: float) -> Interval | None:
    """Student's interval of a mean (Student 1908); ``None`` for fewer than two values."""
    n = len(values)
    if n < 2:
        return None
    mean = float(values.mean())
    reach = student_quantile((1.0 + confidence) / 2.0, n - 1) * float(values.std(ddof=1)) / n**0.5
    return Interval(mean - reach, mean + reach)


def bootstrap_mean(values: Floats, means: Floats, confidence: float) -> Interval | None:
    """BCa interval of a mean from its resampled means (Efron 1987; DiCiccio and Efron 1996).

    Bias correction and acceleration of a mean are both its skewness over ``6 sqrt(n)``, which
    is used in place of their noisier estimates. Levels are widened so that a normal sample
    gets the length of Student's interval (Hesterberg 2015). Fewer than :data:`FEW` values get
    Student's interval itself, fewer than two none.
    """
    n = len(values)
    if n < FEW:
        return student(values, confidence)
    centred = values - values.mean()
    squares = centred * centred
    spread = float(np.sqrt(np.mean(squares)))
    if spread == 0.0:
        return Interval(float(values[0]), float(values[0]))
    a = float(np.mean(squares * centred)) / spread**3 / (6.0 * n**0.5)
    z = (n / (n - 1.0)) ** 0.5 * student_quantile((1.0 + confidence) / 2.0, n - 1)
    low, high = np.quantile(means, [_bca_level(-z, a), _bca_level(z, a)])
    return Interval(float(low), float(high))


def _bca_level(z: float, a: float) -> float:
    """The percentile that BCa uses for a nominal quantile ``z``."""
    shift = a + z
    scale = 1.0 - a * shift
    if scale <= 0.0:  # too skew a sample for that end: take its extreme
        return float(z > 0.0)
    return normal_cdf(a + shift / scale)


def percentile(draws: Floats, confidence: float) -> Interval:
    """Percentile interval of resampled values (Efron 1979)."""
    low, high = np.quantile(draws, [(1.0 - confidence) / 2.0, (1.0 + confidence) / 2.0])
    return Interval(float(low), float(high))


def clopper_pearson(hits: float, trials: float, confidence: float) -> Interval | None:
    """Exact interval of a probability (Clopper and Pearson 1934); ``None`` without trials."""
    if trials == 0:
        return None
    tail = (1.0 - confidence) / 2.0
    low = beta_quantile(tail, hits, trials - hits + 1) if hits else 0.0
    high = beta_quantile(1.0 - tail, hits + 1, trials - hits) if hits < trials else 1.0
    return Interval(low, high)


def fieller(above: Floats, below: Floats, confidence: float) -> Interval | None:
    """Interval of the ratio of two paired means, ``mean(above) / mean(below)`` (Fieller 1954).

    All ratios r for which Student's test does not reject a mean of zero for ``above - r * below``.
    ``None`` if it does not reject zero for the mean below either: then every ratio is possible.
    """
    n = len(above)
    if n < 3:
        return None
    t2 = student_quantile((1.0 + confidence) / 2.0, n - 1) ** 2 / n
    a, b = float(above.mean()), float(below.mean())
    ((s_aa, s_ab), (_, s_bb)) = np.cov(above, below).tolist()
    square = b * b - t2 * s_bb
    if square <= 0.0 or b == 0.0:
        return None
    middle = a * b - t2 * s_ab
    root = max(middle * middle - square * (a * a - t2 * s_aa), 0.0) ** 0.5
    return Interval((middle - root) / square, (middle + root) / square)
