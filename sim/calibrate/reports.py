"""Reports: what became known of incidents, in one form for the seed tables and for a run.

Statistics are computed from these rows only, so one code compares the model with the world. No
column says which kind of intruder a report names, for that is often disputed. The date of the
report is left out too, for yearly counts are published after the year.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from math import floor
from typing import Any

from sim.frontier.season import calendar_for
from sim.incidents.kinds import INCIDENTS
from sim.incidents.records import Cue, Incident, Kind
from sim.incidents.seeds import ObservedIncident
from sim.scenario.spec import Scenario

SMUGGLING = "smuggling_interdiction"
_SHARED_COLUMNS = (
    "identity", "district", "kind", "group_size", "killed_guards", "killed_intruders",
    "killed_villagers", "wounded_guards", "escaped", "detained", "seized_kg", "cue",
    "wounded_villagers", "seized_arms",
)  # fmt: skip
_CLASHES = frozenset({"infiltration_then_clash", "infiltration_then_post_attack"})


@dataclass(frozen=True, slots=True)
class Report:
    """One incident as it became known; ``None`` means that the report does not say.

    ``day`` is the last day of the incident; ``night`` is whether the crossing, or without one the
    attack, came by night. Intruders are militants and smugglers; workers are of any nationality.
    """

    identity: str
    day: dt.date
    night: bool | None
    district: str | None
    kind: Kind
    clash: bool | None
    group_size: int | None
    killed_guards: int | None
    killed_intruders: int | None
    killed_workers: int | None
    killed_villagers: int | None
    wounded_guards: int | None
    escaped: int | None
    detained: int | None
    seized_kg: float | None
    cue: Cue | None
    delay_hours: float | None
    wounded_intruders: int | None = None
    wounded_workers: int | None = None
    wounded_villagers: int | None = None
    seized_arms: int | None = None

    @property
    def deaths(self) -> int:
        """Number killed on all sides, as far as the report says."""
        killed = (
            self.killed_guards,
            self.killed_intruders,
            self.killed_workers,
            self.killed_villagers,
        )
        return sum(count or 0 for count in killed)


def reports_of_run(incidents: Iterable[Incident], scenario: Scenario) -> tuple[Report, ...]:
    """Return the incidents of a run that were reported, however late."""
    calendar = calendar_for(scenario.ground, scenario.start, scenario.days)
    reports = []
    for incident in incidents:
        if incident.reported_at is None:
            continue
        began = incident.at if incident.crossed_at is None else incident.crossed_at
        place = scenario.ground.by_slug[incident.district].index
        reports.append(_of_incident(incident, scenario.start, calendar.is_night(place, began)))
    return tuple(reports)


def _of_incident(incident: Incident, start: dt.date, night: bool) -> Report:
    delay = None
    if incident.contact_at is not None and incident.crossed_at is not None:
        delay = 24.0 * (incident.contact_at - incident.crossed_at)
    return Report(
        day=start + dt.timedelta(days=floor(incident.at)),
        night=night,
        clash=incident.clash,
        killed_workers=incident.killed_workers_chinese + incident.killed_workers_other,
        delay_hours=delay,
        wounded_intruders=incident.wounded_militants + incident.wounded_smugglers,
        wounded_workers=incident.wounded_workers_chinese + incident.wounded_workers_other,
        **_shared(incident),
    )


def _shared(source: Incident | ObservedIncident) -> dict[str, Any]:
    """Return the columns that a record and a row have in common."""
    return {name: getattr(source, name) for name in _SHARED_COLUMNS}


def reports_of_seeds(rows: Iterable[ObservedIncident]) -> tuple[Report, ...]:
    """Return the best row of each dated event of a kind that the model has.

    Clashes between the two states' units are left out. A meeting with smugglers is a clash if
    somebody was killed or wounded in it; otherwise ``clash`` is unknown.
    """
    days = ((row, row.date_end or row.date_start) for row in rows)
    return tuple(
        report_of(row, day)
        for row, day in days
        if row.best_row and day is not None and row.kind in INCIDENTS
    )


def report_of(row: ObservedIncident, day: dt.date) -> Report:
    """Convert a row to a report of ``day``, for a row may have no date."""
    kind: Kind = row.kind
    hit = (row.killed_guards, row.killed_intruders, row.wounded_guards, row.wounded_intruders)
    fought = True if kind in _CLASHES or (kind == SMUGGLING and any(hit)) else None
    names = ("night", "killed_workers", "delay_hours", "wounded_intruders", "wounded_workers")
    columns = {name: getattr(row, name) for name in names}
    return Report(day=day, clash=fought, **columns, **_shared(row))
