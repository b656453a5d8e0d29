"""The strip map of a run."""

from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib.collections import PathCollection, PolyCollection
from matplotlib.colors import to_hex
from pictures import START, alert, collisions, counted, crossing, incident, outside, run, words_of

import sim
from sim.frontier.ground import Ground
from sim.incidents.kinds import INCIDENTS
from sim.incidents.records import AlertChange
from sim.report import style
from sim.report.one_run import OneRun
from sim.report.strip_map import draw_strip_map, finding
from sim.report.style import save

LAND = Ground.default()

CASES = {
    "year": (*run(1012, 60, 365.0), alert("elevated", "emergency", "routine"), 365.0),
    "month": (*run(90, 6, 30.0), alert("elevated"), 30.0),
    "three years": (*run(3000, 200, 1095.0), alert("routine", "heightened", every=400.0), 1095.0),
    "nothing": ([], [], [], 365.0),
    "ten thousand": (*run(10_000, 70, 365.0), alert("elevated"), 365.0),
    "a day": (*run(20, 3, 1.0), alert("emergency"), 1.0),
    "a century": (*run(50, 10, 36_500.0), [], 36_500.0),
}
EACH = pytest.mark.parametrize("case", CASES)


def strip_map(crossings, incidents, changes, days=30.0, start=START):
    """The strip map of a made-up run."""
    spec = sim.load("baseline").model_copy(update={"start": start, "days": days})
    return draw_strip_map(OneRun(spec, 1, days, crossings, incidents, changes))


@cache
def drawn(case):
    """The strip map of a case."""
    return strip_map(*CASES[case])


def panel(figure):
    """The panel of chainage and time."""
    return figure.axes[1]


@EACH
def test_no_words_overlap(case):
    """Title, legends, districts, ticks and labels keep apart, and all are on the page."""
    figure = drawn(case)
    assert collisions(figure) == []
    assert outside(figure) == []


@EACH
def test_all_thirteen_districts_are_named(case):
    """Each name appears once, above its stretch."""
    shown = [words for words, _ in words_of(drawn(case))]
    for district in LAND.districts:
        assert shown.count(district.name) == 1


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
def test_the_same_run_gives_the_same_bytes(ending, tmp_path):
    """A figure depends only on what it shows."""
    one, two = (
        save(drawn.__wrapped__("month"), tmp_path / f"{name}{ending}").read_bytes() for name in "ab"
    )
    assert one == two


def test_a_kind_has_its_colour_wherever_it_stands():
    """In the panel, in the margin and in the legend."""
    told = [incident(kind=kind, at=float(at)) for at, kind in enumerate(INCIDENTS)]
    figure = strip_map([], told, [], 30.0)
    colours = {
        float(at): to_hex(points.get_facecolor()[0])
        for points in panel(figure).collections
        if isinstance(points, PathCollection)
        for _, at in points.get_offsets()
    }
    looks = INCIDENTS.values()
    assert colours == {float(at): to_hex(look.colour) for at, look in enumerate(looks)}
    bars = {to_hex(bar.get_facecolor()) for bar in figure.axes[2].patches}
    assert bars == {to_hex(look.colour) for look in looks}
    assert {look.label for look in looks} <= {words for words, _ in words_of(figure)}


def test_the_deadly_are_drawn_larger():
    """Size tells whether someone died."""
    figure = strip_map([], [incident(), incident(at=20.0, killed_guards=1)], [], 30.0)
    sizes = {
        float(each.get_offsets()[0][1]): float(each.get_sizes()[0])
        for each in panel(figure).collections
        if isinstance(each, PathCollection) and len(each.get_offsets())
    }
    assert sizes[20.0] > 2 * sizes[10.0]


def test_time_runs_down_and_chainage_to_the_right():
    """January on top, the Uzbekistan tripoint at the left."""
    axes = panel(drawn("year"))
    assert axes.get_ylim() == (365.0, 0.0)
    assert axes.get_xlim() == (0.0, 1340.0)


def test_only_crossings_that_nobody_stopped_are_dots():
    """Crossings that were stopped are incidents."""
    flow = [
        crossing(at=1.0),
        crossing(at=2.0, ending="clash"),
        crossing(at=3.0, ending="turned_back"),
        crossing(at=4.0, actor="militants", ending="withdrew"),
        crossing(at=5.0, actor="militants", ending="withdrew", contact_at=5.5),
    ]
    shown = panel(strip_map(flow, [], [], 30.0)).collections
    dots = next(each for each in shown if isinstance(each, PathCollection))
    assert dots.get_offsets()[:, 1].tolist() == [1.0, 3.0, 4.0]


def test_the_margins_count_what_the_panel_shows():
    """Bars by place and bars by time both add up to the points."""
    crossings, incidents, _, _ = CASES["year"]
    figure = drawn("year")
    shown = sum(c.ending in ("through", "withdrew", "open") for c in crossings) + len(incidents)
    _, _, by_place, by_time, *_ = figure.axes
    assert counted(by_place) == counted(by_time) == shown


