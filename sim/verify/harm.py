"""Expected harm: the harm of encounters against what the model expected when each began.

The differences have mean 0 for each encounter, whatever happened before (a martingale), so their
sum over any runs has mean 0 too. The sum of their squares estimates its variance without bias, and
the root of that is the standard error; the predictable variance has no closed form for a fight with
pursuit. Fights, strikes and meetings use the whole model with all its variation, and the expected
figures are the model's own, so this also tests the draws: each must decide one thing only.
"""

from collections.abc import Callable, Mapping, Sequence
from math import sqrt
from statistics import fmean
from typing import Final

from sim.engine.draws import Draws, Stream
from sim.incidents.records import HARM, Incident
from sim.model import BorderModel
from sim.verify.case import Case
from sim.verify.excitation import SUCCEEDING
from sim.verify.runs import MOST_CROSSINGS, build_model, is_precise, split
from sim.verify.scenarios import (
    LOADS_PER_YEAR,
    PLANS_PER_YEAR,
    Changes,
    armed_smugglers,
    full_watch,
    strong_cells,
)

GUARDS: Final = ("killed_guards", "wounded_guards")
INTRUDERS: Final = tuple(
    f"{what}_{side}" for what in ("killed", "wounded") for side in ("smugglers", "militants")
)
WORKERS: Final = tuple(
    f"{what}_workers_{side}" for what in ("killed", "wounded") for side in ("chinese", "other")
)
WORKERS_KILLED: Final = WORKERS[:2]

Pair = tuple[Sequence[float], Sequence[float]]
"""Harm of one encounter by column: expected and actual."""

FIGHTS: Final[Changes] = {
    "clash.guard_rate": 1.0,
    "clash.smuggler_rate": 1.0,
    "clash.militant_rate": 1.0,
    "clash.lethality_guards": 0.4,
    "clash.break_off_guards": 0.7,
    "clash.break_off_smugglers": 0.7,
    "clash.break_off_militants": 0.7,
    "clash.break_off_raiders": 0.7,
    "clash.break_spread": 0.3,
    "clash.intensity_spread": 0.5,
    "clash.disengage_rate": 0.4,
    "clash.disengage_militants": 0.4,
    "clash.surprise_factor": 2.0,
    "clash.p_guards_first": 0.5,
    "clash.pursuit_hit": 0.3,
    "clash.pursuit_caught": 0.2,
    "clash.p_wounded_captured": 0.5,
}
"""Fights with every mechanism on and few without losses, so that some thousands are enough."""


_PARTIES: Final[Changes] = {
    **strong_cells(4),
    **FIGHTS,
    "cells.recruits_per_year": 500.0,
    "cells.party_most": 7,
    "cells.raid_ratio": 0.0,
}
"""Cells that send one party after another and recruit fast."""


def strikes_as_expected(effort: float) -> list[Case]:
    """Drones and fire: most drones arrive, hits on people are correlated, and walls protect some.

    Negative controls: expectations that are 5 % off; for those killed, a model that uses one
    draw both for whether a person is hit and for whether the hit kills.
    """
    settings: Changes = {
        **SUCCEEDING,
        "cells.modes_off": ["infiltration"],
        "cells.count": 10,
        "cells.plans_per_year": PLANS_PER_YEAR / 10.0,
        "cells.rationality": 0.0,
        "worksites.headcount": 12,
        "worksites.hardening": 0.2,
        "strikes.drone_p_arrive": 0.95,
        "strikes.drone_p_hit": 0.6,
        "strikes.fire_p_hit": 0.9,
        "strikes.fire_range_km": 30.0,
        "strikes.shared": 0.1,
        "strikes.lethality_workers": 0.5,
    }
    pairs = _encounters("strikes", settings, 12_000.0 * effort, PLANS_PER_YEAR)
    strikes = 2_000.0 * min(effort, 1.0)
    faulty = _encounters("strikes", settings, strikes, PLANS_PER_YEAR, _reuse_draws)
    killed = fmean(_sum(WORKERS_KILLED, actual) for kind in faulty.values() for _, actual in kind)
    flown, fired = pairs["drone_attack_on_workers"], pairs["cross_border_fire"]
    return [
        *_cases("drones: workers hit", WORKERS, flown, effort),
        *_cases("fire: guards hit", GUARDS, fired, effort),
        *(
            case._replace(wrong=killed)
            for case in _cases(
                "strikes: workers killed",
                WORKERS_KILLED,
                [pair for kind in pairs.values() for pair in kind],
                effort,
            )
        ),
    ]


