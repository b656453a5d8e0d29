"""One scenario against the baseline: each figure by hand, and when a judgement is due."""

import math
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.comparison.contrasts import Contrast, contrast_outcomes, judge
from sim.comparison.question import Question
from sim.comparison.samples import Pairs


def pairs_of(baseline, policy) -> Pairs:
    """Pairs of one outcome from two lists."""
    a = np.array(baseline, dtype=float).reshape(-1, 1)
    b = np.array(policy, dtype=float).reshape(-1, 1)
    return Pairs(np.arange(len(a)), a, b)


def one(baseline, policy, outcome="victims", **asked) -> Contrast:
    """The judged contrast of one outcome."""
    question = Question(harm=outcome, **asked)
    found = contrast_outcomes("policy", pairs_of(baseline, policy), [outcome], question)
    return judge(found, question, {"policy": False})[0]


def test_every_figure_by_hand():
    """Four pairs with differences -2, -2, 0, +1."""
    c = one([4, 5, 2, 1], [2, 3, 2, 2])
    assert (c.n, c.undefined, c.baseline_mean, c.mean) == (4, 0, 3.0, 2.25)
    assert (c.difference, c.median_difference, c.ratio) == (-0.75, -1.0, 0.75)
    assert c.sd_difference == pytest.approx(1.5)
    assert (c.p_better, c.p_equal, c.p_worse) == (0.5, 0.25, 0.25)
    assert c.p_value == 0.5  # of the patterns of 2, 2, 1: |+-2 +-2 +-1| >= 3 in 4 of 8
    assert (c.rope_low, c.rope_high) == pytest.approx((-0.15, 0.15))
    assert c.variance_ratio == pytest.approx((10 / 3 + 0.25) / 2.25)
    half = 2.35336 * 1.5 / 2  # Student, three degrees
    assert (c.low, c.high) == pytest.approx((-0.75 - half, -0.75 + half), abs=1e-3)


def test_more_is_better_where_it_is():
    """The same differences are for the better if they are of what one wants more of."""
    c = one([4, 5, 2, 1], [2, 3, 2, 2], "interdicted")
    assert (c.orientation, c.p_better, c.p_worse) == ("more", 0.25, 0.5)


def test_a_neutral_outcome_is_neither():
    """It has a direction and no merit."""
    c = one(np.zeros(30), np.ones(30), "clashes")
    assert (c.judgement, c.p_better, c.p_worse, c.p_equal) == ("more", None, None, 0.0)


@given(st.floats(0.5, 100.0), st.integers(20, 200))
def test_independent_pairs_gain_nothing_and_shared_luck_gains_by_its_share(ratio, n):
    """With a common part of variance c and own parts of variance 1 the gain is c + 1."""
    rng = np.random.default_rng(n)
    basis, _ = np.linalg.qr(np.column_stack([np.ones(n), rng.normal(size=(n, 3))]))
    common, own_a, own_b = basis[:, 1:].T
    shared = math.sqrt(ratio) * common
    c = one(shared + own_a, shared + own_b)
    assert c.variance_ratio == pytest.approx(ratio + 1.0)


def test_identical_runs_differ_in_nothing():
    """If all differences are zero, the judgement says so and there is no gain."""
    values = np.random.default_rng(1).poisson(3.0, 50)
    c = one(values, values)
    assert c.judgement == "no difference can be measured"
    assert (c.difference, c.low, c.high, c.p_value, c.p_holm) == (0.0, 0.0, 0.0, 1.0, 1.0)
    assert (c.p_equal, c.variance_ratio, c.replicates_to_settle) == (1.0, None, None)


def test_the_same_scenario_needs_no_more_runs():
    """Under another name it stays the same for ever."""
    question = Question(harm="victims")
    found = contrast_outcomes("twin", pairs_of([1, 2], [1, 2]), ["victims"], question)
    assert judge(found, question, {"twin": True})[0].replicates_to_settle == 0


def test_one_pair_settles_nothing():
    """A single difference has no interval."""
    c = one([5], [3])
    assert (c.n, c.difference, c.low, c.high, c.sd_difference) == (1, -2.0, None, None, None)
    assert (c.judgement, c.replicates_to_settle) == ("not settled", None)


def test_two_pairs_settle_nothing():
    """However similar they are; the number of pairs needed is known."""
    c = one([5, 6], [3, 4])
    assert (c.low, c.high, c.judgement) == (-2.0, -2.0, "not settled")
    assert c.replicates_to_settle == 3  # 2^(1 - 5) < 0.1


def test_a_constant_difference_is_settled_once_luck_is_out():
    """Five pairs that differ by the same: 1 in 16, at 90 %."""
    assert one(np.arange(5), np.arange(5) - 2.0).judgement == "better"
    assert one(np.arange(4), np.arange(4) - 2.0).judgement == "not settled"


