"""The whole comparison: from a table to sentences, and what it makes of bad tables."""

import math

import numpy as np
import pyarrow as pa
import pytest
from synthetic import district_rows, policies, runs

import sim
from sim.comparison.comparison import TABLES, Comparison, compare
from sim.comparison.contrasts import Contrast
from sim.comparison.ranking import RankingRow
from sim.errors import PanjError, StoreError
from sim.model import BorderModel
from sim.runs.arrow import to_table
from sim.scenario.load import load


def row(found: Comparison, scenario: str, outcome: str) -> dict:
    """One row of the table."""
    return next(
        r for r in found.table().to_pylist() if (r["scenario"], r["outcome"]) == (scenario, outcome)
    )


def replaced(table: pa.Table, name: str, values) -> pa.Table:
    """A table with one column changed."""
    return table.set_column(table.column_names.index(name), name, pa.array(values))


def assert_no_nan(found: Comparison) -> None:
    """No table and no sentence holds NaN or an infinity."""
    for table in map(found.table, TABLES):
        for column in table.itercolumns():
            for value in column.to_pylist():
                assert not isinstance(value, float) or math.isfinite(value)
    assert "nan" not in str(found).replace("(", " ").split()


def test_the_known_difference_is_found():
    """2 of 10 victims spared at 4 times the hours and 30 more in cost: 15 for each."""
    found = compare(policies(200))
    assert found.verdicts[0].startswith("hard is better than baseline on victims: 2")
    assert "4.0 times the guard-hours and 30 % higher cost" in found.verdicts[0]
    harm = row(found, "hard", "victims")
    assert harm["low"] < -2.0 < harm["high"]
    assert harm["judgement"] == "better"
    cost = found.table("costs").to_pylist()[0]
    assert cost["low"] < 15.0 < cost["high"]
    best, *others = found.table("ranking").to_pylist()
    assert (best["scenario"], best["kept"], best["p_best"]) == ("hard", True, 1.0)
    assert not any(other["kept"] for other in others)
    assert_no_nan(found)


def test_a_policy_that_changes_nothing_is_seen_to():
    """Every difference is identically zero and the verdict says that none can be measured."""
    found = compare(policies(50))
    idle = [r for r in found.table().to_pylist() if r["scenario"] == "idle"]
    assert {r["judgement"] for r in idle} == {"no difference can be measured"}
    assert {(r["difference"], r["low"], r["high"], r["p_value"]) for r in idle} == {(0, 0, 0, 1)}
    assert found.verdicts[1].startswith("No difference between idle and baseline can be measured")


def test_it_is_called_from_the_package():
    """``sim.compare`` is the function itself, whatever part of the package was imported first."""
    assert sim.compare is compare


def test_the_same_question_has_the_same_answer():
    """Twice the same table: the same digits; rows in another order change nothing."""
    table = policies(60)
    shuffled = table.take(np.random.default_rng(1).permutation(len(table)))
    once, again = compare(table), compare(shuffled, scenarios=["hard", "idle"])
    assert once.contrasts == again.contrasts
    assert once.costs == again.costs
    assert once.verdicts == again.verdicts


def test_other_scenarios_do_not_change_a_row():
    """Figures of a pair are its own; only the correction for many looks at the others."""
    table = policies(60)
    alone = row(compare(table, scenarios=["hard"]), "hard", "victims")
    among = row(compare(table), "hard", "victims")
    assert alone == among


def test_swapping_the_baseline_turns_every_difference():
    """a against b is b against a with the other sign."""
    table = policies(60)
    there = row(compare(table, "baseline"), "hard", "victims")
    back = row(compare(table, "hard"), "baseline", "victims")
    assert back["difference"] == -there["difference"]
    assert (back["p_better"], back["p_value"]) == (there["p_worse"], there["p_value"])
    assert (back["low"], back["high"]) == pytest.approx((-there["high"], -there["low"]))


