"""A fork has the same past and other rules from now on, and what was planned takes over."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from test_every_parameter import BASES, others
from worlds import (
    BUSY,
    PREEMPTIVE,
    UNCOUPLED,
    WORLDS,
    Settings,
    crossings,
    rows,
    run,
    scenario,
    unbroken,
)

from sim.agents.cells import MilitantCell
from sim.agents.smugglers import SmugglingGroup
from sim.engine.path import Waypoint
from sim.errors import ScenarioError
from sim.incidents.records import RECORD_TYPES, Alarm, AlertChange, Crossing, Incident
from sim.model import BorderModel
from sim.scenario.mid_run import FIXED, GROWING, check_change
from sim.scenario.parameters import parameters
from sim.scenario.spec import Scenario
from sim.scenario.values import flatten, with_overrides

DAY = 30.3
ALL_BUT_LEVELS = [kind for kind in RECORD_TYPES if kind is not AlertChange]
CHANGEABLE = [key for key in parameters() if key not in FIXED]


def at(day: float, *layers: Mapping[str, object], seed: int = 1) -> BorderModel:
    """A model that has run until ``day``."""
    model = BorderModel(scenario(*layers), seed)
    model.run_until(day)
    return model


def happened(model: BorderModel) -> list[object]:
    """What happened, but for the level on day 0: the record of the one before stays."""
    later = [change for change in model.log[AlertChange] if change.at > 0.0]
    return [*later, *rows(model, ALL_BUT_LEVELS)]


def other_values(spec: Scenario, keys: list[str]) -> Iterator[tuple[str, object]]:
    """For each key another value that can be taken up on day 0."""
    values = flatten(spec)
    for key in keys:
        for value in others(parameters()[key], values.get(key)):
            try:
                check_change(spec, with_overrides(spec, {key: value}), 0.0)
            except ScenarioError:
                continue  # not with the other values, or fewer teams
            yield key, value
            break


def everything(spec: Scenario) -> Scenario:
    """A scenario with another value wherever there may be one, as far as they go together."""
    values = flatten(spec)
    wanted = {
        key: list(others(parameters()[key], values.get(key))) for key in CHANGEABLE if key != "days"
    }
    return taken_up(spec, spec, [(key, found) for key, found in wanted.items() if found])


def taken_up(begun: Scenario, spec: Scenario, wanted: list[tuple[str, list[object]]]) -> Scenario:
    """``spec`` with the first values, all at once if ``begun`` admits it, or half by half."""
    key, values = wanted[0]
    alone = len(wanted) == 1
    for change in [{key: v} for v in values] if alone else [{k: v[0] for k, v in wanted}]:
        try:
            changed = with_overrides(spec, change)
            check_change(begun, changed, 0.0)
        except ScenarioError:
            continue  # some of them do not go together
        return changed
    if alone:
        return spec
    half = len(wanted) // 2
    return taken_up(begun, taken_up(begun, spec, wanted[:half]), wanted[half:])


# -- laws ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["defaults", "busy"])
def test_a_fork_into_the_same_rules_is_the_unbroken_run(name: str) -> None:
    """Byte for byte, by no overrides, the same values, or the same scenario."""
    model, whole = at(DAY, WORLDS[name]), unbroken(name)
    same = [(), {}, {"patrols.size": model.spec.patrols.size}, scenario(WORLDS[name])]
    assert {model.fork(to).run().fingerprint() for to in same} == {whole}  # type: ignore[arg-type]
    assert model.run().fingerprint() == whole


@pytest.mark.slow  # all at once, below, is the law of the default run; this one finds the key
@pytest.mark.parametrize(("number", "key"), list(enumerate(CHANGEABLE)))
def test_a_fork_on_day_0_is_the_other_run(number: int, key: str) -> None:
    """Whatever may change takes over wholly: nothing of it was fixed when the model was built.

    Records and outcomes are those of a run of the other scenario from the start. Only the record
    of the level with which the run began stays what it was.
    """
    spec = scenario(BASES[number % len(BASES)], {"days": 12.0})
    for _, value in other_values(spec, [key]):
        fork = BorderModel(spec, 1).fork({key: value}).run()
        other = BorderModel(with_overrides(spec, {key: value}), 1).run()
        assert happened(fork) == happened(other)
        assert fork.outcomes() == other.outcomes()


@pytest.mark.thorough
@pytest.mark.parametrize("base", BASES)
def test_a_fork_of_everything_on_day_0_is_the_other_run(base: Settings) -> None:
    """All that may change at once, in worlds with every policy, schedule and scope."""
    spec = scenario(base, {"days": 25.0})
    other = everything(spec)
    fork, whole = BorderModel(spec, 1).fork(other).run(), BorderModel(other, 1).run()
    assert happened(fork) == happened(whole) != happened(BorderModel(spec, 1).run())
    assert fork.outcomes() == whole.outcomes()


@pytest.mark.parametrize("base", BASES[::2])
def test_a_fork_leaves_the_past_as_it_was(base: Settings) -> None:
    """Records, places and sorties of the time before are those of the model it was forked from."""
    model = at(20.2, base)
    fork = model.fork(everything(model.spec))
    records = {kind: list(model.log[kind]) for kind in RECORD_TYPES}
    before = past(model)
    assert past(fork) == before
    fork.run()
    assert {kind: fork.log[kind][: len(records[kind])] for kind in RECORD_TYPES} == records
    assert past(fork) == before
    assert past(model) == before
    assert happened(fork) != happened(model.run())


def past(model: BorderModel) -> list[object]:
    """What can be read about the past 20 days: sorties on their way, levels, rates."""
    lines = [beat.world_lines(0.0, 19.0) for post in model.posts for beat in post.beats]
    levels = [[s.level.at(t), s.sorties.at(t)] for s in model.sectors for t in (0.0, 9.5, 20.1)]
    return [lines, levels]


def test_forks_know_nothing_of_each_other() -> None:
    """Two forks and the model, run in turn: each ends as it would alone."""
    model = at(DAY, BUSY)
    changes: list[Settings] = [{"alert.policy": "fixed"}, {"teams.reserve": 9}]
    alone = [model.fork(change).run().fingerprint() for change in changes]
    forks = [model.fork(change) for change in changes]
    for day in (41.0, 52.0, 60.0):
        for one in (*forks, model):
            one.run_until(day)
    assert [fork.fingerprint() for fork in forks] == alone
    assert model.fingerprint() == unbroken("busy")
    assert len({*alone, model.fingerprint()}) == 3


def test_a_fork_of_a_fork() -> None:
    """There and back at one instant is not a change; one after the other, both hold."""
    model = at(DAY, WORLDS["defaults"], {"smugglers.loads_per_year": 3000.0})
    once = model.fork({"patrols.p_sight": 0.9})
    back = once.fork({"patrols.p_sight": model.spec.patrols.p_sight})
    assert happened(back.run()) == happened(model.fork().run())
    once.run_until(40.0)
    twice = once.fork({"technical.camera_coverage": 0.9})
    assert [since for since, _ in twice.eras] == [0.0, DAY, 40.0]
    assert twice.spec.patrols.p_sight == 0.9


SEEING: Settings = {
    "technical.camera_coverage": 0.6,
    "posts.p_watch": 0.9,
    "tips.p_tip": 0.9,
    "patrols.p_sight": 0.9,
}


def noticed(model: BorderModel) -> dict[str, tuple[object, ...]]:
    """Who crossed where and when, and how that was noticed, but for those noticed by teams."""
    return {
        name: (c.km, c.crossed_at, c.size, c.detected_at, c.cue)
        for name, c in crossings(model).items()
    }


def test_common_random_numbers_survive_a_fork() -> None:
    """Who comes after the fork meets the draws of the other run; who was gone before, of the first.

    Nothing couples groups in this world, so each is that of one run or of the other.
    """
    day = 20.3
    fork = at(day, UNCOUPLED).fork(SEEING).run()
    first, other, mixed = noticed(run(UNCOUPLED)), noticed(run(UNCOUPLED, SEEING)), noticed(fork)
    assert mixed.keys() == first.keys() == other.keys()
    late = {name for name, row in other.items() if row[1] > day}  # type: ignore[operator]
    gone = {c.identity for c in crossings(run(UNCOUPLED)).values() if c.ended_at < day - 2.0}
    assert min(len(late), len(gone)) > 100
    assert {name: mixed[name] for name in late} == {name: other[name] for name in late}
    assert {name: mixed[name] for name in gone} == {name: first[name] for name in gone}
    assert any(first[name] != other[name] for name in late)


# -- what was planned ahead ---------------------------------------------------------------


@pytest.mark.parametrize("level", ["routine", "emergency"])
def test_false_alarms_planned_ahead_follow_the_level(level: str) -> None:
    """From the fork on they are those of a world that always stood at that level."""
    still = {"alert.level": "elevated", "false_alarms.per_100_km_year": 200.0}
    fork = at(10.5, UNCOUPLED, still).fork({"alert.level": level}).run()
    assert false_alarms(fork, 10.5) == false_alarms(
        run(UNCOUPLED, still, {"alert.level": level}), 10.5
    )
    assert false_alarms(fork, 10.5) != false_alarms(run(UNCOUPLED, still), 10.5)


def false_alarms(model: BorderModel, since: float) -> list[str]:
    """Who raised one, from an instant on."""
    found = [a.identity for a in model.log[Alarm] if a.cue == "false" and a.at > since]
    assert len(found) > 20
    return sorted(found)


@pytest.mark.parametrize(
    "change",
    [
        {"smugglers.loads_per_year": 6000.0},
        {"smugglers.loads_per_year": 0.0},
        {"smugglers.season_effect": 0.8},
        {"smugglers.district_weights": {"panj": 1.0, "darvoz": 0.0}},
    ],
)
def test_groups_planned_ahead_follow_the_flow(change: Settings) -> None:
    """Until the fork those of one run come, from then on those of the other."""
    fork, whole = at(10.5, UNCOUPLED).fork(change).run(), run(UNCOUPLED, change)
    assert arrivals(fork, 10.5) == arrivals(whole, 10.5)
    before = {name: t for name, t in arrivals(run(UNCOUPLED)).items() if t <= 10.5}
    assert before == {name: t for name, t in arrivals(fork).items() if t <= 10.5}
    assert before


def test_a_change_of_hours_loses_nobody_and_brings_nobody_twice() -> None:
    """Who has come today does not come again at the new hour; who is late comes at once."""
    change = {"smugglers.night_share": 0.05}
    for day in (10.1, 10.5, 10.9):
        fork = at(day, UNCOUPLED).fork(change).run()
        assert arrivals(fork).keys() == arrivals(run(UNCOUPLED)).keys()
        assert arrivals(fork, 11.0) == arrivals(run(UNCOUPLED, change), 11.0)


def arrivals(model: BorderModel, since: float = 0.0) -> dict[str, float]:
    """When each group crossed."""
    return {c.identity: c.crossed_at for c in model.log[Crossing] if c.crossed_at > since}


@pytest.mark.parametrize("schedule", ["regular", "jittered", "random"])
def test_sorties_out_walk_on_and_new_ones_keep_the_new_time(schedule: str) -> None:
    """Those that left before the fork are of the old schedule and speed, the others of the new."""
    old = {"patrols.schedule": "random" if schedule == "regular" else "regular"}
    new: Settings = {"patrols.schedule": schedule, "patrols.off_path_factor": 3.0}
    model, other = at(5.5, UNCOUPLED, old), run(UNCOUPLED, old, new)
    fork = model.fork(new)
    for mine, was, will in zip(fork.posts, model.posts, other.posts, strict=True):
        for beat, before, after in zip(mine.beats, was.beats, will.beats, strict=True):
            left = [line for line in before.world_lines(0.0, 5.5) if line[0].at < 5.5]
            leave = [line for line in after.world_lines(5.5, 20.0) if line[0].at >= 5.5]
            assert [w for w in beat.world_lines(0.0, 5.5) if w[0].at < 5.5] == left
            assert [w for w in beat.world_lines(5.5, 20.0) if w[0].at >= 5.5] == leave
            out = {rounded(line) for line in left if line[2].at > 5.5}
            assert out <= set(map(rounded, beat.world_lines(5.5, 20.0)))


def rounded(line: tuple[Waypoint, ...]) -> tuple[float, ...]:
    """A sortie; read at another time, the last bits of a clock may differ."""
    return tuple(round(point.at, 9) for point in line)


@pytest.mark.parametrize("name", WORLDS)
def test_a_longer_run_is_the_run_of_that_length(name: str) -> None:
    """Its horizon moves, and everything that was planned up to it."""
    fork = at(DAY, WORLDS[name]).fork({"days": 75.0}).run()
    whole = run(WORLDS[name], {"days": 75.0})
    assert (fork.time, fork.running) == (75.0, False)
    assert fork.log.fingerprint() == whole.log.fingerprint()


def test_a_shorter_run_ends_earlier() -> None:
    """What is open at the new end is written as open."""
    fork = at(DAY, BUSY).fork({"days": 40.0}).run()
    assert fork.time == 40.0
    assert fork.log.fingerprint() == run(BUSY, {"days": 40.0}).log.fingerprint()


# -- command ------------------------------------------------------------------------------


@pytest.mark.parametrize("base", [BUSY, PREEMPTIVE])
def test_a_rule_is_told_what_has_happened(base: Settings) -> None:
    """A rule that takes over wants what it would have wanted had it been there all the time."""
    model = at(DAY, base, {"cells.plans_per_year": 200.0, "alert.warning_days": 6.0})
    fork = model.fork({"alert.policy": "fixed"}).fork({"alert.policy": model.spec.alert.policy})
    for was, now in zip(model.command.alert_units, fork.command.alert_units, strict=True):
        assert now.rule is not was.rule
        assert now.rule.wanted(DAY) == was.rule.wanted(DAY)
        assert now.rule.look_again_at(DAY) == was.rule.look_again_at(DAY)
        assert now.level == now.rule.wanted(DAY)
    assert len({watch.level for watch in fork.command.alert_units}) > 1


def test_an_order_acts_at_once() -> None:
    """Down as well as up, in all districts, and is recorded; later steps are those of the rule."""
    stay = {"alert.minimum_stay_days": 30.0, "alert.policy": "fixed", "alert.level": "emergency"}
    model = at(DAY, BUSY, stay)
    fork = model.fork({"alert.level": "routine"})
    assert [s.level.current for s in fork.sectors] == [0] * 13
    new = fork.log[AlertChange][len(model.log[AlertChange]) :]
    assert {(change.at, change.level, change.cause) for change in new} == {
        (DAY, "routine", "lever")
    }
    assert fork.run().outcomes()["days_emergency"] == pytest.approx(DAY)


def test_districts_that_stood_at_levels_of_their_own_are_brought_to_one() -> None:
    """And a frontier that had one level is taken apart."""
    model = at(DAY, BUSY)
    one = model.fork({"alert.scope": "frontier"})
    assert len({sector.level.current for sector in model.sectors}) > 1
    assert len({sector.level.current for sector in one.sectors}) == 1
    apart = one.fork({"alert.scope": "district"})
    assert [s.level.current for s in apart.sectors] == [
        watch.rule.wanted(DAY) for watch in apart.command.alert_units
    ]


def test_patrols_that_were_moved_go_back_when_nobody_moves_them() -> None:
    """At once; and a rule that takes over holds its first review after the time for one."""
    model = at(DAY, BUSY)
    assert {sector.hot_spot_factor for sector in model.sectors} != {1.0}
    planned = model.fork({"patrols.allocation": "planned"})
    assert {sector.hot_spot_factor for sector in planned.sectors} == {1.0}
    again = planned.fork({"patrols.allocation": "hot_spot", "teams.reserve": 3})
    assert happened(again)[:50] == happened(model)[:50]
    still = at(DAY, BUSY, {"patrols.hot_spot_share": 0.0, "teams.reserve": 0})
    moved = still.fork({"patrols.hot_spot_share": 0.4})
    moved.run_until(DAY + 6.9)
    assert {sector.hot_spot_factor for sector in moved.sectors} == {1.0}
    moved.run_until(DAY + 7.1)
    assert {sector.hot_spot_factor for sector in moved.sectors} != {1.0}


def test_teams_may_be_added() -> None:
    """They stand at their bases, take what waits, and cost from then on."""
    few = {"teams.per_district": 0, "teams.reserve": 1, "teams.reach_hours": 240.0}
    model = at(DAY, BUSY, few, {"teams.patience_hours": 240.0})
    waiting = len(model.dispatch._queue)
    fork = model.fork({"teams.per_district": 2, "teams.reserve": 4})
    assert waiting > 5
    assert len(fork.dispatch.teams) == 2 * 13 + 4
    assert len(fork.dispatch._queue) < waiting
    spent, call = fork.run().accounts(), fork.spec.teams.on_call
    assert spent.on_call_guard_hours == pytest.approx(24.0 * call * (DAY + 30.0 * (60.0 - DAY)))
    assert spent.reserve_team_days == pytest.approx(DAY + 4.0 * (60.0 - DAY))


# -- what has grown -----------------------------------------------------------------------


def test_what_has_grown_is_carried_to_the_instant() -> None:
    """Memories, trust, readiness, strength: a new rate acts from now on and not on what was."""
    rates: Settings = {
        "smugglers.memory_days": 1.0,
        "cells.memory_days": 1.0,
        "cells.recruits_per_year": 500.0,
        "cells.lag_days": 1.0,
        "tips.trust_recovery_days": 1.0,
        "readiness.recovery_per_day": 5.0,
        "alert.levels.routine.fatigue_per_day": 5.0,
    }
    model = at(DAY, BUSY)
    fork = model.fork(rates)
    before, after = grown(model), grown(fork)
    assert after == pytest.approx(before)
    for one in (model, fork):
        one.run_until(DAY + 1.0)
    assert grown(fork) != pytest.approx(grown(model), rel=0.05)
    for was, now in zip(at(DAY, BUSY).cells, at(DAY, BUSY).fork(rates).cells, strict=True):
        assert excited(now) == pytest.approx(excited(was))


def grown(model: BorderModel) -> list[float]:
    """What changes by itself between events."""
    now = model.now
    found = [model.rumours.risk(now, km) for km in range(10, 1340, 20)]
    found += [s.readiness(now) for s in model.sectors] + [s.trust(now) for s in model.sectors]
    for cell in model.cells:
        found += [cell.strength]
        found += [cell.beliefs.failure(now, "infiltration", d) for d in range(13)]
    return found


def excited(cell: MilitantCell) -> float:
    """Plans that past attacks will still trigger, up to a constant of the bank."""
    model, rules = cell.model, cell.spec.cells
    free = cell.planning.rate(cell.now) / (1.0 - model.host_state.control(cell.district, cell.now))
    own = rules.plans_per_year / 365.0 * model.regimes.plans(cell.spec, cell.now)
    return (free - own) * rules.lag_days


# -- refusals -----------------------------------------------------------------------------


def test_every_fixed_key_is_a_parameter() -> None:
    """The two tables name what there is."""
    known = {*parameters(), "ground"}
    assert not FIXED.keys() - known
    assert not GROWING - known


def test_the_page_names_every_fixed_key() -> None:
    """``docs/forks.md`` lists what cannot change: keys of one section after their first."""
    page = (Path(__file__).parents[2] / "docs" / "forks.md").read_text("utf-8")
    listed = re.findall(r"`([a-z_0-9.]+)`", page.partition("cannot change during the run")[2])
    section, named = "", set()
    for key in listed[: len(FIXED)]:
        section = key.partition(".")[0] or section
        named.add(section + key if key.startswith(".") else key)
    assert named == set(FIXED)


def test_what_a_run_began_with_is_refused() -> None:
    """Key, value, why, and what to do are said, and nothing has changed."""
    model = at(5.0, BUSY)
    values = flatten(model.spec)
    for key in (key for key in FIXED if key in parameters()):
        for value in others(parameters()[key], values.get(key)):
            try:
                with_overrides(model.spec, {key: value})
            except ScenarioError:
                continue
            with pytest.raises(ScenarioError, match=r"run that scenario from its start\.") as told:
                model.fork({key: value, "patrols.size": 7})
            assert all((problem.key or "").startswith(key) for problem in told.value.problems)
            break
        else:
            pytest.fail(f"no other value of {key} was tried")
    assert model.run().fingerprint() == unbroken("busy")


def test_every_key_that_cannot_change_is_named_at_once() -> None:
    """One message for each."""
    change = {"posts.spacing_km": 20.0, "cells.count": 3, "days": 4.0, "teams.reserve": 1}
    with pytest.raises(ScenarioError) as refusal:
        at(5.0, BUSY).fork(change)
    told = {problem.key: str(problem) for problem in refusal.value.problems}
    assert told.keys() == change.keys()
    assert "cells.count = 3: places are fixed before a run begins" in told["cells.count"]
    assert "Leave it as it is (16)" in told["cells.count"]
    assert told["days"] == "days = 4.0: the run is at day 5 already. Give a later end."
    assert "Give 3 or more" in told["teams.reserve"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"patrols.p_sight": 1.5}, "patrols.p_sight = 1.5"),
        ({"patrols.p_sihgt": 0.5}, "patrols.p_sihgt"),
        ({"alert.policy": "no such rule"}, "alert.policy"),
    ],
)
def test_a_value_that_is_not_allowed_is_refused(change: Settings, said: str) -> None:
    """As it is in a file, and the model stays as it was."""
    model = at(5.0, BUSY)
    with pytest.raises(ScenarioError, match=said):
        model.change(change)
    assert model.run().fingerprint() == unbroken("busy")


def test_a_run_that_is_over_has_no_forks() -> None:
    """There is nothing left to change."""
    with pytest.raises(Exception, match=r"the run is over: it is day 60 of 60\. Fork") as refusal:
        run(BUSY).fork({"patrols.size": 3})
    assert type(refusal.value).__name__ == "PanjError"


def test_passages_under_way_look_again() -> None:
    """A group in the open may be seen by patrols that now see more; it was going to get through."""
    blind = {"patrols.p_sight": 0.0, "sign.p_found": 0.0, "patrols.sorties_per_day": 24.0}
    crowd = {"exposure.shortest_hours": 12.0, "exposure.longest_hours": 12.0, "days": 7.0}
    model = at(5.9, UNCOUPLED, blind, crowd)
    in_the_open = [name for name, p in model.passages.items() if p.exposed_until > model.now]
    found = crossings(model.fork({"patrols.p_sight": 1.0}).run())
    seen = [name for name in in_the_open if found[name].cue == "patrol"]
    assert len(seen) > 3
    assert not any(c.cue == "patrol" for c in crossings(model.run()).values())


def test_groups_and_incidents_are_there_to_be_told() -> None:
    """Negative control: in the busy world something is under way at the instant of the forks."""
    model = at(DAY, BUSY)
    assert model.log[Incident]
    assert len(model.agents_by_type[SmugglingGroup]) > 0
