"""The shipped tables: whole, consistent with each other, and light to read."""

import ast
import csv
from itertools import pairwise
from pathlib import Path

import pytest

import sim.frontier
import sim.theory
from sim.frontier.ground import Ground, steps

LAND = Ground.default()


def table(name: str) -> dict[str, tuple[str, ...]]:
    """Columns of a shipped table, as text."""
    header, *rows = csv.reader(LAND.texts[f"{name}.csv"].splitlines())
    return dict(zip(header, zip(*rows, strict=True), strict=True))


def numbers(name: str, column: str) -> list[float]:
    """One column as numbers."""
    return [float(text) for text in table(name)[column]]


POINTS = int(LAND.length_km / LAND.step_km) + 1


def test_the_frontier_table_has_a_point_every_5_km() -> None:
    """Look-ups by position rely on 269 points from 0 to 1,340 km, 5 km apart, none missing."""
    assert numbers("line", "km") == [LAND.step_km * i for i in range(POINTS)]


@pytest.mark.parametrize("name", ["line", "districts", "crossings", "river_season"])
def test_no_cell_of_a_shipped_table_is_empty(name: str) -> None:
    """Every column of every table is filled to the last row."""
    assert all(cell.strip() for column in table(name).values() for cell in column)


def test_districts_are_attributed_row_by_row() -> None:
    """Each population says where it comes from, each centre which GeoNames entry it is."""
    rows = table("districts")
    assert {"population_year", "population_source", "geonames_id"} <= rows.keys()
    assert all(identifier.isdigit() for identifier in rows["geonames_id"])


def test_levels_lie_below_crests_except_on_ridges() -> None:
    """Higher ground lies beside the line, except where the line itself is an alpine ridge."""
    terrain = table("line")["terrain"]
    levels, crests = numbers("line", "elevation_m"), numbers("line", "crest_m")
    for level, crest, name in zip(levels, crests, terrain, strict=True):
        assert level < crest or (name == "alpine" and level < crest + 50.0)


def test_roughness_is_that_of_hills_and_mountains() -> None:
    """Roughness is positive and under 100 m per km everywhere."""
    assert all(0.0 < rough < 100.0 for rough in numbers("line", "roughness_m_per_km"))


def test_the_river_table_has_twelve_months_low_in_winter_high_in_summer() -> None:
    """February is the lowest month, July the highest."""
    months, index = (
        numbers("river_season", "month"),
        numbers("river_season", "index"),
    )
    assert months == [float(month) for month in range(1, 13)]
    assert min(index) == index[1]
    assert max(index) == index[6]


def test_steps_are_closed_on_the_left() -> None:
    """A bound belongs to the piece that begins there."""
    at = steps([1.0, 2.0], [10, 20, 30])
    assert [at(x) for x in (0.0, 1.0, 1.5, 2.0, 3.0)] == [10, 20, 20, 30, 30]


def test_afghan_provinces_and_terrain_come_in_one_run_each() -> None:
    """Along the line no province and no terrain class comes back after it ended."""
    for column in ("opposite", "terrain"):
        values = table("line")[column]
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
