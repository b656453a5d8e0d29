"""The strikes family: shared fate, and people who are hit each for themselves."""

import pytest
from judged import blind, failing

from sim.agents import strikes as struck
from sim.verify import strikes


def test_a_glance_at_strikes_agrees_with_theory() -> None:
    """At a quarter of the quick effort; both negative controls are found."""
    cases = strikes.shared_fate(0.25)
    assert failing(cases) == blind(cases) == []


def test_a_fate_of_ones_own_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A strike whose people are hit each for themselves fails both cases."""
    monkeypatch.setattr(struck, "shared_chance", lambda u, mean, shared: mean)
    assert len(failing(strikes.shared_fate(0.25))) == 2