@pytest.mark.parametrize(
    ("days", "name"),
    [(1.0, "hour"), (30.0, "day"), (120.0, "week"), (365.0, "2 weeks"), (1095.0, "4 weeks")],
)
def test_the_margin_of_time_says_its_unit(days, name):
    """Bins suit the span: two weeks in a year."""
    figure = strip_map([], [], [], days)
    assert f"per {name}" in {words for words, _ in words_of(figure)}


def test_ten_thousand_dots_are_one_picture():
    """A vector file of so many dots would be too slow to open."""
    for name, one in (("ten thousand", True), ("month", False)):
        dots = next(c for c in panel(drawn(name)).collections if isinstance(c, PathCollection))
        assert bool(dots.get_rasterized()) is one


def shades(figure):
    """Colour and corners of each stretch of an alert level."""
    return [
        (to_hex(each.get_facecolor()[0]), each.get_paths())
        for each in panel(figure).collections
        if isinstance(each, PolyCollection)
    ]


def test_a_fixed_level_is_in_the_legend():
    """One level all year is a shade to explain, and the only one."""
    figure = strip_map([], [], alert("heightened"), 365.0)
    ((colour, boxes),) = shades(figure)
    assert colour == to_hex(style.LEVEL_COLOURS["heightened"])
    assert len(boxes) == len(LAND.districts)
    words = {words for words, _ in words_of(figure)}
    assert {"alert level", "heightened"} <= words
    assert words.isdisjoint({"routine", "elevated", "emergency"})


def test_a_level_lasts_until_the_next_change():
    """The box ends where the next one begins, the last at the horizon."""
    changes = alert("routine", "emergency", every=10.0, districts=["darvoz"])
    boxes = dict(shades(strip_map([], [], changes, 30.0)))
    darvoz = next(d for d in LAND.districts if d.slug == "darvoz")
    spans = {
        level: np.array(boxes[to_hex(style.LEVEL_COLOURS[level])][0].vertices)
        for level in ("routine", "emergency")
    }
    assert (spans["routine"][:, 1].min(), spans["routine"][:, 1].max()) == (0.0, 10.0)
    assert (spans["emergency"][:, 1].min(), spans["emergency"][:, 1].max()) == (10.0, 30.0)
    assert spans["routine"][:, 0].min() == darvoz.km_from
    assert spans["routine"][:, 0].max() == darvoz.km_to


def test_a_change_of_the_whole_frontier_shades_every_district():
    """A district that is none of the thirteen means all of them."""
    changes = [AlertChange(0.0, "frontier", "elevated", "test")]
    ((_, boxes),) = shades(strip_map([], [], changes, 30.0))
    assert len(boxes) == 13


def test_without_changes_nothing_is_shaded():
    """Without changes the level is unknown."""
    assert shades(drawn("nothing")) == []


@pytest.mark.parametrize(
    ("crossings", "incidents", "expected"),
    [
        ([], [], "No crossings; no clashes"),
        ([crossing()], [], "1 crossing, none stopped; no clashes"),
        (
            [crossing()] * 1100 + [crossing(ending="clash")] * 2,
            [incident(clash=True)] * 2 + [incident(550.0, clash=True)],
            "1,102 crossings, 2 stopped; 3 clashes, 2 of them in Shamsiddin Shohin",
        ),
        (
            [crossing(), crossing(ending="load_left")],
            [incident(clash=True)],
            "2 crossings, 1 stopped; 1 clash",
        ),
        (
            [crossing()],
            [incident(clash=True)] * 2,
            "1 crossing, none stopped; 2 clashes, all of them in Shamsiddin Shohin",
        ),
        (
            [crossing()],
            [incident(clash=True)] * 2 + [incident(100.0, clash=True), incident(550.0, clash=True)],
            "1 crossing, none stopped; 4 clashes, half of them in Shamsiddin Shohin",
        ),
        (
            [crossing()],
            [incident(clash=True), incident(550.0, clash=True)],
            "1 crossing, none stopped; 2 clashes",
        ),
    ],
)
def test_the_finding_is_in_words(crossings, incidents, expected):
    """The flow, what was stopped, and where the clashes were, if in one place."""
    assert finding(crossings, incidents, LAND) == expected


def test_the_finding_is_the_title():
    """The finding is above the figure."""
    crossings, incidents, _, _ = CASES["year"]
    told = {words.replace("\n", " ") for words, _ in words_of(drawn("year"))}
    assert finding(crossings, incidents, LAND) in told


@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, 300), st.integers(0, 40), st.floats(0.5, 4000), st.integers(0, 99),
    st.lists(st.sampled_from(sorted(style.LEVEL_COLOURS)), max_size=4), st.dates(),
)  # fmt: skip
def test_words_keep_apart_in_any_run(n_crossings, n_incidents, days, seed, levels, start):
    """Random runs over random spans: no overlap, nothing off the page."""
    start = min(start, start.replace(year=min(start.year, 9900)))
    crossings, incidents = run(n_crossings, n_incidents, days, seed)
    figure = strip_map(crossings, incidents, alert(*levels), days, start)
    assert collisions(figure) == []
    assert outside(figure) == []
