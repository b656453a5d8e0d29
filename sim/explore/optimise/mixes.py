"""Ways to divide the money that need no search: evenly, by risk, by pattern, or both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from sim.comparison.results import Floats
from sim.explore.optimise.pricing import Amounts, Purse
from sim.scenario.spec import Scenario

FOLLOWING: Final = "patrols.hot_spot_share"
"""Share of all sorties that follows incidents."""


class Mix(NamedTuple):
    """A scenario that spends the budget: its name, how it divides it, its amounts by lever."""

    name: str
    title: str
    amounts: Amounts
    scenario: Scenario


def simple(purse: Purse, risk: Mapping[str, float]) -> list[Mix]:
    """The same money for every kind of lever, and a kind's money by district in four ways.

    ``risk`` is the harm of a year by district as things are now. Evenly by post at random hours is
    both the uniform and the random allocation: a plan that is even leaves nothing else to chance.
    """
    even, by_risk = weights(purse), weights(purse, risk)
    return [
        _mix(purse, "uniform", "evenly", even, 0.0),
        _mix(purse, "by_risk", "by past harm", by_risk, 0.0),
        _mix(purse, "pattern", "with patrols where incidents were", even, 1.0),
        _mix(purse, "mixed", "with half of the patrols there", even, 0.5),
    ]


def _mix(purse: Purse, name: str, title: str, of: Floats, following: float) -> Mix:
    amounts = purse.spend(of, purse.low)
    for place, lever in enumerate(purse.levers):
        if FOLLOWING in lever.keys:
            amounts = purse.at(amounts, place, following)
    scenario = purse.scenario(amounts, {FOLLOWING: following})
    return Mix(name, title, amounts, named(scenario, name, title))


def named(scenario: Scenario, name: str, title: str) -> Scenario:
    """The same under another name."""
    words = f"{title[:1].upper()}{title[1:]}"
    return scenario.model_copy(update={"name": name, "title": words, "description": ""})


def weights(purse: Purse, risk: Mapping[str, float] | None = None) -> Floats:
    """How the money is divided, (levers,): alike for each kind of lever.

    Levers that set the same table by district are one kind. Without ``risk`` each district gets
    the same amount; with it, money in proportion to the risk of the districts of a lever.
    """
    kinds: dict[str, list[int]] = {}
    for place, lever in enumerate(purse.levers):
        if purse.paid[place]:
            key = lever.keys[0]
            kind = key.rpartition(".")[0] if lever.districts else key
            kinds.setdefault(kind, []).append(place)
    found = np.zeros(len(purse.levers))
    for places in kinds.values():
        parts = np.array([_part(purse, place, risk) for place in places])
        if not parts.any():
            parts = np.ones(len(places))
        found[places] = parts / parts.sum()
    return found


def _part(purse: Purse, place: int, risk: Mapping[str, float] | None) -> float:
    lever = purse.levers[place]
    if risk is not None and lever.districts:
        return sum(risk.get(slug, 0.0) for slug in lever.districts)
    return float(purse.rises[place]) / abs(lever.high - lever.low)
