"""The calibrator's study holds, sees, and fails with planted faults."""

import numpy as np
import pytest

from sim.calibrate.noise import Counts
from sim.calibrate.types import Floats
from sim.verify import calibrator
from sim.verify.calibrator import calibrated, gamma_poisson

FEW = 0.4
"""Small banks."""


def test_the_calibrator_recovers_the_rate() -> None:
    """Mean, chance of the interval and both of its ends, all within 4 standard errors."""
    cases = gamma_poisson(FEW)
    assert [case.theory for case in cases] == pytest.approx(
        [0.98361, 0.95, 0.20284, 2.36875], abs=5e-6
    )
    assert all(case.holds for case in cases)


def test_a_bank_is_a_function_of_its_number() -> None:
    """The same draws of the rate again; another bank has others."""
    one, same, other = (calibrated(number, FEW) for number in (1, 1, 2))
    assert np.array_equal(one.reported, same.reported)
    assert np.array_equal(one.one_more, same.one_more)
    assert not np.array_equal(one.reported, other.reported)


def test_forgotten_reporting_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A simulator that reports everything gives a mean of 0.86 instead of 0.98."""
    monkeypatch.setattr(calibrator, "calibrated", lambda *asked: calibrated(*asked, p_reported=1.0))
    assert gamma_poisson(FEW)[0].z < -4.0


def test_a_law_that_is_too_wide_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts that scatter twice as much as they do leave the rate too open: an end is off."""

    def wide(predictor: Floats, y: Floats) -> Counts:
        return Counts(1.0, 0.5)

    monkeypatch.setattr(calibrator, "fit_counts", wide)
    assert not all(case.holds for case in gamma_poisson(FEW))


@pytest.mark.slow
def test_every_case_holds_and_sees() -> None:
    """At effort 1, negative controls included."""
    assert all(case.holds and case.sees for case in gamma_poisson(1.0))
