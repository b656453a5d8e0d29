"""The emulator: what a year of the model would tell, without running it.

A chain of regressions: of each figure given those before it, of each mark of an event given those
before it. Its likelihood is that of the chain (a synthetic likelihood, Wood
2010, factorised as in Papamakarios, Sterratt and Murray 2019, with regressions for networks).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from sim.calibrate.cells import Cell
from sim.calibrate.evidence import Evidence, Link, Unfitted
from sim.calibrate.intervals import Interval
from sim.calibrate.noise import (
    Counts,
    Edge,
    Noise,
    Shares,
    log_negative_binomial,
)
from sim.calibrate.regressions import FEWEST, Predictor, Regressions, quadratic
from sim.calibrate.targets import Target
from sim.calibrate.training_data import TrainingData
from sim.calibrate.types import Floats

STRANGE: Final = 0.05
"""Share of marks that tell of something else (assumption): no single row decides a parameter."""

FLOOR: Final = -50.0
"""Least log likelihood of one figure or mark: what cannot be does not hide the others."""

_YEARLY: Final = 2
_STEPS: Final = 4


class Surfaces:
    """Quadratic surfaces of many predictors, read at many years of the same points.

    What hangs on the parameters alone is computed once; each year adds what its flow and plans do.
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

    def over(self, others: Floats) -> SurfaceValues:
        """Ready for years of points whose other inputs are ``others``, (n, inputs - 2)."""
        ones = np.ones((len(others), 1))
        plain = np.hstack([ones, others])
        mixed = [plain @ part for part in self._mixed]
        return SurfaceValues(
            np.hstack([ones, quadratic(others)]) @ self._alone, mixed, self._yearly
        )


class SurfaceValues(NamedTuple):
    """Surfaces at n points: the part without the year, its slopes, and the year's own curvature."""

    alone: Floats
    mixed: Sequence[Floats]
    yearly: Floats

    def at(self, which: int, logs: Floats) -> Floats:
        """One surface at the points in a year of these standardised logarithms, (n, 2)."""
        flow, plans = logs[:, 0], logs[:, 1]
        own = (flow**2 - 1.0, flow * plans, plans**2 - 1.0)
        found: Floats = self.alone[:, which] + flow * self.mixed[0][:, which]
        found = found + plans * self.mixed[1][:, which]
        for part, slope in zip(own, self.yearly[:, which], strict=True):
            found = found + slope * part
        return found


class FittedCell(NamedTuple):
    """A cell as the emulator hears it: per year the place of its predictor, and what earlier
    figures add.
    """

    link: Link
    places: tuple[int, ...]
    shifts: tuple[float, ...]


class FittedMark(NamedTuple):
    """A mark of an event as the emulator sees it."""

    event: str
    regime: str | None
    mark: str
    predictor: Predictor
    shift: float
    noise: Noise
    intervals: tuple[Interval, ...]


@dataclass(frozen=True)
class Emulator:
    """The regressions for all evidence; ``unfitted`` says what could not be fitted, and why.

    ``figures`` are the predictors of figures, and after them those of ``targets``.
    """

    training: TrainingData
    figures: tuple[Predictor, ...]
    cells: tuple[FittedCell, ...]
    marks: tuple[FittedMark, ...]
    targets: tuple[Target, ...]
    unfitted: tuple[Unfitted, ...]

    @property
    def coverage(self) -> float:
        """Share of figures not seen that the 90 % intervals hold, over all regressions."""
        held = [one.coverage for one in self.figures if np.isfinite(one.coverage)]
        return float(np.mean(held)) if held else float("nan")

    @cached_property
    def surfaces(self) -> Surfaces:
        """Those of the figures and targets."""
        return Surfaces(self.figures, self.training.inputs.shape[1])

    def predictions(
        self, heard: FittedCell, on: SurfaceValues, years: Sequence[Floats]
    ) -> tuple[list[Noise], list[Floats]]:
        """For each year of a cell the noise of its figure and its predictors; ``years`` are their
        standardised logarithms.
        """
        each = zip(heard.places, heard.shifts, years, strict=True)
        etas = [on.at(place, logs) + shift for place, shift, logs in each]
        return [self.figures[place].noise for place in heard.places], etas

    def log_targets(self, on: SurfaceValues, logs: Floats) -> Floats:
        """Log penalty of the targets at years of the mean level, (n, 2): the mean figure may lie
        off what was observed as its scale says.
        """
        total = np.zeros(len(logs))
        first = len(self.figures) - len(self.targets)
        for place, target in enumerate(self.targets, start=first):
            aim = target.range
            total -= 0.5 * aim.weight * (aim.residual(on.at(place, logs)) / aim.scale) ** 2
        return total


