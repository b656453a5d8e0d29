"""One year and its other futures: RESTART on the events of a model.

A year is followed event by event. Each time its quantity rises to a level, the year is copied
``copies - 1`` times; a copy keeps the past and draws the rest again
(:mod:`sim.engine.branching_draws`). A copy ends when the quantity falls below the level at which
it was made; the year itself continues.
Above k levels each counts ``copies ** -k``, so the mean of all together is the mean of
the year alone (Villen-Altamirano and Villen-Altamirano 1991; Garvels 2000).
"""

from __future__ import annotations

import gc
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import inf
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from sim.agents import regimes
from sim.engine.branching_draws import BranchingDraws, Era
from sim.errors import PanjError
from sim.rare.event import Gauge

if TYPE_CHECKING:
    from sim.measures.outcome import Outcome
    from sim.model import BorderModel


_TIDY: Final = 32
"""Copies between two collections of those that have ended from memory."""


class Levels(NamedTuple):
    """The levels at which years are split, lowest first, and the number of years after a split."""

    at: tuple[float, ...]
    copies: int

    def weight(self, above: int) -> float:
        """The weight of a year or a copy above this number of levels."""
        return float(self.copies) ** -above


@dataclass
class Tree:
    """The result of one year and its copies."""

    weight: float = 0.0
    """An unbiased estimate of the probability from this year alone."""
    reached: bool = False
    """Whether the year itself came to the event, not only a copy."""
    highest: float = -inf
    """The highest value of the outcome in the year and its copies."""
    nearest: float = -inf
    """The highest value of the quantity that splits the year."""
    copies: int = 0
    days: float = 0.0
    """Days run, of the year and its copies."""
    seconds: float = 0.0
    """Processor time of all of them."""


def branching(kind: type[BorderModel]) -> type[BorderModel]:
    """The class of model with draws that can branch.

    The regimes of the years are those of the seed in every branch, since they are the same in every
    scenario.
    """
    draws = partial(BranchingDraws, fixed=(regimes.IDENTITY,))
    extra = {"draws_of": staticmethod(draws), "shared": (*kind.shared, Era)}
    return cast("type[BorderModel]", type(kind.__name__, (kind,), extra))


def grow(model: BorderModel, outcome: Outcome, threshold: float, levels: Levels) -> Tree:
    """Follow a model of a :func:`branching` kind, which has not begun, to its end."""
    tree = Tree()
    _Grower(outcome, threshold, levels, tree).follow(model, 0)
    return tree


@dataclass
class _Grower:
    outcome: Outcome
    threshold: float
    levels: Levels
    tree: Tree

    def follow(self, model: BorderModel, least: int) -> None:
        """Run a model until it has reached the threshold, ends, or is below ``least`` levels."""
        gauge, above, crossings = Gauge(self.outcome), least, 0
        began, end = model.now, model.spec.days
        while model.running:
            quantity = gauge.look(model)
            self.tree.nearest = max(self.tree.nearest, quantity)
            now = bisect_right(self.levels.at, quantity)
            if now < least:
                break
            for level in range(above + 1, now + 1):
                crossings += 1
                self._split(model, level, crossings)
            above = now
            event = model.agenda.next_time()
            model.agenda.run_until(end if event is None else min(event, end))
            gauge.look(model, end=not model.running)
            if gauge.value >= self.threshold:
                self.tree.weight += self.levels.weight(above)
                self.tree.reached |= least == 0
                break
        self.tree.highest = max(self.tree.highest, gauge.value)
        self.tree.days += model.now - began

    def _split(self, model: BorderModel, level: int, crossing: int) -> None:
        """Follow other futures from here; they have the same names in every scenario."""
        make = _copier(model)
        for copy in range(1, self.levels.copies):
            other = make()
            other.branch(f"{level}.{crossing}.{copy}")
            self.tree.copies += 1
            self.follow(other, level)
            if self.tree.copies % _TIDY == 0:
                gc.collect(1)  # copies that have ended hold themselves in cycles


def _copier(model: BorderModel) -> Callable[[], BorderModel]:
    try:
        return model.copier()
    except PanjError as error:
        raise PanjError(
            f"a year of this model cannot be split: {error}",
            remedy="Run whole years: 'panj batch', then 'panj compare --above OUTCOME:X'.",
        ) from error
