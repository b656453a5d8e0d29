"""The shipped tables: whole, consistent with each other, and light to read."""

import ast
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim.frontier
import sim.theory
from sim.frontier.tables import LENGTH_KM, STEP_KM, interpolate, numbers, pieces, steps, table

POINTS = int(LENGTH_KM / STEP_KM) + 1


def test_the_frontier_table_has_a_point_every_5_km() -> None:
    """Look-ups by position rely on 269 points from 0 to 1,340 km, 5 km apart, none missing."""
    assert numbers("frontier", "km") == [STEP_KM * i for i in range(POINTS)]


@pytest.mark.parametrize("name", ["frontier", "districts", "crossings", "river_season_stylised"])
def test_no_cell_of_a_shipped_table_is_empty(name: str) -> None:
    """Every column of every table is filled to the last row."""
    assert all(cell.strip() for column in table(name).values() for cell in column)


def test_a_table_is_read_once() -> None:
    """A second reading returns the very same object."""
    assert table("frontier") is table("frontier")


def test_an_unknown_table_is_an_error() -> None:
    """A misspelt table name does not pass silently."""
    with pytest.raises(FileNotFoundError):
        table("frontiers")


def test_districts_are_attributed_row_by_row() -> None:
    """Each population says where it comes from, each centre which GeoNames entry it is."""
    rows = table("districts")
    assert {"population_year", "population_source", "geonames_id"} <= rows.keys()
    assert all(identifier.isdigit() for identifier in rows["geonames_id"])


def test_levels_lie_below_crests_except_on_ridges() -> None:
    """Higher ground lies beside the line, except where the line itself is an alpine ridge."""
    terrain = table("frontier")["terrain"]
    levels, crests = numbers("frontier", "elevation_m"), numbers("frontier", "crest_m")
    for level, crest, name in zip(levels, crests, terrain, strict=True):
        assert level < crest or (name == "alpine" and level < crest + 50.0)


def test_roughness_is_that_of_hills_and_mountains() -> None:
    """Roughness is positive and under 100 m per km everywhere."""
    assert all(0.0 < rough < 100.0 for rough in numbers("frontier", "roughness_m_per_km"))


def test_the_river_table_has_twelve_months_low_in_winter_high_in_summer() -> None:
    """February is the lowest month, July the highest."""
    months, index = (
        numbers("river_season_stylised", "month"),
        numbers("river_season_stylised", "index"),
    )
    assert months == [float(month) for month in range(1, 13)]
    assert min(index) == index[1]
    assert max(index) == index[6]


@given(st.floats(-50, LENGTH_KM + 50))
def test_interpolation_reproduces_a_straight_line(km: float) -> None:
    """Values that are linear in km come back as km, held at the ends outside the line."""
    straight = [STEP_KM * i for i in range(POINTS)]
    assert interpolate(straight, km) == pytest.approx(min(max(km, 0.0), LENGTH_KM), abs=1e-9)


def test_a_label_reaches_half_way_to_the_next_point() -> None:
    """With labels 0, 0, 1, 2 at 0, 5, 10, 15 km the changes are at 7.5 and 12.5 km, closed left."""
    at = pieces([0, 0, 1, 2])
    assert [at(km) for km in (-9.0, 0.0, 7.4999, 7.5, 12.4999, 12.5, 99.0)] == [
        0, 0, 0, 1, 1, 2, 2,
    ]  # fmt: skip


@given(st.lists(st.integers(0, 4), min_size=1, max_size=30))
def test_a_step_function_takes_each_points_own_label(labels: list[int]) -> None:
    """At every point of the table the step function has that point's label."""
    at = pieces(labels)
    assert [at(STEP_KM * i) for i in range(len(labels))] == labels


def test_steps_are_closed_on_the_left() -> None:
    """A bound belongs to the piece that begins there."""
    at = steps([1.0, 2.0], [10, 20, 30])
    assert [at(x) for x in (0.0, 1.0, 1.5, 2.0, 3.0)] == [10, 20, 20, 30, 30]


def test_afghan_provinces_and_terrain_come_in_one_run_each() -> None:
    """Along the line no province and no terrain class comes back after it ended."""
    for column in ("afghan_province", "terrain"):
        values = table("frontier")[column]
        changes = sum(west != east for west, east in pairwise(values))
        assert changes == len(set(values)) - 1


@pytest.mark.parametrize("package", [sim.frontier, sim.theory])
def test_ground_and_theory_import_nothing_heavy(package: object) -> None:
    """No module of the two packages imports scipy, pandas, matplotlib or Mesa."""
    heavy = {"scipy", "pandas", "matplotlib", "mesa"}
    for folder in package.__path__:  # type: ignore[attr-defined]
        for path in Path(folder).glob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            names = {
                name.split(".")[0]
                for node in ast.walk(tree)
                for name in (
                    [alias.name for alias in node.names]
                    if isinstance(node, ast.Import)
                    else [node.module or ""]
                    if isinstance(node, ast.ImportFrom)
                    else []
                )
            }
            assert not names & heavy, path
