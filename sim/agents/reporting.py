"""What becomes known of what happened: reports are fewer, later and less sure than events."""

from typing import get_args

from sim.engine.draws import Draws, exponential
from sim.incidents.records import Actor, Incident
from sim.scenario.spec_society import Reporting


def reported(draws: Draws, rules: Reporting, incident: Incident) -> Incident:
    """The incident with the time of its report and the kind of actor the report names.

    The chance of a report depends on the deaths: what killed a guard, worker or villager is
    hardly ever left out, so reports are deadlier than events.
    """
    known, lag, right = draws.of(incident.identity).uniforms("report", 3)
    if known >= chance_of_report(rules, incident):
        return incident
    wrong: Actor = next(actor for actor in get_args(Actor) if actor != incident.actor)
    return incident._replace(
        reported_at=incident.at + exponential(lag, rules.lag_days),
        reported_actor=incident.actor if right < rules.p_actor_known else wrong,
    )


def chance_of_report(rules: Reporting, incident: Incident) -> float:
    """Chance that an incident is reported at all."""
    if incident.victims > 0:
        return rules.p_victim_death
    if incident.killed_intruders > 0:
        return rules.p_intruder_death
    if incident.clash or incident.actor == "militants":
        return rules.p_clash
    return rules.p_quiet
