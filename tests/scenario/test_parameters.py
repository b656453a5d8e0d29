"""The specification as a table, and the page made from it."""

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from sim.frontier.ground import Ground
from sim.scenario.merge import defaults, leaves
from sim.scenario.parameter_page import page
from sim.scenario.parameters import LABELS, number, parameter, parameters, sections
from sim.scenario.spec import Scenario

LAND = Ground.default()

ALL = list(parameters().values())
PAGE = Path(__file__).parents[2] / "docs" / "parameters.md"
EXTENDING = PAGE.with_name("extending.md").read_text("utf-8")


def test_every_parameter_is_documented():
    """Unit, source, meaning, and bounds or a closed type: none is missing anywhere."""
    for known in ALL:
        assert known.unit, known.key
        assert known.source, known.key
        assert known.doc, known.key
        bounded = known.low is not None and known.high is not None
        assert bounded or known.choices or known.kind in ("flag", "date"), known.key


def test_every_default_lies_within_its_bounds():
    """Bounds hold for the defaults, and there is room between them."""
    for known in ALL:
        if known.kind in ("number", "whole number"):
            assert known.low <= known.default <= known.high, known.key
            assert known.low < known.high, known.key


def test_nothing_is_left_out():
    """Every value of the default scenario belongs to a parameter or is a label."""
    for key, _ in leaves(defaults(LAND)):
        assert parameter(key) is not None or key in (*LABELS, "ground")
    assert not set(LABELS) & set(parameters())


def test_probabilities_and_shares_lie_between_nought_and_one():
    """A unit that promises a share keeps the promise."""
    for known in ALL:
        if known.unit in ("probability", "share"):
            assert known.low >= 0.0, known.key
            assert known.high <= 1.0, known.key


def test_a_section_default_is_not_the_default_of_its_type():
    """Levels differ although their type is one: the table shows each level's own values."""
    levels = Scenario().alert.levels
    assert parameters()["alert.levels.elevated.sorties"].default == levels.elevated.sorties
    assert parameters()["alert.levels.emergency.watch"].default == levels.emergency.watch


def test_terrain_tables_lend_unit_and_source_to_their_entries():
    """An entry without a unit of its own has that of its table."""
    known = parameters()["teams.road_speed_km_h.gorge"]
    assert known.unit == "km/h"
    assert known.doc.endswith("gorge")
    assert (known.low, known.high) == (0.5, 120.0)


def test_an_entry_of_a_district_table_is_found_through_its_table():
    """Whatever district it names: which there are is for a ground to say."""
    table = parameter("patrols.emphasis")
    assert table is not None
    assert parameter("patrols.emphasis.panj") == table
    assert parameter("patrols.emphasis.atlantis") == table
    assert parameter("patrols.atlantis") is None
    assert parameter("alert.level.routine") is None


def test_what_is_allowed_is_said_with_its_unit():
    """Bounds, choices and lists each read as a phrase."""
    said = {key: parameters()[key].allowed for key in parameters()}
    assert said["patrols.sorties_per_day"] == "0 to 48 (1/day)"
    assert said["layout_seed"] == "0 to 2147483647"
    assert said["patrols.schedule"] == "regular | jittered | random"
    assert said["diplomacy.joint_mechanism"] == "true | false"
    assert said["alert.season_months"] == "1 to 12 (months)"
    assert said["cells.modes_off"] == "any of infiltration, drone, fire"


def test_sections_are_the_tables_of_a_file():
    """Every dotted prefix of a parameter is a section or a district table."""
    assert {"alert", "alert.levels", "alert.levels.elevated"} <= set(sections())
    assert {key.rpartition(".")[0] for key in parameters()} - {""} <= set(sections())
    assert all(sections().values())


@pytest.mark.parametrize(
    ("value", "text"), [(365.0, "365"), (0.5, "0.5"), (1e9, "1000000000"), (-10.0, "-10"), (3, "3")]
)
def test_numbers_are_written_short(value, text):
    """No trailing nought, no power of ten where digits are readable."""
    assert number(value) == text


def test_the_page_of_parameters_is_up_to_date():
    """The page is what the specification makes.

    Refresh it: ``python -m sim.scenario.parameter_page docs/parameters.md``.
    """
    assert PAGE.read_text(encoding="utf-8") == page()


def test_the_page_has_one_row_for_each_parameter():
    """Every table row has six cells and no parameter is missing."""
    rows = [line for line in page().splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == list(parameters())
    assert all(len(re.split(r"(?<!\\)\|", row)) == 8 for row in rows)


def test_the_page_on_extending_declares_a_parameter() -> None:
    """Its section has the default, refuses what is out of bounds, and knows unit and source."""
    (block,) = re.findall(r"```python\n(from sim.scenario.field.*?)```", EXTENDING, re.S)
    names: dict[str, Any] = {}
    exec(block, names)
    dogs = names["Dogs"]
    assert dogs().p_scent == 0.2
    with pytest.raises(ValidationError, match="less than or equal to 1"):
        dogs(p_scent=2.0)
    said = dogs.model_fields["p_scent"].json_schema_extra
    assert said == {"unit": "probability", "source": "assumption"}
