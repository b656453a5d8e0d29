"""Time at each level of an alert: by steps, and by a fading score."""

from math import exp, expm1

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.alert import score_share, stepwise_shares

RATE = st.floats(0.001, 5.0)
STAY = st.floats(0.001, 100.0)


@given(RATE, STAY, st.integers(1, 6))
def test_shares_of_time_are_shares(rate: float, stay: float, steps: int) -> None:
    """One for each level, none negative, one in all."""
    shares = stepwise_shares(rate, stay, steps)
    assert len(shares) == steps + 1
    assert all(0.0 <= share <= 1.0 for share in shares)
    assert sum(shares) == pytest.approx(1.0)


@given(RATE, STAY)
def test_one_step_is_the_two_state_alert(rate: float, stay: float) -> None:
    """Raised for a stay, exponential gaps at rest."""
    raised = rate * stay / (1.0 + rate * stay)
    assert stepwise_shares(rate, stay, 1) == pytest.approx([1.0 - raised, raised])


@given(RATE, STAY, st.integers(1, 5))
def test_steps_take_time_from_rest_only(rate: float, stay: float, steps: int) -> None:
    """The share at the highest level is the same for any number of steps; rest only shrinks."""
    fewer, more = stepwise_shares(rate, stay, steps), stepwise_shares(rate, stay, steps + 1)
    assert more[-1] == pytest.approx(fewer[-1])
    assert more[0] <= fewer[0]


def test_a_known_case() -> None:
    """One trigger a stay, three steps: 1/2 on top, then (1-q)/2, q(1-q)/2 and q^2/2, q = 1/e."""
    q = exp(-1.0)
    expected = [q * q / 2, q * (1 - q) / 2, (1 - q) / 2, 0.5]
    assert stepwise_shares(0.1, 10.0, 3) == pytest.approx(expected)


def test_without_triggers_or_stay_there_is_rest() -> None:
    """All the time."""
    assert stepwise_shares(0.0, 10.0, 3) == [1.0, 0.0, 0.0, 0.0]
    assert stepwise_shares(2.0, 0.0, 3) == [1.0, 0.0, 0.0, 0.0]


@pytest.mark.parametrize("steps", [0, -1])
def test_an_alert_without_steps_is_refused(steps: int) -> None:
    """There is nothing to raise."""
    with pytest.raises(ValueError, match="at least 1"):
        stepwise_shares(0.1, 10.0, steps)


def simulated_steps(rate: float, stay: float, steps: int, triggers: int) -> list[float]:
    """Shares of time by walking from trigger to trigger."""
    spent = [0.0] * (steps + 1)
    rng = np.random.default_rng(5)
    left = 0.0  # until all is down again
    for gap in rng.exponential(1.0 / rate, triggers).tolist():
        for level in range(steps, 0, -1):
            # the level holds while between (level - 1) and level stays are left
            high, low = min(left, level * stay), (level - 1) * stay
            spent[level] += max(min(high - low, gap - (left - high)), 0.0)
        spent[0] += max(gap - left, 0.0)
        after = max(left - gap, 0.0)
        # at the highest level a trigger does nothing
        left = after if after > (steps - 1) * stay else steps * stay
    total = sum(spent)
    return [share / total for share in spent]


def test_simulated_steps_take_that_share() -> None:
    """40,000 triggers: within 3 %; a 5 % error would show in each level."""
    expected = stepwise_shares(0.07, 10.0, 3)
    seen = simulated_steps(0.07, 10.0, 3, 40_000)
    assert seen == pytest.approx(expected, rel=0.03)


# -- a fading score -----------------------------------------------------------------------


@given(RATE, st.floats(0.1, 50.0), st.floats(0.01, 1.0))
def test_the_share_of_a_score_is_a_share(rate: float, half_life: float, threshold: float) -> None:
    """Between the share by single incidents alone and 1."""
    share = score_share(rate, half_life, 1.0, threshold)
    alone = -expm1(-rate * half_life * np.log2(1.0 / threshold))
    assert alone - 1e-12 <= share <= 1.0


@given(RATE, st.floats(0.1, 50.0), st.floats(0.01, 0.9))
def test_a_lower_threshold_raises_longer(rate: float, half_life: float, threshold: float) -> None:
    """And the scale of points does not matter."""
    share = score_share(rate, half_life, 1.0, threshold)
    assert share <= score_share(rate, half_life, 1.0, threshold / 2.0) + 1e-12
    assert share == pytest.approx(score_share(rate, half_life, 8.0, 8.0 * threshold))


def test_rare_incidents_do_not_add_up() -> None:
    """At a small rate the share is that of single incidents fading for two half-lives."""
    assert score_share(1e-6, 5.0, 1.0, 0.25) == pytest.approx(1e-5, rel=1e-4)


def test_dickman_at_one() -> None:
    """With a = 1 the Dickman variable is below 1 with chance exp(-gamma) = 0.56146."""
    share = score_share(np.log(2.0), 1.0, 1.0, 1.0)
    assert share == pytest.approx(1.0 - 0.561459483567)


@pytest.mark.parametrize("threshold", [0.0, -1.0, 1.01])
def test_a_threshold_out_of_reach_is_refused(threshold: float) -> None:
    """One incident must reach it, and it must be above 0."""
    with pytest.raises(ValueError, match="must reach the threshold"):
        score_share(0.1, 5.0, 1.0, threshold)


def test_a_simulated_score_is_high_for_that_share() -> None:
    """60,000 incidents at 0.1 a day, half-life 5, a quarter: within 2 %; 5 % would show."""
    rng = np.random.default_rng(8)
    score = high = total = 0.0
    for gap in rng.exponential(10.0, 60_000).tolist():
        fading = 5.0 * np.log2(score / 0.25) if score > 0.25 else 0.0
        high += min(fading, gap)
        total += gap
        score = score * 0.5 ** (gap / 5.0) + 1.0
    expected = score_share(0.1, 5.0, 1.0, 0.25)
    assert high / total == pytest.approx(expected, rel=0.02)
    assert high / total != pytest.approx(1.05 * expected, rel=0.02)
