"""Rules in years simulated twice: what is the same, what is prevented, what is refused."""

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.errors import PanjError
from sim.explore.alerts.events import EVENTS
from sim.explore.alerts.observer import RuleObserver, UnitLevels, YearEvents, alarms_above
from sim.explore.alerts.result import Alerts
from sim.explore.alerts.scoring import Criteria, score_rule
from sim.explore.alerts.study import alerts
from sim.explore.alerts.years import Year, at_rest, events_of_run
from sim.explore.result import load_result
from sim.incidents.records import Incident

SMALL = {
    "smugglers.loads_per_year": 0.0,
    "false_alarms.per_100_km_year": 0.0,
    "days": 90.0,
    "cells.plans_per_year": 25.0,
    "posts.spacing_km": 80.0,
    "villages.per_100_km": 1.0,
}
SURGE = sim.load("surge_after_attack", SMALL)
BASE = sim.load("baseline", SMALL)


def look(*scenarios: sim.Scenario, years: int = 4, **more: object) -> Alerts:
    """Score rules in this process, with a horizon of a week by default."""
    return alerts(scenarios, years, executor="serial", **{"within": 7.0, **more})  # type: ignore[arg-type]


# -- observing --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["triggered_by_district", "preemptive_season"])
def test_an_observer_sets_the_levels_that_command_set(name: str) -> None:
    """The incidents and warnings of a run give the same levels at the same time."""
    spec = sim.load(name, {**SMALL, "alert.season_months": [2]})
    model = sim.BorderModel(spec, seed=2).run()
    found = RuleObserver(spec).observe(events_of_run(model))
    assert len(found) == len(model.command.alert_units)
    for unit, watch in zip(found, model.command.alert_units, strict=True):
        level = watch.sectors[0].level
        assert unit.levels.tolist() == [
            list(row) for row in zip(level.times, level.values, strict=True)
        ]
    assert max(len(unit.levels) for unit in found) > 2


def test_a_rule_with_one_threshold_is_the_alarm_by_it() -> None:
    """Alarms by the signal and its threshold begin and end with the level of the rule; where the
    signal rose again during the stay, at the next midnight, for then alone it is looked at.
    """
    spec = sim.load("surge_after_attack", {**SMALL, "alert.minimum_stay_days": 4.0})
    seen = 0
    for seed in range(3):
        model = sim.BorderModel(spec, seed).run()
        (unit,) = RuleObserver(spec).observe(YearEvents(model.log[Incident]))
        alarms = alarms_above(unit.signal, spec.alert.heightened_at, 4.0, 90.0)
        of_rule = unit.alarms(2, 90.0)
        late = alarms[:, 1] > of_rule[:, 1] + 1e-5
        assert late.sum() <= 1
        of_rule[late, 1] = np.ceil(of_rule[late, 1])
        assert alarms == pytest.approx(of_rule, abs=1e-5)
        seen += len(alarms)
    assert seen > 3


# -- planted rules ----------------------------------------------------------------------------


def planted(lead: float, years: int = 40) -> list[Year]:
    """Years with drone strikes every 25 days, and an alarm ``lead`` days before each; none acts."""
    log = sim.BorderModel(SURGE, seed=2).run().log[Incident]
    strike = next(i for i in log if i.kind == "drone_attack_on_workers")
    found = []
    for number in range(years):
        times = np.arange(20.0 + number % 5, 85.0, 25.0)
        events = YearEvents([strike._replace(at=float(t), identity=f"plan/{t:g}") for t in times])
        rows = [(0.0, 1.0)]
        for t in times:
            rows += [(t - lead, 2.0), (t - lead + 2.0, 1.0)]
        levels = np.array(rows)
        world = events, [UnitLevels(levels, levels)]
        found.append(Year(number, number, world, world))
    return found


@pytest.mark.parametrize(("lead", "hits"), [(1.0, 1.0), (-1.0, 0.0)])
def test_a_perfect_warning_and_one_that_comes_late(lead: float, hits: float) -> None:
    """Raised a day before: every event is hit and no alarm false. A day after: none, and all."""
    asked = Criteria(EVENTS["attack"], 2.0, 2, 0.9)
    brief = sim.load("surge_after_attack", {**SMALL, "alert.minimum_stay_days": 0.0})
    found = score_rule(brief, planted(lead), 0, asked)
    assert found.looking.hit_rate.value == hits
    assert found.looking.false_alarm_ratio.value == 1.0 - hits
    assert found.fewer.value == 0.0
    assert (found.skill.gain.low or 0.0) > 0.9 if hits else (found.skill.gain.high or 0.0) < 0.0
    if hits:
        assert found.lead.median.value == 1.0
        assert found.skill.area.value == pytest.approx(1.0, abs=0.05)


# -- whole ------------------------------------------------------------------------------------


def test_levels_that_change_nothing_prevent_nothing() -> None:
    """Where all levels mean the same, both worlds are the same year: nothing is prevented."""
    same = {
        f"alert.levels.{level}.{key}": value
        for level in ("elevated", "heightened")
        for key, value in sim.load("baseline").alert.levels.elevated.model_dump().items()
    }
    found = look(sim.load("surge_after_attack", {**SMALL, **same})).rules[0]
    assert (found.acting.alarms.value or 0.0) > 0.0
    assert found.acting == found.looking
    assert found.acting.prevented.value == found.fewer.value == 0.0


