"""A longer horizon adds days and changes none of those before."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import QUICK, WORLDS, Settings, run

from sim.incidents.records import Alarm, AlertChange, Crossing, DiplomaticAct, Incident, Plan
from sim.model import BorderModel

SEEDS = st.integers(0, 2**63 - 1)
MARGIN = 20.0
"""Days: what ended so long before the nearer horizon has no sign left that could be found."""


def before(model: BorderModel, day: float) -> dict[str, list[object]]:
    """What was over before ``day``."""
    log = model.log
    return {
        "crossings": [c for c in log[Crossing] if c.ended_at < day],
        "incidents": [i for i in log[Incident] if i.at < day],
        "alarms": [a for a in log[Alarm] if a.at < day],
        "plans": [p for p in log[Plan] if p.at < day],
        "acts": [a for a in log[DiplomaticAct] if a.at < day],
        "levels": [a for a in log[AlertChange] if a.at < day],
    }


@settings(QUICK, max_examples=4)
@given(SEEDS, st.sampled_from(sorted(WORLDS)), st.floats(5.0, 30.0), st.floats(0.0, 40.0))
def test_what_was_over_stays_as_it_was(seed: int, name: str, day: float, further: float) -> None:
    """With horizons of D + 20 and more days, everything before D is the same, field by field."""
    near = run(WORLDS[name], {"days": day + MARGIN}, seed=seed)
    far = run(WORLDS[name], {"days": day + MARGIN + further}, seed=seed)
    assert before(near, day) == before(far, day)


@pytest.mark.parametrize("days", [0.01, 0.5, 1.0, 1.5, 30.0])
def test_any_horizon_can_be_run(days: float) -> None:
    """From a quarter of an hour on; days that are not whole too."""
    model = run(WORLDS["busy"], {"days": days})
    assert model.time == days
    assert model.steps == int(days)
    assert all(crossing.ended_at <= days for crossing in model.log[Crossing])


def test_a_run_half_way_is_the_start_of_the_whole() -> None:
    """Asked half-way, the log holds the first part of what it holds in the end."""
    half: Settings = WORLDS["busy"]
    whole = run(half)
    part = BorderModel(whole.spec, 1)
    part.run_until(30.0)
    for kind in (Incident, Plan, AlertChange, Crossing, Alarm):
        rows = part.log[kind]
        assert rows == whole.log[kind][: len(rows)]


def test_the_comparison_can_fail() -> None:
    """Negative control: a lever that acts on day 0 does change what came before D."""
    near = run(WORLDS["busy"])
    other = run(WORLDS["busy"], {"patrols.sorties_per_day": 9.0})
    assert before(near, 30.0) != before(other, 30.0)
