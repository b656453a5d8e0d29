"""Where words go."""

from itertools import accumulate, combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.text import Text

from sim.report.labels import GAP, lanes, spread, staircase, text_extent, text_size, wrap
from sim.report.style import blank

lengths = st.floats(1, 400)
boxes = st.lists(st.tuples(st.floats(0, 1280), lengths, st.floats(8, 60)), max_size=12)


@given(boxes)
def test_labels_of_a_staircase_keep_apart(labels):
    """No two boxes that start right of their anchors overlap."""
    labels = sorted(labels)
    anchors, sizes = [x for x, _, _ in labels], [(w, h) for _, w, h in labels]
    rises = staircase(anchors, sizes)
    for i in range(len(labels)):
        for j in range(i + 1, len(labels)):
            beside = anchors[j] >= anchors[i] + GAP + sizes[i][0]
            assert beside or rises[i] >= rises[j] + sizes[j][1] + GAP


@given(boxes)
def test_no_leader_of_a_staircase_crosses_a_label(labels):
    """A leader under an earlier label stops below it."""
    labels = sorted(labels)
    anchors, sizes = [x for x, _, _ in labels], [(w, h) for _, w, h in labels]
    rises = staircase(anchors, sizes)
    for i, x in enumerate(anchors):
        for j in range(len(anchors)):
            under = anchors[j] + GAP < x < anchors[j] + GAP + sizes[j][0]
            assert not under or rises[i] + sizes[i][1] <= rises[j]


def test_labels_far_apart_share_a_height():
    """No label is raised without need."""
    assert staircase([0.0, 100.0, 200.0], [(50.0, 10.0)] * 3) == [0.0, 0.0, 0.0]


def test_close_labels_make_steps():
    """The earlier label is above the later."""
    assert staircase([0.0, 10.0, 20.0], [(50.0, 10.0)] * 3) == [28.0, 14.0, 0.0]


@given(st.lists(st.floats(0, 500), max_size=15), st.floats(1, 30))
def test_spread_labels_are_apart_in_order_and_inside(wanted, least):
    """Apart by the least distance, or evenly where there is no room for it."""
    wanted = sorted(wanted)
    placed = spread(wanted, least, 0.0, 500.0)
    room = min(least, 500.0 / max(len(wanted) - 1, 1))
    assert all(b - a >= room - 1e-6 for a, b in pairwise(placed))
    assert all(-1e-6 <= y <= 500 + 1e-6 for y in placed)


@given(st.lists(st.integers(0, 15), min_size=1, max_size=15, unique=True))
def test_spread_leaves_labels_that_do_not_touch(places):
    """Where nothing has to move, nothing moves."""
    wanted = sorted(30.0 * place for place in places)
    assert spread(wanted, 20.0, 0.0, 450.0) == pytest.approx(wanted)


def test_two_that_touch_move_equally():
    """Least squares: each gives way by half."""
    assert spread([100.0, 102.0], 10.0, 0.0, 500.0) == pytest.approx([96.0, 106.0])
    assert spread([], 10.0, 0.0, 500.0) == []


@given(st.lists(st.tuples(st.floats(0, 1000), st.floats(5, 150)), max_size=13))
def test_labels_in_one_lane_keep_apart(labels):
    """Whatever their widths, no box lies on another."""
    labels = sorted(labels)
    middles, widths = [x for x, _ in labels], [w for _, w in labels]
    found = lanes(middles, widths)
    for i, j in combinations(range(len(labels)), 2):
        if found[i] == found[j]:
            assert abs(middles[i] - middles[j]) >= (widths[i] + widths[j]) / 2


@given(st.lists(st.tuples(st.floats(30, 200), st.floats(5, 50)), max_size=13))
def test_no_leader_to_a_lane_crosses_a_label(labels):
    """Labels that leave each other's middles free can all be reached."""
    middles = list(accumulate(gap for gap, _ in labels))
    widths = [width for _, width in labels]
    found = lanes(middles, widths)
    for i, j in combinations(range(len(labels)), 2):
        if found[i] != found[j]:
            lower = i if found[i] < found[j] else j
            assert abs(middles[i] - middles[j]) >= widths[lower] / 2


def test_labels_over_each_others_middles_are_stacked():
    """A leader must then pass behind a label; the words stay legible."""
    assert lanes([100.0, 110.0, 120.0], [80.0, 80.0, 80.0]) == [0, 1, 2]


def test_words_are_broken_to_a_width_and_none_is_lost():
    """Lines are as long as fits; a word wider than the width has its own line."""
    figure = blank()
    words = "the quick brown fox jumps over the extraordinarily lazy dog"
    lines = wrap(figure, words, 90.0, fontsize=8).split("\n")
    assert " ".join(lines) == words
    assert len(lines) > 3
    assert all(text_size(figure, line, fontsize=8)[0] <= 90 or " " not in line for line in lines)
    assert wrap(figure, "", 90.0) == ""


def test_measuring_leaves_no_text_in_the_figure():
    """The probe is removed again."""
    figure = blank()
    width, height = text_size(figure, "words", fontsize=10)
    assert width > height > 5
    assert figure.texts == []


def test_a_text_without_a_figure_has_no_extent():
    """Without a figure there is no resolution."""
    with pytest.raises(ValueError, match="without a figure"):
        text_extent(Text(0, 0, "words"))
