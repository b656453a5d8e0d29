"""Allocation rules: how the sorties of all posts are dealt to the districts at each review.

A rule moves patrols and cannot make them: command gives no district more than
``patrols.hot_spot_ceiling`` times its plan, and the total of all stays what it was.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from sim.registry import Registry

if TYPE_CHECKING:
    from sim.scenario.spec_guard import Patrols


class Review(NamedTuple):
    """What command knows at a review. The lists have an entry for each district, west to east."""

    now: float
    """Days since the first midnight."""
    month: int
    """1 to 12."""
    districts: tuple[str, ...]
    plan: list[float]
    """Sorties a day of all posts, at routine level, as planned."""
    heat: list[float]
    """Recent clashes and attacks, weighted as for the alert, fading with
    ``patrols.hot_spot_half_life_days``."""
    levels: list[int]
    """Alert levels, 0 (routine) to 3 (emergency)."""


class AllocationRule:
    """Leaves the sorties as planned, unless a subclass says more."""

    name: ClassVar[str]

    def __init__(self, patrols: "Patrols") -> None:
        self.patrols = patrols

    @property
    def moves(self) -> bool:
        """Whether it ever moves patrols: if not, no review is held for it."""
        return True

    def sorties(self, review: Review) -> list[float]:
        """Sorties a day of each district: none negative, and no more in all than planned.

        What is left of the total goes to the districts in proportion to their plan.
        """
        return review.plan


class Planned(AllocationRule):
    """As planned, always."""

    name = "planned"

    @property
    def moves(self) -> bool:
        """Never."""
        return False


class HotSpot(AllocationRule):
    """A share of all sorties follows the heat; the rest stays as planned."""

    name = "hot_spot"

    @property
    def moves(self) -> bool:
        """Where there is a share to move."""
        return self.patrols.hot_spot_share > 0.0

    def sorties(self, review: Review) -> list[float]:
        """``hot_spot_share`` of all sorties in proportion to the heat of districts with posts."""
        heat, share = sum(review.heat), self.patrols.hot_spot_share
        if heat == 0.0:
            return review.plan
        moved = share * sum(review.plan)
        return [
            (1.0 - share) * planned + moved * here / heat * (planned > 0.0)
            for planned, here in zip(review.plan, review.heat, strict=True)
        ]


ALLOCATION_RULES: Final = Registry[type[AllocationRule]]("allocation rule", Planned, HotSpot)


def allocation_rule[R: type[AllocationRule]](name: str) -> Callable[[R], R]:
    """Register a class under a name that scenarios may give; :class:`PanjError` if it is taken."""

    def register(rule: R) -> R:
        rule.name = name
        ALLOCATION_RULES.register(rule)
        return rule

    return register


def below_ceiling(wanted: list[float], plan: list[float], ceiling: float) -> list[float]:
    """``wanted`` with no entry above ``ceiling * plan`` and the total of ``plan``.

    What is cut off goes to the entries still below their ceiling, in proportion to ``plan``.
    """
    given = list(wanted)
    while True:
        capped = [min(g, ceiling * p) for g, p in zip(given, plan, strict=True)]
        rest = sum(plan) - sum(capped)
        room = sum(p for c, p in zip(capped, plan, strict=True) if c < ceiling * p)
        if rest <= 1e-9 * sum(plan) or room == 0.0:
            return capped
        given = [
            c + (rest * p / room if c < ceiling * p else 0.0)
            for c, p in zip(capped, plan, strict=True)
        ]
