"""Before anything is fitted: can the model, at some draw of the prior, do what was told?

A fit to many figures hides one that no draw comes near. So each figure and each mark is held
against the prior on its own, given those before it in the chain: how often the model gives as
much or more, and as little or less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import inf
from typing import Final, NamedTuple

import numpy as np

from sim.calibrate.emulator import log_cell
from sim.calibrate.inference import Likelihood
from sim.calibrate.intervals import Interval, as_text, hull
from sim.calibrate.types import Floats
from sim.errors import PanjError

HARDLY: Final = 0.01
"""What fewer worlds of the prior give is hardly within reach."""

NEVER: Final = 1e-5
_POINTS: Final = 2000


class PriorCheck(NamedTuple):
    """Something told, and the share of the prior's worlds in which it is as much or more, and as
    little or less. It is a figure, or a ``mark`` of an event.
    """

    what: str
    intervals: tuple[Interval, ...]
    above: float
    below: float
    mark: bool

    @property
    def least(self) -> float:
        """The smaller of the two: how far out in the prior's worlds it lies."""
        return min(self.above, self.below)

    @property
    def words(self) -> str:
        """A sentence about it."""
        way = "as many or more" if self.above < self.below else "as few or fewer"
        share = f"{way} in {self.least:.2%} of the prior's worlds"
        return f"{self.what}: {as_text(self.intervals)} ({share})"


def check_prior(likelihood: Likelihood, seed: int = 0) -> list[PriorCheck]:
    """Return how far out in the prior each fitted cell and mark lies."""
    rng = np.random.default_rng(seed)
    points = rng.standard_normal((_POINTS, likelihood.unknowns.size))
    emulator = likelihood.emulator
    found = []
    for heard, noises, etas in likelihood.predictions(points):
        cell = heard.link.cell
        ends = (
            replace(cell, intervals=(Interval(*end),), soft=0.0) for end in _ends(cell.intervals)
        )
        above, below = (_chance(log_cell(end, noises, etas)) for end in ends)
        found.append(
            PriorCheck(
                f"{cell.statistic.name} {cell.period}", cell.intervals, above, below, mark=False
            )
        )
    for seen, eta in zip(emulator.marks, likelihood.marks(points), strict=True):
        above, below = (
            _chance(seen.noise.log_probability(eta, *end)) for end in _ends(seen.intervals)
        )
        found.append(
            PriorCheck(f"{seen.mark} of {seen.event}", seen.intervals, above, below, mark=True)
        )
    return found


def refuse_unreachable(found: list[PriorCheck]) -> None:
    """Raise ``PanjError`` where a figure lies beyond every world of the prior."""
    beyond = [one for one in found if one.least < NEVER and not one.mark]
    if beyond:
        raise PanjError(
            "no draw of the prior comes anywhere near what was observed: "
            + "; ".join(one.words for one in beyond),
            remedy="Correct the figure, widen the prior of a parameter that moves it, or set the "
            "row aside: [aside.NAME] in years.toml.",
        )


def _ends(told: Sequence[Interval]) -> tuple[tuple[float, float], tuple[float, float]]:
    """As much or more, and as little or less."""
    whole = hull(told)
    return (whole.low, inf), (0.0, whole.high)


def _chance(logs: Floats) -> float:
    return float(np.mean(np.exp(logs)))
