"""Regret: how far behind the best, against worlds in which that is known."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from sim.comparison.comparison import compare
from sim.comparison.regret import Regret, VariantRuns, regret_rows, worst_tenth
from sim.comparison.samples import Sample
from sim.comparison.source import MissingTableError, open_source
from sim.comparison.terms import PLAIN
from sim.runs.posterior import Posterior, UncertainParameter

QUICK = 200


def sample(name: str, values: np.ndarray, draws: np.ndarray | None = None) -> Sample:
    """A scenario's victims, run by run."""
    return Sample(name, None, np.arange(len(values)), values[:, None], None, 0, draws, ("victims",))


def found_in(losses: np.ndarray, draws: np.ndarray, parameters: np.ndarray, *others: VariantRuns,
             rope: float = 0.0) -> dict[str, Regret]:  # fmt: skip
    """Regrets of scenarios a, b, c ... by name."""
    samples = [sample("abcdefgh"[k], column, draws) for k, column in enumerate(losses.T)]
    here = VariantRuns(losses, draws, parameters, range(losses.shape[1]))
    rows = regret_rows([here, *others], samples, "victims", rope, 0.9, 1)
    return {row.scenario: row for row in rows}


def turning(each: int, noise: float, seed: int = 1, draws: int = 100, slope: float = 4.0):
    """The second of three policies is better where the first of five parameters is high, by a
    straight line through -1; the third is always 2 worse. Shared luck, and luck of each.
    """
    rng = np.random.default_rng(seed)
    parameters = rng.random((draws, 5))
    ranks = np.argsort(np.argsort(parameters[:, 0])) / max(draws - 1, 1)
    gap = 1.0 - slope * ranks
    expected = np.stack([np.zeros(draws), gap, np.full(draws, 2.0)], axis=1)
    place = np.tile(np.arange(draws), each)
    luck = rng.gamma(2.0, 3.0, (len(place), 1)) + noise * rng.normal(size=(len(place), 3))
    return expected, 10.0 + expected[place] + luck, place, parameters


def test_without_luck_regrets_are_those_of_the_lines():
    """The gap is 1 - 4u: mean regrets are integrals, the greatest are at the ends, u > 1/4 best."""
    _, losses, draws, parameters = turning(3, 0.0)
    found = found_in(losses, draws, parameters)
    assert found["b"].mean == pytest.approx(1 / 8, rel=0.05)
    assert found["a"].mean == pytest.approx(9 / 8, rel=0.02)
    assert (found["a"].most, found["b"].most) == pytest.approx((3.0, 1.0), rel=0.01)
    assert found["c"].most == pytest.approx(5.0, rel=0.01)
    assert found["a"].p90 == pytest.approx(3.0 - 0.4, rel=0.02)
    shares = [found[name].p_best for name in "abc"]
    assert shares == pytest.approx([0.25, 0.75, 0.0], abs=0.005)
    assert found["b"].mean_high - found["b"].mean_low < 0.01


@pytest.mark.parametrize("each", [1, 10])
def test_the_chance_of_being_best_of_normal_draws(each):
    """A normal gap of mean m and spread s over draws: b is the best in a share of Phi(-m/s)."""
    rng = np.random.default_rng(3)
    parameters = rng.normal(size=(200, 3))
    place = np.tile(np.arange(200), each)
    gap = -0.7 + 1.5 * parameters[place, 1]
    losses = rng.gamma(2.0, 2.0, (len(place), 1)) + np.stack([0 * gap, gap], axis=1)
    losses += rng.normal(0.0, 1.0, losses.shape)
    found = found_in(losses, place, parameters)
    here = float(np.mean(parameters[:, 1] < 0.7 / 1.5))
    assert here == pytest.approx(norm.cdf(0.7 / 1.5), abs=4 * 0.033)
    assert found["b"].p_best == pytest.approx(here, abs=0.08 if each == 1 else 0.02)
    assert found["b"].p_best_low < here < found["b"].p_best_high


@pytest.mark.parametrize(("each", "slope"), [(1, 4.0), (1, 0.0), (8, 4.0)])
def test_intervals_hold_the_truth_as_often_as_claimed(each, slope, monkeypatch):
    """90 % intervals of mean, quantile and maximum in 40 worlds; the share errs by about 0.025."""
    monkeypatch.setattr("sim.comparison.regret.LIKELY", QUICK)
    held = []
    for seed in range(40):
        expected, losses, draws, parameters = turning(each, 3.0, seed, 60, slope)
        found = found_in(losses, draws, parameters)
        true = expected - expected.min(axis=1, keepdims=True)
        for k, name in enumerate("abc"):
            row = found[name]
            held.append(row.mean_low - 1e-9 <= true[:, k].mean() <= row.mean_high)
            held.append(row.p90_low - 1e-9 <= np.quantile(true[:, k], 0.9) <= row.p90_high)
            held.append(row.most_low - 1e-9 <= true[:, k].max() <= row.most_high)
    assert np.mean(held) > 0.81


