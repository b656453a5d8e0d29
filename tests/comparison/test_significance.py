"""The sign-flip test and Holm's correction: exact cases, size, and family-wise error."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.comparison.significance import EXACT, MANY, holm, sign_flip


@pytest.mark.parametrize("n", range(1, EXACT + 1))
def test_all_the_same_way_is_two_in_two_to_the_n(n):
    """Equal differences: only all plus and all minus are as far from zero."""
    assert sign_flip(np.ones(n)) == pytest.approx(2.0 ** (1 - n))


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=9))
def test_counting_all_patterns(values):
    """The same as by trying every pattern of signs, one by one."""
    seen = abs(sum(values))
    patterns = list(product((-1, 1), repeat=len(values)))
    as_far = sum(abs(sum(s * v for s, v in zip(p, values, strict=True))) >= seen for p in patterns)
    assert sign_flip(np.array(values, dtype=float)) == pytest.approx(as_far / len(patterns))


@given(st.lists(st.integers(-9, 9), max_size=30), st.integers(0, 20))
def test_zeros_and_direction_do_not_count(values, zeros):
    """Pairs without difference carry no sign; the test is two-sided; p is a probability."""
    some = np.array(values, dtype=float)
    p = sign_flip(some)
    assert 0.0 < p <= 1.0
    assert sign_flip(np.concatenate([some, np.zeros(zeros)])) == p
    assert sign_flip(-some) == pytest.approx(p)


def test_nothing_but_zeros_is_no_evidence():
    """No difference at all has p = 1."""
    assert sign_flip(np.zeros(5)) == 1.0
    assert sign_flip(np.empty(0)) == 1.0


def drawn_signs(values: np.ndarray, draws: int = 200_000) -> float:
    """The p-value from signs drawn at random; it needs no formula."""
    rng = np.random.default_rng(3)
    hits = 0
    for _ in range(10):
        signs = rng.choice([-1.0, 1.0], size=(draws // 10, len(values)))
        hits += int((np.abs(signs @ values) >= abs(values.sum()) - 1e-9).sum())
    return hits / draws


SAMPLES = {
    "skewed": np.random.default_rng(1).exponential(size=40) - 0.6,
    "far out": np.append(np.random.default_rng(2).normal(0.3, 1.0, 30), 12.0),
    "whole": np.random.default_rng(5).poisson(0.7, 90) - np.random.default_rng(6).poisson(0.4, 90),
    "normal": np.random.default_rng(4).normal(0.4, 1.0, 25),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_beyond_counting_it_agrees_with_drawn_signs(name):
    """Within 15 % and 4 standard errors of 200,000 patterns, where the normal law is far off."""
    values = SAMPLES[name].astype(float)
    drawn = drawn_signs(values)
    p = sign_flip(values)
    assert 5e-4 < p < 0.9
    assert p == pytest.approx(drawn, rel=0.15, abs=4 * (drawn / 200_000) ** 0.5)


def test_both_ways_agree_where_counting_ends():
    """15 differences, counted one by one: 2^14 patterns, within 5 %."""
    values = np.random.default_rng(8).normal(0.5, 1.0, EXACT + 1)
    patterns = np.array(list(product((-1.0, 1.0), repeat=EXACT + 1)))
    counted = np.mean(np.abs(patterns @ values) >= abs(values.sum()) - 1e-9)
    assert sign_flip(values) == pytest.approx(counted, rel=0.05)


@pytest.mark.parametrize("n", [EXACT + 1, 100, 900])
def test_no_p_value_is_smaller_than_two_patterns(n):
    """All differences one way: never below 2 of 2^n, however equal they are."""
    assert 2.0 ** (1 - n) <= sign_flip(np.full(n, 0.3)) <= 2.0 ** (2 - n)


def test_the_last_regime_joins_on():
    """At 5,000 differences the saddlepoint and the normal law agree to 2 %."""
    values = np.random.default_rng(7).normal(0.02, 1.0, MANY + 1)
    assert sign_flip(values[:-1]) == pytest.approx(sign_flip(values), rel=0.15)
    sizes = np.abs(values[:-1])
    z = abs(values[:-1].sum()) / np.sqrt((sizes**2).sum())
    assert sign_flip(values[:-1]) == pytest.approx(2 * stats.norm.sf(z), rel=0.02)


@pytest.mark.parametrize("n", [8, 20, 60])
def test_a_true_null_is_rejected_as_seldom_as_claimed(n):
    """At 10 % at most 10 % of 3,000 symmetric samples, own error 0.5 %."""
    rng = np.random.default_rng(n)
    p = [sign_flip(rng.standard_t(4, n)) for _ in range(3000)]
    assert np.mean(np.array(p) <= 0.1) < 0.1 + 4 * 0.0055


def test_a_difference_of_one_standard_deviation_is_found():
    """Power: 20 pairs shifted by one deviation are significant at 1 % in 9 of 10 trials."""
    rng = np.random.default_rng(9)
    found = [sign_flip(rng.normal(1.0, 1.0, 20)) <= 0.01 for _ in range(500)]
    assert np.mean(found) > 0.9


def test_holm_by_hand():
    """0.01, 0.04, 0.03, 0.005: times 4, 3, 2, 1 in order of size, never falling."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []
    assert holm([0.2]) == [0.2]


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=20))
def test_holm_lies_between_nothing_and_bonferroni(values):
    """No p-value falls, none exceeds m times itself or 1, and the order is kept."""
    adjusted = holm(values)
    for p, q in zip(values, adjusted, strict=True):
        assert p <= q <= min(1.0, len(values) * p) + 1e-12
    order = np.argsort(values, kind="stable")
    assert (np.diff(np.array(adjusted)[order]) >= 0.0).all()


def test_holm_keeps_the_chance_of_one_false_claim():
    """30 true nulls: at most 10 % of 1,000 families have a false claim; without Holm nearly all."""
    p = np.random.default_rng(2).random((1000, 30))
    corrected = np.mean([min(holm(list(row))) <= 0.1 for row in p])
    assert corrected < 0.1 + 4 * 0.0095
    assert np.mean(p.min(axis=1) <= 0.1) > 0.9
