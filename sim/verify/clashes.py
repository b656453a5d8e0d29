"""Clashes: smugglers, cells' parties and raiders against guards, beside the solved chain."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from sim.verify.case import Case, mean, share
from sim.verify.fights import Fight, incidents
from sim.verify.runs import is_precise
from sim.verify.scenarios import (
    LOADS_PER_YEAR,
    PLANS_PER_YEAR,
    Changes,
    armed_smugglers,
    full_watch,
    strong_cells,
)

Fights = Mapping[str, tuple[Fight, int]]
"""By name, each with how often it is fought at effort 1."""

TO_THE_LAST: Final[Fights] = {
    "1 on 1, r 1": (Fight(1, 1, (1.0, 1.0)), 13_500),
    "3 on 3, r 0.5": (Fight(3, 3, (1.0, 2.0)), 5_200),
    "4 on 3, r 1": (Fight(4, 3, (1.0, 1.0)), 5_500),
    "6 on 5, r 1": (Fight(6, 5, (1.0, 1.0)), 8_000),
    "10 on 8, r 2": (Fight(10, 8, (2.0, 1.0)), 3_000),
}
CUT_SHORT: Final[Fights] = {
    "8 on 6, breaking off, slipping away": (
        Fight(8, 6, (1.0, 1.6), (5 / 8, 4 / 6), disengage=2.0), 12_000,
    ),
    "6 on 6, surprise either way": (Fight(6, 6, (1.0, 1.4), surprise=3.0, first=0.5), 7_000),
}  # fmt: skip
MILITANTS: Final[Fights] = {
    "6 on 5 militants, surprise, breaking off": (
        Fight(6, 5, (1.5, 1.0), (4 / 6, 3 / 5), surprise=2.0), 4_000,
    ),
    "7 raided by 4, surprise": (
        Fight(7, 4, (1.0, 1.2), (6 / 7, 4 / 4), surprise=3.0, first=0.0), 3_000,
    ),
}  # fmt: skip


def clashes_to_the_last(effort: float) -> list[Case]:
    """One on one to ten on eight: none slips away, nobody surprises.

    Smugglers, all armed, of one size, who always fight (``p_fight_armed`` 1, ``odds_effect`` 0)
    and never run back, are met at the line by the watch (``p_watch`` 1), whose number is that
    of the guards. Each clash has draws of its own, so clashes of one run are independent; how
    many there are is left to chance and to nothing in them. Source: the absorbing chain of
    Kingman (2002), solved in :mod:`sim.theory.attrition`.
    """
    return _fought(TO_THE_LAST, _met, LOADS_PER_YEAR, effort)


def clashes_cut_short(effort: float) -> list[Case]:
    """Smugglers again, with thresholds to break off, a hazard to slip away, and surprise.

    With ``p_guards_first`` between 0 and 1 theory is the mixture of the two chains.
    """
    return _fought(CUT_SHORT, _met, LOADS_PER_YEAR, effort)


def militant_clashes(effort: float) -> list[Case]:
    """Parties of cells: met at the line by the watch, and raiding posts, where they fire first.

    Nobody is killed or caught (lethality 0), so every party is of one size and cells never
    dissolve; cells need no time, so they plan all the time; posts stand at the line and cells
    neither hide nor detour, so a party that nobody watches raids at once.
    """
    return _fought(MILITANTS, _sent, PLANS_PER_YEAR, effort)


def _met(fight: Fight) -> Changes:
    return {
        **fight.settings,
        **full_watch(fight.guards),
        **armed_smugglers(fight.intruders),
        "contact.p_turn_back": 0.0,
    }


def _sent(fight: Fight) -> Changes:
    return {
        **strong_cells(fight.intruders),
        **fight.settings,
        "posts.p_watch": 1.0 if fight.first else 0.0,
        "posts.guards_on_watch": fight.guards,
        "posts.garrison": fight.guards,
        "cells.reach_km": 100.0,
        "contact.p_militants_fight": 1.0,
    }


def _fought(
    fights: Fights, settings: Callable[[Fight], Changes], per_year: float, effort: float
) -> list[Case]:
    cases: list[Case] = []
    for name, (fight, clashes) in fights.items():
        found = incidents(name, settings(fight), clashes * effort, per_year)
        hits = [(i.wounded_guards, i.wounded_militants + i.wounded_smugglers) for i in found]
        cases += _cases(name, fight, hits, effort)
    return cases


def _cases(name: str, fight: Fight, hits: Sequence[tuple[int, int]], effort: float) -> list[Case]:
    """How it ended and what it cost; of the endings the likeliest, which needs fewest clashes.

    A loss that varies too much for the clashes of the quick effort to tell it from one 5 % off
    is left to a greater effort.
    """
    ours, theirs = zip(*hits, strict=True)
    odds, (to_break, to_win) = fight.odds, fight.stands
    won, broken = theirs.count(to_win), ours.count(to_break)
    theory, ended, how = max(
        (odds.p_guards_win, won, "guards win"),
        (odds.p_guards_break, broken, "guards break"),
        (odds.p_disengaged, len(hits) - won - broken, "they slip away"),
    )
    losses = [
        mean(f"{name}: guards lost", odds.guards_lost, ours),
        mean(f"{name}: intruders lost", odds.intruders_lost, theirs),
    ]
    return [
        share(f"{name}: {how}", theory, ended, len(hits)),
        *(case for case in losses if is_precise(case, effort)),
    ]
