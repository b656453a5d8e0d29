"""Dealing places to districts: proportional, and stable when one more is dealt."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.frontier.apportionment import deal, mark_share

WEIGHTS = st.lists(st.floats(0.0, 100.0), min_size=1, max_size=13).filter(
    lambda weights: max(weights) > 1e-3
)
COUNT = st.integers(0, 120)


def test_a_known_apportionment() -> None:
    """Weights 53, 24, 23 and seven seats by Sainte-Lague: 3, 2, 2."""
    assert Counter(deal([53.0, 24.0, 23.0], 7)) == {0: 3, 1: 2, 2: 2}


def test_the_order_of_a_deal() -> None:
    """Weights 3 and 1: quotients 3, 1 | 1, ... give 0, 0, 1, 0, 0 with ties to the first."""
    assert deal([3.0, 1.0], 5) == [0, 0, 1, 0, 0]


@given(WEIGHTS, COUNT)
def test_one_more_place_moves_none_of_the_others(weights: list[float], count: int) -> None:
    """A deal is the beginning of any longer deal."""
    assert deal(weights, count + 1)[:count] == deal(weights, count)


@given(WEIGHTS, COUNT)
def test_all_places_are_dealt_and_none_to_weight_zero(weights: list[float], count: int) -> None:
    """The count is kept, and an unweighted district stays empty."""
    dealt = deal(weights, count)
    assert len(dealt) == count
    assert all(weights[index] > 0.0 for index in dealt)


@given(WEIGHTS, COUNT, st.sampled_from([0.25, 2.0, 1024.0]))
def test_only_the_ratio_of_weights_counts(weights: list[float], count: int, factor: float) -> None:
    """Weights are relative: scaling all of them changes nothing."""
    scaled = [weight * factor for weight in weights]
    assert deal(scaled, count) == deal(weights, count)


@given(st.integers(1, 13), st.integers(0, 20))
def test_equal_weights_get_equal_numbers(districts: int, rounds: int) -> None:
    """With equal weights every round serves everyone once."""
    dealt = deal([2.5] * districts, rounds * districts)
    assert dealt == list(range(districts)) * rounds


@given(WEIGHTS, st.integers(1, 120))
def test_shares_are_as_near_as_the_divisor_method_brings_them(
    weights: list[float], count: int
) -> None:
    """No transfer of one place would even out places per weight (Webster's condition)."""
    places = Counter(deal(weights, count))
    for gaining, weight in enumerate(weights):
        for losing, other in enumerate(weights):
            if places[losing] and weight > 0.0:
                left = weight / (2 * places[gaining] + 1)
                assert left <= other / (2 * places[losing] - 1) * (1 + 1e-12)


def test_nothing_to_deal_needs_no_weight() -> None:
    """Zero places are dealt without any weight."""
    assert deal([0.0, 0.0], 0) == []


@pytest.mark.parametrize("weights", [[], [0.0], [0.0, 0.0, 0.0]])
def test_places_without_any_weight_are_refused(weights: list[float]) -> None:
    """There is nowhere to put them."""
    with pytest.raises(ValueError, match="no weight is positive"):
        deal(weights, 1)


DEALT = st.lists(st.integers(0, 5), max_size=150)
SHARE = st.floats(0.0, 1.0)


@given(DEALT, SHARE)
def test_marks_are_the_share_to_within_one_place(dealt: list[int], share: float) -> None:
    """After any number of places the marks are the share of them, rounded up or down."""
    marks = mark_share(dealt, share)
    assert len(marks) == len(dealt)
    for n in range(1, len(marks) + 1):
        assert abs(sum(marks[:n]) - share * n) < 1.0 + 1e-6


@given(DEALT, SHARE, st.integers(0, 5))
def test_one_more_place_changes_no_mark(dealt: list[int], share: float, more: int) -> None:
    """Marks of a deal are the beginning of the marks of a longer one."""
    assert mark_share([*dealt, more], share)[: len(dealt)] == mark_share(dealt, share)


@given(DEALT)
def test_share_zero_marks_none_and_share_one_marks_all(dealt: list[int]) -> None:
    """The limits are exact."""
    assert not any(mark_share(dealt, 0.0))
    assert all(mark_share(dealt, 1.0))


def test_marks_do_not_all_fall_in_one_district() -> None:
    """Places dealt to two districts in turn, half of them marked: each gets its half."""
    dealt = [0, 1] * 20
    marks = mark_share(dealt, 0.5)
    here = [mark for district, mark in zip(dealt, marks, strict=True) if district == 0]
    assert sum(here) == 10
    assert sum(marks) == 20


def test_a_tenth_of_ten_places_is_one() -> None:
    """Rounding of 0.1 * 10 costs no mark."""
    assert sum(mark_share([0] * 10, 0.1)) == 1
