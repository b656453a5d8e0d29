"""What a sensitivity analysis found, and how it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from sim.explore.result import Part, Result


class FactorRange(Part):
    """A factor of the design: its lowest and highest value at the points, and its unit.

    ``kept_by`` are scenarios that set it themselves, in which it did not move.
    """

    name: str
    low: float
    high: float
    unit: str
    lever: bool
    kept_by: tuple[str, ...] = ()


class Influence(Part):
    """How much an outcome hangs on a factor.

    ``index`` with its interval is the mean size of an effect in the outcome's unit (Morris), the
    total share of variance (Sobol) or the median distance of distributions (PAWN); ``second`` the
    spread of the effect (Morris) or the share of variance of the factor alone (Sobol). ``change``
    is that of the outcome from the low end of the factor to the high end, on average; with
    ``turns`` it is up here and down there, and the average says little. Below ``luck`` the index
    may be luck; ``None`` where one seed cannot tell.
    """

    factor: str
    index: float
    low: float
    high: float
    change: float
    turns: bool
    second: float | None
    luck: float | None

    @property
    def standing(self) -> Literal["clear", "luck", "none"]:
        """Whether it stands above luck; ``none`` where nothing changed at all."""
        if self.index <= 0.0:
            return "none"
        return "luck" if self.luck is not None and self.index < self.luck else "clear"

    @property
    def way(self) -> Literal["raises", "lowers", "both ways"]:
        """Which way it moves the outcome; both, where the effects of either sign are alike."""
        if self.turns:
            return "both ways"
        return "raises" if self.change > 0.0 else "lowers"


class VarianceSplit(Part):
    """Shares of the variance of a run: between ``points``, between ``seeds`` at all points alike,
    and the ``rest``; and ``left``, the share of luck in the variance of the points' means.
    """

    points: float
    seeds: float
    rest: float
    left: float


class Subject(Part):
    """An outcome of a scenario, or its difference to that of the first, ``against``.

    ``expected``: of expected harm. ``dropped`` points are left out, since a run of them or of
    their trajectory failed or says nothing. ``influences`` go from the greatest to the least.
    """

    scenario: str
    against: str | None
    outcome: str
    expected: bool
    mean: float
    dropped: int
    split: VarianceSplit | None
    influences: tuple[Influence, ...]

    @property
    def clear(self) -> Sequence[Influence]:
        """Those above luck, the greatest first."""
        return [each for each in self.influences if each.standing == "clear"]

    def of(self, factor: str) -> Influence:
        """That of a factor by its name."""
        return next(each for each in self.influences if each.factor == factor)


class Sensitivity(Result):
    """What outcomes hang on, by ``n`` trajectories or points of a method, ``points`` in all.

    Every point was run with ``seeds`` seeds. The first subject is what was asked first: with two
    scenarios their difference.
    """

    kind: ClassVar[str] = "sensitivity"

    method: Literal["morris", "sobol", "pawn"]
    n: int
    points: int
    seeds: int
    confidence: float
    factors: tuple[FactorRange, ...]
    subjects: tuple[Subject, ...]
