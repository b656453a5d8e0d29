"""What a setting is held against, and how far off it is."""

from math import inf, isclose, nan

from hypothesis import given
from hypothesis import strategies as st
from small_world import BASE, TARGETS, TOLD

from sim.calibrate.intervals import Interval
from sim.tuning.reported_figures import (
    Part,
    ReportedFigure,
    distance,
    reported_figures,
    well_reported_years,
)

CELLS = [link.cell for link in TOLD.links]
NUMBERS = st.floats(0.0, 1e4)


def reported(
    told: tuple[Interval, ...], scale: float = 2.0, weight: float = 1.0, soft: float = 0.0
) -> ReportedFigure:
    """One of no matter what."""
    return ReportedFigure(
        "x", "x", "2025", "count", told, (Part(2025, "x"),), scale, weight, soft=soft
    )


@given(NUMBERS, NUMBERS, NUMBERS, st.floats(0.1, 100.0))
def test_off_is_how_far_outside_in_scales(a: float, b: float, value: float, scale: float) -> None:
    """Nothing within an interval; outside signed, and in units of the scale."""
    low, high = sorted((a, b))
    found = reported((Interval(low, high),), scale).off(value)
    if low <= value <= high:
        assert found == 0.0
    else:
        assert isclose(low + scale * found if value < low else high + scale * found, value,
                       rel_tol=1e-9, abs_tol=1e-9)  # fmt: skip


@given(NUMBERS, NUMBERS, NUMBERS)
def test_of_sources_that_conflict_the_nearest_counts(a: float, b: float, value: float) -> None:
    """Off by no more than from either."""
    both = reported((Interval(a, a), Interval(b, b)))
    each = [abs(reported((Interval(x, x),)).off(value)) for x in (a, b)]
    assert abs(both.off(value)) == min(each)


def test_a_floor_has_no_top_and_a_soft_one_may_be_missed() -> None:
    """More than a floor is not off; a soft floor is off only beyond what it may be missed by."""
    floor = (Interval(13.0, inf),)
    assert reported(floor).off(1e9) == 0.0
    assert reported(floor, soft=3.0).off(10.0) == 0.0
    assert reported(floor, soft=3.0).off(8.0) == -1.0


@given(st.lists(st.tuples(st.floats(0.1, 5.0), NUMBERS), min_size=1, max_size=6))
def test_a_distance_is_a_mean(found: list[tuple[float, float]]) -> None:
    """It lies between the least and the most; weights that are all larger change nothing."""
    told = (Interval(50.0, 60.0),)
    rows = [(reported(told, weight=w), value) for w, value in found]
    far = distance(rows)
    each = [abs(one.off(value)) for one, value in rows]
    assert far is not None
    assert min(each) - 1e-9 <= far <= max(each) + 1e-9
    heavier = distance([(reported(told, weight=7.0 * w), value) for w, value in found])
    assert heavier is not None
    assert isclose(far, heavier, rel_tol=1e-9, abs_tol=1e-12)


def test_what_is_not_defined_is_left_out() -> None:
    """A mean that no year defines neither helps nor harms; of nothing there is no distance."""
    one = reported((Interval(1.0, 1.0),))
    assert distance([(one, nan), (one, 5.0)]) == distance([(one, 5.0)]) == 2.0
    assert distance([(one, nan)]) is None


def test_years_bring_their_own_figures() -> None:
    """Of chosen years alone: a figure of several years needs them all, one of another is absent."""
    names = {
        years: {one.name for one in reported_figures(years, CELLS, TARGETS, None, BASE.ground)}
        for years in ((2016,), (2015, 2016), (2022, 2023, 2024, 2025))
    }
    assert "clashes 2016" in names[2016,]
    assert "clashes 2025-H1" not in names[2016,]
    assert "guards_killed_in_all 2015..2016-10" in names[2015, 2016] - names[2016,]
    assert "like_kavo 2022..2025" in names[2022, 2023, 2024, 2025]
    assert "intruders_killed_per_clash_2016" in names[2016,] - names[2022, 2023, 2024, 2025]


def test_what_is_only_looked_at_is_held_out() -> None:
    """A target is held out exactly where its file does not have it fitted."""
    found = {one.name: one for one in reported_figures((2025,), CELLS, TARGETS, None, BASE.ground)}
    for target in TARGETS:
        if target.name in found:
            assert found[target.name].held_out == (target.use != "fit")
    assert not found["clashes 2025-H1"].held_out


def test_the_best_reported_years_are_shown() -> None:
    """Those with three figures or more."""
    assert well_reported_years(CELLS) == (2015, 2016, 2025)
