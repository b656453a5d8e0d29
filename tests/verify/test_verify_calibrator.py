"""The calibrator's study holds, sees, and fails with planted faults."""

import pytest

from sim.verify import calibrator
from sim.verify.calibrator import calibrated, gamma_poisson


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small bank."""
    monkeypatch.setattr(calibrator, "_BANK", 4000)


@pytest.mark.usefixtures("few")
def test_the_calibrator_recovers_the_rate() -> None:
    """Mean, chance of the interval and both of its ends, all within 4 standard errors."""
    cases = gamma_poisson(0.1)
    assert [case.theory for case in cases] == pytest.approx(
        [0.98361, 0.95, 0.20284, 2.36875], abs=5e-6
    )
    assert all(case.holds for case in cases)
    assert gamma_poisson(0.1) == cases


@pytest.mark.usefixtures("few")
def test_members_are_exact() -> None:
    """Those that meet the count report exactly two; the loose ones one, two or three."""
    met, near = calibrated(1)
    assert (met.statistic("reported") == 2.0).all()
    assert set(near.statistic("reported").tolist()) == {1.0, 2.0, 3.0}


def test_forgotten_reporting_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A simulator that reports everything gives a mean of 0.86 instead of 0.98."""
    monkeypatch.setattr(calibrator, "calibrated", lambda number: calibrated(number, p_reported=1.0))
    assert gamma_poisson(1.0)[0].z < -4.0


@pytest.mark.slow
def test_every_case_holds_and_sees() -> None:
    """At effort 1, negative controls included."""
    assert all(case.holds and case.sees for case in gamma_poisson(1.0))
