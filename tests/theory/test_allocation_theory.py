"""Covering targets and patrolling a line: values of two games, checked by linear programming."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import lil_matrix

from sim.theory.allocation import covering, line_patrol_value

VALUES = st.lists(st.floats(0.01, 100.0), min_size=1, max_size=10)


def test_a_tabled_covering() -> None:
    """One unit over values 10, 8, 5, 2, 1: the last two stay open."""
    assert covering([10.0, 8.0, 5.0, 2.0, 1.0], 1.0) == pytest.approx(
        [0.5294, 0.4118, 0.0588, 0.0, 0.0], abs=5e-5
    )


@given(VALUES, st.floats(0.0, 12.0))
def test_all_units_are_spent_unless_everything_is_covered(
    values: list[float], units: float
) -> None:
    """Coverage adds up to the units, or to the number of targets if there are more units."""
    coverage = covering(values, units)
    assert all(0.0 <= c <= 1.0 for c in coverage)
    assert sum(coverage) == pytest.approx(min(units, len(values)), abs=1e-9)


@given(VALUES, st.floats(0.0, 12.0))
def test_what_is_left_is_level_among_the_covered(values: list[float], units: float) -> None:
    """Every covered target leaves the attacker the same, every open one no more."""
    coverage = covering(values, units)
    left = [value * (1.0 - c) for value, c in zip(values, coverage, strict=True)]
    best = max(left)
    for rest, c in zip(left, coverage, strict=True):
        assert rest <= best + 1e-9
        if c > 0.0:
            assert rest == pytest.approx(best, abs=1e-6)


@pytest.mark.parametrize(
    ("values", "units"),
    [([10.0, 8.0, 5.0, 2.0, 1.0], 1.0), ([3.0, 3.0, 3.0], 2.0), ([9.0, 1.0], 0.3),
     ([7.0, 6.5, 6.0, 0.5], 2.5)],
)  # fmt: skip
def test_no_coverage_leaves_the_attacker_less(values: list[float], units: float) -> None:
    """The level equals the optimum of the linear programme that minimises the best attack."""
    n = len(values)
    attack = np.hstack([-np.diag(values), -np.ones((n, 1))])  # V (1 - c) <= K
    spent = np.array([[*np.ones(n), 0.0]])
    solution = linprog(
        [*np.zeros(n), 1.0],
        A_ub=np.vstack([attack, spent]),
        b_ub=[*(-value for value in values), units],
        bounds=[(0.0, 1.0)] * n + [(0.0, None)],
    )
    coverage = covering(values, units)
    level = max(value * (1.0 - c) for value, c in zip(values, coverage, strict=True))
    assert level == pytest.approx(solution.fun, abs=1e-9)


def test_coverage_limits() -> None:
    """No units cover nothing, plenty cover all that is worth anything, in the order given."""
    assert covering([5.0, 2.0], 0.0) == [0.0, 0.0]
    assert covering([5.0, 0.0, 2.0], 9.0) == [1.0, 0.0, 1.0]
    assert covering([], 3.0) == []
    assert covering([1.0, 10.0], 0.5) == [0.0, 0.5]


@pytest.mark.parametrize(("values", "units"), [([1.0], -0.1), ([-1.0, 2.0], 1.0)])
def test_negative_units_and_values_are_refused(values: list[float], units: float) -> None:
    """They mean nothing."""
    with pytest.raises(ValueError, match=">= 0"):
        covering(values, units)


@pytest.mark.parametrize(
    ("nodes", "periods", "value"),
    [(8, 3, 0.30000), (10, 4, 0.30769), (5, 1, 0.2), (1, 1, 1.0), (3, 4, 1.0), (5, 4, 0.5),
     (6, 2, 1 / 3), (9, 4, 1 / 3)],
)  # fmt: skip
def test_known_values_of_the_patrolling_game(nodes: int, periods: int, value: float) -> None:
    """Two tabled values and one of each branch of the formula."""
    assert line_patrol_value(nodes, periods) == pytest.approx(value, abs=5e-6)


def programme_value(nodes: int, periods: int) -> float:
    """Value of the patrolling game by linear programming.

    The patroller chooses a stationary law of walks of ``periods`` nodes: the first
    ``periods - 1`` of them must be distributed as the last, which is what lets the law be
    continued for ever. Maximise the least chance that a node is on the walk.
    """
    walks = [(node,) for node in range(nodes)]
    for _ in range(periods - 1):
        walks = [
            (*walk, node)
            for walk in walks
            for node in range(max(walk[-1] - 1, 0), min(walk[-1] + 2, nodes))
        ]
    count = len(walks)
    heads = {head: row for row, head in enumerate(sorted({walk[1:] for walk in walks}))}
    flow = lil_matrix((len(heads) + 1, count + 1))
    visits = lil_matrix((nodes, count + 1))
    visits[:, count] = 1.0
    for column, walk in enumerate(walks):
        flow[heads[walk[1:]], column] += 1.0
        flow[heads[walk[:-1]], column] -= 1.0
        flow[len(heads), column] = 1.0
        for node in set(walk):
            visits[node, column] = -1.0
    solution = linprog(
        [*np.zeros(count), -1.0],
        A_ub=visits.tocsr(),
        b_ub=np.zeros(nodes),
        A_eq=flow.tocsr(),
        b_eq=[*np.zeros(len(heads)), 1.0],
    )
    return -float(solution.fun)


@pytest.mark.parametrize("nodes", range(1, 12))
def test_the_formula_is_the_value_of_the_linear_programme(nodes: int) -> None:
    """Sixty-six games on lines of 1 to 11 nodes, attacks of 1 to 6 periods."""
    for periods in range(1, 7):
        assert line_patrol_value(nodes, periods) == pytest.approx(
            programme_value(nodes, periods), abs=1e-7
        )


@given(st.integers(1, 60), st.integers(1, 40))
def test_longer_lines_are_harder_and_longer_attacks_easier_to_guard(n: int, m: int) -> None:
    """The value is a probability, falls with the nodes and rises with the periods."""
    value = line_patrol_value(n, m)
    assert 0.0 < value <= 1.0
    assert line_patrol_value(n + 1, m) <= value + 1e-12
    assert line_patrol_value(n, m + 1) >= value - 1e-12


@pytest.mark.parametrize(("nodes", "periods"), [(0, 1), (1, 0), (-3, 2)])
def test_games_without_nodes_or_periods_are_refused(nodes: int, periods: int) -> None:
    """There is nothing to patrol or nothing to meet."""
    with pytest.raises(ValueError, match="at least 1"):
        line_patrol_value(nodes, periods)
