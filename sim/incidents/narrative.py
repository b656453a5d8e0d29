"""Incidents in words, one sentence each, and the gravest of a list.

A sentence claims nothing beyond its record: it leaves out counts of zero and times that are
``None``, and calls smugglers armed only if arms were seized.
"""

import datetime as dt
from collections.abc import Iterable
from itertools import pairwise
from typing import Final, NamedTuple

from sim.frontier.ground import Ground
from sim.incidents.kinds import ACTORS, AGENTS, CUES, INCIDENTS, Cue
from sim.incidents.records import SIDES, Incident

AT_ONCE_DAYS: Final = 10 / 1440
"""Two times closer than this (10 minutes) count as one."""

PROMPT_DAYS: Final = 1 / 24
"""The sentence on a group detected within this time (1 h) of crossing starts at detection."""

_PEOPLE: Final = {
    "guards": ("guard", "guards"),
    "workers": ("worker", "workers"),
    "villagers": ("villager", "villagers"),
}

# English in any locale.
_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


def wounded(incident: Incident) -> int:
    """People wounded on all sides."""
    return sum(getattr(incident, f"wounded_{side}") for side in SIDES)


def severity(incident: Incident) -> tuple[int, int, int, float, float]:
    """Sort key, larger is graver: victims, deaths, wounded, kg seized; of equals, the earlier."""
    return (
        incident.victims,
        incident.deaths,
        wounded(incident),
        incident.seized_kg,
        -incident.at,
    )


def notable(incidents: Iterable[Incident], n: int = 10) -> list[Incident]:
    """The ``n`` gravest incidents by :func:`severity`, in order of time."""
    gravest = sorted(incidents, key=severity, reverse=True)[:n]
    return sorted(gravest, key=lambda incident: (incident.at, incident.identity))


def sentence(incident: Incident, start: dt.date, ground: Ground) -> str:
    """One incident in a sentence; ``start`` is the scenario's first day.

    The sentence opens with the day of its first step; a later time names its day only if the day
    has changed.
    """
    steps = _steps(incident)
    clock = _Clock(start, steps[0].t)
    text = ", ".join(_clauses(steps, clock))
    if ending := result(incident):
        text += f"; {ending}"
    place = ground.name_of(incident.district)
    return f"{clock.heading}, {place}: {text}{_reporting(incident)}."


class _Clock:
    """Clock times that name the day only when it changes."""

    def __init__(self, start: dt.date, opening: float) -> None:
        self._midnight = dt.datetime.combine(start, dt.time())
        self._first = self._day = self._at(opening).date()
        self.heading = _day(self._first)

    def __call__(self, t: float) -> str:
        moment = self._at(t)
        day = moment.date()
        if day == self._day:
            return f"{moment:%H:%M}"
        self._day = day
        # A weekday alone is clear only within the week that follows the heading.
        near = 0 < (day - self._first).days < 7
        return f"{_WEEKDAYS[day.weekday()] if near else _day(day)} {moment:%H:%M}"

    def _at(self, t: float) -> dt.datetime:
        return self._midnight + dt.timedelta(minutes=round(t * 1440))


def _day(day: dt.date) -> str:
    """``Tue 23 Dec``."""
    return f"{_WEEKDAYS[day.weekday()]} {day_and_month(day)}"


def day_and_month(day: dt.date) -> str:
    """``23 Dec``, whatever the locale."""
    return f"{day.day} {_MONTHS[day.month - 1]}"


class _Step(NamedTuple):
    """One step of a sentence: its words as the opening, and its words further on."""

    t: float
    opening: str
    following: str
    relative: bool = False


def _clauses(steps: list[_Step], clock: _Clock) -> list[str]:
    """The steps in words, each with its time."""
    clauses = [f"{steps[0].opening} {clock(steps[0].t)}"]
    for before, step in pairwise(steps):
        when = _later(step.t - before.t) if step.relative else clock(step.t)
        clauses.append(f"{step.following} {when}")
    return clauses


def _later(days: float) -> str:
    """A time span in a convenient unit."""
    if days < AT_ONCE_DAYS:
        return "at once"
    minutes = round(days * 1440)
    if minutes < 60:
        return f"{minutes} min later"
    if minutes < 48 * 60:
        return f"{round(minutes / 60)} h later"
    return f"{round(days)} days later"


def _steps(incident: Incident) -> list[_Step]:
    """The steps of the sentence in order of time; never empty."""
    kind = INCIDENTS[incident.kind]
    if kind.blow:
        where = _target(incident)
        blow = f"{kind.blow} on {where}" if where else kind.blow
        return [_Step(incident.at, f"{blow} at", blow)]
    who = _group(incident)
    steps: list[_Step] = []
    if incident.crossed_at is not None and not _seen_crossing(incident):
        steps.append(_Step(incident.crossed_at, f"{who} crossed", "crossed"))
    if kind.raid:
        where = _target(incident)
        steps.append(_Step(incident.at, f"{who} attacked {where} at", f"attack on {where}"))
    steps += _meeting(incident, who)
    if not steps:
        steps.append(_Step(incident.at, f"{who} met at", "met"))
    return sorted(steps, key=lambda step: step.t)


