"""Strikes: how many of the people in the open one of them hits."""

from typing import Final

from sim.incidents.records import Incident
from sim.theory.shared_fate import hit_chances
from sim.verify.case import Case, share
from sim.verify.excitation import SUCCEEDING
from sim.verify.runs import runs_lasting
from sim.verify.scenarios import Changes

MEAN, SHARED = 0.3, 0.33

_PLANS: Final = 400.0
_HEADCOUNT: Final = 8
_ALL_BUT: Final = 2


def shared_fate(effort: float) -> list[Case]:
    """Drones that always arrive at a site where all people are in the open and every hit kills.

    How often nobody is hit, and how often nearly all are: the beta-binomial distribution
    (Skellam 1948). Negative control: people who are hit independently.
    """
    settings: Changes = {
        **SUCCEEDING,
        "cells.count": 1,
        "cells.plans_per_year": _PLANS,
        "worksites.headcount": _HEADCOUNT,
        "strikes.drone_p_hit": MEAN,
        "strikes.shared": SHARED,
    }
    hits: list[int] = []
    people = 0
    for model in runs_lasting("shared fate", settings, effort * 4_000.0 / _PLANS * 365.0):
        people = model.worksites[0].exposed  # the number of people differs between sites
        hits += [incident.victims for incident in model.log[Incident]]
    chances, alone = (hit_chances(people, MEAN, shared) for shared in (SHARED, 0.0))
    most = people - _ALL_BUT
    many = sum(n >= most for n in hits)
    return [
        share("nobody is hit", chances[0], hits.count(0), len(hits), wrong=alone[0]),
        share("nearly all are hit", sum(chances[most:]), many, len(hits), sum(alone[most:])),
    ]
