"""The readiness family: carried through levels exactly, and shaken by false alarms on average."""

import pytest
from judged import blind, failing

from sim.agents import sectors
from sim.agents.sectors import Sector
from sim.theory.readiness import readiness_after
from sim.verify import readiness


def test_readiness_between_levels_is_exact() -> None:
    """At eight instants and on average, through all four levels."""
    cases = readiness.between_levels(1.0)
    assert failing(cases) == blind(cases) == []
    assert all(case.error == 0.0 for case in cases)
    levels = {case.name.rpartition(" ")[2] for case in cases}
    assert levels == {"routine", "elevated", "heightened", "emergency", "days"}


# -- planted faults -----------------------------------------------------------------------


def test_rest_that_restores_too_much_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """One part in a million of the recovery shows in every exact case but the mean."""

    def rested(r0: float, fatigue: float, recovery: float, days: float) -> float:
        return readiness_after(r0, fatigue, 1.000001 * recovery, days)

    monkeypatch.setattr(sectors, "readiness_after", rested)
    assert len(failing(readiness.between_levels(1.0))) >= 8


def test_levels_that_do_not_tire_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A change of level that forgets to carry readiness forward under the level before."""
    monkeypatch.setattr(Sector, "_settle", lambda self, now: None)
    assert failing(readiness.between_levels(1.0)) != []


@pytest.mark.slow
def test_false_alarms_that_cost_too_much_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two shocks for each alarm."""
    tire = Sector.tire

    def twice(self: Sector, now: float) -> None:
        tire(self, now)
        tire(self, now)

    monkeypatch.setattr(Sector, "tire", twice)
    assert len(failing(readiness.after_a_start(0.04))) == 2
    assert len(failing(readiness.in_the_long_run(0.05))) == 2


def test_a_mean_over_districts_leaves_out_how_they_differ() -> None:
    """Values that are exactly those expected of each district have no error."""
    case = readiness._averaged("made up", [0.1, 0.5, 0.9], [0.1, 0.5, 0.9] * 4)
    assert case.estimate == pytest.approx(0.5)
    assert case.error == pytest.approx(0.0, abs=1e-12)
