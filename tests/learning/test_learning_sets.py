"""Sets of years: the table as sums of parts, composition from a bank, states of years."""

import numpy as np
import pytest

from benchmarks.learning.compose import Composer, composed, inputs, loglinear, moved_counts
from benchmarks.learning.layout import Layout, seen
from benchmarks.learning.neighbours import Summaries, adjusted, nearest_sets
from benchmarks.learning.recovery import Mean, Recovered, coverage, log_kernel, recovered
from benchmarks.learning.sample import Dataset, Sample
from benchmarks.learning.scale import normal_scores, shares, values_at
from benchmarks.learning.worlds import Truths, Years, first_state, paths
from sim.calibrate.latent import prior_table
from sim.calibrate.priors import read_priors
from sim.calibrate.told import Told
from sim.calibrate.years import read_years

PRIORS = read_priors()
LAYOUT = Layout.since(read_years(), 2006)
KEYS = [prior.key for prior in PRIORS]


def _bank(count: int, seed: int = 0) -> Years:
    """A bank in which every count is Poisson at a rate that goes with the loads of its year."""
    rng = np.random.default_rng([seed, 3])
    _, values = prior_table(PRIORS, seed, count)
    states = rng.standard_normal((count, 2))
    flow = inputs(values, states, PRIORS)[:, KEYS.index("smugglers.loads_per_year")]
    figures = rng.poisson(10.0 * np.exp(0.5 * flow)[:, None], (count, len(LAYOUT.parts)))
    return Years(values, states, figures.astype(float))


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


def test_what_is_told_of_a_synthetic_world_is_true_of_it() -> None:
    """A figure as it is; of a bound, a range that holds the value and ends at the same place."""
    values = LAYOUT.values_of(np.full((len(LAYOUT.years), len(LAYOUT.parts)), 7.0))
    for cell, value in zip(LAYOUT.observed(values), values, strict=True):
        assert cell.allows(value)
    floor = next(cell for cell in LAYOUT.cells if cell.kind == "floor")
    low = floor.told[0].low
    assert seen(floor, low) == floor.told[0]
    assert seen(floor, low - 1.0).high < low
    assert seen(LAYOUT.cells[0], 3.0) == Told(3.0, 3.0)


def test_the_normal_scale_and_back() -> None:
    """Draws of the prior are standard normal there, and come back as they were."""
    _, values = prior_table(PRIORS, 1, 2000)
    scores = normal_scores(values, PRIORS)
    assert np.allclose(values_at(scores, PRIORS), values, rtol=1e-6, atol=1e-9)
    assert np.abs(scores.mean(axis=0)).max() < 4.0 / np.sqrt(2000.0)
    assert np.abs(scores.std(axis=0) - 1.0).max() < 4.0 / np.sqrt(4000.0)
    assert ((shares(values, PRIORS) > 0.0) & (shares(values, PRIORS) < 1.0)).all()


def test_states_of_years_are_correlated_and_persist_over_gaps() -> None:
    """Flow and plans of one year, and flow of two years apart, in 4,000 sets."""
    _, values = prior_table(PRIORS, 0, 1)
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
    rules, drawn = spec.regimes, Regimes(Draws(77))
    flow, plans = first_state(77, rules.correlation)
    s, p = rules.flow_spread, rules.plans_spread
    assert np.log(drawn.flow(spec, 0.0)) == pytest.approx(s * flow - 0.5 * s * s)
    assert np.log(drawn.plans(spec, 0.0)) == pytest.approx(p * plans - 0.5 * p * p)


def test_the_regression_of_counts_finds_its_slopes() -> None:
    """Poisson counts of 4,000 points with slopes 0.5 and -0.3 about e."""
    rng = np.random.default_rng(1)
    x = np.hstack([np.ones((4000, 1)), rng.standard_normal((4000, 2))])
    found = loglinear(x, rng.poisson(np.exp(x @ [1.0, 0.5, -0.3])).astype(float))
    assert found == pytest.approx([1.0, 0.5, -0.3], abs=0.04)


@pytest.mark.parametrize("ratio", [0.4, 1.0, 2.5])
def test_moved_counts_have_the_moved_mean_and_their_lumps(ratio: float) -> None:
    """Poisson counts stay Poisson; lumps keep their variance over mean within a quarter."""
    rng = np.random.default_rng(2)
    n, mean = 40_000, 12.0
    means = np.full(n, mean)
    for lumps, held in ((1.0, rng.poisson(mean, n)), (4.0, rng.negative_binomial(4.0, 0.25, n))):
        moved = moved_counts(held.astype(float), means, np.full(n, ratio), np.full(n, lumps), rng)
        assert moved.mean() == pytest.approx(ratio * mean, rel=0.03)
        assert moved.var() / moved.mean() == pytest.approx(lumps, rel=0.06 if lumps == 1 else 0.25)


