"""The calibrator's study holds, sees, and fails with planted faults."""

import numpy as np
import pytest

from sim.calibrate.kernel import Kernel
from sim.verify import calibrator
from sim.verify.calibrator import calibrated, gamma_poisson


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small populations."""
    monkeypatch.setattr(calibrator, "_MEMBERS", 250)


@pytest.mark.usefixtures("few")
def test_the_calibrator_recovers_the_rate() -> None:
    """Mean, chance of the interval and both of its ends, all within 4 standard errors."""
    cases = gamma_poisson(0.1)
    assert [case.theory for case in cases] == pytest.approx(
        [1.63934, 0.95, 0.53229, 3.35790], abs=5e-6
    )
    assert all(case.holds for case in cases)
    assert gamma_poisson(0.1) == cases


@pytest.mark.usefixtures("few")
def test_members_are_exact() -> None:
    """Every generation that counts has threshold 0 and reports exactly four."""
    found = calibrated(1)
    assert len(found) == 2
    assert all((posterior.statistic("reported") == 4.0).all() for posterior in found)


@pytest.mark.usefixtures("few")
def test_forgotten_weights_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A calibrator that weighs all members alike is off by more than 4 standard errors."""
    monkeypatch.setattr(Kernel, "weigh", lambda self, latent: np.full(len(latent), 1 / len(latent)))
    assert abs(gamma_poisson(0.1)[0].z) > 4.0


@pytest.mark.slow
def test_forgotten_reporting_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A simulator that reports everything gives a mean of 1.43 instead of 1.64."""
    monkeypatch.setattr(calibrator, "calibrated", lambda number: calibrated(number, p_reported=1.0))
    assert gamma_poisson(1.0)[0].z < -4.0


@pytest.mark.slow
def test_every_case_holds_and_sees() -> None:
    """At effort 1, negative controls included."""
    assert all(case.holds and case.sees for case in gamma_poisson(1.0))
