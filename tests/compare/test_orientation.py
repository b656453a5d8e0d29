"""Which way is better: every outcome of the model is placed, once."""

from sim.compare.orientation import (
    HARMS,
    HEADLINES,
    LESS_IS_BETTER,
    MORE_IS_BETTER,
    NEUTRAL,
    noun,
    orientation,
    singular,
    unit,
)
from sim.outcomes import FIELDS


def test_every_outcome_is_placed_once():
    """The three sets share nothing, leave nothing out and name nothing that is not there."""
    placed = [*LESS_IS_BETTER, *MORE_IS_BETTER, *NEUTRAL]
    assert sorted(placed) == sorted(field.name for field in FIELDS)


def test_what_is_shown_first_is_there():
    """Headlines and harms are outcomes of the model, and a harm has less as better."""
    assert set(HEADLINES) <= {field.name for field in FIELDS}
    assert set(HARMS) <= set(HEADLINES)
    assert {orientation(harm) for harm in HARMS} == {"less"}


def test_the_plain_cases():
    """Deaths and hours: less; interdiction and readiness: more; dead smugglers: no verdict."""
    assert orientation("guards_killed") == orientation("guard_hours") == "less"
    assert orientation("interdicted") == orientation("mean_readiness") == "more"
    assert orientation("smugglers_killed") == orientation("incidents_reported") == "neutral"


def test_a_strange_outcome_is_neutral_and_keeps_its_name():
    """A column the model does not know has no better and no unit."""
    assert orientation("sheep_counted") == "neutral"
    assert (noun("sheep_counted"), unit("sheep_counted")) == ("sheep_counted", "")


def test_names_in_sentences():
    """A headline has a short name, another its label; one of it has a singular."""
    assert noun("workers_chinese_killed") == "Chinese workers killed"
    assert noun("evacuations") == "worksites evacuated"
    assert singular("victims") == "victim"
    assert singular("attacks") == "one of attacks by militants"
