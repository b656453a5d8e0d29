"""How many of a group one strike hits, when those in it share a fate."""

from math import comb, exp, lgamma


def hit_chances(people: int, mean: float, shared: float) -> list[float]:
    """Chance of 0, 1, ..., ``people`` hits: the beta-binomial distribution (Skellam 1948).

    The chance of a hit, ``mean`` within (0, 1), is the same for all people of a strike and has a
    beta distribution over strikes; ``shared``, in [0, 1), is the correlation of two people's
    hits. Without it hits are independent (binomial), and ``mean`` may be 0 or 1.
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
