"""The stopping rule: enough replicates for a given precision of one paired difference.

The rule is the fixed-width sequential interval of Chow and Robbins (1965). It is checked after
whole chunks of replicates in their order, so the answer depends neither on the number of workers
nor on the order in which runs finish.
"""

import math
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from sim.comparison.question import parse_outcome_value
from sim.theory.distributions import normal_quantile

LEAST: Final = 100
"""No rule is met before this many pairs, which the estimate of the variance needs.

For a policy that prevents attacks, half of the variance may come from one pair of a hundred. With
30 pairs "known to 0.3" held in 72 % of trials instead of 90 %; with 100 pairs, in 90 %.
"""


@dataclass(frozen=True)
class Rule:
    """Continue until the difference of ``outcome`` is known to ±``target``, in its unit."""

    outcome: str
    target: float

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse ``guards_killed:0.1``. Raises :class:`~sim.errors.PanjError` for anything else."""
        return cls(*parse_outcome_value(text, "a stopping rule", above_zero=True))

    def met(self, differences: NDArray[np.float64], confidence: float = 0.9) -> bool:
        """Whether the pairs so far are enough; NaN values are left out."""
        valid = differences[np.isfinite(differences)]
        return len(valid) >= LEAST and half_width(valid, confidence) <= self.target

    def __str__(self) -> str:
        return f"{self.outcome}:{self.target:g}"


def half_width(differences: NDArray[np.float64], confidence: float = 0.9) -> float:
    """Half the length of the sequential interval of a mean difference, in its unit.

    ``z sqrt((s^2 + 1/n) / n)`` (Chow and Robbins 1965). The 1/n stands for one pair not yet seen
    that differs by one: without it a harm so rare that no pair differs would look as if it were
    known exactly. Infinite for fewer than two pairs; NaN is left out.
    """
    valid = differences[np.isfinite(differences)]
    n = len(valid)
    if n < 2:
        return math.inf
    z = normal_quantile((1.0 + confidence) / 2.0)
    return z * math.sqrt((float(valid.var(ddof=1)) + 1.0 / n) / n)
