"""Inference by emulator: its likelihood is right, and its posteriors cover the truth."""

from dataclasses import replace
from functools import cache, partial

import numpy as np
import pytest

from sim.calibrate.emulator import Surfaces, emulate, log_alternatives
from sim.calibrate.evidence import Evidence
from sim.calibrate.inference import (
    Likelihood,
    PosteriorSample,
    Sampling,
    as_posterior,
    mode,
    sample_posterior,
)
from sim.calibrate.intervals import Interval
from sim.calibrate.noise import Counts, log_negative_binomial
from sim.calibrate.prior_check import check_prior, refuse_unreachable
from sim.calibrate.regressions import Regressions, quadratic
from sim.calibrate.training_data import TrainingData
from sim.errors import PanjError
from tests.calibrate.worlds import YEARS, Toy, cell, means, toy, training, unknowns


@cache
def bank() -> TrainingData:
    """Six thousand years of the closed form."""
    return training(6000)


@cache
def regressions() -> Regressions:
    """What the emulator takes from them."""
    return Regressions(bank())


def likelihood_of(evidence: Evidence) -> Likelihood:
    """The likelihood through the emulator of the bank."""
    return Likelihood(unknowns(), emulate(regressions(), evidence))


@pytest.fixture(scope="module")
def truth() -> Toy:
    """One data set."""
    return toy(11)


@pytest.fixture(scope="module")
def found(truth: Toy) -> PosteriorSample:
    """A sample of the posterior of the toy."""
    return sample_posterior(likelihood_of(truth.evidence), 300, sampling=Sampling(60, 60, 80))


def exact(points: np.ndarray, one: Toy) -> np.ndarray:
    """The log likelihood of a data set without any emulator."""
    known, total = unknowns(), np.zeros(len(points))
    armed = known.value("smugglers.p_armed", points)
    for year, state in known.year_states(points).items():
        for name, mean in means(known.year_logs(state, points), armed).items():
            value = one.figures[name][year]
            total += log_negative_binomial(mean, mean * (1.0 + 1e-9), value, value)
    return total


def test_the_surfaces_are_the_regressions_read_many_at_once() -> None:
    """Bit for bit nearly: the part of a year and the part of the parameters add up."""
    emulator = emulate(regressions(), toy(1).evidence)
    rng = np.random.default_rng(0)
    inputs = rng.standard_normal((50, 3))
    on = Surfaces(emulator.figures, 3).at_points(inputs[:, 2:])
    for place, predictor in enumerate(emulator.figures):
        direct = predictor.coefficients[0] + quadratic(inputs) @ predictor.coefficients[1:]
        assert on.at(place, inputs[:, :2]) == pytest.approx(direct, abs=1e-10)


def test_the_emulated_likelihood_is_the_exact_one(truth: Toy, found: PosteriorSample) -> None:
    """But for a constant and a little noise, over draws of the posterior."""
    points = found.points
    off = likelihood_of(truth.evidence)(points) - exact(points, truth)
    assert np.std(off) < 0.35
    assert np.std(exact(points, truth)) > 1.0, "there is something to tell"


def test_the_emulator_is_as_sure_as_it_says(truth: Toy) -> None:
    """Its 90 % intervals hold nine in ten of what it has not seen."""
    assert emulate(regressions(), truth.evidence).coverage == pytest.approx(0.9, abs=0.02)


