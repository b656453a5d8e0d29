"""One incident in several worlds: stories agree with the logs, and partings have reasons."""

from functools import cache

import pytest

import sim
from sim.errors import PanjError, StoreError
from sim.explore.incident.changed import turned, was_stopped
from sim.explore.incident.partings import AT_ONCE
from sim.explore.incident.study import IncidentComparison, compare_worlds, observe
from sim.explore.incident.worlds import (
    Selection,
    incident_origin,
    open_worlds,
    origin_of,
    worlds_of_scenarios,
)
from sim.incidents.records import Alarm, Crossing, Incident, Plan
from sim.model import BorderModel

SEEDS = (1, 2, 5)
PAIRS = (("baseline", "triggered"), ("baseline", "cordon_and_wait"), ("baseline", "tips_programme"))


@cache
def scenario(name: str) -> sim.Scenario:
    """The first 200 days of a policy."""
    return sim.load(name, ["days=200"])


@cache
def run(name: str, seed: int) -> BorderModel:
    """A year without an observer."""
    return BorderModel(scenario(name), seed=seed).run()


@cache
def identities(pair: tuple[str, str], seed: int) -> list[str]:
    """Some that the second policy changed, some that it did not, and a plan."""
    models = [run(name, seed) for name in pair]
    one, other = ({incident_origin(i): i.harm for i in m.log[Incident]} for m in models)
    apart = [name for name in {**one, **other} if one.get(name) != other.get(name)]
    alike = [name for name in one if one[name] == other.get(name)]
    plans = [
        plan.identity for model in models for plan in model.log[Plan] if plan.mode != "refrain"
    ]
    return list(dict.fromkeys([*apart[:2], *alike[:1], *plans[:1]]))


@cache
def compare(pair: tuple[str, str], seed: int, identity: str) -> IncidentComparison:
    """An incident in both worlds of a pair."""
    return compare_worlds(worlds_of_scenarios([scenario(name) for name in pair], seed), identity)


CASES = list(zip(PAIRS, SEEDS, strict=True))


def records(model: BorderModel, origin: str) -> list[tuple[float, str]]:
    """All records of a group or plan in the log up to its end, with their instants."""
    rows: list[tuple[float | None, str]] = []
    for plan in model.log[Plan]:
        if plan.identity == origin:
            rows.append((plan.at, f"plan {plan.mode} {plan.target} {plan.cell}"))
    for crossing in model.log[Crossing]:
        if crossing.identity == origin:
            rows += [(crossing.crossed_at, f"crossed {crossing.km:.3f} {crossing.size}"),
                     (crossing.detected_at, f"known by {crossing.cue}"),
                     (crossing.contact_at, "met"), (crossing.struck_at, "struck"),
                     (crossing.ended_at, f"ended {crossing.ending}")]  # fmt: skip
    for alarm in model.log[Alarm]:
        if alarm.identity.rpartition("/")[0] == origin:
            rows += [(alarm.at, f"alarm {alarm.cue}"), (alarm.heard_at, "heard"),
                     (alarm.left_at, f"left {alarm.team}"),
                     (alarm.arrived_at, "arrived")]  # fmt: skip
    for incident in model.log[Incident]:
        if incident_origin(incident) == origin:
            rows.append((incident.at, f"{incident.kind} {incident.harm} {incident.seized_kg:.2f}"))
    return sorted((at, what) for at, what in rows if at is not None)


@pytest.mark.parametrize(("pair", "seed"), CASES)
def test_the_outcome_of_a_story_is_that_of_the_log(pair: tuple[str, str], seed: int) -> None:
    """Deaths, victims and whether it was stopped are those of a run without an observer."""
    for identity in identities(pair, seed):
        for story, name in zip(compare(pair, seed, identity).stories, pair, strict=True):
            log = run(name, seed).log
            own = [i for i in log[Incident] if incident_origin(i) == identity]
            crossing = next((c for c in log[Crossing] if c.identity == identity), None)
            assert story.outcome.deaths == sum(i.deaths for i in own)
            assert story.outcome.victims == sum(i.victims for i in own)
            assert story.outcome.stopped == (crossing is not None and crossing.stopped)
            assert story.outcome.happened == (crossing is not None or bool(own))


