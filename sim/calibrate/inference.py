"""Learning from every year: the posterior of parameters and of the years' states, by emulator."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final, NamedTuple

import numpy as np

from sim.calibrate.emulator import Emulator, FittedCell, SurfaceValues, log_cell, log_mark
from sim.calibrate.noise import Noise
from sim.calibrate.posterior import Moments, Posterior
from sim.calibrate.slice_sampler import Chains, climb, negative_log_density, sample
from sim.calibrate.types import Floats
from sim.calibrate.unknowns import Unknowns, YearState
from sim.engine.draws import Draws


class Sampling(NamedTuple):
    """How many ``chains``, for how many rounds each: ``warm`` in which a chain finds the posterior
    from wherever the prior began it, twice, and those from which draws are taken.
    """

    chains: int = 200
    warm: int = 200
    rounds: int = 1000


SAMPLING: Final = Sampling()


@dataclass(frozen=True)
class Likelihood:
    """The posterior as a likelihood over standard normal unknowns."""

    unknowns: Unknowns
    emulator: Emulator

    def __call__(self, points: Floats) -> Floats:
        """Log likelihood at points, (points, unknowns)."""
        over = self._over(points)
        marks = zip(self.emulator.marks, self.marks(points), strict=True)
        each = [log_mark(seen.noise, eta, seen.intervals) for seen, eta in marks]
        total = np.sum(each, axis=0) if each else np.zeros(len(points))
        for heard, noises, etas in self.predictions(points, over):
            total += log_cell(heard.link.cell, noises, etas)
        mean = self.emulator.training.scaling.inputs(self.unknowns.logs(points))
        return total + self.emulator.log_targets(over(None), mean)

    def predictions(
        self, points: Floats, over: Callable[[str | None], SurfaceValues] | None = None
    ) -> Iterator[tuple[FittedCell, list[Noise], list[Floats]]]:
        """Each cell with the noises of its years' figures and their predictors at points."""
        years, over = self.logs(points), over or self._over(points)
        for heard in self.emulator.cells:
            cell = heard.link.cell
            logs = [years[span.year] for span in cell.spans]
            yield heard, *self.emulator.predictions(heard, over(cell.regime), logs)

    def marks(self, points: Floats) -> list[Floats]:
        """Predictors of every mark at points, each (points,)."""
        others = cache(lambda regime: self.others(points, regime))
        found = []
        for seen in self.emulator.marks:
            slopes = seen.predictor.coefficients
            of_event = others(self.unknowns.apart(seen.regime))
            found.append(seen.shift + slopes[0] + of_event @ slopes[1:])
        return found

    def logs(self, points: Floats) -> dict[int, Floats]:
        """The standardised logarithms of flow and plans of each year at points."""
        scaling = self.emulator.training.scaling
        return {
            year: scaling.inputs(self.unknowns.logs_of(state, points))
            for year, state in self.unknowns.of_years(points).items()
        }

    def outside(self, points: Floats) -> float:
        """Share of years at points whose flow or plans no year of the bank had."""
        scaling = self.emulator.training.scaling
        years = self.unknowns.of_years(points).values()
        beyond = [scaling.outside(self.unknowns.logs_of(state, points)) for state in years]
        return float(np.mean(beyond)) if beyond else 0.0

    def _over(self, points: Floats) -> Callable[[str | None], SurfaceValues]:
        """The surfaces at points by regime, each made when it is asked for first."""
        made = cache(lambda regime: self.emulator.surfaces.over(self.others(points, regime)))
        return lambda regime: made(self.unknowns.apart(regime))

    def others(self, points: Floats, regime: str | None = None) -> Floats:
        """The inputs that are parameters themselves, (points, inputs - 2), in a regime."""
        return self.unknowns.parameters(points, regime)[:, self._places]

    @cached_property
    def _places(self) -> list[int]:
        return [self.unknowns.keys.index(name) for name in self.emulator.training.names]


@dataclass(frozen=True)
class PosteriorSample:
    """Draws of the posterior, (draws, unknowns), with what the chains say of themselves."""

    unknowns: Unknowns
    points: Floats
    mixing: Floats
    outside: float

    @cached_property
    def values(self) -> Floats:
        """The free parameters, (draws, parameters)."""
        return self.unknowns.values(self.points)

    @cached_property
    def years(self) -> Mapping[int, YearState]:
        """The state of each year, of which (draws, 2) for flow and plans."""
        return self.unknowns.of_years(self.points)


def as_posterior(learnt: PosteriorSample, prior: Floats) -> Posterior:
    """Draws that count alike, as a posterior; ``prior`` are draws of it, (draws, parameters)."""
    keys = learnt.unknowns.keys
    moments = zip(prior.mean(axis=0).tolist(), prior.std(axis=0).tolist(), strict=True)
    spread = (Moments(*one) for one in moments)
    return Posterior(keys, learnt.values, dict(zip(keys, spread, strict=True)))


def learn(
    likelihood: Likelihood, count: int, seed: int = 0, sampling: Sampling | None = None
) -> PosteriorSample:
    """Draw from the posterior: ``count`` points, from chains that each begin at the prior."""
    chains, warm, rounds = sampling or SAMPLING
    rng = np.random.default_rng(int(Draws(seed).of("learn").uniform("chains") * 2**53))
    start = rng.standard_normal((chains, likelihood.unknowns.size))
    found: Chains = sample(likelihood, start, warm, max(rounds, -(-count // chains)), rng)
    pooled = found.points.reshape(-1, likelihood.unknowns.size)
    points = pooled[np.linspace(0, len(pooled) - 1, count).round().astype(int)]
    return PosteriorSample(likelihood.unknowns, points, found.mixing(), likelihood.outside(points))


def mode(learnt: PosteriorSample, likelihood: Likelihood) -> dict[str, float]:
    """Return the parameters at the mode on the normal scale, climbed to from the best draw.

    A point does not show what else fits as well.
    """
    start = learnt.points[int(np.argmin(negative_log_density(likelihood, learnt.points)))]
    values = likelihood.unknowns.values(climb(likelihood, start)[None])[0]
    return dict(zip(likelihood.unknowns.keys, values.tolist(), strict=True))
