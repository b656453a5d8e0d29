"""Targets as numbers, residuals, and the distance made of them."""

from dataclasses import dataclass
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toys import GAUSSIAN, MU, Uniform, gaussian

from sim.calibrate.distance import Distance, deviations, residuals
from sim.calibrate.problem import Aim, CalibrationProblem
from sim.errors import PanjError

FINITE = st.floats(-1e6, 1e6)


@dataclass(frozen=True)
class Told:
    """A target as a table of targets has it."""

    name: str = "clashes"
    relation: str = "="
    value: float | None = 17.0
    low: float | None = None
    high: float | None = None
    scale: float = 2.0
    weight: float = 1.5
    use: str = "fit"


def test_an_equality_is_off_by_the_difference() -> None:
    """Residual of ``= b``: ``s - b``, signed."""
    aim = Aim.of(Told())
    assert aim == Aim("clashes", 17.0, 17.0, 2.0, 1.5)
    assert aim.residual(np.array([15.0, 17.0, 20.0])).tolist() == [-2.0, 0.0, 3.0]


@given(FINITE, FINITE)
def test_a_floor_is_off_only_below(s: float, b: float) -> None:
    """Residual of ``>= b``: ``min(s - b, 0)``."""
    aim = Aim.of(Told(relation=">=", value=b))
    assert aim.high == inf
    assert aim.residual(np.array([s]))[0] == min(s - b, 0.0)


@given(FINITE, FINITE, FINITE)
def test_a_range_is_off_outside(s: float, one: float, two: float) -> None:
    """Residual of a range: 0 inside, the distance to the nearer end outside."""
    low, high = min(one, two), max(one, two)
    aim = Aim.of(Told(relation="range", value=None, low=low, high=high))
    outside = max(low - s, s - high, 0.0)
    assert abs(aim.residual(np.array([s]))[0]) == outside


def test_a_target_held_back_has_no_weight() -> None:
    """``use = "validate"``: looked at, never fitted to."""
    assert Aim.of(Told(use="validate")).weight == 0.0


def test_an_aim_is_told_as_people_write_it() -> None:
    """With its relation."""
    assert Aim("n", 3.0, 3.0, 1.0).told() == "n = 3"
    assert Aim("n", 3.0, inf, 1.0).told() == "n >= 3"
    assert Aim("n", 3.0, 4.5, 1.0).told() == "n in 3..4.5"


def test_an_unknown_relation_is_refused() -> None:
    """With the key and what is allowed."""
    with pytest.raises(PanjError, match=r'clashes.relation = "<": .*">="'):
        Aim.of(Told(relation="<"))


def test_every_fault_of_a_problem_is_told_at_once() -> None:
    """Scales, weights, intervals, names twice, a prior without quantiles."""

    class Backwards(Uniform):
        def quantile(self, u: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
            return 1.0 - u

    with pytest.raises(PanjError) as caught:
        CalibrationProblem(
            [MU, MU, Backwards("back", 0.0, 1.0)],
            [Aim("a", 1.0, 1.0, 0.0), Aim("b", 2.0, 1.0, 1.0, -1.0)],
            gaussian,
        )
    told = str(caught.value)
    for fault in ("a.scale = 0.0", "b.weight = -1.0", "2..1", "mu: ", "back: "):
        assert fault in told


def test_nothing_to_calibrate_is_refused() -> None:
    """No parameters, or no target that counts."""
    with pytest.raises(PanjError, match="no parameter"):
        CalibrationProblem([], GAUSSIAN.targets, gaussian)
    with pytest.raises(PanjError, match="no target with a weight"):
        CalibrationProblem([MU], [Aim("mean", 1.0, 1.0, 0.1, 0.0)], gaussian)


AIMS = (Aim("a", 1.0, 1.0, 0.5), Aim("b", 2.0, inf, 2.0, 4.0), Aim("c", 0.0, 0.0, 1.0, 0.0))


def test_the_distance_by_hand() -> None:
    """``sqrt(1 (2/0.5)^2 + 4 (-1/2)^2)`` with the targets' own scales; c does not count."""
    distance = Distance(AIMS, (0.5, 2.0, 1.0))
    found = distance(np.array([[3.0, 1.0, 99.0], [1.0, 7.0, np.nan]]))
    assert found.tolist() == [pytest.approx((16.0 + 1.0) ** 0.5), 0.0]


def test_what_is_undefined_is_infinitely_far() -> None:
    """Where it counts."""
    distance = Distance(AIMS, (1.0, 1.0, 1.0))
    assert distance(np.array([[np.nan, 5.0, 0.0]]))[0] == inf


def test_divisors_join_scale_and_spread() -> None:
    """``sqrt(scale^2 + sd^2)``; a statistic that never varies has the scale alone."""
    statistics = np.array([[0.0, 3.0, 1.0], [2.0, 3.0, np.nan], [4.0, 3.0, 3.0]])
    assert deviations(statistics).tolist() == pytest.approx([2.0, 0.0, 2.0**0.5])
    seen = Distance.seen_in(statistics, AIMS)
    assert seen.divisors == pytest.approx((4.25**0.5, 2.0, 3.0**0.5))


def test_a_count_that_is_mostly_nothing_still_counts() -> None:
    """Its median absolute deviation is 0, its standard deviation is not."""
    column = np.array([0.0] * 19 + [3.0])[:, None]
    assert deviations(column)[0] == pytest.approx(column.std(ddof=1))


@settings(max_examples=25)
@given(st.lists(st.tuples(FINITE, FINITE, FINITE), min_size=1, max_size=9), st.integers(0, 8))
def test_a_distance_has_the_same_bits_in_any_company(
    rows: list[tuple[float, float, float]], place: int
) -> None:
    """Alone or among others: acceptance cannot depend on how work was cut."""
    statistics = np.array(rows)
    place %= len(rows)
    distance = Distance(AIMS, (0.3, 0.7, 1.1))
    assert distance(statistics)[place] == distance(statistics[place : place + 1])[0]


def test_residuals_stand_in_the_order_of_targets() -> None:
    """One column each."""
    assert residuals(np.array([[3.0, 1.0, 2.0]]), AIMS).tolist() == [[2.0, -1.0, 2.0]]
