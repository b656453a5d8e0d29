"""Dominance and the efficient hull."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic import runs

from sim.comparison.comparison import compare
from sim.comparison.efficiency import CostHarmFrontier, classify, lower_left_hull

whole = st.integers(-5, 5)
places = st.lists(st.tuples(whole, whole), min_size=1, max_size=12).map(
    lambda points: np.array(points, dtype=np.float64)
)


@given(places)
def test_a_dominated_option_has_one_that_beats_it(points):
    """By the definition, one by one."""
    for i, standing in enumerate(classify(points)):
        beaten = any((other <= points[i]).all() and (other < points[i]).any() for other in points)
        assert (standing == "dominated") == beaten


@given(places, st.floats(0.01, 0.99))
def test_efficient_options_are_best_for_some_price(points, share):
    """Whatever harm is worth, an efficient option is among the cheapest in all."""
    total = points @ np.array([share, 1.0 - share])
    best = total.min()
    standing = classify(points)
    assert any(
        standing[i] == "efficient" and total[i] == pytest.approx(best) for i in range(len(points))
    )


@given(places)
def test_no_mixture_beats_an_efficient_option(points):
    """The hull is convex: between two of its neighbours none lies below the line."""
    hull = points[lower_left_hull(points)]
    _, first = np.unique(hull, axis=0, return_index=True)
    corners = hull[np.sort(first)]
    slopes = np.diff(corners[:, 1]) / np.diff(corners[:, 0])
    assert (slopes < 0).all()
    assert (np.diff(slopes) > -1e-12).all()


def test_between_two_is_neither():
    """An option above the line of two others, and beaten by neither, stands between."""
    points = np.array([[0.0, 10.0], [5.0, 8.0], [10.0, 0.0]])
    assert classify(points) == ["efficient", "between", "efficient"]


def test_twins_are_efficient_together():
    """Two options at one place share its standing."""
    assert classify(np.zeros((2, 2))) == ["efficient", "efficient"]


def placed(**scenarios) -> CostHarmFrontier:
    """Where scenarios stand, each given as (victims, cost) of its runs."""
    columns = {
        name: {"victims": list(harm), "cost_usd": list(cost)}
        for name, (harm, cost) in scenarios.items()
    }
    return compare(runs(columns)).efficiency


def years(n: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """Victims and cost of a baseline."""
    rng = np.random.default_rng(4)
    return rng.poisson(9.0, n).astype(float), 1e7 + 1e5 * rng.normal(size=n)


def test_the_baseline_stands_at_the_origin():
    """It does not differ from itself, in no resample."""
    harm, cost = years()
    found = placed(baseline=(harm, cost), a=(harm - 1, cost * 1.1), b=(harm + 1, cost * 0.9))
    base = found.options[0]
    assert base.name == "baseline"
    assert base.place == (0.0, 0.0)
    assert not base.cloud.any()
    assert found.n == 60
    assert (found.cost, found.harm) == ("cost_usd", "victims")


def test_a_scenario_without_values_is_left_out():
    """A scenario without values is left out; so are runs without a value."""
    harm, cost = years(40)
    some = np.where(np.arange(40) % 4 == 0, np.nan, harm)
    found = placed(baseline=(harm, cost), lost=(harm * np.nan, cost), some=(some, cost))
    assert [option.name for option in found.options] == ["baseline", "some"]
    assert found.n == 30


def test_a_clear_case_is_sure():
    """Cheaper and less harmful in every year: efficient in all resamples, the other in none."""
    harm, cost = years()
    found = placed(baseline=(harm, cost), good=(harm - 1, cost - 5e6))
    assert [option.p_efficient for option in found.options] == [0.0, 1.0]
