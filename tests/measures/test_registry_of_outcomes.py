"""Every outcome is declared once, and a stranger is a number without a verdict."""

import pandas as pd
import pytest

import sim
from sim.errors import GroundError
from sim.frontier.ground import Ground
from sim.measures.registry import OUTCOMES, SHIPPED, described, headlines, known, outcomes_on


def test_every_outcome_is_there_once() -> None:
    """The registry holds the model's outcomes in the order of their columns."""
    assert list(OUTCOMES.values()) == list(SHIPPED)


def test_a_ground_adds_outcomes_of_its_own() -> None:
    """After the weight seized; one that takes the name of another is refused."""
    names = [outcome.name for outcome in outcomes_on(Ground.default())]
    assert names[names.index("seized_kg") + 1] == "seized_khatlon_share"
    assert described("seized_khatlon_share").label == "of the weight seized, in Khatlon"
    texts = Ground.default().texts
    told = texts["ground.toml"].replace("seized_khatlon_share", "victims")
    with pytest.raises(GroundError, match="name of another outcome"):
        outcomes_on(Ground({**texts, "ground.toml": told}))


def test_what_is_shown_first_is_there() -> None:
    """Headlines begin with harms, of which less is better, and have places of their own."""
    found = list(headlines().values())
    assert [outcome.name for outcome in found[:3]] == ["victims", "deaths", "guards_killed"]
    assert {outcome.better for outcome in found[:3]} == {"less"}
    assert len({outcome.headline for outcome in found}) == len(found)


def test_the_plain_cases() -> None:
    """Deaths and hours: less; interdiction and readiness: more; dead smugglers: no verdict."""
    assert described("guards_killed").better == described("guard_hours").better == "less"
    assert described("interdicted").better == described("mean_readiness").better == "more"
    assert described("smugglers_killed").better == "neither"
    assert described("incidents_reported").better == "neither"


def test_a_stranger_has_no_better_and_no_unit() -> None:
    """A column that nobody registered is called by its name."""
    stranger = described("sheep_counted")
    assert (stranger.better, stranger.unit, stranger.named) == ("neither", "", "sheep counted")
    assert stranger.singular == "one of sheep counted"


def test_names_in_sentences() -> None:
    """A headline has a short name, another its label; one of it has a singular."""
    assert described("victims").named == "victims"
    assert described("victims").singular == "victim"
    assert described("workers_chinese_killed").named == "Chinese workers killed"
    assert described("evacuations").named == "worksites evacuated"
    assert described("attacks").singular == "one of attacks by militants"


def test_a_unit_is_told_once() -> None:
    """Of kilograms in the name of the outcome, of guards and of kilometres otherwise."""
    assert described("seized_kg").shown_unit == described("guards_killed").shown_unit == ""
    assert described("patrol_km").shown_unit == "km"


def test_the_table_is_for_readers_and_for_pandas() -> None:
    """One record for each outcome; shown, it has one line for each below its head."""
    table = sim.outcomes()
    frame = pd.DataFrame(table).set_index("name")
    assert list(frame.index) == list(known())
    assert frame.loc["seized_kg", "unit"] == "kg"
    assert frame.loc["interdiction_share", "formula"].startswith("seized_kg / ")
    lines = repr(table).splitlines()
    assert len(lines) == len(table) + 1
    assert lines[1].split() == ["deaths", "persons", "less", "killed,", "all", "sides"]
