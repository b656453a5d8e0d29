"""Contacts: fights that differ, pursuit, raiders and cordons, beside the solved chain."""

from collections.abc import Sequence
from math import ceil
from typing import Final, NamedTuple

from sim.incidents.records import Incident
from sim.theory.attrition import Side, break_hazards, clash_law
from sim.theory.pursuit import Fought, fought
from sim.verify.calm import Changes
from sim.verify.case import Case, mean, share
from sim.verify.response import CALLED
from sim.verify.runs import LOADS, PLANS, TERRAINS, armed, meeting, sending, watched


class Brawl(NamedTuple):
    """A clash with everything on; smugglers unless they raid.

    ``breaks`` are median shares, ``pursuit`` the hazards of being hit and caught where the
    pursuit is as easy by night as by day. Raiders fire first, smugglers never.
    """

    guards: int = 4
    intruders: int = 5
    rates: tuple[float, float] = (0.9, 0.6)
    breaks: tuple[float, float] = (0.45, 0.45)
    break_spread: float = 0.5
    intensity_spread: float = 1.5
    disengage: float = 2.0
    lethality: float = 0.7
    pursuit: tuple[float, float] = (0.5, 0.4)
    surprise: float = 2.0
    raids: bool = False

    @property
    def settings(self) -> Changes:
        """The parameters of the fight; lethality of guards is 0, so wounded are all they lose."""
        who = "raiders" if self.raids else "smugglers"
        return {
            "clash.guard_rate": self.rates[0],
            "clash.smuggler_rate": self.rates[1],
            "clash.militant_rate": self.rates[1],
            "clash.break_off_guards": self.breaks[0],
            f"clash.break_off_{who}": self.breaks[1],
            "clash.break_spread": self.break_spread,
            "clash.intensity_spread": self.intensity_spread,
            "clash.disengage_rate": self.disengage,
            "clash.disengage_militants": self.disengage,
            "clash.lethality_guards": 0.0,
            "clash.lethality_smugglers": self.lethality,
            "clash.lethality_militants": self.lethality,
            "clash.pursuit_hit": self.pursuit[0],
            "clash.pursuit_caught": self.pursuit[1],
            "clash.pursuit_night": 1.0,
            "clash.pursuit_depth": 0.0,
            **{f"clash.pursuit_terrain.{terrain}": 1.0 for terrain in TERRAINS},
            "clash.p_wounded_captured": 0.0,
            "clash.surprise_factor": self.surprise,
            "clash.p_guards_first": 1.0,
        }

    @property
    def sides(self) -> tuple[Side, Side]:
        """Guards and intruders as theory sees them."""
        openings = (1.0, self.surprise) if self.raids else (self.surprise, 1.0)
        ours, theirs = (
            Side(n, rate, 0, opening, break_hazards(n, median, self.break_spread))
            for n, rate, opening, median in zip(
                (self.guards, self.intruders), self.rates, openings, self.breaks, strict=True
            )
        )
        return ours, theirs

    @property
    def law(self) -> Fought:
        """The chain and the pursuit, solved."""
        return fought(
            *self.sides, self.lethality, self.pursuit, self.disengage, self.intensity_spread
        )

    def p_guards_hit(self, least: int) -> float:
        """Chance that at least ``least`` guards are hit."""
        law = clash_law(*self.sides, self.disengage, self.intensity_spread)
        return sum(chance for end, chance in law.items() if end.guards_lost >= least)

    def surrounded(self, cover: float, leak: float, hold: float) -> "Brawl":
        """The same in a deliberate contact."""
        return self._replace(
            rates=(self.rates[0], self.rates[1] * cover),
            disengage=self.disengage * leak,
            pursuit=(self.pursuit[0] * hold, self.pursuit[1] * hold),
        )


_FIRM: Final = 0.02  # a break point that hardly varies: the negative control
_COVER, _LEAK, _HOLD = 0.4, 0.25, 4.0
_CORDON, _YIELD = 0.6, 0.3

MET: Final = Brawl()
RAID: Final = Brawl(6, 5, (1.0, 1.2), (0.6, 0.15), disengage=0.5, raids=True)
FOUND: Final = Brawl(6, 5, (0.6, 1.0), (0.5, 0.6))


def fights_that_differ(effort: float) -> list[Case]:
    """Armed smugglers met at the line by the watch, as in the family of clashes.

    Break points are distributions, fights differ in intensity, and who runs is hit, caught or
    gets away: how often nobody and how often all die, how often nobody is hurt, guards lost and
    people caught. Negative controls: thresholds; fights all alike; no pursuit.
    """
    settings: Changes = {
        **MET.settings,
        **watched(MET.guards),
        **armed(MET.intruders),
        "contact.p_turn_back": 0.0,
    }
    fights = _incidents("fights that differ", settings, 3_000 * effort, LOADS)
    return _figures("they differ", MET, fights)