@pytest.mark.parametrize(("pair", "seed"), CASES)
def test_the_point_of_parting_is_the_first_record_that_differs(
    pair: tuple[str, str], seed: int
) -> None:
    """Nothing in the two logs differs, by more than a minute, before the stories part; and where
    something differs they do part, no later than that.
    """
    parted = 0
    for identity in identities(pair, seed):
        logs = [records(run(name, seed), identity) for name in pair]
        first = None
        for n in range(max(map(len, logs))):
            a, b = (log[n] if n < len(log) else None for log in logs)
            if a is None or b is None or a[1] != b[1] or abs(a[0] - b[0]) > AT_ONCE:
                first = min(row[0] for row in (a, b) if row is not None)
                break
        partings = compare(pair, seed, identity).partings
        assert bool(partings) == (first is not None), identity
        if first is not None:
            parted += 1
            assert partings[0].at <= first + AT_ONCE, identity
            before = [[row for row in log if row[0] < partings[0].at - AT_ONCE] for log in logs]
            assert [what for _, what in before[0]] == [what for _, what in before[1]], identity
    assert parted


@pytest.mark.parametrize(("pair", "seed"), CASES)
def test_every_draw_of_a_story_decided_its_step(pair: tuple[str, str], seed: int) -> None:
    """A look noticed the group if and only if the draw lay below the chance; so did what cell,
    team and group did.
    """
    draws = 0
    for identity in identities(pair, seed):
        for story in compare(pair, seed, identity).stories:
            for step in story.steps:
                if step.chance is None or step.luck is None:
                    continue
                draws += 1
                failed = step.done in ("False", "missed", "not found")
                happened = not failed and not step.done.startswith("False ")
                assert happened == (step.luck < step.chance), (identity, step)
    assert draws > 10


@pytest.mark.parametrize(("pair", "seed"), CASES)
def test_a_cue_that_the_log_holds_is_the_first_look_that_noticed(
    pair: tuple[str, str], seed: int
) -> None:
    """The crossing became known at the first look of the story that noticed it, and by that."""
    known = 0
    for identity in identities(pair, seed):
        for story, name in zip(compare(pair, seed, identity).stories, pair, strict=True):
            crossing = next(
                (c for c in run(name, seed).log[Crossing] if c.identity == identity), None
            )
            looks = [s for s in story.steps if s.key.startswith("look") and not s.quiet]
            if crossing is None or crossing.cue in (None, "attack"):
                assert not looks
                continue
            known += 1
            assert looks[0].at == pytest.approx(crossing.detected_at)
            assert looks[0].key.split()[1].replace("word", "tip").replace(
                "strangers", "tip") == crossing.cue  # fmt: skip
    assert known


def test_observing_changes_nothing() -> None:
    """An observed year has the fingerprint of one without an observer."""
    world = worlds_of_scenarios([scenario("baseline"), scenario("triggered")], 2)[1]
    alone = run("triggered", 2).fingerprint()
    assert observe(world, "cell/darvoz/0/plan/1.0.2").model.fingerprint() == alone
    assert observe(world, "group/hamadoni/4.0.3").model.fingerprint() == alone


def test_a_planted_difference_is_named_as_the_reason() -> None:
    """A policy that only sends more patrols changes some incidents; each time the reason is the
    patrols, or that the past was not the same.
    """
    base = scenario("baseline")
    more = sim.load("baseline", ["days=200", "patrols.sorties_per_day=4"])
    more = more.model_copy(update={"name": "more_patrols"})
    worlds = worlds_of_scenarios([base, more], 1)
    model = BorderModel(more, seed=1).run()
    seen = [c for c in model.log[Crossing] if c.cue == "patrol" and c.contact_at is not None][:20]
    there = {c.identity: c for c in run("baseline", 1).log[Crossing]}
    only = [c.identity for c in seen if (t := there.get(c.identity)) and t.cue is None][:3]
    assert only
    for identity in only:
        found = compare_worlds(worlds, identity)
        assert len(found.partings) == 1
        if "a patrol saw" in found.partings[0].words:
            assert "patrols a day from each post" in found.partings[0].why
            assert "patrols.sorties_per_day: 2.0 in baseline, 4.0 in more_patrols" in (
                found.partings[0].why
            )


def test_from_a_day_on_the_past_is_shared() -> None:
    """With --from, nothing differs before that day, and a policy from day 0 is that policy."""
    specs = [scenario("baseline"), scenario("triggered")]
    late = sim.load("baseline").start.replace(month=7)
    forked = worlds_of_scenarios(specs, 1, late)
    assert not compare_worlds(forked, "group/vanj/5.0.4").partings
    whole = compare_worlds(worlds_of_scenarios(specs, 1, specs[0].start), "group/vanj/5.0.4")
    plain = compare_worlds(worlds_of_scenarios(specs, 1), "group/vanj/5.0.4")
    assert whole.stories[1].outcome == plain.stories[1].outcome


