"""What must balance in every run: people, loads, groups, alarms, teams, levels, days."""

from collections import Counter, defaultdict
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from worlds import WORLDS, run

from sim.agents.calls import Call
from sim.agents.dispatch import Dispatch
from sim.agents.smugglers import SmugglingGroup
from sim.incidents.records import Alarm, AlertChange, Crossing, Incident, Plan, SiteClosure
from sim.measures.registry import EXPECTATIONS
from sim.model import BorderModel
from sim.rules.alert import LEVELS

CASES = [(name, seed) for name in sorted(WORLDS) for seed in (1, 2, 3)]


@cache
def of(name: str, seed: int) -> BorderModel:
    """The run of a case."""
    return run(WORLDS[name], seed=seed)


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def model(request: pytest.FixtureRequest) -> BorderModel:
    """A run of every world."""
    return of(*request.param)


def test_the_worlds_are_busy() -> None:
    """The laws below are put to the test: every kind of record, ending and fate occurs."""
    models = [of(*case) for case in CASES]
    endings = {c.ending for m in models for c in m.log[Crossing]}
    assert endings == {
        "through", "turned_back", "load_left", "surrendered", "clash", "withdrew", "open",
    }  # fmt: skip
    assert {c.cue for m in models for c in m.log[Crossing]} == {
        "patrol", "watch", "camera", "uav", "sign", "tip", "attack", None,
    }  # fmt: skip
    fates = {a.fate for m in models for a in m.log[Alarm]}
    assert fates == {"answered", "lost", "unanswered", "open"}
    assert len({i.kind for m in models for i in m.log[Incident]}) >= 7
    assert any(m.log[SiteClosure] for m in models)


# -- people and loads ---------------------------------------------------------------------


def test_everybody_met_is_accounted_for(model: BorderModel) -> None:
    """Killed, detained and escaped intruders are the group; the wounded are among the living."""
    for incident in model.log[Incident]:
        killed = incident.killed_intruders
        assert incident.group_size == killed + incident.detained + incident.escaped
        living = incident.group_size - killed
        assert incident.wounded_militants + incident.wounded_smugglers <= living


def test_no_count_is_negative(model: BorderModel) -> None:
    """Neither people nor weights nor arms in any record, nor any outcome but expected harm."""
    for incident in model.log[Incident]:
        numbers = [value for value in incident[12:] if isinstance(value, int | float)]
        assert min(numbers) >= 0
    for crossing in model.log[Crossing]:
        assert crossing.size >= 1
        assert crossing.load_kg >= 0.0
        assert crossing.exposed_hours > 0.0
    less_luck = set(EXPECTATIONS.values())
    counts = [n for name, n in model.outcomes().items() if name not in less_luck]
    assert all(value is None or value >= 0 for value in counts)


def test_only_the_side_that_came_loses_intruders(model: BorderModel) -> None:
    """Smugglers die as smugglers, militants as militants; only smugglers carry weight."""
    for incident in model.log[Incident]:
        if incident.actor == "smugglers":
            assert incident.killed_militants + incident.wounded_militants == 0
        else:
            assert incident.killed_smugglers + incident.wounded_smugglers == 0
            assert incident.seized_kg == 0.0
    for crossing in model.log[Crossing]:
        assert (crossing.load_kg > 0.0) == (crossing.actor == "smugglers")


def test_a_load_is_seized_once_and_whole_or_not_at_all(model: BorderModel) -> None:
    """The weight seized is the load of each group that was stopped, and nothing of any other."""
    seized: dict[str, float] = defaultdict(float)
    for incident in model.log[Incident]:
        seized[incident.identity.rpartition("/")[0]] += incident.seized_kg
    for crossing in model.log[Crossing]:
        was_stopped = crossing.ending in ("load_left", "surrendered", "clash")
        assert seized[crossing.identity] == (crossing.load_kg if was_stopped else 0.0)
    total = sum(seized.values())
    assert model.outcomes()["seized_kg"] == pytest.approx(total)
    assert total <= sum(crossing.load_kg for crossing in model.log[Crossing])


def test_stopped_groups_and_incidents_are_the_same(model: BorderModel) -> None:
    """Every group that was stopped has exactly one incident, one that won a clash has one too."""
    crossings = {c.identity: c for c in model.log[Crossing] if c.actor == "smugglers"}
    told = [i for i in model.log[Incident] if i.kind == "smuggling_interdiction"]
    names = [incident.identity.rpartition("/")[0] for incident in told]
    assert len(set(names)) == len(names)
    assert {name for name, c in crossings.items() if c.stopped} <= set(names)
    for name, incident in zip(names, told, strict=True):
        if not crossings[name].stopped:
            assert crossings[name].ending == "through"
            assert incident.clash
            assert incident.detained == 0


