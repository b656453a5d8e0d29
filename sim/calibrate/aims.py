"""What a figure is aimed at, as numbers, and what is asked of a prior."""

from __future__ import annotations

from math import inf
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

Number = float | int | None


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


class Aim(NamedTuple):
    """An interval that a figure should lie in: ``=`` has ``low == high``, ``>=`` no upper end.

    ``scale`` is the distance that counts as one, in the figure's unit. A figure whose ``weight`` is
    0 is compared, but not fitted.
    """

    name: str
    low: float
    high: float
    scale: float
    weight: float = 1.0

    @property
    def relation(self) -> str:
        """``=``, ``>=`` or ``range``."""
        if self.low == self.high:
            return "="
        return ">=" if self.high == inf else "range"

    def told(self) -> str:
        """``clashes >= 30`` or ``share in 0.03..0.15``."""
        if self.relation == "range":
            return f"{self.name} in {self.low:g}..{self.high:g}"
        return f"{self.name} {self.relation} {self.low:g}"

    def residual(self, figures: Floats) -> Floats:
        """How far figures are outside, signed; 0 inside, NaN where undefined."""
        off: Floats = figures - np.clip(figures, self.low, self.high)
        return off
