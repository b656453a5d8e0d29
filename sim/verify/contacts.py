"""Contacts: fights that vary, pursuit, raiders and cordons, against the solved chain."""

from collections.abc import Sequence
from math import ceil
from typing import Final

from sim.incidents.records import Incident
from sim.theory.pursuit import ClashCost
from sim.verify.case import Case, mean, share
from sim.verify.fights import Fight, incidents
from sim.verify.response import CALLED
from sim.verify.scenarios import (
    LOADS_PER_YEAR,
    PLANS_PER_YEAR,
    Changes,
    armed_smugglers,
)

_FIRM: Final = 0.02  # a break point that hardly varies: the negative control
_COVER, _LEAK, _HOLD = 0.4, 0.25, 4.0
_CORDON, _YIELD = 0.6, 0.3

MET: Final = Fight(4, 5, (0.9, 0.6), (0.45, 0.45), 0.5, 1.5, 2.0, 0.7, (0.5, 0.4), surprise=2.0)
RAID: Final = MET._replace(guards=6, rates=(1.0, 1.2), breaks=(0.6, 0.15), disengage=0.5, first=0.0)
FOUND: Final = MET._replace(guards=6, rates=(0.6, 1.0), breaks=(0.5, 0.6))
SURROUNDED: Final = FOUND._replace(
    rates=(FOUND.rates[0], FOUND.rates[1] * _COVER),
    disengage=FOUND.disengage * _LEAK,
    pursuit=(FOUND.pursuit[0] * _HOLD, FOUND.pursuit[1] * _HOLD),
)
"""The same fight in a deliberate contact."""


def fights_that_differ(effort: float) -> list[Case]:
    """Armed smugglers met at the line by the watch, as in the family of clashes.

    Break points have distributions, fights vary in intensity, and intruders who run are hit, are
    caught or get away. Cases: how often nobody is hurt, how often nobody dies, how often guards
    fight on, and what both sides lose. Negative controls: thresholds; fights that are all alike;
    no pursuit.
    """
    contacts = 3_000 * effort
    fights = incidents("fights that differ", MET.with_smugglers, contacts, LOADS_PER_YEAR)
    return _figures("varied fights", MET, fights)


def raiders(effort: float) -> list[Case]:
    """Parties raid posts at the line and break off early, at raiders' own share of losses.

    As in the family of clashes, no party is met before its raid, and the rest of it goes home.
    Negative controls as for smugglers, and raiders who never break off.
    """
    settings: Changes = {
        **RAID.with_parties,
        "alert.levels.routine.leave": 0.0,
        "cells.recruits_per_year": 500.0,
    }
    fights = incidents("raiders", settings, 1_500 * effort, PLANS_PER_YEAR)
    stubborn = RAID._replace(breaks=(RAID.breaks[0], 1.0)).law
    return [
        *_figures("raiders", RAID, fights),
        mean(
            "raiders: killed, as they break off early",
            RAID.law.mean_killed,
            [i.killed_intruders for i in fights],
            wrong=stubborn.mean_killed,
        ),
    ]


def cordons(effort: float) -> list[Case]:
    """A team finds groups of armed smugglers and surrounds some of them, without delay.

    Cases: the share of contacts that are deliberate, the share of these that give up, and the
    cost of fights in deliberate and in chance contacts. Negative controls: the costs of the other
    kind of contact, and shares of the wrong total.
    """
    settings: Changes = {
        **CALLED,
        **FOUND.settings,
        "teams.contact_rate": 100.0,
        "teams.search_hours": 2.0,
        "teams.size": FOUND.guards,
        **armed_smugglers(FOUND.intruders),
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
    met = incidents("cordons", settings, 5_000 * effort, 30_000.0)
    surrounded, chance = ([i for i in met if i.deliberate is how] for how in (True, False))
    fights = [i for i in surrounded if i.clash]
    law, of_all = SURROUNDED.law, _CORDON * _YIELD
    return [
        share("contacts that are deliberate", _CORDON, len(surrounded), len(met), _CORDON - of_all),
        share(
            "surrounded groups that give up",
            _YIELD,
            len(surrounded) - len(fights),
            len(surrounded),
            of_all,
        ),
        *_costs("surrounded", law, fights, FOUND.law, FOUND.law),
        *_costs("not surrounded", FOUND.law, [i for i in chance if i.clash], law, law),
    ]


def _figures(name: str, fight: Fight, fights: Sequence[Incident]) -> list[Case]:
    """All cases of a kind of fight, each with a wrong law as its negative control."""
    law, trials = fight.law, len(fights)
    alike = fight._replace(intensity_spread=0.0).law
    unpursued = fight._replace(pursuit=(0.0, 0.0)).law
    firm = fight._replace(break_spread=_FIRM)
    dead, lost = [i.killed_intruders for i in fights], [i.wounded_guards for i in fights]
    hurt = ("killed_intruders", "wounded_militants", "wounded_smugglers", "wounded_guards")
    bloodless = sum(not any(getattr(i, column) for column in hurt) for i in fights)
    beyond = ceil(fight.breaks[0] * fight.guards) + 1  # more than a threshold allows
    return [
        share(f"{name}: nobody is hurt", law.bloodless, bloodless, trials, alike.bloodless),
        share(f"{name}: nobody dies", law.killed[0], dead.count(0), trials, unpursued.killed[0]),
        share(f"{name}: guards fight on past their median", fight.p_guards_hit(beyond),
              sum(n >= beyond for n in lost), trials, firm.p_guards_hit(beyond)),
        *_costs(name, law, fights, alike, unpursued),
    ]  # fmt: skip


def _costs(
    name: str, law: ClashCost, fights: Sequence[Incident], wrong: ClashCost, loose: ClashCost
) -> list[Case]:
    """Losses in fights, with a wrong law for each; ``loose`` is the wrong law for those caught."""
    lost, dead = [i.wounded_guards for i in fights], [i.killed_intruders for i in fights]
    caught = [i.detained for i in fights]
    return [
        mean(f"{name}: guards lost", law.guards_lost, lost, wrong.guards_lost),
        mean(f"{name}: intruders killed", law.mean_killed, dead, wrong.mean_killed),
        mean(f"{name}: intruders caught", law.caught, caught, loose.caught),
    ]
