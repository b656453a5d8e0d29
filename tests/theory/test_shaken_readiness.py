"""Readiness where Poisson shocks cost a share of it: mean and mean square."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.readiness import (
    mean_after_shocks,
    mean_square_at_rest,
    readiness_after,
    rest_point,
)

SHARE = st.floats(0.0, 1.0)
RATE = st.floats(0.001, 5.0)
DAYS = st.floats(0.0, 400.0)


@given(SHARE, RATE, RATE, DAYS, SHARE)
def test_no_shocks_no_change(
    r0: float, fatigue: float, recovery: float, days: float, cost: float
) -> None:
    """None, or such that cost nothing: the curve without them, and its square at rest."""
    plain = readiness_after(r0, fatigue, recovery, days)
    assert mean_after_shocks(r0, fatigue, recovery, days, 0.0, cost) == pytest.approx(plain)
    assert mean_after_shocks(r0, fatigue, recovery, days, 3.0, 0.0) == pytest.approx(plain)
    square = rest_point(fatigue, recovery) ** 2
    assert mean_square_at_rest(fatigue, recovery, 0.0, cost) == pytest.approx(square)


@given(SHARE, RATE, RATE, DAYS, RATE, SHARE)
def test_shocks_only_tire(
    r0: float, fatigue: float, recovery: float, days: float, shocks: float, cost: float
) -> None:
    """The mean is a share, and never above that without shocks."""
    mean = mean_after_shocks(r0, fatigue, recovery, days, shocks, cost)
    plain = readiness_after(r0, fatigue, recovery, days)
    assert -1e-12 <= mean <= plain + 1e-12


@given(RATE, RATE, RATE, SHARE)
def test_the_variance_at_rest_is_one(
    fatigue: float, recovery: float, shocks: float, cost: float
) -> None:
    """Mean square between the squared mean and the mean."""
    mean = rest_point(fatigue + shocks * cost, recovery)
    square = mean_square_at_rest(fatigue, recovery, shocks, cost)
    assert mean * mean * (1 - 1e-9) <= square <= mean * (1 + 1e-9)


def test_a_known_case() -> None:
    """Nothing but rest and shocks that cost all: time since a shock is exponential.

    At recovery 1 and one shock a day readiness is ``1 - exp(-age)``, uniform on 0 to 1.
    """
    assert mean_after_shocks(0.0, 0.0, 1.0, 1e3, 1.0, 1.0) == pytest.approx(1 / 2)
    assert mean_square_at_rest(0.0, 1.0, 1.0, 1.0) == pytest.approx(1 / 3)


def test_nothing_to_rest_at_is_refused() -> None:
    """All rates 0."""
    with pytest.raises(ValueError, match="no rest point"):
        mean_square_at_rest(0.0, 0.0, 0.0, 0.5)


def test_simulated_shocks_have_that_mean_and_mean_square() -> None:
    """20,000 paths of the jump process, from 0.9: |z| < 4 after 2 and after 60 days.

    A mean 5 % off would give |z| above 6.
    """
    rng = np.random.default_rng(17)
    fatigue, recovery, shocks, cost, n = 0.01, 0.15, 0.8, 0.25, 20_000
    for days in (2.0, 60.0):
        ends = []
        for _ in range(n // 20 if days > 10.0 else n):
            at, ready = 0.0, 0.9
            for moment in [*np.sort(rng.uniform(0.0, days, rng.poisson(shocks * days))), None]:
                until = days if moment is None else float(moment)
                ready = readiness_after(ready, fatigue, recovery, until - at)
                at, ready = until, ready * (1.0 if moment is None else 1.0 - cost)
            ends.append(ready)
        values = np.array(ends)
        mean = mean_after_shocks(0.9, fatigue, recovery, days, shocks, cost)
        error = values.std() / len(values) ** 0.5
        assert abs(values.mean() - mean) / error < 4.0
        assert abs(values.mean() - 1.05 * mean) / error > 4.0
    squares = values**2
    expected = mean_square_at_rest(fatigue, recovery, shocks, cost)
    assert abs(squares.mean() - expected) / (squares.std() / len(values) ** 0.5) < 4.0
