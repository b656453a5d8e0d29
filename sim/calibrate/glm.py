"""Generalised linear models with a ridge, by Newton's method: the regressions of the emulator.

Each has the canonical link of its family (McCullagh and Nelder 1989), so that gradient and
curvature need the mean and the variance only. How strong the ridge is, rows decide that the fit
did not see: one half is predicted from the other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from sim.calibrate.types import Floats

RIDGES: Final = (3.0, 30.0, 300.0, 3000.0)
"""Strengths that are tried, in rows of data: so many rows would have to say otherwise."""

_ROUNDS: Final = 40
_FAR: Final = 2.0
"""No step moves a predictor by more than this: far from the solution Newton's overshoots."""
_NEAR: Final = 1e-6


class Family(NamedTuple):
    """``moments`` gives mean and variance at a predictor, for one trial; ``start`` the predictor
    of a mean.
    """

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
    """Coefficients, (features + 1,) with the constant first, and the predictors of the rows, each
    from the half of the rows that it is not in.

    ``error`` is how far the predictor of all rows is off for want of rows: half of what the two
    halves differ by, root mean square over the rows.
    """

    coefficients: Floats
    unseen: Floats
    error: float


def fit(family: Family, features: Floats, y: Floats, trials: Floats | None = None) -> Fit:
    """Regress ``y``, (rows,), on ``features``, (rows, features); of ``trials`` each for shares."""
    n = np.ones(len(y)) if trials is None else trials
    first = np.arange(len(y)) % 2 == 0
    found, tried = None, []
    for ridge in sorted(RIDGES, reverse=True):  # from stiff to loose, each from where the last was
        found = _newton(family, features[first], y[first], n[first], ridge, found)
        ahead = found[0] + features[~first] @ found[1:]
        tried.append((_misfit(family, ahead, y[~first], n[~first]), ridge, found, ahead))
    _, ridge, found, ahead = min(tried, key=lambda one: one[0])
    other = _newton(family, features[~first], y[~first], n[~first], ridge, found)
    unseen = np.empty(len(y))
    unseen[~first] = ahead
    unseen[first] = other[0] + features[first] @ other[1:]
    apart = found - other
    error = 0.5 * float(np.sqrt(np.mean((apart[0] + features @ apart[1:]) ** 2)))
    return Fit(_newton(family, features, y, n, ridge, found), unseen, error)


def _misfit(family: Family, predictor: Floats, y: Floats, n: Floats) -> float:
    """Minus the log likelihood but for a constant: ``n b(predictor) - y predictor``."""
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
    found = np.zeros(design.shape[1])
    found[0] = family.start(float(y.sum() / max(n.sum(), 1.0)))
    if start is not None:
        found = start.copy()
    for _ in range(_ROUNDS):
        mean, variance = family.moments(design @ found)
        gradient = design.T @ (n * mean - y) + penalty * found
        curvature = (design * (n * variance)[:, None]).T @ design
        step = np.linalg.solve(curvature + np.diag(penalty), gradient)
        far = float(np.abs(design @ step).max())
        found -= step * min(1.0, _FAR / max(far, _NEAR))
        if far < 1e-4:
            break
    return found
