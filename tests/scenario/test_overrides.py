"""Values given on the command line or from Python."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from sim.errors import ScenarioError
from sim.scenario.overrides import nested, parse_override


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("patrols.size=3", "patrols.size", 3),
        (" patrols.size = 3 ", "patrols.size", 3),
        ("days=1e2", "days", 100.0),
        ("a.b=-0.5", "a.b", -0.5),
        ("a=true", "a", True),
        ("start=2025-03-01", "start", dt.date(2025, 3, 1)),
        ("alert.level=routine", "alert.level", "routine"),
        ('alert.level="routine"', "alert.level", "routine"),
        ("name=my-name_2", "name", "my-name_2"),
        ("alert.season_months=[9, 10]", "alert.season_months", [9, 10]),
        ('title="a = b"', "title", "a = b"),
        ("t={panj = 2.0}", "t", {"panj": 2.0}),
    ],
)
def test_values_are_toml_and_bare_words_are_texts(text, key, value):
    """A text key=value is divided at the first sign of equality and its value read as TOML."""
    found = parse_override(text)
    assert found == (key, value)
    assert type(found[1]) is type(value)


@pytest.mark.parametrize("word", ["nan", "inf", "true", "false"])
def test_words_of_toml_stay_what_toml_says(word):
    """These four words are numbers and flags, not texts."""
    assert not isinstance(parse_override(f"a={word}")[1], str)


@pytest.mark.parametrize(
    "text",
    ["", "=", "a", "a=", "=3", "a=1 2", "a=[1", "a=2025-13-01", 'a="x', "a=1\nb=2", "a=two words"],
)
def test_what_is_no_override_is_refused_with_an_example(text):
    """A broken override names the flag and shows how to write one."""
    with pytest.raises(ScenarioError) as caught:
        parse_override(text)
    assert caught.value.path == "--set"
    assert caught.value.remedy


def test_an_endless_list_is_refused_like_any_other_unreadable_value():
    """Nesting that exhausts the reader is a mistake of the user, not a crash."""
    with pytest.raises(ScenarioError, match="cannot be read"):
        parse_override("a=" + "[" * 5000 + "]" * 5000)


@pytest.mark.parametrize("key", ["a..b", ".a", "a.", "."])
def test_an_empty_part_of_a_key_is_refused(key):
    """A key is names with dots between them."""
    with pytest.raises(ScenarioError, match="part of the key is empty"):
        nested([f"{key}=1"])


def test_texts_and_mappings_give_the_same_tables():
    """Three ways to say the same thing."""
    tables = {"patrols": {"size": 3, "schedule": "regular"}}
    assert nested(["patrols.size=3", "patrols.schedule=regular"]) == tables
    assert nested({"patrols.size": 3, "patrols.schedule": "regular"}) == tables
    assert nested({"patrols": {"size": 3}, "patrols.schedule": "regular"}) == tables


def test_of_two_values_for_one_key_the_later_counts():
    """As on any command line."""
    assert nested(["a.b=1", "a.b=2"]) == {"a": {"b": 2}}


@pytest.mark.parametrize("nothing", [None, (), [], {}])
def test_no_override_is_no_table(nothing):
    """Nothing said, nothing changed."""
    assert nested(nothing) == {}


def test_one_text_alone_is_taken_as_one_override():
    """A forgotten pair of brackets does no harm."""
    assert nested("a=1") == {"a": 1}


def test_numbers_of_numpy_and_tuples_become_plain():
    """A design made with NumPy can be used as it is."""
    plain = nested({"a": np.float64(0.5), "b": np.int64(3), "c": (1, np.int32(2)), "d": np.True_})
    assert plain == {"a": 0.5, "b": 3, "c": [1, 2], "d": True}
    assert [type(plain[key]) for key in "abd"] == [float, int, bool]


@pytest.mark.parametrize("size", [6.0, np.float64(6.0), np.int64(6), np.uint8(6)])
def test_a_whole_number_of_any_kind_is_one(size):
    """Python and NumPy write 6 in many ways; a share of 1.0 stays a number with decimals."""
    for given in ({"patrols.size": size}, {"patrols": {"size": size}}):
        value = nested(given)["patrols"]["size"]
        assert (value, type(value)) == (6, int)
    assert type(nested({"tips.p_tip": np.float64(1.0)})["tips"]["p_tip"]) is float


def test_what_is_written_with_decimals_in_a_text_stays_so():
    """A file and the command line say what they mean: 6.0 is not a whole number there."""
    assert type(nested(["patrols.size=6.0"])["patrols"]["size"]) is float


def test_a_row_of_pandas_is_overrides_and_its_gaps_say_nothing():
    """A row of a data frame has floats for whole numbers, times for dates, and NaN for nothing."""
    row = pd.Series({"patrols.size": 6.0, "days": np.nan, "start": pd.Timestamp("2025-03-01")})
    gone = pd.Series({"start": pd.NaT, "name": pd.NA})
    assert nested(row) == {"patrols": {"size": 6}, "start": dt.date(2025, 3, 1)}
    assert nested(gone) == nested(pd.Series(dtype=float)) == {}
