"""Allocation of few guards against an observer: two games with known values."""

from collections.abc import Sequence


def covering(values: Sequence[float], units: float) -> list[float]:
    """Coverage of each target that minimises the attacker's best value, with ``units`` to spread.

    The attacker hits the target with the largest ``value * (1 - coverage)``. Coverage goes to the
    most valuable targets until that product has one level ``K`` for all covered targets:
    ``c_i = max(0, 1 - K / V_i)``, ``K = (k - units) / sum of 1 / V over the top k`` (the
    water-filling behind ORIGAMI: Kiekintveld et al. 2009). With a unit for each target of
    positive value, all of these are fully covered; targets of value 0 never are.

    Raises ``ValueError`` if ``units`` or a value is negative.
    """
    if units < 0.0 or any(value < 0.0 for value in values):
        raise ValueError(f"units and values must be >= 0, got {units} and {list(values)}")
    level, inverse = 0.0, 0.0
    ranked = sorted((value for value in values if value > 0.0), reverse=True)
    for k, value in enumerate(ranked, start=1):
        inverse += 1.0 / value
        level = max((k - units) / inverse, 0.0)
        if k < len(ranked) and level >= ranked[k]:
            break
    return [max(0.0, 1.0 - level / value) if value > 0.0 else 0.0 for value in values]


def line_patrol_value(nodes: int, periods: int) -> float:
    """Probability that a patroller on a line of ``nodes`` meets an attack, both playing optimally.

    The attack lasts ``periods``. The patroller stays or steps to a neighbour each period; the
    attacker picks node and time without seeing the patroller. With ``n`` nodes and ``m`` periods:
    1 if ``m >= 2 (n - 1)``, ``m / (2 (n - 1))`` if ``n <= m + 1``, otherwise
    ``m / (n + m - 1)``, or ``(m / 2 + 1) / n`` if ``m`` is even, ``m / 2 + 1`` divides ``n`` and
    that is larger. The formula was fitted to games solved by linear programming; Papadaki,
    Alpern, Lidbetter and Morton (2016, *Patrolling a border*) prove the solution.

    Raises ``ValueError`` if ``nodes`` or ``periods`` is less than 1.
    """
    n, m = nodes, periods
    if n < 1 or m < 1:
        raise ValueError(f"nodes and periods must be at least 1, got {n} and {m}")
    if m >= 2 * (n - 1):
        return 1.0
    if n <= m + 1:
        return m / (2 * (n - 1))
    value = m / (n + m - 1)
    if m % 2 == 0 and n % (m // 2 + 1) == 0:
        return max(value, (m // 2 + 1) / n)
    return value
