"""The number of people that one strike hits, if hits on them are correlated."""

from math import comb, exp, lgamma


def hit_chances(people: int, mean: float, shared: float) -> list[float]:
    """Probability of 0, 1, ..., ``people`` hits: the beta-binomial distribution (Skellam 1948).

    The probability of a hit is the same for all people of a strike and has a beta distribution
    over strikes, with ``mean`` within (0, 1). ``shared``, in [0, 1), is the correlation of hits on
    two people. If it is 0, hits are independent (binomial), and ``mean`` may be 0 or 1.
    """
    counts = range(people + 1)
    if shared == 0.0:
        return [comb(people, k) * mean**k * (1.0 - mean) ** (people - k) for k in counts]
    spread = (1.0 - shared) / shared
    a, b = mean * spread, (1.0 - mean) * spread
    return [
        comb(people, k) * exp(_log_beta(k + a, people - k + b) - _log_beta(a, b)) for k in counts
    ]


def _log_beta(a: float, b: float) -> float:
    """Logarithm of the beta function."""
    return lgamma(a) + lgamma(b) - lgamma(a + b)
