"""Shapes of weighted samples: densities that are densities, and regions that hold what they say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.report.weighted import curve, levels, spread_out, surface, width

EVEN = np.full(200, 1.0 / 200)


def uniform(n=200, seed=1):
    """Even points with a little noise."""
    rng = np.random.default_rng(seed)
    return np.clip((np.arange(n) + rng.random(n)) / n, 0.0, 1.0)


def over(at, height):
    """Integral of a curve over its points."""
    return float(np.trapezoid(height, at))


@settings(max_examples=25)
@given(st.integers(2, 60), st.integers(0, 1000), st.floats(0.2, 5.0))
def test_a_curve_has_area_one(n, seed, shape):
    """Whatever the weights, and though the bounds cut the kernels: what is cut is mirrored."""
    rng = np.random.default_rng(seed)
    values, weights = rng.random(n), rng.gamma(shape, size=n) + 1e-6
    weights /= weights.sum()
    at = np.linspace(0.0, 1.0, 4001)
    if width(values, weights) < 0.002 or width(values, weights) > 0.25:
        return
    assert over(at, curve(values, weights, (0.0, 1.0), at)) == pytest.approx(1.0, abs=0.01)


def test_at_a_bound_nothing_leaks_out():
    """A uniform sample stays level up to its bounds; without them it falls to half there."""
    at = np.array([0.0, 0.5, 1.0])
    kept = curve(uniform(), EVEN, (0.0, 1.0), at)
    lost = curve(uniform(), EVEN, (-np.inf, np.inf), at)
    assert kept == pytest.approx([1.0, 1.0, 1.0], abs=0.05)
    assert lost == pytest.approx([0.5, 1.0, 0.5], abs=0.05)


def test_weights_count_as_repetition():
    """A member of double weight is two members, but for the bandwidth, which is told."""
    at = np.linspace(-2.0, 3.0, 7)
    values = np.array([0.0, 1.0])
    doubled = curve(values, np.array([2 / 3, 1 / 3]), (-np.inf, np.inf), at)
    h = width(values, np.array([2 / 3, 1 / 3]))
    bell = np.exp(-0.5 * ((at[:, None] - np.array([0.0, 0.0, 1.0])) / h) ** 2)
    assert doubled == pytest.approx(bell.mean(axis=1) / (h * np.sqrt(2 * np.pi)))


def test_fewer_effective_draws_are_smoothed_more():
    """Silverman's power of the effective size: one fifth in one dimension, one sixth in two."""
    values = np.tile(uniform(100), 2)
    half = np.r_[np.full(100, 0.01), np.zeros(100)]
    even = np.full(200, 1.0 / 200)
    assert width(values, half) / width(values, even) == pytest.approx(2 ** (1 / 5), rel=0.02)
    assert width(values, half, 2) / width(values, even, 2) == pytest.approx(2 ** (1 / 6), rel=0.02)


def test_one_value_has_no_shape():
    """Nor have values that no panel could tell apart."""
    assert not spread_out(np.array([3.0]), np.ones(1), (0.0, 10.0))
    assert not spread_out(np.full(5, 2.0), np.full(5, 0.2), (0.0, 10.0))
    assert spread_out(uniform(), EVEN, (0.0, 1.0))


def test_a_surface_of_independent_columns_is_a_product():
    """Of the curves, to the noise of a sample; rows belong to the second column."""
    rng = np.random.default_rng(2)
    x, y = rng.random(4000), rng.random(4000) ** 2
    weights = np.full(4000, 1.0 / 4000)
    at = np.linspace(0.05, 0.95, 9), np.linspace(0.1, 0.9, 7)
    bounds = ((0.0, 1.0), (0.0, 1.0))
    found = surface((x, y), weights, bounds, at)
    assert found.shape == (7, 9)
    product = curve(y, weights, bounds[1], at[1])[:, None] * curve(x, weights, bounds[0], at[0])
    assert np.abs(found - product).mean() < 0.12 * product.mean()


def test_a_region_holds_the_share_it_is_told():
    """Above the level of half the mass lies half of it; more mass lies above lower levels."""
    grid = np.linspace(-4.0, 4.0, 161)
    height = np.exp(-0.5 * (grid[:, None] ** 2 + grid**2))
    low, high = levels(height, (0.9, 0.5))
    assert low < high
    for level, share in ((low, 0.9), (high, 0.5)):
        assert height[height >= level].sum() / height.sum() == pytest.approx(share, abs=0.005)
        # A round normal holds the share s within the radius sqrt(-2 ln(1 - s)).
        assert level == pytest.approx(1.0 - share, abs=0.005)
