"""A posterior: equally likely draws of the parameters, and what they tell of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calibrate.types import Floats
from sim.engine.draws import Draws

QUANTILES: Final = (0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975)
_STRIDE: Final = (5.0**0.5 - 1.0) / 2.0


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
    """n members, all alike: ``values`` (n, parameters). ``prior`` is as the bank shows it."""

    keys: tuple[str, ...]
    values: Floats
    prior: Mapping[str, Moments]

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, key: str) -> Floats:
        """The members' values of a parameter."""
        return self.values[:, self.keys.index(key)]

    def chosen(self, count: int) -> NDArray[np.intp]:
        """The members that ``count`` draws are, by place; more draws begin with the same ones.

        Draws step through the members by the golden ratio (the sequence of Kronecker 1884), so
        that any first part of them is spread evenly over all.
        """
        start = Draws(0).of("posterior").uniform("draw")
        at = (start + _STRIDE * np.arange(count)) % 1.0
        return (at * len(self)).astype(np.intp)

    def summary(self) -> list[Marginal]:
        """Mean, spread and Hazen's quantiles of each parameter, beside its prior's spread."""
        found = []
        for key in self.keys:
            values = self[key]
            at = np.quantile(values, QUANTILES, method="hazen")
            mean, sd = float(values.mean()), float(values.std())
            found.append(Marginal(key, mean, sd, tuple(map(float, at)), *self.prior[key]))
        return found