def test_composed_years_have_the_expectations_of_the_bank() -> None:
    """Sets composed at other draws scatter as years of the same law drawn afresh do."""
    bank, fresh = _bank(1500), _bank(1500, seed=1)
    composer = Composer.of(bank, LAYOUT, PRIORS)
    x = inputs(fresh.values, fresh.states, PRIORS)
    found = composer.years(x, np.random.default_rng(4))
    assert found.mean() == pytest.approx(fresh.figures.mean(), rel=0.03)
    assert np.corrcoef(np.log1p(found.mean(1)), np.log1p(fresh.figures.mean(1)))[0, 1] > 0.95
    weights = composer.near
    assert np.argmax(weights) == KEYS.index("smugglers.loads_per_year")


def test_composed_sets_are_the_same_for_the_same_seed() -> None:
    """And others for another."""
    composer = Composer.of(_bank(200), LAYOUT, PRIORS)
    one, again, other = (composed(composer, LAYOUT, PRIORS, 5, seed) for seed in (3, 3, 4))
    assert (one.figures == again.figures).all()
    assert (one.figures != other.figures).any()


def test_regression_takes_away_what_distance_explains() -> None:
    """Parameters that are a linear function of the distance all come to its value at none."""
    rng = np.random.default_rng(3)
    off = rng.standard_normal((300, 2))
    scores = np.array([[0.7]]) + off @ np.array([[1.0], [-2.0]])
    assert np.allclose(adjusted(scores, off, np.full(300, 1 / 300)), 0.7)


def test_neighbours_find_what_the_figures_tell() -> None:
    """In the bank whose counts go with the loads alone the truth of the loads is gained most."""
    layout, count = LAYOUT, 600
    composer = Composer.of(_bank(1500), layout, PRIORS)
    sets = composed(composer, layout, PRIORS, 4000, 100)
    truths = composed(composer, layout, PRIORS, 20, 200)
    found = recovered(lambda: nearest_sets(sets, layout, PRIORS, count), truths, layout, PRIORS)
    place = KEYS.index("smugglers.loads_per_year")
    assert found.gains.shape == (20, len(KEYS))
    assert found.kept[:, place].mean() < 0.8
    assert np.delete(found.kept.mean(axis=0), place).mean() > 0.85
    again = nearest_sets(sets, layout, PRIORS, count)
    values = layout.values_of(truths.figures[0])
    data = Dataset(layout.observed(values), values)
    assert (again(data).values == again(data).values).all()


def test_summaries_tell_apart_tables_that_differ() -> None:
    """One more of everything moves every mean of figures."""
    base = LAYOUT.values_of(np.full((1, len(LAYOUT.years), len(LAYOUT.parts)), 5.0))
    more = LAYOUT.values_of(np.full((1, len(LAYOUT.years), len(LAYOUT.parts)), 8.0))
    summaries = Summaries(LAYOUT)
    moved = summaries.of(more) - summaries.of(base)
    assert (moved[0] > 0.0).sum() >= 15


def test_who_returns_the_prior_gains_nothing_and_covers() -> None:
    """2,000 draws of the prior for every data set: gains about 0, intervals as they say."""
    rng = np.random.default_rng(8)
    _, values = prior_table(PRIORS, 3, 60)
    shape = (60, len(LAYOUT.years), len(LAYOUT.parts))
    truths = Truths(values, np.zeros((*shape[:2], 2)), rng.poisson(5.0, shape).astype(float))
    prior = values_at(rng.standard_normal((2000, len(KEYS))), PRIORS)
    found = recovered(lambda: lambda data: Sample(prior), truths, LAYOUT, PRIORS)
    assert abs(found.gains.sum(axis=1).mean()) < 0.3
    assert abs(found.together.mean()) < 0.5
    for level in (0.5, 0.9):
        held = coverage(found.ranks, level)
        assert abs(held.value - level) < 4.0 * max(held.error, 0.005)


def test_who_is_sure_of_what_is_wrong_loses() -> None:
    """A narrow sample a unit off scores far below the prior."""
    draws = 1.0 + 0.1 * np.random.default_rng(9).standard_normal(500)
    assert log_kernel(draws, 1.0) > 0.0 > log_kernel(draws, 0.0) + 5.0


def test_a_mean_has_the_error_of_its_sets() -> None:
    """Standard deviation over the root of their number."""
    found = Mean.of(np.array([1.0, 2.0, 3.0, 6.0]))
    assert found.value == 3.0
    assert found.error == pytest.approx(np.std([1, 2, 3, 6], ddof=1) / 2.0)


def test_the_first_data_sets_of_a_result_are_those_it_had_first() -> None:
    """Cut to two of five, each column keeps its first two rows; times stay."""
    rows = np.arange(10.0).reshape(5, 2)
    few = Recovered(rows, rows[:, 0], rows, rows, np.array([1.0, 2.0])).first(2)
    assert few.gains.tolist() == few.ranks.tolist() == few.kept.tolist() == rows[:2].tolist()
    assert few.together.tolist() == [0.0, 2.0]
    assert few.seconds.tolist() == [1.0, 2.0]