def _meeting(incident: Incident, who: str) -> list[_Step]:
    """How the group was detected and met; a raid counts as the meeting."""
    seen, met = incident.detected_at, incident.contact_at
    if INCIDENTS[incident.kind].raid and met is not None and abs(met - incident.at) < AT_ONCE_DAYS:
        met = None
    opens, follows = ("surrounded",) * 2 if incident.deliberate else ("met", "contact")
    contact = [] if met is None else [_Step(met, f"{who} {opens} at", follows, relative=True)]
    cue = _cue(incident)
    if seen is None or cue is None or not cue.clause:
        return contact  # detected by the attack itself, or not at all
    if cue.met and met is not None and abs(met - seen) < AT_ONCE_DAYS:
        return [_Step(met, f"{who} {cue.met} at", cue.met)]
    return [_Step(seen, f"{cue.opening.format(who)} at", cue.clause), *contact]


def _cue(incident: Incident) -> Cue | None:
    return None if incident.cue is None else CUES[incident.cue]


def _seen_crossing(incident: Incident) -> bool:
    """Whether the group was seen (not merely heard of) within an hour of crossing."""
    seen, crossed, cue = incident.detected_at, incident.crossed_at, _cue(incident)
    if seen is None or crossed is None or cue is None or not cue.seen:
        return False
    return seen - crossed < PROMPT_DAYS


def _count(n: int, one: str, many: str) -> str:
    return f"{n} {one if n == 1 else many}"


def _group(incident: Incident) -> str:
    """``5 armed smugglers``; attackers are always armed."""
    actor = ACTORS[incident.actor]
    armed = "armed " if incident.seized_arms > 0 and not actor.attacks else ""
    return _count(incident.group_size, armed + actor.one, armed + actor.many)


def _target(incident: Incident) -> str:
    """``a Chinese worksite`` if Chinese workers were hit; empty if no target is recorded."""
    what = INCIDENTS[incident.kind].target
    if not what:
        named = AGENTS.get((incident.target or "").split("/")[0])
        return f"a {named.label}" if named else ""
    chinese = incident.killed_workers_chinese + incident.wounded_workers_chinese
    return f"a Chinese {what}" if what == "worksite" and chinese else f"a {what}"


def _harm(incident: Incident, verb: str) -> list[tuple[int, str, str]]:
    """Counts and names of those ``killed`` or ``wounded``, victims first."""
    actor = ACTORS[incident.actor]
    counts = {side: getattr(incident, f"{verb}_{side}") for side in SIDES}
    counts["workers"] = counts.pop("workers_chinese") + counts.pop("workers_other")
    people = {
        **_PEOPLE,
        **{side: (ACTORS[side].one, ACTORS[side].many) for side in ("militants", "smugglers")},
        actor.side: (actor.one, actor.many),
    }
    return [(counts[side], *words) for side, words in people.items() if counts[side]]


def _joined(parts: list[str]) -> str:
    """``a, b and c``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def result(incident: Incident) -> str:
    """Who was hurt, was detained or got away, and what was seized; may be empty."""
    dead, hurt = _harm(incident, "killed"), _harm(incident, "wounded")
    parts: list[str] = []
    if dead:
        parts.append(_joined([_count(*people) for people in dead]) + " dead")
    if hurt:
        same = [words for _, *words in dead] == [words for _, *words in hurt] and len(dead) == 1
        of = [str(hurt[0][0])] if same else [_count(*people) for people in hurt]
        parts.append(_joined(of) + " wounded")
    kind = INCIDENTS[incident.kind]
    if (incident.clash or kind.raid or kind.blow) and not parts:
        parts.append("nobody hurt")
    if incident.detained:
        parts.append(f"{incident.detained} detained")
    if incident.escaped:
        parts.append(f"{incident.escaped} got away")
    seized = _seized(incident)
    if seized:
        parts.append(f"{_joined(seized)} seized")
    fought = incident.clash and not (incident.is_attack and dead)
    return ("fight: " if fought else "") + ", ".join(parts)


def _seized(incident: Incident) -> list[str]:
    kg = incident.seized_kg
    parts = [f"{kg:,.0f} kg" if kg >= 9.95 else f"{kg:.1f} kg"] if kg >= 0.05 else []
    if incident.seized_arms:
        parts.append(f"{incident.seized_arms} weapon{'s' if incident.seized_arms > 1 else ''}")
    return parts


def _reporting(incident: Incident) -> str:
    """A note on the report, if it differs from what happened."""
    if incident.reported_at is None:
        return " (not reported)"
    if incident.reported_actor and incident.reported_actor != incident.actor:
        return f" (reported as {ACTORS[incident.reported_actor].many})"
    return ""
