"""Support: can the model do what was reported, and how often does it do at least as much?

A model that can never bring about what has happened is wrong however well its averages fit. So for
each reported row we count the simulated events at least as grave in the same respect: of the same
kind, in all that the row states at once, a worse fate standing for a lesser one, and not by mere
size. ``docs/calibration.md`` says each of these, and why.

An event is all that one operation did and suffered (:class:`Event`), as a report tells it: a raid
and the meeting after it belong together. It counts whether or not the model has it reported.

Frequencies are events a year with the exact interval of a Poisson count (Garwood 1936). Years of a
regime come in spells, so for what is frequent that interval is a little short.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from scipy.stats import chi2

from sim.errors import StoreError
from sim.frontier.season import HOUR, calendar_for
from sim.incidents.kinds import INCIDENTS
from sim.incidents.records import Incident
from sim.incidents.seeds import ObservedIncident
from sim.runs.arrow import records_by_replicate

if TYPE_CHECKING:
    from sim.runs.store import Store
    from sim.scenario.spec import Scenario

COUNTED: Final[Mapping[str, str]] = {
    "group_size": "in the group",
    "killed_guards": "guards killed",
    "killed_intruders": "intruders killed",
    "killed_civilians": "civilians killed",
    "wounded_guards": "guards wounded",
    "wounded_intruders": "intruders wounded",
    "wounded_civilians": "civilians wounded",
    "detained": "detained",
    "escaped": "escaped",
    "seized_kg": "kg seized",
}
"""What makes an event grave, and how it is told."""

FATES: Final = (
    ("killed_guards", "wounded_guards"),
    ("killed_civilians", "wounded_civilians"),
    ("killed_intruders", "wounded_intruders"),
    ("killed_intruders", "detained", "escaped"),
)
"""What may befall people, the worst first: a worse fate stands for a lesser one."""

_SIDES: Final[Mapping[str, tuple[str, ...]]] = {
    "intruders": ("militants", "smugglers"),
    "civilians": ("workers_chinese", "workers_other", "villagers"),
}
_TOLD: Final[Mapping[str, tuple[str, ...]]] = {"civilians": ("workers", "villagers")}
"""What stands together in a record, and in a row."""

_DAYS_A_YEAR: Final = 365.0


@dataclass(frozen=True, slots=True)
class Event:
    """What one operation did and suffered, in the columns of a seed table.

    ``hours`` are those from the crossing to its first incident of each kind, 0 for what needed no
    crossing. ``night`` is whether the crossing, or else the strike, came by night.
    """

    hours: Mapping[str, float]
    night: bool
    counts: Mapping[str, float]


class RowSupport(NamedTuple):
    """How often something at least as grave as a row was seen: events a year, and their interval.

    ``high`` says how much may be missed where none was seen.
    """

    row: ObservedIncident
    seen: int
    years: float
    per_year: float
    low: float
    high: float


def operation(incident: Incident) -> str:
    """What an incident belongs to: its identity without the kind, which a crossing adds to it."""
    return incident.identity.removesuffix(f"/{incident.kind}")


def events(incidents: Iterable[Incident], scenario: Scenario) -> Iterator[Event]:
    """The events of one run.

    Dead, wounded, detained and what was seized add up over the incidents of an operation; its size
    is the largest that it had, and those escaped who did so in the end.
    """
    calendar = calendar_for(scenario.ground, scenario.start, scenario.days)
    for _, group in groupby(sorted(incidents, key=lambda i: (operation(i), i.at)), key=operation):
        parts = list(group)
        hours: dict[str, float] = {}
        for part in parts:
            began = part.at if part.crossed_at is None else part.crossed_at
            hours.setdefault(part.kind, (part.at - began) / HOUR)
        first = parts[0]
        began = first.at if first.crossed_at is None else first.crossed_at
        place = scenario.ground.by_slug[first.district].index
        yield Event(hours, calendar.is_night(place, began), _counts(parts))


def _counts(parts: Sequence[Incident]) -> dict[str, float]:
    counts = {name: sum(_count(part, name) for part in parts) for name in COUNTED}
    counts["group_size"] = max(part.group_size for part in parts)
    counts["escaped"] = parts[-1].escaped
    return counts


def _count(incident: Incident, name: str) -> float:
    return sum(float(getattr(incident, column)) for column in _columns(name, _SIDES))


def _columns(name: str, together: Mapping[str, tuple[str, ...]]) -> list[str]:
    harm, _, side = name.partition("_")
    return [f"{harm}_{each}" for each in together[side]] if side in together else [name]


def stated(row: ObservedIncident) -> dict[str, float]:
    """What a row says of gravity: its counts, and the hours to contact from the low end on."""
    said: dict[str, float] = {}
    for name in COUNTED:
        known = [getattr(row, column) for column in _columns(name, _TOLD)]
        if any(value is not None for value in known):
            said[name] = float(sum(value or 0 for value in known))
    hours = row.delay_hours if row.delay_hours_low is None else row.delay_hours_low
    return said if hours is None else {**said, "hours": float(hours)}


def at_least_as_grave(event: Event, row: ObservedIncident) -> bool:
    """Whether an event has the kind of a row and reaches all that it states."""
    if row.kind not in event.hours or (row.night and not event.night):
        return False
    found, said = {**event.counts, "hours": event.hours[row.kind]}, stated(row)
    in_a_chain = {name for fates in FATES for name in fates}
    if any(found[name] < value for name, value in said.items() if name not in in_a_chain):
        return False
    if not all(_as_bad(found, said, fates) for fates in FATES):
        return False
    if row.escaped == 0 and row.group_size is not None and event.counts["escaped"]:
        return False
    return _share_killed(event.counts) >= _share_killed(said)


def _as_bad(found: Mapping[str, float], said: Mapping[str, float], fates: Sequence[str]) -> bool:
    """Whether at least as many met each fate that is stated, or one that is worse."""
    reached = asked = 0.0
    for fate in fates:
        reached += found[fate]
        asked += said.get(fate, 0.0)
        if fate in said and reached < asked:
            return False
    return True


def _share_killed(counts: Mapping[str, float]) -> float:
    """The share of a group that died; 0 where nobody came or nothing is said."""
    size = counts.get("group_size", 0.0)
    return counts.get("killed_intruders", 0.0) / size if size else 0.0


def support(
    rows: Iterable[ObservedIncident], runs: Iterable[Iterable[Event]], days: float
) -> tuple[RowSupport, ...]:
    """How often each row of a kind that the model has is reached, over runs of ``days``."""
    asked = [row for row in rows if row.kind in INCIDENTS]
    seen = [0] * len(asked)
    years = 0.0
    for run in runs:
        years += days / _DAYS_A_YEAR
        for event in run:
            for place, row in enumerate(asked):
                seen[place] += at_least_as_grave(event, row)
    return tuple(
        RowSupport(row, n, years, n / years, *garwood(n, years))
        for row, n in zip(asked, seen, strict=True)
    )


def garwood(count: int, time: float) -> tuple[float, float]:
    """The exact 95 % interval of a rate from a Poisson count in ``time`` (Garwood 1936)."""
    low = float(chi2.ppf(0.025, 2 * count)) / 2.0 if count else 0.0
    return low / time, float(chi2.ppf(0.975, 2 * count + 2)) / 2.0 / time


def support_of(
    store: Store, scenario: str, rows: Iterable[ObservedIncident]
) -> tuple[RowSupport, ...]:
    """The same over the finished runs of a scenario of a store that keeps incidents.

    A bank of ``panj calibrate`` is one. Raises :class:`sim.errors.StoreError` where the store
    keeps no incidents or has no finished run.
    """
    if not store.finished(scenario) - store.failed(scenario):
        raise StoreError("has no finished run of this scenario", path=store.path, value=scenario)
    spec = store.scenarios[scenario]
    return support(rows, _runs(store, scenario, spec), spec.days)


def _runs(store: Store, scenario: str, spec: Scenario) -> Iterator[Iterator[Event]]:
    """The events of every run that did not fail, those of quiet ones too."""
    quiet = store.finished(scenario) - store.failed(scenario)
    for piece in store.pieces("incidents", [scenario]):
        happened = records_by_replicate(piece, Incident)
        quiet -= happened.keys()
        for incidents in happened.values():
            yield events(incidents, spec)
    for _ in quiet:
        yield iter(())