def raiders(effort: float) -> list[Case]:
    """Parties raid posts at the line and come to hit and run: they break off by a share of theirs.

    As in the family of clashes, no party is met before, and what is left of it goes home.
    Negative controls as for smugglers, and raiders who break off as others do (never).
    """
    settings: Changes = {
        **sending(RAID.intruders),
        **RAID.settings,
        "posts.garrison": RAID.guards,
        "alert.levels.routine.leave": 0.0,
        "cells.reach_km": 100.0,
        "cells.recruits_per_year": 500.0,
    }
    fights = _incidents("raiders", settings, 1_500 * effort, PLANS)
    stubborn = RAID._replace(breaks=(RAID.breaks[0], 1.0)).law
    return [
        *_figures("raiders", RAID, fights),
        mean(
            "raiders: they hit and run",
            RAID.law.mean_killed,
            [i.killed_intruders for i in fights],
            wrong=stubborn.mean_killed,
        ),
    ]


def cordons(effort: float) -> list[Case]:
    """A team finds groups of armed smugglers and surrounds some of them, in no time.

    Of all contacts the share that is deliberate, of these the share that gives up, and what the
    fights cost with the ring and without. Negative controls: the costs of the other kind of
    contact, and shares of all contacts for shares of some.
    """
    settings: Changes = {
        **CALLED,
        **FOUND.settings,
        "teams.contact_rate": 100.0,
        "teams.search_hours": 2.0,
        "teams.size": FOUND.guards,
        **armed(FOUND.intruders),
        "smugglers.loads_per_year": 30_000.0,
        "smugglers.inland_least_km": 200.0,
        "smugglers.inland_most_km": 200.0,
        "smugglers.walk_km_h": 10.0,
        "contact.p_cordon": _CORDON,
        "contact.cordon_hours": 0.0,
        "contact.cordon_numbers": 0.0,
        "contact.p_surrender_cordon_smugglers": _YIELD,
        "contact.cordon_cover": _COVER,
        "contact.cordon_leak": _LEAK,
        "contact.cordon_hold": _HOLD,
    }
    met = _incidents("cordons", settings, 5_000 * effort, 30_000.0)
    ring, chance = ([i for i in met if i.deliberate is how] for how in (True, False))
    fights = [i for i in ring if i.clash]
    inside, alone = FOUND.surrounded(_COVER, _LEAK, _HOLD).law, _CORDON * _YIELD
    return [
        share("contacts that are deliberate", _CORDON, len(ring), len(met), _CORDON - alone),
        share("surrounded groups that give up", _YIELD, len(ring) - len(fights), len(ring), alone),
        *_costs("surrounded", inside, fights, FOUND.law, FOUND.law),
        *_costs("not surrounded", FOUND.law, [i for i in chance if i.clash], inside, inside),
    ]


def _incidents(study: str, settings: Changes, contacts: float, per_year: float) -> list[Incident]:
    """All incidents of runs with about ``contacts`` contacts."""
    runs = meeting(study, settings, contacts, per_year)
    return [incident for model in runs for incident in model.log[Incident]]


def _figures(name: str, brawl: Brawl, fights: Sequence[Incident]) -> list[Case]:
    """All that is asked of fights, each with a wrong law that it must tell from the right one."""
    law, trials = brawl.law, len(fights)
    alike = brawl._replace(intensity_spread=0.0).law
    alone = brawl._replace(pursuit=(0.0, 0.0)).law
    firm = brawl._replace(break_spread=_FIRM)
    dead, lost = [i.killed_intruders for i in fights], [i.wounded_guards for i in fights]
    hurt = ("killed_intruders", "wounded_militants", "wounded_smugglers", "wounded_guards")
    bloodless = sum(not any(getattr(i, column) for column in hurt) for i in fights)
    beyond = ceil(brawl.breaks[0] * brawl.guards) + 1  # more than a threshold would let pass
    return [
        share(f"{name}: nobody is hurt", law.bloodless, bloodless, trials, alike.bloodless),
        share(f"{name}: nobody dies", law.killed[0], dead.count(0), trials, alone.killed[0]),
        share(f"{name}: guards stand beyond their median", brawl.p_guards_hit(beyond),
              sum(n >= beyond for n in lost), trials, firm.p_guards_hit(beyond)),
        *_costs(name, law, fights, alike, alone),
    ]  # fmt: skip


def _costs(
    name: str, law: Fought, fights: Sequence[Incident], wrong: Fought, loose: Fought
) -> list[Case]:
    """What fights cost, each with a wrong law; ``loose`` is that of who is caught."""
    lost, dead = [i.wounded_guards for i in fights], [i.killed_intruders for i in fights]
    caught = [i.detained for i in fights]
    return [
        mean(f"{name}: guards lost", law.guards_lost, lost, wrong.guards_lost),
        mean(f"{name}: intruders killed", law.mean_killed, dead, wrong.mean_killed),
        mean(f"{name}: intruders caught", law.caught, caught, loose.caught),
    ]
