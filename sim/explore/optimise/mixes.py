"""Ways to divide the money without a search: evenly, by risk, where incidents were, or both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from sim.comparison.samples import Floats
from sim.explore.optimise.pricing import Amounts, PricedBudget
from sim.scenario.spec import Scenario

FOLLOWING: Final = "patrols.hot_spot_share"
"""Share of all sorties that follows incidents."""


class Mix(NamedTuple):
    """A scenario that spends the budget: its name, its title, and the amounts of its levers."""

    name: str
    title: str
    amounts: Amounts
    scenario: Scenario


def unsearched_mixes(priced: PricedBudget, risk: Mapping[str, float]) -> list[Mix]:
    """Mixes with the same money for every kind of lever, divided among districts in four ways.

    ``risk`` is the present harm of a year by district. The even plan is both the uniform and the
    random allocation: its hours are random, and it leaves nothing else to chance.
    """
    even, by_risk = weights(priced), weights(priced, risk)
    return [
        _mix(priced, "uniform", "evenly", even, 0.0),
        _mix(priced, "by_risk", "by past harm", by_risk, 0.0),
        _mix(priced, "pattern", "with patrols where incidents were", even, 1.0),
        _mix(priced, "mixed", "with half of the patrols there", even, 0.5),
    ]


def _mix(priced: PricedBudget, name: str, title: str, of: Floats, following: float) -> Mix:
    amounts = priced.spend(of, priced.low)
    for place, lever in enumerate(priced.levers):
        if FOLLOWING in lever.keys:
            amounts = priced.at(amounts, place, following)
    scenario = priced.scenario(amounts, {FOLLOWING: following})
    return Mix(name, title, amounts, renamed(scenario, name, title))


def renamed(scenario: Scenario, name: str, title: str) -> Scenario:
    """The same scenario under another name."""
    words = f"{title[:1].upper()}{title[1:]}"
    return scenario.model_copy(update={"name": name, "title": words, "description": ""})


def weights(priced: PricedBudget, risk: Mapping[str, float] | None = None) -> Floats:
    """Shares of the money, (levers,): the same for each kind of lever.

    Levers that set the same table by district are one kind. Without ``risk`` each district gets
    the same amount; with it, money in proportion to the risk of the districts of a lever.
    """
    kinds: dict[str, list[int]] = {}
    for place, lever in enumerate(priced.levers):
        if priced.paid[place]:
            key = lever.keys[0]
            kind = key.rpartition(".")[0] if lever.districts else key
            kinds.setdefault(kind, []).append(place)
    found = np.zeros(len(priced.levers))
    for places in kinds.values():
        parts = np.array([_part(priced, place, risk) for place in places])
        if not parts.any():
            parts = np.ones(len(places))
        found[places] = parts / parts.sum()
    return found


def _part(priced: PricedBudget, place: int, risk: Mapping[str, float] | None) -> float:
    lever = priced.levers[place]
    if risk is not None and lever.districts:
        return sum(risk.get(slug, 0.0) for slug in lever.districts)
    return float(priced.range_prices[place]) / abs(lever.high - lever.low)
