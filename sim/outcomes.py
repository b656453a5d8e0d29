"""From the log of a run to one row of outcomes, and to one row for each district."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from statistics import median
from typing import NamedTuple

from sim.engine.records import Log
from sim.frontier.ground import Ground
from sim.incidents.kinds import ACTORS, CUES, INCIDENTS
from sim.incidents.records import Accounts, Alarm, Crossing, DiplomaticAct, Incident
from sim.scenario.spec import Scenario
from sim.scenario.spec_society import Costs

Number = float | int | None
"""``None`` where nothing can be said: a share of nothing, a delay nobody had."""


class OutcomeField(NamedTuple):
    """What an outcome is called, which group it belongs to, its unit and what it means."""

    name: str
    group: str
    unit: str
    label: str


def _people() -> list[OutcomeField]:
    sides = (
        ("guards", "guards"),
        ("workers_chinese", "Chinese workers"),
        ("workers_other", "other workers"),
        ("villagers", "villagers"),
        ("militants", "militants"),
        ("smugglers", "smugglers"),
    )
    fields = [
        OutcomeField("deaths", "people", "persons", "killed, all sides"),
        OutcomeField("victims", "people", "persons", "guards, workers and villagers killed"),
        OutcomeField("worst_35_days", "people", "persons", "most deaths in any 35 days"),
    ]
    for name, label in sides:
        fields.append(OutcomeField(f"{name}_killed", "people", "persons", f"{label} killed"))
        fields.append(OutcomeField(f"{name}_wounded", "people", "persons", f"{label} wounded"))
    fields.append(OutcomeField("detained", "people", "persons", "intruders detained"))
    fields.append(OutcomeField("escaped", "people", "persons", "intruders who got away when met"))
    return fields


def _kinds() -> list[OutcomeField]:
    fields = [
        OutcomeField("incidents", "incidents", "count", "incidents"),
        OutcomeField("incidents_reported", "incidents", "count", "incidents reported"),
        OutcomeField("clashes", "incidents", "count", "clashes"),
        OutcomeField("clashes_reported", "incidents", "count", "clashes reported"),
        OutcomeField("attacks", "incidents", "count", "attacks and infiltrations by militants"),
        OutcomeField("hot_share", "incidents", "share",
                     "attacks and deadly clashes in the district with most of them"),
    ]  # fmt: skip
    for kind in INCIDENTS.values():
        told = f"{kind.many} (reported)"
        fields.append(OutcomeField(kind.name, "incidents", "count", kind.many))
        fields.append(OutcomeField(f"{kind.name}_reported", "incidents", "count", told))
    return fields


def _fields(group: str, *rows: tuple[str, str, str]) -> list[OutcomeField]:
    return [OutcomeField(name, group, unit, label) for name, unit, label in rows]


FIELDS: tuple[OutcomeField, ...] = (
    *_people(),
    *_kinds(),
    *_fields(
        "flow",
        ("crossings", "count", "crossings attempted"),
        ("crossings_smuggling", "count", "crossings by smugglers"),
        ("crossings_infiltration", "count", "crossings by militants"),
        ("night_share", "share", "crossings by night"),
        ("interdicted", "count", "smuggling crossings stopped"),
        ("interdicted_infiltrations", "count", "infiltrations that guards met before they struck"),
        ("interdiction_share", "share", "smuggled weight stopped"),
        ("interdiction_share_known", "share", "known smuggling crossings stopped"),
        ("turned_back", "count", "groups turned back with their load"),
        ("seized_kg", "kg", "weight seized"),
        ("seized_khatlon_share", "share", "of the weight seized, in Khatlon"),
        ("seized_arms", "count", "arms seized"),
    ),
    *_fields(
        "detection",
        ("detected", "count", "crossings that became known"),
        *(
            (f"detected_by_{cue.name}", "count", f"first known by {cue.label}")
            for cue in CUES.values()
        ),
        ("delay_to_contact_h", "h", "median time from crossing to contact"),
        ("longest_delay_h", "h", "longest time from crossing to contact"),
        ("escape_share", "share", "smugglers who got away from a clash or arrest"),
    ),
    *_fields(
        "response",
        ("alarms", "count", "alarms with somebody behind them"),
        ("false_alarms", "count", "false alarms"),
        ("alarms_lost", "count", "alarms lost on the way, true or false"),
        ("alarms_late", "count", "alarms heard late, true or false"),
        ("alarms_unanswered", "count", "alarms that found no team, true or false"),
        ("alarm_to_arrival_h", "h", "median time from alarm to a team's arrival"),
    ),
    *_fields(
        "worksites",
        ("evacuations", "count", "worksites evacuated"),
        ("worker_days_lost", "days", "worker-days lost"),
    ),
    *_fields(
        "alert",
        ("days_routine", "days", "days at routine (mean of districts)"),
        ("days_elevated", "days", "days at elevated"),
        ("days_heightened", "days", "days at heightened"),
        ("days_emergency", "days", "days at emergency"),
        ("mean_readiness", "share", "mean readiness"),
        ("lowest_readiness", "share", "lowest readiness in any district"),
    ),
    *_fields(
        "cost",
        ("guard_hours", "h", "guard-hours on patrol, watch and call"),
        ("patrol_km", "km", "distance patrolled"),
        ("team_hours", "h", "team-hours on missions"),
        ("air_hours", "h", "helicopter hours"),
        ("uav_hours", "h", "surveillance flying hours"),
        ("demarches", "count", "demarches"),
        ("cost_usd", "USD", "cost at the scenario's prices"),
    ),
)
"""Every column of the outcome row, in order."""


def outcome_row(log: Log, accounts: Accounts, spec: Scenario) -> dict[str, Number]:
    """The outcome row of a run so far, in the order of :data:`FIELDS`.

    A crossing counts once it is over, and one that nobody noticed is over only when its sign
    is gone, so before the horizon the last days lean toward crossings that became known.
    """
    incidents, crossings = log[Incident], log[Crossing]
    demarches = sum(act.act == "demarche" for act in log[DiplomaticAct])
    row: dict[str, Number] = {}
    row |= _harm(incidents)
    row |= _incidents(incidents, accounts.at)
    row |= _flow(crossings, incidents, spec.ground)
    row |= _detection(crossings, incidents)
    row |= _response(log[Alarm])
    row |= {"evacuations": accounts.site_closures, "worker_days_lost": accounts.worker_days_lost}
    row |= {
        name: getattr(accounts, name)
        for name in (
            "days_routine", "days_elevated", "days_heightened", "days_emergency",
            "mean_readiness", "lowest_readiness", "patrol_km", "team_hours", "air_hours",
            "uav_hours",
        )
    }  # fmt: skip
    row["guard_hours"] = (
        accounts.watch_guard_hours + accounts.patrol_guard_hours + accounts.on_call_guard_hours
    )
    row["demarches"] = demarches
    row["cost_usd"] = price(accounts, demarches, spec)
    return {field.name: row[field.name] for field in FIELDS}


def price(accounts: Accounts, demarches: int, spec: Scenario) -> float:
    """All effort and loss in one figure, by the scenario's price list."""
    costs: Costs = spec.costs
    years = accounts.at / 365.0
    sites = spec.worksites
    return (
        costs.guard_hour
        * (accounts.watch_guard_hours + accounts.patrol_guard_hours + accounts.on_call_guard_hours)
        + costs.patrol_km * accounts.patrol_km
        + costs.team_hour * accounts.team_hours
        + costs.air_hour * accounts.air_hours
        + costs.uav_hour * accounts.uav_hours
        + costs.camera_km_day * accounts.camera_km_days
        + costs.tips_programme_year * spec.tips.programme * years
        + costs.hardening_site_year * sites.hardening * sites.count * years
        + costs.counter_drone_site_year * sites.counter_drone * sites.count * years
        + costs.reserve_team_day * accounts.reserve_team_days
        + costs.worker_day * accounts.worker_days_lost
        + costs.demarche * demarches
        + costs.joint_mechanism_day * accounts.joint_days
    )


