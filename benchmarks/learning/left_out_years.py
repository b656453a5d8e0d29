"""Years left out, one at a time, and the scores of their prediction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from benchmarks.learning.predictive_distributions import Predictive
from benchmarks.learning.reference_predictors import Figure, Predictor
from benchmarks.learning.scores import Coverage, coverage, crps, log_score, pit


class Scored(NamedTuple):
    """A figure with its prediction: 90 % range and median, scores, PIT value."""

    figure: Figure
    quantiles: tuple[float, float, float]
    log_score: float
    crps: float
    pit: float


def score_left_out(figures: Sequence[Figure], predict: Predictor, seed: int = 0) -> list[Scored]:
    """Predict each figure from those of all other years, and score it.

    The figures of one year are scored one by one, each without the others of its year.
    """
    scored = []
    for number, figure in enumerate(figures):
        known = [one for one in figures if one.year != figure.year]
        hidden = figure._replace(intervals=())
        scored.append(_scored(figure, predict(hidden, known), (seed, number)))
    return scored


def _scored(figure: Figure, predicted: Predictive, seed: tuple[int, int]) -> Scored:
    low, middle, high = (predicted.quantile(p) for p in (0.05, 0.5, 0.95))
    first, second = np.random.default_rng(seed).random(2)
    return Scored(
        figure,
        (low, middle, high),
        log_score(predicted, figure.intervals),
        crps(predicted, figure.intervals),
        pit(predicted, figure.intervals, (float(first), float(second))),
    )


def coverage_of(scored: Sequence[Scored]) -> list[Coverage]:
    """Return coverage at 50 and 90 % over figures; bounds are left out."""
    pits = np.array([one.pit for one in scored if one.figure.exact])
    return [coverage(pits, level) for level in (0.5, 0.9)]
