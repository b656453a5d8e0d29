"""What the studies run on: seeds, settings above settings, and how long runs are cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.incidents.records import RECORD_TYPES, AlertChange
from sim.verify.runs import LONGEST_DAYS, MOST_CROSSINGS, build_model, run, split
from sim.verify.scenarios import EQUAL_WEIGHTS, IMMEDIATE_CELLS, IMMEDIATE_PARTIES


@pytest.mark.thorough
@given(st.floats(0.01, 1e6), st.floats(0.5, 1e5))
def test_stretches_are_as_long_as_they_may_be(total: float, longest: float) -> None:
    """They add up, none is too long, and one fewer would not do."""
    found = list(split(total, longest))
    lengths = [length for _, length in found]
    assert [number for number, _ in found] == list(range(len(found)))
    assert sum(lengths) == pytest.approx(total)
    assert max(lengths) <= longest * (1 + 1e-12)
    assert len(found) == 1 or (len(found) - 1) * longest < total * (1 + 1e-12)


def test_runs_are_cut_at_the_longest_horizon() -> None:
    """A scenario has at most 36,500 days; crossings are kept below what memory holds."""
    assert list(split(LONGEST_DAYS)) == [(0, LONGEST_DAYS)]
    assert list(split(2.0 * LONGEST_DAYS)) == [(0, LONGEST_DAYS), (1, LONGEST_DAYS)]
    assert len(list(split(2.5 * MOST_CROSSINGS, MOST_CROSSINGS))) == 3


def test_nothing_happens_by_itself() -> None:
    """A year of the silent frontier leaves nothing but the levels it began with."""
    model = run("silence", 0)
    kinds = [kind for kind in RECORD_TYPES if model.log[kind]]
    assert kinds == [AlertChange]
    assert {change.at for change in model.log[AlertChange]} == {0.0}


def test_seeds_are_of_study_and_number() -> None:
    """The same twice, others for another number or another study: runs can be paired."""
    seeds = [build_model(*which).seed for which in (("a", 0), ("a", 0), ("a", 1), ("b", 0))]
    assert seeds[0] == seeds[1]
    assert len(set(seeds)) == 3


def test_later_changes_lie_above() -> None:
    """Parties are cells that need no time; what is said last counts."""
    assert IMMEDIATE_CELLS.items() <= IMMEDIATE_PARTIES.items()
    one = {"cells.count": 1, "cells.hide_hours": 5.0}
    model = build_model("layers", 0, IMMEDIATE_PARTIES, one, {"cells.count": 3})
    rules = model.spec.cells
    assert (len(model.cells), rules.hide_hours, rules.detour_km) == (3, 5.0, 0.0)
    assert rules.preparation_days == rules.regroup_days == 0.0


def test_every_district_has_one_weight() -> None:
    """Thirteen of them, all alike."""
    assert len(EQUAL_WEIGHTS) == 13
    assert set(EQUAL_WEIGHTS.values()) == {1.0}
