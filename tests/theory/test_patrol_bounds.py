"""What no plan exceeds: bounds on guaranteed and expected sighting, by brute force and by games."""

import warnings
from math import exp, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.theory.allocation import covering, line_patrol_value
from sim.theory.patrol_bounds import most_expected, most_guaranteed
from sim.theory.search import cyclic

Q = st.floats(0.01, 1.0)
PRICES = st.lists(st.floats(0.1, 10.0), min_size=1, max_size=6)
PLACES = st.lists(st.tuples(st.floats(0.0, 5.0), st.floats(0.1, 10.0)), min_size=1, max_size=6)


@settings(max_examples=40)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=30), Q)
def test_no_spread_of_looks_beats_an_even_one(looks: list[int], q: float) -> None:
    """Whatever numbers of looks crossers get, as many seen on average are at most ``cyclic``."""
    seen = np.mean([1.0 - (1.0 - q) ** n for n in looks])
    assert seen <= most_guaranteed([1.0], float(np.mean(looks)), q) + 1e-12


@settings(max_examples=40)
@given(PRICES, Q, st.data())
def test_no_plan_guarantees_more(prices: list[float], q: float, data: st.DataObject) -> None:
    """However a budget is laid out over places, the least seen place is at most the bound."""
    spent = [data.draw(st.floats(0.0, 5.0)) for _ in prices]
    budget = sum(spent)
    least = min(cyclic(s / price, q) for s, price in zip(spent, prices, strict=True))
    assert least <= most_guaranteed(prices, budget, q) + 1e-9


@settings(max_examples=40)
@given(PRICES, Q, st.floats(0.0, 20.0))
def test_the_guarantee_can_be_had_where_looks_come_evenly(
    prices: list[float], q: float, budget: float
) -> None:
    """Places that all get the same looks for their price give just the bound."""
    looks = budget / sum(prices)
    assert sum(looks * price for price in prices) == pytest.approx(budget)
    assert most_guaranteed(prices, budget, q) == pytest.approx(cyclic(looks, q))


@settings(max_examples=40)
@given(st.integers(1, 10), st.floats(0.0, 12.0))
def test_equal_places_are_covered_alike(places: int, units: float) -> None:
    """For sure looks and equal prices it is the coverage of equally valuable targets."""
    level = covering([1.0] * places, units)[0]
    assert most_guaranteed([1.0] * places, units, 1.0) == pytest.approx(level)


@settings(max_examples=40)
@given(st.integers(1, 400), st.integers(1, 60))
def test_the_game_on_a_line_is_worth_no_more(nodes: int, periods: int) -> None:
    """One patroller looks at one node a period: no line patrol guarantees more than the bound."""
    assert line_patrol_value(nodes, periods) <= most_guaranteed([1.0] * nodes, periods, 1.0) + 1e-12


def test_on_a_long_line_the_bound_is_the_value_of_the_game() -> None:
    """The ends of a line ten thousand nodes long cost less than a thousandth of the bound."""
    value, bound = line_patrol_value(10_000, 9), most_guaranteed([1.0] * 10_000, 9.0, 1.0)
    assert 0.999 < value / bound < 1.0


def greedy(places: list[tuple[float, float]], budget: float, q: float) -> float:
    """The looks one by one, the best value for its price first, the last one in part."""
    looks = sorted(
        ((share * q * (1.0 - q) ** k, price) for share, price in places for k in range(200)),
        key=lambda look: -look[0] / look[1],
    )
    seen = 0.0
    for value, price in looks:
        part = min(budget / price, 1.0)
        seen += part * value
        budget -= part * price
        if budget <= 0.0:
            break
    return seen


@settings(max_examples=40)
@given(PLACES, st.floats(0.1, 1.0), st.floats(0.0, 40.0))
def test_expected_is_what_greed_finds(
    places: list[tuple[float, float]], q: float, budget: float
) -> None:
    """The dual is the primal: looks taken one by one, the most worthwhile first."""
    shares, prices = zip(*places, strict=True)
    assert most_expected(shares, prices, budget, q) == pytest.approx(
        greedy(places, budget, q), rel=1e-9, abs=1e-9
    )


