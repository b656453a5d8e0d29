"""Shapes of samples: steps for counts, curves for measures, regions that hold their share."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.report.density import (
    MOST_STEPS,
    bandwidth,
    curve,
    has_spread,
    levels,
    shape,
    surface,
)

counts = st.lists(st.integers(0, 40), min_size=1, max_size=60).map(
    lambda found: np.array(found, np.float64)
)
measures = st.lists(st.floats(0, 1e6), min_size=1, max_size=60).map(np.array)


@given(counts)
def test_counts_have_a_step_for_each_number(sample):
    """A step is one wide, and as high as its frequency relative to the highest."""
    outline = shape(np.array(sample, dtype=np.float64))
    assert outline.steps
    frequent = max(np.bincount(sample.astype(int)))
    for number in range(int(sample.min()), int(sample.max()) + 1):
        inside = np.interp(number, outline.x, outline.height)
        assert inside == pytest.approx((sample == number).sum() / frequent)
    assert outline.height[0] == outline.height[-1] == 0.0


@given(measures)
@example(np.array([0.0, 3.77e-241]))
def test_an_outline_is_sound(sample):
    """Heights are in [0, 1] with the peak at 1; places ascend and none is below zero."""
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
    """A sample of one value that is not a whole number is a spike at that value."""
    assert shape(np.full(5, 0.25)).x.tolist() == [0.25, 0.25]


def test_far_apart_counts_are_a_curve():
    """A thousand steps would not be readable."""
    assert not shape(np.array([0.0, MOST_STEPS + 1.0])).steps
    assert shape(np.array([0.0, MOST_STEPS + 0.0])).steps


def test_the_curve_is_that_of_the_normal():
    """A large normal sample gives the normal density, to 8 % of its peak."""
    sample = np.random.default_rng(1).normal(100.0, 10.0, 4000)
    outline = shape(sample)
    exact = np.exp(-0.5 * ((outline.x - 100.0) / 10.0) ** 2)
    assert np.abs(outline.height - exact).max() < 0.08


def test_silvermans_rule():
    """Bandwidth of a sample whose deviation is the smaller: 1.06 s n^(-1/5)."""
    sample = np.array([-1.0, 1.0] * 50)
    assert bandwidth(sample) == pytest.approx((4.0 / 3.0) ** 0.2 * sample.std() * 100**-0.2)


def test_a_narrow_middle_is_not_a_needle():
    """Where most values are equal the bandwidth is a third of the deviation's, not zero."""
    sample = np.array([5.5] * 99 + [50.5])
    assert bandwidth(sample) == pytest.approx((4.0 / 3.0) ** 0.2 * sample.std() / 3.0 * 100**-0.2)


def test_an_empty_sample_has_no_shape():
    """An empty sample is refused."""
    with pytest.raises(ValueError, match="empty sample"):
        shape(np.array([]))


def uniform(n=200, seed=1):
    """Even points with a little noise."""
    rng = np.random.default_rng(seed)
    return np.clip((np.arange(n) + rng.random(n)) / n, 0.0, 1.0)


@settings(max_examples=25)
@given(st.integers(2, 60), st.integers(0, 1000))
def test_a_curve_has_area_one(n, seed):
    """Kernels are mirrored at the bounds that cut them."""
    values = np.random.default_rng(seed).random(n)
    at = np.linspace(0.0, 1.0, 4001)
    if 0.002 <= bandwidth(values) <= 0.25:
        height = curve(values, (0.0, 1.0), at)
        assert np.trapezoid(height, at) == pytest.approx(1.0, abs=0.01)


def test_at_a_bound_nothing_leaks_out():
    """A uniform sample stays level up to its bounds; without them it falls to half there."""
    at = np.array([0.0, 0.5, 1.0])
    kept = curve(uniform(), (0.0, 1.0), at)
    lost = curve(uniform(), (-np.inf, np.inf), at)
    assert kept == pytest.approx([1.0, 1.0, 1.0], abs=0.05)
    assert lost == pytest.approx([0.5, 1.0, 0.5], abs=0.05)


def test_fewer_draws_are_smoothed_more():
    """Silverman's power of the size: one fifth in one dimension, one sixth in two."""
    few, many = uniform(100), np.tile(uniform(100), 2)
    assert bandwidth(few) / bandwidth(many) == pytest.approx(2 ** (1 / 5), rel=0.02)
    assert bandwidth(few, 2) / bandwidth(many, 2) == pytest.approx(2 ** (1 / 6), rel=0.02)


def test_one_value_has_no_shape():
    """Nor have values that are equal at the resolution of a panel."""
    assert not has_spread(np.array([3.0]), (0.0, 10.0))
    assert not has_spread(np.full(5, 2.0), (0.0, 10.0))
    assert has_spread(uniform(), (0.0, 1.0))


def test_a_surface_of_independent_columns_is_a_product():
    """Of the curves, to the noise of a sample; rows belong to the second column."""
    rng = np.random.default_rng(2)
    x, y = rng.random(4000), rng.random(4000) ** 2
    at = np.linspace(0.05, 0.95, 9), np.linspace(0.1, 0.9, 7)
    bounds = ((0.0, 1.0), (0.0, 1.0))
    found = surface((x, y), bounds, at)
    assert found.shape == (7, 9)
    product = curve(y, bounds[1], at[1])[:, None] * curve(x, bounds[0], at[0])
    assert np.abs(found - product).mean() < 0.12 * product.mean()


def test_a_region_holds_its_share():
    """Above the level of half the mass lies half of it; more mass lies above lower levels."""
    grid = np.linspace(-4.0, 4.0, 161)
    height = np.exp(-0.5 * (grid[:, None] ** 2 + grid**2))
    low, high = levels(height, (0.9, 0.5))
    assert low < high
    for level, share in ((low, 0.9), (high, 0.5)):
        assert height[height >= level].sum() / height.sum() == pytest.approx(share, abs=0.005)
        # A round normal holds the share s within the radius sqrt(-2 ln(1 - s)).
        assert level == pytest.approx(1.0 - share, abs=0.005)
