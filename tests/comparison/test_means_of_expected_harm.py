"""Means are taken of expected harm where it is known; what belongs to a year stays as counted."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pytest
from synthetic import runs

from sim.comparison.comparison import Comparison, compare
from sim.comparison.samples import pair, read_samples, with_expected
from sim.comparison.stopping import Rule
from sim.comparison.uncertainty import splits
from sim.errors import StoreError

PAIRS = 400
Columns = Mapping[str, Sequence[float | None]]


def harm(seed: int = 1, spared: float = 0.3) -> dict[str, dict[str, list[float]]]:
    """A baseline whose yearly mean varies about 3, and a policy that spares a share of it."""
    rng = np.random.default_rng(seed)
    mean = rng.gamma(9.0, 3.0 / 9.0, PAIRS)
    cost = rng.normal(100.0, 5.0, PAIRS)

    def columns(mean: np.ndarray, cost: np.ndarray) -> dict[str, list[float]]:
        return {"victims": rng.poisson(mean).tolist(), "expected_victims": mean.tolist(),
                "cost_usd": cost.tolist()}  # fmt: skip

    return {
        "baseline": columns(mean, cost),
        "guarded": columns((1.0 - spared) * mean, cost + 30.0 + rng.normal(0.0, 1.0, PAIRS)),
    }


def counted(table: Mapping[str, Columns]) -> dict[str, Columns]:
    """The same runs by a version that kept no expected harm."""
    return {
        scenario: {name: column for name, column in columns.items() if name != "expected_victims"}
        for scenario, columns in table.items()
    }


def compared(table: Mapping[str, Columns], **options: object) -> Comparison:
    """A comparison of victims and cost."""
    return compare(runs(table), outcomes=["victims", "cost_usd"], **options)  # type: ignore[arg-type]


TABLE = harm()
BASE, POLICY = (
    {name: np.asarray(column) for name, column in TABLE[scenario].items()}
    for scenario in ("baseline", "guarded")
)


def test_means_are_expected_and_shares_are_counted() -> None:
    """Each figure from its own series; nothing of the other outcomes changes."""
    found, plain = compared(TABLE), compared(counted(TABLE))
    c, before = found.contrast("guarded", "victims"), plain.contrast("guarded", "victims")
    gaps = POLICY["expected_victims"] - BASE["expected_victims"]
    assert c.expected
    assert (c.baseline_mean, c.mean) == pytest.approx(
        (BASE["expected_victims"].mean(), POLICY["expected_victims"].mean())
    )
    assert c.difference == pytest.approx(gaps.mean())
    assert c.standard_error == pytest.approx(gaps.std(ddof=1) / PAIRS**0.5)
    assert c.low is not None
    assert c.high is not None
    assert c.low < gaps.mean() < c.high
    for name in ("n", "median_difference", "sd_difference", "p_better", "p_better_low", "p_equal",
                 "p_worse", "p05", "p95"):  # fmt: skip
        assert getattr(c, name) == getattr(before, name)
    assert found.contrast("guarded", "cost_usd") == plain.contrast("guarded", "cost_usd")


def test_the_gain_is_the_ratio_of_variances() -> None:
    """Of the differences counted over those expected; without expectations there is none."""
    counts = POLICY["victims"] - BASE["victims"]
    gaps = POLICY["expected_victims"] - BASE["expected_victims"]
    c = compared(TABLE).contrast("guarded", "victims")
    assert c.gain == pytest.approx(counts.var() / gaps.var())
    assert c.gain > 20.0
    before = compared(counted(TABLE)).contrast("guarded", "victims")
    assert (before.expected, before.gain) == (False, None)
    assert before.standard_error == pytest.approx(c.standard_error * c.gain**0.5)


def test_runs_of_an_older_version_are_compared_as_counted() -> None:
    """Wholly, if only one of them knows no expected harm: two kinds of mean are never mixed."""
    plain = compared(counted(TABLE)).contrasts
    holes = {name: dict(columns) for name, columns in TABLE.items()}
    holes["guarded"]["expected_victims"] = [None, *TABLE["guarded"]["expected_victims"][1:]]
    found = compared(holes)
    assert found.contrasts == plain
    (note,) = (note for note in found.notes if "expected" in note)
    assert note == "Some of these runs lack expected victims, so means are those of counts."
    assert not [note for note in compared(TABLE).notes if "expected" in note]


def test_an_older_version_has_no_expected_outcome() -> None:
    """One message, from every place that takes it by name."""
    table = runs(counted(TABLE))
    with pytest.raises(StoreError, match="has no column expected_victims"):
        read_samples(table, ["baseline"], ["expected_victims"])


def test_expected_outcomes_are_shown_if_asked_for() -> None:
    """By their names they are outcomes like any other; unasked they stand behind the counts."""
    usual = compare(runs(TABLE))
    assert usual.outcomes == ("victims", "cost_usd")
    (c,) = (c for c in compare(runs(TABLE), outcomes=["expected_victims"]).contrasts
            if c.outcome == "expected_victims")  # fmt: skip
    assert (c.expected, c.gain) == (False, None)
    assert c.difference == usual.contrast("guarded", "victims").difference
    assert c.p_better == 1.0
    assert with_expected(["cost_usd", "victims"]) == ["cost_usd", "victims", "expected_victims"]


def test_a_rare_harm_differs_before_it_happens() -> None:
    """No pair differs in what was counted, and the expectation still tells which is better."""
    table = {scenario: {**columns, "victims": [0] * PAIRS} for scenario, columns in TABLE.items()}
    c = compared(table).contrast("guarded", "victims")
    assert (c.p_equal, c.all_equal, c.judgement, c.gain) == (1.0, False, "better", None)
    assert compared(counted(table)).contrast("guarded", "victims").standing == "none"


def test_nothing_changed_is_nothing_to_measure() -> None:
    """Where counts and expectations agree in every pair."""
    table = {"baseline": TABLE["baseline"], "guarded": TABLE["baseline"]}
    found = compared(table)
    c = found.contrast("guarded", "victims")
    assert (c.all_equal, c.standing, c.replicates_to_settle) == (True, "none", None)
    assert "expected" not in "".join(found.verdicts)


def test_ranking_cost_and_standing_go_by_the_same_mean() -> None:
    """A harm has the same mean in every finding."""
    found = compared(TABLE)
    c = found.contrast("guarded", "victims")
    assert [p.mean for p in found.ranking] == pytest.approx([c.mean, c.baseline_mean])
    (row,) = found.costs
    assert row.harm_averted == -(c.difference or 0.0)
    places = {option.name: option.place for option in found.efficiency.options}
    assert places["guarded"][1] == pytest.approx(c.difference)
    assert found.efficiency.baseline_mean[1] == pytest.approx(c.baseline_mean)
    alone = {d.scenario: d for d in found.distributions if d.outcome == "victims"}
    assert alone["guarded"].mean == pytest.approx(c.mean)
    assert alone["guarded"].median == float(np.median(POLICY["victims"]))
    assert alone["guarded"].sd == pytest.approx(POLICY["victims"].std(ddof=1))


def test_exceedance_is_counted() -> None:
    """The chance of more than five is that of years."""
    found = compared(TABLE, above={"victims": [5.0]})
    (each,) = (e for e in found.exceedances if (e.scenario, e.outcome) == ("guarded", "victims"))
    assert each.chance == np.mean(POLICY["victims"] > 5.0)


def test_it_is_said_in_words() -> None:
    """Of what the mean is, how many replicates that saves, and what is counted all the same."""
    verdict = compared(TABLE).verdicts[0]
    gain = compared(TABLE).contrast("guarded", "victims").gain or 0.0
    assert (
        f"Means are of expected victims (counts would need {gain:.0f} times the replicates); "
        "shares of runs are counted." in verdict
    )
    assert "expected" not in compared(counted(TABLE)).verdicts[0]
    small = {
        scenario: {**columns, "expected_victims": [float(n) for n in columns["victims"]]}
        for scenario, columns in TABLE.items()
    }
    assert "Means are of expected victims; shares" in compared(small).verdicts[0]


def test_a_rule_is_met_sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stopping rule looks at the differences that the mean is taken of."""
    monkeypatch.setattr("sim.comparison.stopping.LEAST", 30)  # the table has four hundred pairs
    wanted, needed = Rule("victims", 0.15), []
    for table in (TABLE, counted(TABLE)):
        samples = read_samples(runs(table), ["baseline", "guarded"], ["victims"])
        gaps = pair(samples["baseline"], samples["guarded"]).independent[:, 0]
        needed.append(next((n for n in range(30, PAIRS) if wanted.met(gaps[:n])), PAIRS))
    assert needed[0] < needed[1] / 4
    early = {name: sample.before(50) for name, sample in samples.items()}
    assert len(pair(early["baseline"], early["guarded"]).independent) == 50


def test_luck_is_that_of_years() -> None:
    """The split uses expected harm for parameters and counts for the chance of a year."""
    draws = pa.array(np.arange(PAIRS) // 4)
    table, plain = (
        runs(each).append_column("draw", draws.take(pa.array([*range(PAIRS)] * 2)))
        for each in (TABLE, counted(TABLE))
    )
    found, before = (compare(t, outcomes=["victims"]).uncertainty[0] for t in (table, plain))
    assert found.sd_chance == before.sd_chance
    assert found.sd_chance > 1.5
    assert found.difference == compare(table, outcomes=["victims"]).contrasts[0].difference
    c = compare(table, outcomes=["victims"]).contrasts[0]
    assert c.gain is not None
    assert c.gain > 10.0
    assert not splits("x", compare(runs(TABLE)).pairs["guarded"], ["victims"], 0.9)
