"""Lost calls, numbers present and races."""

from math import factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.queues import erlang_b, mean_present, p_first

LOAD = st.floats(0.0, 50.0)


@pytest.mark.parametrize(
    ("servers", "load", "lost"), [(2, 0.5, 0.07692), (2, 1.0, 0.20000), (3, 2.0, 0.21053)]
)
def test_tabled_losses(servers: int, load: float, lost: float) -> None:
    """Two and three teams at loads of 0.5 to 2, to five places."""
    assert erlang_b(servers, load) == pytest.approx(lost, abs=5e-6)


@given(st.integers(0, 20), LOAD)
def test_the_recursion_is_the_truncated_poisson(servers: int, load: float) -> None:
    """B(c) = (A^c / c!) / sum of A^k / k! for k up to c."""
    terms = [load**k / factorial(k) for k in range(servers + 1)]
    assert erlang_b(servers, load) == pytest.approx(terms[-1] / sum(terms), abs=1e-12)


@given(st.integers(0, 20), LOAD, st.floats(0.0, 10.0))
def test_more_load_loses_more_and_more_teams_lose_less(
    servers: int, load: float, more: float
) -> None:
    """Losses rise with the load and fall with the teams."""
    assert erlang_b(servers, load) <= erlang_b(servers, load + more) + 1e-12
    assert erlang_b(servers + 1, load) <= erlang_b(servers, load) + 1e-12


def test_limits_of_losses() -> None:
    """Without teams all calls are lost, without load none."""
    assert erlang_b(0, 3.0) == erlang_b(0, 0.0) == 1.0
    assert erlang_b(1, 0.0) == 0.0
    assert erlang_b(1, 1e9) == pytest.approx(1.0)


def test_numbers_present_follow_littles_law() -> None:
    """Three a day staying two days are six at a time."""
    assert mean_present(3.0, 2.0) == 6.0
    assert mean_present(0.0, 2.0) == 0.0


@given(st.floats(0.01, 100.0), st.floats(0.01, 100.0))
def test_one_of_two_rivals_comes_first(rate: float, rival: float) -> None:
    """Chances add to one; equal rates are even odds."""
    assert p_first(rate, rival) + p_first(rival, rate) == pytest.approx(1.0)
    assert p_first(rate, rate) == 0.5


def test_a_rival_that_never_comes_loses() -> None:
    """Rate 0 against any rate."""
    assert p_first(2.0, 0.0) == 1.0
    assert p_first(0.0, 2.0) == 0.0
