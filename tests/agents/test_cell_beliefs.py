"""What cells learn from what happened to themselves and to others."""

from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.agents.choices import Beliefs
from sim.scenario.spec_threat import Cells


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.floats(0.0, 50.0)), max_size=10))
def test_beliefs_stay_chances(events: list[tuple[bool, bool, float]]) -> None:
    """Whatever is heard, the believed chance of failing lies in [0, 1]."""
    beliefs, now = Beliefs(Cells(learning=0.7)), 0.0
    for failed, own, gap in events:
        now += gap
        before = beliefs.failure(now, "fire", 3)
        beliefs.learn(now, "fire", 3, failed, own)
        after = beliefs.failure(now, "fire", 3)
        assert 0.0 <= after <= 1.0
        assert after >= before if failed else after <= before


def test_what_is_learned_and_forgotten() -> None:
    """Own failure moves belief by the weight of learning, others' by less; both fade."""
    beliefs = Beliefs(Cells(learning=0.4, hearsay=0.5, memory_days=20.0, prior_risk=0.0))
    beliefs.learn(0.0, "drone", 6, failed=True, own=True)
    beliefs.learn(0.0, "fire", 6, failed=True, own=False)
    assert beliefs.failure(0.0, "drone", 6) == pytest.approx(0.4)
    assert beliefs.failure(0.0, "fire", 6) == pytest.approx(0.2)
    assert beliefs.failure(20.0, "drone", 6) == pytest.approx(0.4 * exp(-1.0))
    assert beliefs.failure(0.0, "drone", 7) == beliefs.failure(0.0, "infiltration", 6) == 0.0
    beliefs.learn(0.0, "drone", 6, failed=False, own=True)
    assert beliefs.failure(0.0, "drone", 6) == pytest.approx(0.24)


def test_what_was_heard_fades_to_what_is_taken_for_granted() -> None:
    """From either side, with the mean time of memory; where nothing was heard it is the prior."""
    beliefs = Beliefs(Cells(learning=1.0, memory_days=20.0, prior_risk=0.3))
    beliefs.learn(0.0, "drone", 6, failed=True, own=True)
    beliefs.learn(0.0, "fire", 6, failed=False, own=True)
    assert beliefs.failure(20.0, "drone", 6) == pytest.approx(0.3 + 0.7 * exp(-1.0))
    assert beliefs.failure(20.0, "fire", 6) == pytest.approx(0.3 - 0.3 * exp(-1.0))
    assert beliefs.failure(0.0, "drone", 7) == 0.3
