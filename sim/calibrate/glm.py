"""Generalised linear models with a ridge penalty, fitted by Newton's method.

Each family has its canonical link (McCullagh and Nelder 1989), so gradient and curvature need only
the mean and the variance. The strength of the ridge is chosen on held-out rows: one half of the
rows predicts the other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from sim.calibrate.types import Floats

RIDGES: Final = (3.0, 30.0, 300.0, 3000.0)
"""The ridge strengths that are tried, in equivalent rows of data."""

_ROUNDS: Final = 40
_FAR: Final = 2.0
"""Largest change of a predictor in a step: far from the solution Newton's method overshoots."""
_NEAR: Final = 1e-6


class Family(NamedTuple):
    """``moments`` of one trial (mean, variance) at a predictor; ``start``: predictor of a mean."""

    moments: Callable[[Floats], tuple[Floats, Floats]]
    start: Callable[[float], float]


def _log_moments(predictor: Floats) -> tuple[Floats, Floats]:
    mean = np.exp(np.clip(predictor, -30.0, 20.0))
    return mean, mean


def _logit_moments(predictor: Floats) -> tuple[Floats, Floats]:
    mean = 1.0 / (1.0 + np.exp(-np.clip(predictor, -30.0, 30.0)))
    return mean, mean * (1.0 - mean)


COUNTS: Final = Family(_log_moments, lambda mean: float(np.log(max(mean, 1e-4))))
SHARES: Final = Family(
    _logit_moments, lambda mean: float(np.log(max(mean, 1e-4) / max(1.0 - mean, 1e-4)))
)
NUMBERS: Final = Family(lambda value: (value, np.ones_like(value)), lambda mean: mean)


class Fit(NamedTuple):
    """``coefficients``, (features + 1,), constant first; ``held_out``, the predictor of each row
    from the half of the rows without it.

    ``error`` is the standard error of the predictor: half the difference between the two halves,
    root mean square over the rows.
    """

    coefficients: Floats
    held_out: Floats
    error: float


def fit(family: Family, features: Floats, y: Floats, trials: Floats | None = None) -> Fit:
    """Regress ``y``, (rows,), on ``features``, (rows, k); shares are counts of ``trials``."""
    n = np.ones(len(y)) if trials is None else trials
    first = np.arange(len(y)) % 2 == 0
    slopes, tried = None, []
    for ridge in sorted(RIDGES, reverse=True):  # from stiff to loose, each from the last solution
        slopes = _newton(family, features[first], y[first], n[first], ridge, slopes)
        predicted = slopes[0] + features[~first] @ slopes[1:]
        misfit = _misfit(family, predicted, y[~first], n[~first])
        tried.append((misfit, ridge, slopes, predicted))
    _, ridge, slopes, predicted = min(tried, key=lambda one: one[0])
    other = _newton(family, features[~first], y[~first], n[~first], ridge, slopes)
    held_out = np.empty(len(y))
    held_out[~first] = predicted
    held_out[first] = other[0] + features[first] @ other[1:]
    difference = slopes - other
    error = 0.5 * float(np.sqrt(np.mean((difference[0] + features @ difference[1:]) ** 2)))
    return Fit(_newton(family, features, y, n, ridge, slopes), held_out, error)


def _misfit(family: Family, predictor: Floats, y: Floats, n: Floats) -> float:
    """Minus the log likelihood up to a constant: ``n b(predictor) - y predictor``."""
    if family is NUMBERS:
        return float(np.sum((y - predictor) ** 2))
    if family is COUNTS:
        return float(np.sum(np.exp(np.clip(predictor, -30.0, 20.0)) - y * predictor))
    return float(np.sum(n * np.logaddexp(0.0, predictor) - y * predictor))


def _newton(
    family: Family, features: Floats, y: Floats, n: Floats, ridge: float, start: Floats | None
) -> Floats:
    design = np.hstack([np.ones((len(y), 1)), features])
    penalty = np.full(design.shape[1], ridge)
    penalty[0] = _NEAR
    slopes = np.zeros(design.shape[1]) if start is None else start.copy()
    if start is None:
        slopes[0] = family.start(float(y.sum() / max(n.sum(), 1.0)))
    for _ in range(_ROUNDS):
        mean, variance = family.moments(design @ slopes)
        gradient = design.T @ (n * mean - y) + penalty * slopes
        curvature = (design * (n * variance)[:, None]).T @ design
        step = np.linalg.solve(curvature + np.diag(penalty), gradient)
        change = float(np.abs(design @ step).max())
        slopes -= step * min(1.0, _FAR / max(change, _NEAR))
        if change < 1e-4:
            break
    return slopes