def test_ranking_single_years_would_be_luck():
    """Negative control: parameters do nothing and a is best in every draw, by 0.3.

    The best of each year would be a in no more than half of them, and the regret many times too
    large; the lines say that a is likely the best in nearly all or nearly none.
    """
    rng = np.random.default_rng(5)
    draws = np.arange(200)
    losses = (
        rng.gamma(2.0, 3.0, (200, 1)) + np.array([0.0, 0.3, 0.3]) + rng.normal(0.0, 2.0, (200, 3))
    )
    naive = losses - losses.min(axis=1, keepdims=True)
    assert naive[:, 0].mean() > 1.0
    assert np.mean(naive[:, 0] == 0.0) < 0.5
    row = found_in(losses, draws, rng.random((200, 5)))["a"]
    assert row.mean < 0.2
    assert row.mean_low <= 1e-9
    assert row.p_best_high > 0.95


def test_several_runs_a_draw_see_what_lines_do_not():
    """A gap that turns in the middle of a range: ten runs a draw find it, and one does not."""
    rng = np.random.default_rng(6)
    parameters = rng.random((100, 2))
    bump = np.where(abs(parameters[:, 0] - 0.5) < 0.25, -4.0, 4.0)
    true = float(np.maximum(-bump, 0.0).mean())
    rows = []
    for each in (1, 10):
        place = np.tile(np.arange(100), each)
        losses = np.stack([0.0 * bump[place], bump[place]], axis=1)
        losses = losses + rng.normal(0.0, 1.0, losses.shape)
        rows.append(found_in(losses, place, parameters)["a"])
    assert rows[1].mean == pytest.approx(true, rel=0.05)
    assert rows[0].mean < 0.5 * true


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 5), st.integers(8, 20), st.integers(1, 3), st.integers(0, 10**6))
def test_figures_are_in_order(scenarios, draws, each, seed):
    """Shares of being best add up to one, and no mean exceeds its maximum or is below zero."""
    rng = np.random.default_rng(seed)
    place = np.tile(np.arange(draws), each)
    losses = rng.poisson(3.0, (len(place), scenarios)).astype(float)
    rows = found_in(losses, place, rng.integers(0, 3, (draws, 2)).astype(float)).values()
    assert sum(row.p_best for row in rows) == pytest.approx(1.0)
    for row in rows:
        assert -1e-9 <= row.mean <= row.most + 1e-9
        assert row.p90 <= row.most + 1e-9
        assert row.mean_low <= row.mean_high
        assert row.most == row.most_anywhere


# -- never far behind -------------------------------------------------------------------------


def test_who_is_never_far_behind():
    """Within the region; else the smallest beyond chance; else none."""
    _, losses, draws, parameters = turning(20, 1.0)
    names = {row.scenario: row.standing for row in found_in(losses, draws, parameters).values()}
    assert names == {"a": "", "b": "smallest", "c": ""}
    wide = found_in(losses, draws, parameters, rope=1.5)
    assert {name: row.standing for name, row in wide.items()} == {"a": "", "b": "within", "c": ""}
    _, losses, draws, parameters = turning(1, 30.0)
    assert {r.standing for r in found_in(losses, draws, parameters).values()} == {""}


def test_twins_stand_together():
    """One scenario under two names: the same regret, the same standing, and shared first places."""
    _, losses, draws, parameters = turning(20, 1.0)
    found = found_in(losses[:, [0, 1, 1]], draws, parameters)
    assert found["b"].standing == found["c"].standing == "smallest"
    assert found["b"].most == pytest.approx(found["c"].most)
    assert found["b"].p_best == pytest.approx(found["c"].p_best) == pytest.approx(0.375, abs=0.02)


def test_a_variant_may_be_the_worst():
    """The maximum regret covers variants too; b falls back there, c is absent."""
    _, losses, draws, parameters = turning(20, 1.0)
    there = losses[:, :2] + [0.0, 5.0]
    other = VariantRuns(there, draws, parameters, [0, 1], "under no fear")
    found = found_in(losses, draws, parameters, other)
    assert found["b"].most == pytest.approx(1.0, abs=0.5)
    assert found["b"].most_anywhere == pytest.approx(6.0, abs=0.7)
    assert found["b"].worst_in == "under no fear"
    assert found["b"].standing == ""
    assert (found["a"].worst_in, found["c"].worst_in) == ("", "")


# -- the worst years --------------------------------------------------------------------------


def test_the_worst_tenth_by_hand():
    """Of 1 to 100 it is 95.5; of 15 runs the second worst counts by half."""
    rng = np.random.default_rng(1)
    assert worst_tenth(sample("a", rng.permutation(np.arange(1.0, 101.0))), "victims", 0.9, 1)[
        0
    ] == pytest.approx(95.5)
    fifteen = sample("a", np.arange(1.0, 16.0))
    assert worst_tenth(fifteen, "victims", 0.9, 1)[0] == pytest.approx((15 + 0.5 * 14) / 1.5)
    better = replace(fifteen, outcomes=("interdicted",))
    assert worst_tenth(better, "interdicted", 0.9, 1)[0] == pytest.approx((1 + 0.5 * 2) / 1.5)
    assert worst_tenth(sample("a", np.array([4.0])), "victims", 0.9, 1) == (4.0, None, None)


