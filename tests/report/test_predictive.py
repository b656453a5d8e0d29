"""The predictive check: the model's years beside what was reported."""

from math import inf

import numpy as np
import pytest
from calibrations import check, checks
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex
from pictures import collisions, outside, words_of

from sim.report import style
from sim.report.predictive import finding, predictive_page, rows
from sim.report.style import save

YEARS = np.linspace(0.0, 10.0, 101)


def told(figure):
    """All words of a figure, in one line."""
    return " ".join(words for words, _ in words_of(figure)).replace("\n", " ")


@pytest.mark.parametrize("found", [checks(), checks()[4:5], []])
def test_no_words_overlap(found):
    """Targets, numbers and remarks keep apart, for none, one and many; no NaN is written."""
    figure = predictive_page(found)
    assert collisions(figure) == []
    assert outside(figure) == []
    assert not {"nan", "inf", "none"} & set(told(figure).lower().split())


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(-1e7, 1e7), st.floats(0.001, 1e5), st.booleans()),
        min_size=1, max_size=5,
    )
)  # fmt: skip
def test_words_keep_apart_whatever_the_figures(drawn):
    """Large and small, met and missed."""
    found = [
        check(f"target_{i}", YEARS * scale, value, weight=float(fit), scale=scale)
        for i, (value, scale, fit) in enumerate(drawn)
    ]
    figure = predictive_page(found)
    assert collisions(figure) == []
    assert outside(figure) == []


def test_fitted_and_other_targets_have_headings():
    """Each under its heading, which counts the targets that are reached."""
    lines = rows(checks())
    assert [row.words for row in lines if row.check is None] == [
        "fitted: 3 of 4 reached", "not fitted: 1 of 3 reached",
    ]  # fmt: skip
    assert [row.check.fitted for row in lines if row.check] == [True] * 4 + [False] * 3


def test_the_axis_counts_in_the_targets_own_scale():
    """A bar from 5 % to 95 % of years, less what was reported, over the scale."""
    (ax,) = predictive_page([check("a", YEARS, 5.0, scale=2.0)]).axes
    (bar,) = (line for line in ax.lines if line.get_linewidth() == 4.0)
    assert list(bar.get_xdata()) == pytest.approx([(0.5 - 5.0) / 2.0, (9.5 - 5.0) / 2.0])
    (dot,) = (line for line in ax.lines if line.get_marker() == "o")
    assert dot.get_xdata()[0] == pytest.approx(0.0)


def test_an_interval_is_centred_and_a_lower_bound_is_open():
    """A band as wide as the interval around 0; from 0 to the right end for a lower bound."""
    (ax,) = predictive_page([check("range", YEARS, 4.0, 6.0), check("floor", YEARS, 5.0, inf)]).axes
    shaded = (each for each in ax.collections if isinstance(each, PolyCollection))
    bands = [each.get_paths()[0].get_extents() for each in shaded]
    assert (bands[0].x0, bands[0].x1) == pytest.approx((-1.0, 1.0))
    assert bands[1].x0 == 0.0
    assert bands[1].x1 == pytest.approx(ax.get_xlim()[1])


def test_what_is_hardly_ever_reached_is_marked():
    """In vermilion and in words; the others are blue."""
    (ax,) = predictive_page([check("met", YEARS, 5.0), check("missed", YEARS, 12.0)]).axes
    colours = [to_hex(line.get_color()).upper() for line in ax.lines if line.get_linewidth() == 4.0]
    assert colours == [style.BLUE, style.VERMILION]
    assert [text.get_text() for text in ax.texts].count("hardly ever") == 1


def test_what_lies_too_far_ends_in_an_arrow():
    """One target far off does not squeeze the others."""
    (ax,) = predictive_page([check("far", YEARS, 5000.0), check("near", YEARS, 5.0)]).axes
    assert max(map(abs, ax.get_xlim())) <= 8.0
    assert [line.get_marker() for line in ax.lines].count("<") == 1


@pytest.mark.parametrize(
    ("found", "title", "beneath"),
    [
        ([], "no target", ""),
        (checks()[:1], "reach 1 of 1 fitted target",
         "Every target is within reach (p at least 0.05)"),
        (checks(), "reach 3 of 4 fitted targets and 1 of 3 other targets",
         "Hardly ever reached (p below 0.05): seized kg, never and like that of december"),
    ],
)  # fmt: skip
def test_the_title_says_the_finding(found, title, beneath):
    """How many targets are reached, and which hardly are."""
    words = finding(found)
    assert title in words[0]
    assert words[1] == beneath


def test_p_and_gaps_are_written():
    """The p-value of each target, and in how many years a ratio has no value."""
    words = told(predictive_page([checks()[0], *checks()[4:6]]))
    assert "never has a value" in words
    assert "no value in 34 %" in words
    assert f"{checks()[0].p:.2f}" in words


@pytest.mark.slow
def test_the_same_checks_give_the_same_bytes(tmp_path):
    """A figure depends only on its checks."""
    one = save(predictive_page(checks()[:3]), tmp_path / "one.svg").read_bytes()
    assert save(predictive_page(checks()[:3]), tmp_path / "two.svg").read_bytes() == one
