"""Expected harm of an encounter before its own draws: pure functions of parameters.

The simulated fight is :func:`sim.agents.encounters.clash` and its aftermath; here is its closed
form. What was drawn before the encounter is given; what the encounter itself draws is averaged
out.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from math import pow
from typing import NamedTuple

from sim.agents.encounters import Side
from sim.agents.pursuit import Chase
from sim.agents.targets import People
from sim.incidents.records import Expectation, Kind
from sim.precision import single
from sim.scenario.spec import Scenario
from sim.theory import attrition
from sim.theory.losses import Chain, Opening, chain

_KEPT = 512  # solved chains: those of several scenarios, about 20 kB each


_Way = tuple[float, Side, Side]  # a chance, and two sides that differ between ways only in surprise


class SolvedFight(NamedTuple):
    """A possible fight, solved, with the pursuit after it."""

    guards: Side
    intruders: Side
    chain: Chain
    chase: Chase

    def columns(self, side: str, chance: float = 1.0) -> dict[str, float]:
        """Expected columns of the incident, if the fight happens with this chance."""
        hits = chance * self.chain.guards_lost, chance * self.chain.hit(self.chase)
        return {
            **_columns({"guards": 1.0}, hits[0], self.guards.lethality),
            **_columns({side: 1.0}, hits[1], self.intruders.lethality),
        }

    def reaching(self, captured: float, p_hit: float) -> float:
        """Chance that raiders who do not break off hit a person, each with ``p_hit``."""
        return self.chain.unbroken(self.chase, self.intruders.lethality, captured, 1.0 - p_hit)


def solve_fight(
    p_guards_first: float,
    sides: Callable[[bool], tuple[Side, Side]],
    spread: float,
    chase: Chase,
) -> SolvedFight:
    """Solve a fight; ``sides`` returns the sides, given whether the guards fire first.

    ``spread`` is that of the intensity.
    """
    chances = ((p_guards_first, True), (1.0 - p_guards_first, False))
    ways = tuple((chance, *sides(first)) for chance, first in chances if chance > 0.0)
    _, guards, intruders = ways[0]
    return SolvedFight(guards, intruders, _solved(ways, spread), chase)


@lru_cache(maxsize=_KEPT)
def _solved(ways: tuple[_Way, ...], spread: float) -> Chain:
    _, guards, intruders = ways[0]
    openings = [Opening(chance, one.surprise, other.surprise) for chance, one, other in ways]
    return chain(_in_theory(guards), _in_theory(intruders), intruders.disengage, spread, openings)


def _in_theory(side: Side) -> attrition.Side:
    """The side for :mod:`sim.theory`: with hazards where break points vary, else a threshold."""
    if side.spread == 0.0 or side.break_off == 0.0:
        return attrition.Side(side.heads, side.rate, side.heads - side.losses_to_break(0.5))
    hazards = attrition.break_hazards(side.heads, side.break_off, side.spread)
    return attrition.Side(side.heads, side.rate, breaks=hazards)


def raid_harm(
    rules: Scenario, target: People, party: int, bystanders: int, fought: SolvedFight | None
) -> list[dict[str, float]]:
    """Expected columns of a raid: of the fight, if there is one, and of people hit after it."""
    p_raider, costs = rules.strikes.raid_p_hit, []
    p_hit = 1.0 - pow(1.0 - p_raider, party)
    if fought is not None:
        costs.append(fought.columns("militants"))
        if bystanders:
            p_hit = fought.reaching(rules.clash.p_wounded_captured, p_raider)
    costs.append(strike_harm(target, bystanders, p_hit))
    return costs


def strike_harm(target: People, people: int, p_hit: float) -> dict[str, float]:
    """Expected columns when each of ``people`` would be hit with ``p_hit`` behind no walls.

    They share a fate, which leaves the mean as it is.
    """
    hits = people * p_hit * (1.0 - target.hardening)
    return _columns(target.shares, hits, target.lethality)


def _columns(shares: Mapping[str, float], hits: float, lethality: float) -> dict[str, float]:
    columns = {}
    for side, share in shares.items():
        columns[f"killed_{side}"] = share * hits * lethality
        columns[f"wounded_{side}"] = share * hits * (1.0 - lethality)
    return columns


def expectation(identity: str, kind: Kind, *parts: Mapping[str, float]) -> Expectation:
    """The expected harm of the incident of this name: the sum of its parts."""
    columns: dict[str, float] = {}
    for part in parts:
        for name, value in part.items():
            columns[name] = columns.get(name, 0.0) + value
    return Expectation(identity, kind, **{name: single(value) for name, value in columns.items()})
