"""How many trials a case needs, and independent crossings of the calm world."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.verify.case import SHIFT, share
from sim.verify.runs import HIGHEST_ODDS, crossings, trials_needed
from sim.verify.scenarios import EMPTY, UNIFORM_FLOW, districts, empty_scenario, exposure

SHARES = st.floats(0.05, 0.99)


@given(SHARES, st.floats(0.01, 16.0))
def test_trials_asked_for_see_a_shift_of_theory(theory: float, effort: float) -> None:
    """At effort 1 a theory 5 % off is 6.5 standard errors away; more effort sees more."""
    trials = trials_needed(theory, effort)
    if trials:
        errors = SHIFT * theory / sqrt(theory * (1.0 - theory) / trials)
        least = 6.5 * min(1.0, sqrt(HIGHEST_ODDS * effort * theory / (1.0 - theory)))
        assert errors >= least * min(sqrt(effort), 1.0) - 1e-9


@given(SHARES)
def test_rare_events_wait_for_more_effort(theory: float) -> None:
    """What effort 1 cannot pay for is left out; at effort 16 any share above 1/20 is in."""
    assert (trials_needed(theory, 1.0) == 0) == (1.0 / theory - 1.0 > HIGHEST_ODDS)
    assert trials_needed(theory, 16.0) > 0


@given(SHARES, st.floats(0.1, 8.0))
def test_trials_grow_with_effort(theory: float, effort: float) -> None:
    """Twice the effort is twice the trials, but for one rounded up, or it brings the case in."""
    once, twice = trials_needed(theory, effort), trials_needed(theory, 2.0 * effort)
    assert once == 0 or abs(twice - 2 * once) <= 2


def test_a_certain_event_is_exact() -> None:
    """Theory 1 admits no miss, and few trials are enough."""
    assert trials_needed(1.0, 1.0) == 200
    assert share("n", 1.0, 200, 200).holds
    assert not share("n", 1.0, 199, 200).holds
    assert share("n", 0.5, 90, 200).holds


def test_a_table_by_district_leaves_no_default() -> None:
    """Districts that are not named get nothing, not the weight they have elsewhere."""
    weights = empty_scenario({"smugglers.district_weights": districts({"panj": 2.0})})
    table = weights.smugglers.district_weights
    assert table["panj"] == 2.0
    assert sum(table.values()) == 2.0


def test_crossings_come_as_asked_and_are_over() -> None:
    """About as many as wanted, each ended, in the open for the hours set, at any place."""
    found = list(crossings({**UNIFORM_FLOW, **exposure(3.0)}, 50.0, 900, 9_001))
    assert abs(len(found) - 900) < 4.0 * sqrt(900)
    assert {crossing.ending for _, crossing in found} == {"through"}
    assert {crossing.exposed_hours for _, crossing in found} == {3.0}
    assert {crossing.detected_at for _, crossing in found} == {None}


def test_long_studies_are_cut_into_runs_of_other_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    """No run holds more than its part; the parts are not copies of each other."""
    monkeypatch.setattr("sim.verify.runs._PER_RUN", 50)
    found = list(crossings(UNIFORM_FLOW, 20.0, 120, 9_002))
    runs: dict[int, set[float]] = {}
    for model, crossing in found:
        runs.setdefault(model.seed, set()).add(crossing.km)
    assert len(runs) == 3
    assert len(set().union(*runs.values())) == len(found)


def test_the_empty_scenario_is_made_of_known_parameters() -> None:
    """A parameter that no longer exists is refused, so that no switch is lost unnoticed."""
    assert empty_scenario().smugglers.loads_per_year == 0.0
    assert empty_scenario(EMPTY, {"days": 3.0}).days == 3.0
    with pytest.raises(ScenarioError):
        empty_scenario({"patrols.no_such_thing": 1.0})
