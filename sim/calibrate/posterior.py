"""A posterior: equally likely draws, the marginal of each parameter, and predictive checks.

A check compares replicas, new simulations at draws of the posterior, with a target, fitted or not.
The replicas are of the model, not of the emulator.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calibrate.intervals import TargetRange
from sim.calibrate.types import Floats
from sim.engine.draws import Draws

QUANTILES: Final = (0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975)
FEW: Final = 100
"""With fewer draws the tails of a posterior are unreliable."""

DOUBTFUL: Final = 0.05

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


class Check(NamedTuple):
    """A target beside its replicas, of which 90 % lie from ``low`` to ``high``.

    ``p`` is the posterior predictive p-value (Gelman, Meng and Stern 1996): for an equality the
    two-sided mid-p, for a floor or a range the share of replicas that meet it. It is ``None`` where
    no replica has a value; ``undefined`` is the share of replicas without one.
    """

    target: TargetRange
    p: float | None
    median: float | None
    low: float | None
    high: float | None
    undefined: float

    @property
    def doubtful(self) -> bool:
        """Whether the calibrated model rarely gives the observed figure."""
        return self.p is None or self.p < DOUBTFUL

    @property
    def fitted(self) -> bool:
        """Whether the target was fitted; otherwise it is a test."""
        return self.target.weight > 0.0


def check(target: TargetRange, replicas: Floats) -> Check:
    """Compare a target with its replicas, (replicas,), NaN where one has no value."""
    values = replicas[np.isfinite(replicas)]
    undefined = 1.0 - len(values) / max(len(replicas), 1)
    if not values.size:
        return Check(target, None, None, None, None, undefined)
    low, median, high = (float(q) for q in np.quantile(values, (0.05, 0.5, 0.95)))
    return Check(target, predictive_p(target, values), median, low, high, undefined)


def predictive_p(target: TargetRange, values: Floats) -> float:
    """Return the p-value of :class:`Check` for one or more replicas without gaps."""
    if target.relation != "=":
        return float(np.mean((values >= target.low) & (values <= target.high)))
    below, same = float(np.mean(values < target.low)), float(np.mean(values == target.low))
    tail = min(below, 1.0 - below - same) + 0.5 * same
    return min(1.0, 2.0 * tail)


def concerns(posterior: Posterior, checks: Sequence[Check] = ()) -> list[str]:
    """Return warnings before the posterior is used, in sentences; empty if all is well."""
    warnings = []
    if len(posterior) < FEW:
        warnings.append(f"With {len(posterior)} draws the tails are unreliable: take more.")
    unmoved = [marginal.key for marginal in posterior.summary() if not marginal.moved]
    if unmoved:
        warnings.append(
            f"The data did not move {len(unmoved)} of {len(posterior.keys)} parameters: "
            f"{', '.join(unmoved)}."
        )
    return [*warnings, *(_doubt(check) for check in checks if check.doubtful)]


def _doubt(check: Check) -> str:
    kind = "fitted" if check.fitted else "not fitted"
    if check.p is None:
        return f"The calibrated model gives no value for {check.target.name} ({kind})."
    return (
        f"The calibrated model rarely gives {check.target.text()} ({kind}; p = {check.p:.3f}): "
        f"90 % of its years lie from {check.low:g} to {check.high:g}."
    )
