"""Incidents as events of the story: where, how grave, and in a sentence."""

import datetime as dt

from sim.frontier.ground import Ground
from sim.incidents.narrative import result, sentence, wounded
from sim.incidents.records import Incident
from sim.viewer.wire_format import Event, day, moment, place


def event(incident: Incident, start: dt.date, ground: Ground) -> Event:
    """An incident as the client shows it; ``start`` is the scenario's first day."""
    return {
        "t": day(incident.at),
        "km": place(incident.km),
        "depth": place(incident.depth),
        "district": ground.by_slug[incident.district].index,
        "kind": incident.kind,
        "actor": incident.actor,
        "clash": incident.clash,
        "severity": grade(incident),
        "text": sentence(incident, start, ground),
        "result": result(incident),
        "identity": incident.identity,
        "of": origin(incident),
        "victims": incident.victims,
        "deaths": incident.deaths,
        "wounded": wounded(incident),
        "reported": moment(incident.reported_at),
    }


def grade(incident: Incident) -> int:
    """How grave: 3 victims, 2 other deaths, 1 a fight, an attack or wounded, else 0."""
    if incident.victims:
        return 3
    if incident.deaths:
        return 2
    return int(incident.clash or incident.is_attack or wounded(incident) > 0)


def origin(incident: Incident) -> str:
    """Identity of the crossing that led to it, or of the plan of a strike from afar."""
    return incident.identity.removesuffix(f"/{incident.kind}")
