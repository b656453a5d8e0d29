"""The sampler finds posteriors that are known exactly."""

import numpy as np
import pytest

from sim.calibrate.slice_sampler import run_chains


def drawn(log_likelihood, size: int, seed: int = 0, rounds: int = 150):
    """Chains from the prior."""
    rng = np.random.default_rng(seed)
    return run_chains(log_likelihood, rng.standard_normal((200, size)), 60, rounds, rng)


def test_without_data_the_posterior_is_the_prior() -> None:
    """A likelihood that knows nothing leaves a standard normal."""
    points = drawn(lambda x: np.zeros(len(x)), 4).points.reshape(-1, 4)
    assert points.mean(axis=0) == pytest.approx(0.0, abs=0.05)
    assert np.cov(points, rowvar=False) == pytest.approx(np.eye(4), abs=0.06)


def test_a_normal_likelihood_has_a_normal_posterior() -> None:
    """Precisions add up; what was not seen stays as it was. Correlated unknowns too."""
    direction = np.array([1.0, -1.0, 0.0])

    def log_likelihood(x: np.ndarray) -> np.ndarray:
        return -0.5 * ((x @ direction - 2.0) / 0.2) ** 2

    covariance = np.linalg.inv(np.eye(3) + np.outer(direction, direction) / 0.04)
    mean = covariance @ direction * 2.0 / 0.04
    chains = drawn(log_likelihood, 3)
    points = chains.points.reshape(-1, 3)
    assert points.mean(axis=0) == pytest.approx(mean, abs=0.05)
    assert np.cov(points, rowvar=False) == pytest.approx(covariance, abs=0.06)
    assert chains.mixing().max() < 1.05


def test_two_modes_keep_their_shares() -> None:
    """A mixture of which one part is three times as likely."""

    def log_likelihood(x: np.ndarray) -> np.ndarray:
        near = [
            np.log(w) - 0.5 * ((x[:, 0] - m) / 0.3) ** 2 for w, m in ((0.75, 1.0), (0.25, -1.0))
        ]
        return np.logaddexp(*near)

    points = drawn(log_likelihood, 2).points[:, :, 0]
    assert np.mean(points > 0.0) == pytest.approx(0.75, abs=0.05)


def test_the_same_seed_gives_the_same_draws() -> None:
    """To the bit."""
    one, two = (drawn(lambda x: -(x[:, 0] ** 2), 2, seed=3, rounds=5).points for _ in range(2))
    assert np.array_equal(one, two)


def test_chains_that_disagree_have_a_large_r_hat() -> None:
    """Two heights that no chain leaves: R-hat is far from 1."""

    def log_likelihood(x: np.ndarray) -> np.ndarray:
        return np.where(np.abs(x[:, 0]) > 1.2, -0.5 * ((np.abs(x[:, 0]) - 2.0) / 0.02) ** 2, -1e4)

    assert drawn(log_likelihood, 1, rounds=20).mixing()[0] > 1.2
