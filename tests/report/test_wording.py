"""Numbers and units as a reader meets them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.frontier.ground import Ground
from sim.measures.registry import described, outcomes_on
from sim.report.wording import (
    MINUS,
    Terms,
    axis_words,
    capital,
    change_words,
    decimals,
    listed,
    number,
    per_cent,
    scale,
)

SHIPPED = outcomes_on(Ground.default())


@pytest.mark.parametrize(
    ("value", "digits", "sign", "words"),
    [
        (-1.26, 1, False, f"{MINUS}1.3"), (1234567.0, 0, False, "1,234,567"),
        (0.5, 2, True, "+0.50"), (-0.001, 2, True, "0.00"), (0.0, 0, True, "0"),
        (-0.0, 1, False, "0.0"),
    ],
)  # fmt: skip
def test_numbers_have_a_real_minus_and_no_signed_zero(value, digits, sign, words):
    """What rounds to zero has no sign."""
    assert number(value, digits, sign=sign) == words


@given(st.floats(1e-3, 1e8))
def test_two_digits_of_a_width_show(width):
    """Rounded to that many decimals, a width keeps two significant digits (or is whole)."""
    digits = decimals(width)
    assert 0 <= digits <= 4
    assert abs(round(width, digits) - width) <= 0.051 * width


def test_no_width_needs_no_decimals():
    """Zero, and what is no number, ask for none."""
    assert decimals(0.0) == decimals(float("nan")) == decimals(float("inf")) == 0


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "0 %"), (0.001, "<1 %"), (0.934, "93 %"), (0.999, ">99 %"), (1.0, "100 %")],
)
def test_nearly_all_is_not_all(share, words):
    """Nobody and everybody are said only of nobody and everybody."""
    assert per_cent(share) == words


@pytest.mark.parametrize(
    ("name", "largest", "change", "unit"),
    [
        ("interdiction_share", 0.3, False, "%"),
        ("interdiction_share", 0.3, True, "percentage points"),
        ("cost_usd", 1.7e7, False, "million USD"), ("cost_usd", 3e9, True, "billion USD"),
        ("guard_hours", 56_000.0, False, "thousand h"), ("victims", 3.0, False, "persons"),
        ("crossings", 912.0, False, ""), ("crossings", 5e6, False, "million"),
    ],
)  # fmt: skip
def test_units_suit_the_amount(name, largest, change, unit):
    """Shares in per cent, large amounts in thousands, millions or billions."""
    assert scale(described(name), largest, change=change).unit == unit


def test_what_adds_up_is_told_by_the_year():
    """A number of dead has a period, a median delay and a share have none."""
    terms = Terms()
    assert axis_words(described("victims"), "persons", terms).endswith("(persons a year)")
    assert axis_words(described("crossings"), "", terms).endswith("(number a year)")
    assert axis_words(described("delay_to_contact_h"), "h", terms).endswith("(h)")
    assert not described("mean_readiness").adds_up


def test_less_is_said_of_amounts_and_fewer_of_numbers():
    """And lower of levels."""
    said = [change_words(described(name), -1.0) for name in ("victims", "cost_usd", "hot_share")]
    assert said == ["fewer", "less", "lower"]
    said = [change_words(described(name), 1.0) for name in ("victims", "cost_usd", "hot_share")]
    assert said == ["more", "more", "higher"]


def test_every_outcome_of_the_model_is_known():
    """Label and unit come from the model's own list; a stranger is called by its name."""
    for field in SHIPPED:
        said = described(field.name)
        assert (said.label, said.unit, said.better) == (field.label, field.unit, field.better)
    assert described("loads_of_cats").label == "loads of cats"


def test_scenarios_have_names_for_people():
    """Underscores go; a label given goes first."""
    terms = Terms({"a_b": "The best"})
    assert terms.label("a_b") == "The best"
    assert terms.label("hot_spot_surge") == "hot spot surge"
    assert terms.paired(1) == "1 paired year"
    assert terms.paired(1200) == "1,200 paired years"


def test_words_are_joined_as_in_speech():
    """None, one, two, three."""
    assert [listed(list("abc"[:n])) for n in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert capital("guards of X") == "Guards of X"
    assert capital("") == ""
