"""Clashes of guards with smugglers, parties and raiders, against the solved chain."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from sim.verify.case import Case, mean, share
from sim.verify.fights import Fight, incidents
from sim.verify.runs import is_precise
from sim.verify.scenarios import (
    LOADS_PER_YEAR,
    PLANS_PER_YEAR,
    Changes,
)

Fights = Mapping[str, tuple[Fight, int]]
"""Fights by name, each with the number of clashes at effort 1."""

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
    """One on one to ten on eight, without slipping away or surprise.

    Groups of armed smugglers, all of one size, always fight (``p_fight_armed`` 1, ``odds_effect``
    0) and never turn back. The watch meets them at the line (``p_watch`` 1), and its number is
    that of the guards. Each clash has draws of its own, so the clashes of a run are independent,
    and their number does not depend on how they end. Source: the absorbing chain of Kingman
    (2002), solved in :mod:`sim.theory.attrition`.
    """
    return _cases_of(TO_THE_LAST, lambda fight: fight.with_smugglers, LOADS_PER_YEAR, effort)


def clashes_cut_short(effort: float) -> list[Case]:
    """Smugglers again, with thresholds to break off, a hazard to slip away, and surprise.

    With ``p_guards_first`` between 0 and 1 the theory is the mixture of the two chains.
    """
    return _cases_of(CUT_SHORT, lambda fight: fight.with_smugglers, LOADS_PER_YEAR, effort)


def militant_clashes(effort: float) -> list[Case]:
    """Parties of cells that the watch meets at the line, or that raid posts and fire first.

    Nobody is killed or caught (lethality 0), so all parties have one size and cells never
    dissolve. Cells need no time, so they plan all the time. Posts are at the line and cells
    neither hide nor detour, so a party that nobody sees raids at once.
    """
    return _cases_of(MILITANTS, lambda fight: fight.with_parties, PLANS_PER_YEAR, effort)


def _cases_of(
    fights: Fights, settings: Callable[[Fight], Changes], per_year: float, effort: float
) -> list[Case]:
    cases: list[Case] = []
    for name, (fight, clashes) in fights.items():
        fought = incidents(name, settings(fight), clashes * effort, per_year)
        hits = [(i.wounded_guards, i.wounded_militants + i.wounded_smugglers) for i in fought]
        cases += _cases(name, fight, hits, effort)
    return cases


def _cases(name: str, fight: Fight, hits: Sequence[tuple[int, int]], effort: float) -> list[Case]:
    """The most likely ending, which needs the fewest clashes, and the losses of both sides.

    A loss that varies too much to be told from one 5 % off is left to a greater effort.
    """
    ours, theirs = zip(*hits, strict=True)
    odds, (to_break, to_win) = fight.odds, fight.stands
    won, broken = theirs.count(to_win), ours.count(to_break)
    theory, ended, how = max(
        (odds.p_guards_win, won, "guards win"),
        (odds.p_guards_break, broken, "guards break"),
        (odds.p_disengaged, len(hits) - won - broken, "intruders slip away"),
    )
    losses = [
        mean(f"{name}: guards lost", odds.guards_lost, ours),
        mean(f"{name}: intruders lost", odds.intruders_lost, theirs),
    ]
    return [
        share(f"{name}: {how}", theory, ended, len(hits)),
        *(case for case in losses if is_precise(case, effort)),
    ]
