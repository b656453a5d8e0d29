"""No value outside of what the specification allows gets into a scenario."""

import math

import pytest

from sim.errors import ScenarioError
from sim.scenario.parameters import parameters
from sim.scenario.spec import Scenario
from sim.scenario.vary import with_overrides

ALL = list(parameters().values())
NUMBERS = [known for known in ALL if known.kind in ("number", "whole number", "district table")]
WRONG = {
    "number": "a text",
    "whole number": 1.5,
    "choice": "nonsense",
    "flag": 1,
    "date": "2025-01-01",
    "list": 3,
    "district table": 3,
}


def refused(key, value):
    """Return the one problem of a scenario with this value."""
    with pytest.raises(ScenarioError) as caught:
        with_overrides(Scenario(), {key: value})
    assert len(caught.value.problems) == 1
    problem = caught.value.problems[0]
    assert problem.key == key
    assert key in str(caught.value)
    assert problem.path == "--set"
    return problem


def entry(known):
    """Return the key a number can be given to."""
    return f"{known.key}.panj" if known.kind == "district table" else known.key


@pytest.mark.parametrize("known", NUMBERS, ids=lambda known: known.key)
def test_a_number_outside_its_bounds_is_refused_by_name(known):
    """Below the least and above the largest value: key, bound and what is allowed are told."""
    for value in (known.low - 1, known.high + 1):
        whole = int(value) if known.kind == "whole number" else value
        problem = refused(entry(known), whole)
        assert known.allowed in problem.remedy
        assert problem.value == whole


@pytest.mark.parametrize("known", NUMBERS, ids=lambda known: known.key)
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, True, "3"])
def test_what_is_no_number_is_refused_by_name(known, value):
    """NaN, infinities, flags and texts are not values of a number."""
    problem = refused(entry(known), value)
    assert known.allowed in problem.remedy


@pytest.mark.parametrize("known", ALL, ids=lambda known: known.key)
def test_a_value_of_the_wrong_kind_is_refused_by_name(known):
    """Each kind of parameter refuses another kind of value and says what to write."""
    problem = refused(known.key, WRONG[known.kind])
    assert problem.reason
    assert problem.remedy


@pytest.mark.parametrize("known", ALL, ids=lambda known: known.key)
def test_a_misspelt_key_is_refused_with_the_right_one(known):
    """One letter too many: the message asks whether the right key was meant."""
    with pytest.raises(ScenarioError, match="no such parameter") as caught:
        with_overrides(Scenario(), {known.key + "x": 1})
    assert f"Did you mean {known.key}?" in caught.value.remedy


def problems_within_bounds(overrides):
    """Return the problems of a scenario that are none between two parameters."""
    between = ("the run would end after", "is above ", "makes more than 1", "asks for ")
    try:
        with_overrides(Scenario(), overrides)
    except ScenarioError as error:
        return [problem for problem in error.problems if not problem.reason.startswith(between)]
    return []


@pytest.mark.parametrize("known", NUMBERS, ids=lambda known: known.key)
def test_the_bounds_themselves_are_allowed(known):
    """Bounds are inclusive: if an end is refused, then only for what it means to others."""
    for value in (known.low, known.high):
        whole = int(value) if known.kind == "whole number" else value
        assert not problems_within_bounds({entry(known): whole})


def test_every_problem_is_found_at_once():
    """Three mistakes, one message."""
    with pytest.raises(ScenarioError) as caught:
        with_overrides(Scenario(), {"patrols.size": 0, "days": -1, "alert.level": "high"})
    assert {problem.key for problem in caught.value.problems} == {
        "patrols.size", "days", "alert.level",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("patrols.sortie_per_day", 1, "Did you mean patrols.sorties_per_day?"),
        ("patrols.spacing_km", 1, "Did you mean posts.spacing_km?"),
        ("patrol", {"size": 1}, "Did you mean patrols?"),
        ("alert.levels.elevate", {}, "Did you mean alert.levels.elevated?"),
        ("patrols.emphasis.punj", 1.0, "Did you mean panj?"),
        ("patrols.emphasis.atlantis", 1.0, "Districts: shahritus,"),
        ("alert.level", "heigtened", 'Did you mean "heightened"?'),
        ("alert", 3, "Write [alert]"),
        ("patrols.size", 4.5, "not a number with decimals"),
        ("patrols.size", True, "not true or false"),
        ("alert.season_months", [1.5], "an entry wants a whole number"),
        ("cells.modes_off", [3], "an entry wants a text"),
        ("start", "2025-01-01", "without quotes"),
        ("patrols.zzzzzz", 3, "--section patrols"),
        ("extends", "x.toml", "only there"),
        ("title", 3, "should be a valid string"),
        ("title", "x" * 201, "at most 200 characters"),
        ("name", "", "at least 1 character"),
        ("smugglers.zebra_count", 10**400, "no such parameter"),
        ("patrols.size", 10**400, "above the largest value 30"),
        ("days", 10**400, "wants a number"),
    ],
)
def test_the_message_helps(key, value, words):
    """Each kind of slip is answered with what was probably meant, or with what to write."""
    with pytest.raises(ScenarioError) as caught:
        with_overrides(Scenario(), {key: value})
    assert words in str(caught.value)
