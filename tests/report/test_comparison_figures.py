"""What the figures of a comparison show, against the comparison itself."""

import numpy as np
import pytest
from batches import BATCHES, PLACES, TWELVE, districts, found_in, look, outcomes
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex
from pictures import words_of

from sim.comparison.comparison import compare
from sim.comparison.number_format import MINUS
from sim.comparison.stopping import LEAST, half_width
from sim.errors import PanjError
from sim.report import style
from sim.report.convergence import course, draw_convergence, needed, reached, usual_target
from sim.report.cost_harm import draw_cost_harm
from sim.report.displacement import draw_displacement, strips
from sim.report.forest import draw_forest, draw_outcome
from sim.report.ridgeline import draw_ridgeline
from sim.report.row_chart import fit_label
from sim.report.style import blank, styled


def told(figure):
    """All words of a figure, in one line."""
    return " ".join(words.replace("\n", " ") for words, _ in words_of(figure))


def title(figure):
    """The largest words."""
    text = max(figure.texts, key=lambda each: each.get_fontsize())
    return text.get_text().replace("\n", " ")


def values(table, scenario, outcome="victims"):
    """One outcome of the runs of a scenario."""
    return look(table, outcome).comparison.samples[scenario].known(outcome)


def test_the_numbers_are_those_of_the_comparison():
    """What is written beside a row is the contrast itself; a comparison is drawn as it is."""
    found = compare(BATCHES["twelve"], outcomes=["victims"], confidence=0.8)
    figure = draw_forest(found)
    for c in (c for c in found.of("victims") if c.p_equal != 1.0):
        low, high = (f"{end:+.2f}".replace("-", MINUS) for end in c.interval)
        assert f"[{low}, {high}]" in told(figure)
    assert "80 % interval" in told(figure)


def test_the_spread_is_that_of_the_years():
    """The thin line ends at the 5 % and 95 % quantiles of the differences themselves."""
    table = BATCHES["twelve"]
    c = look(table, "victims").contrasts[1]
    change = values(table, c.scenario) - values(table, "baseline")
    assert (c.p05, c.p95) == tuple(np.quantile(change, [0.05, 0.95], method="inverted_cdf"))
    assert (c.p_less, c.p_more) == ((change < 0).mean(), (change > 0).mean())


def test_forest_lines_end_where_the_numbers_do():
    """Thick: the interval of the mean; thin: the spread."""
    (ax,) = draw_forest(found_in(BATCHES["two"])).axes
    (c,) = look(BATCHES["two"], "victims").contrasts
    ends = {tuple(map(float, line.get_xdata())) for line in ax.lines}
    assert tuple(c.interval) in ends
    assert (c.p05, c.p95) in ends
    assert (c.difference,) in ends


def test_colour_says_better_or_worse_only_beyond_chance():
    """Blue for less harm beyond chance, vermilion for more cost, grey for what is not settled."""

    def colours(table, outcome):
        axes = draw_forest(found_in(table, outcome)).axes[0]
        thick = [line for line in axes.lines if line.get_linewidth() == 5.0]
        return [to_hex(line.get_color()).upper() for line in thick]

    assert colours(BATCHES["two"], "victims") == [style.BLUE]
    assert colours(BATCHES["two"], "cost_usd") == [style.VERMILION]
    assert colours(BATCHES["no difference"], "victims") == [style.GREY]


def test_rows_go_from_the_best_to_the_worst():
    """The baseline first; more stopped, less harm is better; scenarios without a value last."""
    for outcome, sign in (("victims", 1.0), ("interdiction_share", -1.0)):
        view = look(BATCHES["twelve"], outcome)
        first, *rest = view.ranked
        found = {c.scenario: c.difference for c in view.contrasts}
        assert first == "baseline"
        assert [sign * found[name] for name in rest] == sorted(sign * v for v in found.values())
    assert look(BATCHES["failures"], "victims").ranked[-1] == "lost"


