"""The result of a sensitivity analysis, as it is stored."""

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
    """How much a factor moves an outcome.

    ``index`` with its interval is the mean size of the effect in the outcome's unit (Morris) or the
    total share of variance (Sobol). ``second`` is the spread of the effect (Morris) or the share of
    variance of the factor alone (Sobol). ``change`` is the mean change of the outcome from the low
    end of the factor to the high end; with ``turns`` it goes up in places and down in others, so
    that mean says little. An index below ``luck`` may be luck; ``None`` with one seed.
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
        """Whether the index is above luck; ``none`` where nothing changed at all."""
        if self.index <= 0.0:
            return "none"
        return "luck" if self.luck is not None and self.index < self.luck else "clear"

    @property
    def way(self) -> Literal["raises", "lowers", "both ways"]:
        """The direction in which it moves the outcome; both where neither prevails."""
        if self.turns:
            return "both ways"
        return "raises" if self.change > 0.0 else "lowers"


class VarianceSplit(Part):
    """Shares of the variance of a run: between ``points``, between ``seeds`` at all points alike,
    and the ``rest``. ``left`` is the share of luck in the variance of the points' means.
    """

    points: float
    seeds: float
    rest: float
    left: float


class Subject(Part):
    """An outcome of a scenario, or its difference to the outcome of the scenario ``against``.

    ``expected`` says that values are of expected harm. ``dropped`` points are left out: a run of
    them or of their trajectory failed or has no value. ``influences`` are sorted, greatest first.
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
        """The influences above luck, greatest first."""
        return [each for each in self.influences if each.standing == "clear"]

    def of(self, factor: str) -> Influence:
        """The influence of a factor, by its name."""
        return next(each for each in self.influences if each.factor == factor)


class Sensitivity(Result):
    """What moves outcomes, from ``n`` trajectories or base points of a method, ``points`` in all.

    Every point was run with ``seeds`` seeds. With two scenarios the first subject is their
    difference in the first outcome.
    """

    kind: ClassVar[str] = "sensitivity"

    method: Literal["morris", "sobol"]
    n: int
    points: int
    seeds: int
    confidence: float
    factors: tuple[FactorRange, ...]
    subjects: tuple[Subject, ...]
