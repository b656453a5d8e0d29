"""No value outside of what the specification allows gets into a scenario."""

import math

import pytest

from sim.errors import ScenarioError
from sim.scenario.parameters import parameters
from sim.scenario.spec import Scenario
from sim.scenario.values import with_overrides

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


def refused(values):
    """Return the problems of a scenario with these values by key: one for each of them."""
    with pytest.raises(ScenarioError) as caught:
        with_overrides(Scenario(), values)
    problems = {problem.key: problem for problem in caught.value.problems}
    assert sorted(problems) == sorted(values)
    assert len(caught.value.problems) == len(values)
    assert {problem.path for problem in problems.values()} == {"--set"}
    assert [key for key in values if key not in str(caught.value)] == []
    return problems


def entry(known):
    """Return the key a number can be given to."""
    return f"{known.key}.panj" if known.kind == "district table" else known.key


def whole(known, value):
    """Return a bound in the type that the parameter wants."""
    return int(value) if known.kind == "whole number" else value


@pytest.mark.parametrize("side", ["below", "above"])
def test_numbers_outside_their_bounds_are_refused_by_name(side):
    """Below the least and above the largest value: the message has key, bound and range."""
    beyond = {"below": lambda known: known.low - 1, "above": lambda known: known.high + 1}[side]
    values = {entry(known): whole(known, beyond(known)) for known in NUMBERS}
    problems = refused(values)
    for known in NUMBERS:
        problem = problems[entry(known)]
        assert known.allowed in problem.remedy, known.key
        assert problem.value == values[entry(known)], known.key


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, True, "3"])
def test_what_is_not_a_number_is_refused_by_name(value):
    """NaN, infinities, flags and texts are not values of any parameter that is a number."""
    problems = refused({entry(known): value for known in NUMBERS})
    for known in NUMBERS:
        assert known.allowed in problems[entry(known)].remedy, known.key


def test_a_value_of_the_wrong_kind_is_refused_by_name():
    """Each parameter refuses a value of another kind and says what to write."""
    values = {known.key: WRONG[known.kind] for known in ALL}
    # A rule can be the user's: its name is looked up once every other value is right.
    rules = {key: values.pop(key) for key in ("alert.policy", "patrols.allocation")}
    for key, problem in (refused(values) | refused(rules)).items():
        assert problem.reason, key
        assert problem.remedy, key


def test_a_misspelt_key_is_refused_with_the_right_one():
    """One letter too many: the message asks whether the right key was meant."""
    for key, problem in refused({known.key + "x": 1 for known in ALL}).items():
        assert "no such parameter" in problem.reason, key
        assert f"Did you mean {key[:-1]}?" in problem.remedy


def problems_within_bounds(overrides):
    """Return the problems of a scenario that are none between two parameters."""
    between = ("the run would end after", "is above ", "adds up to more than 1", "needs ")
    try:
        with_overrides(Scenario(), overrides)
    except ScenarioError as error:
        return [problem for problem in error.problems if not problem.reason.startswith(between)]
    return []


@pytest.mark.parametrize("end", ["low", "high"])
def test_the_bounds_themselves_are_allowed(end):
    """Bounds are inclusive: if an end is refused, then only for what it means to others."""
    ends = {entry(known): whole(known, getattr(known, end)) for known in NUMBERS}
    assert problems_within_bounds(ends) == []


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
        ("alert.level", "heigtened", "Did you mean heightened?"),
        ("alert", 3, "Write [alert]"),
        ("patrols.size", 4.5, "not a number with decimals"),
        ("patrols.size", True, "not true or false"),
        ("alert.season_months", [1.5], "an entry must be a whole number"),
        ("cells.modes_off", [3], "an entry must be a text"),
        ("start", "2025-01-01", "without quotes"),
        ("patrols.zzzzzz", 3, "--section patrols"),
        ("extends", "x.toml", "only there"),
        ("title", 3, "should be a valid string"),
        ("title", "x" * 201, "at most 200 characters"),
        ("name", "", "at least 1 character"),
        ("smugglers.zebra_count", 10**400, "no such parameter"),
        ("patrols.size", 10**400, "above the largest value 30"),
        ("days", 10**400, "must be a number"),
    ],
)
def test_the_message_helps(key, value, words):
    """Each kind of slip is answered with what was probably meant, or with what to write."""
    with pytest.raises(ScenarioError) as caught:
        with_overrides(Scenario(), {key: value})
    assert words in str(caught.value)
