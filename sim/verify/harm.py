"""Expected harm: what happened, less what was expected when each encounter began, is a fair game.

Encounter by encounter the differences have mean 0 whatever was before (a martingale), so their
sum over any runs does too. It is held against the root of the sum of their squares, which
estimates its standard deviation without bias: the predictable variance has no closed form where a
fight is pursued. Fights, strikes and meetings go the full way through the model, with all that
makes them differ, and the figures are expectations that it wrote itself: so this looks at the draws
too, of which each must be read for one thing.
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
"""Columns of harm of one encounter: expected, and as it went."""

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
"""Fights in which everything is on and few are bloodless, so that some thousands tell much."""


_SENDING: Final[Changes] = {
    **strong_cells(4),
    **FIGHTS,
    "cells.recruits_per_year": 500.0,
    "cells.party_most": 7,
    "cells.raid_ratio": 0.0,
}
"""Cells that send party after party, and are soon up to strength again."""


def strikes_as_expected(effort: float) -> list[Case]:
    """Drones and fire: some drones arrive, people share a fate and are hit behind walls.

    Negative controls: expectations 5 % off; and for those killed a model that reads one number
    for whether a person is hit and for whether the hit kills.
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
    pairs = _played("strikes", settings, 12_000.0 * effort, PLANS_PER_YEAR)
    twice = _played("strikes", settings, 2_000.0 * min(effort, 1.0), PLANS_PER_YEAR, _reading_twice)
    killed = fmean(_sum(WORKERS_KILLED, went) for kind in twice.values() for _, went in kind)
    flown, fired = pairs["drone_attack_on_workers"], pairs["cross_border_fire"]
    return [
        *_told("drones: workers hit", WORKERS, flown, effort),
        *_told("fire: guards hit", GUARDS, fired, effort),
        *(
            case._replace(wrong=killed)
            for case in _told(
                "strikes: workers killed",
                WORKERS_KILLED,
                [pair for kind in pairs.values() for pair in kind],
                effort,
            )
        ),
    ]


def meetings_as_expected(effort: float) -> list[Case]:
    """Armed smugglers seen at the line by the watch: some run back, most others fight.

    Negative control: expectations 5 % off.
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
    met = _played("meetings", settings, 18_000.0 * effort, LOADS_PER_YEAR)["smuggling_interdiction"]
    return [
        *_told("smugglers met: guards hit", GUARDS, met, effort),
        *_told("smugglers met: intruders hit", INTRUDERS, met, effort),
    ]


def parties_as_expected(effort: float) -> list[Case]:
    """Cells' parties met at the line by the watch: most fight, and the cells lose people for good.

    Negative control: expectations 5 % off.
    """
    settings: Changes = {
        **_SENDING,
        "cells.reach_km": 100.0,
        "posts.p_watch": 1.0,
        "posts.guards_on_watch": 5,
        "contact.p_militants_fight": 0.9,
    }
    met = _played("parties", settings, 11_000.0 * effort, PLANS_PER_YEAR)["infiltration_then_clash"]
    return [
        *_told("parties met: guards hit", GUARDS, met, effort),
        *_told("parties met: militants hit", INTRUDERS, met, effort),
    ]


def raids_as_expected(effort: float) -> list[Case]:
    """Parties raid worksites with guards, and hit workers if they are not beaten.

    Negative control: expectations 5 % off.
    """
    settings: Changes = {
        **_SENDING,
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
    raids = _played("raids", settings, 7_500.0 * effort, PLANS_PER_YEAR)["armed_attack_on_workers"]
    return [
        *_told("raids: guards hit", GUARDS, raids, effort),
        *_told("raids: raiders hit", INTRUDERS, raids, effort),
        *_told("raids: workers hit", WORKERS, raids, effort),
    ]


def _played(
    study: str,
    settings: Changes,
    encounters: float,
    per_year: float,
    fault: Callable[[BorderModel], None] = lambda model: None,
) -> Mapping[str, list[Pair]]:
    """About so many encounters by kind, in runs of the calm frontier with ``settings``."""
    found: dict[str, list[Pair]] = {}
    for number, part in split(encounters, min(MOST_CROSSINGS, per_year * 100.0)):
        model = build_model(study, number, settings, {"days": 365.0 * part / per_year})
        fault(model)
        model.run()
        went = {incident.identity: incident.harm for incident in model.log[Incident]}
        nobody = (0,) * len(HARM)
        for each in model.ledger.values():
            pair = each.harm, went.get(each.identity, nobody)
            found.setdefault(each.kind, []).append(pair)
    return found


def _told(name: str, columns: Sequence[str], pairs: Sequence[Pair], effort: float) -> list[Case]:
    """Expected beside counted, as means of an encounter, if there are encounters enough.

    A figure that varies too much for those of the quick effort is left to a greater one, unless it
    fails already.
    """
    expected = [_sum(columns, before) for before, _ in pairs]
    counted = [_sum(columns, went) for _, went in pairs]
    error = sqrt(sum((a - b) ** 2 for a, b in zip(expected, counted, strict=True))) / len(pairs)
    case = Case(name, fmean(expected), fmean(counted), error)
    return [case] if is_precise(case, effort) or not case.holds else []


def _sum(columns: Sequence[str], harm: Sequence[float]) -> float:
    return sum(harm[HARM.index(column)] for column in columns)


class _Echo(Stream):
    """A stream that gives one number twice, under two names."""

    __slots__ = ()

    def uniform(self, purpose: str, n: int = 0) -> float:
        """Whether a hit kills is decided by what decided that it hits."""
        return super().uniform("strike hit" if purpose == "strike lethal" else purpose, n)


class _Echoes(Draws):
    """Draws by such streams."""

    __slots__ = ()

    def of(self, identity: str) -> Stream:
        """The stream of ``identity``."""
        return _Echo(self, identity)


def _reading_twice(model: BorderModel) -> None:
    """Plant the fault: what is planned from now on reads a draw twice."""
    model.draws = _Echoes(model.draws.seed)
