"""Outlines of samples: steps for counts, curves for measures."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.report.density import MOST_STEPS, bandwidth, shape

counts = st.lists(st.integers(0, 40), min_size=1, max_size=60).map(
    lambda found: np.array(found, np.float64)
)
measures = st.lists(st.floats(0, 1e6), min_size=1, max_size=60).map(np.array)


@given(counts)
def test_counts_have_a_step_for_each_number(sample):
    """A step is one wide, and as high as its number is frequent against the most frequent."""
    outline = shape(np.array(sample, dtype=np.float64))
    assert outline.steps
    frequent = max(np.bincount(sample.astype(int)))
    for number in range(int(sample.min()), int(sample.max()) + 1):
        inside = np.interp(number, outline.x, outline.height)
        assert inside == pytest.approx((sample == number).sum() / frequent)
    assert outline.height[0] == outline.height[-1] == 0.0


@given(measures)
def test_an_outline_is_sound(sample):
    """Heights lie in [0, 1] with the peak at 1; places ascend and none is below zero."""
    outline = shape(sample)
    assert outline.height.max() == pytest.approx(1.0)
    assert outline.height.min() >= 0.0
    assert (np.diff(outline.x) >= 0.0).all()
    assert np.isfinite(outline.x).all()
    assert outline.steps or outline.x[0] >= 0.0


@given(st.lists(st.floats(0, 1), min_size=2, max_size=60).map(np.array))
def test_shares_stay_shares(sample):
    """A ceiling is not exceeded: no density above a share of one."""
    outline = shape(sample, ceiling=1.0)
    assert outline.steps or outline.x[-1] <= 1.0


def test_a_constant_is_a_spike():
    """A sample of one value that is not a whole number stands at that value alone."""
    assert shape(np.full(5, 0.25)).x.tolist() == [0.25, 0.25]


def test_far_apart_counts_are_a_curve():
    """A thousand steps would be a comb."""
    assert not shape(np.array([0.0, MOST_STEPS + 1.0])).steps
    assert shape(np.array([0.0, MOST_STEPS + 0.0])).steps


def test_the_curve_is_that_of_the_normal():
    """A large normal sample gives the normal density, to 8 % of its peak."""
    sample = np.random.default_rng(1).normal(100.0, 10.0, 4000)
    outline = shape(sample)
    exact = np.exp(-0.5 * ((outline.x - 100.0) / 10.0) ** 2)
    assert np.abs(outline.height - exact).max() < 0.08


def test_silvermans_rule():
    """Bandwidth of a sample whose deviation is the smaller: 0.9 s n^(-1/5)."""
    sample = np.array([-1.0, 1.0] * 50)
    assert bandwidth(sample) == pytest.approx(0.9 * sample.std(ddof=1) * 100**-0.2)


def test_a_narrow_middle_is_no_needle():
    """Where most values are equal the bandwidth is a third of the deviation's, not zero."""
    sample = np.array([5.5] * 99 + [50.5])
    assert bandwidth(sample) == pytest.approx(0.3 * sample.std(ddof=1) * 100**-0.2)


def test_nothing_has_no_shape():
    """An empty sample is refused."""
    with pytest.raises(ValueError, match="nothing"):
        shape(np.array([]))
