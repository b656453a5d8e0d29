"""Counts of one year of the experiment: plans by kind, their victims, and the fate of parties."""

from collections import defaultdict
from typing import Final

from sim.calibrate.support import operation
from sim.incidents.records import Crossing, Incident, Plan
from sim.model import BorderModel
from sim.scenario.spec import Scenario

REFRAINED: Final = "refrain"
ATTACKS: Final = (
    "infiltration/post", "infiltration/site", "infiltration/village", "drone/site",
    "fire/post", "fire/site", "fire/village",
)  # fmt: skip
"""A mode against a kind of target."""

FATES: Final = {
    "unmet": "not met before it struck",
    "chance": "met by chance",
    "deliberate": "surrounded first",
}
"""The fate of a party before it struck, in words that follow "the party was"."""

COLUMNS: Final = (
    *(f"plans {kind}" for kind in (REFRAINED, *ATTACKS)),
    *(f"victims {kind}" for kind in ATTACKS),
    "guards killed",
    "parties", "detected", "met",
    *(f"{what} {fate}" for fate in FATES for what in ("parties", "victims", "guards", "militants")),
)  # fmt: skip

_LATE_DAYS: Final = 30.0
"""Plans of the last days are left out: their results may come after the horizon."""


def tally(scenario: Scenario, seed: int) -> tuple[float, ...]:
    """One year in the order of :data:`COLUMNS`."""
    model = BorderModel(scenario, seed).run()
    found: defaultdict[str, float] = defaultdict(float)
    incidents: defaultdict[str, list[Incident]] = defaultdict(list)
    for incident in model.log[Incident]:
        incidents[operation(incident)].append(incident)
    crossings = {crossing.identity: crossing for crossing in model.log[Crossing]}
    for plan in model.log[Plan]:
        if plan.at < scenario.days - _LATE_DAYS:
            _add(found, plan, incidents[plan.identity], crossings.get(plan.identity))
    if unknown := found.keys() - set(COLUMNS):
        raise ValueError(f"there is no column for {', '.join(sorted(unknown))}")
    return tuple(found[column] for column in COLUMNS)


def _add(
    found: defaultdict[str, float], plan: Plan, incidents: list[Incident], party: Crossing | None
) -> None:
    kind = f"{plan.mode}/{plan.target.split('/')[0]}" if plan.target else REFRAINED
    found[f"plans {kind}"] += 1
    if not plan.target:
        return
    victims = sum(incident.victims for incident in incidents)
    found[f"victims {kind}"] += victims
    found["guards killed"] += sum(incident.killed_guards for incident in incidents)
    if party is None:
        return
    known = party.detected_at is not None and party.cue != "attack"
    fate = _fate(party, incidents)
    found["parties"] += 1
    found["detected"] += known
    found["met"] += fate != "unmet"
    found[f"parties {fate}"] += 1
    found[f"victims {fate}"] += victims
    found[f"guards {fate}"] += sum(incident.killed_guards for incident in incidents)
    found[f"militants {fate}"] += sum(incident.killed_militants for incident in incidents)


def _fate(party: Crossing, incidents: list[Incident]) -> str:
    """Not met before it struck, met by chance, or surrounded first."""
    if not party.stopped:
        return "unmet"
    return "deliberate" if any(incident.deliberate for incident in incidents) else "chance"
