"""The anatomy of an incident, drawn."""

import dataclasses
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from pictures import (
    ANATOMIES,
    POSTS,
    anatomy,
    collisions,
    drone,
    incident,
    kavo,
    manhunt,
    outside,
    words_of,
)

from sim.frontier.ground import Ground
from sim.incidents.anatomy import MARK_KINDS, Anatomy, Mark
from sim.incidents.narrative import sentence
from sim.report import style
from sim.report.anatomy import MARK_STYLES, draw_anatomy
from sim.report.style import save

LAND = Ground.default()

CASES = pytest.mark.parametrize("make", ANATOMIES.values(), ids=ANATOMIES.keys())


@CASES
def test_no_words_overlap(make):
    """Labels, posts, ticks, legend and title keep apart, and all are on the page."""
    figure = draw_anatomy(make())
    assert collisions(figure) == []
    assert outside(figure) == []


@CASES
def test_the_title_is_the_sentence_of_the_incident(make):
    """The whole sentence is at the top."""
    made = make()
    told = sentence(made.incident, made.start, LAND)
    assert told in {words.replace("\n", " ") for words, _ in words_of(draw_anatomy(made))}


@CASES
def test_every_mark_has_words_with_its_time(make):
    """One label per mark, with the time; labels wrap but lose nothing."""
    made = make()
    shown = [words.replace("\n", " ") for words, _ in words_of(draw_anatomy(made))]
    for mark in made.marks:
        assert sum(words.endswith(f" {mark.label}") for words in shown) == 1


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
def test_the_same_incident_gives_the_same_bytes(ending, tmp_path):
    """A figure depends only on what it shows."""
    one, two = (
        save(draw_anatomy(kavo()), tmp_path / f"{name}{ending}").read_bytes() for name in "ab"
    )
    assert one == two


def test_the_picture_has_its_size():
    """1280 by 800 pixels at 110 dots an inch."""
    assert draw_anatomy(kavo()).bbox.size.tolist() == pytest.approx([1280, 800])


def test_every_kind_of_mark_has_a_look_of_its_own():
    """No two kinds share both colour and marker."""
    assert set(MARK_STYLES) == set(MARK_KINDS)
    assert len(set(MARK_STYLES.values())) == len(MARK_KINDS)


def test_the_group_is_drawn_in_both_panels():
    """Chainage above, depth below, over the same times."""
    made = kavo()
    line, depth = draw_anatomy(made).axes
    for axes, place in ((line, 1), (depth, 2)):
        (path,) = [
            each for each in axes.lines
            if to_hex(each.get_color()).upper() == style.VERMILION and each.get_linewidth() > 2
        ]  # fmt: skip
        assert list(path.get_xdata()) == [point[0] for point in made.path]
        assert list(path.get_ydata()) == [point[place] for point in made.path]


def test_a_strike_from_afar_shows_no_group():
    """The target, the patrols and the time, but no group."""
    shown = {words for words, _ in words_of(draw_anatomy(drone()))}
    assert "patrol" in shown
    assert "militants" not in shown
    assert "response team" not in shown


def test_the_band_is_as_wide_as_patrols_see():
    """Each band extends by the sight range on either side of its path."""
    made = kavo()
    axes = draw_anatomy(made).axes[0]
    low, high = axes.get_ylim()
    seen = [line for _, line in made.sorties if any(low <= km <= high for _, km in line)]
    bands, lines = axes.collections[:2]
    assert len(bands.get_paths()) == len(lines.get_segments()) == len(seen)
    for path, (_, km) in zip(bands.get_paths(), (line[0] for line in seen), strict=True):
        assert path.vertices[0][1] == pytest.approx(km - made.sight_range_km)


def test_many_sorties_are_drawn_thin():
    """A week of patrols must not hide the group."""

    def width(made):
        return draw_anatomy(made).axes[0].collections[1].get_linewidths()[0]

    assert width(manhunt()) < width(kavo()) / 2


