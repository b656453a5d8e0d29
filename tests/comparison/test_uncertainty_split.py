"""Parameters and chance: the spread of paired differences splits as it was put together."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.comparison.comparison import compare
from sim.comparison.samples import Pairs, Sample, by_draw
from sim.comparison.source import Source
from sim.comparison.terms import PLAIN
from sim.comparison.uncertainty import dependences, robustness, splits
from sim.runs.posterior import LatentYear, Posterior, UncertainParameter

SIGHT, FOUND, TIP = (
    UncertainParameter(key, (key,)) for key in ("patrols.p_sight", "sign.p_found", "tips.p_tip")
)


def pairs_of(parameters: float, chance: float, draws: int, each: int, seed: int = 1) -> Pairs:
    """Differences of mean -2: a part shared by the replicates of a draw, and a part of each."""
    rng = np.random.default_rng(seed)
    place = np.arange(draws * each) % draws
    shared = rng.normal(0.0, parameters, draws)[place]
    change = -2.0 + shared + rng.normal(0.0, chance, draws * each)
    base = np.full((draws * each, 1), 10.0)
    return Pairs(np.arange(draws * each), base, base + change[:, None], place)


def only(pairs: Pairs, confidence: float = 0.9):
    """The split of the one outcome."""
    (found,) = splits("policy", pairs, ["victims"], confidence)
    return found


# -- means over draws ---------------------------------------------------------------------


@given(arrays(np.float64, st.tuples(st.integers(1, 30), st.just(2)), elements=st.floats(-9, 9)))
def test_means_over_balanced_draws_keep_the_mean(values: np.ndarray) -> None:
    """With as many runs in each draw, the mean of the draws' means is that of the runs."""
    doubled = np.vstack([values, values + 1.0])
    draws = np.tile(np.arange(len(values)), 2)
    means = by_draw(doubled, draws)
    assert means == pytest.approx(values + 0.5)
    assert by_draw(values, None) is values


def test_a_run_that_says_nothing_is_left_out_of_its_draw() -> None:
    """A draw without any known value has no mean."""
    values = np.array([[1.0], [np.nan], [np.nan], [3.0]])
    means = by_draw(values, np.array([0, 0, 1, 2]))
    np.testing.assert_array_equal(means, [[1.0], [np.nan], [3.0]])


# -- the split ----------------------------------------------------------------------------


def test_the_components_are_recovered() -> None:
    """Spread 1.5 from parameters and 4 from chance, of 400 draws with 5 replicates: within 10 %."""
    found = only(pairs_of(1.5, 4.0, 400, 5))
    assert found.sd_parameters == pytest.approx(1.5, rel=0.1)
    assert found.sd_chance == pytest.approx(4.0, rel=0.05)
    assert found.p_parameters is not None
    assert found.p_parameters < 1e-6
    # the expected difference over draws is normal(-2, 1.5): its quantiles and its sign
    assert found.low == pytest.approx(-2.0 - 1.645 * 1.5, abs=0.35)
    assert found.high == pytest.approx(-2.0 + 1.645 * 1.5, abs=0.35)
    assert found.p_better == pytest.approx(0.909, abs=0.05)


def test_components_are_unbiased_over_repetitions() -> None:
    """The mean estimate of a variance 1 over 200 small samples lies within 4 standard errors."""
    squares = [only(pairs_of(1.0, 2.0, 30, 3, seed)).sd_parameters ** 2 for seed in range(200)]
    error = np.std(squares, ddof=1) / len(squares) ** 0.5
    assert abs(np.mean(squares) - 1.0) < 4.0 * error + 0.03  # cut off at zero: a little above
    assert error < 0.06


def test_without_a_share_of_parameters_there_is_none() -> None:
    """Pure chance: the test rejects in about its level of 200 samples, never much more."""
    p_values = [only(pairs_of(0.0, 2.0, 20, 4, seed)).p_parameters for seed in range(200)]
    rejected = sum(p is not None and p < 0.1 for p in p_values)
    assert 6 <= rejected <= 36  # binomial(200, 0.1): within 4 standard errors


def test_pure_parameters_leave_nothing_to_chance() -> None:
    """Replicates of a draw that agree: all of the error would stay with more of them."""
    found = only(pairs_of(1.0, 0.0, 50, 4))
    assert found.sd_chance == pytest.approx(0.0, abs=1e-12)
    assert found.error_parameters == pytest.approx(1.0)


def test_draws_without_a_second_replicate_cannot_be_split() -> None:
    """There is no split if no two runs share a draw, or there are no draws."""
    lone = pairs_of(1.0, 1.0, 50, 1)
    assert splits("policy", lone, ["victims"], 0.9) == []
    plain = Pairs(lone.replicates, lone.baseline, lone.policy)
    assert splits("policy", plain, ["victims"], 0.9) == []


# -- intervals of a comparison ------------------------------------------------------------


def rows_of(pairs: Pairs) -> pa.Table:
    """The pairs as a table of runs."""
    rows = [
        {"scenario": name, "replicate": int(r), "draw": int(d), "victims": float(v)}
        for name, values in (("baseline", pairs.baseline), ("policy", pairs.policy))
        for r, d, v in zip(pairs.replicates, pairs.draws, values[:, 0], strict=True)
    ]
    return pa.Table.from_pylist(rows)


def covers(seed: int, *, with_draws: bool) -> bool:
    """Whether the interval of a comparison covers the true mean of -2."""
    table = rows_of(pairs_of(3.0, 1.0, 25, 8, seed))
    if not with_draws:
        table = table.drop_columns(["draw"])
    (row,) = compare(table, "baseline").table().to_pylist()
    return row["low"] <= -2.0 <= row["high"]


