"""Numbers and units in figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.comparison.number_format import MINUS
from sim.comparison.terms import Terms
from sim.frontier.ground import Ground
from sim.measures.registry import described, outcomes_on
from sim.report.figure_numbers import axis_label, column_decimals, decimals, format_number, scale

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
    assert format_number(value, digits, sign=sign) == words


@given(st.floats(1e-3, 1e8))
def test_two_digits_of_a_width_show(width):
    """Rounded to that many decimals, a width keeps two significant digits (or is whole)."""
    digits = decimals(width)
    assert 0 <= digits <= 4
    assert abs(round(width, digits) - width) <= 0.051 * width


def test_a_zero_width_needs_no_decimals():
    """Neither zero nor NaN needs decimals."""
    assert decimals(0.0) == decimals(float("nan")) == decimals(float("inf")) == 0


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


def test_sums_are_given_per_year():
    """A number of dead is per year; a median delay and a share are not."""
    terms = Terms()
    assert axis_label(described("victims"), "persons", terms).endswith("(persons a year)")
    assert axis_label(described("crossings"), "", terms).endswith("(number a year)")
    assert axis_label(described("delay_to_contact_h"), "h", terms).endswith("(h)")
    assert not described("mean_readiness").adds_up


def test_every_outcome_of_the_model_is_known():
    """Label and unit come from the registry; an unknown outcome keeps its name."""
    for field in SHIPPED:
        said = described(field.name)
        assert (said.label, said.unit, said.better) == (field.label, field.unit, field.better)
    assert described("loads_of_cats").label == "loads of cats"


def test_a_column_has_one_number_of_digits():
    """That of its widest interval, unless one is far wider than the others."""
    assert column_decimals([0.2, 0.4]) == 2
    assert column_decimals([0.2, 0.4, 4000.0]) == 1
    assert column_decimals([]) == column_decimals([0.0]) == 0
