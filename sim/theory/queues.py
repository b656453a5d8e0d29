"""Service, stays and races: few teams, many alarms."""


def erlang_b(servers: int, load: float) -> float:
    """Share of calls lost when all servers are busy and nobody waits (Erlang 1917).

    ``load`` is the arrival rate times the mean time a call keeps a server; only the mean of
    that time matters. Recursion ``B(c) = A B(c-1) / (c + A B(c-1))`` from ``B(0) = 1``.
    """
    lost = 1.0
    for c in range(1, servers + 1):
        lost = load * lost / (c + load * lost)
    return lost


def mean_present(rate: float, mean_stay: float) -> float:
    """Mean number present if stays are independent (M/G/infinity; Little 1961).

    The number is Poisson with this mean for any law of the stay.
    """
    return rate * mean_stay


def p_first(rate: float, rival_rate: float) -> float:
    """Probability that the first of two exponential times ends first; one rate must be positive."""
    return rate / (rate + rival_rate)
