"""Quantal response: the better option is the likelier one.

The logit form of McKelvey and Palfrey (1995); with a weighted sum of reward, risk and distance
as utility it is the SUQR of Nguyen et al. (2013).
"""

from collections.abc import Sequence
from itertools import accumulate
from math import exp, inf


def _weights(utilities: Sequence[float], rationality: float) -> list[float]:
    """Weights ``exp(rationality U)``, the best option's being 1, so that none overflows."""
    if not utilities:
        raise ValueError("there is no option to choose from")
    best = max(utilities)
    if rationality == inf:
        return [1.0 if utility == best else 0.0 for utility in utilities]
    return [exp(rationality * (utility - best)) for utility in utilities]


def quantal_response(utilities: Sequence[float], rationality: float) -> list[float]:
    """Chance of each option, proportional to ``exp(rationality U)``.

    Rationality 0 makes all options equally likely; as it grows the best takes all (ties share).

    Raises
    ------
    ValueError
        If there is no option.
    """
    weights = _weights(utilities, rationality)
    total = sum(weights)
    return [weight / total for weight in weights]


def choose(utilities: Sequence[float], rationality: float, u: float) -> int:
    """Index of the option that a uniform ``u`` in [0, 1) picks by inverse CDF.

    Raises
    ------
    ValueError
        If there is no option.
    """
    cumulated = list(accumulate(_weights(utilities, rationality)))
    target = u * cumulated[-1]
    return next(index for index, reached in enumerate(cumulated) if reached > target)
