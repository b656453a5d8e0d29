"""The corner: what was learnt about each parameter, and about pairs."""

import numpy as np
import pytest
from calibrations import Flat, learnt, posterior_at, priors
from matplotlib.figure import Figure
from pictures import collisions, outside, words_of

from sim.calibrate.record import TabulatedPrior
from sim.comparison.number_format import MINUS, per_cent
from sim.report.corner import broken, contraction, corner_page, marginal, pair
from sim.report.ranked_posterior import RankedPosterior
from sim.report.style import blank, save, styled


def told(figure):
    """All words of a figure, in one line."""
    return " ".join(words for words, _ in words_of(figure)).replace("\n", " ")


def one_draw(count=4):
    """A posterior of a single member."""
    return posterior_at(np.full((1, count), 0.3), priors(count)), priors(count)


def all_alike():
    """Members that agree on the first parameter."""
    rng = np.random.default_rng(3)
    places = np.c_[np.full(30, 0.4), rng.random((30, 2))]
    return posterior_at(places, priors(3)), priors(3)


@pytest.fixture
def ax():
    """Empty axes."""
    with styled():
        yield blank(4.0, 3.0).add_axes((0.3, 0.2, 0.6, 0.7))


CASES = {
    "one parameter": (lambda: learnt(1), 8),
    "one draw": (lambda: one_draw(2), 8),
    "all alike": (all_alike, 8),
    "thirteen in the list": (learnt, 3),
}


@pytest.mark.parametrize(
    "case",
    [
        *("one parameter", "one draw", "thirteen in the list"),
        pytest.param("all alike", marks=pytest.mark.slow),
    ],
)
def test_no_words_overlap(case):
    """Names, numbers, shares and notes keep apart and are on the page; no NaN is drawn."""
    made, most = CASES[case]
    figure = corner_page(*made(), most=most)
    assert collisions(figure) == []
    assert outside(figure) == []
    assert not {"nan", "inf"} & set(told(figure).lower().split())


@pytest.mark.slow
@pytest.mark.parametrize("most", [8, 13])
def test_thirteen_in_pairs_are_readable(most):
    """The corner as drawn by default, and the largest: 78 pairs."""
    figure = corner_page(*learnt(), most=most)
    assert collisions(figure) == []
    assert outside(figure) == []


def test_the_corner_has_the_most_learnt_and_the_list_has_all():
    """Of thirteen parameters five are left out, which the page says; the list has all."""
    figure = corner_page(*learnt(), most=2)
    words = told(figure)
    assert "leaves out the 11 about which least was learnt" in words
    listed = figure.axes[-1]
    assert [label.get_text() for label in listed.get_yticklabels()] == [
        one.key for one in RankedPosterior(*learnt()).known
    ]
    assert len(figure.axes) == 2 + 1 + 1


def test_what_is_kept_is_written_above_each_marginal():
    """The posterior's standard deviation over the prior's."""
    posterior, believed = learnt(2)
    words = told(corner_page(posterior, believed))
    for found in posterior.summary():
        assert f"keeps {per_cent(found.kept)} of its prior spread" in words


def test_parameters_stand_in_the_order_of_learning(ax):
    """The shortest bar is on top; bars of unmoved parameters are grey."""
    learning = RankedPosterior(*learnt(6))
    assert contraction(learning, ax, shown=2) is ax
    widths = [path.get_extents().width for path in ax.collections[-1].get_paths()]
    assert widths == sorted(widths)
    kept = [one.marginal.kept for one in learning.known]
    assert kept == sorted(kept)


def test_the_prior_is_an_outline_of_the_same_area(ax):
    """A flat prior is a box of height 1 over the width; the posterior's area is 1 too."""
    posterior, believed = learnt(2)
    learning = RankedPosterior(posterior, believed)
    place = [one.key for one in learning.known].index("smugglers.loads_per_year")
    assert marginal(learning, ax, place=place) is ax
    (outline,) = (line for line in ax.lines if line.get_marker() == "None")
    assert max(outline.get_ydata()) == pytest.approx(1.0 / 1600.0)
    corners = ax.collections[0].get_paths()[0].vertices
    x, y = corners[:, 0], corners[:, 1]
    area = 0.5 * abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1)))
    assert area == pytest.approx(1.0, abs=0.02)


def test_a_pair_spans_what_the_priors_span(ax):
    """So empty parts of a panel show what was learnt."""
    posterior, believed = learnt(2)
    learning = RankedPosterior(posterior, believed)
    assert pair(learning, ax, across=0, up=1) is ax
    for one, ends in zip(learning.known, (ax.get_xlim(), ax.get_ylim()), strict=True):
        prior = next(p for p in believed if p.key == one.key)
        assert ends[0] <= prior.quantile(0.005)
        assert ends[1] >= prior.quantile(0.995)


def test_draws_without_a_spread_are_dots(ax):
    """No contour is made up where members coincide."""
    learning = RankedPosterior(*one_draw(2))
    pair(learning, ax, across=0, up=1)
    assert not ax.collections
    assert [line.get_marker() for line in ax.lines] == ["o", "+"]


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (one_draw, "says nothing about what was learnt"),
        (lambda: learnt(1), "The reports narrow the prior: smugglers.loads_per_year"),
        (lambda: (posterior_at(EVEN[:, :2], priors(2)), priors(2)), "teach almost nothing"),
        (lambda: learnt(8), "The reports teach something about"),
    ],
)
def test_the_title_says_the_finding(made, words):
    """How many parameters were narrowed, which most, or that none was."""
    assert words in RankedPosterior(*made()).finding()


EVEN = np.random.default_rng(5).permuted(
    np.tile(((np.arange(400) + 0.5) / 400)[:, None], (1, 3)), axis=0
)


def test_the_strongest_correlation_is_named():
    """Two parameters that move together are named with their correlation; chance is not."""
    places = EVEN.copy()
    places[:, 1] = 1.0 - places[:, 0]
    tied = RankedPosterior(posterior_at(places, priors(3)), priors(3)).beneath(3)
    assert f"correlation: {MINUS}1.00, smugglers.loads_per_year with patrols.p_sight" in tied
    assert "correlation" not in RankedPosterior(posterior_at(EVEN, priors(3)), priors(3)).beneath(3)


@pytest.mark.slow
def test_the_order_of_priors_and_their_form_do_not_matter(tmp_path):
    """Reversed, or read back from a table of their quantiles, they give the same bytes."""
    posterior, believed = learnt(2)
    forms = {
        "as they are": believed,
        "reversed": believed[::-1],
        "tabulated": [TabulatedPrior.of(prior) for prior in believed],
    }
    drawn = {
        save(corner_page(posterior, form), tmp_path / f"{i}.svg").read_bytes()
        for i, form in enumerate(forms.values())
    }
    assert len(drawn) == 1


def test_a_prior_at_one_point_is_drawn():
    """Nothing can be learnt about it, and its panel has a width all the same."""
    believed = [Flat("fixed", 2.0, 2.0), Flat("free")]
    posterior = posterior_at(EVEN[:, :2], believed)
    assert isinstance(corner_page(posterior, believed), Figure)


def test_keys_break_at_dots_before_underscores():
    """And only where they do not fit."""
    figure = blank()
    assert broken(figure, "a.b_c", 500.0) == "a.b_c"
    assert broken(figure, "smugglers.loads_per_year", 120.0) == "smugglers.\nloads_per_year"
    assert "\n" in broken(figure, "a_word_after_a_word_after_a_word", 80.0)
