"""The self-exciting process: mean, variance, decay."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.theory.excitation import count_variance, joined_variance, mean_rate


def test_tabled_mean_and_variance() -> None:
    """Base 0.05, jump 0.02, decay 0.05 a day over 365 days: mean 30.417, variance 79.55."""
    assert 365.0 * mean_rate(0.05, 0.02 / 0.05) == pytest.approx(30.417, abs=5e-4)
    assert count_variance(0.05, 0.02, 0.05, 365.0) == pytest.approx(79.55, abs=5e-3)


@given(st.floats(0.001, 5.0), st.floats(0.01, 2.0), st.floats(0.1, 1000.0))
def test_without_jumps_it_is_a_poisson_process(base: float, decay: float, days: float) -> None:
    """Variance equals mean."""
    assert mean_rate(base, 0.0) == base
    assert count_variance(base, 0.0, decay, days) == pytest.approx(base * days)


@given(st.floats(0.001, 5.0), st.floats(0.0, 0.95), st.floats(0.01, 2.0), st.floats(0.1, 1000.0))
def test_excitation_overdisperses(base: float, branching: float, decay: float, days: float) -> None:
    """The variance is between the mean and the mean over (1 - branching)^2."""
    mean = days * mean_rate(base, branching)
    variance = count_variance(base, branching * decay, decay, days)
    assert mean * (1 - 1e-9) <= variance <= mean / (1.0 - branching) ** 2 * (1 + 1e-9)


def test_over_long_times_dispersion_reaches_its_limit() -> None:
    """Variance over mean tends to 1 / (1 - branching)^2."""
    days = 1e6
    dispersion = count_variance(0.05, 0.02, 0.05, days) / (days * mean_rate(0.05, 0.4))
    assert dispersion == pytest.approx(1.0 / 0.6**2, rel=1e-3)


@pytest.mark.parametrize("branching", [1.0, 1.5, -0.1])
def test_an_explosive_process_is_refused(branching: float) -> None:
    """From branching 1 on there is no stationary mean; a negative one means nothing."""
    with pytest.raises(ValueError, match="branching"):
        mean_rate(0.1, branching)
    with pytest.raises(ValueError, match="branching"):
        count_variance(0.1, branching * 0.5, 0.5, 10.0)


def branching_counts(base: float, branching: float, days: float, n: int, seed: int) -> list[int]:
    """Events of ``n`` stationary runs, simulated as clusters of parents and offspring.

    Lags are exponential with mean 20 days; immigrants arrive from 600 days before the run.
    """
    rng = np.random.default_rng(seed)
    counts = []
    for _ in range(n):
        generation = rng.uniform(-600.0, days, rng.poisson(base * (days + 600.0)))
        inside = 0
        while generation.size:
            inside += int(np.count_nonzero(generation > 0.0))
            parents = np.repeat(generation, rng.poisson(branching, generation.size))
            children = parents + rng.exponential(20.0, parents.size)
            generation = children[children < days]
        counts.append(inside)
    return counts


def test_simulated_clusters_have_the_mean_and_variance_of_the_formulas() -> None:
    """4,000 years: |z| < 4 for mean and variance.

    A mean wrong by 5 % would give |z| = 10; the standard error of the variance is about 2.4 %,
    so a wrong exponent of (1 - branching), 40 % off, would give |z| = 16.
    """
    n = 4000
    counts = np.array(branching_counts(0.05, 0.4, 365.0, n, seed=99))
    mean = 365.0 * mean_rate(0.05, 0.4)
    variance = count_variance(0.05, 0.02, 0.05, 365.0)
    error = (variance / n) ** 0.5
    assert abs(counts.mean() - mean) / error < 4.0
    assert abs(counts.mean() - 1.05 * mean) / error > 6.0
    squares = (counts - counts.mean()) ** 2
    assert abs(squares.mean() - variance) / (squares.std() / n**0.5) < 4.0


def test_joined_events_without_joining_are_plain() -> None:
    """Nobody joins: the long variance of the plain process; nothing is brought forth: pairs."""
    assert joined_variance(0.05, 0.4, 0.0) == pytest.approx(0.05 / 0.6**3)
    assert joined_variance(0.05, 0.0, 0.5) == pytest.approx(0.05 * (0.5 * 1.0 + 0.5 * 4.0))
    with pytest.raises(ValueError, match="stationary"):
        joined_variance(0.05, 0.6, 0.7)


def test_joined_events_vary_as_theory_says() -> None:
    """The second moment of all that comes of one event, over 40,000 of them: |z| < 4.

    The negative control is the process of as many events without any pairs, a tenth off.
    """
    later, joint, n = 0.2, 0.5, 40_000
    rng = np.random.default_rng(5)
    total = np.zeros(n)
    groups = np.ones(n, dtype=int)
    while groups.any():
        attacks = groups + rng.binomial(groups, joint)
        total += attacks
        groups = rng.poisson(later * attacks)
    squares = total**2
    error = squares.std(ddof=1) / n**0.5
    assert abs(squares.mean() - joined_variance(1.0, later, joint)) < 4.0 * error
    branching = later + joint / (1.0 + joint)
    assert abs(squares.mean() - 1.0 / (1.0 - branching) ** 3) > 4.0 * error
