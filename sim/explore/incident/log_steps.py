"""The steps of one group that the log records: alarms, teams, how it was met, how it ended."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, inf

from sim.agents.encounters import probability_at_odds
from sim.explore.incident.observer import Observer
from sim.explore.incident.story import Cause, Outcome, Step, Story, in_order, span
from sim.explore.incident.worlds import incident_origin
from sim.incidents.kinds import ACTORS, CUES, ENDINGS, INCIDENTS
from sim.incidents.narrative import result, wounded
from sim.incidents.records import Alarm, Crossing, Incident

_SIGHT = ("look patrol", "look watch")


def build_story(observer: Observer) -> Story:
    """The whole story of an observed group, once its year is over."""
    model, origin = observer.model, observer.origin
    crossing = next((c for c in model.log[Crossing] if c.identity == origin), None)
    incidents = [i for i in model.log[Incident] if incident_origin(i) == origin]
    steps = list(observer.steps)
    if crossing is not None:
        met = inf if crossing.contact_at is None else crossing.contact_at
        steps = [s for s in steps if not s.key.startswith("look") or _in_time(s, crossing, met)]
        steps += _unpatrolled(observer, crossing, steps)
        steps += _response(observer, crossing, incidents)
    steps += _ends(observer, crossing, incidents)
    return Story(world=observer.world.name, steps=in_order(steps), outcome=_outcome(
        crossing, incidents, steps))  # fmt: skip


def _in_time(step: Step, crossing: Crossing, met: float) -> bool:
    """Whether a look could matter: before the group was met, and before it was gone."""
    if step.at > met:
        return False
    word = step.key in ("look word of it", "look strangers") or step.key.startswith("look sign")
    return word or step.at <= crossing.ended_at


def _unpatrolled(observer: Observer, crossing: Crossing, steps: list[Step]) -> list[Step]:
    """A step that says that no patrol came by while the group was in the open unseen, if so."""
    if observer.passage is None or any(step.key.startswith("look patrol") for step in steps):
        return []
    if any(
        not s.quiet and s.at <= observer.passage.exposed_until for s in steps if "look" in s.key
    ):
        return []
    until = min(observer.passage.exposed_until, crossing.contact_at or inf, crossing.ended_at)
    words = f"no patrol came by in {span(until - crossing.crossed_at)} in the open"
    return [Step("unpatrolled", until, words, "none", quiet=True)]


def _label(incident: Incident) -> str:
    """The name of an incident; smugglers who kept load and people were met, and not stopped."""
    kept = incident.seized_kg == 0.0 and incident.detained == 0
    if ACTORS[incident.actor].smuggles and kept:
        return f"{ACTORS[incident.actor].many} met and not stopped"
    return INCIDENTS[incident.kind].label


def _outcome(crossing: Crossing | None, incidents: list[Incident], steps: list[Step]) -> Outcome:
    """How it ended, from the records."""
    if crossing is None and not incidents:
        last = [step.words for step in steps if not step.quiet]
        return Outcome(words=last[-1] if last else "nothing came of it", happened=False,
                       stopped=False)  # fmt: skip
    endings = [f"{_label(i)}: {result(i)}" for i in incidents]
    if crossing is not None:
        ending = ENDINGS[crossing.ending].words
        endings = endings or [f"the {ACTORS[crossing.actor].many} {ending}"]
    return Outcome(
        words="; ".join(endings), happened=True, stopped=crossing is not None and crossing.stopped,
        victims=sum(i.victims for i in incidents), deaths=sum(i.deaths for i in incidents),
        wounded=sum(map(wounded, incidents)),
    )  # fmt: skip


# -- alarms, teams, and how the group was met -------------------------------------------------


def _response(observer: Observer, crossing: Crossing, incidents: list[Incident]) -> Iterator[Step]:
    model = observer.model
    yield from _holding(observer)
    alarms = [a for a in model.log[Alarm] if a.identity.rpartition("/")[0] == crossing.identity]
    for n, alarm in enumerate(sorted(alarms, key=lambda a: a.at), 1):
        causes = observer.teams.get(alarm.identity, ())
        cue = CUES[alarm.cue].label if alarm.cue in CUES else "a false alarm"
        lost = alarm.fate == "lost"
        luck = model.draws.of(alarm.identity).uniforms("call", 6)
        words = f"alarm by {cue}{', lost on the way' if lost else ''}"
        yield Step(f"alarm {n}", alarm.at, words, f"{alarm.cue} {lost}", causes=causes,
                   chance=model.spec.communications.p_lost if lost else None,
                   luck=luck[0] if lost else None)  # fmt: skip
        if alarm.heard_at is not None and alarm.heard_at - alarm.at > 1.0 / 1440:
            words = f"the alarm was heard only after {span(alarm.heard_at - alarm.at)}"
            yield Step(f"heard {n}", alarm.heard_at, words, "late")
        if alarm.fate == "unanswered" or (alarm.left_at is None and not lost):
            words = "no response team was free within reach"
            yield Step(f"team {n}", alarm.heard_at or alarm.at, words, "none", causes=causes)
        if alarm.left_at is not None:
            yield from _team(n, alarm, causes)
        if alarm.arrived_at is not None:
            yield from _search(observer, n, alarm, crossing, luck[5])
    yield from _ring(observer, crossing)
    yield from _meeting(observer, crossing, incidents)


def _ring(observer: Observer, crossing: Crossing) -> Iterator[Step]:
    """Whether a team that had found the group set out to surround it, if the rules allow that."""
    passage, p = observer.passage, observer.model.spec.contact.p_cordon
    by_team = crossing.contact_at is not None and not _seen_at(observer, crossing.contact_at)
    if passage is None or p == 0.0 or (passage.surrounded_at is None and not by_team):
        return
    found = passage.surrounded_at if passage.surrounded_at is not None else crossing.contact_at
    began = passage.surrounded_at is not None
    then = "set out to surround it" if began else "did not wait to surround it"
    luck = observer.model.draws.of(crossing.identity).uniform("surrounded")
    yield Step("ring", found or 0.0, f"the team found the group and {then}", str(began),
               quiet=not began, chance=p, luck=luck)  # fmt: skip


def _seen_at(observer: Observer, at: float) -> list[str]:
    """The looks that saw the group at an instant at which guards met it."""
    return [
        s.key for s in observer.steps if s.at == at and not s.quiet and s.key.startswith(_SIGHT)
    ]


def _holding(observer: Observer) -> Iterator[Step]:
    """Whether the guards who saw the group first held off, if the rules allow that."""
    sight = [s for s in observer.steps if s.key.startswith(_SIGHT) and not s.quiet]
    if not sight or observer.passage is None or not observer.waits:
        return
    first, held = min(sight, key=lambda step: step.at), observer.passage.shadowed
    words = "the guards held off and kept it in view" if held else "the guards did not hold off"
    luck = observer.model.draws.of(observer.origin).uniform("holds off")
    yield Step("holds off", first.at, words, str(held), quiet=not held,
               causes=first.causes[:1], chance=observer.waits, luck=luck)  # fmt: skip


def _team(n: int, alarm: Alarm, causes: tuple[Cause, ...]) -> Iterator[Step]:
    assert alarm.left_at is not None
    after = span(alarm.left_at - (alarm.heard_at or alarm.at))
    words = f"a response team left {after if after == 'at once' else f'after {after}'}"
    yield Step(f"team {n}", alarm.left_at, words, str(alarm.team), causes=causes)
    if alarm.arrived_at is not None:
        way = span(alarm.arrived_at - alarm.left_at)
        yield Step(f"arrives {n}", alarm.arrived_at, f"the team arrived after {way}",
                   "arrived", causes=causes)  # fmt: skip


def _search(
    observer: Observer, n: int, alarm: Alarm, crossing: Crossing, luck: float
) -> Iterator[Step]:
    """A search that found nobody; a search that finds the group ends in the step "meeting"."""
    passage, teams = observer.passage, observer.model.spec.teams
    arrived, done = alarm.arrived_at, alarm.released_at
    met = crossing.contact_at
    if passage is None or arrived is None or done is None:
        return
    if met is not None and arrived <= met <= done:
        return
    gone = min(crossing.ended_at, passage.inside_until)
    if gone <= arrived:
        words = f"the group had been gone for {span(arrived - gone)}"
        yield Step(f"search {n}", arrived, words, "too late")
        return
    if passage.surrounded_at is not None and arrived <= passage.surrounded_at <= done:
        words = "the group was gone before the ring was closed"
        yield Step(f"search {n}", gone, words, "slipped away")
        return
    left = min(done, gone) - arrived
    rate = teams.contact_rate * (observer.model.spec.contact.shadowing if passage.shadowed else 1.0)
    yield Step(f"search {n}", arrived + left,
               f"the team searched {span(left)} and did not find the group", "not found",
               chance=1.0 - exp(-rate * left * 24.0), luck=luck)  # fmt: skip


def _meeting(observer: Observer, crossing: Crossing, incidents: list[Incident]) -> Iterator[Step]:
    """Guards meet the group: at once, or in a ring."""
    met, passage = crossing.contact_at, observer.passage
    if met is None or passage is None:
        return
    spec = observer.model.spec
    ring = passage.deliberate
    sight = _seen_at(observer, met)
    if "look watch" in sight:
        guards, who = spec.posts.guards_on_watch, "the watch"
    elif sight:
        guards, who = spec.patrols.size, "the patrol"
    else:
        guards, who = spec.teams.size, "the response team"
    words = f"{who} surrounded the group" if ring else f"{who} met the group"
    causes = (
        Cause("guards who stood before it", "a ring of them" if ring else str(guards)),
        Cause("people in the group", str(crossing.size)),
    )
    chance, luck = _fights(observer, crossing, guards, ring)
    yield Step("meeting", met, words, f"{who} {ring}", causes=causes)
    if chance is not None:
        fought = any(i.clash for i in incidents if i.at == met)
        yield Step("fights", met, "the group fought" if fought else "the group did not fight",
                   str(fought), chance=chance, luck=luck, causes=causes)  # fmt: skip


def _fights(
    observer: Observer, crossing: Crossing, guards: int, ring: bool
) -> tuple[float | None, float | None]:
    """The chance that the group fights, and the draw; ``None`` if it is unarmed or surrounded."""
    rules, draw = observer.model.spec.contact, observer.model.draws.of(crossing.identity)
    if not crossing.armed or ring or crossing.struck_at is not None:
        return None, None
    if ACTORS[crossing.actor].attacks:
        return rules.p_militants_fight, draw.uniform("fights")
    p = probability_at_odds(rules.p_fight_armed, crossing.size, guards, rules.odds_effect)
    return p, draw.uniforms("contact", 4)[0]


# -- the end ----------------------------------------------------------------------------------


def _ends(
    observer: Observer, crossing: Crossing | None, incidents: list[Incident]
) -> Iterator[Step]:
    for incident in incidents:
        done = f"{incident.harm} {incident.detained} {incident.escaped} {incident.seized_kg:.2f} "
        done += f"{incident.seized_arms} {incident.target}"
        words = f"{_label(incident)}: {result(incident)}"
        causes = observer.at_target if incident.target else ()
        yield Step(f"incident {incident.kind}", incident.at, words, done, causes=causes)
    if crossing is not None and not any(i.at == crossing.ended_at for i in incidents):
        actor, ending = ACTORS[crossing.actor].many, ENDINGS[crossing.ending]
        p = observer.model.spec.contact.p_turn_back
        luck = observer.model.draws.of(crossing.identity).uniform("seen") if ending.fled else None
        yield Step("ends", crossing.ended_at, f"the {actor} {ending.words}", crossing.ending,
                   chance=p if ending.fled else None, luck=luck)  # fmt: skip