def district_rows(log: Log, ground: Ground) -> list[dict[str, Number | str]]:
    """Crossings, interdictions and harm of each district: the finest published resolution."""
    rows: list[dict[str, Number | str]] = []
    for district in ground.districts:
        crossings = [c for c in log[Crossing] if c.district == district.slug]
        incidents = [i for i in log[Incident] if i.district == district.slug]
        rows.append(
            {
                "district": district.slug,
                "crossings": len(crossings),
                "detected": sum(c.detected_at is not None for c in crossings),
                "interdicted": sum(c.stopped for c in crossings if smuggled(c)),
                "incidents": len(incidents),
                "clashes": sum(i.clash for i in incidents),
                "attacks": sum(i.is_attack for i in incidents),
                "deaths": sum(i.deaths for i in incidents),
                "victims": sum(i.victims for i in incidents),
                "seized_kg": sum(i.seized_kg for i in incidents),
            }
        )
    return rows


def smuggled(crossing: Crossing) -> bool:
    """Whether those who crossed were smuggling."""
    return ACTORS[crossing.actor].smuggles


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _median(values: Iterable[float]) -> float | None:
    listed = list(values)
    return median(listed) if listed else None


def _harm(incidents: Sequence[Incident]) -> dict[str, Number]:
    def total(name: str) -> int:
        return sum(getattr(incident, name) for incident in incidents)

    row: dict[str, Number] = {
        "deaths": sum(i.deaths for i in incidents),
        "victims": sum(i.victims for i in incidents),
        "worst_35_days": _worst_window(incidents, 35.0),
        "detained": total("detained"),
        "escaped": total("escaped"),
    }
    for field in FIELDS:
        side, _, what = field.name.rpartition("_")
        if field.group == "people" and what in ("killed", "wounded"):
            row[field.name] = total(f"{what}_{side}")
    return row


