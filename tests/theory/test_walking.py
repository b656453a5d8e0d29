"""Walking speed on a slope."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.walking import tobler_km_h

SLOPE = st.floats(-1.0, 1.0)


@pytest.mark.parametrize(
    ("slope", "speed"), [(-0.05, 6.0), (0.0, 5.0367), (0.05, 4.2281), (-0.1, 5.0367), (0.5, 0.8753)]
)
def test_known_speeds(slope: float, speed: float) -> None:
    """6 km/h at a slope of -5 %, 5.04 on the flat, less than 1 up a slope of one in two."""
    assert tobler_km_h(slope) == pytest.approx(speed, abs=5e-5)


@given(SLOPE)
def test_nobody_is_faster_than_gently_downhill(slope: float) -> None:
    """The best slope is -5 %."""
    assert 0.0 < tobler_km_h(slope) <= tobler_km_h(-0.05)


@given(st.floats(0.0, 1.0))
def test_speed_is_symmetric_about_the_best_slope(steeper: float) -> None:
    """As much steeper up or down from -5 % costs the same."""
    assert tobler_km_h(-0.05 + steeper) == pytest.approx(tobler_km_h(-0.05 - steeper))


@given(SLOPE, st.floats(0.001, 0.5))
def test_uphill_steeper_is_slower(slope: float, steeper: float) -> None:
    """From -5 % upward every bit of slope slows the walker."""
    if slope >= -0.05:
        assert tobler_km_h(slope + steeper) < tobler_km_h(slope)
