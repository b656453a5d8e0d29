"""The regressions of the emulator find what made the data, and a ridge keeps them from noise."""

import numpy as np
import pytest

from sim.calibrate.glm import COUNTS, NUMBERS, SHARES, fit

ROWS = 4000


def features(seed: int = 0, count: int = 3) -> np.ndarray:
    """Standard normal inputs, (rows, count)."""
    return np.random.default_rng(seed).standard_normal((ROWS, count))


def test_a_count_regression_finds_its_coefficients() -> None:
    """Within four standard errors of what made the counts."""
    x, rng = features(), np.random.default_rng(1)
    truth = np.array([1.0, 0.5, -0.3, 0.0])
    y = rng.poisson(np.exp(truth[0] + x @ truth[1:])).astype(float)
    found = fit(COUNTS, x, y).coefficients
    assert found == pytest.approx(truth, abs=4.0 / np.sqrt(y.sum()) + 0.01)


def test_a_share_regression_counts_its_trials() -> None:
    """Nine trials a row, each with the logit's chance."""
    x, rng = features(2), np.random.default_rng(3)
    truth = np.array([-1.0, 0.8, 0.0, 0.4])
    n = np.full(ROWS, 9.0)
    y = rng.binomial(9, 1.0 / (1.0 + np.exp(-truth[0] - x @ truth[1:]))).astype(float)
    assert fit(SHARES, x, y, n).coefficients == pytest.approx(truth, abs=0.06)


def test_numbers_are_fitted_by_least_squares() -> None:
    """As ``numpy.linalg.lstsq`` does, but for the ridge."""
    x, rng = features(4), np.random.default_rng(5)
    y = 2.0 + x @ np.array([1.0, 0.0, -2.0]) + rng.standard_normal(ROWS)
    plain = np.linalg.lstsq(np.column_stack([np.ones(ROWS), x]), y, rcond=None)[0]
    assert fit(NUMBERS, x, y).coefficients == pytest.approx(plain, abs=0.03)


def test_what_is_unseen_is_predicted_from_the_other_half() -> None:
    """A row's own figure does not move its prediction."""
    x, rng = features(6), np.random.default_rng(7)
    y = rng.poisson(2.0, ROWS).astype(float)
    changed = y.copy()
    changed[0] += 400.0
    before, after = fit(COUNTS, x, y).held_out, fit(COUNTS, x, changed).held_out
    assert before[0] == pytest.approx(after[0], abs=1e-9)
    assert before[1] != pytest.approx(after[1], abs=1e-4)


def test_a_ridge_keeps_noise_small() -> None:
    """With nothing to learn from many inputs every slope is near 0."""
    x = np.random.default_rng(8).standard_normal((200, 150))
    y = np.random.default_rng(9).poisson(3.0, 200).astype(float)
    found = fit(COUNTS, x, y)
    assert np.abs(found.coefficients[1:]).max() < 0.05
    assert found.coefficients[0] == pytest.approx(np.log(y.mean()), abs=0.02)


def test_a_figure_that_never_occurs_has_a_small_mean() -> None:
    """All zeros: no overflow, and a mean near nothing."""
    found = fit(COUNTS, features(10), np.zeros(ROWS))
    assert np.exp(found.held_out).max() < 0.01