@pytest.mark.slow
def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Simulation-based calibration over sets of years: 24 data sets, all unknowns together.

    A posterior that is half as wide would hold 59 % in its 90 % intervals and is found.
    """
    ranks, narrow = [], []
    for seed in range(24):
        one = toy(seed)
        found = sample_posterior(
            likelihood_of(one.evidence), 200, seed, sampling=Sampling(24, 30, 30)
        ).points
        ranks.append(np.mean(found < one.point, axis=0))
        shrunk = found.mean(axis=0) + 0.5 * (found - found.mean(axis=0))
        narrow.append(np.mean(shrunk < one.point, axis=0))
    taught = [0, 1, *range(3, 3 + 2 * len(YEARS), 2)]  # parameters, and the flow of each year
    share, too_narrow = (
        np.mean(np.abs(np.array(r)[:, taught] - 0.5) <= 0.45) for r in (ranks, narrow)
    )
    assert share == pytest.approx(0.9, abs=0.07)
    assert too_narrow < 0.8


def test_the_posterior_is_near_the_truth(truth: Toy, found: PosteriorSample) -> None:
    """Clashes over groups stopped show arms: the posterior is narrower and contains them."""
    armed = found.values[:, 1]
    held = unknowns().values(truth.point[None])[0, 1]
    assert np.std(armed) < 0.6 * 0.55 / np.sqrt(12.0)
    assert np.quantile(armed, 0.005) < held < np.quantile(armed, 0.995)
    assert found.mixing.max() < 1.1
    assert found.outside < 0.05


@pytest.mark.thorough
def test_a_year_forgotten_is_as_open_as_its_neighbours_leave_it(truth: Toy) -> None:
    """Without its cells the state of a year widens, and other years stay known."""
    sds = []
    for evidence in (truth.evidence, truth.evidence.without([2024])):
        years = sample_posterior(likelihood_of(evidence), 200, sampling=Sampling(40, 40, 40)).years
        sds.append([float(np.std(years[year].state[:, 0])) for year in (2024, 2016)])
    (known, other), (forgotten, still) = sds
    assert forgotten > 1.2 * known
    assert still < 1.2 * other


def test_the_same_seed_learns_the_same(truth: Toy) -> None:
    """To the bit, and another seed not."""
    likelihood = likelihood_of(truth.evidence)
    one, two, three = (
        sample_posterior(likelihood, 50, s, Sampling(20, 5, 5)).points for s in (0, 0, 1)
    )
    assert np.array_equal(one, two)
    assert not np.array_equal(one, three)


def test_the_mode_is_higher_than_every_draw(truth: Toy, found: PosteriorSample) -> None:
    """And within the bounds of the priors."""
    best = mode(found, likelihood_of(truth.evidence))
    assert best.keys() == set(unknowns().keys)
    assert 0.05 <= best["smugglers.p_armed"] <= 0.6


def test_a_posterior_has_the_moments_of_its_draws(found: PosteriorSample) -> None:
    """For each counts alike."""
    posterior = as_posterior(found, found.values)
    assert len(posterior) == 300
    assert posterior.summary()[1].mean == pytest.approx(float(found.values[:, 1].mean()))


def test_sources_that_conflict_are_a_mixture() -> None:
    """The mean of their likelihoods, weighed; a bound is the chance beyond it."""
    noise, eta = Counts(0.1, 0.0), np.array([2.0])
    law = partial(noise.log_probability, eta)
    parts = [float(law(k, k)[0]) for k in (5, 9)]
    told = (Interval(5.0, 5.0), Interval(9.0, 9.0, 0.5))
    expected = np.log((np.exp(parts[0]) + 0.5 * np.exp(parts[1])) / 1.5)
    assert float(log_alternatives(law, told, 0.0)[0]) == pytest.approx(expected)
    floor = float(log_alternatives(law, (Interval(8.0, np.inf),), 0.0)[0])
    soft = float(log_alternatives(law, (Interval(8.0, np.inf),), 3.0)[0])
    assert floor < soft < 0.0


def test_a_figure_out_of_reach_is_refused_and_one_hardly_in_reach_warned_of(truth: Toy) -> None:
    """A thousand clashes a year are beyond every draw, sixty are far out."""
    reach = check_prior(likelihood_of(truth.evidence))
    refuse_unreachable(reach)
    links = truth.evidence.links
    far = links[0]._replace(cell=cell("clashes", 2025, 9e4))
    beyond = check_prior(likelihood_of(replace(truth.evidence, links=(far,))))
    assert beyond[0].least < 1e-5
    assert "as many or more" in beyond[0].words
    with pytest.raises(PanjError, match=r"comes near.*clashes 2025"):
        refuse_unreachable(beyond)


def test_years_beyond_the_bank_give_a_warning(truth: Toy) -> None:
    """A bank of small flows has nothing to say of large ones."""
    logs = unknowns().logs(np.zeros((1, unknowns().size)))
    low = replace(bank().scaling, high=(float(logs[0, 0]) - 1.0, bank().scaling.high[1]))
    emulator = emulate(Regressions(replace(bank(), scaling=low)), truth.evidence)
    points = np.random.default_rng(0).standard_normal((200, unknowns().size))
    assert Likelihood(unknowns(), emulator).outside(points) > 0.5
