"""Weighted displacement quotient and total net effect."""

from math import isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.displacement import (
    BeforeAfter,
    total_net_effect,
    weighted_displacement_quotient,
)

COUNTS = st.builds(BeforeAfter, st.floats(1.0, 500.0), st.floats(1.0, 500.0))


@pytest.mark.parametrize(
    ("buffer", "wdq", "tne"),
    [
        (BeforeAfter(50, 90), -1.0, 0.0),
        (BeforeAfter(50, 50), 0.0, 40.0),
        (BeforeAfter(50, 40), 0.25, 50.0),
    ],
)
def test_tabled_displacement(buffer: BeforeAfter, wdq: float, tne: float) -> None:
    """100 before, 60 after: all moved next door, none moved, or the benefit spread."""
    response, comparison = BeforeAfter(100, 60), BeforeAfter(200, 200)
    assert weighted_displacement_quotient(response, buffer, comparison) == pytest.approx(wdq)
    assert total_net_effect(response, buffer, comparison) == pytest.approx(tne)


@given(COUNTS, COUNTS, st.floats(0.1, 10.0))
def test_a_trend_shared_by_all_areas_is_no_effect(
    response: BeforeAfter, buffer: BeforeAfter, trend: float
) -> None:
    """If everything changes alike the net effect is nil."""
    scaled = [BeforeAfter(area.before, area.before * trend) for area in (response, buffer)]
    effect = total_net_effect(*scaled, BeforeAfter(100.0, 100.0 * trend))
    assert effect == pytest.approx(0.0, abs=1e-9 * (response.before + buffer.before) * trend)


@given(COUNTS, COUNTS, COUNTS, st.floats(0.1, 10.0))
def test_the_size_of_the_comparison_area_does_not_count(
    response: BeforeAfter, buffer: BeforeAfter, comparison: BeforeAfter, factor: float
) -> None:
    """Only its change does: both measures are unmoved when it is larger throughout."""
    larger = BeforeAfter(comparison.before * factor, comparison.after * factor)
    assert total_net_effect(response, buffer, larger) == pytest.approx(
        total_net_effect(response, buffer, comparison), rel=1e-9, abs=1e-6
    )
    quotient = weighted_displacement_quotient(response, buffer, comparison)
    change = response.after / comparison.after - response.before / comparison.before
    if abs(change) > 1e-6:
        assert weighted_displacement_quotient(response, buffer, larger) == pytest.approx(
            quotient, rel=1e-6, abs=1e-6
        )


@given(COUNTS, COUNTS, COUNTS, st.floats(0.0, 100.0))
def test_each_event_more_next_door_is_one_less_prevented(
    response: BeforeAfter, buffer: BeforeAfter, comparison: BeforeAfter, more: float
) -> None:
    """The net effect counts displaced events one for one."""
    worse = BeforeAfter(buffer.before, buffer.after + more)
    assert total_net_effect(response, worse, comparison) == pytest.approx(
        total_net_effect(response, buffer, comparison) - more, abs=1e-6
    )


def test_without_success_there_is_no_quotient() -> None:
    """Where the response area did not change there is nothing to compare with."""
    same, comparison = BeforeAfter(100, 100), BeforeAfter(200, 200)
    assert isnan(weighted_displacement_quotient(same, BeforeAfter(50, 90), comparison))
    assert total_net_effect(same, BeforeAfter(50, 90), comparison) == -40.0


@pytest.mark.parametrize("comparison", [BeforeAfter(0, 10), BeforeAfter(10, 0), BeforeAfter(0, 0)])
def test_an_empty_comparison_gives_no_number(comparison: BeforeAfter) -> None:
    """Neither measure divides by an area without events."""
    response, buffer = BeforeAfter(100, 60), BeforeAfter(50, 90)
    assert isnan(weighted_displacement_quotient(response, buffer, comparison))
    assert isnan(total_net_effect(response, buffer, comparison)) == (comparison.before == 0)
