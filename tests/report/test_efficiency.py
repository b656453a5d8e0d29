"""Dominance and the efficient hull."""

import numpy as np
import pytest
from batches import BATCHES, TWELVE, outcomes
from hypothesis import given
from hypothesis import strategies as st

from sim.report.efficiency import classify, lower_left_hull, standings

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


def test_the_baseline_stands_at_the_origin():
    """It does not differ from itself, in no resample."""
    found = standings(BATCHES["twelve"], "baseline", TWELVE, "cost_usd", "victims")
    base = found.options[0]
    assert base.name == "baseline"
    assert base.place == (0.0, 0.0)
    assert not base.cloud.any()
    assert found.n == 60


def test_a_scenario_without_runs_is_left_out():
    """One that failed altogether does not take the others with it."""
    found = standings(
        BATCHES["failures"], "baseline", ("baseline", "lost", "some", "vague"), "cost_usd",
        "victims",
    )  # fmt: skip
    assert [option.name for option in found.options] == ["baseline", "some", "vague"]
    assert found.n == 30


def test_a_clear_case_is_sure():
    """Cheaper and less harmful in every year: efficient in all resamples, the other in none."""

    def improve(rows):
        return [{**one, "victims": one["victims"] - 1, "cost_usd": one["cost_usd"] - 5e6}
                for one in rows]  # fmt: skip

    table = outcomes(("baseline", "good"), baseline=lambda rows: rows, good=improve)
    found = standings(table, "baseline", ("baseline", "good"), "cost_usd", "victims")
    assert [option.p_efficient for option in found.options] == [0.0, 1.0]
