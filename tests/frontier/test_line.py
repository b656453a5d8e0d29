"""The line: chainage, districts, provinces and positions."""

from itertools import groupby, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.frontier.ground import Ground

LAND = Ground.default()


ON_LINE = st.floats(0.0, LAND.length_km)


def test_every_slug_is_its_name_in_small_letters() -> None:
    """Names and slugs were not paired by accident of order."""
    assert all(info.slug == info.name.lower().replace(" ", "_") for info in LAND.districts)


def test_districts_cover_the_line_without_gap_or_overlap() -> None:
    """Each district begins where its western neighbour ends; together they are 1,340 km."""
    assert LAND.districts[0].km_from == 0.0
    assert LAND.districts[-1].km_to == LAND.length_km == 1340.0
    assert all(west.km_to == east.km_from for west, east in pairwise(LAND.districts))
    assert sum(info.length_km for info in LAND.districts) == LAND.length_km


def test_seven_districts_lie_in_khatlon_and_six_in_gbao() -> None:
    """Regions are two, Khatlon in the west."""
    assert [info.region for info in LAND.districts] == ["Khatlon"] * 7 + ["GBAO"] * 6


@given(ON_LINE)
def test_a_place_lies_in_the_district_that_holds_its_chainage(km: float) -> None:
    """``km_from <= km < km_to``, except that the end of the line belongs to the last district."""
    info = LAND.districts[LAND.district_at(km)]
    assert info.km_from <= km < info.km_to or (km == LAND.length_km and info is LAND.districts[-1])


def test_a_bound_belongs_to_the_eastern_district() -> None:
    """Intervals are closed on the west."""
    for west, east in pairwise(LAND.districts):
        assert LAND.district_at(np.nextafter(east.km_from, 0.0)) == west.index
        assert LAND.district_at(east.km_from) == east.index


@pytest.mark.parametrize(("km", "district"), [(-1.0, 0), (1340.0, 12), (2000.0, 12)])
def test_past_an_end_the_end_district_answers(km: float, district: int) -> None:
    """A chainage off the line is taken for the nearest end."""
    assert LAND.district_at(km) == district


def test_afghan_provinces_opposite() -> None:
    """Balkh, Kunduz, Takhar and Badakhshan follow each other from west to east."""
    opposite = [name for name, _ in groupby(point.opposite for point in LAND.points)]
    assert opposite == ["Balkh", "Kunduz", "Takhar", "Badakhshan"]


@pytest.mark.parametrize("index", [0, 1, 100, 268])
def test_position_at_a_point_of_the_table_is_that_point(index: int) -> None:
    """Interpolation keeps the points."""
    expected = LAND.points[index].lon, LAND.points[index].lat
    assert LAND.lon_lat(5.0 * index) == pytest.approx(expected, abs=1e-12)


def test_position_half_way_is_the_mean_of_two_points() -> None:
    """Between points the position moves evenly."""
    west, east, middle = LAND.lon_lat(100.0), LAND.lon_lat(105.0), LAND.lon_lat(102.5)
    assert middle == pytest.approx(((west[0] + east[0]) / 2, (west[1] + east[1]) / 2))


@given(st.lists(st.floats(-10.0, LAND.length_km + 10.0), max_size=20))
def test_positions_as_arrays_equal_positions_one_by_one(km: list[float]) -> None:
    """The array version is the scalar one, for any chainages and none."""
    lon, lat = LAND.lon_lat_arrays(km)
    single = [LAND.lon_lat(place) for place in km]
    assert lon.shape == lat.shape == (len(km),)
    assert lon.tolist() == pytest.approx([place[0] for place in single], abs=1e-9)
    assert lat.tolist() == pytest.approx([place[1] for place in single], abs=1e-9)


def test_the_line_is_not_ordered_by_longitude() -> None:
    """The river turns back west more than once: chainage, never longitude, orders places."""
    assert any(LAND.lon_lat(km)[0] > LAND.lon_lat(km + 5.0)[0] for km in range(0, 1340, 5))


def test_the_line_keeps_to_the_country() -> None:
    """All of it lies between 36.6 and 38.6 degrees north, 67.7 and 75.0 east."""
    lon, lat = LAND.lon_lat_arrays(np.arange(0.0, LAND.length_km + 1.0))
    assert lon.min() > 67.7
    assert lon.max() < 75.0
    assert lat.min() > 36.6
    assert lat.max() < 38.6


def test_crossings_lie_in_the_districts_they_name() -> None:
    """Each official crossing's chainage and district agree, and they run from west to east."""
    points = LAND.crossing_points
    assert len(points) == 8
    assert all(
        LAND.districts[LAND.district_at(point.km)].slug == point.district for point in points
    )
    assert [point.km for point in points] == sorted(point.km for point in points)
