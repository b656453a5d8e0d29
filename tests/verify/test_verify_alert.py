"""The alert family: time at each level, and rules of raising that it would not take for ours."""

import pytest
from judged import failing

from sim.agents.alert_units import AlertUnit
from sim.incidents.records import Incident
from sim.rules.score import Score
from sim.verify import alert
from sim.verify.runs import run


def test_incidents_are_poisson() -> None:
    """Without deaths, at the rate set: 4,000 days at 0.1 a day, within 4 deviations."""
    settings = {**alert.HARASSED, "cells.plans_per_year": 36.5, "days": 4000.0}
    incidents = run("poisson", 0, settings).log[Incident]
    assert abs(len(incidents) - 400) < 4 * 20
    assert not any(incident.deaths for incident in incidents)
    in_100_days = [0] * 40
    for incident in incidents:
        in_100_days[int(incident.at // 100.0)] += 1
    mean = sum(in_100_days) / 40
    variance = sum((n - mean) ** 2 for n in in_100_days) / 39
    assert variance / mean == pytest.approx(1.0, abs=4 * (2 / 39) ** 0.5)


# -- planted faults -----------------------------------------------------------------------


def test_incidents_that_prolong_the_stay_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each incident restarts the stay: raised too long."""
    reassess = AlertUnit.reassess

    def prolonged(self: AlertUnit, cause: str) -> None:
        if cause == "incident":
            self.raised_at = self._command.now
        reassess(self, cause)

    monkeypatch.setattr(AlertUnit, "reassess", prolonged)
    assert failing(alert.raised_for_a_stay(0.1)) != []


def test_levels_that_fall_at_once_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Straight to rest after one stay, not step by step."""
    put = AlertUnit._set

    def at_once(self: AlertUnit, level: int, cause: str) -> None:
        put(self, 0 if cause == "stepped down" else level, cause)

    monkeypatch.setattr(AlertUnit, "_set", at_once)
    assert len(failing(alert.down_step_by_step(0.04))) >= 2


@pytest.mark.slow
def test_scores_that_do_not_add_up_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the last incident counts: the score is high for too little time."""

    def last(self: Score, now: float, points: float) -> None:
        self._value, self._since = points, now

    monkeypatch.setattr(Score, "add", last)
    assert failing(alert.while_the_score_is_high(0.2)) != []
