"""A case of verification: a figure that theory gives, and the simulator's estimate of it."""

from collections.abc import Sequence
from math import inf, isclose, sqrt
from statistics import fmean, variance
from typing import Final, NamedTuple

LIMIT: Final = 4.0
"""A case fails from this many standard errors between estimate and theory."""

SHIFT: Final = 0.05
"""Relative error of the theory that every case must be able to detect."""


class Case(NamedTuple):
    """An estimate and its theory, in the same unit.

    ``error`` is the standard error of the estimate; 0 if the two must agree to rounding. ``wrong``
    is the figure of a simulator with a fault, the negative control; if it is ``None``, the fault
    is a theory that is 5 % off either way. ``family`` is the family of the study.
    """

    name: str
    theory: float
    estimate: float
    error: float = 0.0
    wrong: float | None = None
    family: str = ""

    @property
    def z(self) -> float:
        """Signed standard errors between estimate and theory; infinite if an exact case is off."""
        return _distance(self.estimate, self.theory, self.error)

    @property
    def control(self) -> float:
        """Standard errors by which the negative control is off; it must reach the limit too."""
        if self.wrong is not None:
            return abs(_distance(self.wrong, self.theory, self.error))
        shifted = (self.theory * (1.0 - SHIFT), self.theory * (1.0 + SHIFT))
        return min(abs(_distance(self.estimate, theory, self.error)) for theory in shifted)

    @property
    def holds(self) -> bool:
        """Whether the estimate agrees with theory."""
        return abs(self.z) < LIMIT

    @property
    def sees(self) -> bool:
        """Whether the negative control fails, as it must: otherwise agreement would mean little."""
        return self.control >= LIMIT


def _distance(estimate: float, theory: float, error: float) -> float:
    if error > 0.0:
        return (estimate - theory) / error
    if isclose(estimate, theory, rel_tol=1e-9, abs_tol=1e-12):
        return 0.0
    return inf if estimate > theory else -inf


def share(name: str, theory: float, hits: int, trials: int, wrong: float | None = None) -> Case:
    """A share of independent trials, with the binomial error *under the theory*.

    ``theory`` must lie in (0, 1], and ``trials`` be positive. A theory of 1 makes the case exact:
    a single miss refutes it.
    """
    return Case(name, theory, hits / trials, sqrt(theory * (1.0 - theory) / trials), wrong)


def mean(name: str, theory: float, values: Sequence[float], wrong: float | None = None) -> Case:
    """The mean of at least two independent values, with the error from their own spread."""
    return Case(name, theory, fmean(values), sqrt(variance(values) / len(values)), wrong)
