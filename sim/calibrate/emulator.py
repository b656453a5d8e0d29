"""The emulator: the likelihood of the evidence without simulating a year.

It is a chain of regressions: of each figure given those before it, and of each mark of an event
given those before it. The likelihood of the chain is a synthetic likelihood (Wood 2010), factorised
as in Papamakarios, Sterratt and Murray (2019), with regressions in place of networks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Final, NamedTuple

import numpy as np

from sim.calibrate.cells import Cell
from sim.calibrate.evidence import Evidence, Link, Unfitted
from sim.calibrate.intervals import Interval
from sim.calibrate.noise import Counts, Edge, Noise, Shares, log_negative_binomial
from sim.calibrate.regressions import FEWEST, Predictor, Regressions, quadratic
from sim.calibrate.targets import Target
from sim.calibrate.training_data import TrainingData
from sim.calibrate.types import Floats

OUTLIERS: Final = 0.05
"""Share of outliers among marks (assumption), so that no single row decides a parameter."""

FLOOR: Final = -50.0
"""Least log likelihood of a figure or mark, so that an impossible one does not hide the others."""

_YEARLY: Final = 2
_STEPS: Final = 4


class Surfaces:
    """Quadratic surfaces of many predictors, evaluated in many years at the same points.

    The part that depends only on the parameters is computed once; each year adds that of its flow
    and plans.
    """

    def __init__(self, predictors: Sequence[Predictor], inputs: int) -> None:
        first, second = np.triu_indices(inputs)
        of_year = (first < _YEARLY).astype(int) + (second < _YEARLY)
        matrix = np.array([p.coefficients for p in predictors]).T.reshape(-1, len(predictors))
        constant, linear, products = matrix[:1], matrix[1 : inputs + 1], matrix[inputs + 1 :]
        self._alone = np.vstack([constant, linear[_YEARLY:], products[of_year == 0]])
        self._mixed = [
            np.vstack([linear[i : i + 1], products[(of_year == 1) & (first == i)]])
            for i in range(_YEARLY)
        ]
        self._yearly = products[of_year == 2]

    def at_points(self, others: Floats) -> SurfaceValues:
        """Prepare n points; ``others``, (n, k - 2), are the inputs beside flow and plans."""
        ones = np.ones((len(others), 1))
        plain = np.hstack([ones, others])
        mixed = [plain @ part for part in self._mixed]
        return SurfaceValues(
            np.hstack([ones, quadratic(others)]) @ self._alone, mixed, self._yearly
        )


class SurfaceValues(NamedTuple):
    """Surfaces at n points: the part without the year, the slopes and the curvature in the year."""

    alone: Floats
    mixed: Sequence[Floats]
    yearly: Floats

    def at(self, which: int, logs: Floats) -> Floats:
        """Evaluate one surface in a year with these standardised logs of flow and plans, (n, 2)."""
        flow, plans = logs[:, 0], logs[:, 1]
        products = (flow**2 - 1.0, flow * plans, plans**2 - 1.0)
        value: Floats = self.alone[:, which] + flow * self.mixed[0][:, which]
        value = value + plans * self.mixed[1][:, which]
        for product, slope in zip(products, self.yearly[:, which], strict=True):
            value = value + slope * product
        return value


class FittedCell(NamedTuple):
    """A cell with the index of its predictor for each year, and what earlier figures add to it."""

    link: Link
    places: tuple[int, ...]
    shifts: tuple[float, ...]


class FittedMark(NamedTuple):
    """A mark of an event with its predictor, and what earlier marks add to it."""

    event: str
    regime: str | None
    mark: str
    predictor: Predictor
    shift: float
    noise: Noise
    intervals: tuple[Interval, ...]


@dataclass(frozen=True)
class Emulator:
    """The regressions for all evidence, and what could not be fitted (``unfitted``).

    ``figures`` holds the predictors of figures, then those of ``targets``.
    """

    training: TrainingData
    figures: tuple[Predictor, ...]
    cells: tuple[FittedCell, ...]
    marks: tuple[FittedMark, ...]
    targets: tuple[Target, ...]
    unfitted: tuple[Unfitted, ...]

    @property
    def coverage(self) -> float:
        """Share of held-out figures within 90 % intervals, over all regressions."""
        shares = [one.coverage for one in self.figures if np.isfinite(one.coverage)]
        return float(np.mean(shares)) if shares else float("nan")

    @cached_property
    def surfaces(self) -> Surfaces:
        """The surfaces of the figures and targets."""
        return Surfaces(self.figures, self.training.inputs.shape[1])

    def predictions(
        self, fitted: FittedCell, on: SurfaceValues, years: Sequence[Floats]
    ) -> tuple[list[Noise], list[Floats]]:
        """Return noise and predictor of the figure in each year of a cell.

        ``years`` are their standardised logs of flow and plans, (n, 2) each.
        """
        each = zip(fitted.places, fitted.shifts, years, strict=True)
        etas = [on.at(place, logs) + shift for place, shift, logs in each]
        return [self.figures[place].noise for place in fitted.places], etas

    def log_targets(self, on: SurfaceValues, logs: Floats) -> Floats:
        """Return the log penalty of the targets in years of the mean level, (n, 2).

        It is normal in the distance of the mean figure from the target, with the scale of the
        target.
        """
        total = np.zeros(len(logs))
        first = len(self.figures) - len(self.targets)
        for place, target in enumerate(self.targets, start=first):
            goal = target.range
            total -= 0.5 * goal.weight * (goal.residual(on.at(place, logs)) / goal.scale) ** 2
        return total


def log_mark(noise: Noise, eta: Floats, intervals: Sequence[Interval]) -> Floats:
    """Return the robust log likelihood of a mark, which may be an outlier."""
    first = intervals[0].low
    wide = 1.0 / ((1.0 + first) * (2.0 + first))
    if isinstance(noise, Shares):
        wide = 1.0 / (noise.trials + 1.0)
    log_likelihood: Floats = np.logaddexp(
        np.log1p(-OUTLIERS) + log_alternatives(partial(noise.log_probability, eta), intervals, 0.0),
        np.log(OUTLIERS * wide),
    )
    return log_likelihood


def log_cell(cell: Cell, noises: Sequence[Noise], etas: Sequence[Floats]) -> Floats:
    """Return the log likelihood of a cell from the predictors of its years."""
    if len(noises) == 1:
        (noise,), (eta,) = noises, etas
        if cell.share == 1.0:
            return log_alternatives(partial(noise.log_probability, eta), cell.intervals, cell.soft)
    means, variances = [], []
    for noise, eta in zip(noises, etas, strict=True):
        assert isinstance(noise, Counts), "only counts add up over years"
        mean = cell.share * np.exp(np.clip(eta, -25.0, 15.0))
        means.append(mean)
        variances.append(noise.variance(mean))
    # the sum of counts: a negative binomial of the same mean and variance
    summed = partial(log_negative_binomial, np.sum(means, axis=0), np.sum(variances, axis=0))
    return log_alternatives(summed, cell.intervals, cell.soft)


def log_alternatives(
    log_probability: Callable[[Edge, Edge], Floats], intervals: Sequence[Interval], soft: float
) -> Floats:
    """Return the log likelihood of a mixture of intervals, widened by up to ``soft``."""
    whole = sum(one.weight for one in intervals)
    misses = np.linspace(0.0, soft, _STEPS) if soft else (0.0,)
    parts = []
    for one in intervals:
        for miss in misses:
            low = max(one.low - miss, 0.0)
            each = log_probability(low, one.high + miss)
            parts.append(each + np.log(one.weight / whole / len(misses)))
    log_mixture: Floats = np.logaddexp.reduce(parts, axis=0)
    return np.maximum(log_mixture, FLOOR)


def emulate(regressions: Regressions, evidence: Evidence) -> Emulator:
    """Fit the regressions for all evidence."""
    figures: dict[Predictor, int] = {}
    cells = []
    for link in evidence.links:
        cell, given = link
        weight = cell.statistic.unit == "kg"
        names = tuple(one.statistic for one in given)
        places, shifts = [], []
        for year, span in enumerate(cell.spans):
            predictor = regressions.figure(cell.statistic.name, span.months, names, weight)
            places.append(figures.setdefault(predictor, len(figures)))
            shifts.append(predictor.shift({g.statistic: g.values[year] for g in given}))
        cells.append(FittedCell(link, tuple(places), tuple(shifts)))
    marks, unfitted = _fit_marks(regressions, evidence)
    predictors = {target: regressions.target(target.name) for target in evidence.targets}
    fitted = {target: one for target, one in predictors.items() if one is not None}
    rare = "too few years of the bank define it"
    unfitted += [Unfitted(target.name, rare) for target in predictors if target not in fitted]
    return Emulator(
        regressions.training,
        (*figures, *fitted.values()),
        tuple(cells),
        tuple(marks),
        tuple(fitted),
        (*evidence.unfitted, *unfitted),
    )


def _fit_marks(
    regressions: Regressions, evidence: Evidence
) -> tuple[list[FittedMark], list[Unfitted]]:
    marks, unfitted = [], []
    for event in evidence.events:
        identity = event.marks.identity
        for link in event.chain:
            predictor = regressions.mark(event.group, link)
            if predictor is None:
                why = f"fewer than {FEWEST} events of the bank report it, or all the same"
                unfitted.append(Unfitted(f"{link.mark} of {identity}", why))
                continue
            noise = predictor.noise
            if link.trials is not None:
                assert isinstance(noise, Shares)
                noise = Shares(noise.correlation, link.trials)
            shift = predictor.shift(dict(link.given))
            intervals = event.marks.intervals[link.mark]
            regime = event.marks.regime
            marks.append(
                FittedMark(identity, regime, link.mark, predictor, shift, noise, intervals)
            )
    return marks, unfitted
