"""The regimes family: years that differ and last, and years that do neither."""

import pytest
from judged import failing, named

from sim.agents.regimes import Regimes
from sim.verify import regimes


@pytest.mark.slow
def test_years_that_are_alike_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model whose years are alike fails at the quick effort."""
    monkeypatch.setattr(Regimes, "flow", lambda *_: 1.0)
    assert len(failing(regimes.years_of_one_flow(1.0))) == 2


def test_the_negative_controls() -> None:
    """Years that are alike have the variance of a Poisson count, and no covariance."""
    cases = regimes.years_of_one_flow(0.02)
    assert [case.wrong for case in cases] == [regimes.LOADS, 0.0]
    assert named(cases, "covariance with the next year's crossings").theory > 0.0