# -- groups and crossings -----------------------------------------------------------------


def test_every_group_crosses_once() -> None:
    """Each group has one crossing, but for those that wait for a gap at the end or stayed away.

    Nobody stays away where neither risk nor presence keeps anybody.
    """
    daring = {"smugglers.threshold": 1.0, "deterrence.smugglers": 0.0}
    came: Counter[str] = Counter()
    with pytest.MonkeyPatch.context() as patch:
        begin = SmugglingGroup.__init__

        def counted(group: SmugglingGroup, *arguments: object) -> None:
            begin(group, *arguments)  # type: ignore[arg-type]
            came[group.identity] += 1

        patch.setattr(SmugglingGroup, "__init__", counted)
        model = run(WORLDS["watched"], daring, seed=5)
        coming, came = came, Counter()
        fewer = run(WORLDS["watched"], seed=5)
    crossed = Counter(c.identity for c in model.log[Crossing] if c.actor == "smugglers")
    waiting = {
        group.identity for group in model.agents_by_type[SmugglingGroup] if group.passage is None
    }
    assert set(coming.values()) == set(came.values()) == set(crossed.values()) == {1}
    assert coming.keys() == crossed.keys() | waiting
    assert {c.identity for c in fewer.log[Crossing] if c.actor == "smugglers"} < came.keys()


def test_infiltrations_follow_from_plans(model: BorderModel) -> None:
    """A militants' crossing or attack belongs to a plan made earlier, at most one crossing each."""
    plans = {plan.identity: plan for plan in model.log[Plan]}
    assert len(plans) == len(model.log[Plan])
    for crossing in model.log[Crossing]:
        if crossing.actor == "militants":
            plan = plans[crossing.identity]
            assert plan.mode == "infiltration"
            assert plan.at < crossing.crossed_at
            assert plan.km == crossing.km
    for incident in model.log[Incident]:
        if incident.actor == "militants":
            name = incident.identity
            plan = plans.get(name) or plans[name.rpartition("/")[0]]
            assert plan.at <= incident.at


def test_times_of_a_crossing_are_in_order(model: BorderModel) -> None:
    """Crossed, then detected, then met, then over; nothing after the horizon."""
    for c in model.log[Crossing]:
        assert 0.0 <= c.crossed_at <= c.ended_at <= model.spec.days
        assert (c.detected_at is None) == (c.cue is None)
        if c.detected_at is not None:
            assert c.crossed_at <= c.detected_at <= model.spec.days
        if c.contact_at is not None:
            assert c.detected_at is not None
            assert c.detected_at <= c.contact_at <= c.ended_at
        if c.actor == "smugglers" and c.ending in ("surrendered", "clash"):
            assert c.contact_at is not None
        if c.ending == "turned_back":
            assert c.detected_at is not None


def test_smugglers_are_met_while_they_are_inside(model: BorderModel) -> None:
    """Contact comes before the longest walk inland is over."""
    rules = model.spec.smugglers
    longest = rules.inland_most_km / rules.walk_km_h / 24.0
    for c in model.log[Crossing]:
        if c.actor == "smugglers" and c.contact_at is not None:
            inside_until = c.crossed_at + c.exposed_hours / 24.0 + longest
            assert c.contact_at <= inside_until + 1e-9


def test_times_of_an_incident_are_those_of_its_crossing(model: BorderModel) -> None:
    """An incident of a crossing carries its times, and happens between its start and its end."""
    crossings = {c.identity: c for c in model.log[Crossing]}
    assert len({i.identity for i in model.log[Incident]}) == len(model.log[Incident])
    for incident in model.log[Incident]:
        assert incident.reported_at is None or incident.reported_at >= incident.at
        assert (incident.reported_at is None) == (incident.reported_actor is None)
        crossing = crossings.get(incident.identity.rpartition("/")[0])
        if incident.crossed_at is None:
            assert crossing is None
            assert incident.cue == "attack"
        else:
            assert crossing is not None
            assert crossing.crossed_at == incident.crossed_at <= incident.at <= crossing.ended_at
            assert incident.detected_at == crossing.detected_at
            assert incident.cue == crossing.cue


