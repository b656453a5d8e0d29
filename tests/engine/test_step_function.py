"""Step functions: values, highest values and integrals agree with the history."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.step_function import StepFunction

CHANGES = st.lists(
    st.tuples(st.floats(0.01, 5.0), st.sampled_from([0.0, 1.0, 2.0, 5.0])), max_size=8
)
TIMES = st.floats(-5.0, 45.0)


def history(changes: list[tuple[float, float]], first: float = 3.0) -> StepFunction:
    """A history from day 0 with the given waits and values."""
    steps, now = StepFunction(0.0, first), 0.0
    for wait, value in changes:
        now += wait
        steps.set(now, value)
    return steps


def plain(changes: list[tuple[float, float]], t: float, first: float = 3.0) -> float:
    """The value at ``t``, found by walking through the changes."""
    value, now = first, 0.0
    for wait, new in changes:
        now += wait
        if now <= t:
            value = new
    return value


@given(CHANGES, TIMES)
def test_the_value_is_that_of_the_last_change(changes: list[tuple[float, float]], t: float) -> None:
    """Right-continuous: a change holds from its own instant on; before the start, the first."""
    assert history(changes).at(t) == plain(changes, t)


@given(CHANGES)
def test_at_a_change_the_new_value_holds(changes: list[tuple[float, float]]) -> None:
    """``at`` of every recorded time is the recorded value; the last one is current."""
    steps = history(changes)
    assert [steps.at(t) for t in steps.times] == steps.values
    assert steps.current == steps.values[-1]


@given(CHANGES)
def test_only_changes_are_kept(changes: list[tuple[float, float]]) -> None:
    """Times rise strictly and neighbours differ."""
    steps = history(changes)
    assert all(a < b for a, b in pairwise(steps.times))
    assert all(a != b for a, b in pairwise(steps.values))


@given(CHANGES, TIMES, st.floats(0.0, 20.0))
def test_pieces_cover_the_interval_once(
    changes: list[tuple[float, float]], start: float, length: float
) -> None:
    """They join without gap, from start to end, each with the value it says."""
    steps, end = history(changes), start + length
    pieces = list(steps.pieces(start, end))
    if end > start:
        assert (pieces[0][0], pieces[-1][1]) == (start, end)
    assert all(a[1] == b[0] for a, b in pairwise(pieces))
    for left, right, value in pieces:
        assert left < right
        assert steps.at(left) == value == steps.at(0.5 * (left + right))


@given(CHANGES, TIMES, st.floats(0.0, 20.0))
def test_the_highest_value_is_that_of_the_pieces(
    changes: list[tuple[float, float]], start: float, length: float
) -> None:
    """Over a closed interval: a change at its very end counts too."""
    steps, end = history(changes), start + length
    values = [value for _, _, value in steps.pieces(start, end)] + [steps.at(start), steps.at(end)]
    assert steps.highest(start, end) == max(values)


@given(CHANGES, TIMES, st.floats(0.0, 20.0), st.floats(0.0, 20.0))
def test_integrals_add_up(
    changes: list[tuple[float, float]], start: float, first: float, second: float
) -> None:
    """The integral is the sum over any cut, and lies between the extremes times the length."""
    steps = history(changes)
    middle, end = start + first, start + first + second
    whole = steps.integral(start, end)
    assert whole == pytest.approx(steps.integral(start, middle) + steps.integral(middle, end))
    assert 0.0 <= whole <= steps.highest(start, end) * (end - start) + 1e-9


def test_a_worked_example() -> None:
    """3 until day 2, 1 until day 5, then 4: the integral from day 1 to 7 is 3 + 3 + 8."""
    steps = history([(2.0, 1.0), (3.0, 4.0)])
    assert steps.integral(1.0, 7.0) == 14.0
    assert list(steps.pieces(1.0, 7.0)) == [(1.0, 2.0, 3.0), (2.0, 5.0, 1.0), (5.0, 7.0, 4.0)]
    assert steps.highest(2.0, 4.9) == 1.0
    assert steps.highest(2.0, 5.0) == 4.0


def test_set_tells_whether_it_was_a_change() -> None:
    """The same value again is none and leaves no trace."""
    steps = StepFunction(0.0, 1.0)
    assert steps.set(1.0, 2.0)
    assert not steps.set(2.0, 2.0)
    assert steps.times == [0.0, 1.0]


def test_the_last_word_of_an_instant_counts() -> None:
    """Two changes in one instant leave the second alone."""
    steps = StepFunction(0.0, 1.0)
    steps.set(1.0, 2.0)
    steps.set(1.0, 3.0)
    assert (steps.times, steps.values) == ([0.0, 1.0], [1.0, 3.0])


def test_history_is_never_rewritten() -> None:
    """A change before the last one is refused, and nothing is changed."""
    steps = history([(2.0, 1.0)])
    with pytest.raises(ValueError, match=r"cannot change at 1\.5"):
        steps.set(1.5, 9.0)
    assert steps.values == [3.0, 1.0]
