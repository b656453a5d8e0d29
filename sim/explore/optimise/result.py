"""What the search for the best mix found, as it is kept beside its held-out runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from sim.explore.result import Part, Result


class Bought(Part):
    """How much of a lever each way to spend the money buys, by the name of its scenario.

    ``price`` is that of the whole range from ``low`` to ``high``; nothing of a free lever.
    """

    lever: str
    low: float
    high: float
    price: float
    amounts: Mapping[str, float]


class Allocation(Part):
    """A way to spend the money, on held-out years: means, and what the mix saves against it.

    ``price`` is what it costs in a quiet year, ``reached`` how near its patrols come to the
    ceiling for crossers who heed none. ``saved`` is the harm that the mix averts against it, more
    than 0 where the mix does better; with its interval.
    """

    name: str
    title: str
    years: int
    price: float
    harm: float
    cost: float
    interdiction: float | None
    reached: float | None
    saved: float | None = None
    low: float | None = None
    high: float | None = None


class Tried(Part):
    """A mix that was tried, on training years: means, the standard error of its harm, and
    whether no other mix that was tried is better in harm, cost and interdiction alike.
    """

    harm: float
    error: float
    cost: float
    interdiction: float | None
    efficient: bool


class More(Part):
    """What one unit more of a lever would save beside the mix, on held-out years, a year."""

    lever: str
    step: float
    price: float
    years: int
    saved: float
    low: float | None
    high: float | None


class Optimum(Result):
    """The best mix that was found for a budget, and how it does on years it was not chosen by.

    ``total`` and prices are in ``currency`` a year; ``least`` is what a year costs without the
    levers, ``spent`` the price of the mix. ``expected`` says that means of ``harm`` are those of
    expected harm. ``tried`` mixes were run on ``training`` years each; ``runs`` are held out.
    """

    kind: ClassVar[str] = "optimise"

    harm: str
    better: str
    expected: bool
    currency: str
    scenario: str
    total: float
    least: float
    spent: float
    confidence: float
    training: int
    bought: tuple[Bought, ...]
    allocations: tuple[Allocation, ...]
    tried: tuple[Tried, ...]
    more: tuple[More, ...]

    def of(self, name: str) -> Allocation:
        """The way to spend the money with this name."""
        return next(one for one in self.allocations if one.name == name)
