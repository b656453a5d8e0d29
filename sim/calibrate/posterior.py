"""A posterior: equally likely draws of the parameters, and the marginal of each."""

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
    """The marginal posterior of one parameter; ``quantiles`` are at :data:`QUANTILES`."""

    key: str
    mean: float
    sd: float
    quantiles: tuple[float, ...]
    prior_mean: float
    prior_sd: float

    @property
    def contraction(self) -> float:
        """``1 - posterior variance / prior variance``; 0 for a prior at one point.

        It is 0 where the data say nothing, 1 where they fix the value, and below 0 where they leave
        the parameter more uncertain than before.
        """
        return 1.0 - self.kept**2

    @property
    def kept(self) -> float:
        """Posterior over prior standard deviation; 1 for a prior at one point."""
        return self.sd / self.prior_sd if self.prior_sd > 0.0 else 1.0

    @property
    def shift(self) -> float:
        """Shift of the mean, in standard deviations of the prior."""
        return (self.mean - self.prior_mean) / self.prior_sd if self.prior_sd > 0.0 else 0.0

    @property
    def narrowed(self) -> bool:
        """Whether it keeps at most 90 % of its prior spread."""
        return self.kept <= 0.9

    @property
    def shifted(self) -> str:
        """``"up"`` or ``"down"`` if the mean moved by more than half a prior spread, else empty."""
        return "" if abs(self.shift) <= 0.5 else "up" if self.shift > 0.0 else "down"

    @property
    def moved(self) -> bool:
        """Whether the data narrowed or shifted the parameter."""
        return self.narrowed or bool(self.shifted)

    @property
    def words(self) -> str:
        """How the data updated the parameter."""
        far = f"moved {self.shifted} by {abs(self.shift):.1f}"
        if self.narrowed:
            more = f" and {far} of it" if self.shifted else ""
            return f"narrowed to {self.kept:.0%} of its prior spread{more}"
        if self.shifted:
            return f"{far} prior spreads only"
        return f"not moved: keeps {self.kept:.0%} of its prior spread"


@dataclass(frozen=True)
class Posterior:
    """n equally likely members, ``values`` (n, parameters); ``prior`` moments are of the bank."""

    keys: tuple[str, ...]
    values: Floats
    prior: Mapping[str, Moments]

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, key: str) -> Floats:
        """Return the values of a parameter, (n,)."""
        return self.values[:, self.keys.index(key)]

    def members(self, count: int) -> NDArray[np.intp]:
        """Return the indices of ``count`` members; more draws begin with the same ones.

        The indices step through the members by the golden ratio (the sequence of Kronecker 1884),
        so any first part of them is spread evenly over all.
        """
        start = Draws(0).of("posterior").uniform("draw")
        at = (start + _STRIDE * np.arange(count)) % 1.0
        return (at * len(self)).astype(np.intp)

    def summary(self) -> list[Marginal]:
        """Return the marginal of each parameter, with Hazen's quantiles."""
        marginals = []
        for key in self.keys:
            values = self[key]
            at = np.quantile(values, QUANTILES, method="hazen")
            mean, sd = float(values.mean()), float(values.std())
            marginals.append(Marginal(key, mean, sd, tuple(map(float, at)), *self.prior[key]))
        return marginals
