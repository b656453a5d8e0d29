"""Targets as numbers, and how far off a figure is."""

from math import inf

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.calibrate.intervals import TargetRange
from sim.calibrate.targets import read_targets

FINITE = st.floats(-1e6, 1e6)


def off(aim: TargetRange, figure: float) -> float:
    """How far a figure is outside."""
    return float(aim.residual(np.array([figure]))[0])


def test_an_equality_is_off_by_the_difference() -> None:
    """Residual of ``= b``: ``s - b``, signed."""
    aim = TargetRange("clashes", 17.0, 17.0, 2.0)
    assert aim.residual(np.array([15.0, 17.0, 20.0])).tolist() == [-2.0, 0.0, 3.0]


@given(FINITE, FINITE)
def test_a_floor_is_off_only_below(s: float, b: float) -> None:
    """Residual of ``>= b``: ``min(s - b, 0)``."""
    assert off(TargetRange("clashes", b, inf, 2.0), s) == min(s - b, 0.0)


@given(FINITE, FINITE, FINITE)
def test_a_range_is_off_outside(s: float, one: float, two: float) -> None:
    """Residual of a range: 0 inside, the distance to the nearer end outside."""
    low, high = min(one, two), max(one, two)
    assert abs(off(TargetRange("clashes", low, high, 2.0), s)) == max(low - s, s - high, 0.0)


def test_every_shipped_target_is_what_its_table_says() -> None:
    """Relation, ends, scale; a target held back has no weight."""
    for target in read_targets():
        aim, ends = target.range, (target.low, target.high)
        if target.relation != "range":
            ends = (target.value, target.value if target.relation == "=" else inf)
        assert (aim.relation, (aim.low, aim.high)) == (target.relation, ends), target.name
        assert aim.scale == target.scale > 0.0
        assert aim.weight == (target.weight if target.use == "fit" else 0.0)


def test_a_range_is_written_as_people_write_it() -> None:
    """With its relation."""
    assert TargetRange("n", 3.0, 3.0, 1.0).text() == "n = 3"
    assert TargetRange("n", 3.0, inf, 1.0).text() == "n >= 3"
    assert TargetRange("n", 3.0, 4.5, 1.0).text() == "n in 3..4.5"