def test_changed_incidents_are_those_that_end_differently() -> None:
    """Found are exactly the groups and plans whose incidents differ in who was stopped or killed,
    the gravest difference first.
    """
    changed = turned(scenario("baseline"), scenario("triggered"), seed=2)
    ends = []
    for name in ("baseline", "triggered"):
        by: dict[str, list[Incident]] = {}
        for incident in run(name, 2).log[Incident]:
            by.setdefault(incident_origin(incident), []).append(incident)
        ends.append(
            {
                k: (was_stopped(v), sum(i.victims for i in v), sum(i.deaths for i in v))
                for k, v in by.items()
            }
        )
    apart = {k for k in ends[0] | ends[1] if ends[0].get(k) != ends[1].get(k)}
    assert {one.identity for one in changed.turned} == apart
    gravity = [one.gravity for one in changed.turned]
    assert gravity == sorted(gravity, reverse=True)


@pytest.mark.parametrize("name", ["baseline", "triggered"])
def test_stopped_by_incidents_is_stopped_by_crossings(name: str) -> None:
    """A table of incidents and the records of crossings agree on who was stopped."""
    model = run(name, 1)
    ends = {c.identity: c.stopped for c in model.log[Crossing]}
    by: dict[str, list[Incident]] = {}
    for incident in model.log[Incident]:
        by.setdefault(incident_origin(incident), []).append(incident)
    assert by
    for identity, own in by.items():
        if identity in ends:
            assert was_stopped(own) == ends[identity]


@pytest.mark.parametrize(
    ("identity", "what"),
    [("nonsense", "is not the name"), ("group/vanj/0.0.99", "no such group"),
     ("group/nowhere/5.0.4", "no such group"), ("cell/vanj/99/plan/1.0.0", "no such group"),
     ("", "is not the name")],
)  # fmt: skip
def test_an_unknown_identity_is_refused_with_similar_ones(identity: str, what: str) -> None:
    """One clear message, with similar identities."""
    worlds = worlds_of_scenarios(
        [sim.load("baseline", ["days=30"]), sim.load("triggered", ["days=30"])]
    )
    with pytest.raises(PanjError, match=what) as error:
        compare_worlds(worlds, identity)
    if identity.startswith("group/vanj"):
        assert "group/vanj/0.0" in error.value.remedy


def test_the_identity_of_an_incident_stands_for_its_group() -> None:
    """The identity in a row of the table of incidents can be pasted."""
    assert origin_of("group/vanj/5.0.4/smuggling_interdiction") == "group/vanj/5.0.4"
    assert origin_of("cell/vanj/1/plan/2.0.1+joint") == "cell/vanj/1/plan/2.0.1+joint"


def test_the_same_scenario_twice_and_other_ground_are_refused() -> None:
    """The stories of one scenario cannot part, and two first days share no night."""
    base = sim.load("baseline")
    with pytest.raises(PanjError, match="same scenario"):
        worlds_of_scenarios([base, base])
    with pytest.raises(PanjError, match="two worlds"):
        worlds_of_scenarios([base])
    with pytest.raises(PanjError, match="another start"):
        worlds_of_scenarios([base, sim.load("triggered", ["start=2026-01-01"])])
    with pytest.raises(PanjError, match="within"):
        worlds_of_scenarios([base, sim.load("triggered")], 1, base.start.replace(year=2030))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> sim.Store:
    """Two short replicates of two scenarios, with their incidents."""
    folder = tmp_path_factory.mktemp("incident") / "store"
    specs = [sim.load(name, ["days=60"]) for name in ("baseline", "triggered")]
    sim.run_batch(specs, 2, folder, executor="serial", incidents=True)
    return sim.Store.open(folder)


def test_a_store_runs_its_own_years_and_keeps_the_last_result(store: sim.Store) -> None:
    """A replicate is run again and checked against the store, which keeps the result."""
    from sim.explore.result import load_result

    changed = turned(store, "triggered")
    assert changed.years == 2
    first = changed.turned[0]
    result = sim.incident(store, first.identity, "triggered", replicate=first.replicate)
    assert load_result(store.path, IncidentComparison) == result
    assert result.partings
    again = turned(store, "triggered", replicate=first.replicate)
    assert first in again.turned


def test_what_a_store_cannot_do_is_refused(store: sim.Store) -> None:
    """Seeds and settings are refused, and unknown replicates and scenarios."""
    for asked in (Selection(seed=3), Selection(settings=("days=3",)), Selection(replicate=7)):
        with pytest.raises(PanjError):
            open_worlds(store, "triggered", asked)
    with pytest.raises(StoreError, match="no such scenario"):
        open_worlds(store, "rotation", Selection())
    with pytest.raises(PanjError, match="needs a store"):
        open_worlds("baseline", "triggered", Selection(replicate=1))
    with pytest.raises(StoreError, match="not run"):
        turned(store, "triggered", replicate=7)