def test_intervals_are_over_draws() -> None:
    """90 % intervals cover in 90 % of 150 samples; blind to the draws they would not."""
    aware = sum(covers(seed, with_draws=True) for seed in range(150))
    blind = sum(covers(seed, with_draws=False) for seed in range(150))
    assert 120 <= aware <= 149  # binomial(150, 0.9): within 4 standard errors
    assert blind < 105


def test_draws_of_a_pair_must_agree() -> None:
    """Runs of one replicate with different draws are refused: they are not pairs."""
    table = rows_of(pairs_of(1.0, 1.0, 5, 2))
    draws = table["draw"].to_pylist()
    draws[0] = 4
    twisted = table.set_column(table.schema.get_field_index("draw"), "draw", pa.array(draws))
    with pytest.raises(Exception, match="different draws"):
        compare(twisted, "baseline")


# -- what the ranking depends on ----------------------------------------------------------


def samples_of(
    slope: float, seed: int = 3, outcome: str = "victims"
) -> tuple[list[Sample], Posterior]:
    """Two policies; the gap between them turns with the first parameter, not with the second."""
    rng = np.random.default_rng(seed)
    values = rng.random((60, 2))
    posterior = Posterior(
        (
            UncertainParameter("turns", ("a",), contraction=0.02),
            UncertainParameter("idle", ("b",), moved=True),
        ),
        tuple(map(tuple, values.tolist())),
        "made up",
    )
    replicates = np.arange(240)
    draws = replicates % 60
    noise = rng.normal(0.0, 0.5, 240)
    gap = slope * (values[draws, 0] - 0.5)
    columns = {"steady": np.full(240, 10.0), "turning": 10.0 + gap + noise}
    samples = [
        Sample(name, name, replicates, column[:, None], None, 0, draws, (outcome,))
        for name, column in columns.items()
    ]
    return samples, posterior


def test_a_ranking_that_turns_is_told() -> None:
    """Where the parameter is low one policy is best, where it is high the other."""
    samples, posterior = samples_of(4.0)
    found = {d.parameter: d for d in dependences(samples, "victims", posterior, 0.9)}
    assert found["turns"].depends
    assert (found["turns"].best_low, found["turns"].best_high) == ("turning", "steady")
    assert not found["idle"].depends
    assert robustness(list(found.values()), PLAIN) == [
        "Which policy is best on victims depends on turns, which the data left unmoved: "
        "where it is low turning, where it is high steady."
    ]


def test_the_state_of_a_year_is_told_as_such() -> None:
    """It is not a lasting unknown, and what is the same in every draw is not asked about."""
    samples, plain = samples_of(4.0)
    turns, idle = plain.parameters
    known = UncertainParameter("known", ("c",))
    years = replace(turns, year="coming"), replace(idle, moved=False), known
    posterior = Posterior(years, tuple((*row, 0.7) for row in plain.draws))
    found = dependences(samples, "victims", posterior, 0.9)
    assert [(d.parameter, d.year) for d in found] == [("turns", "coming"), ("idle", "")]
    assert robustness(found, PLAIN) == [
        "Which policy is best on victims depends on turns, the state of the coming year: "
        "where it is low turning, where it is high steady."
    ]
    steady = [replace(d, depends=False, best_low="steady", best_high="steady") for d in found]
    assert robustness(steady, PLAIN) == [
        "On victims steady is the best in either half of the range of each parameter that the "
        "data left unmoved (1 of 1) or the state of the coming year."
    ]


def test_runs_for_a_year_are_known_as_those_of_their_calibration(tmp_path: Path) -> None:
    """The state of the year is not a part of what was fitted once for all."""
    _, plain = samples_of(4.0)
    states = LatentYear("emirate", ("regimes.flow",), tuple((row[1],) for row in plain.draws))
    fitted = replace(plain, parameters=(SIGHT, FOUND), years={"coming": states})
    fitted.write(tmp_path / "own")
    replace(fitted, draws=fitted.draws[::-1]).write(tmp_path / "other")
    replace(fitted, parameters=(SIGHT, TIP)).write(tmp_path / "free")
    source = Source((), (), posterior=fitted.first(10).of_year())
    assert [source.drawn_from(tmp_path / name) for name in ("own", "other", "free")] == [
        True, False, False,
    ]  # fmt: skip


def test_a_ranking_that_does_not_turn_is_rarely_told() -> None:
    """The control: no dependence in at least 85 % of 60 samples without any (level 10 %)."""
    told = 0
    for seed in range(60):
        samples, posterior = samples_of(0.0, seed)
        told += any(d.depends for d in dependences(samples, "victims", posterior, 0.9))
    assert told <= 9


def test_one_order_for_more_is_better() -> None:
    """Of an outcome of which more is better the best is the highest."""
    samples, posterior = samples_of(4.0, outcome="interdicted")
    found = dependences(samples, "interdicted", posterior, 0.9)
    assert (found[0].best_low, found[0].best_high) == ("steady", "turning")


def test_few_draws_tell_nothing() -> None:
    """Fewer than eight draws, or no posterior, give no sentence."""
    samples, posterior = samples_of(4.0)
    few = [s.before(6) for s in samples]
    assert dependences(few, "victims", posterior, 0.9) == []
    assert compare(rows_of(pairs_of(1.0, 1.0, 20, 2)), "baseline").robustness == []
