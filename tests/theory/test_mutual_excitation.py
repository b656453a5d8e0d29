"""Two processes that excite each other: the variance of the difference of their counts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.excitation import count_variance, difference_variance, mean_rate


@given(st.floats(0.001, 5.0), st.floats(0.0, 0.95), st.floats(0.01, 2.0), st.floats(0.1, 1000.0))
def test_what_stays_wholly_varies_as_one_process(
    base: float, branching: float, decay: float, days: float
) -> None:
    """Two processes that leave each other alone: the difference varies as the sum does."""
    jump = branching * decay
    apart = difference_variance(mean_rate(base, branching), jump, decay, days)
    assert apart == pytest.approx(count_variance(base, jump, decay, days))


@given(st.floats(0.001, 5.0), st.floats(0.01, 2.0), st.floats(0.1, 1000.0))
def test_shared_evenly_the_difference_is_noise(rate: float, decay: float, days: float) -> None:
    """No feedback: as many as events."""
    assert difference_variance(rate, 0.0, decay, days) == pytest.approx(rate * days)


@given(st.floats(0.001, 5.0), st.floats(-0.95, 0.9), st.floats(0.01, 2.0), st.floats(0.1, 1000.0))
def test_what_stays_sets_them_apart(rate: float, share: float, decay: float, days: float) -> None:
    """The variance rises with what stays; what goes over evens the counts."""
    less = difference_variance(rate, share * decay, decay, days)
    more = difference_variance(rate, (share + 0.05) * decay, decay, days)
    assert 0.0 < less <= more * (1 + 1e-9)


@pytest.mark.parametrize("jump", [0.05, -0.05, 0.2])
def test_a_feedback_that_grows_is_refused(jump: float) -> None:
    """From the decay on, either way."""
    with pytest.raises(ValueError, match="jump smaller than the decay"):
        difference_variance(0.1, jump, 0.05, 365.0)


def differences(own: float, days: float, n: int) -> list[int]:
    """Differences of two counts, simulated as clusters whose offspring stay with chance ``own``.

    Base 0.025 each, branching 0.4 in all, mean lag 20 days, immigrants from 400 days before.
    """
    rng = np.random.default_rng(3)
    found = []
    for _ in range(n):
        size = rng.poisson(0.05 * (days + 400.0))
        at, side = rng.uniform(-400.0, days, size), rng.integers(0, 2, size) * 2 - 1
        total = 0
        while at.size:
            total += int(side[at > 0.0].sum())
            brood = rng.poisson(0.4, at.size)
            stays = np.where(rng.random(brood.sum()) < own, 1, -1)
            side = np.repeat(side, brood) * stays
            at = np.repeat(at, brood) + rng.exponential(20.0, brood.sum())
            at, side = at[at < days], side[at < days]
        found.append(total)
    return found


@pytest.mark.parametrize("own", [0.9, 0.2])
def test_simulated_differences_have_that_variance(own: float) -> None:
    """2,000 years: |z| < 4; the variance of evenly shared excitation is refused."""
    squares = np.array(differences(own, 365.0, 2000), dtype=float) ** 2
    rate = mean_rate(0.05, 0.4)
    expected = difference_variance(rate, (2.0 * own - 1.0) * 0.02, 0.05, 365.0)
    error = squares.std() / len(squares) ** 0.5
    assert abs(squares.mean() - expected) / error < 4.0
    assert abs(squares.mean() - 365.0 * rate) / error > 4.0
