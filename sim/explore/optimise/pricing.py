"""The prices of mixes, and the mix that a division of the money buys.

The price of a mix is what its scenario costs in a *quiet year*, in which nobody comes, by the
accounts of the model. So every price is written down once, and the price of a mix does not depend
on the luck of a year. Costs that only incidents cause (missions, evacuations) are not part of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from math import floor
from typing import Final

import numpy as np

from sim.comparison.samples import Floats
from sim.errors import PanjError, ScenarioError
from sim.explore.optimise.budget import Budget, Lever, check
from sim.model import BorderModel
from sim.scenario.spec import Scenario
from sim.scenario.values import with_overrides, with_stated

type Amounts = tuple[float, ...]

QUIET: Final = {
    "smugglers.loads_per_year": 0.0,
    "cells.count": 0,
    "false_alarms.per_100_km_year": 0.0,
}
"""Settings of a quiet year."""

YEAR: Final = 365.0
CLOSE: Final = 1e-6
"""Differences of prices below this share of the total count as zero."""
NEARLY: Final = 1e-4
"""Share of the pool that may be left over."""
_DIGITS: Final = 1000
"""Amounts are whole thousandths of a lever's range, so that a plan can be read."""
_HALVINGS: Final = 24


class PricedBudget:
    """A budget with the prices of one scenario.

    Raises :class:`~sim.errors.PanjError` where it buys nothing or everything, and for a lever
    without a price.
    """

    def __init__(self, budget: Budget, base: Scenario) -> None:
        check(budget, base)
        self.levers: tuple[Lever, ...] = budget.lever
        self.currency = budget.currency
        fixed = {**budget.set, "patrols.schedule": "random"}
        self._spec = with_stated(with_overrides(base, fixed), fixed)
        self._known: dict[Amounts, float] = {}
        self.current_price = self._quiet(base)
        self.total = self.current_price if budget.total is None else budget.total
        self.low: Amounts = tuple(lever.low for lever in self.levers)
        self.range_prices = np.array(
            [self._range_price(place) for place in range(len(self.levers))]
        )
        self.paid = self.range_prices > 0.0
        self._refuse()

    def scenario(self, amounts: Amounts, more: Mapping[str, object] | None = None) -> Scenario:
        """The scenario of a mix, under the name of the scenario that it changes."""
        sets = dict(more or {})
        for lever, amount in zip(self.levers, amounts, strict=True):
            sets |= lever.sets(amount)
        try:
            return with_stated(with_overrides(self._spec, sets), sets)
        except ScenarioError as error:
            raise ScenarioError.of(
                replace(p, reason=f"a mix of the budget {p.reason}", path=None, line=None)
                for p in error.problems
            ) from error

    def price(self, amounts: Amounts) -> float:
        """The cost of a mix in a quiet year, with the extra costs of the budget."""
        found = self._known.get(amounts)
        if found is None:
            extra = sum(
                (lever.cost or 0.0) * abs(amount - lever.low)
                for lever, amount in zip(self.levers, amounts, strict=True)
            )
            found = self._known[amounts] = self._quiet(self.scenario(amounts)) + extra
        return found

    def _quiet(self, spec: Scenario) -> float:
        model = BorderModel(with_overrides(spec, QUIET), 0)
        model.run()
        value = model.outcomes()[self.currency]
        return float(value or 0.0) * YEAR / spec.days

    def _range_price(self, place: int) -> float:
        lever = self.levers[place]
        rise = self.price(self.at(self.low, place, lever.high)) - self.price(self.low)
        rise = 0.0 if abs(rise) <= CLOSE * self.total else rise
        if rise < 0.0:
            raise PanjError(
                "costs less at 'to' than at 'from'", key=f"lever {lever.name}",
                remedy="Exchange the two: 'from' is what it is without the money.",
            )  # fmt: skip
        if rise == 0.0 and lever.cost is None:
            raise PanjError(
                "costs nothing in a quiet year, so no budget limits it", key=f"lever {lever.name}",
                remedy="Give the cost of one a year: cost = 20000; or make it free: cost = 0.",
            )  # fmt: skip
        return rise

    @staticmethod
    def at(amounts: Amounts, place: int, amount: float) -> Amounts:
        """A mix with another amount of one lever."""
        return (*amounts[:place], amount, *amounts[place + 1 :])

    @cached_property
    def pool(self) -> float:
        """The money free to spend: the total minus the price of all levers at their least."""
        return self.total - self.price(self.low)

    def _refuse(self) -> None:
        least, most = self.price(self.low), self.price(tuple(x.high for x in self.levers))
        unit = self.currency
        if self.pool < 0.0:
            raise PanjError(
                f"is too little: with every lever at 'from' a year costs {least:,.0f}",
                key="total", value=round(self.total),
                remedy=f"Give more than that ({unit}), or lower a 'from'.",
            )  # fmt: skip
        if self.total >= most:
            raise PanjError(
                f"pays for every lever at 'to' ({most:,.0f}), so there is nothing to choose",
                key="total", value=round(self.total), remedy="Give less, or raise a 'to'.",
            )  # fmt: skip
        even = np.ones(len(self.levers))
        if not self.paid.any() or self.spend(even, self.low) == self._minimum(self.low):
            raise PanjError(
                f"buys nothing: {self.pool:,.0f} is left above the least cost of a year",
                key="total", value=round(self.total),
                remedy=f"Give more ({unit}), lower a 'from', or name a lever in smaller units.",
            )  # fmt: skip

    def spend(self, weights: Floats, free: Sequence[float], total: float | None = None) -> Amounts:
        """The mix that divides the money in proportion to ``weights``, (levers,).

        A lever at its greatest amount leaves the rest to the others. Whole amounts are bought
        first; what rounding leaves goes to levers with any amount. ``free`` has the amounts of
        levers that cost nothing. The mix never costs more than the total, or another ``total``.
        """
        money = self.total if total is None else total
        amounts = self._minimum(free)
        parts = self.parts(weights, money)
        for place, lever in enumerate(self.levers):
            if self.paid[place] and lever.whole:
                amounts = self._buy_whole_units(amounts, place, parts[place], money)
        divisible = self.paid & np.array([not lever.whole for lever in self.levers])
        speeds = np.where(divisible, self._fill_rates(weights), 0.0)
        if not (speeds > 0.0).any():
            return amounts

        def at(reach: float) -> Amounts:
            grown = np.minimum(reach * speeds, 1.0)
            ours = tuple(self._amount(p, float(grown[p])) for p in range(len(grown)))
            return tuple(
                own if speed > 0.0 else held
                for own, held, speed in zip(ours, amounts, speeds, strict=True)
            )

        least, most = 0.0, float((1.0 / speeds[speeds > 0.0]).max())
        if self.price(at(most)) <= money:
            return at(most)
        for _ in range(_HALVINGS):
            middle = (least + most) / 2.0
            spent = self.price(at(middle))
            least, most = (middle, most) if spent <= money else (least, middle)
            if 0.0 <= money - spent <= NEARLY * self.pool:
                break
        return at(least)

    def parts(self, weights: Floats, total: float | None = None) -> Floats:
        """The share of its range that each paid lever gets if prices add up, (levers,)."""
        money = self.pool + (0.0 if total is None else total - self.total)
        speeds = self._fill_rates(weights)
        moving = speeds > 0.0
        full = np.sort(1.0 / speeds[moving])
        spent = [
            float((self.range_prices * np.minimum(reach * speeds, 1.0)).sum()) for reach in full
        ]
        reach = float(np.interp(money, [0.0, *spent], [0.0, *full]))
        return np.minimum(reach * speeds, 1.0)

    def _fill_rates(self, weights: Floats) -> Floats:
        """How fast levers fill, (levers,); a negligible weight is zero."""
        some = self.paid & (weights > CLOSE * weights.max())
        speeds: Floats = np.where(some, weights / np.where(self.paid, self.range_prices, 1.0), 0.0)
        return speeds

    def _buy_whole_units(self, amounts: Amounts, place: int, part: float, total: float) -> Amounts:
        """Buy as many whole units as the part pays for, within the total."""
        lever = self.levers[place]
        way = 1.0 if lever.high > lever.low else -1.0
        for units in range(floor(part * abs(lever.high - lever.low) + 1e-6), 0, -1):
            tried = self.at(amounts, place, lever.low + way * units)
            if self.price(tried) <= total:
                return tried
        return amounts

    def _amount(self, place: int, part: float) -> float:
        lever = self.levers[place]
        steps = floor(part * _DIGITS + 1e-9) / _DIGITS
        return round(lever.low + steps * (lever.high - lever.low), 9)

    def _minimum(self, free: Sequence[float]) -> Amounts:
        """The least amount of every paid lever, and the chosen amount of every free one."""
        return tuple(
            lever.low if paid else float(round(wanted, 0 if lever.whole else 3))
            for lever, wanted, paid in zip(self.levers, free, self.paid, strict=True)
        )