def test_outcomes_asked_for_come_with_harm_and_cost():
    """The table has what was asked, and what verdict and cost need."""
    found = compare(policies(30), outcomes=["guard_hours"], harm="victims")
    assert set(found.table()["outcome"].to_pylist()) == {"guard_hours", "victims", "cost_usd"}


def test_more_confidence_gives_wider_intervals():
    """99 % holds 80 %."""
    table = policies(60)
    wide = row(compare(table, confidence=0.99), "hard", "victims")
    narrow = row(compare(table, confidence=0.8), "hard", "victims")
    assert wide["low"] < narrow["low"] < narrow["high"] < wide["high"]


def test_large_stores_take_the_same_path():
    """20,000 pairs, beyond grouping: the truth is held and known to 1 %."""
    harm = row(compare(policies(20_000), outcomes=["victims"]), "hard", "victims")
    assert harm["low"] < -2.0 < harm["high"]
    assert harm["high"] - harm["low"] < 0.04


def test_failed_runs_are_left_out_and_told():
    """A failed run has no outcome; its partner is left out as well."""
    table = policies(20)
    status = ["done"] * len(table)
    status[3] = status[25] = "failed"
    found = compare(replaced(table, "status", status))
    assert row(found, "hard", "victims")["n"] == 18
    assert row(found, "idle", "victims")["n"] == 19
    assert "baseline: 1 run failed and left out." in found.notes
    assert any("without a partner left out" in note for note in found.notes)


def test_only_common_replicates_are_compared():
    """Replicates 0-9 and 5-19 have five in common."""
    found = compare(
        runs(
            {"baseline": {"victims": [3] * 10}, "late": {"victims": [2] * 15}},
            replicates={"late": range(5, 20)},
        )
    )
    assert row(found, "late", "victims")["n"] == 5
    assert found.notes == ["late: 5 pairs; 10 replicates without a partner left out."]


def test_one_of_several_without_a_partner():
    """The others are compared; this one has no figure."""
    table = runs(
        {"baseline": {"victims": [3, 4]}, "a": {"victims": [2, 2]}, "b": {"victims": [1, 1]}},
        replicates={"b": [7, 8]},
    )
    found = compare(table)
    assert found.verdicts[1] == "b: no run can be paired with baseline; nothing can be said."
    assert_no_nan(found)


def test_no_replicate_in_common_is_an_error():
    """With the remedy."""
    table = runs({"baseline": {"victims": [3]}, "a": {"victims": [2]}}, replicates={"a": [7]})
    with pytest.raises(StoreError, match="nothing can be paired") as error:
        compare(table)
    assert "one batch" in error.value.remedy


@pytest.mark.parametrize("n", [1, 2])
def test_one_or_two_years_are_no_evidence(n):
    """Nothing is settled by them, and nothing is NaN."""
    found = compare(policies(n), scenarios=["hard"])
    assert "on victims is not settled" in found.verdicts[0]
    assert_no_nan(found)


def test_outcomes_that_say_nothing():
    """All None, or None here and there: counted, never NaN."""
    table = runs(
        {
            "baseline": {"victims": [1, 2, 3], "alarm_to_arrival_h": [1.0, None, 3.0],
                         "longest_delay_h": [None, None, None]},
            "a": {"victims": [1, 1, 1], "alarm_to_arrival_h": [2.0, 2.0, 2.0],
                  "longest_delay_h": [1.0, 2.0, 3.0]},
        }
    )  # fmt: skip
    found = compare(table)
    assert row(found, "a", "alarm_to_arrival_h")["undefined"] == 1
    assert row(found, "a", "longest_delay_h")["judgement"] == "nothing can be said"
    assert_no_nan(found)


def test_a_column_of_nothing_but_null_is_no_outcome():
    """Arrow gives it no type; it is passed over."""
    table = policies(5).append_column("empty", pa.nulls(15))
    assert "empty" not in compare(table).table()["outcome"].to_pylist()


