"""Incidents in words: one sentence each, and which of them to tell first.

A sentence claims nothing beyond its record: counts of zero and times that are ``None`` are
left out, and smugglers are called armed only where arms were seized.
"""

import datetime as dt
from collections.abc import Iterable
from itertools import pairwise
from typing import Final, NamedTuple

from sim.incidents.records import SIDES, Incident

AT_ONCE_DAYS: Final = 10 / 1440
"""Two times closer than this (10 minutes) are told as one."""

PROMPT_DAYS: Final = 1 / 24
"""A group known within this time (1 h) of crossing is told from the moment it became known."""

_SEEN_BY: Final = {
    "patrol": "seen by a patrol",
    "watch": "seen from a post",
    "camera": "seen on camera",
    "uav": "seen from the air",
}
_HEARD_OF: Final = {"sign": ("sign of {} found", "sign found"), "tip": ("tip about {}", "tip")}
_ATTACKS: Final = {
    "armed_attack_on_workers": "worksite",
    "armed_attack_on_village": "village",
    "infiltration_then_post_attack": "post",
}
_FROM_AFAR: Final = {
    "drone_attack_on_workers": "drone strike",
    "cross_border_fire_on_workers": "fire across the line",
    "cross_border_fire": "fire across the line",
}
_PEOPLE: Final = {
    "guards": ("guard", "guards"),
    "militants": ("militant", "militants"),
    "smugglers": ("smuggler", "smugglers"),
    "workers": ("worker", "workers"),
    "villagers": ("villager", "villagers"),
}


# English whatever the locale.
_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


def district_name(slug: str) -> str:
    """The name a reader knows: ``shamsiddin_shohin`` becomes ``Shamsiddin Shohin``."""
    return slug.replace("_", " ").title()


def wounded(incident: Incident) -> int:
    """People wounded on all sides."""
    return sum(getattr(incident, f"wounded_{side}") for side in SIDES)


def severity(incident: Incident) -> tuple[int, int, int, float, float]:
    """Sort key, larger is graver: victims, deaths, wounded, kg seized; of equals the earlier."""
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


def sentence(incident: Incident, start: dt.date) -> str:
    """Tell one incident; ``start`` is the scenario's first day.

    The sentence opens with the day of the first thing it tells; a later clock time names
    its day only where the day has changed.
    """
    steps = _steps(incident)
    clock = _Clock(start, steps[0].t)
    story = ", ".join(_told(steps, clock))
    result = _result(incident)
    told = f"{story}; {result}" if result else story
    return f"{clock.heading}, {district_name(incident.district)}: {told}{_reporting(incident)}."


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
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


class _Step(NamedTuple):
    """One thing told: how it reads as the opening of the story, and how further on."""

    t: float
    opening: str
    following: str
    relative: bool = False


def _told(steps: list[_Step], clock: _Clock) -> list[str]:
    """The steps in words, each with its time."""
    clauses = [f"{steps[0].opening} {clock(steps[0].t)}"]
    for before, step in pairwise(steps):
        when = _later(step.t - before.t) if step.relative else clock(step.t)
        clauses.append(f"{step.following} {when}")
    return clauses


def _later(days: float) -> str:
    """A span in the unit a reader would choose."""
    if days < AT_ONCE_DAYS:
        return "at once"
    minutes = round(days * 1440)
    if minutes < 60:
        return f"{minutes} min later"
    if minutes < 48 * 60:
        return f"{round(minutes / 60)} h later"
    return f"{round(days)} days later"


def _steps(incident: Incident) -> list[_Step]:
    """What the story tells, in order of time; never empty."""
    if incident.kind in _FROM_AFAR:
        where = _target(incident)
        blow = _FROM_AFAR[incident.kind] + (f" on {where}" if where else "")
        return [_Step(incident.at, f"{blow} at", blow)]
    who = _group(incident)
    steps: list[_Step] = []
    if incident.crossed_at is not None and not _seen_crossing(incident):
        steps.append(_Step(incident.crossed_at, f"{who} crossed", "crossed"))
    if incident.kind in _ATTACKS:
        where = _target(incident)
        steps.append(_Step(incident.at, f"{who} attacked {where} at", f"attack on {where}"))
    steps += _meeting(incident, who)
    if not steps:
        steps.append(_Step(incident.at, f"{who} met at", "met"))
    return sorted(steps, key=lambda step: step.t)