def _worst_window(incidents: Sequence[Incident], days: float) -> int:
    """Most deaths in any window of ``days`` (it is enough to start windows at deaths)."""
    deadly = sorted((i.at, i.deaths) for i in incidents if i.deaths)
    return max(
        (
            sum(deaths for at, deaths in deadly[first:] if at <= start + days)
            for first, (start, _) in enumerate(deadly)
        ),
        default=0,
    )


def _is_kind(kind: str, incident: Incident) -> bool:
    return incident.kind == kind


def _incidents(incidents: Sequence[Incident], now: float) -> dict[str, Number]:
    grave = [i for i in incidents if i.is_attack or i.deaths]
    hottest = max(Counter(i.district for i in grave).values(), default=0)
    row: dict[str, Number] = {"hot_share": _share(hottest, len(grave))}
    counted: dict[str, Callable[[Incident], bool]] = {
        "incidents": lambda _: True,
        "clashes": lambda i: i.clash,
        **{kind: partial(_is_kind, kind) for kind in INCIDENTS},
    }
    for name, belongs in counted.items():
        chosen = [i for i in incidents if belongs(i)]
        row[name] = len(chosen)
        row[f"{name}_reported"] = sum(
            i.reported_at is not None and i.reported_at <= now for i in chosen
        )
    row["attacks"] = sum(i.is_attack for i in incidents)
    return row


def _flow(
    crossings: Sequence[Crossing], incidents: Sequence[Incident], ground: Ground
) -> dict[str, Number]:
    smuggling = [c for c in crossings if smuggled(c)]
    infiltrating = [c for c in crossings if ACTORS[c.actor].attacks]
    caught = [c for c in smuggling if c.stopped]
    khatlon = {d.slug for d in ground.districts if d.region == "Khatlon"}
    seized = sum(i.seized_kg for i in incidents)
    return {
        "crossings": len(crossings),
        "crossings_smuggling": len(smuggling),
        "crossings_infiltration": len(infiltrating),
        "night_share": _share(sum(c.night for c in crossings), len(crossings)),
        "interdicted": len(caught),
        "interdicted_infiltrations": sum(c.stopped for c in infiltrating),
        "interdiction_share": _share(seized, sum(c.load_kg for c in smuggling)),
        "interdiction_share_known": _share(
            len(caught), sum(c.detected_at is not None for c in smuggling)
        ),
        "turned_back": sum(c.ending == "turned_back" for c in smuggling),
        "seized_kg": seized,
        "seized_khatlon_share": _share(
            sum(i.seized_kg for i in incidents if i.district in khatlon), seized
        ),
        "seized_arms": sum(i.seized_arms for i in incidents),
    }


def _detection(crossings: Sequence[Crossing], incidents: Sequence[Incident]) -> dict[str, Number]:
    delays = [24.0 * (c.contact_at - c.crossed_at) for c in crossings if c.contact_at is not None]
    met = [i for i in incidents if ACTORS[i.actor].smuggles and (i.clash or i.detained)]
    row: dict[str, Number] = {
        "detected": sum(c.detected_at is not None for c in crossings),
        "delay_to_contact_h": _median(delays),
        "longest_delay_h": max(delays, default=None),
        "escape_share": _share(sum(i.escaped for i in met), sum(i.group_size for i in met)),
    }
    for cue in CUES:
        row[f"detected_by_{cue}"] = sum(c.cue == cue for c in crossings)
    return row


def _response(alarms: Sequence[Alarm]) -> dict[str, Number]:
    genuine = [a for a in alarms if a.cue != "false"]
    return {
        "alarms": len(genuine),
        "false_alarms": len(alarms) - len(genuine),
        "alarms_lost": sum(a.fate == "lost" for a in alarms),
        "alarms_late": sum(a.heard_at is not None and a.heard_at > a.at for a in alarms),
        "alarms_unanswered": sum(a.fate == "unanswered" for a in alarms),
        "alarm_to_arrival_h": _median(
            24.0 * (a.arrived_at - a.at) for a in alarms if a.arrived_at is not None
        ),
    }
