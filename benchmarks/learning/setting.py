"""What every engine is made from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from benchmarks.learning.compose import Composer, composed
from benchmarks.learning.layout import Layout
from benchmarks.learning.worlds import Truths, Years
from sim.calibrate.priors import Parameter

_SEED = 100
"""Draws of the prior for composed sets; the bank has seed 0."""


class Setting(NamedTuple):
    """A bank, the table, the priors; how many sets to learn from and how many draws to give."""

    bank: Years
    layout: Layout
    priors: Sequence[Parameter]
    sets: int
    draws: int

    def composed(self) -> Truths:
        """Sets of years to learn from."""
        composer = Composer.of(self.bank, self.layout, self.priors)
        return composed(composer, self.layout, self.priors, self.sets, _SEED)
