"""The matrix of a comparison: its order, places, columns and sentences."""

import json
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.comparison.comparison import compare
from sim.comparison.matrix import BESIDE
from tests.comparison.synthetic import policies, runs

N = 40


def world(**scenarios):
    """A baseline of 10 victims and 100 of cost, and scenarios that add (victims, cost, noise)."""
    rng = np.random.default_rng(5)
    columns = {"baseline": {"victims": [10.0] * N, "cost_usd": [100.0] * N}}
    for name, (victims, cost, noise) in scenarios.items():
        wobble = rng.normal(0.0, noise, N)
        columns[name] = {
            "victims": (10.0 + victims + wobble - wobble.mean()).tolist(),
            "cost_usd": [100.0 + cost] * N,
        }
    return compare(runs(columns))


def order(found):
    """The scenarios as the matrix has them."""
    return [row.scenario for row in found.matrix.rows]


def test_the_cheaper_of_two_that_are_as_good_comes_first():
    """A hundredth of a victim fewer at twice the price does not lead, and the headline says so."""
    found = world(dear=(-4.01, 100.0, 0.3), cheap=(-4.0, 1.0, 0.3), idle=(0.0, 0.0, 0.0))
    assert order(found) == ["cheap", "dear", "idle"]
    told = " ".join(found.headline)
    assert "cheap does practically as well for 99 USD a run less: 40 % fewer, 4.0 a run" in told


def test_known_gains_come_before_guesses_and_losses_come_last():
    """A large gain within chance stands behind a small one beyond it."""
    found = world(sure=(-1.0, 0.0, 0.1), guess=(-2.0, 0.0, 30.0), bad=(2.0, 0.0, 0.1))
    assert order(found) == ["sure", "guess", "bad"]
    assert [row.marks["victims"] for row in found.matrix.rows] == ["better", "open", "worse"]


def test_what_saves_money_with_the_same_victims_is_told():
    """Practically the same harm for less is a finding of its own, with the amount a run."""
    found = world(thrifty=(0.1, -40.0, 0.1), good=(-5.0, 0.0, 0.1))
    assert "The same victims at lower cost: thrifty saves 40 USD a run." in found.headline


def test_places_are_ranges_where_the_pairs_do_not_tell():
    """Two within chance of each other share their places; the baseline has one too."""
    found = world(one=(-4.0, 0.0, 4.0), two=(-4.3, 0.0, 4.0), worst=(3.0, 0.0, 0.1))
    rows = {row.scenario: (row.first, row.last) for row in (found.matrix.base, *found.matrix.rows)}
    assert rows["one"] == rows["two"] == (1, 2)
    assert (rows["baseline"], rows["worst"]) == ((3, 3), (4, 4))
    assert any("is tied with one" in each for each in found.headline)


def test_of_one_replicate_no_place_is_told():
    """One pair says nothing about chance, so there is no place."""
    found = compare(policies(1))
    assert {(row.first, row.last) for row in found.matrix.rows} == {(None, None)}


def test_one_scenario_has_no_matrix():
    """It has distributions instead."""
    assert compare(runs({"alone": {"victims": [1, 2, 3]}})).matrix is None


def test_columns_are_those_asked_for_or_the_usual_few():
    """Asked for a few outcomes they are shown, the harm first; asked for all, the usual ones."""
    table = policies(20)
    assert compare(table, outcomes=["guard_hours"]).matrix.outcomes[-1] == "guard_hours"
    usual = compare(table).matrix.outcomes
    assert usual == ("victims", *[name for name in BESIDE if name in table.column_names])


def test_changes_are_shares_of_the_baselines_mean():
    """Per cent of the baseline; of a baseline without any there is none."""
    found = world(half=(-5.0, 50.0, 0.0))
    cell = found.matrix.rows[0].cells[0]
    assert (cell.change, cell.difference, cell.mean) == pytest.approx((-0.5, -5.0, 5.0))
    none = compare(runs({"baseline": {"victims": [0] * 20}, "x": {"victims": [1] * 20}}))
    assert none.matrix.rows[0].cells[0].change is None


def test_more_is_better_of_some_outcomes():
    """Ranked by a share stopped, the largest comes first."""
    share = {"baseline": 0.2, "low": 0.1, "high": 0.5}
    table = runs({name: {"interdiction_share": [value] * 20} for name, value in share.items()})
    found = compare(table, harm="interdiction_share")
    assert order(found) == ["high", "low"]
    assert (found.matrix.rows[0].first, found.matrix.base.first) == (1, 2)


@given(
    st.lists(
        st.tuples(st.floats(-5.0, 5.0), st.floats(-50.0, 50.0), st.floats(0.0, 5.0)),
        min_size=1,
        max_size=6,
    )
)
def test_places_hold_together(made):
    """Every policy has one row; a place is a range with room for all; JSON takes the matrix."""
    found = world(**{f"p{k}": each for k, each in enumerate(made)})
    rows = [found.matrix.base, *found.matrix.rows]
    assert sorted(order(found)) == sorted(found.policies)
    assert all(1 <= row.first <= row.last <= len(rows) for row in rows)
    assert min(row.first for row in rows) == 1
    assert max(row.last for row in rows) == len(rows)
    sections = [row.marks["victims"] for row in found.matrix.rows]
    known = {"better": 0, "worse": 2}
    ranks = [known.get(mark, 1) for mark in sections]
    assert ranks == sorted(ranks)
    json.dumps(asdict(found.matrix), allow_nan=False)


def test_one_pair_that_outweighs_all_others_is_told():
    """A note names the year that a difference depends on, if there is one."""
    one = [10.0] * N
    one[7] = 60.0
    level = (10.0 + np.random.default_rng(2).normal(0.0, 1.0, N)).tolist()
    found = compare(
        runs({"baseline": {"victims": [10.0] * N}, "odd": {"victims": one},
              "even": {"victims": level}})
    )  # fmt: skip
    assert found.contrast("odd", "victims").heaviest_in == 7
    assert found.contrast("odd", "victims").heaviest == pytest.approx(1.0 - 1.0 / N)
    told = [note for note in found.notes if "more than half of the variance" in note]
    assert told == [
        "One pair accounts for more than half of the variance of a difference in victims: "
        "replicate 7 "
        "under odd. Read such an interval with care."
    ]
    assert (found.contrast("even", "victims").heaviest or 1.0) < 0.5
