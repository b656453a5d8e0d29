"""A posterior: draws of the parameters with their weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calibrate.aims import Floats
from sim.engine.draws import Draws

QUANTILES: Final = (0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975)
_STRIDE: Final = (5.0**0.5 - 1.0) / 2.0


def effective(weights: Floats) -> float:
    """Effective sample size ``1 / sum of w^2`` of weights that add up to 1 (Kong 1992)."""
    return float(1.0 / np.sum(weights**2))


class Moments(NamedTuple):
    """Mean and standard deviation."""

    mean: float
    sd: float


class Marginal(NamedTuple):
    """What is known of one parameter: ``quantiles`` at :data:`QUANTILES`."""

    key: str
    mean: float
    sd: float
    quantiles: tuple[float, ...]
    prior_mean: float
    prior_sd: float

    @property
    def contraction(self) -> float:
        """``1 - posterior variance / prior variance``: 0 nothing learned, 1 everything.

        Below 0 where the data left it more uncertain than it was; 0 for a prior at one point.
        """
        return 1.0 - self.kept**2

    @property
    def kept(self) -> float:
        """Share of the prior's standard deviation that is left; 1 for a prior at one point."""
        return self.sd / self.prior_sd if self.prior_sd > 0.0 else 1.0

    @property
    def shift(self) -> float:
        """How far the mean has moved, in standard deviations of the prior."""
        return (self.mean - self.prior_mean) / self.prior_sd if self.prior_sd > 0.0 else 0.0


@dataclass(frozen=True)
class Posterior:
    """n members: ``values`` (n, parameters) and ``weights`` that add up to 1. ``prior`` is as the
    bank shows it.
    """

    keys: tuple[str, ...]
    values: Floats
    weights: Floats
    prior: Mapping[str, Moments]

    def __len__(self) -> int:
        return len(self.weights)

    def __getitem__(self, key: str) -> Floats:
        """The members' values of a parameter."""
        return self.values[:, self.keys.index(key)]

    @cached_property
    def ess(self) -> float:
        """Effective sample size."""
        return effective(self.weights)

    def chosen(self, count: int, seed: int = 0) -> NDArray[np.intp]:
        """The members that ``count`` equally weighted draws are, by place.

        A function of the seed; more draws begin with the same ones. Draws step through the
        weights by the golden ratio (the sequence of Kronecker 1884), which repeats a member as
        often as its weight says, and no more than once beyond it or so.
        """
        start = Draws(seed).of("posterior").uniform("draw")
        at = (start + _STRIDE * np.arange(count)) % 1.0
        bounds = np.cumsum(self.weights)
        places = np.searchsorted(bounds / bounds[-1], at, side="right")
        return np.minimum(places, len(self) - 1)

    def summary(self) -> list[Marginal]:
        """Mean, spread and quantiles of each parameter, beside the spread of its prior."""
        found = []
        for key in self.keys:
            values = self[key]
            mean = float(self.weights @ values)
            sd = float(np.sqrt(self.weights @ (values - mean) ** 2))
            at = tuple(float(q) for q in quantiles(values, self.weights, QUANTILES))
            found.append(Marginal(key, mean, sd, at, *self.prior[key]))
        return found


def quantiles(values: Floats, weights: Floats, at: tuple[float, ...]) -> Floats:
    """Weighted quantiles: the middles of the members' shares, joined by straight lines.

    With equal weights that is Hazen's definition (1914).
    """
    order = np.argsort(values, kind="stable")
    share = weights[order] / weights.sum()
    found: Floats = np.interp(at, np.cumsum(share) - 0.5 * share, values[order])
    return found
