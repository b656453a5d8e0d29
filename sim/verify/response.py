"""Races between a team on a call and a group that leaves."""

from math import expm1
from typing import Final

from sim.incidents.records import Crossing, Incident
from sim.theory.queues import p_first
from sim.verify.case import Case, share
from sim.verify.runs import MOST_CROSSINGS, run, runs_lasting, split
from sim.verify.scenarios import EQUAL_WEIGHTS, IMMEDIATE_PARTIES, Changes, exposure

CALLED: Final[Changes] = {
    **exposure(0.01),
    "villages.per_100_km": 20.0,
    "tips.p_tip": 1.0,
    "tips.trust": 1.0,
    "tips.reach_km": 100.0,
    "tips.delay_hours": 0.0,
    "teams.per_district": 20,
    "teams.mobilisation_hours": 0.0,
    "teams.air_mobility": 1.0,
    "teams.air_speed_km_h": 400.0,
    "teams.aftermath_hours": 0.0,
}
"""A tip about every group arrives when it has left the strip, and a team is almost there: 20 teams
a district are always enough, and the nearest flies half a minute on average."""

_CELLS, _PLANS = 13, 60.0
_HIDE: Final = 40.0
_STAY: Final = 4.0
_HAZARD: Final = 1.5 / _STAY
_LOADS: Final = 30_000.0


def raced_parties(effort: float) -> list[Case]:
    """A cell's party hides for an exponential time; a team searches at a constant hazard.

    Posts are at the line and cells neither detour nor hide behind them, so a party's time inside
    is its hide alone. It scatters if met, and raids otherwise; the share of crossings without a
    raid is the probability that the team is first. Searches end after 20 mean times to contact.
    A flight of half a minute against a hide of 40 hours lowers the probability by 0.02 %.
    Source: two exponential times, ``rho / (rho + nu)``.
    """
    hazard = 2.5 / _HIDE
    settings: Changes = {"teams.contact_rate": hazard}
    theory = p_first(hazard, 1.0 / _HIDE)
    return [_parties("search against hide", theory, effort * 5_500, settings)]


def raced_in_stages(effort: float) -> list[Case]:
    """The same with three exponential stages: the tip, turning out, searching.

    The hide has no memory, so each stage is a race of its own and the probabilities multiply.
    """
    stages = (8.0, 5.0, 6.0)
    settings: Changes = {
        "tips.delay_hours": stages[0],
        "teams.mobilisation_hours": stages[1],
        "teams.contact_rate": 1.0 / stages[2],
    }
    theory = 1.0
    for hours in stages:
        theory *= p_first(1.0 / hours, 1.0 / _HIDE)
    return [_parties("word, turning out and search against hide", theory, effort * 7_000, settings)]


def raced_smugglers(effort: float) -> list[Case]:
    """Smugglers walk inland for a fixed time, or for a uniform one up to twice as long.

    With hazard rho and stay S the probability of contact is ``1 - E exp(-rho S)``: for a fixed
    stay ``1 - exp(-rho s)``, for a uniform one over 0 to 2 s ``1 - (1 - exp(-2 rho s)) / (2 rho
    s)``. The flight takes less than 0.1 % of the stay, and its effect is half of that.
    """
    fixed = -expm1(-_HAZARD * _STAY)
    uniform = 1.0 + expm1(-2.0 * _HAZARD * _STAY) / (2.0 * _HAZARD * _STAY)
    return [
        _smugglers("search against a fixed stay", fixed, effort * 5_000, (1.0, 1.0)),
        _smugglers("search against a uniform stay", uniform, effort * 7_000, (0.0, 2.0)),
    ]


def _parties(name: str, theory: float, parties: float, changes: Changes) -> Case:
    hazard = changes["teams.contact_rate"]
    assert isinstance(hazard, float)
    settings: Changes = {
        **IMMEDIATE_PARTIES,
        **CALLED,
        **changes,
        "teams.search_hours": 20.0 / hazard,
        "teams.manhunt_hours": 0.1,
        "contact.p_militants_fight": 0.0,
        "posts.garrison": 1,
        "clash.guard_rate": 0.0,
        "clash.lethality_guards": 0.0,
        "cells.count": _CELLS,
        "cells.plans_per_year": _PLANS,
        "cells.hide_hours": _HIDE,
    }
    over = raids = 0
    for model in runs_lasting(name, settings, 365.0 * parties / (_CELLS * _PLANS)):
        over += sum(crossing.ending != "open" for crossing in model.log[Crossing])
        raids += sum(i.kind == "infiltration_then_post_attack" for i in model.log[Incident])
    return share(name, theory, over - raids, over)


def _smugglers(name: str, theory: float, groups: float, stays: tuple[float, float]) -> Case:
    settings: Changes = {
        **CALLED,
        "teams.contact_rate": _HAZARD,
        "teams.search_hours": 2.0 * _STAY,
        "smugglers.loads_per_year": _LOADS,
        "smugglers.district_weights": EQUAL_WEIGHTS,
        "smugglers.walk_km_h": 1.0,
        "smugglers.inland_least_km": stays[0] * _STAY,
        "smugglers.inland_most_km": stays[1] * _STAY,
        "smugglers.p_armed": 0.0,
        "contact.p_surrender": 1.0,
    }
    over = met = 0
    for number, part in split(groups, MOST_CROSSINGS):
        last = 365.0 * part / _LOADS  # groups that cross before that are gone a day later
        crossings = run(name, number, settings, {"days": last + 1.0}).log[Crossing]
        counted = [crossing for crossing in crossings if crossing.crossed_at < last]
        over += len(counted)
        met += sum(crossing.contact_at is not None for crossing in counted)
    return share(name, theory, met, over)
