"""Intervals: closed forms, symmetries, and how often they hold the truth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.comparison.intervals import (
    FEW,
    Interval,
    bootstrap_mean,
    clopper_pearson,
    fieller,
    percentile,
    student,
)
from sim.comparison.resampling import resampled_means


def bootstrapped(values: np.ndarray, confidence: float = 0.9, resamples: int = 2000) -> Interval:
    """The interval of one column."""
    means = resampled_means(values[:, None], resamples, 1)[:, 0]
    interval = bootstrap_mean(values, means, confidence)
    assert interval is not None
    return interval


def coverage(columns: np.ndarray, truth: float, confidence: float = 0.9) -> float:
    """Share of columns (runs, trials) whose interval holds the truth."""
    means = resampled_means(columns, 2000, 1)
    held = [
        interval is not None and interval.low <= truth <= interval.high
        for interval in (
            bootstrap_mean(column, drawn, confidence)
            for column, drawn in zip(columns.T, means.T, strict=True)
        )
    ]
    return float(np.mean(held))


def test_student_is_the_textbook_interval():
    """1, 2, 3, 4, 5 at 90 %: 3 +- 2.132 sqrt(2.5 / 5)."""
    low, high = student(np.array([1.0, 2.0, 3.0, 4.0, 5.0]), 0.9)
    assert (low, high) == pytest.approx((3 - 2.13185 * 0.5**0.5, 3 + 2.13185 * 0.5**0.5), abs=1e-4)


@pytest.mark.parametrize("n", [0, 1])
def test_one_value_has_no_interval(n):
    """Neither by Student nor by the bootstrap."""
    assert student(np.ones(n), 0.9) is None
    assert bootstrap_mean(np.ones(n), np.ones(10), 0.9) is None


def test_few_values_get_students_interval():
    """Below ten values the resampled means are not even looked at."""
    values = np.arange(FEW - 1.0)
    assert bootstrap_mean(values, np.zeros(1), 0.9) == student(values, 0.9)


def test_what_never_varies_is_known():
    """Equal values have an interval of no length."""
    assert bootstrapped(np.full(25, 3.5)) == (3.5, 3.5)


def test_a_normal_sample_gets_nearly_students_interval():
    """With many resamples both ends agree to 3 % of the length."""
    values = np.random.default_rng(3).normal(size=15)
    values -= values.mean()
    values = np.concatenate([values, -values])  # no skewness
    ours, textbook = bootstrapped(values, resamples=40_000), student(values, 0.9)
    assert ours == pytest.approx(textbook, abs=0.03 * (textbook.high - textbook.low))


def test_the_interval_leans_where_the_sample_leans():
    """Of exponential values more lies above the mean than below."""
    values = np.random.default_rng(5).exponential(size=40)
    low, high = bootstrapped(values)
    assert high - values.mean() > 1.1 * (values.mean() - low)


@given(
    st.lists(st.integers(-50, 50), min_size=FEW, max_size=30).filter(lambda v: len(set(v)) > 1),
    st.integers(-1000, 1000),
    st.sampled_from([0.25, 2.0, 64.0]),
)
def test_units_and_zero_do_not_matter(values, shift, scale):
    """Shifted or scaled values have the shifted or scaled interval."""
    base = bootstrapped(np.array(values, dtype=float), resamples=200)
    moved = bootstrapped(np.array(values, dtype=float) * scale + shift, resamples=200)
    assert moved == pytest.approx([end * scale + shift for end in base], rel=1e-6, abs=1e-6)


@given(st.lists(st.integers(-50, 50), min_size=FEW, max_size=30))
def test_the_ends_are_in_order(values):
    """Low is never above high."""
    low, high = bootstrapped(np.array(values, dtype=float), resamples=200)
    assert low <= high


@pytest.mark.parametrize(
    ("n", "law", "tolerance"),
    [(5, "normal", 0.03), (12, "normal", 0.03), (50, "normal", 0.03), (30, "poisson", 0.03),
     (30, "exponential", 0.05), (100, "exponential", 0.035)],
)  # fmt: skip
def test_coverage_is_what_is_claimed(n, law, tolerance):
    """90 % intervals hold the truth in 90 % of 2,000 trials; the trials' own error is 0.7 %."""
    rng = np.random.default_rng([n, len(law)])
    draw = {
        "normal": lambda size: rng.normal(1.0, 2.0, size),
        "poisson": lambda size: rng.poisson(1.0, size).astype(float),
        "exponential": lambda size: rng.exponential(1.0, size),
    }[law]
    assert coverage(draw((n, 2000)), 1.0) == pytest.approx(0.9, abs=tolerance)