def test_ridges_and_forest_share_their_rows():
    """The two panels have the same rows at the same heights."""
    left, right = draw_outcome(found_in(BATCHES["twelve"])).axes
    assert left.get_ylim() == right.get_ylim()
    assert left.get_position().y0 == right.get_position().y0
    assert left.get_position().y1 == right.get_position().y1
    assert left.get_yticks().tolist() == [*range(len(TWELVE))]


def test_a_ridge_has_its_quantiles():
    """5 %, median and 95 % stand below each ridge."""
    table = BATCHES["two"]
    (ax,) = draw_ridgeline(found_in(table)).axes
    own = values(table, "policy")
    p5, median, p95 = np.quantile(own, [0.05, 0.5, 0.95], method="inverted_cdf")
    ends = [float(x) for line in ax.lines for x in line.get_xdata()[-2:]]
    assert {p5, median, p95} <= set(ends)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["baseline", "policy"]


def test_the_title_says_the_finding():
    """The best settled change, against what, and under which policy."""
    title, beneath = look(BATCHES["two"], "victims").headline
    assert title == "Policy is better than baseline on victims"
    assert f"{title} {beneath}" in told(draw_outcome(found_in(BATCHES["two"])))
    assert " a run (90 % CI " in beneath
    assert beneath.endswith("of 40 paired runs, equal in 24")


@pytest.mark.parametrize(
    ("batch", "words"),
    [
        ("no difference", "No difference in victims between twin and baseline can be measured"),
        ("nothing varies", "None of the 2 policies makes a difference in victims"),
        ("baseline alone", "median 2 under baseline; nine runs in ten between"),
        ("nothing in common", "no runs in common"),
        ("two replicates", "Whether policy differs from baseline on victims is not settled"),
        ("enormous", "Huge is worse than baseline on victims"),
    ],
)
def test_a_title_claims_no_more_than_there_is(batch, words):
    """Zero differences, lone scenarios and few replicates are described as such."""
    assert words in title(draw_outcome(found_in(BATCHES[batch])))


def test_long_names_are_shortened_with_an_ellipsis():
    """Two lines at most, and never wider than the room."""
    with styled():
        figure = blank()
        lines = fit_label(figure, "a word " * 40, 120.0).split("\n")
        assert len(lines) == 2
        assert lines[1].endswith("…")
        assert fit_label(figure, "short", 120.0) == "short"


def test_the_line_joins_the_efficient():
    """Its corners are the efficient options; every scenario has a name and a point."""
    (ax,) = draw_cost_harm(found_in(BATCHES["twelve"])).axes
    (line,) = [line for line in ax.lines if line.get_linewidth() == 1.4]
    dots = [dot for dot in ax.lines if dot.get_marker() == "o"]
    chosen = [dot for dot in dots if to_hex(dot.get_color()).upper() == style.BLUE]
    blue = {tuple(np.ravel(dot.get_data()).tolist()) for dot in chosen}
    assert blue == set(map(tuple, np.column_stack(line.get_data()).tolist()))
    assert len([text for text in ax.texts if "%" in text.get_text()]) == len(TWELVE)


def test_costs_use_the_runs_that_all_scenarios_have():
    """Failed runs reduce the number of replicates, and the figure says how many are left."""
    assert "means over 30 paired runs" in told(draw_cost_harm(found_in(BATCHES["failures"])))


def test_displacement_to_the_next_district_is_shown():
    """Two crossings a year from one district to the next: fewer here, more there, in colour."""
    (strip,) = strips(look(PLACES["two"]).comparison, "not_stopped")
    changes = [row.change for row in strip.districts]
    assert (changes[6], changes[7]) == ("less", "more")
    each = [row.difference for row in strip.districts]
    assert strip.total.difference == pytest.approx(sum(each))
    figure = draw_displacement(found_in(PLACES["two"]), measure="not_stopped")
    assert "policy has fewer in Shamsiddin Shohin but more in Darvoz" in title(figure)


