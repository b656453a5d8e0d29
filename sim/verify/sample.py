"""From independent repetitions to an estimate with its standard error."""

from collections.abc import Sequence
from math import sqrt
from statistics import fmean, variance

from sim.verify.case import Case


def share(family: str, name: str, theory: float, hits: int, trials: int) -> Case:
    """A share of independent trials; its error is the binomial one *if theory is right*.

    ``theory`` must lie within (0, 1) and ``trials`` be positive.
    """
    error = sqrt(theory * (1.0 - theory) / trials)
    return Case(family, name, theory, hits / trials, error)


def mean(family: str, name: str, theory: float, values: Sequence[float]) -> Case:
    """The mean of at least two independent values, with the error of their own spread."""
    error = sqrt(variance(values) / len(values))
    return Case(family, name, theory, fmean(values), error)
