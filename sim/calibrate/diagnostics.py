"""Posterior predictive checks, and warnings about a posterior.

A check compares replicas, new simulations at draws of the posterior, with a target, fitted or not.
The replicas are of the model, not of the emulator.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from sim.calibrate.intervals import TargetRange
from sim.calibrate.posterior import Posterior
from sim.calibrate.types import Floats

FEW: Final = 100
"""With fewer draws the tails of a posterior are unreliable."""

DOUBTFUL: Final = 0.05


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
        """Whether the calibrated model hardly ever gives the observed figure."""
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
        f"The calibrated model hardly gives {check.target.text()} ({kind}; p = {check.p:.3f}): "
        f"90 % of its years lie from {check.low:g} to {check.high:g}."
    )
