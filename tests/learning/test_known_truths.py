"""Sets of years: the table as sums of parts, states of years, and what is found of them."""

import numpy as np
import pytest

from benchmarks.learning.layout import Layout, observe
from benchmarks.learning.recovery import Mean, coverage, log_kernel, score_recovery
from benchmarks.learning.simulated_years import Truths, first_state, normal_scores, paths
from benchmarks.learning.tables import recovery_table
from sim.calibrate.intervals import Interval
from sim.calibrate.prior_sample import sample_prior
from sim.calibrate.priors import read_priors
from sim.calibrate.year_table import read_years

PRIORS = read_priors()
LAYOUT = Layout.since(read_years(), 2006)
KEYS = [prior.key for prior in PRIORS]


def test_a_cell_is_the_sum_of_its_parts_of_its_years() -> None:
    """Years of ones: a cell of one year is 1, of four years 4."""
    values = LAYOUT.values_of(np.ones((len(LAYOUT.years), len(LAYOUT.parts))))
    assert [len(cell.spans) for cell in LAYOUT.cells] == values.tolist()


def test_figures_of_years_are_those_that_cells_compute() -> None:
    """The seeds' own reports, by parts and sums and by the cells themselves."""
    from sim.calibrate.reports import reports_of_seeds
    from sim.incidents.seeds import read_incidents, seeds_folder

    reports = reports_of_seeds(read_incidents(seeds_folder() / "incidents.csv"))
    by_year = {y: [r for r in reports if r.day.year == y] for y in LAYOUT.years}
    figures = np.array([LAYOUT.figures_of(by_year[year]) for year in LAYOUT.years])
    wanted = [cell.figure(by_year) for cell in LAYOUT.cells]
    assert LAYOUT.values_of(figures).tolist() == pytest.approx(wanted)
    assert any(wanted)


def test_the_cells_of_a_synthetic_world_are_true_of_it() -> None:
    """A figure as it is; of a bound, a range that holds the value and ends at the same place."""
    values = LAYOUT.values_of(np.full((len(LAYOUT.years), len(LAYOUT.parts)), 7.0))
    for cell, value in zip(LAYOUT.observed(values), values, strict=True):
        assert cell.allows(value)
    floor = next(cell for cell in LAYOUT.cells if cell.kind == "floor")
    low = floor.intervals[0].low
    assert observe(floor, low) == floor.intervals[0]
    assert observe(floor, low - 1.0).high < low
    assert observe(LAYOUT.cells[0], 3.0) == Interval(3.0, 3.0)


def test_draws_of_the_prior_are_standard_normal_on_its_scale() -> None:
    """Mean 0 and standard deviation 1 of each parameter, |z| < 4."""
    _, values = sample_prior(PRIORS, 1, 2000)
    scores = normal_scores(values, PRIORS)
    assert np.abs(scores.mean(axis=0)).max() < 4.0 / np.sqrt(2000.0)
    assert np.abs(scores.std(axis=0) - 1.0).max() < 4.0 / np.sqrt(4000.0)


def test_states_of_years_are_correlated_and_persist_over_gaps() -> None:
    """Flow and plans of one year, and flow of two years apart, in 4,000 sets."""
    _, values = sample_prior(PRIORS, 0, 1)
    each = np.repeat(values, 4000, axis=0)
    each[:, KEYS.index("regimes.persistence")] = 0.8
    each[:, KEYS.index("regimes.correlation")] = 0.6
    found = paths(each, PRIORS, (2000, 2002), 5)
    error = 4.0 / np.sqrt(4000.0)
    assert np.corrcoef(found[:, 1].T)[0, 1] == pytest.approx(0.6, abs=error)
    assert np.corrcoef(found[:, 0, 0], found[:, 1, 0])[0, 1] == pytest.approx(0.64, abs=error)
    assert found.std() == pytest.approx(1.0, abs=error)


def test_the_state_of_a_bank_year_is_that_of_the_model() -> None:
    """What is computed from the seed is what the model drew for its first year."""
    import sim
    from sim.agents.regimes import Regimes
    from sim.engine.draws import Draws

    spec = sim.load("baseline")
    rules, draw_worlds = spec.regimes, Regimes(Draws(77))
    flow, plans = first_state(77, rules.correlation)
    s, p = rules.flow_spread, rules.plans_spread
    assert np.log(draw_worlds.flow(spec, 0.0)) == pytest.approx(s * flow - 0.5 * s * s)
    assert np.log(draw_worlds.plans(spec, 0.0)) == pytest.approx(p * plans - 0.5 * p * p)


def test_who_returns_the_prior_gains_nothing_and_covers() -> None:
    """2,000 draws of the prior for every data set: gains about 0, intervals as they say."""
    rng = np.random.default_rng(8)
    _, values = sample_prior(PRIORS, 3, 60)
    shape = (60, len(LAYOUT.years), len(LAYOUT.parts))
    truths = Truths(values, np.zeros((*shape[:2], 2)), rng.poisson(5.0, shape).astype(float))
    _, prior = sample_prior(PRIORS, 8, 2000)
    found = score_recovery(lambda cells: prior, truths, LAYOUT, PRIORS)
    assert abs(found.gains.sum(axis=1).mean()) < 0.3
    assert abs(found.together.mean()) < 0.5
    for level in (0.5, 0.9):
        held = coverage(found.ranks, level)
        assert abs(held.value - level) < 4.0 * max(held.error, 0.005)
    lines = recovery_table(found, KEYS).splitlines()
    assert lines[0] == "| 60 data sets of ten years |  |"
    assert len(lines) == len(KEYS) + 12


def test_who_is_sure_of_what_is_wrong_loses() -> None:
    """A narrow sample a unit off scores far below the prior."""
    draws = 1.0 + 0.1 * np.random.default_rng(9).standard_normal(500)
    assert log_kernel(draws, 1.0) > 0.0 > log_kernel(draws, 0.0) + 5.0


def test_a_mean_has_the_error_of_its_sets() -> None:
    """Standard deviation over the root of their number."""
    found = Mean.of(np.array([1.0, 2.0, 3.0, 6.0]))
    assert found.value == 3.0
    assert found.error == pytest.approx(np.std([1, 2, 3, 6], ddof=1) / 2.0)
