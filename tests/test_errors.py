"""What a user reads when something is wrong, and what a program can take from it."""

import datetime as dt
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import errors
from sim.errors import (
    HIDDEN,
    OutputError,
    PanjError,
    Problem,
    ScenarioError,
    SeedTableError,
    StoreError,
)

KINDS = [PanjError, ScenarioError, SeedTableError, StoreError, OutputError]


def test_a_message_names_file_line_key_value_reason_and_remedy_in_this_order():
    """One problem reads as one line, from the place to the remedy."""
    error = ScenarioError(
        "below the least value 0", path="a.toml", line=12, key="patrols.size", value=-3,
        remedy="Give a whole number from 1 to 30.",
    )  # fmt: skip
    assert str(error) == (
        "a.toml:12: patrols.size = -3: below the least value 0. Give a whole number from 1 to 30."
    )


@pytest.mark.parametrize(
    ("given_", "text"),
    [
        ({}, "bad"),
        ({"path": "x"}, "x: bad"),
        ({"line": 3}, "line 3: bad"),
        ({"value": 3}, "3: bad"),
        ({"key": "a"}, "a: bad"),
        ({"remedy": "Mend it."}, "bad. Mend it."),
    ],
)
def test_what_is_not_known_is_not_said(given_, text):
    """Each part of a message appears only when it is there."""
    assert str(PanjError("bad", **given_)) == text


def test_several_problems_are_all_told():
    """An error made of several problems counts them and lists each on its own line."""
    error = ScenarioError.of([Problem("one", key="a"), Problem("two", key="b", value=2)])
    assert str(error) == "2 problems\n  a: one\n  b = 2: two"


def test_the_first_problem_lends_its_data_to_the_error():
    """Path, line, key, value and remedy can be read without looking into the problems."""
    error = ScenarioError.of(
        [Problem("one", "p.toml", 4, "a", 5, "Do it."), Problem("two", "q.toml")]
    )
    assert (error.path, error.line, error.key, error.value) == ("p.toml", 4, "a", 5)
    assert error.remedy == "Do it."


def test_an_error_without_a_problem_cannot_be_made():
    """Nothing to say is a mistake of the program."""
    with pytest.raises(ValueError, match="at least one"):
        ScenarioError.of([])


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_comes_back_from_a_worker_unchanged(kind):
    """Pickling keeps type, message and data: a pool hands errors over so."""
    error = kind("bad", path="x", remedy="Mend it.")
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is kind
    assert back.problems == error.problems
    many = kind.of([Problem("a", value=[1]), Problem("b")])
    assert str(pickle.loads(pickle.dumps(many))) == str(many)


def test_the_tree_in_the_docstring_is_the_tree():
    """Every exception the module defines is drawn in its docstring, and the other way round."""
    drawn = {word for word in (errors.__doc__ or "").split() if word.endswith("Error")}
    defined = {
        name for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, PanjError)
    }  # fmt: skip
    assert drawn == defined


def test_a_users_mistake_is_told_from_a_programs():
    """Every kind can be caught as one, and none is caught as a built-in error."""
    assert all(issubclass(kind, PanjError) for kind in KINDS)
    assert not issubclass(PanjError, ValueError | OSError)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (3, "3"),
        (0.5, "0.5"),
        ("a", '"a"'),
        ('say "a"', r'"say \"a\""'),
        ("Ҷайҳун", '"Ҷайҳун"'),
        ("\x1b[31m\n", r'"\u001b[31m\n"'),
        ("\udcff", r'"\udcff"'),
        ([1, "a", False], '[1, "a", false]'),
        (dt.date(2025, 1, 2), "2025-01-02"),
    ],
)
def test_a_value_is_shown_as_a_scenario_file_has_it(value, text):
    """Values read as in TOML, and no control character reaches a terminal."""
    assert errors.format_value(value) == text


@given(
    st.recursive(
        st.integers() | st.text() | st.floats() | st.booleans(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=200,
    )
)
def test_whatever_the_value_it_is_shown_on_one_short_line(value):
    """A message stays readable for any value."""
    text = errors.format_value(value)
    assert "\n" not in text
    assert len(text) < 2000


def test_a_deeply_nested_value_is_cut_off():
    """Nesting deeper than the stack is shown in part and not followed."""
    value: object = 1
    for _ in range(5000):
        value = {"a": [value]}
    assert "..." in errors.format_value(value)


def test_a_message_holds_nothing_that_steers_a_terminal():
    """Path, key, value, reason and remedy may come from anywhere."""
    bad = "\x1b[2J\x9b\u202e\x7f\udcff"
    told = str(PanjError(bad, path=f"{bad}\n", key=bad, value=[bad], remedy=bad))
    assert not HIDDEN.search(told)
    assert "\n" not in told
    assert told.count("\\u001b[2J") == 5


def test_a_number_too_long_to_be_written_is_told_by_its_size() -> None:
    """Python refuses to write more than 4,300 digits; a message must not fail by it."""
    huge = 16**9000
    assert errors.format_value(huge) == "<a number of 36,001 bits>"
    assert "36,001 bits" in errors.format_value([1, [huge]])
    assert str(PanjError("is too large", key="size", value=huge)).startswith("size = <a number")
