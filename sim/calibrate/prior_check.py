"""Prior predictive check: can the model give each reported figure at some draw of the prior?

A fit to many figures can hide one that no draw comes near. So before the fit each figure and mark
is compared with the prior by itself, given those before it in the chain: how often the model gives
as much or more, and as little or less.
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

RARE: Final = 0.01
"""A figure in fewer worlds of the prior than this share is barely within reach."""

NEVER: Final = 1e-5
_POINTS: Final = 2000


class PriorCheck(NamedTuple):
    """A figure or a ``mark``, and the shares of prior worlds with as much or more (``above``), and
    as little or less (``below``).
    """

    what: str
    intervals: tuple[Interval, ...]
    above: float
    below: float
    mark: bool

    @property
    def least(self) -> float:
        """The smaller of the two shares: how far out the figure lies."""
        return min(self.above, self.below)

    @property
    def words(self) -> str:
        """The figure and its share in words."""
        way = "as many or more" if self.above < self.below else "as few or fewer"
        share = f"{way} in {self.least:.2%} of the prior's worlds"
        return f"{self.what}: {as_text(self.intervals)} ({share})"


def check_prior(likelihood: Likelihood, seed: int = 0) -> list[PriorCheck]:
    """Return how far out in the prior each fitted cell and mark lies."""
    rng = np.random.default_rng(seed)
    points = rng.standard_normal((_POINTS, likelihood.unknowns.size))
    emulator = likelihood.emulator
    results = []
    for fitted, noises, etas in likelihood.predictions(points):
        cell = fitted.link.cell
        ends = (
            replace(cell, intervals=(Interval(*end),), soft=0.0) for end in _ends(cell.intervals)
        )
        above, below = (_share(log_cell(end, noises, etas)) for end in ends)
        results.append(
            PriorCheck(
                f"{cell.statistic.name} {cell.period}", cell.intervals, above, below, mark=False
            )
        )
    for mark, eta in zip(emulator.marks, likelihood.marks(points), strict=True):
        above, below = (
            _share(mark.noise.log_probability(eta, *end)) for end in _ends(mark.intervals)
        )
        results.append(
            PriorCheck(f"{mark.mark} of {mark.event}", mark.intervals, above, below, mark=True)
        )
    return results


def refuse_unreachable(checks: list[PriorCheck]) -> None:
    """Raise ``PanjError`` where no world of the prior comes near a figure."""
    beyond = [one for one in checks if one.least < NEVER and not one.mark]
    if beyond:
        raise PanjError(
            "no draw of the prior comes near a reported figure: "
            + "; ".join(one.words for one in beyond),
            remedy="Correct the figure, widen the prior of a parameter that affects it, or set the "
            "row aside: [aside.NAME] in years.toml.",
        )


def _ends(intervals: Sequence[Interval]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the intervals of as much or more, and as little or less."""
    whole = hull(intervals)
    return (whole.low, inf), (0.0, whole.high)


def _share(logs: Floats) -> float:
    return float(np.mean(np.exp(logs)))
