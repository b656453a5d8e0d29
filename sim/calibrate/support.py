"""Support: how often does the model have events at least as grave as those reported?

A model in which a reported event cannot happen is wrong, however well its averages fit. So for each
reported row we count the simulated events at least as grave in the same respect: of the same kind,
in all that the row states at once, with a worse fate in place of a lesser one, and not by mere
size. ``docs/calibration.md`` gives the rules and the reasons.

An event is all that one operation did and suffered (:class:`Event`): a raid and the meeting after
it belong together. It counts whether or not the model has it reported.

Frequencies are events per year with the exact interval of a Poisson count (Garwood 1936). Years of
a regime come in spells, so the interval of a frequent event is a little short.
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
"""The counts that make an event grave, and their labels."""

FATES: Final = (
    ("killed_guards", "wounded_guards"),
    ("killed_civilians", "wounded_civilians"),
    ("killed_intruders", "wounded_intruders"),
    ("killed_intruders", "detained", "escaped"),
)
"""Fates of people, the worst first: a worse fate counts as a lesser one."""

_IN_RECORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "intruders": ("militants", "smugglers"),
    "civilians": ("workers_chinese", "workers_other", "villagers"),
}
_IN_ROWS: Final[Mapping[str, tuple[str, ...]]] = {"civilians": ("workers", "villagers")}
"""The columns that are added up, of a record and of a row."""

_DAYS_A_YEAR: Final = 365.0


@dataclass(frozen=True, slots=True)
class Event:
    """What one operation did and suffered, in the columns of a seed table.

    ``hours`` are from the crossing to its first incident of each kind, 0 without a crossing.
    ``night`` is whether the crossing, or without one the strike, came by night.
    """

    hours: Mapping[str, float]
    night: bool
    counts: Mapping[str, float]


class RowSupport(NamedTuple):
    """How often events at least as grave as a row were seen, per year, with the 95 % interval."""

    row: ObservedIncident
    seen: int
    years: float
    per_year: float
    low: float
    high: float


def operation(incident: Incident) -> str:
    """Return the operation of an incident: its identity without the kind."""
    return incident.identity.removesuffix(f"/{incident.kind}")


def events(incidents: Iterable[Incident], scenario: Scenario) -> Iterator[Event]:
    """Yield the events of one run.

    Dead, wounded, detained and the weight seized add up over the incidents of an operation; its
    size is the largest, and the number escaped is that of the last incident.
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
    return sum(float(getattr(incident, column)) for column in _columns(name, _IN_RECORDS))


def _columns(name: str, together: Mapping[str, tuple[str, ...]]) -> list[str]:
    harm, _, side = name.partition("_")
    return [f"{harm}_{each}" for each in together[side]] if side in together else [name]


def stated(row: ObservedIncident) -> dict[str, float]:
    """Return the counts that a row states, and the hours to contact (the low end)."""
    counts: dict[str, float] = {}
    for name in COUNTED:
        known = [getattr(row, column) for column in _columns(name, _IN_ROWS)]
        if any(value is not None for value in known):
            counts[name] = float(sum(value or 0 for value in known))
    hours = row.delay_hours if row.delay_hours_low is None else row.delay_hours_low
    return counts if hours is None else {**counts, "hours": float(hours)}


def at_least_as_grave(event: Event, row: ObservedIncident) -> bool:
    """Whether an event has the kind of a row and reaches every count that it states."""
    if row.kind not in event.hours or (row.night and not event.night):
        return False
    counts, required = {**event.counts, "hours": event.hours[row.kind]}, stated(row)
    with_fates = {name for fates in FATES for name in fates}
    if any(counts[name] < value for name, value in required.items() if name not in with_fates):
        return False
    if not all(_as_bad(counts, required, fates) for fates in FATES):
        return False
    if row.escaped == 0 and row.group_size is not None and event.counts["escaped"]:
        return False
    return _share_killed(event.counts) >= _share_killed(required)


def _as_bad(
    counts: Mapping[str, float], required: Mapping[str, float], fates: Sequence[str]
) -> bool:
    """Whether at least as many met each stated fate, or a worse one."""
    reached = needed = 0.0
    for fate in fates:
        reached += counts[fate]
        needed += required.get(fate, 0.0)
        if fate in required and reached < needed:
            return False
    return True


def _share_killed(counts: Mapping[str, float]) -> float:
    """Return the share of a group that died; 0 where the size is 0 or not stated."""
    size = counts.get("group_size", 0.0)
    return counts.get("killed_intruders", 0.0) / size if size else 0.0


def support(
    rows: Iterable[ObservedIncident], runs: Iterable[Iterable[Event]], days: float
) -> tuple[RowSupport, ...]:
    """Count the events that reach each row of a known kind, over runs of ``days``."""
    rows = [row for row in rows if row.kind in INCIDENTS]
    seen = [0] * len(rows)
    years = 0.0
    for run in runs:
        years += days / _DAYS_A_YEAR
        for event in run:
            for place, row in enumerate(rows):
                seen[place] += at_least_as_grave(event, row)
    return tuple(
        RowSupport(row, n, years, n / years, *garwood(n, years))
        for row, n in zip(rows, seen, strict=True)
    )


def garwood(count: int, time: float) -> tuple[float, float]:
    """Return the exact 95 % interval of a rate from a Poisson count (Garwood 1936)."""
    low = float(chi2.ppf(0.025, 2 * count)) / 2.0 if count else 0.0
    return low / time, float(chi2.ppf(0.975, 2 * count + 2)) / 2.0 / time


def support_of(
    store: Store, scenario: str, rows: Iterable[ObservedIncident]
) -> tuple[RowSupport, ...]:
    """Count over the finished runs of a scenario of a store with incidents, such as a bank.

    Raise :class:`sim.errors.StoreError` for a store without incidents or finished runs.
    """
    if not store.finished(scenario) - store.failed(scenario):
        raise StoreError("has no finished run of this scenario", path=store.path, value=scenario)
    spec = store.scenarios[scenario]
    return support(rows, _runs(store, scenario, spec), spec.days)


def _runs(store: Store, scenario: str, spec: Scenario) -> Iterator[Iterator[Event]]:
    """Yield the events of every run that did not fail; a quiet run has none."""
    quiet = store.finished(scenario) - store.failed(scenario)
    for piece in store.pieces("incidents", [scenario]):
        by_run = records_by_replicate(piece, Incident)
        quiet -= by_run.keys()
        for incidents in by_run.values():
            yield events(incidents, spec)
    for _ in quiet:
        yield iter(())
