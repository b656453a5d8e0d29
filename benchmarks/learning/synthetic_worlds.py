"""Simulation-based calibration: does the posterior of a synthetic world cover its true unknowns?

The unknowns are draws of the prior. From them the emulator draws every cell of the shipped table
given those before it, and every mark of every event. The posterior of such a world must cover the
truth as often as it says (Talts et al. 2018), for all unknowns: parameters, states of years and
levels of regimes. The error of the emulator is not in this test; held-out years and simulated data
sets measure it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from benchmarks.learning.recovery import LEVELS, coverage, unevenness
from sim.calibrate.emulator import FLOOR, OUTLIERS, Emulator, FittedCell, FittedMark
from sim.calibrate.evidence import known_figures
from sim.calibrate.inference import Likelihood, Sampling
from sim.calibrate.noise import Counts, Noise, Shares, log_negative_binomial
from sim.calibrate.slice_sampler import Indices, run_chains_each
from sim.calibrate.types import Floats
from sim.scenario.parameter_page import table

SAMPLING = Sampling(15, 200, 300)
TOGETHER = 50
"""Number of worlds whose posteriors are sampled together."""

_LEAST = 1e-6


class Ranks(NamedTuple):
    """Ranks of truths among draws, (worlds, unknowns), and the worst R-hat of each world."""

    ranks: Floats
    mixing: Floats


@dataclass(frozen=True)
class Worlds:
    """The data of n worlds: ``figures`` of each cell and ``marks``, (n,) each.

    ``shifts``, (n, years), is what earlier figures add to each year of a cell.
    """

    likelihood: Likelihood
    figures: Sequence[Floats]
    shifts: Sequence[Floats]
    marks: Sequence[Floats]

    def log_likelihood(self, points: Floats, of: Indices) -> Floats:
        """Return the log likelihood at points, each of the world ``of``."""
        total = np.zeros(len(points))
        cells = zip(self.likelihood.predictions(points), self.figures, self.shifts, strict=True)
        for (fitted, noises, etas), figure, shift in cells:
            shifted = [eta + shift[of, year] for year, eta in enumerate(etas)]
            total += np.maximum(_log_figure(fitted, noises, shifted, figure[of]), FLOOR)
        emulator = self.likelihood.emulator
        for fitted_mark, eta, mark in zip(
            emulator.marks, self.likelihood.marks(points), self.marks, strict=True
        ):
            total += _log_mark(fitted_mark.noise, eta, mark[of])
        return total


def without_shifts(likelihood: Likelihood) -> Likelihood:
    """Remove the shifts by the true figures, and the targets, which are not data."""
    emulator = likelihood.emulator
    cells = tuple(one._replace(shifts=(0.0,) * len(one.shifts)) for one in emulator.cells)
    return replace(likelihood, emulator=replace(emulator, cells=cells, targets=()))


def draw_worlds(likelihood: Likelihood, truths: Floats, rng: np.random.Generator) -> Worlds:
    """Draw a world at each truth, (n, unknowns); ``likelihood`` is :func:`without_shifts`."""
    emulator = likelihood.emulator
    figures: list[Floats] = []
    shifts: list[Floats] = []
    for fitted, noises, etas in likelihood.predictions(truths):
        shift = _shifts(emulator, fitted, figures, len(truths))
        figures.append(_figure(fitted, noises, [e + shift[:, y] for y, e in enumerate(etas)], rng))
        shifts.append(shift)
    etas = likelihood.marks(truths)
    marks = [_mark(mark, eta, rng) for mark, eta in zip(emulator.marks, etas, strict=True)]
    return Worlds(likelihood, figures, shifts, marks)


def _shifts(
    emulator: Emulator, fitted: FittedCell, figures: Sequence[Floats], worlds: int
) -> Floats:
    """Return what figures drawn before add to each year of a cell, (worlds, years)."""
    cell, given = fitted.link
    found = np.zeros((worlds, len(cell.spans)))
    earlier = [one.link.cell for one in emulator.cells[: len(figures)]]
    for world in range(worlds) if given else ():
        drawn_cells = [
            replace(known, intervals=tuple(t._replace(low=v, high=v) for t in known.intervals[:1]))
            for known, column in zip(earlier, figures, strict=True)
            if len(known.spans) == 1 and known.exact
            for v in (float(column[world]),)
        ]
        values = {g.statistic: known_figures(g.statistic, cell.spans, drawn_cells) for g in given}
        for year, place in enumerate(fitted.places):
            known_here = {name: column[year] for name, column in values.items()}
            found[world, year] = emulator.figures[place].shift(known_here)
    return found


def _summed(
    fitted: FittedCell, noises: Sequence[Noise], etas: Sequence[Floats]
) -> tuple[Floats, Floats]:
    """Return mean and variance of a count over the years of a cell."""
    means = [fitted.link.cell.share * np.exp(np.clip(eta, -25.0, 15.0)) for eta in etas]
    variances = []
    for noise, mean in zip(noises, means, strict=True):
        assert isinstance(noise, Counts)
        variances.append(noise.variance(mean))
    return np.sum(means, axis=0), np.sum(variances, axis=0)


def _is_single(fitted: FittedCell) -> bool:
    return len(fitted.places) == 1 and fitted.link.cell.share == 1.0


def _figure(
    fitted: FittedCell, noises: Sequence[Noise], etas: Sequence[Floats], rng: np.random.Generator
) -> Floats:
    if _is_single(fitted):
        return draw_noise(noises[0], etas[0], rng)
    return _draw_counts(*_summed(fitted, noises, etas), rng)


def _draw_counts(mean: Floats, variance: Floats, rng: np.random.Generator) -> Floats:
    size = mean**2 / np.maximum(variance - mean, _LEAST * mean)
    return rng.poisson(rng.gamma(size, mean / size)).astype(np.float64)


def draw_noise(noise: Noise, predictor: Floats, rng: np.random.Generator) -> Floats:
    """Draw one value for each predictor."""
    if isinstance(noise, Counts):
        mean = np.exp(np.clip(predictor, -25.0, 15.0))
        return noise.least + _draw_counts(mean, noise.variance(mean), rng)
    if isinstance(noise, Shares):
        return rng.binomial(int(noise.trials), rng.beta(*noise.shapes(predictor))).astype(float)
    off = noise.sd(predictor) * rng.standard_normal(len(predictor))
    return np.maximum(np.expm1(predictor + off), 0.0)


def _log_figure(
    fitted: FittedCell, noises: Sequence[Noise], etas: Sequence[Floats], figure: Floats
) -> Floats:
    if _is_single(fitted):
        return noises[0].log_probability(etas[0], figure, figure)
    return log_negative_binomial(*_summed(fitted, noises, etas), figure, figure)


def _mark(fitted_mark: FittedMark, eta: Floats, rng: np.random.Generator) -> Floats:
    """Draw a mark of each world, or an outlier."""
    plain, u = draw_noise(fitted_mark.noise, eta, rng), rng.uniform(size=len(eta))
    if isinstance(fitted_mark.noise, Shares):
        outlier = np.floor(u * (fitted_mark.noise.trials + 1.0))
    elif isinstance(fitted_mark.noise, Counts):
        outlier = np.floor(1.0 / (1.0 - u)) - 1.0
    else:  # density 1 / ((1 + x) (2 + x)) / log 2
        half = 2.0 ** (u - 1.0)
        outlier = (2.0 * half - 1.0) / (1.0 - half)
    return np.where(rng.uniform(size=len(eta)) < _outlier(fitted_mark.noise), outlier, plain)


def _outlier(noise: Noise) -> float:
    """Return the probability of an outlier; that of a weight integrates to less than one."""
    if isinstance(noise, Counts | Shares):
        return OUTLIERS
    mass = OUTLIERS * np.log(2.0)
    return float(mass / (mass + 1.0 - OUTLIERS))


def _log_mark(noise: Noise, eta: Floats, mark: Floats) -> Floats:
    wide = 1.0 / ((1.0 + mark) * (2.0 + mark))
    if isinstance(noise, Shares):
        wide = np.full_like(mark, 1.0 / (noise.trials + 1.0))
    plain = np.maximum(noise.log_probability(eta, mark, mark), FLOOR)
    found: Floats = np.logaddexp(np.log1p(-OUTLIERS) + plain, np.log(OUTLIERS * wide))
    return found


def rank_truths(
    likelihood: Likelihood, worlds: int, seed: int = 0, sampling: Sampling = SAMPLING
) -> Iterator[Ranks]:
    """Yield the ranks of the truths in their posteriors, for some worlds at a time."""
    bare = without_shifts(likelihood)
    for first in range(0, worlds, TOGETHER):
        rng = np.random.default_rng([seed, first])
        count = min(TOGETHER, worlds - first)
        truths = rng.standard_normal((count, likelihood.unknowns.size))
        data = draw_worlds(bare, truths, rng)
        start = rng.standard_normal((count, sampling.chains, likelihood.unknowns.size))
        found = run_chains_each(data.log_likelihood, start, sampling.warm, sampling.rounds, rng)
        pairs = zip(found, truths, strict=True)
        ranks = np.array([(one.points < truth).mean(axis=(0, 1)) for one, truth in pairs])
        yield Ranks(ranks, np.array([one.mixing().max() for one in found]))


def names(likelihood: Likelihood) -> list[str]:
    """Name each unknown."""
    unknowns = likelihood.unknowns
    found = list(unknowns.keys)
    found += [f"{year} {which}" for year in unknowns.years for which in ("flow", "plans")]
    return found + [f"of a regime {i}" for i in range(unknowns.size - len(found))]


def as_text(found: Ranks, likelihood: Likelihood) -> str:
    """Tabulate coverage over groups of unknowns, and name the worst unknown."""
    free, years = len(likelihood.unknowns.keys), 2 * len(likelihood.unknowns.years)
    groups = {"parameters": slice(0, free), "states of years": slice(free, free + years),
              "levels of regimes": slice(free + years, None), "all": slice(None)}  # fmt: skip
    rows = [
        [name, *(str(coverage(found.ranks[:, some], level)) for level in LEVELS),
         f"{unevenness(found.ranks[:, some]):.2f}"]
        for name, some in groups.items() if found.ranks[:, some].size
    ]  # fmt: skip
    off = np.abs((np.abs(found.ranks - 0.5) <= 0.45).mean(axis=0) - 0.9)
    worst = int(np.argmax(off))
    share = float((np.abs(found.ranks[:, worst] - 0.5) <= 0.45).mean())
    return (
        f"{len(found.ranks)} worlds; R-hat of the worst unknown: median "
        f"{np.median(found.mixing):.2f}, at most {found.mixing.max():.2f}\n\n"
        f"{table(['unknowns', '50 % coverage', '90 % coverage', 'ranks uniform, p'], rows)}\n"
        f"Farthest from 0.90: {names(likelihood)[worst]}, {share:.2f}."
    )
