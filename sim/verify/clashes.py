"""Clashes: smugglers, cells' parties and raiders against guards, beside the solved chain."""

from collections.abc import Sequence
from math import sqrt
from typing import Final, NamedTuple

from sim.incidents.records import Incident
from sim.theory.attrition import ClashOdds, Side, clash_odds
from sim.verify.calm import Changes
from sim.verify.case import SHIFT, Case, mean, share
from sim.verify.runs import LOADS, PLANS, armed, meeting, sending, watched


class Fight(NamedTuple):
    """A clash to be fought many times.

    ``breaks``: hits after which guards and intruders break off, all of them unless said.
    ``first``: chance that the guards fire first; who does hits ``surprise`` times as fast.
    """

    name: str
    guards: int
    intruders: int
    rates: tuple[float, float]
    breaks: tuple[int, int] | None = None
    disengage: float = 0.0
    surprise: float = 1.0
    first: float = 1.0

    @property
    def stands(self) -> tuple[int, int]:
        """Hits that end it for guards and for intruders."""
        return self.breaks or (self.guards, self.intruders)

    @property
    def settings(self) -> Changes:
        """The parameters of the fight that are the same for all intruders."""
        ours, theirs = self.stands
        return {
            "clash.guard_rate": self.rates[0],
            "clash.smuggler_rate": self.rates[1],
            "clash.militant_rate": self.rates[1],
            "clash.break_off_guards": ours / self.guards,
            "clash.break_off_smugglers": theirs / self.intruders,
            "clash.break_off_militants": theirs / self.intruders,
            "clash.break_off_raiders": theirs / self.intruders,
            "clash.disengage_rate": self.disengage,
            "clash.surprise_factor": self.surprise,
            "clash.p_guards_first": self.first,
        }

    @property
    def odds(self) -> ClashOdds:
        """The chain solved, averaged over who fires first."""
        opening = [
            clash_odds(self._side(0, ours), self._side(1, theirs), self.disengage)
            for ours, theirs in ((self.surprise, 1.0), (1.0, self.surprise))
        ]
        weights = (self.first, 1.0 - self.first)
        return ClashOdds(
            *(
                sum(w * value for w, value in zip(weights, both, strict=True))
                for both in zip(*opening, strict=True)
            )
        )

    def _side(self, which: int, opening: float) -> Side:
        count = (self.guards, self.intruders)[which]
        return Side(count, self.rates[which], count - self.stands[which], opening)


SMALL: Final = (
    (Fight("1 on 1, r 1", 1, 1, (1.0, 1.0)), 13_500),
    (Fight("3 on 3, r 0.5", 3, 3, (1.0, 2.0)), 5_200),
)
MIDDLING: Final = (
    (Fight("4 on 3, r 1", 4, 3, (1.0, 1.0)), 5_500),
    (Fight("6 on 5, r 1", 6, 5, (1.0, 1.0)), 8_000),
)
LARGE: Final = ((Fight("10 on 8, r 2", 10, 8, (2.0, 1.0)), 3_000),)
CUT_SHORT: Final = (
    (Fight("8 on 6, breaking off, slipping away", 8, 6, (1.0, 1.6), (5, 4), 2.0), 12_000),
    (Fight("6 on 6, surprise either way", 6, 6, (1.0, 1.4), None, 0.0, 3.0, 0.5), 7_000),
)
"""Fights of smugglers, and how often they are fought at effort 1."""

MET: Final = Fight("6 on 5 militants, surprise, breaking off", 6, 5, (1.5, 1.0), (4, 3), 0.0, 2.0)
RAID: Final = Fight("7 raided by 4, surprise", 7, 4, (1.0, 1.2), (6, 4), 0.0, 3.0, first=0.0)

_TOLD: Final = 5.5  # standard errors in 5 %, from which on a figure is told


def small_clashes(effort: float) -> list[Case]:
    """One on one and three on three, to the last: see :func:`large_clashes`."""
    return _smuggled(SMALL, effort)


def middling_clashes(effort: float) -> list[Case]:
    """Four on three and six on five, to the last: see :func:`large_clashes`."""
    return _smuggled(MIDDLING, effort)


def large_clashes(effort: float) -> list[Case]:
    """Ten on eight, to the last: none slips away, nobody surprises.

    Smugglers, all armed, of one size, who always fight (``p_fight_armed`` 1, ``odds_effect`` 0)
    and never run back, are met at the line by the watch (``p_watch`` 1), whose number is that
    of the guards. Each clash has draws of its own, so clashes of one run are independent; how
    many there are is left to chance and to nothing in them. Source: the absorbing chain of
    Kingman (2002), solved in :mod:`sim.theory.attrition`.
    """
    return _smuggled(LARGE, effort)


def clashes_cut_short(effort: float) -> list[Case]:
    """Smugglers again, with thresholds to break off, a hazard to slip away, and surprise.

    With ``p_guards_first`` between 0 and 1 theory is the mixture of the two chains.
    """
    return _smuggled(CUT_SHORT, effort)


def militant_clashes(effort: float) -> list[Case]:
    """Parties of cells: met at the line by the watch, and raiding posts, where they fire first.

    Nobody is killed or caught (lethality 0), so every party is of one size and cells never
    dissolve; cells need no time, so they plan all the time; posts stand at the line and cells
    neither hide nor detour, so a party that nobody watches raids at once.
    """
    return [*_militants(MET, 4_000, effort), *_militants(RAID, 3_000, effort)]


def _smuggled(fights: Sequence[tuple[Fight, int]], effort: float) -> list[Case]:
    return [case for fight, clashes in fights for case in _met(fight, clashes, effort)]


def _met(fight: Fight, clashes: int, effort: float) -> list[Case]:
    settings: Changes = {
        **fight.settings,
        **watched(fight.guards),
        **armed(fight.intruders),
        "contact.p_turn_back": 0.0,
    }
    return _cases(fight, _fought(fight.name, settings, clashes * effort, LOADS), effort)


def _militants(fight: Fight, clashes: int, effort: float) -> list[Case]:
    settings: Changes = {
        **sending(fight.intruders),
        **fight.settings,
        "posts.p_watch": 1.0 if fight is MET else 0.0,
        "posts.guards_on_watch": fight.guards,
        "posts.garrison": fight.guards,
        "cells.reach_km": 100.0,
        "contact.p_militants_fight": 1.0,
        "clash.lethality_guards": 0.0,
        "clash.lethality_militants": 0.0,
        "clash.p_wounded_captured": 0.0,
    }
    return _cases(fight, _fought(fight.name, settings, clashes * effort, PLANS), effort)


def _fought(
    study: str, settings: Changes, clashes: float, per_year: float
) -> list[tuple[int, int]]:
    """Hits on guards and on intruders in each of about so many clashes."""
    hits = []
    for model in meeting(study, settings, clashes, per_year):
        for i in model.log[Incident]:
            militants = i.killed_militants + i.wounded_militants
            smugglers = i.killed_smugglers + i.wounded_smugglers
            hits.append((i.killed_guards + i.wounded_guards, militants + smugglers))
    return hits


def _cases(fight: Fight, hits: Sequence[tuple[int, int]], effort: float) -> list[Case]:
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
        mean(f"{fight.name}: guards lost", odds.guards_lost, ours),
        mean(f"{fight.name}: intruders lost", odds.intruders_lost, theirs),
    ]
    keen = SHIFT / _TOLD / sqrt(min(effort, 1.0))
    return [
        share(f"{fight.name}: {how}", theory, ended, len(hits)),
        *(case for case in losses if case.error <= keen * case.theory),
    ]