def test_the_worst_tenth_of_a_normal_law():
    """Mean + sd phi(z) / 0.1; intervals hold it in 90 % of 100 samples, within 4 errors."""
    true = 5.0 + 2.0 * norm.pdf(norm.ppf(0.9)) / 0.1
    held = 0
    for seed in range(100):
        values = np.random.default_rng(seed).normal(5.0, 2.0, 300)
        _, low, high = worst_tenth(sample("a", values), "victims", 0.9, 1)
        held += low <= true <= high
    assert held >= 78


def test_runs_of_a_draw_are_resampled_together():
    """Twenty runs that are alike in each draw tell no more than one: the interval stays wide."""
    values = np.random.default_rng(2).normal(5.0, 2.0, 50)
    one = worst_tenth(sample("a", values), "victims", 0.9, 1)
    place = np.tile(np.arange(50), 20)
    many = worst_tenth(sample("a", values[place], place), "victims", 0.9, 1)
    assert many[0] == pytest.approx(one[0])
    assert many[2] - many[1] == pytest.approx(one[2] - one[1])


# -- of a comparison --------------------------------------------------------------------------


def source_of(pairs: int = 60, draws: int = 30, variant: bool = False):
    """A source with draws of two parameters: b turns with the first."""
    _, losses, place, parameters = turning(pairs // draws, 1.0, draws=draws)
    rows = [
        {"scenario": name + at, "replicate": r, "draw": int(place[r]),
         "victims": float(losses[r, k]) + 5.0 * (k == 1 and bool(at))}
        for at in (("", "@no_fear") if variant else ("",))
        for k, name in enumerate(("baseline", "turning", "poor"))
        for r in range(pairs)
    ]  # fmt: skip
    names = tuple(UncertainParameter(key, (key,)) for key in "vwxyz")
    posterior = Posterior(names, tuple(map(tuple, parameters.tolist())), "made up")
    return replace(open_source(pa.Table.from_pylist(rows)), posterior=posterior)


def test_a_comparison_tells_it_when_asked():
    """A row for each scenario and sentences; the same again, to the last digit; else nothing."""
    found = compare(source_of(), regret=True)
    table = found.table("regret")
    assert table.column("scenario").to_pylist() == ["turning", "baseline", "poor"]
    assert found.safe[0].startswith(
        "turning stays closest to the best: on average over 30 draws of the parameters"
    )
    assert any("turning is never far behind" in each for each in found.safe)
    assert found.safe[0] in str(found)
    assert compare(source_of(), regret=True).table("regret").equals(table)
    plain = compare(source_of())
    assert (plain.regret, plain.safe) == ((), [])
    assert plain.regrets == found.regret


def test_in_variants_of_the_model_too():
    """The sentence names the variant in which a scenario is furthest behind."""
    found = compare(source_of(variant=True), regret=True)
    assert {row.scenario for row in found.regret if row.worst_in == "under no fear"} >= {"turning"}
    assert "any draw or variant" in " ".join(found.safe)


def test_one_year_a_draw_is_said_to_be_mostly_luck():
    """The sentence on luck is there for one run a draw, and not for two."""
    assert "mostly chance" in compare(source_of(30, 30), regret=True).safe[-1]
    assert "mostly luck" not in " ".join(compare(source_of(60, 30), regret=True).safe)


@pytest.mark.parametrize(
    ("source", "options", "told"),
    [
        (replace(source_of(), posterior=None), {}, "no draws of uncertain parameters"),
        (source_of(7, 7), {}, "7 draws of the parameters, and regret needs 8"),
        (source_of(1, 1), {}, "in 1 draw of the parameters"),
        (replace(source_of(), names=("baseline",)), {}, "one scenario"),
    ],
)
def test_what_cannot_be_told_is_refused(source, options, told):
    """One message with the remedy."""
    with pytest.raises(MissingTableError, match=told) as caught:
        compare(source, regret=True, **options).regret  # noqa: B018
    assert "panj batch" in str(caught.value)


def test_sentences_of_an_outcome_of_which_more_is_better():
    """Shares are in percentage points, and the worst tenth is the lowest."""
    table = source_of().runs
    renamed = table.rename_columns(
        ["interdiction_share" if n == "victims" else n for n in table.column_names]
    )
    found = compare(replace(source_of(), runs=renamed, outcomes=("interdiction_share",)),
                    regret=True)  # fmt: skip
    assert found.regret[0].scenario == "poor"
    told = " ".join(found.safe_in(PLAIN))
    assert "percentage points behind" in told
    assert "poor does best" in told
