"""Simulation-based calibration: does the posterior of a synthetic world cover its true unknowns?

The unknowns are drawn from the prior. From them the emulator draws every cell of the shipped table
given those before it, and every mark of every event. The posterior of such a world must hold the
truth as often as it says (Talts et al. 2018). All unknowns are asked
about: parameters, states of years, levels of regimes. The emulator's own error is not in it; that
is measured on years that the regressions did not see, and by simulated data sets.
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
"""Worlds whose posteriors are sampled side by side."""

_LEAST = 1e-6


class Held(NamedTuple):
    """Ranks of truths among draws, (worlds, unknowns), and the worst R-hat of each world."""

    ranks: Floats
    mixing: Floats


@dataclass(frozen=True)
class Worlds:
    """What is told of n worlds: ``figures`` of each cell and ``marks``, both (n,) each.

    ``shifts`` is what earlier figures add to each year of a cell, (n, years).
    """

    likelihood: Likelihood
    figures: Sequence[Floats]
    shifts: Sequence[Floats]
    marks: Sequence[Floats]

    def log_likelihood(self, points: Floats, of: Indices) -> Floats:
        """At points, each of the world ``of``."""
        total = np.zeros(len(points))
        told = zip(self.likelihood.predictions(points), self.figures, self.shifts, strict=True)
        for (heard, noises, etas), figure, shift in told:
            own = [eta + shift[of, year] for year, eta in enumerate(etas)]
            total += np.maximum(_log_figure(heard, noises, own, figure[of]), FLOOR)
        emulator = self.likelihood.emulator
        for seen, eta, mark in zip(
            emulator.marks, self.likelihood.marks(points), self.marks, strict=True
        ):
            total += _log_mark(seen.noise, eta, mark[of])
        return total


def unshifted(likelihood: Likelihood) -> Likelihood:
    """The same without what the true figures add, and without targets: they are not data."""
    emulator = likelihood.emulator
    heard = tuple(one._replace(shifts=(0.0,) * len(one.shifts)) for one in emulator.cells)
    return replace(likelihood, emulator=replace(emulator, cells=heard, targets=()))


def drawn(likelihood: Likelihood, truths: Floats, rng: np.random.Generator) -> Worlds:
    """A world at each truth, (n, unknowns); ``likelihood`` as :func:`unshifted` leaves it."""
    emulator = likelihood.emulator
    figures: list[Floats] = []
    shifts: list[Floats] = []
    for heard, noises, etas in likelihood.predictions(truths):
        shift = _shifts(emulator, heard, figures, len(truths))
        figures.append(_figure(heard, noises, [e + shift[:, y] for y, e in enumerate(etas)], rng))
        shifts.append(shift)
    marks = [_mark(seen, eta, rng) for seen, eta in zip(emulator.marks, likelihood.marks(truths),
                                                        strict=True)]  # fmt: skip
    return Worlds(likelihood, figures, shifts, marks)


def _shifts(
    emulator: Emulator, heard: FittedCell, figures: Sequence[Floats], worlds: int
) -> Floats:
    """What the figures drawn before make of each year of a cell, (worlds, years)."""
    cell, given = heard.link
    found = np.zeros((worlds, len(cell.spans)))
    earlier = [one.link.cell for one in emulator.cells[: len(figures)]]
    for world in range(worlds) if given else ():
        told = [
            replace(known, intervals=tuple(t._replace(low=v, high=v) for t in known.intervals[:1]))
            for known, column in zip(earlier, figures, strict=True)
            if len(known.spans) == 1 and known.exact
            for v in (float(column[world]),)
        ]
        values = {g.statistic: known_figures(g.statistic, cell.spans, told) for g in given}
        for year, place in enumerate(heard.places):
            known_here = {name: column[year] for name, column in values.items()}
            found[world, year] = emulator.figures[place].shift(known_here)
    return found


def _summed(
    heard: FittedCell, noises: Sequence[Noise], etas: Sequence[Floats]
) -> tuple[Floats, Floats]:
    """Mean and variance of a count over the years of a cell."""
    means = [heard.link.cell.share * np.exp(np.clip(eta, -25.0, 15.0)) for eta in etas]
    variances = []
    for noise, mean in zip(noises, means, strict=True):
        assert isinstance(noise, Counts)
        variances.append(noise.variance(mean))
    return np.sum(means, axis=0), np.sum(variances, axis=0)


def _alone(heard: FittedCell) -> bool:
    return len(heard.places) == 1 and heard.link.cell.share == 1.0


def _figure(
    heard: FittedCell, noises: Sequence[Noise], etas: Sequence[Floats], rng: np.random.Generator
) -> Floats:
    if _alone(heard):
        return noises[0].draw(etas[0], rng)
    mean, variance = _summed(heard, noises, etas)
    size = mean**2 / np.maximum(variance - mean, _LEAST * mean)
    return rng.poisson(rng.gamma(size, mean / size)).astype(np.float64)


def _log_figure(
    heard: FittedCell, noises: Sequence[Noise], etas: Sequence[Floats], figure: Floats
) -> Floats:
    if _alone(heard):
        return noises[0].log_probability(etas[0], figure, figure)
    return log_negative_binomial(*_summed(heard, noises, etas), figure, figure)


def _mark(seen: FittedMark, eta: Floats, rng: np.random.Generator) -> Floats:
    """A mark of each world; now and then it tells of something else."""
    plain, u = seen.noise.draw(eta, rng), rng.uniform(size=len(eta))
    if isinstance(seen.noise, Shares):
        strange = np.floor(u * (seen.noise.trials + 1.0))
    elif isinstance(seen.noise, Counts):
        strange = np.floor(1.0 / (1.0 - u)) - 1.0
    else:  # density 1 / ((1 + x) (2 + x)) / log 2
        half = 2.0 ** (u - 1.0)
        strange = (2.0 * half - 1.0) / (1.0 - half)
    return np.where(rng.uniform(size=len(eta)) < _strange(seen.noise), strange, plain)


def _strange(noise: Noise) -> float:
    """The chance of something else; of a weight its density there is not all of one."""
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


def held(
    likelihood: Likelihood, worlds: int, seed: int = 0, sampling: Sampling = SAMPLING
) -> Iterator[Held]:
    """Where the truths of worlds lie in their posteriors, some worlds after others."""
    bare = unshifted(likelihood)
    for first in range(0, worlds, TOGETHER):
        rng = np.random.default_rng([seed, first])
        count = min(TOGETHER, worlds - first)
        truths = rng.standard_normal((count, likelihood.unknowns.size))
        told = drawn(bare, truths, rng)
        start = rng.standard_normal((count, sampling.chains, likelihood.unknowns.size))
        found = run_chains_each(told.log_likelihood, start, sampling.warm, sampling.rounds, rng)
        pairs = zip(found, truths, strict=True)
        ranks = np.array([(one.points < truth).mean(axis=(0, 1)) for one, truth in pairs])
        yield Held(ranks, np.array([one.mixing().max() for one in found]))


def names(likelihood: Likelihood) -> list[str]:
    """What each unknown is."""
    unknowns = likelihood.unknowns
    found = list(unknowns.keys)
    found += [f"{year} {which}" for year in unknowns.years for which in ("flow", "plans")]
    return found + [f"of a regime {i}" for i in range(unknowns.size - len(found))]


def told(found: Held, likelihood: Likelihood) -> str:
    """How often intervals held the truth, over groups of unknowns and for the worst of them."""
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
        f"{table(['unknowns', '50 % hold', '90 % hold', 'ranks uniform, p'], rows)}\n"
        f"Farthest from 0.90: {names(likelihood)[worst]}, {share:.2f}."
    )
