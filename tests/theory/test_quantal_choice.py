"""Quantal response: tabled values, limits and inverse CDF."""

from itertools import accumulate
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.choice import choose, quantal_response

UTILITIES = st.lists(st.floats(-50.0, 50.0), min_size=1, max_size=12)
RATIONALITY = st.floats(0.0, 20.0)
UNIT = st.floats(0.0, 1.0, exclude_max=True)


def test_a_tabled_response() -> None:
    """Utilities 2, 2.4 and 4.5 at rationality 0.5."""
    assert quantal_response([2.0, 2.4, 4.5], 0.5) == pytest.approx(
        [0.17508, 0.21384, 0.61108], abs=5e-6
    )


@given(UTILITIES)
def test_rationality_zero_is_blind(utilities: list[float]) -> None:
    """All options are equally likely."""
    assert quantal_response(utilities, 0.0) == [1.0 / len(utilities)] * len(utilities)


@pytest.mark.parametrize("rationality", [1e4, inf])
def test_high_rationality_is_best_response(rationality: float) -> None:
    """The best option takes all; equals share."""
    assert quantal_response([1.0, 3.0, 2.0], rationality) == [0.0, 1.0, 0.0]
    assert quantal_response([3.0, 3.0, 2.0], rationality) == [0.5, 0.5, 0.0]


@given(UTILITIES, RATIONALITY)
def test_chances_add_up_and_follow_the_utilities(
    utilities: list[float], rationality: float
) -> None:
    """A distribution in which a better option is never the less likely one."""
    chances = quantal_response(utilities, rationality)
    assert sum(chances) == pytest.approx(1.0)
    ranked = sorted(zip(utilities, chances, strict=True))
    assert [chance for _, chance in ranked] == sorted(chances)


@given(UTILITIES, RATIONALITY, st.floats(-1e6, 1e6))
def test_only_differences_of_utility_count(
    utilities: list[float], rationality: float, shift: float
) -> None:
    """Adding the same to all options changes nothing (but for rounding of the sum)."""
    shifted = quantal_response([utility + shift for utility in utilities], rationality)
    assert shifted == pytest.approx(quantal_response(utilities, rationality), abs=1e-6)


def test_huge_utilities_do_not_overflow() -> None:
    """The largest weight is 1 whatever the utilities."""
    assert quantal_response([1e300, 0.0], 5.0) == [1.0, 0.0]
    assert quantal_response([-1e300, 0.0], 5.0) == [0.0, 1.0]


@given(UTILITIES, RATIONALITY, UNIT)
def test_a_choice_is_the_inverse_of_the_cumulated_chances(
    utilities: list[float], rationality: float, u: float
) -> None:
    """The option chosen is the one whose slice of [0, 1) holds u."""
    index = choose(utilities, rationality, u)
    ends = list(accumulate(quantal_response(utilities, rationality)))
    assert (ends[index - 1] if index else 0.0) - 1e-9 <= u <= ends[index] + 1e-9


@given(UTILITIES, RATIONALITY, UNIT, UNIT)
def test_choices_rise_with_u(
    utilities: list[float], rationality: float, u: float, v: float
) -> None:
    """The order of options is kept: a larger u never chooses an earlier one."""
    low, high = sorted([u, v])
    assert choose(utilities, rationality, low) <= choose(utilities, rationality, high)


@given(UTILITIES)
def test_the_last_u_below_one_still_chooses(utilities: list[float]) -> None:
    """Rounding at the top end never runs off the list."""
    assert choose(utilities, 1.0, 1.0 - 2.0**-53) < len(utilities)


def test_an_option_that_cannot_happen_is_never_chosen() -> None:
    """Weight 0 at either end of the list is passed over, at u = 0 too."""
    assert choose([-1e6, 0.0, -1e6], 10.0, 0.0) == 1
    assert choose([-1e6, 0.0, -1e6], 10.0, 1.0 - 2.0**-53) == 1


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 0.75])
def test_choice_among_equals(share: float) -> None:
    """Four equal options are chosen by quarters, each from its lower end on."""
    assert choose([1.0, 1.0, 1.0, 1.0], 2.0, share) == int(4 * share)


def test_no_option_is_an_error() -> None:
    """There is no choice among nothing."""
    with pytest.raises(ValueError, match="no option"):
        quantal_response([], 1.0)
    with pytest.raises(ValueError, match="no option"):
        choose([], 1.0, 0.5)