def log_mark(noise: Noise, eta: Floats, told: Sequence[Interval]) -> Floats:
    """Log likelihood of a mark that may also be of something the model lacks, or told wrongly."""
    first = told[0].low
    wide = 1.0 / ((1.0 + first) * (2.0 + first))
    if isinstance(noise, Shares):
        wide = 1.0 / (noise.trials + 1.0)
    found: Floats = np.logaddexp(
        np.log1p(-STRANGE) + log_alternatives(noise, eta, told, 0.0), np.log(STRANGE * wide)
    )
    return found


def log_cell(cell: Cell, noises: Sequence[Noise], etas: Sequence[Floats]) -> Floats:
    """Log likelihood of what is told of a cell, from its years' predictors."""
    if len(noises) == 1:
        (noise,), (eta,) = noises, etas
        if cell.share == 1.0:
            return log_alternatives(noise, eta, cell.intervals, cell.soft)
    means, variances = [], []
    for noise, eta in zip(noises, etas, strict=True):
        assert isinstance(noise, Counts), "only counts are summed over years"
        mean = cell.share * np.exp(np.clip(eta, -25.0, 15.0))
        means.append(mean)
        variances.append(noise.variance(mean))
    summed = _Summed(np.sum(means, axis=0), np.sum(variances, axis=0))
    return log_alternatives(summed, etas[0], cell.intervals, cell.soft)


@dataclass(frozen=True)
class _Summed:
    """Counts of several years: the negative binomial of their mean and variance."""

    mean: Floats
    variance: Floats

    def log_probability(self, predictor: Floats, low: Edge, high: Edge) -> Floats:
        del predictor
        return log_negative_binomial(self.mean, self.variance, low, high)


def log_alternatives(noise: Noise, eta: Floats, told: Sequence[Interval], soft: float) -> Floats:
    """A mixture of what the sources tell; a soft bound may be missed by up to ``soft``."""
    whole = sum(one.weight for one in told)
    misses = np.linspace(0.0, soft, _STEPS) if soft else (0.0,)
    parts = []
    for one in told:
        for miss in misses:
            low = max(one.low - miss, 0.0)
            each = noise.log_probability(
                eta, low, one.high + miss if one.high < np.inf else one.high
            )
            parts.append(each + np.log(one.weight / whole / len(misses)))
    found: Floats = np.logaddexp.reduce(parts, axis=0)
    return np.maximum(found, FLOOR)


def emulate(regressions: Regressions, evidence: Evidence) -> Emulator:
    """A regression for everything that is told."""
    figures: dict[Predictor, int] = {}
    heard = []
    for link in evidence.links:
        cell, given = link
        weight = cell.statistic.unit == "kg"
        names = tuple(one.statistic for one in given)
        places, shifts = [], []
        for year, span in enumerate(cell.spans):
            found = regressions.figure(cell.statistic.name, span.months, names, weight)
            places.append(figures.setdefault(found, len(figures)))
            shifts.append(found.shift({g.statistic: g.values[year] for g in given}))
        heard.append(FittedCell(link, tuple(places), tuple(shifts)))
    seen, unfitted = _marks(regressions, evidence)
    aimed = {target: regressions.target(target.name) for target in evidence.targets}
    fitted = {target: found for target, found in aimed.items() if found is not None}
    rare = "hardly a year of the bank defines it"
    unfitted += [Unfitted(target.name, rare) for target in aimed if target not in fitted]
    return Emulator(
        regressions.training,
        (*figures, *fitted.values()),
        tuple(heard),
        tuple(seen),
        tuple(fitted),
        (*evidence.unfitted, *unfitted),
    )


def _marks(regressions: Regressions, evidence: Evidence) -> tuple[list[FittedMark], list[Unfitted]]:
    seen, unfitted = [], []
    for event in evidence.events:
        identity = event.marks.identity
        for chance in event.chain:
            found = regressions.mark(event.group, chance)
            if found is None:
                why = f"fewer than {FEWEST} events of the bank tell it, or all tell the same"
                unfitted.append(Unfitted(f"{chance.mark} of {identity}", why))
                continue
            noise: Noise = found.noise
            if chance.trials is not None:
                assert isinstance(found.noise, Shares)
                noise = Shares(found.noise.together, chance.trials)
            shift = found.shift(dict(chance.given))
            told = event.marks.intervals[chance.mark]
            seen.append(
                FittedMark(identity, event.marks.regime, chance.mark, found, shift, noise, told)
            )
    return seen, unfitted
