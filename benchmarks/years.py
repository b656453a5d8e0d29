"""What each simulated year adds to the tables of ``benchmarks.plausibility``.

All events count, reported or not.
"""

from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from multiprocessing import get_context
from typing import Final, NamedTuple

from sim.calibrate.statistics import LATE_HOURS
from sim.calibrate.support import operation
from sim.frontier.ground import Ground
from sim.frontier.season import HOUR
from sim.incidents.records import Crossing, Incident, Plan
from sim.model import BorderModel
from sim.scenario.spec import Scenario

LAND: Final = Ground.default()
DAYS: Final = 35
"""Calendar days of a bad month: from the first to the last attack of the first seed article."""

_HOT_DISTRICT = "shamsiddin_shohin"


class Year(NamedTuple):
    """Sums of a year, and the times of plans and operations of the cells."""

    sums: dict[str, float]
    plans: tuple[float, ...]
    """When a plan was considered, days."""
    acts: tuple[float, ...]
    """When one was that was not left."""
    done: tuple[float, ...]
    """When an operation was over, days: by then it has brought forth what it will."""


def simulated(scenario: Scenario, first: int, count: int, jobs: int) -> list[Year]:
    """Years of a scenario, simulated in a pool of processes with seeds from ``first`` on."""
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        return list(pool.map(year, repeat(scenario), range(first, first + count), chunksize=5))


def year(scenario: Scenario, seed: int) -> Year:
    """Simulate one year and count."""
    model = BorderModel(scenario, seed).run()
    incidents, crossings = model.log[Incident], model.log[Crossing]
    outcomes = model.outcomes()
    told = ("clashes", "worst_35_days", "hot_share", "victims")
    return Year(
        {
            **{name: float(outcomes[name] or 0) for name in told},
            **_people(incidents),
            **_flow(crossings, incidents),
            **_rare(incidents),
        },
        tuple(plan.at for plan in model.log[Plan]),
        tuple(plan.at for plan in model.log[Plan] if plan.target),
        _done(crossings, incidents),
    )


def _done(crossings: list[Crossing], incidents: list[Incident]) -> tuple[float, ...]:
    from_afar = (i.at for i in incidents if i.is_attack and i.crossed_at is None)
    across = (c.ended_at for c in crossings if c.actor == "militants" and c.ending != "open")
    return (*from_afar, *across)


def _people(incidents: list[Incident]) -> dict[str, float]:
    clashes = [i for i in incidents if i.clash]
    met = [i for i in incidents if i.actor == "smugglers" and (i.clash or i.detained)]
    grave = [i for i in incidents if i.is_attack or i.deaths]
    return {
        "intruders_killed": sum(i.killed_intruders for i in incidents),
        "guards_killed": sum(i.killed_guards for i in clashes),
        "all_guards_killed": sum(i.killed_guards for i in incidents),
        "guards_wounded": sum(i.wounded_guards for i in incidents),
        "workers_killed": sum(map(_workers, incidents)),
        "detained": sum(i.detained for i in incidents),
        "escaped": sum(i.escaped for i in met),
        "met": sum(i.group_size for i in met),
        "grave": len(grave),
        "grave_hot": sum(i.district == _HOT_DISTRICT for i in grave),
        "attacks": len({operation(i) for i in incidents if i.is_attack}),
    }


def _flow(crossings: list[Crossing], incidents: list[Incident]) -> dict[str, float]:
    khatlon = {d.slug for d in LAND.districts if d.region == "Khatlon"}
    caught = [c for c in crossings if c.actor == "smugglers" and c.stopped]
    return {
        "crossings": len(crossings),
        "by_night": sum(c.night for c in crossings),
        "sent_kg": sum(c.load_kg for c in crossings),
        "seized_kg": sum(i.seized_kg for i in incidents),
        "khatlon_kg": sum(i.seized_kg for i in incidents if i.district in khatlon),
        "stopped": len(caught),
        "stopped_by_tip": sum(c.cue == "tip" for c in caught),
    }


def _rare(incidents: list[Incident]) -> dict[str, float]:
    late = [i for i in incidents if _met_late(i)]
    infiltrations = [i for i in incidents if i.kind.startswith("infiltration") and i.deaths]
    drones = [i.at for i in incidents if i.kind == "drone_attack_on_workers" and i.victims]
    fire = [i.at for i in incidents if i.kind.startswith("cross_border_fire") and i.victims]
    return {
        "kavo": sum(i.killed_guards == 2 and i.killed_militants == 3 for i in late),
        "like_kavo": sum(i.killed_guards >= 2 and i.killed_intruders >= 3 for i in late),
        "deadly_worker_attacks": sum(_workers(i) > 0 for i in incidents),
        "workers_2_3": sum(_workers(i) in (2, 3) for i in incidents),
        "deadly_infiltrations": len({operation(i) for i in infiltrations}),
        "all_three": together(drones, fire, [i.at for i in infiltrations]),
    }


def together(*kinds: Iterable[float], days: int = DAYS) -> bool:
    """Whether something of each kind happened within ``days`` consecutive calendar days."""
    found = [[int(at) for at in instants] for instants in kinds]
    firsts = {day for each in found for day in each}
    return any(
        all(any(first <= day < first + days for day in each) for each in found) for first in firsts
    )


def _workers(incident: Incident) -> int:
    return incident.killed_workers_chinese + incident.killed_workers_other


def _met_late(incident: Incident) -> bool:
    if incident.crossed_at is None or incident.contact_at is None:
        return False
    return incident.contact_at - incident.crossed_at >= LATE_HOURS * HOUR
