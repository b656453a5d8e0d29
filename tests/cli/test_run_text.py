"""The table of outcomes: complete, with sensible digits, within the page width."""

import math
import re
from collections.abc import Iterable
from typing import NamedTuple

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.cli.run_text import figure, outcome_lines
from sim.cli.terminal import WIDTH


class Field(NamedTuple):
    """A field of an outcome row."""

    name: str
    group: str
    unit: str
    label: str


FIELDS = (
    Field("killed", "people", "persons", "guards killed"),
    Field("wounded", "people", "persons", "guards wounded"),
    Field("clashes", "incidents", "-", "clashes"),
    Field("stopped", "flow", "share", "share of flow stopped"),
    Field("seized", "flow", "kg", "drugs seized"),
    Field("delay", "detection", "h", "median delay to contact"),
)
PAGE = """\
People
  guards killed                2 persons
  none: guards wounded

Incidents
  clashes                     17

Flow
  share of flow stopped     6.13 %
  drugs seized             2,714 kg

Detection
  median delay to contact      –"""
ROW = {
    "killed": 2,
    "wounded": 0,
    "clashes": 17,
    "stopped": 0.0613,
    "seized": 2714.2,
    "delay": None,
}


def plain(lines: Iterable[str]) -> list[str]:
    """Lines without bold."""
    return [click.unstyle(line) for line in lines]


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (0, "persons", "0 persons"),
        (17, "-", "17"),
        (1_012, "-", "1,012"),
        (1_234_567, "h", "1,234,567 h"),
        (0.0, "kg", "0 kg"),
        (2714.2, "kg", "2,714 kg"),
        (271.42, "kg", "271 kg"),
        (27.142, "kg", "27.1 kg"),
        (2.7142, "kg", "2.71 kg"),
        (0.27142, "kg", "0.271 kg"),
        (0.0027142, "kg", "0.00271 kg"),
        (0.0000271, "kg", "2.7e-05 kg"),
        (-3.14159, "h", "-3.14 h"),
        (999.96, "h", "1,000 h"),
        (0.0613, "share", "6.13 %"),
        (1.0, "share", "100 %"),
        (1, "share", "100 %"),
        (0.95, "probability", "95.0 %"),
        (1.25, "ratio", "1.25"),
        (None, "h", "–"),
        (None, "share", "–"),
        (math.nan, "h", "–"),
        (math.inf, "share", "–"),
    ],
)
def test_figures_have_the_digits_a_reader_needs(value: float, unit: str, shown: str) -> None:
    """Whole numbers have all digits, others three; a share is in per cent."""
    assert " ".join(part for part in figure(value, unit) if part) == shown


@given(st.floats(1e-3, 1e12), st.sampled_from(["kg", "-", "h"]))
def test_a_figure_is_true_to_half_a_per_cent(value: float, unit: str) -> None:
    """The text differs from the value by less than half of the third digit."""
    number, _ = figure(value, unit)
    assert abs(float(number.replace(",", "")) - value) <= 0.0051 * value


@given(st.integers(-(10**18), 10**18))
def test_whole_numbers_are_exact(value: int) -> None:
    """No digit of a count is lost."""
    assert int(figure(value, "persons")[0].replace(",", "")) == value


def test_the_table_is_what_a_reader_expects() -> None:
    """Groups are in order, labels to the left, numbers aligned, zeros in one line."""
    assert "\n".join(plain(outcome_lines(ROW, FIELDS))) == PAGE


@given(
    st.lists(
        st.builds(
            Field,
            st.uuids().map(str),
            st.sampled_from(["people", "flow", "cost"]),
            st.sampled_from(["kg", "persons", "share", "-"]),
            st.text("abc ", min_size=1, max_size=60).map(lambda text: f"x{text}x"),
        ),
        max_size=30,
    ),
    st.data(),
)
def test_no_line_is_wider_than_the_page(fields: list[Field], data: st.DataObject) -> None:
    """Lines fit for labels up to 60 letters and numbers up to a trillion."""
    row = {field.name: data.draw(st.integers(0, 10**12) | st.floats(0, 1e12)) for field in fields}
    lines = plain(outcome_lines(row, fields))
    assert max(map(len, lines), default=0) <= WIDTH
    assert not any(line.endswith(" ") for line in lines)


def test_fields_without_a_value_are_left_out() -> None:
    """A field that the row lacks has no line, and a group without lines no heading."""
    text = "\n".join(plain(outcome_lines({"clashes": 3}, FIELDS)))
    assert text.split() == ["Incidents", "clashes", "3"]


def test_nothing_makes_no_lines() -> None:
    """No outcomes, no table."""
    assert list(outcome_lines({}, FIELDS)) == []


def test_headings_are_bold_and_nothing_else() -> None:
    """Bold marks the headings."""
    text = "\n".join(outcome_lines(ROW, FIELDS))
    assert re.findall(r"\x1b\[1m(.*?)\x1b\[0m", text) == [
        "People",
        "Incidents",
        "Flow",
        "Detection",
    ]


def test_what_is_zero_is_told_in_one_line() -> None:
    """One line names the outcomes of zero, without unknown ones."""
    row = {"killed": 0, "wounded": 0, "stopped": 0.0, "seized": None}
    assert plain(outcome_lines(row, FIELDS)) == [
        "People",
        "  none: guards killed, guards wounded",
        "",
        "Flow",
        "  drugs seized  –",
        "  none: share of flow stopped",
    ]


@given(st.lists(st.sampled_from([0, 0.0, 1, 2.5, None]), min_size=6, max_size=6))
def test_no_outcome_is_left_out(values: list[float | None]) -> None:
    """Each label is in the table exactly once, for any values."""
    row = dict(zip((field.name for field in FIELDS), values, strict=True))
    text = "\n".join(plain(outcome_lines(row, FIELDS)))
    for field in FIELDS:
        assert len(re.findall(rf"\b{field.label}\b", text)) == 1
