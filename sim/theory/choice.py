"""Quantal response: better options are more likely.

The logit form of McKelvey and Palfrey (1995); with a weighted sum of reward, risk and distance
as utility it is the SUQR of Nguyen et al. (2013).
"""

from collections.abc import Sequence
from itertools import accumulate
from math import exp, inf


def _weights(utilities: Sequence[float], rationality: float) -> list[float]:
    """Weights ``exp(rationality U)``, scaled to 1 for the best option, so that none overflows."""
    if not utilities:
        raise ValueError("there are no options to choose from")
    best = max(utilities)
    if rationality == inf:
        return [1.0 if utility == best else 0.0 for utility in utilities]
    return [exp(rationality * (utility - best)) for utility in utilities]


def quantal_response(utilities: Sequence[float], rationality: float) -> list[float]:
    """Probability of each option, proportional to ``exp(rationality U)``.

    Rationality 0 makes all options equally likely; at high rationality the best takes all, and
    ties share.

    Raises ``ValueError`` if there is no option.
    """
    weights = _weights(utilities, rationality)
    total = sum(weights)
    return [weight / total for weight in weights]


def choose(utilities: Sequence[float], rationality: float, u: float) -> int:
    """Index of the option that a uniform ``u`` in [0, 1) selects by the inverse CDF.

    Raises ``ValueError`` if there is no option.
    """
    cumulated = list(accumulate(_weights(utilities, rationality)))
    target = u * cumulated[-1]
    return next(index for index, reached in enumerate(cumulated) if reached > target)