def test_where_nothing_moves_nothing_is_claimed():
    """A twin of the baseline changes no district."""
    figure = draw_displacement(found_in(PLACES["no difference"]))
    assert "no district changes beyond chance" in title(figure)


def test_bars_are_as_wide_as_their_districts():
    """Thirteen bars on the line's own scale."""
    (ax,) = draw_displacement(found_in(PLACES["two"])).axes
    assert ax.get_xlim() == (0.0, 1340.0)
    (bars,) = (each for each in ax.collections if isinstance(each, PolyCollection))
    widths = [path.get_extents().width for path in bars.get_paths()]
    assert len(widths) == 13
    assert sum(widths) == pytest.approx(0.94 * 1340.0)


def test_strips_share_one_scale():
    """A bar means the same in every strip: strips share an axis, each around its own zero."""
    found = look(districts(("baseline", "b", "c"))).comparison
    (axes,) = draw_displacement(found).axes
    (bars,) = (each for each in axes.collections if isinstance(each, PolyCollection))
    heights = sorted(path.get_extents().height for path in bars.get_paths())
    told = [row.difference for strip in strips(found, "victims") for row in strip.districts]
    assert heights == pytest.approx(sorted(map(abs, told)))


def test_the_course_ends_at_the_comparison():
    """After the last replicate the running mean is the mean, the half-width that of the rule."""
    table = BATCHES["two"]
    found = course(look(table, "victims").comparison, "victims", "policy")
    change = values(table, "policy") - values(table, "baseline")
    assert found.n[-1] == len(change)
    assert found.mean[-1] == pytest.approx(change.mean())
    assert found.half[-1] == half_width(change)
    for n, mean, half in zip(found.n, found.mean, found.half, strict=True):
        assert mean == pytest.approx(change[:n].mean())
        assert half == half_width(change[:n])


def test_a_target_is_met_only_when_it_is(monkeypatch):
    """Not before the least number of pairs; where it is not met, more pairs would be needed."""
    found = course(look(BATCHES["two"], "victims").comparison, "victims", "policy")
    assert found.n[-1] < LEAST
    assert reached(found, 1e9) is None
    monkeypatch.setattr("sim.report.convergence.LEAST", 30)
    assert reached(found, 1e9) >= 30
    assert reached(found, found.last / 2) is None
    assert needed(found, found.last / 2) == 4 * found.n[-1]


def test_the_target_is_drawn():
    """Two dashed lines, a half-width either side of the last mean; unsaid, a tenth of it."""
    figure = draw_convergence(found_in(BATCHES["two"]), target=0.7)
    dashed = [line for line in figure.axes[0].lines
              if to_hex(line.get_color()).upper() == style.VERMILION]  # fmt: skip
    low, high = (float(line.get_ydata()[0]) for line in dashed)
    assert high - low == pytest.approx(1.4)
    mean = values(BATCHES["two"], "baseline").mean()
    assert usual_target(look(BATCHES["two"], "victims")) == pytest.approx(mean / 10, rel=0.5)


def test_an_unknown_name_is_answered_with_the_known_ones():
    """Scenario, outcome and measure, each with near matches."""
    table = BATCHES["two"]
    with pytest.raises(PanjError, match="policy"):
        found_in(table, baseline="polcy")
    with pytest.raises(PanjError, match="victims"):
        found_in(table, "victms")
    with pytest.raises(PanjError, match="not_stopped"):
        draw_displacement(found_in(PLACES["two"]), measure="not_stoped")


def test_files_do_not_grow_with_replicates():
    """A figure of 3,000 replicates is as small as one of few."""
    few, many = (
        sum(
            len(line.get_xdata())
            for line in draw_convergence(found_in(outcomes(n=n))).axes[0].lines
        )
        for n in (200, 3000)
    )
    assert many <= 1.2 * few
