"""Reference predictors know the figures of other years, and none of the year itself."""

from math import log

import numpy as np
import pytest

from benchmarks.learning.layout import Layout
from benchmarks.learning.left_out_years import coverage_of, score_left_out
from benchmarks.learning.predictive_distributions import Counts, Weights
from benchmarks.learning.reference_predictors import (
    Figure,
    figures_of,
    hierarchy,
    lognormal_chance,
    poisson_chance,
    pooled,
    simulated,
)
from sim.calibrate.intervals import Interval
from sim.calibrate.year_table import read_years

YEAR, HALF = frozenset(range(1, 13)), frozenset(range(1, 7))


def _figure(name: str, year: int, value: float, months: frozenset[int] = YEAR) -> Figure:
    return Figure(name, year, str(year), months, (Interval(value, value),))


def _mean(counts: Counts) -> float:
    return float(np.arange(len(counts.chances)) @ counts.chances)


def test_pooled_counts_have_the_pooled_rate_for_their_months() -> None:
    """30 in one year and 10 in a half: 27 a year (and half a count more), half of it in a half."""
    known = [_figure("clashes", 2001, 30.0), _figure("clashes", 2002, 10.0, HALF)]
    found = pooled(_figure("clashes", 2003, 0.0, HALF), known)
    assert isinstance(found, Counts)
    assert _mean(found) == pytest.approx(0.5 * 40.5 / 1.5, rel=1e-6)


def test_a_pooled_weight_lies_about_the_mean_of_the_logarithms() -> None:
    """Of 400 and 1,600 kg the middle is 800, and half of it for half a year."""
    known = [_figure("seized_kg", 2001, 400.0), _figure("seized_kg", 2002, 1600.0)]
    found = pooled(_figure("seized_kg", 2003, 0.0, HALF), known)
    assert found.quantile(0.5) == pytest.approx(400.0, rel=1e-6)


def test_a_year_left_out_teaches_nothing_of_itself() -> None:
    """Figures of other years alone move a prediction: another figure of the year does not."""
    years = [_figure("clashes", 2001, 30.0), _figure("clashes", 2002, 9.0),
             _figure("clashes", 2003, 20.0)]  # fmt: skip
    changed = [*years[:2], _figure("clashes", 2003, 500.0)]
    for predict in (pooled, hierarchy):
        before, after = score_left_out(years, predict), score_left_out(changed, predict)
        assert before[2].quantiles == after[2].quantiles
        assert before[0].quantiles != after[0].quantiles


def test_years_that_differ_predict_more_widely_than_years_alike() -> None:
    """After 10 and 40 the hierarchy allows more than a Poisson count of 25."""
    known = [_figure("clashes", 2001, 10.0), _figure("clashes", 2002, 40.0)]
    wanted = _figure("clashes", 2003, 0.0)
    assert hierarchy(wanted, known).quantile(0.95) > pooled(wanted, known).quantile(0.95)
    assert hierarchy(wanted, known).quantile(0.05) < pooled(wanted, known).quantile(0.05)


def test_many_years_alike_leave_the_hierarchy_near_poisson() -> None:
    """Thirty years of 25: the 90 % range is hardly wider than that of a Poisson count."""
    known = [_figure("clashes", 1900 + n, 25.0) for n in range(30)]
    wanted = _figure("clashes", 2003, 0.0)
    apart = [f(wanted, known).quantile(0.95) - f(wanted, known).quantile(0.05)
             for f in (hierarchy, pooled)]  # fmt: skip
    assert apart[1] <= apart[0] <= 1.5 * apart[1]


def test_the_hierarchy_of_weights_finds_mean_and_spread() -> None:
    """Forty years about 1,000 kg with a spread of 0.5: the middle and the 90 % range come back."""
    draws = 1000.0 * np.exp(0.5 * np.random.default_rng(5).standard_normal(40))
    known = [_figure("seized_kg", 1900 + n, float(x)) for n, x in enumerate(draws)]
    found = hierarchy(_figure("seized_kg", 2003, 0.0), known)
    assert found.quantile(0.5) == pytest.approx(1000.0, rel=0.25)
    assert log(found.quantile(0.95) / found.quantile(0.05)) == pytest.approx(1.645, rel=0.3)


def test_a_floor_moves_the_hierarchy_up() -> None:
    """A year of at least 60 makes the next one larger than a year without a figure."""
    known = [_figure("clashes", 2001, 20.0), _figure("clashes", 2002, 25.0)]
    floor = Figure("clashes", 2004, "2004", YEAR, (Interval(60.0, np.inf),))
    wanted = _figure("clashes", 2003, 0.0)
    assert hierarchy(wanted, [*known, floor]).quantile(0.5) > hierarchy(wanted, known).quantile(0.5)


def test_chances_of_intervals_are_sums_of_those_of_their_figures() -> None:
    """2 to 5 counts, one by one; a range of weights against the normal law."""
    rates = np.array([0.5, 4.0])
    summed = sum(poisson_chance((Interval(k, k),), rates) for k in (2.0, 3.0, 4.0, 5.0))
    assert np.allclose(poisson_chance((Interval(2.0, 5.0),), rates), summed)
    half = lognormal_chance((Interval(0.0, 100.0),), np.array([log(100.0)]), np.array([0.3]))
    assert half[0] == pytest.approx(0.5)


def test_every_figure_of_the_table_is_predicted_and_scored() -> None:
    """The shipped table since 2006: finite scores, and places from 0 to 1."""
    figures = figures_of(Layout.since(read_years(), 2006))
    assert {figure.statistic for figure in figures} == {"clashes", "intruders_killed", "seized_kg"}
    scored = score_left_out(figures, pooled)
    assert all(np.isfinite([one.log_score, one.crps]).all() for one in scored)
    assert all(0.0 <= one.pit <= 1.0 for one in scored)
    assert [one.level for one in coverage_of(scored)] == [0.5, 0.9]


def test_simulated_years_predict_as_they_scatter() -> None:
    """The median of the prediction is about that of the years of the same months."""
    layout = Layout.since(read_years(), 2006)
    figures = np.random.default_rng(6).poisson(40.0, (400, len(layout.parts))).astype(float)
    predict = simulated(layout, figures)
    counts = predict(_figure("clashes", 2016, 0.0), ())
    weights = predict(_figure("seized_kg", 2016, 0.0), ())
    assert isinstance(weights, Weights)
    assert counts.quantile(0.5) == pytest.approx(40.0, abs=2.0)
    assert weights.quantile(0.5) == pytest.approx(40.0, abs=2.0)