def test_what_is_counted_adds_up() -> None:
    """Hits and misses are the events; right, prevented and false ones are the alarms."""
    found = look(SURGE, years=6).rules[0]
    for world in (found.looking, found.acting):
        said = {name: estimate.value or 0.0 for name, estimate in world}
        assert said["warned"] + said["missed"] == pytest.approx(said["events"])
        assert said["right"] + said["prevented"] + said["false"] == pytest.approx(said["alarms"])
    assert sum(b.share for b in found.reliability) == pytest.approx(1.0)


def test_a_store_gives_what_its_scenarios_give(tmp_path: Path) -> None:
    """Its years simulated again, here or by processes, are those of the scenario."""
    store = sim.run_batch([SURGE, BASE], 4, tmp_path / "kept", executor="serial")
    reported: list[tuple[int, int]] = []
    found = alerts(store, executor="serial", within=7.0, progress=lambda *n: reported.append(n))
    assert found == alerts(store, jobs=2, within=7.0) == look(SURGE)
    assert reported == [(n, 8) for n in range(1, 9)]
    assert load_result(tmp_path / "kept", Alerts) == found


def test_a_user_defined_rule_is_scored(tmp_path: Path) -> None:
    """Its signal is the level that it wants, unless it defines another."""
    (tmp_path / "mine.py").write_text(
        "import sim\n\n\nclass Weekly(sim.AlertRule):\n"
        "    def wanted(self, now):\n        return 2 if now % 7 < 1 else 1\n\n"
        "    def look_again_at(self, now):\n        return float(int(now) + 1)\n"
    )
    spec = tmp_path / "weekly.toml"
    spec.write_text('extends = "baseline.toml"\n[alert]\npolicy = "mine:Weekly"\n')
    rule = sim.load(spec, {**SMALL, "alert.minimum_stay_days": 0.0}, allow_code=True)
    found = look(rule, years=2).rules[0]
    assert found.looking.share_up.value == pytest.approx(13 / 90)
    assert [t.at for t in found.thresholds] == [1.0, 2.0]


def test_events_that_never_happen_give_no_rates() -> None:
    """There is no rate without a denominator, and no error."""
    found = look(sim.load("surge_after_attack", {**SMALL, "cells.plans_per_year": 0.0})).rules[0]
    assert found.looking.events.value == 0.0
    assert found.looking.hit_rate.value is None
    assert found.skill.area.value is None


@pytest.mark.parametrize("event", ["deadly", "crossing"])
def test_other_events(event: str) -> None:
    """Deadly attacks and crossings are counted too."""
    assert (look(SURGE, years=3, event=event).rules[0].looking.events.value or 0.0) > 0.0


# -- refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"within": 0.0}, "is not a horizon"),
        ({"within": float("nan")}, "is not a horizon"),
        ({"within": 90.0}, "is not shorter than a run"),
        ({"event": "earthquake"}, "no such event to be warned of"),
        ({"level": "red"}, "is not a level"),
        ({"level": "elevated"}, "is its level at rest, or below"),
        ({"years": 1}, "at least two years"),
        ({"confidence": 0.2}, "between 0.5 and 1"),
    ],
)
def test_what_cannot_be_asked_is_refused(more: dict[str, object], said: str) -> None:
    """In one message, before any year is simulated."""
    with pytest.raises(PanjError, match=said):
        look(SURGE, **more)


def test_a_level_that_never_changes_warns_of_nothing() -> None:
    """A fixed level is refused, and so is one that a rule never reaches."""
    with pytest.raises(PanjError, match="never changes"):
        look(BASE)
    season = sim.load("preemptive_season", SMALL)
    with pytest.raises(PanjError, match="never reached"):
        look(season, level="emergency")


def test_a_store_without_a_rule_or_of_one_year_is_refused(tmp_path: Path) -> None:
    """The first has no rule to score, the second too few years."""
    none = sim.run_batch([BASE], 2, tmp_path / "none", executor="serial")
    with pytest.raises(PanjError, match="no scenario of this store has a rule"):
        alerts(none)
    one = sim.run_batch([SURGE], 1, tmp_path / "one", executor="serial")
    with pytest.raises(PanjError, match="at least two years"):
        alerts(one)


def test_years_that_fail_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are counted; if all fail, that is an error."""
    from sim.explore.alerts import years

    seeds: list[int] = []

    class Brittle(sim.BorderModel):
        def __init__(self, spec: sim.Scenario, seed: int) -> None:
            seeds.append(seed)
            if len(seeds) <= bad:
                raise RuntimeError("broken")
            super().__init__(spec, seed)

    monkeypatch.setattr(years, "BorderModel", Brittle)
    bad = 1
    found = look(SURGE, years=3).rules[0]
    assert (found.years, found.failed) == (2, 1)
    bad = 1000
    with pytest.raises(PanjError, match="every year failed"):
        look(SURGE, years=3)


def test_at_rest_only_the_rule_is_gone() -> None:
    """The world at rest differs only in the policy."""
    assert at_rest(SURGE).alert == SURGE.alert.model_copy(update={"policy": "fixed"})
    assert at_rest(SURGE).patrols == SURGE.patrols