def test_an_unknown_name_is_refused_with_the_nearest():
    """Baseline, scenario, outcome, harm, rope, district."""
    table = policies(5)
    for options, name in (
        ({"baseline": "hrad"}, "hard"),
        ({"scenarios": ["idel"]}, "idle"),
        ({"outcomes": ["victim"]}, "victims"),
        ({"harm": "victms"}, "victims"),
        ({"rope": {"victimss": 1.0}}, "victims"),
        ({"response": ["darwoz"]}, "darvoz"),
    ):
        with pytest.raises(PanjError, match=f"Did you mean .*{name}"):
            compare(table, **options)


@pytest.mark.parametrize("confidence", [0.0, 0.3, 1.0, 90, math.nan])
def test_a_confidence_beyond_reason_is_refused(confidence):
    """It is a share between a half and one."""
    with pytest.raises(PanjError, match=r"between 0\.5 and 1"):
        compare(policies(5), confidence=confidence)


def test_a_rope_below_zero_is_refused():
    """A width has no sign."""
    with pytest.raises(PanjError, match="rope of victims = -1"):
        compare(policies(5), rope={"victims": -1.0})


@pytest.mark.parametrize("name", ["baseline", "some_policy"])
def test_one_scenario_is_told_by_itself(name):
    """Its distributions and chances, whatever it is called; nothing of a comparison."""
    found = compare(runs({name: {"victims": [*range(1, 41)], "cost_usd": [3.0] * 40}}))
    assert (found.baseline, found.policies) == (name, ())
    assert (found.contrasts, found.costs, found.ranking, found.displacement) == ((), (), (), ())
    harm, cost = found.distributions
    assert (harm.mean, harm.median, harm.p05, harm.p95) == (20.5, 20.0, 2.0, 38.0)
    assert harm.low < 20.5 < harm.high
    assert (cost.mean, cost.low, cost.sd) == (3.0, 3.0, 0.0)
    assert found.verdicts[0].startswith(f"{name}: victims 20 a run on average (90 % CI")
    half = next(each for each in found.exceedances if each.threshold == 20.0)
    assert half.chance == 0.5
    assert half.low < 0.5 < half.high
    assert_no_nan(found)


def test_thresholds_that_are_asked_for():
    """The chance of more than each, in the outcome's unit; none is more than all there is."""
    found = compare(policies(40), scenarios=["baseline"], above={"victims": [0.0, 1e6]})
    own = [each for each in found.exceedances if each.outcome == "victims"]
    assert [(each.threshold, each.chance) for each in own] == [(0.0, 1.0), (1e6, 0.0)]


def test_one_replicate_says_what_cannot_be_told():
    """No scenario is called the best, no interval is given, and a note says why."""
    found = compare(policies(1))
    assert {place.p_best for place in found.ranking} == {None}
    assert all(c.low is None for c in found.contrasts)
    assert "neither an interval nor the best scenario can be given" in found.notes[0]
    alone = compare(policies(1), scenarios=["baseline"])
    assert "how runs differ is unknown" in alone.verdicts[0]
    assert alone.exceedances == ()
    assert_no_nan(alone)


def test_no_runs_at_all():
    """An empty table, and a baseline all of whose runs failed."""
    with pytest.raises(StoreError, match="no runs to compare"):
        compare(policies(3).slice(0, 0))
    table = policies(3)
    with pytest.raises(StoreError, match="baseline has no finished run"):
        compare(replaced(table, "status", ["failed"] * 3 + ["done"] * 6))


def test_a_run_that_is_there_twice_is_refused():
    """A doubled row would count as evidence."""
    table = policies(3)
    with pytest.raises(StoreError, match="replicate 1 of scenario baseline"):
        compare(replaced(table, "replicate", [0, 1, 1, *range(3), *range(3)]))


def test_a_name_for_two_scenarios_is_refused():
    """Two digests under one name are two scenarios."""
    table = policies(2)
    with pytest.raises(StoreError, match="hard stands for 2 different scenarios"):
        compare(replaced(table, "digest", ["a", "a", "b", "c", "d", "d"]))


