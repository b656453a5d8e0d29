"""Marks of single incidents, as reported: size, dead, wounded, escaped, detained, delay, night.

They show how contacts and attacks go, whatever their number, so rows that are too old or undated
for rates serve too. A column that a row leaves open is missing. Two rows of one event that
contradict each other are alternatives.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sim.calibrate.intervals import CONFIDENCE, Interval, alternatives
from sim.calibrate.reading_rules import ReadingRules
from sim.calibrate.reports import Report, report_of
from sim.incidents.kinds import INCIDENTS
from sim.incidents.seeds import ObservedIncident

MARKS: Final[Mapping[str, str]] = {
    "group_size": "size of the group",
    "killed_guards": "guards killed",
    "killed_intruders": "intruders killed",
    "killed_workers": "workers killed",
    "killed_villagers": "villagers killed",
    "wounded_guards": "guards wounded",
    "wounded_intruders": "intruders wounded",
    "wounded_workers": "workers wounded",
    "wounded_villagers": "villagers wounded",
    "escaped": "escaped",
    "detained": "detained",
    "seized_kg": "kg seized",
    "seized_arms": "firearms seized",
    "delay_hours": "hours from crossing to contact",
    "night": "by night",
}
"""Columns of a report, of a run or of a row, and their labels."""


@dataclass(frozen=True)
class EventMarks:
    """The marks of one event, from the row it is named after and ``others`` that report it.

    ``regime`` is ``None`` without a date or where the year has none. ``for_rates`` says whether the
    event counts in rates too.
    """

    identity: str
    kind: str
    day: dt.date | None
    regime: str | None
    for_rates: bool
    intervals: Mapping[str, tuple[Interval, ...]]
    others: tuple[str, ...] = ()
    cue: str | None = None


def marks_of(report: Report) -> dict[str, float]:
    """Return the marks that a report gives, of a run or of a row."""
    marks = {name: getattr(report, name) for name in MARKS}
    return {name: float(value) for name, value in marks.items() if value is not None}


def marks_of_seeds(rows: Iterable[ObservedIncident], rules: ReadingRules) -> tuple[EventMarks, ...]:
    """Return the marks of each event of a kind that the model has."""
    events: dict[str, list[ObservedIncident]] = defaultdict(list)
    by_name = {row.identity: row for row in rows}
    for row in by_name.values():
        if row.kind in INCIDENTS:
            events[_event(row, by_name)].append(row)
    return tuple(_marks(event, rules) for event in events.values())


def _event(row: ObservedIncident, rows: Mapping[str, ObservedIncident]) -> str:
    """Return the name of the best row of an event."""
    seen: set[str] = set()
    while not row.best_row and row.identity not in seen:
        seen.add(row.identity)
        row = rows.get(row.same_event_as or "", row)
    return row.identity


def _marks(rows: list[ObservedIncident], rules: ReadingRules) -> EventMarks:
    best, *others = sorted(rows, key=lambda row: not row.best_row)
    intervals: dict[str, list[Interval]] = defaultdict(list)
    for row in (best, *others):
        weight = _weight(row) if others else 1.0
        for name, one in _of_row(row, weight).items():
            intervals[name].append(one)
    day = best.date_end or best.date_start
    return EventMarks(
        best.identity,
        best.kind,
        day,
        None if day is None else rules.regime(day.year),
        best.best_row and not best.prior_only,
        {name: alternatives(intervals[name]) for name in MARKS if name in intervals},
        tuple(row.identity for row in others),
        next((row.cue for row in rows if row.cue is not None), None),
    )


def _of_row(row: ObservedIncident, weight: float) -> dict[str, Interval]:
    """Return the marks of a row; a delay with bounds becomes an interval between them."""
    marks = {
        name: Interval(v, v, weight) for name, v in marks_of(report_of(row, dt.date.min)).items()
    }
    low, high = row.delay_hours_low, row.delay_hours_high
    if low is not None or high is not None:
        marks["delay_hours"] = Interval(low or 0.0, float("inf") if high is None else high, weight)
    return marks


def _weight(row: ObservedIncident) -> float:
    first = row.confidence.replace(";", " ").split()
    return CONFIDENCE.get(first[0], 1.0) if first else 1.0
