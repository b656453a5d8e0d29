"""The format of numbers."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sim.comparison.number_format import MINUS, per_cent, relative_change, rounded_up, short


@pytest.mark.parametrize(
    ("value", "told"),
    [(0.0, "0"), (-0.0, "0"), (-5.7e-15, "0"), (0.0432, "0.043"), (1.84, "1.8"), (9.96, "10"),
     (18.44, "18"), (99.7, "99.7"), (184.2, "184"), (2714.2, "2,710"), (18_420, "18k"),
     (184_200, "184k"), (999_700, "1.00M"), (-1_842_000, f"{MINUS}1.84M"), (3.2e9, "3.20B"),
     (2e-5, f"2.0e{MINUS}05")],
)  # fmt: skip
def test_short_figures(value, told):
    """Two or three significant digits; a rounding error is zero."""
    assert short(value) == told


@given(st.floats(-1e12, 1e12).filter(lambda v: v == 0 or abs(v) > 1e-3))
def test_short_figures_are_near(value):
    """Read back, a figure is within 6 % of what it stands for."""
    told = short(value)
    scale = {"k": 1e3, "M": 1e6, "B": 1e9}.get(told[-1], 1.0)
    number = float(told.rstrip("kMB").replace(",", "").replace(MINUS, "-"))
    assert number * scale == pytest.approx(value, rel=0.06)


@given(st.floats(0.0, 1.0))
@example(0.005)
@example(0.995)
def test_only_nothing_is_nought_and_only_all_is_a_hundred(share):
    """A rare case is "<1 %", never "0 %"."""
    told = per_cent(share)
    assert (told == "0 %") == (share == 0.0)
    assert (told == "100 %") == (share == 1.0)


def test_changes_in_words():
    """Large factors as times, small ones as per cent."""
    assert relative_change(4.08) == "4.1 times the"
    assert relative_change(1.06) == "6 % more".replace("6", "6.0")
    assert relative_change(0.8) == "20 % less"
    assert relative_change(0.1) == "0.10 times the"


@given(st.integers(1, 10**6))
def test_estimated_numbers_are_rounded_up(count):
    """Two digits, never too few, at most a tenth too many."""
    told = int(rounded_up(count).replace(",", ""))
    assert count <= told < 1.1 * count + 1
    assert len(str(told).rstrip("0")) <= 2


def test_no_estimate_beyond_a_million():
    """Nobody counts further."""
    assert rounded_up(10**6 + 1) == "over a million"
