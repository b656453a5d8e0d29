"""Reports of incidents: fewer, later and less certain than the events."""

from sim.engine.draws import Draws, exponential
from sim.incidents.kinds import ACTORS
from sim.incidents.records import Incident
from sim.scenario.spec_society import Reporting


def reported(draws: Draws, rules: Reporting, incident: Incident) -> Incident:
    """The incident with the time of its report and the kind of actor that the report names.

    The chance of a report depends on the deaths: an incident that killed a guard, worker or
    villager is nearly always reported, so reports are deadlier than events. A wrong report names
    one of the kinds that the actor may be mistaken for, all equally likely.
    """
    known, lag, right, wrong = draws.of(incident.identity).uniforms("report", 4)
    if known >= chance_of_report(rules, incident):
        return incident
    named, others = incident.actor, ACTORS[incident.actor].mistaken_for
    if others and right >= rules.p_actor_known:
        named = ACTORS[others[int(wrong * len(others))]].name
    return incident._replace(
        reported_at=incident.at + exponential(lag, rules.lag_days), reported_actor=named
    )


def chance_of_report(rules: Reporting, incident: Incident) -> float:
    """Chance that an incident is reported at all."""
    if incident.victims > 0:
        return rules.p_victim_death
    if incident.killed_intruders > 0:
        return rules.p_intruder_death
    return rules.p_clash if incident.clash else getattr(rules, ACTORS[incident.actor].report)
