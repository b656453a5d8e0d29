"""Synthetic worlds: their data are drawn from the likelihood that the calibration uses."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.learning.recovery import coverage
from benchmarks.learning.synthetic_worlds import (
    Ranks,
    Worlds,
    _log_mark,
    _mark,
    as_text,
    draw_worlds,
    rank_truths,
    without_shifts,
)
from sim.calibrate.emulator import FittedMark, emulate
from sim.calibrate.inference import Likelihood, Sampling
from sim.calibrate.noise import Counts, Noise, Shares, Weights
from sim.calibrate.regressions import Predictor, Regressions
from sim.calibrate.slice_sampler import run_chains_each
from tests.calibrate.worlds import toy, training, unknowns

KNOWN = Regressions(training(3000))


def _likelihood(seed: int) -> Likelihood:
    return Likelihood(unknowns(), emulate(KNOWN, toy(seed).evidence))


@pytest.mark.parametrize(
    ("noise", "eta"),
    [(Counts(0.5, 0.3), 1.0), (Counts(0.1, 0.1, 1.0), 0.0), (Shares(0.2, 9.0), 0.5)],
)
def test_marks_are_drawn_as_they_are_judged(noise: Noise, eta: float) -> None:
    """60,000 marks: the share of each value is its likelihood (|z| < 4.5), which adds up to 1."""
    seen = FittedMark("x", None, "y", Predictor(np.zeros(1), {}, {}, noise), 0.0, noise, ())
    marks = _mark(seen, np.full(60_000, eta), np.random.default_rng(1))
    values = np.arange(10.0)
    chance = np.exp(_log_mark(noise, np.full(10, eta), values))
    share = (marks[:, None] == values).mean(axis=0)
    assert np.all(np.abs(share - chance) < 4.5 * np.sqrt(chance * (1.0 - chance) / len(marks)))
    if isinstance(noise, Shares):
        assert chance.sum() == pytest.approx(1.0)


def test_weights_are_drawn_as_they_are_judged() -> None:
    """40,000 weights: shares of stretches are the integrals of the likelihood (|z| < 4.5)."""
    noise = Weights(-1.0, 0.0)
    seen = FittedMark("x", None, "y", Predictor(np.zeros(1), {}, {}, noise), 0.0, noise, ())
    marks = _mark(seen, np.full(40_000, 3.0), np.random.default_rng(2))
    edges = np.array([0.0, 2.0, 8.0, 15.0, 25.0, 60.0, 1e7])
    x = np.concatenate([[0.0], np.geomspace(1e-6, 1e7, 400_000)])
    density = np.exp(_log_mark(noise, np.full(len(x), 3.0), x))
    below = np.concatenate([[0.0], np.cumsum(0.5 * (density[1:] + density[:-1]) * np.diff(x))])
    chance = np.diff(np.interp(edges, x, below)) / below[-1]
    share = np.histogram(marks, edges)[0] / len(marks)
    assert np.all(np.abs(share - chance) < 4.5 * np.sqrt(chance / len(marks)))


def test_a_world_is_judged_as_the_calibration_judges_it() -> None:
    """The likelihood of the drawn figures is that of the calibration itself."""
    likelihood = _likelihood(3)
    emulator = likelihood.emulator
    points = np.random.default_rng(4).standard_normal((30, likelihood.unknowns.size))
    worlds = Worlds(
        without_shifts(likelihood),
        [np.array([one.link.cell.intervals[0].low]) for one in emulator.cells],
        [np.array([one.shifts]) for one in emulator.cells],
        [],
    )
    found = worlds.log_likelihood(points, np.zeros(30, np.intp))
    assert found == pytest.approx(likelihood(points), abs=1e-9)


def test_earlier_figures_move_later_ones() -> None:
    """Drawn clashes shift the groups stopped in the same year, or the reverse."""
    likelihood = without_shifts(_likelihood(3))
    rng = np.random.default_rng(5)
    found = draw_worlds(likelihood, rng.standard_normal((40, likelihood.unknowns.size)), rng)
    moved = [np.ptp(shift) > 0.0 for shift in found.shifts]
    given = [bool(one.link.given) for one in likelihood.emulator.cells]
    assert moved == given
    assert any(given)


def test_posteriors_side_by_side_are_each_its_own() -> None:
    """Two normal likelihoods, 1 and -2 with spreads .5 and .2: means and spreads in closed form."""
    at, sd = np.array([1.0, -2.0]), np.array([0.5, 0.2])
    rng = np.random.default_rng(6)
    found = run_chains_each(
        lambda x, of: -0.5 * ((x[:, 0] - at[of]) / sd[of]) ** 2,
        rng.standard_normal((2, 200, 2)), 40, 100, rng,
    )  # fmt: skip
    for one, mean, spread in zip(found, at / (1.0 + sd**2), sd / np.sqrt(1.0 + sd**2), strict=True):
        points = one.points.reshape(-1, 2)
        assert points.mean(axis=0) == pytest.approx([mean, 0.0], abs=0.05)
        assert points.std(axis=0) == pytest.approx([spread, 1.0], abs=0.05)


@pytest.mark.slow
def test_intervals_hold_what_they_say_and_false_ones_do_not() -> None:
    """60 worlds: 90 % in 0.90 (4 standard errors); with noise half as wide they contain too little.

    Counts that scatter twice as much as the posterior believes would be held in 0.78.
    """
    likelihood = _likelihood(7)
    sampling = Sampling(30, 40, 40)
    parts = list(rank_truths(likelihood, 60, 1, sampling))
    ranks = np.concatenate([one.ranks for one in parts])
    share = coverage(ranks, 0.9)
    assert abs(share.value - 0.9) < 4.0 * share.error
    assert "60 worlds" in as_text(Ranks(ranks, parts[0].mixing), likelihood)
    taught = ranks[:, :2]
    wide = Sampling(30, 40, 40)
    false = _false_ranks(likelihood, 60, wide)[:, :2]
    assert np.mean(np.abs(false - 0.5) <= 0.45) < np.mean(np.abs(taught - 0.5) <= 0.45) - 0.05


def _false_ranks(likelihood: Likelihood, worlds: int, sampling: Sampling) -> np.ndarray:
    """Ranks where the world scatters far more than its judge believes."""
    rng = np.random.default_rng(9)
    bare = without_shifts(likelihood)
    figures = tuple(
        replace(one, noise=Counts(one.noise.extra + 8.0, one.noise.spread))
        for one in bare.emulator.figures
        if isinstance(one.noise, Counts)
    )
    loud = replace(bare, emulator=replace(bare.emulator, figures=figures))
    truths = rng.standard_normal((worlds, likelihood.unknowns.size))
    made = draw_worlds(loud, truths, rng)
    judged = Worlds(bare, made.figures, made.shifts, made.marks)
    start = rng.standard_normal((worlds, sampling.chains, likelihood.unknowns.size))
    found = run_chains_each(judged.log_likelihood, start, sampling.warm, sampling.rounds, rng)
    return np.array([(one.points < t).mean(axis=(0, 1)) for one, t in zip(found, truths,
                                                                         strict=True)])  # fmt: skip
