"""Targets as numbers, and how far off a figure is."""

from dataclasses import dataclass
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toys import MU, Uniform, never

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
            never,
        )
    told = str(caught.value)
    for fault in ("a.scale = 0.0", "b.weight = -1.0", "2..1", "mu: ", "back: "):
        assert fault in told


def test_nothing_to_calibrate_is_refused() -> None:
    """No parameters; no target either, since a table of years may tell enough."""
    with pytest.raises(PanjError, match="no parameter"):
        CalibrationProblem([], [Aim("mean", 1.0, 1.0, 0.1)], never)
    assert CalibrationProblem([MU], [], never).aims == ()
