"""The saturation family: alarms lost with all teams out, and faults that would lose others."""

import pytest
from judged import blind, failing, named

from sim.agents.dispatch import Dispatch
from sim.incidents.records import Alarm
from sim.theory.queues import erlang_b
from sim.verify import saturation
from sim.verify.runs import run
from sim.verify.saturation import Load


def test_every_alarm_is_accounted_for() -> None:
    """Exactly; alarms that wait and those of another seed are another number."""
    cases = saturation.answered_or_lost(0.01)
    assert failing(cases) == blind(cases) == []
    assert all(case.error == 0.0 for case in cases)


def test_rows_of_the_table() -> None:
    """Two teams at half and at one erlang, three at two: 0.07692, 0.20000, 0.21053."""
    theory = [erlang_b(teams, load) for teams, load in ((2, 0.5), (2, 1.0), (3, 2.0))]
    assert [round(value, 5) for value in theory] == [0.07692, 0.2, 0.21053]


def test_all_teams_have_one_base() -> None:
    """From the second month on, in the middle of Vanj; and all calls take four hours on average."""
    model = run("one base", 0, Load(3, 1.0, "fixed").settings(300.0))
    later = [alarm for alarm in model.log[Alarm] if alarm.at > 60.0 and alarm.released_at]
    assert {alarm.base_km for alarm in later} == {642.5}
    hours = [24.0 * (home - out) for a in later for (out, _), (home, _) in [saturation._mission(a)]]
    assert sum(hours) / len(hours) == pytest.approx(4.0, rel=0.03)


# -- planted faults -----------------------------------------------------------------------


def test_a_team_that_is_never_sent_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """One of two teams stays at home: alarms are lost while it is free."""
    nearest = Dispatch._nearest_free

    def but_one(self: Dispatch, km: float) -> object:
        self.teams, teams = self.teams[1:], self.teams
        found = nearest(self, km)
        self.teams = teams
        return found

    monkeypatch.setattr(Dispatch, "_nearest_free", but_one)
    case = named(saturation.answered_or_lost(0.01), "came with all teams out")
    assert case.estimate > case.theory
    assert failing(saturation.alarms_lost(0.03)) != []


@pytest.mark.slow
def test_flights_that_are_forgotten_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A load that counts the flight out and not the one home."""
    one_way = 0.5 * saturation._flight_hours()
    monkeypatch.setattr(saturation, "_flight_hours", lambda: one_way)
    assert failing(saturation.alarms_lost(0.1)) != []