def test_runs_without_a_value_are_left_out():
    """A pair needs both values; `undefined` counts the others."""
    nan = math.nan
    c = one([4, nan, 2, 3], [1, 2, nan, 1])
    assert (c.n, c.undefined, c.difference) == (2, 2, -2.5)


@pytest.mark.parametrize("policy", [[math.nan] * 3, []])
def test_nothing_at_all_is_said_in_words(policy):
    """No pair with a value: every figure is None."""
    c = one([1.0] * len(policy), policy)
    assert c.judgement == "nothing can be said"
    assert c.n == 0
    figures = {f.name: getattr(c, f.name) for f in fields(c)}
    assert {figures[name] for name in ("mean", "difference", "low", "p_better", "p_holm")} == {None}


@given(
    st.lists(
        st.tuples(st.one_of(st.just(math.nan), st.integers(0, 5)), st.integers(0, 5)),
        max_size=25,
    )
)
def test_no_figure_is_ever_nan(rows):
    """Whatever the pairs: a finite number or None."""
    c = one([a for a, _ in rows], [b for _, b in rows])
    for field in fields(c):
        value = getattr(c, field.name)
        assert not isinstance(value, float) or math.isfinite(value), field.name


def test_inside_the_rope_it_is_the_same():
    """A difference that is sure but small is none in practice; the rope is ours to set."""
    rng = np.random.default_rng(1)
    base = rng.normal(100.0, 10.0, 400)
    policy = base - 1.0 + rng.normal(0.0, 1.0, 400)
    assert one(base, policy).judgement == "practically the same"
    c = one(base, policy, rope={"victims": 0.5})
    assert (c.judgement, c.rope_low, c.rope_high) == ("better", -0.5, 0.5)


def test_noise_is_not_settled_and_says_how_long_it_takes():
    """s = 10, d = 1: half-widths of 0.5 need about (2 z s / d)^2 = 1,082 pairs."""
    noise = np.random.default_rng(2).normal(size=400)
    noise = 10.0 * (noise - noise.mean()) / noise.std(ddof=1)
    base = np.random.default_rng(3).normal(10.0, 1.0, 400)
    c = one(base, base + noise - 0.4, rope={"victims": 0.0})
    assert c.judgement == "not settled"
    assert c.replicates_to_settle + 400 == pytest.approx((2 * 1.64485 * 10 / 0.4) ** 2, rel=0.01)


def test_the_number_that_would_settle_it_settles_it():
    """With that many pairs of the same kind, 8 of 10 at least are settled."""
    rng = np.random.default_rng(5)
    settled = 0
    for _ in range(40):
        differences = rng.normal(-1.0, 3.0, 2000)
        base = rng.poisson(20.0, 2000).astype(float)
        first = one(base[:20], (base + differences)[:20], rope={"victims": 0.0})
        n = 20 + (first.replicates_to_settle or 0)
        after = one(base[:n], (base + differences)[:n], rope={"victims": 0.0})
        settled += after.judgement == "better"
    assert settled >= 32


def test_many_outcomes_ask_for_more_evidence():
    """Among 50 outcomes without difference hardly one is called better or worse."""
    rng = np.random.default_rng(6)
    names = [f"noise_{k}" for k in range(50)]
    question = Question(outcomes=names, rope=dict.fromkeys(names, 0.0))
    false_claims, naive = 0, 0
    for _ in range(40):
        noise = rng.normal(size=(60, 50))
        pairs = Pairs(np.arange(60), np.zeros((60, 50)), noise)
        found = judge(contrast_outcomes("s", pairs, names, question), question, {"s": False})
        false_claims += any(c.judgement in ("more", "less") for c in found)
        naive += any((c.p_value or 1.0) <= 0.1 for c in found)
    assert false_claims <= 4 + 4 * 1.9  # 10 % of 40 and four standard errors
    assert naive > 35  # negative control: without the correction nearly every family errs


def test_looking_at_more_does_not_weaken_the_harm_declared_first():
    """The adjusted p-value of the first harm is the same with 1 and with 40 other outcomes."""
    rng = np.random.default_rng(7)
    noise = rng.normal(size=(60, 40))
    noise[:, 0] -= 0.35
    p_holm = []
    for width in (1, 40):
        names = ["victims", *(f"noise_{k}" for k in range(1, width))]
        question = Question(outcomes=names, harm="victims")
        pairs = Pairs(np.arange(60), np.zeros((60, width)), noise[:, :width])
        found = judge(contrast_outcomes("s", pairs, names, question), question, {"s": False})
        p_holm.append(found[0].p_holm)
    assert p_holm[0] == p_holm[1]