def test_runs_with_other_seeds_are_no_pairs():
    """Though large seeds differ in their last digit only."""
    table = policies(2)
    seeds = table["seed"].to_pylist()
    seeds[2] += 1
    with pytest.raises(StoreError, match="not paired"):
        compare(replaced(table, "seed", seeds))


def test_one_scenario_under_two_names_is_told():
    """Against the baseline in the verdict, among the others in a note."""
    table = runs(
        {name: {"victims": [1, 2, 3]} for name in ("baseline", "twin", "a", "b")},
        digests={"baseline": "0", "twin": "0", "a": "1", "b": "1"},
    )
    found = compare(table)
    assert found.verdicts[0] == (
        "twin and baseline are the same scenario under two names: no difference can be measured."
    )
    assert found.notes == ["a and b are the same scenario under 2 names."]


@pytest.mark.parametrize("missing", ["scenario", "replicate"])
def test_a_table_of_something_else_is_refused(missing):
    """What is missing is named."""
    with pytest.raises(StoreError, match=f"has no column {missing}"):
        compare(policies(2).drop_columns([missing]))


def test_tables_have_their_columns_without_rows():
    """An empty table has the same schema as a full one."""
    empty, full = to_table([], RankingRow), to_table([RankingRow("a", "victims", 3)], RankingRow)
    assert empty.schema == full.schema
    assert str(full.schema.field("kept").type) == "bool"
    assert compare(policies(3)).displacement == ()
    assert compare(policies(3)).table().schema == to_table([], Contrast).schema


class FakeStore:
    """What a store offers, from tables."""

    def __init__(self, table, districts, scenarios):
        self.table, self.long, self.scenarios = table, districts, scenarios
        self.tables = ("outcomes", "districts")
        self.posterior = None
        self.outcome_names = ["victims", "guard_hours", "cost_usd"]

    def outcomes(self, scenarios=None, columns=None):
        """The outcomes."""
        keys = ["scenario", "digest", "replicate", "seed", "status"]
        return self.table if columns is None else self.table.select([*keys, *columns])

    def districts(self, scenarios=None, columns=None):
        """The districts."""
        return self.long.select(columns)


def test_a_store_brings_scenarios_and_districts():
    """The horizon is called a year, and the levers give the response districts."""
    counts = np.random.default_rng(1).poisson(20.0, (40, 13))
    fewer = counts.copy()
    fewer[:, 8] //= 2
    store = FakeStore(
        policies(40),
        district_rows({"baseline": counts, "hard": fewer, "idle": counts}),
        {
            "baseline": load("baseline"),
            "hard": load("baseline", ["patrols.emphasis.vanj=2"]),
            "idle": load("baseline", ["days=100"]),
        },
    )
    with pytest.raises(StoreError, match="idle runs for 100 and hard for 365 days"):
        compare(store)
    found = compare(store, outcomes=["victims", "guard_hours", "cost_usd"], scenarios=["hard"])
    total = next(
        r
        for r in found.table("displacement").to_pylist()
        if r["row"] == "total" and r["scenario"] == "hard"
    )
    assert total["tne"] == pytest.approx(10.0, abs=1.0)
    assert total["wdq"] == pytest.approx(0.0, abs=0.1)
    yearly = compare(store, scenarios=["hard"])
    assert " a year (90 % CI" in yearly.verdicts[0]


def test_real_runs_can_be_compared():
    """Two short scenarios of the model, 12 pairs: every outcome has a row and words."""
    rows = []
    for name, changes in (("baseline", []), ("double", ["patrols.sorties_per_day=4"])):
        scenario = load("baseline", ["days=20", *changes])
        for replicate in range(12):
            outcomes = BorderModel(scenario, seed=replicate).run().outcomes()
            rows.append({"scenario": name, "replicate": replicate, **outcomes})
    found = compare(pa.Table.from_pylist(rows))
    assert row(found, "double", "patrol_km")["judgement"] == "worse"
    assert row(found, "double", "patrol_km")["ratio"] == pytest.approx(2.0, rel=0.1)
    assert_no_nan(found)
