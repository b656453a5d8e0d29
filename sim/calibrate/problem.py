"""What is to be calibrated: priors, targets and a simulator, each known by a few numbers.

The engine knows no border. A target is an interval that a statistic should lie in, a prior is
its inverse distribution function, and a simulator turns parameters and a seed into statistics.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf, isfinite
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.errors import PanjError, Problem

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

Number = float | int | None

type Simulate = Callable[[Mapping[str, float], int], Mapping[str, Number]]
"""From parameters and a seed (0..2^63-1) to statistics; a statistic may be undefined: None.

A function of a module, or an object that can be pickled: worker processes run it.
"""

MARKS: Final = (0.01, 0.25, 0.5, 0.75, 0.99)
"""Quantiles by which a prior is known again."""


class PriorLike(Protocol):
    """What is believed of one parameter before any data; parameters are independent."""

    @property
    def key(self) -> str:
        """Name of the parameter."""
        ...

    @property
    def low(self) -> float:
        """Smallest possible value; may be infinite."""
        ...

    @property
    def high(self) -> float:
        """Largest possible value; may be infinite."""
        ...

    def quantile(self, u: Floats, /) -> Floats:
        """Inverse distribution function, elementwise, for ``u`` in (0, 1)."""
        ...


class TargetLike(Protocol):
    """What was observed of one statistic.

    Beside these it has ``value`` (relations ``=`` and ``>=``), or ``low`` and ``high``
    (``range``). One with ``use == "validate"`` is looked at and never fitted to.
    """

    @property
    def name(self) -> str:
        """Name of the statistic."""
        ...

    @property
    def relation(self) -> str:
        """``=``, ``>=`` or ``range``."""
        ...

    @property
    def scale(self) -> float:
        """How far a figure may miss without contradiction, in its unit; positive."""
        ...

    @property
    def weight(self) -> float:
        """How much it counts in the distance; 0: looked at, not fitted."""
        ...


class Aim(NamedTuple):
    """A target as numbers: ``=`` has ``low == high``, ``>=`` has ``high`` infinite."""

    name: str
    low: float
    high: float
    scale: float
    weight: float = 1.0

    @classmethod
    def of(cls, target: TargetLike) -> Aim:
        """The numbers of a target; a PanjError where they make no sense."""
        if isinstance(target, cls):
            return target
        ends = {"range": ("low", "high"), "=": ("value", "value"), ">=": ("value", None)}
        if target.relation not in ends:
            raise PanjError(
                "is not a relation of a target",
                key=f"{target.name}.relation",
                value=target.relation,
                remedy='Allowed: "=", ">=" and "range".',
            )
        below, above = ends[target.relation]
        low = float(getattr(target, below or ""))
        high = inf if above is None else float(getattr(target, above))
        fitted = getattr(target, "use", "fit") == "fit"
        weight = float(target.weight) if fitted else 0.0
        return cls(target.name, low, high, float(target.scale), weight)

    @property
    def relation(self) -> str:
        """``=``, ``>=`` or ``range``."""
        if self.low == self.high:
            return "="
        return ">=" if self.high == inf else "range"

    @property
    def value(self) -> float:
        """The lower end; of an equality, the value."""
        return self.low

    def told(self) -> str:
        """``clashes >= 30`` or ``share in 0.03..0.15``."""
        if self.relation == "range":
            return f"{self.name} in {self.low:g}..{self.high:g}"
        return f"{self.name} {self.relation} {self.low:g}"

    def residual(self, statistics: Floats) -> Floats:
        """How far statistics are outside, signed; 0 inside, NaN where undefined."""
        off: Floats = statistics - np.clip(statistics, self.low, self.high)
        return off

    def faults(self) -> list[Problem]:
        """What makes it no target."""
        found = []
        if not (isfinite(self.low) and self.high >= self.low):
            found.append(
                Problem("is not an interval", key=self.name, value=f"{self.low:g}..{self.high:g}")
            )
        if not (isfinite(self.scale) and self.scale > 0.0):
            found.append(Problem("must be positive", key=f"{self.name}.scale", value=self.scale))
        if not (isfinite(self.weight) and self.weight >= 0.0):
            found.append(Problem("must be 0 or more", key=f"{self.name}.weight", value=self.weight))
        return found


@dataclass(frozen=True)
class CalibrationProblem:
    """Priors, targets and the simulator that stands between them.

    ``identity`` says which simulator it is, such as the digest of a scenario; calibrations with
    another identity are never mixed. Raises :class:`sim.errors.PanjError` with every fault.
    """

    priors: Sequence[PriorLike]
    targets: Sequence[TargetLike]
    simulate: Simulate
    identity: str = ""

    def __post_init__(self) -> None:
        found = [fault for aim in self.aims for fault in aim.faults()]
        found += _repeated("parameter", self.keys) + _repeated(
            "target", [a.name for a in self.aims]
        )
        if not self.priors:
            found.append(Problem("there is no parameter to calibrate"))
        for key, marks in self.marks.items():
            if not np.all(np.isfinite(marks)) or np.any(np.diff(marks) < 0.0):
                found.append(Problem("its prior has no quantiles that grow", key=key))
        if found:
            raise PanjError.of(found)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Names of the parameters, in order."""
        return tuple(prior.key for prior in self.priors)

    @cached_property
    def aims(self) -> tuple[Aim, ...]:
        """The targets as numbers."""
        return tuple(Aim.of(target) for target in self.targets)

    @cached_property
    def marks(self) -> dict[str, list[float]]:
        """Quantiles of each prior, by which it is known again."""
        at = np.array(MARKS)
        return {p.key: [float(x) for x in np.asarray(p.quantile(at))] for p in self.priors}


def _repeated(kind: str, names: Sequence[str]) -> list[Problem]:
    return [
        Problem(f"this {kind} is there more than once", key=name)
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