def test_the_view_stays_on_the_line():
    """Near either end nothing beyond km 0 or 1,340 is shown."""
    for km, post in ((3.0, 8.0), (1338.0, 1330.0)):
        made = anatomy(incident(km, 20.0), 19.9, 20.1, (("Post 1", post),))
        low, high = draw_anatomy(made).axes[0].get_ylim()
        assert low >= -0.5
        assert high <= 1340.5
        assert low < km < high


def test_the_legend_shows_only_what_occurs():
    """By day there is no night to explain."""
    bare = Anatomy("", incident(at=20.5), 20.45, 20.55, kavo().start, LAND)
    shown = {words for words, _ in words_of(draw_anatomy(bare))}
    assert shown.isdisjoint({"night", "patrol", "post", "response team", "smugglers"})
    assert collisions(draw_anatomy(bare)) == []


def test_marks_outside_the_span_are_left_out():
    """A label without a place in the figure would mislead."""
    made = kavo()
    late = made.marks[0]._replace(t=made.t1 + 1, label="much later")
    figure = draw_anatomy(dataclasses.replace(made, marks=(*made.marks, late)))
    assert not any("much later" in words for words, _ in words_of(figure))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Shamsiddin Shohin 3", "Shamsiddin Shohin 3"),
        ("A post with a very long name indeed 17", r"A post with a .*… 17"),
        ("Averylongnamewithoutanyspacewhatsoever", r"Averylongname.*…"),
    ],
)
def test_a_long_name_of_a_post_keeps_its_number(name, shown):
    """The number distinguishes posts of a district."""
    figure = draw_anatomy(anatomy(incident(430.0, 20.0), 19.9, 20.1, ((name, 430.0),)))
    assert any(re.fullmatch(shown, words) for words, _ in words_of(figure))
    assert outside(figure) == []


def test_too_many_marks_lose_the_least_important():
    """Alarms are left out before the contact."""
    made = kavo()
    crowd = tuple(
        Mark(
            made.t0 + 0.3 + i * 1e-4, 434.0, 0.0, f"alarm number {i} of a long row of them", "alarm"
        )
        for i in range(20)
    )
    figure = draw_anatomy(dataclasses.replace(made, marks=(*made.marks, *crowd)))
    shown = " ".join(words.replace("\n", " ") for words, _ in words_of(figure))
    assert "contact; 2 guards and 3 militants dead" in shown
    assert "alarm number 19" not in shown
    assert collisions(figure) == []


def test_a_span_needs_a_length():
    """A span of no length is refused."""
    with pytest.raises(ValueError, match="t1 > t0"):
        draw_anatomy(dataclasses.replace(kavo(), t1=kavo().t0))


labels = st.text(alphabet="abc de", min_size=1, max_size=60).map(lambda words: words.strip() or "x")
spans = st.sampled_from([3 / 24, 0.5, 1.0, 3.0, 7.0])


@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(
    spans,
    st.floats(0, 364),
    st.floats(0, 1340),
    st.lists(
        st.tuples(st.floats(0, 1), st.floats(-30, 30), st.floats(-20, 40), labels,
                  st.sampled_from(MARK_KINDS)),
        max_size=9,
    ),
    st.integers(0, 12),
)  # fmt: skip
def test_words_keep_apart_whatever_happened(span, t0, km, marks, n_posts):
    """Random spans, places, posts and marks: no overlap, nothing off the page."""
    posts = tuple(
        (f"Post {i}", min(max(km + 7 * (i - n_posts // 2), 0), 1340)) for i in range(n_posts)
    )
    made = anatomy(
        incident(km, t0 + span / 2, clash=True, killed_smugglers=2, escaped=1),
        t0,
        t0 + span,
        posts or POSTS,
        marks=tuple(
            Mark(t0 + share * span, min(max(km + off, 0), 1340), depth, label, kind)
            for share, off, depth, label, kind in marks
        ),
    )
    figure = draw_anatomy(made)
    assert collisions(figure) == []
    assert outside(figure) == []
