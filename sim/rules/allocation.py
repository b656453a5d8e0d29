"""Allocation rules: how the sorties of all posts are divided among the districts at each review.

A rule moves patrols but does not add any: command gives no district more than
``patrols.hot_spot_ceiling`` times its plan, and the total stays the same.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from sim.registry import Registry

if TYPE_CHECKING:
    from sim.scenario.spec_guard import Patrols


class Review(NamedTuple):
    """What command knows at a review. Lists have an entry for each district, from west to east."""

    now: float
    """Days since the first midnight."""
    month: int
    """1 to 12."""
    districts: tuple[str, ...]
    plan: list[float]
    """Planned sorties per day of all posts, at the routine level."""
    heat: list[float]
    """Recent clashes and attacks, weighted as for the alert, fading with
    ``patrols.hot_spot_half_life_days``."""
    levels: list[int]
    """Alert levels, 0 (routine) to 3 (emergency)."""


class AllocationRule:
    """Leaves the sorties as planned, unless a subclass moves them."""

    name: ClassVar[str]

    def __init__(self, patrols: "Patrols") -> None:
        self.patrols = patrols

    @property
    def moves(self) -> bool:
        """Whether it ever moves patrols; if not, no reviews are held."""
        return True

    def sorties(self, review: Review) -> list[float]:
        """Sorties per day of each district: none negative, and in total at most as many as planned.

        The rest of the total goes to the districts in proportion to their plan.
        """
        return review.plan


class Planned(AllocationRule):
    """Always as planned."""

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
    """Register a class under a name for scenarios. Raises ``PanjError`` if the name is taken."""

    def register(rule: R) -> R:
        rule.name = name
        ALLOCATION_RULES.register(rule)
        return rule

    return register


def below_ceiling(requested: list[float], plan: list[float], ceiling: float) -> list[float]:
    """``requested`` with no entry above ``ceiling * plan`` and the total of ``plan``.

    The excess goes to the entries still below their ceiling, in proportion to ``plan``.
    """
    given = list(requested)
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
