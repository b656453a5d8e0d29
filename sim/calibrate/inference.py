"""Inference: the posterior of the parameters and of the states of the years, by emulator."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final, NamedTuple

import numpy as np

from sim.calibrate.emulator import Emulator, FittedCell, SurfaceValues, log_cell, log_mark
from sim.calibrate.noise import Noise
from sim.calibrate.posterior import Moments, Posterior
from sim.calibrate.slice_sampler import climb, negative_log_density, run_chains
from sim.calibrate.types import Floats
from sim.calibrate.unknowns import Unknowns, YearState
from sim.engine.draws import Draws


class Sampling(NamedTuple):
    """The number of ``chains`` and of their rounds.

    A chain starts at a draw of the prior and has twice ``warm`` rounds to find the posterior, then
    ``rounds`` from which draws are taken.
    """

    chains: int = 200
    warm: int = 200
    rounds: int = 1000


SAMPLING: Final = Sampling()


@dataclass(frozen=True)
class Likelihood:
    """The likelihood of the evidence over unknowns with a standard normal prior."""

    unknowns: Unknowns
    emulator: Emulator

    def __call__(self, points: Floats) -> Floats:
        """Return the log likelihood at points, (points, unknowns)."""
        surfaces = self._surfaces(points)
        marks = zip(self.emulator.marks, self.marks(points), strict=True)
        each = [log_mark(mark.noise, eta, mark.intervals) for mark, eta in marks]
        total = np.sum(each, axis=0) if each else np.zeros(len(points))
        for fitted, noises, etas in self.predictions(points, surfaces):
            total += log_cell(fitted.link.cell, noises, etas)
        mean = self.emulator.training.scaling.inputs(self.unknowns.logs(points))
        return total + self.emulator.log_targets(surfaces(None), mean)

    def predictions(
        self, points: Floats, surfaces: Callable[[str | None], SurfaceValues] | None = None
    ) -> Iterator[tuple[FittedCell, list[Noise], list[Floats]]]:
        """Yield each cell with the noise and the predictor, (points,), of each of its years."""
        years, surfaces = self.logs(points), surfaces or self._surfaces(points)
        for fitted in self.emulator.cells:
            cell = fitted.link.cell
            logs = [years[span.year] for span in cell.spans]
            yield fitted, *self.emulator.predictions(fitted, surfaces(cell.regime), logs)

    def marks(self, points: Floats) -> list[Floats]:
        """Return the predictor of each mark at points, (points,) each."""
        inputs = cache(lambda regime: self.other_inputs(points, regime))
        predictors = []
        for mark in self.emulator.marks:
            slopes = mark.predictor.coefficients
            of_event = inputs(self.unknowns.distinct_regime(mark.regime))
            predictors.append(mark.shift + slopes[0] + of_event @ slopes[1:])
        return predictors

    def logs(self, points: Floats) -> dict[int, Floats]:
        """Return the standardised logs of flow and plans, (points, 2), of each year."""
        scaling = self.emulator.training.scaling
        return {
            year: scaling.inputs(self.unknowns.year_logs(state, points))
            for year, state in self.unknowns.year_states(points).items()
        }

    def outside(self, points: Floats) -> float:
        """Return the share of years at points with flow or plans outside the range of the bank."""
        scaling = self.emulator.training.scaling
        years = self.unknowns.year_states(points).values()
        outside = [scaling.outside(self.unknowns.year_logs(state, points)) for state in years]
        return float(np.mean(outside)) if outside else 0.0

    def _surfaces(self, points: Floats) -> Callable[[str | None], SurfaceValues]:
        """Return the surfaces at points by regime, each computed when it is first needed."""
        surfaces = self.emulator.surfaces
        of_regime = cache(lambda regime: surfaces.at_points(self.other_inputs(points, regime)))
        return lambda regime: of_regime(self.unknowns.distinct_regime(regime))

    def other_inputs(self, points: Floats, regime: str | None = None) -> Floats:
        """Return the inputs beside flow and plans in a regime, (points, inputs - 2)."""
        columns = [self.unknowns.keys.index(name) for name in self.emulator.training.names]
        return self.unknowns.parameters(points, regime)[:, columns]


@dataclass(frozen=True)
class PosteriorSample:
    """Draws of the posterior, ``points`` (draws, unknowns), with the diagnostics of the chains."""

    unknowns: Unknowns
    points: Floats
    mixing: Floats
    outside: float

    @cached_property
    def values(self) -> Floats:
        """Values of the free parameters, (draws, parameters)."""
        return self.unknowns.values(self.points)

    @cached_property
    def years(self) -> Mapping[int, YearState]:
        """The state of each year at each draw."""
        return self.unknowns.year_states(self.points)


def as_posterior(sample: PosteriorSample, prior: Floats) -> Posterior:
    """Convert a sample to a posterior; ``prior`` are draws of the prior, (draws, parameters)."""
    keys = sample.unknowns.keys
    moments = zip(prior.mean(axis=0).tolist(), prior.std(axis=0).tolist(), strict=True)
    spread = (Moments(*one) for one in moments)
    return Posterior(keys, sample.values, dict(zip(keys, spread, strict=True)))


def sample_posterior(
    likelihood: Likelihood, count: int, seed: int = 0, sampling: Sampling | None = None
) -> PosteriorSample:
    """Draw ``count`` points of the posterior, from chains that each start at a prior draw."""
    chains, warm, rounds = sampling or SAMPLING
    rng = np.random.default_rng(int(Draws(seed).of("learn").uniform("chains") * 2**53))
    start = rng.standard_normal((chains, likelihood.unknowns.size))
    result = run_chains(likelihood, start, warm, max(rounds, -(-count // chains)), rng)
    pooled = result.points.reshape(-1, likelihood.unknowns.size)
    points = pooled[np.linspace(0, len(pooled) - 1, count).round().astype(int)]
    return PosteriorSample(likelihood.unknowns, points, result.mixing(), likelihood.outside(points))


def mode(sample: PosteriorSample, likelihood: Likelihood) -> dict[str, float]:
    """Return the parameters at the mode on the normal scale, climbed to from the best draw.

    A point does not show what else fits as well.
    """
    start = sample.points[int(np.argmin(negative_log_density(likelihood, sample.points)))]
    values = likelihood.unknowns.values(climb(likelihood, start)[None])[0]
    return dict(zip(likelihood.unknowns.keys, values.tolist(), strict=True))