# -- alarms and teams ---------------------------------------------------------------------


def test_every_alarm_has_one_record() -> None:
    """Whatever becomes of it, lost, late, waiting or under way at the end of the run."""
    sent: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        transmit = Dispatch._transmit

        def counted(dispatch: Dispatch, identity: str, *rest: Any) -> Call:
            sent.append(identity)
            return transmit(dispatch, identity, *rest)

        patch.setattr(Dispatch, "_transmit", counted)
        late = {"communications.p_late": 0.9, "communications.late_hours": 72.0}
        model = run(WORLDS["busy"], late, seed=5)
    written = [alarm.identity for alarm in model.log[Alarm]]
    assert sorted(sent) == sorted(written)
    assert len(set(sent)) == len(sent) > 50


def test_an_alarm_says_how_far_it_came(model: BorderModel) -> None:
    """The times of an alarm are in order, and it has those of its fate and no others."""
    for a in model.log[Alarm]:
        times = [t for t in (a.at, a.heard_at, a.arrived_at, a.released_at) if t is not None]
        assert times == sorted(times)
        assert (a.arrived_at is None) or a.team is not None
        if a.fate == "lost":
            assert (a.heard_at, a.team, a.released_at) == (None, None, None)
        if a.fate == "unanswered":
            assert (a.team, a.arrived_at, a.released_at) == (None, None, None)
            assert a.heard_at is not None
        if a.fate == "answered":
            assert None not in (a.team, a.heard_at, a.arrived_at, a.released_at)


def test_a_team_is_never_at_two_alarms(model: BorderModel) -> None:
    """From arrival to release its alarms follow each other, with travel in between."""
    missions: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for alarm in model.log[Alarm]:
        if alarm.team is not None and alarm.arrived_at is not None:
            missions[alarm.team].append((alarm.arrived_at, alarm.released_at or model.spec.days))
    assert missions
    for spans in missions.values():
        assert all(a[1] <= b[0] for a, b in pairwise(sorted(spans)))


def test_team_hours_cover_the_missions(model: BorderModel) -> None:
    """Hours out are at least those between arrival and release, and at most all there are."""
    spent = sum(
        (alarm.released_at or model.spec.days) - alarm.arrived_at
        for alarm in model.log[Alarm]
        if alarm.arrived_at is not None
    )
    total = 24.0 * model.spec.days * len(model.dispatch.teams)
    assert 24.0 * spent <= model.accounts().team_hours <= total


# -- levels, days, sites ------------------------------------------------------------------


def test_levels_follow_from_their_records(model: BorderModel) -> None:
    """The last change of a district at any time is the level its history says."""
    for sector in model.sectors:
        changes = [c for c in model.log[AlertChange] if c.district == sector.slug]
        assert changes[0].at == 0.0
        assert [c.at for c in changes] == sorted(c.at for c in changes)
        for t in [0.1 * k for k in range(600)]:
            last = [c for c in changes if c.at <= t][-1]
            assert LEVELS[int(sector.level.at(t))] == last.level
        after_start = [c.level for c in changes if c.at > 0.0]
        assert all(a != b for a, b in pairwise(after_start))


def test_days_at_all_levels_are_all_days(model: BorderModel) -> None:
    """The four add up to the horizon; readiness stays a share and its mean above its lowest."""
    accounts = model.accounts()
    days = sum(getattr(accounts, f"days_{level}") for level in LEVELS)
    assert days == pytest.approx(model.spec.days)
    assert 0.0 <= accounts.lowest_readiness <= accounts.mean_readiness <= 1.0


def test_outcomes_are_sums_of_the_districts(model: BorderModel) -> None:
    """Totals by district and for the frontier are the same."""
    table, outcomes = model.district_table(), model.outcomes()
    for name in ("crossings", "detected", "incidents", "clashes", "attacks", "deaths", "victims"):
        assert sum(int(row[name] or 0) for row in table) == outcomes[name]


def test_sites_close_one_time_after_another(model: BorderModel) -> None:
    """A site is not evacuated twice at once, and people lost workdays only while it was shut."""
    spans: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for closure in model.log[SiteClosure]:
        assert closure.closed_at <= closure.reopens_at
        spans[closure.site].append((closure.closed_at, closure.reopens_at))
    for closures in spans.values():
        assert all(a[1] <= b[0] for a, b in pairwise(sorted(closures)))
    most = model.spec.days * sum(site.headcount for site in model.worksites)
    assert model.accounts().worker_days_lost <= most
