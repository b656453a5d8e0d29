"""Names beside points."""

import random
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from sim.report.placement import _Ground, away, crosses, inside, meet, nearest, overlap, place

FRAME = (0.0, 0.0, 1000.0, 600.0)
coordinate = st.floats(0, 600)
points = st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=14)
boxes = st.tuples(coordinate, coordinate, st.floats(1, 200), st.floats(1, 60)).map(
    lambda box: (box[0], box[1], box[0] + box[2], box[1] + box[3])
)


@given(points, st.floats(10, 180), st.floats(8, 26))
def test_names_keep_apart(spots, wide, tall):
    """Names overlap no other name and no point, and are inside the frame."""
    found = [box for box in place(spots, [(wide, tall)] * len(spots), FRAME) if box]
    for one, other in combinations(found, 2):
        assert not overlap(one, other)
    for box in found:
        assert inside(box, FRAME)
        assert all(away(box, spot) > 0.0 for spot in spots)


@given(points)
def test_a_few_short_names_all_find_a_place(spots):
    """Fourteen points in one spot still get their names."""
    assert None not in place(spots, [(60.0, 11.0)] * len(spots), (-300.0, -300.0, 1000.0, 1000.0))


def test_a_name_without_a_place_goes_first_in_another_try():
    """Seven wide names in one crowd, of which the first try loses one: all are placed."""
    draw = random.Random(0)
    spots = [(200 + draw.uniform(-25, 25), 150 + draw.uniform(-25, 25)) for _ in range(7)]
    crowd = (spots, [(90.0, 14.0)] * 7, (0.0, 0.0, 400.0, 300.0))
    assert _Ground(*crowd, ()).placed(range(7)).count(None) > 0
    assert None not in place(*crowd)


def test_no_name_lies_on_a_line():
    """A name avoids a line through its best place."""
    line = ((300.0, 300.0), (500.0, 300.0))
    (box,) = place([(300.0, 300.0)], [(50.0, 10.0)], FRAME, lines=[line])
    assert box is not None
    assert not crosses(*line, box)


def test_a_lone_name_stands_to_the_right():
    """The most readable side where nothing is in the way."""
    (box,) = place([(300.0, 300.0)], [(50.0, 10.0)], FRAME)
    assert box is not None
    assert box[0] > 300.0
    assert (box[1] + box[3]) / 2 == 300.0


def test_a_name_too_large_has_no_place():
    """Better no name than one over everything."""
    assert place([(5.0, 5.0)], [(5000.0, 10.0)], FRAME) == [None]


@given(boxes, st.tuples(coordinate, coordinate), st.tuples(coordinate, coordinate))
def test_a_line_that_crosses_has_a_point_inside(box, start, end):
    """A sampled point of the line inside the box means that it crosses."""
    steps = [i / 400 for i in range(401)]
    hit = any(
        box[0] <= start[0] + s * (end[0] - start[0]) <= box[2]
        and box[1] <= start[1] + s * (end[1] - start[1]) <= box[3]
        for s in steps
    )
    assert crosses(start, end, box) or not hit


def test_a_line_beside_a_box_does_not_cross():
    """Parallel, short of it, and past its corner."""
    box = (10.0, 10.0, 20.0, 20.0)
    assert not crosses((0.0, 5.0), (30.0, 5.0), box)
    assert not crosses((0.0, 15.0), (9.0, 15.0), box)
    assert not crosses((0.0, 12.0), (12.0, 0.0), box)
    assert crosses((0.0, 15.0), (30.0, 15.0), box)


@given(boxes, st.tuples(coordinate, coordinate))
def test_the_nearest_point_is_on_the_box(box, spot):
    """And no corner is nearer."""
    x, y = nearest(box, spot)
    assert box[0] <= x <= box[2]
    assert box[1] <= y <= box[3]
    corners = [(box[i], box[j]) for i in (0, 2) for j in (1, 3)]
    own = (x - spot[0]) ** 2 + (y - spot[1]) ** 2
    assert all(own <= (a - spot[0]) ** 2 + (b - spot[1]) ** 2 + 1e-9 for a, b in corners)


def test_lines_that_cross_meet():
    """An X crosses; parallels, a T and two that end in one point do not."""
    assert meet(((0.0, 0.0), (2.0, 2.0)), ((0.0, 2.0), (2.0, 0.0)))
    assert not meet(((0.0, 0.0), (2.0, 0.0)), ((0.0, 1.0), (2.0, 1.0)))
    assert not meet(((0.0, 0.0), (2.0, 0.0)), ((1.0, 0.0), (1.0, 2.0)))
    assert not meet(((0.0, 0.0), (1.0, 1.0)), ((2.0, 0.0), (1.0, 1.0)))


@given(points)
def test_leaders_do_not_cross(spots):
    """From each point to the nearest point of its name: no two cross."""
    found = place(spots, [(70.0, 12.0)] * len(spots), (-300.0, -300.0, 1000.0, 1000.0))
    leaders = [(spot, nearest(box, spot)) for spot, box in zip(spots, found, strict=True) if box]
    assert not any(meet(one, other) for one, other in combinations(leaders, 2))