@settings(max_examples=40)
@given(PLACES, st.floats(0.05, 0.95), st.data())
def test_no_plan_expects_more(
    places: list[tuple[float, float]], q: float, data: st.DataObject
) -> None:
    """However a budget is laid out, and the looks at a place evenly, the sum is at most that."""
    looks = [data.draw(st.floats(0.0, 6.0)) for _ in places]
    budget = sum(n * price for n, (_, price) in zip(looks, places, strict=True))
    seen = sum(share * cyclic(n, q) for n, (share, _) in zip(looks, places, strict=True))
    shares, prices = zip(*places, strict=True)
    assert seen <= most_expected(shares, prices, budget, q) + 1e-9


def test_counted_looks_do_better_than_a_random_search() -> None:
    """Two places, shares 0.8 and 0.2, one look to spend: Koopman's optimum of 1 - exp(-q n)
    sees less; for looks so poor that two never matter the two agree."""
    for q, close in ((0.5, 0.2), (1e-4, 1e-3)):
        # Lagrange: 0.8 exp(-q a) = 0.2 exp(-q b), a + b = 1, or all at the first place
        a = min(0.5 * (1.0 + log(4.0) / q), 1.0)
        koopman = 0.8 * (1.0 - exp(-q * a)) + 0.2 * (1.0 - exp(-q * (1.0 - a)))
        counted = most_expected([0.8, 0.2], [1.0, 1.0], 1.0, q)
        assert koopman < counted < (1.0 + close + q) * koopman


@pytest.mark.parametrize("q", [0.0, 0.3, 1.0])
def test_limits_of_the_budget(q: float) -> None:
    """Nothing spent, nothing seen; everything spent, everything seen that can be."""
    shares, prices = [0.6, 0.3, 0.1], [1.0, 2.0, 4.0]
    assert most_expected(shares, prices, 0.0, q) == 0.0
    assert most_guaranteed(prices, 0.0, q) == 0.0
    everything = 1.0 if q > 0.0 else 0.0
    assert most_expected(shares, prices, 1e6, q) == pytest.approx(everything)
    assert most_guaranteed(prices, 1e6, q) == pytest.approx(everything)
    assert most_expected([0.0, 0.0], [1.0, 1.0], 5.0, 0.5) == 0.0


@settings(max_examples=40)
@given(PLACES, Q, st.floats(0.0, 30.0), st.floats(0.0, 10.0))
def test_more_to_spend_is_never_less_seen(
    places: list[tuple[float, float]], q: float, budget: float, more: float
) -> None:
    """Both bounds rise with the budget, and are between 0 and 1."""
    shares, prices = zip(*places, strict=True)
    total = sum(shares)
    assert (
        0.0
        <= most_expected(shares, prices, budget, q)
        <= most_expected(shares, prices, budget + more, q) + 1e-9
        <= total + 2e-9
    )
    one = most_guaranteed(prices, budget, q)
    assert 0.0 <= one <= most_guaranteed(prices, budget + more, q) + 1e-12 <= 1.0 + 2e-12


@pytest.mark.parametrize(
    ("prices", "budget", "q"),
    [([0.0], 1.0, 0.5), ([1.0, -1.0], 1.0, 0.5), ([1.0], -1.0, 0.5), ([1.0], 1.0, 1.5),
     ([1.0], float("inf"), 0.5)],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(prices: list[float], budget: float, q: float) -> None:
    """Prices are positive, budgets finite and not negative, chances in [0, 1]."""
    with pytest.raises(ValueError, match="prices must be > 0"):
        most_guaranteed(prices, budget, q)
    with pytest.raises(ValueError, match="prices must be > 0"):
        most_expected([0.5] * len(prices), prices, budget, q)


def test_the_poorest_of_looks() -> None:
    """Looks of next to no chance add up to their number times it, without a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert most_expected([0.5, 0.5], [1.0, 2.0], 3.0, 1e-300) == pytest.approx(1.5e-300)


def test_shares_go_with_prices() -> None:
    """A share for each price, and none below zero."""
    with pytest.raises(ValueError, match="shares must be >= 0"):
        most_expected([0.5], [1.0, 1.0], 1.0, 0.5)
    with pytest.raises(ValueError, match="shares must be >= 0"):
        most_expected([-0.5], [1.0], 1.0, 0.5)
