"""A kind of fight: its parameters in the model, and its theory."""

from typing import NamedTuple

from sim.frontier.files import TERRAINS
from sim.incidents.records import Incident
from sim.theory.attrition import ClashOdds, Side, break_hazards, clash_law, clash_odds
from sim.theory.pursuit import ClashCost, clash_cost
from sim.verify.runs import runs_with
from sim.verify.scenarios import Changes, armed_smugglers, full_watch, strong_cells


class Fight(NamedTuple):
    """Guards against smugglers, or against a cell's party that is met or raids.

    ``breaks`` are the shares lost at which guards and intruders break off: thresholds, or medians
    if there is a ``break_spread``. The side that fires first hits ``surprise`` times as fast; it
    is the guards with probability ``first``, which is 0 for raiders. ``pursuit`` are the hazards
    of being hit and of being caught, the same by day and by night.
    """

    guards: int
    intruders: int
    rates: tuple[float, float]
    breaks: tuple[float, float] = (1.0, 1.0)
    break_spread: float = 0.0
    intensity_spread: float = 0.0
    disengage: float = 0.0
    lethality: float = 0.0
    pursuit: tuple[float, float] = (0.0, 0.0)
    surprise: float = 1.0
    first: float = 1.0

    @property
    def settings(self) -> Changes:
        """The parameters of the fight; the lethality of guards is 0, so they lose only wounded."""
        return {
            "clash.guard_rate": self.rates[0],
            "clash.smuggler_rate": self.rates[1],
            "clash.militant_rate": self.rates[1],
            "clash.break_off_guards": self.breaks[0],
            "clash.break_off_smugglers": self.breaks[1],
            "clash.break_off_militants": self.breaks[1],
            "clash.break_off_raiders": self.breaks[1],
            "clash.break_spread": self.break_spread,
            "clash.intensity_spread": self.intensity_spread,
            "clash.disengage_rate": self.disengage,
            "clash.disengage_militants": self.disengage,
            "clash.lethality_guards": 0.0,
            "clash.lethality_smugglers": self.lethality,
            "clash.lethality_militants": self.lethality,
            "clash.p_wounded_captured": 0.0,
            "clash.pursuit_hit": self.pursuit[0],
            "clash.pursuit_caught": self.pursuit[1],
            "clash.pursuit_night": 1.0,
            "clash.pursuit_depth": 0.0,
            **{f"clash.pursuit_terrain.{terrain}": 1.0 for terrain in TERRAINS},
            "clash.surprise_factor": self.surprise,
            "clash.p_guards_first": self.first,
        }

    @property
    def with_smugglers(self) -> Changes:
        """Settings in which the watch meets armed smugglers at the line, who never turn back."""
        return {
            **self.settings,
            **full_watch(self.guards),
            **armed_smugglers(self.intruders),
            "contact.p_turn_back": 0.0,
        }

    @property
    def with_parties(self) -> Changes:
        """Settings in which the watch meets cells' parties, or these raid posts and fire first."""
        return {
            **strong_cells(self.intruders),
            **self.settings,
            "posts.p_watch": 1.0 if self.first else 0.0,
            "posts.guards_on_watch": self.guards,
            "posts.garrison": self.guards,
            "cells.reach_km": 100.0,
            "contact.p_militants_fight": 1.0,
        }

    @property
    def stands(self) -> tuple[int, int]:
        """Hits after which guards and intruders break off, if there are thresholds."""
        return round(self.breaks[0] * self.guards), round(self.breaks[1] * self.intruders)

    def sides(self, guards_first: bool) -> tuple[Side, Side]:
        """Guards and intruders in terms of the theory."""
        ours, theirs = (self.surprise, 1.0) if guards_first else (1.0, self.surprise)
        return self._side(0, self.guards, ours), self._side(1, self.intruders, theirs)

    def _side(self, which: int, count: int, opening: float) -> Side:
        rate, share = self.rates[which], self.breaks[which]
        if self.break_spread:
            hazards = break_hazards(count, share, self.break_spread)
            return Side(count, rate, 0, opening, hazards)
        return Side(count, rate, count - self.stands[which], opening)

    @property
    def odds(self) -> ClashOdds:
        """The solution of the chain, averaged over who fires first."""
        ours, theirs = (
            clash_odds(*self.sides(guards_first), self.disengage) for guards_first in (True, False)
        )
        each = zip(ours, theirs, strict=True)
        return ClashOdds(*(self.first * a + (1.0 - self.first) * b for a, b in each))

    @property
    def law(self) -> ClashCost:
        """The solution of the chain and the pursuit, if it is certain who fires first."""
        return clash_cost(
            *self.sides(self.first == 1.0),
            self.lethality,
            self.pursuit,
            self.disengage,
            self.intensity_spread,
        )

    def p_guards_hit(self, least: int) -> float:
        """Probability that at least ``least`` guards are hit; conditions as for :attr:`law`."""
        sides = self.sides(self.first == 1.0)
        law = clash_law(*sides, self.disengage, self.intensity_spread)
        return sum(chance for end, chance in law.items() if end.guards_lost >= least)


def incidents(study: str, settings: Changes, contacts: float, per_year: float) -> list[Incident]:
    """All incidents of runs with about ``contacts`` contacts."""
    runs = runs_with(study, settings, contacts, per_year)
    return [incident for model in runs for incident in model.log[Incident]]
