"""What a calibration says and what it does not: pure functions of a posterior and its replicas.

Fresh simulations at draws of the posterior, the replicas, are held against every target, those
that were not fitted too. They are of the model itself: the emulator is not its own judge.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from sim.calibrate.intervals import TargetRange
from sim.calibrate.posterior import Marginal, Posterior
from sim.calibrate.types import Floats

UNMOVED: Final = 0.9
"""A parameter that keeps more than this of its prior's spread has learned nothing to speak of."""

SHIFTED: Final = 0.5
FEW: Final = 100
"""With fewer draws the tails of a posterior are guesswork."""

DOUBTFUL: Final = 0.05


class ParameterUpdate(NamedTuple):
    """What the data did to one parameter, in figures and in words."""

    marginal: Marginal
    moved: bool
    words: str


class Check(NamedTuple):
    """A target beside its replicas, of which 90 % lie from ``low`` to ``high``.

    ``p`` is the posterior predictive p-value (Gelman, Meng and Stern 1996): for an equality the
    two-sided mid-p, for a floor or a range the share of replicas that meet it. None where no
    replica has a value; ``undefined`` is the share of those that have none.
    """

    aim: TargetRange
    p: float | None
    median: float | None
    low: float | None
    high: float | None
    undefined: float

    @property
    def doubtful(self) -> bool:
        """Whether the calibrated model hardly ever gives what was observed."""
        return self.p is None or self.p < DOUBTFUL

    @property
    def fitted(self) -> bool:
        """Whether it was fitted to; else it is a test."""
        return self.aim.weight > 0.0


def parameter_updates(posterior: Posterior) -> list[ParameterUpdate]:
    """Which parameters the data moved and which they did not."""
    return [_learnt(marginal) for marginal in posterior.summary()]


def _learnt(found: Marginal) -> ParameterUpdate:
    way = "up" if found.shift > 0.0 else "down"
    far = abs(found.shift) > SHIFTED
    if found.kept <= UNMOVED:
        more = f" and moved {way} by {abs(found.shift):.1f} of it" if far else ""
        return ParameterUpdate(
            found, True, f"narrowed to {found.kept:.0%} of its prior spread{more}"
        )
    if far:
        return ParameterUpdate(
            found, True, f"moved {way} by {abs(found.shift):.1f} prior spreads only"
        )
    return ParameterUpdate(found, False, f"not moved: keeps {found.kept:.0%} of its prior spread")


def check(aim: TargetRange, column: Floats) -> Check:
    """A target beside its replicas, (replicas,), NaN where one has no value."""
    values = column[np.isfinite(column)]
    undefined = 1.0 - len(values) / max(len(column), 1)
    if not values.size:
        return Check(aim, None, None, None, None, undefined)
    low, median, high = (float(q) for q in np.quantile(values, (0.05, 0.5, 0.95)))
    return Check(aim, predictive_p(aim, values), median, low, high, undefined)


def predictive_p(aim: TargetRange, values: Floats) -> float:
    """The p-value of :class:`Check` for replicas without gaps; at least one."""
    if aim.relation != "=":
        return float(np.mean((values >= aim.low) & (values <= aim.high)))
    below, same = float(np.mean(values < aim.low)), float(np.mean(values == aim.low))
    tail = min(below, 1.0 - below - same) + 0.5 * same
    return min(1.0, 2.0 * tail)


def concerns(posterior: Posterior, found: Sequence[Check] = ()) -> list[str]:
    """What a reader must know before the posterior is used, in sentences; none if all is well."""
    told = []
    if len(posterior) < FEW:
        told.append(f"Of {len(posterior)} draws the tails are guesswork: take more.")
    unmoved = [item.marginal.key for item in parameter_updates(posterior) if not item.moved]
    if unmoved:
        told.append(
            f"{len(unmoved)} of {len(posterior.keys)} parameters are as open as before: "
            f"{', '.join(unmoved)}."
        )
    return [*told, *(_doubt(one) for one in found if one.doubtful)]


def _doubt(check: Check) -> str:
    kind = "fitted" if check.fitted else "not fitted"
    if check.p is None:
        return f"The calibrated model gives no value for {check.aim.name} ({kind})."
    return (
        f"The calibrated model hardly gives {check.aim.text()} ({kind}; p = {check.p:.3f}): 90 % "
        f"of its years lie from {check.low:g} to {check.high:g}."
    )
