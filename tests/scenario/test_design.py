"""Scenarios as people have them: names, files, values, and tables of values."""

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import sim
from sim.errors import ScenarioError
from sim.scenario.design import numbers, read_design, scenarios

ROWS = [{"patrols.size": 3, "name": "few"}, {"patrols.size": 6, "scenario": "triggered"}]


def told(found: list[sim.Scenario]) -> list[tuple[str, int, str]]:
    """What distinguishes the scenarios of a design."""
    return [(s.name, s.patrols.size, s.alert.policy) for s in found]


def test_one_name_is_one_scenario() -> None:
    """And not as many as it has letters."""
    assert scenarios("baseline") == [sim.load("baseline")]
    assert scenarios(sim.load("triggered")) == [sim.load("triggered")]
    assert scenarios(Path("scenarios/baseline.toml")) == [sim.load("baseline")]


@pytest.mark.parametrize(
    "make",
    [list, pd.DataFrame, pl.DataFrame, lambda rows: pa.Table.from_pandas(pd.DataFrame(rows)),
     lambda rows: [pd.Series(row) for row in rows], lambda rows: [pd.DataFrame(rows)]],
    ids=["overrides", "pandas", "polars", "arrow", "series", "frame in a list"],
)  # fmt: skip
def test_a_table_is_a_scenario_for_each_row(make: Any) -> None:
    """The same scenarios, whichever table holds their values; gaps change nothing."""
    found = scenarios(make(ROWS))
    assert told(found) == [("few", 3, "fixed"), ("triggered_2", 6, "triggered")]
    assert found[1].model_copy(update={"name": "t"}) == sim.load(
        "triggered", {"patrols.size": 6, "name": "t"}
    )


@pytest.mark.parametrize(
    ("key", "value", "got"),
    [("patrols.size", np.int64(4), 4), ("patrols.size", 4.0, 4), ("patrols.size", np.float64(4), 4),
     ("patrols.p_sight", np.float32(0.5), 0.5), ("start", pd.Timestamp("2026-02-03"),
                                                 dt.date(2026, 2, 3))],
)  # fmt: skip
def test_values_of_numpy_and_pandas_are_values(key: str, value: object, got: object) -> None:
    """Whole floats for whole numbers, timestamps for days."""
    (found,) = scenarios({key: value})
    reached: object = found
    for part in key.split("."):
        reached = getattr(reached, part)
    assert reached == got
    assert type(reached) is type(got)


@pytest.mark.parametrize("gap", [None, float("nan"), np.nan, pd.NA, pd.NaT], ids=str)
def test_a_gap_changes_nothing(gap: object) -> None:
    """However pandas writes it."""
    (found,) = scenarios({"patrols.size": gap, "name": "baseline"})
    assert found == sim.load("baseline")


def test_the_cells_of_a_row_are_set_by_hand() -> None:
    """Whatever they change, so that a draw of a posterior leaves them."""
    first, second = scenarios([{"patrols.p_sight": 0.3}, {"scenario": sim.load("triggered"),
                                                          "patrols.p_sight": 0.1}])  # fmt: skip
    assert first.stated == second.stated == ("patrols.p_sight",)


def test_a_number_with_decimals_is_still_refused() -> None:
    """Half a guard."""
    with pytest.raises(ScenarioError, match="whole number"):
        scenarios({"patrols.size": 2.5})


@pytest.mark.parametrize("wrong", [7, [7], [["patrols.size"]], object()], ids=range(4))
def test_what_is_not_a_scenario_is_refused(wrong: object) -> None:
    """With what would be one."""
    with pytest.raises(ScenarioError, match="Give names, paths"):
        scenarios(wrong)


def design(tmp_path: Path, text: str) -> Path:
    """A table in a file."""
    path = tmp_path / "design.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_csv_is_read_as_toml_would_be(tmp_path: Path) -> None:
    """Numbers, words, lists, names; what is empty changes nothing; settings come first."""
    text = (
        "name,title,scenario,patrols.size,alert.season_months,days\n"
        'more,"More, and better",,6,"[3, 4]",\n\n,,triggered,,,20\n'
    )
    more, second = read_design(design(tmp_path, text), ["days=50"])
    assert (more.title, more.patrols.size, more.days) == ("More, and better", 6, 50.0)
    assert list(more.alert.season_months) == [3, 4]
    assert (second.name, second.alert.policy, second.days) == ("triggered_2", "triggered", 20.0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("patrols.size\n99\n", r"design\.csv:2: patrols\.size = 99"),
        ("patrols.sise\n9\n", r"design\.csv:2: patrols\.sise = 9: no such parameter"),
        ("patrols.size,patrols.size\n9,9\n", r"design\.csv:1: patrols\.size: is twice in the head"),
        ("patrols.size\n9,8\n", r"design\.csv:2: has 2 cells under 1 columns"),
        ("patrols.size\n", "has no scenario"),
        ("", "has no scenario"),
        ("scenario\nnowhere\n", "nowhere"),
        ("patrols.size\n[1\n", r"design\.csv:2: patrols\.size"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    """One message, all problems."""
    with pytest.raises(ScenarioError, match=words):
        read_design(design(tmp_path, text))


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    """Missing, or not a text."""
    with pytest.raises(ScenarioError, match="cannot be read"):
        read_design(tmp_path / "gone.csv")
    (tmp_path / "b.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ScenarioError, match="cannot be read"):
        read_design(tmp_path / "b.csv")


@pytest.mark.parametrize("make", [pd.DataFrame, pa.table, pl.DataFrame])
def test_a_table_of_draws_is_columns_of_numbers(make: Any, tmp_path: Path) -> None:
    """From any table, and from a file."""
    columns = {"patrols.p_sight": [0.2, 0.4], "cells.district_weights.vanj": [1.0, 3.0]}
    assert numbers(make(columns)) == columns
    path = tmp_path / "draws.csv"
    pd.DataFrame(columns).to_csv(path, index=False)
    assert numbers(path) == columns


@pytest.mark.parametrize(
    ("columns", "words"),
    [({"alert.policy": [1.0]}, "not a parameter with a number"), ({"x": [1.0]}, "not a parameter"),
     ({"patrols.p_sight": [0.2, None]}, "is not a number"), ({}, "needs a number")],
)  # fmt: skip
def test_a_table_that_holds_no_draws_is_refused(columns: dict[str, Any], words: str) -> None:
    """A word, a stranger, a gap, nothing."""
    with pytest.raises(ScenarioError, match=words):
        numbers(pd.DataFrame(columns))
