"""Years left out, one at a time, and what each predictor makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from benchmarks.learning.predictive import Predictive
from benchmarks.learning.references import Figure, Predictor
from benchmarks.learning.scores import Coverage, coverage, crps, log_score, pit


class Scored(NamedTuple):
    """A figure and how it was predicted: median and 90 % range, scores, place."""

    figure: Figure
    quantiles: tuple[float, float, float]
    log_score: float
    crps: float
    pit: float


def left_out(figures: Sequence[Figure], predict: Predictor, seed: int = 0) -> list[Scored]:
    """Predict each figure from those of all other years.

    Figures of one year are scored one by one, each with nothing known of its year.
    """
    found = []
    for number, figure in enumerate(figures):
        known = [one for one in figures if one.year != figure.year]
        hidden = figure._replace(intervals=())
        found.append(_scored(figure, predict(hidden, known), (seed, number)))
    return found


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


def covered(scored: Sequence[Scored]) -> list[Coverage]:
    """At 50 and 90 %, over figures; bounds say too little to be counted."""
    pits = np.array([one.pit for one in scored if one.figure.exact])
    return [coverage(pits, level) for level in (0.5, 0.9)]
