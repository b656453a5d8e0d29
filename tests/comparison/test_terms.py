"""What a reader calls scenarios and runs."""

import pytest

from sim.comparison.source import terms_of
from sim.comparison.terms import MOST, Terms, capital, listed, several
from sim.scenario.load import load


def test_scenarios_have_names_for_people():
    """Underscores go; a label given goes first; a command's names stay as they are."""
    terms = Terms({"a_b": "The best"})
    assert terms.label("a_b") == "The best"
    assert terms.label("hot_spot_surge") == "hot spot surge"
    assert terms.exactly(["a_b"]).label("a_b") == "a_b"
    assert terms.paired(1) == "1 paired year"
    assert terms.paired(1200) == "1,200 paired years"
    assert terms.runs(1) == "1 year"


@pytest.mark.parametrize(
    ("days", "run", "span"),
    [([365.0], "year", "a year"), ([366.0], "year", "a year"), ([90.0], "run", "in 90 days"),
     ([365.0, 90.0], "run", "a run"), ([], "run", "a run")],
)  # fmt: skip
def test_the_horizon_is_told(days, run, span):
    """A year is a year; other horizons by their days; where they differ or are unknown, a run."""
    terms = terms_of({str(each): load("baseline", {"days": each}) for each in days})
    assert (terms.run, terms.per_run) == (run, span)


def test_titles_only_on_request():
    """Names stand unless titles are asked for."""
    year = load("baseline")
    assert terms_of({"baseline": year}).label("baseline") == "baseline"
    assert terms_of({"baseline": year}, titles=True).label("baseline") == year.title


def test_words_are_joined_as_in_speech():
    """None, one, two, three, and more than a sentence holds."""
    assert [listed(list("abc"[:n])) for n in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert several([*"abcdefghij"][:MOST]) == "a, b, c, d, e, f, g and h"
    assert several([*"abcdefghij"]) == "a, b, c, d, e, f, g, h and 2 more"
    assert capital("guards of X") == "Guards of X"
    assert capital("") == ""
