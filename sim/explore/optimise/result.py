"""The result of the search for the best mix, as it is stored beside its held-out runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from sim.explore.result import Part, Result


class Bought(Part):
    """The amount of a lever that each allocation buys, by the name of its scenario.

    ``price`` is that of the whole range from ``low`` to ``high``; 0 for a free lever.
    """

    lever: str
    low: float
    high: float
    price: float
    amounts: Mapping[str, float]


class Allocation(Part):
    """A way to spend the money, on held-out years: means, and what the mix saves against it.

    ``price`` is its cost in a quiet year. ``reached`` is the share of the ceiling that its patrols
    reach, for crossers who do not react to patrols. ``saved`` is the harm that the mix averts
    against it, positive where the mix does better; with its interval.
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
    """A mix that the search tried, on training years: means, and the standard error of its harm.

    It is ``efficient`` if no other such mix is better in harm, cost and interdiction alike.
    """

    harm: float
    error: float
    cost: float
    interdiction: float | None
    efficient: bool


class More(Part):
    """What one unit more of a lever saves on top of the mix, a year, on held-out years."""

    lever: str
    step: float
    price: float
    years: int
    saved: float
    low: float | None
    high: float | None


class Optimum(Result):
    """The best mix found for a budget, and its outcome on years that did not choose it.

    ``total`` and prices are in ``currency`` a year; ``least`` is the cost of a year without the
    levers, ``spent`` the price of the mix. ``expected`` says that means of ``harm`` are those of
    expected harm. Mixes in ``tried`` were run on ``training`` years each; ``runs`` are held out.
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
        """The allocation with this name."""
        return next(one for one in self.allocations if one.name == name)