def meetings_as_expected(effort: float) -> list[Case]:
    """Armed smugglers seen at the line by the watch: some turn back, most others fight.

    Negative control: expectations that are 5 % off.
    """
    settings: Changes = {
        **FIGHTS,
        **full_watch(5),
        **armed_smugglers(5),
        "smugglers.size_least": 4,
        "smugglers.size_most": 6,
        "contact.p_turn_back": 0.1,
        "contact.p_fight_armed": 0.9,
        "contact.odds_effect": 0.3,
    }
    pairs = _encounters("meetings", settings, 18_000.0 * effort, LOADS_PER_YEAR)
    met = pairs["smuggling_interdiction"]
    return [
        *_cases("smugglers met: guards hit", GUARDS, met, effort),
        *_cases("smugglers met: intruders hit", INTRUDERS, met, effort),
    ]


def parties_as_expected(effort: float) -> list[Case]:
    """Cells' parties met at the line by the watch: most fight, and the cells' losses are permanent.

    Negative control: expectations that are 5 % off.
    """
    settings: Changes = {
        **_PARTIES,
        "cells.reach_km": 100.0,
        "posts.p_watch": 1.0,
        "posts.guards_on_watch": 5,
        "contact.p_militants_fight": 0.9,
    }
    pairs = _encounters("parties", settings, 11_000.0 * effort, PLANS_PER_YEAR)
    met = pairs["infiltration_then_clash"]
    return [
        *_cases("parties met: guards hit", GUARDS, met, effort),
        *_cases("parties met: militants hit", INTRUDERS, met, effort),
    ]


def raids_as_expected(effort: float) -> list[Case]:
    """Parties raid guarded worksites, and hit workers unless they are beaten.

    Negative control: expectations that are 5 % off.
    """
    settings: Changes = {
        **_PARTIES,
        "cells.reach_km": 200.0,
        "cells.anti_foreign_share": 1.0,
        "cells.rationality": 100.0,
        "worksites.count": 15,
        "worksites.headcount": 30,
        "worksites.guards": 3,
        "worksites.p_advisory": 0.0,
        "strikes.raid_p_hit": 0.3,
        "strikes.shared": 0.15,
    }
    pairs = _encounters("raids", settings, 7_500.0 * effort, PLANS_PER_YEAR)
    raids = pairs["armed_attack_on_workers"]
    return [
        *_cases("raids: guards hit", GUARDS, raids, effort),
        *_cases("raids: raiders hit", INTRUDERS, raids, effort),
        *_cases("raids: workers hit", WORKERS, raids, effort),
    ]


def _encounters(
    study: str,
    settings: Changes,
    encounters: float,
    per_year: float,
    fault: Callable[[BorderModel], None] = lambda model: None,
) -> Mapping[str, list[Pair]]:
    """Pairs of about ``encounters`` encounters, by kind of incident."""
    pairs: dict[str, list[Pair]] = {}
    for number, part in split(encounters, min(MOST_CROSSINGS, per_year * 100.0)):
        model = build_model(study, number, settings, {"days": 365.0 * part / per_year})
        fault(model)
        model.run()
        actual = {incident.identity: incident.harm for incident in model.log[Incident]}
        nobody = (0,) * len(HARM)
        for each in model.ledger.values():
            pair = each.harm, actual.get(each.identity, nobody)
            pairs.setdefault(each.kind, []).append(pair)
    return pairs


def _cases(name: str, columns: Sequence[str], pairs: Sequence[Pair], effort: float) -> list[Case]:
    """Expected and counted harm as means of an encounter, if they are precise enough.

    A figure that varies too much is left to a greater effort, unless it fails already.
    """
    expected = [_sum(columns, before) for before, _ in pairs]
    counted = [_sum(columns, actual) for _, actual in pairs]
    error = sqrt(sum((a - b) ** 2 for a, b in zip(expected, counted, strict=True))) / len(pairs)
    case = Case(name, fmean(expected), fmean(counted), error)
    return [case] if is_precise(case, effort) or not case.holds else []


def _sum(columns: Sequence[str], harm: Sequence[float]) -> float:
    return sum(harm[HARM.index(column)] for column in columns)


class _RepeatingStream(Stream):
    """A stream that returns one number for two purposes."""

    __slots__ = ()

    def uniform(self, purpose: str, n: int = 0) -> float:
        """The draw for whether a person is hit also decides whether the hit kills."""
        return super().uniform("strike hit" if purpose == "strike lethal" else purpose, n)


class _RepeatingDraws(Draws):
    """Draws from such streams."""

    __slots__ = ()

    def of(self, identity: str) -> Stream:
        """The stream of ``identity``."""
        return _RepeatingStream(self, identity)


def _reuse_draws(model: BorderModel) -> None:
    """Plant the fault: plans from now on use one draw twice."""
    model.draws = _RepeatingDraws(model.draws.seed)
