"""Array types, and the interface of a prior."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

Number = float | int | None


class PriorLike(Protocol):
    """The prior of one parameter; parameters are independent."""

    @property
    def key(self) -> str:
        """Name of the parameter."""

    @property
    def low(self) -> float:
        """Smallest possible value; may be infinite."""

    @property
    def high(self) -> float:
        """Largest possible value; may be infinite."""

    def quantile(self, u: Floats, /) -> Floats:
        """Inverse distribution function, elementwise, for ``u`` in (0, 1)."""