def _meeting(incident: Incident, who: str) -> list[_Step]:
    """How the group became known and was met; a raid is its own meeting."""
    seen, met = incident.detected_at, incident.contact_at
    if incident.kind in _ATTACKS and met is not None and abs(met - incident.at) < AT_ONCE_DAYS:
        met = None
    contact = [] if met is None else [_Step(met, f"{who} met at", "contact", relative=True)]
    if seen is None:
        return contact
    if incident.cue == "patrol" and met is not None and abs(met - seen) < AT_ONCE_DAYS:
        return [_Step(met, f"{who} met by a patrol at", "met by a patrol")]
    if incident.cue in _SEEN_BY:
        how = _SEEN_BY[incident.cue]
        return [_Step(seen, f"{who} {how} at", how), *contact]
    if incident.cue in _HEARD_OF:
        opening, following = _HEARD_OF[incident.cue]
        return [_Step(seen, f"{opening.format(who)} at", following), *contact]
    return contact  # known by the attack itself, or by nothing that was recorded


def _seen_crossing(incident: Incident) -> bool:
    """Whether the group was seen (not merely heard of) as good as while it crossed."""
    seen, crossed = incident.detected_at, incident.crossed_at
    if seen is None or crossed is None or incident.cue not in _SEEN_BY:
        return False
    return seen - crossed < PROMPT_DAYS


def _count(n: int, who: str) -> str:
    one, many = _PEOPLE[who]
    return f"{n} {one if n == 1 else many}"


def _group(incident: Incident) -> str:
    """``5 armed smugglers``."""
    group = _count(incident.group_size, incident.actor)
    if incident.actor == "smugglers" and incident.seized_arms > 0:
        return group.replace(" ", " armed ", 1)
    return group


def _target(incident: Incident) -> str:
    """``a Chinese worksite`` where Chinese workers were hit; empty where none is recorded."""
    if incident.kind == "cross_border_fire":
        named = (incident.target or "").split("/")[0]
        return f"a {named}" if named in ("post", "village") else ""
    what = _ATTACKS.get(incident.kind, "worksite")
    chinese = incident.killed_workers_chinese + incident.wounded_workers_chinese
    return f"a Chinese {what}" if what == "worksite" and chinese else f"a {what}"


def _harm(incident: Incident, verb: str) -> dict[str, int]:
    """Those ``killed`` or ``wounded``, by side, without the sides that lost nobody."""
    counts = {side: getattr(incident, f"{verb}_{side}") for side in SIDES}
    workers = counts.pop("workers_chinese") + counts.pop("workers_other")
    ordered = ("guards", "workers", "villagers", "militants", "smugglers")
    counts["workers"] = workers
    return {side: counts[side] for side in ordered if counts[side]}


def _joined(parts: list[str]) -> str:
    """``a, b and c``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _result(incident: Incident) -> str:
    """Who was hurt, taken or lost, and what was seized; empty where there is nothing to say."""
    dead, hurt = _harm(incident, "killed"), _harm(incident, "wounded")
    parts: list[str] = []
    if dead:
        parts.append(_joined([_count(n, who) for who, n in dead.items()]) + " dead")
    if hurt:
        same = len(dead) == 1 and dead.keys() == hurt.keys()
        of = [str(*hurt.values())] if same else [_count(n, who) for who, n in hurt.items()]
        parts.append(_joined(of) + " wounded")
    struck = incident.clash or incident.kind in _ATTACKS or incident.kind in _FROM_AFAR
    if struck and not parts:
        parts.append("nobody hurt")
    if incident.detained:
        parts.append(f"{incident.detained} detained")
    if incident.escaped:
        parts.append(f"{incident.escaped} got away")
    seized = _seized(incident)
    if seized:
        parts.append(f"{_joined(seized)} seized")
    fought = incident.clash and (incident.actor == "smugglers" or not dead)
    return ("fight: " if fought else "") + ", ".join(parts)


def _seized(incident: Incident) -> list[str]:
    kg = incident.seized_kg
    parts = [f"{kg:,.0f} kg" if kg >= 9.95 else f"{kg:.1f} kg"] if kg >= 0.05 else []
    if incident.seized_arms:
        parts.append(f"{incident.seized_arms} weapon{'s' if incident.seized_arms > 1 else ''}")
    return parts


def _reporting(incident: Incident) -> str:
    """What became public, where that differs from what happened."""
    if incident.reported_at is None:
        return " (not reported)"
    if incident.reported_actor not in (None, incident.actor):
        return f" (reported as {incident.reported_actor})"
    return ""