def test_a_plain_percentile_interval_would_be_caught():
    """Negative control: without widening, 5 values hold the truth too seldom to pass above."""
    columns = np.random.default_rng(7).normal(1.0, 2.0, (5, 2000))
    means = resampled_means(columns, 2000, 1)
    held = [p.low <= 1.0 <= p.high for p in (percentile(m, 0.9) for m in means.T)]
    assert np.mean(held) < 0.85


def test_none_of_n_has_the_closed_form():
    """0 of 10 at 90 %: 0 to 1 - 0.05^(1/10); 10 of 10 is its mirror."""
    assert clopper_pearson(0, 10, 0.9) == pytest.approx((0.0, 1.0 - 0.05**0.1))
    assert clopper_pearson(10, 10, 0.9) == pytest.approx((0.05**0.1, 1.0))
    assert clopper_pearson(0, 0, 0.9) is None


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_has_the_exact_interval(case):
    """The same as of an independent implementation."""
    hits, trials = case
    expected = stats.binomtest(hits, trials).proportion_ci(0.9, "exact")
    assert clopper_pearson(hits, trials, 0.9) == pytest.approx((expected.low, expected.high))


@pytest.mark.parametrize("p", [0.02, 0.3, 0.5])
def test_a_share_is_held_at_least_as_often_as_claimed(p):
    """Coverage of Clopper and Pearson, summed over the binomial law, is 90 % or more."""
    law = stats.binom(25, p)
    held = sum(
        law.pmf(k)
        for k in range(26)
        if (interval := clopper_pearson(k, 25, 0.9)) and interval.low <= p <= interval.high
    )
    assert held >= 0.9


def test_a_ratio_over_a_constant_is_students_interval():
    """Where the mean below is known, Fieller's interval is Student's divided by it."""
    above = np.random.default_rng(1).normal(10.0, 3.0, 40)
    expected = [end / 4.0 for end in student(above, 0.9)]
    assert fieller(above, np.full(40, 4.0), 0.9) == pytest.approx(expected)


def test_a_ratio_over_what_may_be_nothing_has_no_interval():
    """A mean below that may be zero, or too few pairs: None, not a number."""
    rng = np.random.default_rng(2)
    assert fieller(rng.normal(5, 1, 30), rng.normal(0, 1, 30), 0.9) is None
    assert fieller(np.ones(30), np.zeros(30), 0.9) is None
    assert fieller(np.ones(2), np.ones(2), 0.9) is None


@given(st.floats(0.1, 10.0), st.floats(0.1, 10.0))
def test_a_ratio_scales_with_its_units(a, b):
    """Ends scale with the quantity above and against the one below."""
    rng = np.random.default_rng(3)
    above, below = rng.normal(8, 2, 30), rng.normal(5, 1, 30)
    base = fieller(above, below, 0.9)
    assert fieller(a * above, b * below, 0.9) == pytest.approx([end * a / b for end in base])


def test_a_ratio_is_held_as_often_as_claimed():
    """Correlated pairs, true ratio 2: 90 % of 2,000 trials, own error 0.7 %, within 3 %."""
    rng = np.random.default_rng(4)
    held = 0
    for _ in range(2000):
        shared = rng.normal(0.0, 2.0, 20)
        interval = fieller(20 + shared + rng.normal(0, 3, 20), 10 + shared, 0.9)
        held += interval is not None and interval.low <= 2.0 <= interval.high
    assert held / 2000 == pytest.approx(0.9, abs=0.03)
