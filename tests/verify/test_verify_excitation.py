"""The self-excitation family: counts of plans, and excitation that is wrong in some way."""

from collections.abc import Callable

import pytest
from judged import failing, named

from sim.agents.cells import MilitantCell
from sim.agents.planning import Planning, Rate
from sim.incidents.records import Incident, Plan
from sim.verify import excitation
from sim.verify.runs import run


def test_the_tabled_mean_and_variance() -> None:
    """30.417 and 79.55 in a year."""
    mean, variance = excitation.one_cell(0.01)
    assert mean.theory == pytest.approx(30.417, abs=5e-4)
    assert variance.theory == pytest.approx(79.55, abs=5e-3)


def test_every_plan_succeeds_at_once() -> None:
    """Each plan is at once a strike that kills a worker, and the site stays open."""
    settings = {"cells.count": 1, "cells.plans_per_year": 100.0, "days": 730.0}
    model = run("at once", 0, excitation.SUCCEEDING, settings)
    plans, strikes = model.log[Plan], model.log[Incident]
    assert len(plans) > 100
    assert [plan.at for plan in plans] == [strike.at for strike in strikes]
    assert all(strike.victims > 0 for strike in strikes)


def test_counts_by_window() -> None:
    """Instants up to the end of a window, but not those of the one before."""
    at = [0.0, 364.9, 365.0, 500.0, 729.9, 730.0]
    assert [excitation._count(at, end) for end in (365.0, 730.0, 1095.0)] == [2, 3, 1]


# -- planted faults -----------------------------------------------------------------------


def weaker(factor: float) -> Callable[[MilitantCell, float], None]:
    """Excitation by another amount than the one set."""
    excite = MilitantCell.excite

    def excited(self: MilitantCell, plans: float) -> None:
        excite(self, factor * plans)

    return excited


def test_excitation_that_is_too_weak_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half as strong: too few plans."""
    monkeypatch.setattr(MilitantCell, "excite", weaker(0.5))
    assert "a cell alone: a year's plans" in failing(excitation.one_cell(0.05))


@pytest.mark.slow
def test_control_that_prevents_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plans of two cells with a rate that forgets the host state."""
    rate = Planning._rate_from

    def forgetful(self: Planning, t: float) -> Rate:
        found = rate(self, t)
        return found._replace(through=found.through / 0.7)

    monkeypatch.setattr(Planning, "_rate_from", forgetful)
    assert failing(excitation.two_cells(0.06)) != []


@pytest.mark.slow
def test_excitation_shared_evenly_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half stays and half goes over: the mean is the same, the difference varies too little."""
    excite = MilitantCell.excite

    def even(self: MilitantCell, plans: float) -> None:
        excite(self, 0.5 * excitation.BRANCHING)

    monkeypatch.setattr(MilitantCell, "excite", even)
    cases = excitation.two_cells(2.0)
    assert abs(named(cases, "variance of their difference").z) >= 4.0
    assert named(cases, "a year's plans").holds


def test_joint_attacks_on_top_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each attack brings forth ``branching`` later, and the joint ones besides."""
    on_top = weaker(excitation.BRANCHING / (excitation.BRANCHING - 0.5 / 1.5))
    monkeypatch.setattr(MilitantCell, "excite", on_top)
    assert failing(excitation.joined_cells(0.05)) != []
