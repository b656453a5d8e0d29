"""Terrain: class, level and slope along the line."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.frontier.files import TERRAINS
from sim.frontier.ground import ROUGHNESS_SHARE, Ground
from sim.scenario.field import TerrainFactors

LAND = Ground.default()

ON_LINE = st.floats(0.0, LAND.length_km)


def test_terrain_classes_are_those_of_a_scenario() -> None:
    """Every class has a factor in a scenario, and no factor is without a class."""
    assert set(TerrainFactors.model_fields) == set(TERRAINS)


def test_every_class_occurs_in_order_from_the_west() -> None:
    """Going east the line meets the five classes in the order of ``TERRAINS``."""
    met = [LAND.terrain_index_at(km) for km in np.arange(0.0, LAND.length_km, 0.5)]
    assert met == sorted(met)
    assert set(met) == set(range(len(TERRAINS)))


def test_terrain_at_a_point_of_the_table_is_that_points() -> None:
    """The step function keeps all 269 points."""
    shipped = tuple(point.terrain for point in LAND.points)
    assert tuple(LAND.terrain_at(5.0 * i) for i in range(len(shipped))) == shipped


@given(st.floats(-100.0, LAND.length_km + 100.0))
def test_index_and_name_agree(km: float) -> None:
    """The fast version is an index of the name, on the line and past its ends."""
    assert TERRAINS[LAND.terrain_index_at(km)] == LAND.terrain_at(km)


def test_level_of_the_line() -> None:
    """The line begins in the lowland at 306 m and ends among ridges at 4,924 m."""
    assert (LAND.points[0].elevation_m, LAND.points[-1].elevation_m) == (306.0, 4924.0)


@given(ON_LINE)
def test_slope_is_that_of_a_way_people_walk(km: float) -> None:
    """Nowhere negative, nowhere steeper than a stair of one in ten."""
    assert 0.0 < LAND.slope_at(km) < 0.1


def test_slope_is_the_grade_plus_the_stated_share_of_roughness() -> None:
    """Recomputed from the table at four places, ends included."""
    level = [point.elevation_m for point in LAND.points]
    rough = [point.roughness_m_per_km for point in LAND.points]
    for i in (0, 100, 230, 267):
        grade = abs(level[i + 1] - level[i]) / 5000.0
        expected = grade + ROUGHNESS_SHARE * (rough[i] + rough[i + 1]) / 2000.0
        assert LAND.slope_at(5.0 * i + 2.0) == pytest.approx(expected)


def test_the_lowland_is_flatter_than_the_gorge() -> None:
    """Mean slopes order lowland before foothill before gorge."""
    means = {
        name: np.mean(
            [LAND.slope_at(km) for km in np.arange(0, 1340.0) if LAND.terrain_at(km) == name]
        )
        for name in TERRAINS
    }
    assert means["lowland"] < means["foothill"] < means["gorge"]


@given(ON_LINE, ON_LINE)
def test_mean_slope_does_not_depend_on_the_direction(one: float, other: float) -> None:
    """There and back are alike."""
    assert LAND.mean_slope(one, other) == pytest.approx(LAND.mean_slope(other, one), rel=1e-6)


@given(ON_LINE, ON_LINE, ON_LINE)
def test_mean_slope_adds_up(one: float, two: float, three: float) -> None:
    """Over two adjoining stretches the mean is the mean of means, weighted by length."""
    west, middle, east = sorted([one, two, three])
    if min(middle - west, east - middle) > 0.01:
        parts = LAND.mean_slope(west, middle) * (middle - west) + LAND.mean_slope(middle, east) * (
            east - middle
        )
        assert LAND.mean_slope(west, east) * (east - west) == pytest.approx(parts, rel=1e-6)


@given(ON_LINE)
def test_mean_slope_over_nothing_is_the_slope_there(km: float) -> None:
    """A patrol that does not move has the slope of its place."""
    assert LAND.mean_slope(km, km) == LAND.slope_at(km)


def test_mean_slope_within_a_step_is_its_slope() -> None:
    """Between two points of the table the slope is constant."""
    assert LAND.mean_slope(700.5, 704.0) == pytest.approx(LAND.slope_at(702.0))


def test_slope_past_an_end_is_that_of_the_end() -> None:
    """Off the line the last known slope holds."""
    assert LAND.slope_at(-3.0) == LAND.slope_at(0.0)
    assert LAND.slope_at(LAND.length_km) == LAND.slope_at(LAND.length_km - 1.0)


def test_profile_is_ready_to_plot() -> None:
    """Three arrays of 269 points, the crest nowhere below the level, new at every call."""
    km, level, crest = LAND.profile()
    assert km.shape == level.shape == crest.shape == (269,)
    assert km[0] == 0.0
    assert km[-1] == LAND.length_km
    assert (crest >= level).all()
    level[:] = 0.0
    assert LAND.profile()[1][0] == 306.0
