"""Alert rules: what they want, when they are asked again, and answers that cannot be used."""

from collections.abc import Iterator
from math import floor, inf, nan

import pytest

import sim
from sim.errors import PanjError
from sim.incidents.records import AlertChange
from sim.model import BorderModel
from sim.rules.alert import ALERT_RULES, AlertRule


@pytest.fixture
def rule(request: pytest.FixtureRequest) -> Iterator[str]:
    """The name of a rule that is registered for one test: ``request.param`` is its class."""
    sim.alert_rule("tried")(request.param)
    yield "tried"
    ALERT_RULES.remove("tried")


def model(policy: str, **changes: object) -> BorderModel:
    """A model of 60 days under a policy."""
    return BorderModel(sim.load("baseline", {"alert.policy": policy, "days": 60.0, **changes}))


class Weekends(AlertRule):
    """Heightened on Saturdays and Sundays."""

    def wanted(self, now: float) -> int:
        """By the day of the week."""
        return 2 if self.unit.weekday(now) >= 5 else self.rest

    def look_again_at(self, now: float) -> float:
        """Every midnight."""
        return floor(now) + 1.0


@pytest.mark.parametrize("rule", [Weekends], indirect=True)
@pytest.mark.parametrize("scope", ["frontier", "district"])
def test_a_rule_is_followed_day_by_day(rule: str, scope: str) -> None:
    """Heightened exactly on the weekends of January and February 2025, in every district."""
    world = model(rule, **{"alert.minimum_stay_days": 0.0, "alert.scope": scope})
    world.run()
    for sector in world.sectors:
        for day in range(60):
            weekend = (world.calendar.datetime_at(day).weekday()) >= 5
            assert sector.level.at(day + 0.5) == (2 if weekend else 1), day
    causes = {change.cause for change in world.log[AlertChange]}
    assert causes == {"start", "schedule", "stepped down"}


@pytest.mark.parametrize("rule", [Weekends], indirect=True)
def test_a_level_is_kept_for_its_stay(rule: str) -> None:
    """Negative control: with a stay of ten days the weekends run into each other."""
    world = model(rule, **{"alert.minimum_stay_days": 10.0})
    world.run()
    raised = world.sectors[0].level
    # from Saturday 4 January 2025 on, over the weekend after it, to Tuesday 14 January
    assert all(raised.at(day + 0.5) == 2 for day in range(3, 13))
    assert raised.at(13.5) == 1


class Alarmed(AlertRule):
    """Emergency from the first incident with a victim or the first warning on."""

    def __init__(self, unit: object) -> None:
        super().__init__(unit)  # type: ignore[arg-type]
        self.heard: list[str] = []

    def wanted(self, now: float) -> int:
        """Emergency once something was heard."""
        return 3 if self.heard else self.rest

    def on_incident(self, now: float, points: float, incident: object) -> None:
        """Note it."""
        self.heard.append("incident")

    def on_warning(self, now: float) -> None:
        """Note it."""
        self.heard.append("warning")


@pytest.mark.parametrize("rule", [Alarmed], indirect=True)
def test_a_rule_hears_of_incidents_and_warnings(rule: str) -> None:
    """Both arrive, and the level is raised at that very instant."""
    busy = {"cells.count": 30, "cells.plans_per_year": 20.0, "alert.p_warning": 1.0}
    world = model(rule, **busy)
    world.run()
    heard = world.command.alert_units[0].rule.heard  # type: ignore[attr-defined]
    assert {"incident", "warning"} <= set(heard)
    raised = [change for change in world.log[AlertChange] if change.level == "emergency"]
    assert raised[0].cause in ("incident", "warning")


def test_shipped_rules_reach_what_they_may_want() -> None:
    """The highest level of each: at rest, emergency, that of the season."""
    reach = {name: model(name).command.reachable for name in ("fixed", "triggered", "preemptive")}
    assert reach == {"fixed": range(1, 2), "triggered": range(1, 4), "preemptive": range(1, 3)}


@pytest.mark.parametrize("answer", [7, -1, None, 1.0, True, "emergency", nan])
def test_a_level_that_is_none_is_refused(answer: object) -> None:
    """One message with the rule, the method and the value."""
    answering = type("Answering", (AlertRule,), {"wanted": lambda self, now: answer})
    sim.alert_rule("answering")(answering)
    try:
        with pytest.raises(PanjError) as caught:
            model("answering").run()
        said = f"wanted: the rule Answering returned {answer!r}, which is not valid"
        assert str(caught.value).startswith(said)
        assert "level from 0 to 3" in str(caught.value)
    finally:
        ALERT_RULES.remove("answering")


@pytest.mark.parametrize("answer", [nan, None, -3.0, 0.0, "soon"])
def test_a_look_into_the_past_is_refused(answer: object) -> None:
    """The instant must be a number, and lie after the present one."""
    looking = type("Looking", (AlertRule,), {"look_again_at": lambda self, now: answer})
    sim.alert_rule("looking")(looking)
    try:
        with pytest.raises(PanjError, match=r"look_again_at.*Looking.*a later time") as caught:
            model("looking").run()
        assert repr(answer) in str(caught.value)
    finally:
        ALERT_RULES.remove("looking")


def test_a_name_is_given_once() -> None:
    """A second rule of a shipped rule's name is refused, and the first one stays."""
    before = ALERT_RULES["triggered"]
    with pytest.raises(PanjError, match=r"triggered.*alert rule is registered already"):
        sim.alert_rule("triggered")(Weekends)
    assert ALERT_RULES["triggered"] is before


def test_an_unknown_rule_is_refused_with_its_neighbour() -> None:
    """``trigered`` is refused with the suggestion ``triggered``, before anything is built."""
    with pytest.raises(PanjError, match=r"there is no such rule.*Did you mean triggered"):
        sim.load("baseline", {"alert.policy": "trigered"})


def test_a_rule_at_rest_is_never_asked_again() -> None:
    """The defaults: the level at rest, for ever."""
    rule = model("fixed").command.alert_units[0].rule
    assert rule.wanted(10.0) == rule.rest == 1
    assert rule.look_again_at(10.0) == inf
