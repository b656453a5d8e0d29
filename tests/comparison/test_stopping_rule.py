"""The stopping rule: how it is written, when it is met, and that its interval may be believed."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.comparison.stopping import LEAST, Rule, half_width
from sim.errors import PanjError


@given(st.sampled_from(["guards_killed", "cost_usd"]), st.floats(1e-6, 1e6))
def test_a_rule_is_read_as_it_is_written(outcome, target):
    """Parsing gives back outcome and target; so does printing and parsing again."""
    rule = Rule.parse(f"{outcome}:{target!r}")
    assert rule == Rule(outcome, target)
    assert Rule.parse(str(rule)).target == pytest.approx(target, rel=1e-5)


@pytest.mark.parametrize(
    "text", ["", "guards_killed", "guards_killed:", ":0.1", "guards_killed:0", "guards_killed:-1",
             "guards_killed:nan", "guards_killed:inf", "guards_killed:much"],
)  # fmt: skip
def test_what_is_no_rule_is_refused_with_an_example(text):
    """The error shows what was written and how to write it."""
    with pytest.raises(PanjError, match=r"victims:0\.1") as error:
        Rule.parse(text)
    assert error.value.value == text


def test_half_width_by_hand():
    """z sqrt((s^2 + 1/n) / n) with s^2 = 1 and n = 100 at 90 %."""
    differences = np.tile([-1.0, 1.0], 50) * math.sqrt(0.99)
    assert half_width(differences) == pytest.approx(1.6448536 * math.sqrt(1.01 / 100))


def test_too_few_pairs_have_no_width():
    """Nothing is known from none or one."""
    assert half_width(np.empty(0)) == math.inf
    assert half_width(np.ones(1)) == math.inf


def test_what_says_nothing_is_left_out():
    """NaN counts neither as a pair nor as a difference."""
    values = np.arange(50.0)
    gaps = np.concatenate([values, np.full(50, np.nan)])
    assert half_width(gaps) == half_width(values)
    assert not Rule("x", 1e9).met(np.full(100, np.nan))


def test_no_rule_is_met_before_the_least_number():
    """However wide the target."""
    assert not Rule("x", 1e9).met(np.zeros(LEAST - 1))
    assert Rule("x", 1e9).met(np.zeros(LEAST))


def test_a_harm_not_yet_seen_is_not_known():
    """The least number without a difference does not settle it to 0.01; enough of them do."""
    rule = Rule("guards_killed", 0.01)
    assert not rule.met(np.zeros(LEAST))
    assert rule.met(np.zeros(200))


def pairs_until(values: np.ndarray, rule: Rule, chunk: int) -> int:
    """After how many pairs, a whole number of chunks, a rule is first met."""
    return next(n for n in range(chunk, len(values) + 1, chunk) if rule.met(values[:n]))


def test_the_number_of_pairs_is_that_of_the_theory():
    """For s = 1 and d = 0.1 at 90 %: (1.645 / 0.1)^2 = 271 pairs on average, within 3 %."""
    rng = np.random.default_rng(4)
    times = [pairs_until(rng.normal(size=1000), Rule("x", 0.1), 1) for _ in range(60)]
    assert np.mean(times) == pytest.approx(271, rel=0.03)


@pytest.mark.parametrize("law", ["normal", "poisson"])
def test_the_interval_at_the_stop_holds_the_truth(law):
    """90 % of 600 trials, own error 1.2 %, within 4 %: looking again and again costs little."""
    rng = np.random.default_rng(len(law))
    held = []
    for _ in range(600):
        values = rng.normal(size=1200) if law == "normal" else rng.poisson(1.0, 1200) - 1.0
        n = pairs_until(values, Rule("x", 0.12), 10)
        held.append(abs(values[:n].mean()) <= 0.12)
    assert np.mean(held) > 0.9 - 0.04


def test_the_least_number_meets_rare_large_differences():
    """One pair in a hundred differs by 25, as where attacks bring forth attacks.

    The interval at the stop holds the truth in 85 % of 400 trials or more (own error 1.7 %); after
    30 pairs, which mostly hold no such pair, it would in fewer than 80 %.
    """
    rng = np.random.default_rng(8)
    rule, held, early = Rule("x", 0.3), [], []
    for _ in range(400):
        values = rng.normal(0.0, 1.0, 1500) + 25.0 * (rng.random(1500) < 0.01)
        n = pairs_until(values, rule, 50)
        held.append(abs(values[:n].mean() - 0.25) <= 0.3)
        n = next(m for m in range(30, 1500, 10) if half_width(values[:m]) <= 0.3)
        early.append(abs(values[:n].mean() - 0.25) <= 0.3)
    assert np.mean(held) > 0.85
    assert np.mean(early) < np.mean(held)


def test_stopping_when_it_looks_good_would_be_caught():
    """Negative control: a rule that stops as soon as zero lies outside claims far too often."""
    rng = np.random.default_rng(6)
    wrong = 0
    for _ in range(300):
        values = rng.normal(size=1000)
        wrong += any(
            abs(values[:n].mean()) > half_width(values[:n]) for n in range(LEAST, 1001, 10)
        )
    assert wrong / 300 > 0.3
