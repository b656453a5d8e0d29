"""Ranking and selection: which scenario is the best, and which ones may be."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.comparison.question import RESAMPLES
from sim.comparison.resampling import resampled_means
from sim.comparison.samples import Floats, Integers, Sample, by_draw
from sim.measures.registry import described
from sim.theory.distributions import student_quantile


@dataclass(frozen=True)
class RankingRow:
    """A scenario in the ranking by one outcome; an unknown value is ``None``.

    ``p_best`` is the share of bootstrap resamples in which it is the best; ``kept``: it may be the
    best; ``behind`` is how much worse it is than the best of the others (negative: better than all
    of them), and ``behind_at_most`` an upper bound on that, 0 if it is certainly the best.
    """

    scenario: str
    outcome: str
    n: int
    mean: float | None = None
    p_best: float | None = None
    kept: bool = True
    behind: float | None = None
    behind_at_most: float | None = None


def rank(samples: Sequence[Sample], outcome: str, confidence: float, seed: int) -> list[RankingRow]:
    """The ranking by the mean of an outcome on the replicates that all have, the best first.

    With fewer than two such replicates there are only means, and no scenario is excluded. An
    outcome without a better direction is ranked as if less were better.
    """
    common = common_replicates(samples, outcome)
    n, sign = len(common), -1.0 if described(outcome).better == "more" else 1.0
    if n == 0:
        return [RankingRow(sample.scenario, outcome, 0) for sample in samples]
    losses = sign * losses_of(samples, outcome, common)
    best = p_best(losses, seed) if len(losses) > 1 else None
    kept, bounds = screen(losses, confidence)
    means = losses.mean(axis=0)
    return [
        RankingRow(
            samples[k].scenario, outcome, n, float(sign * means[k]) + 0.0,
            None if best is None else float(best[k]), bool(kept[k]),
            float(means[k] - np.delete(means, k).min()) if len(samples) > 1 else None,
            float(bounds[k]) if math.isfinite(bounds[k]) else None,
        )
        for k in np.argsort(means, kind="stable")
    ]  # fmt: skip


def common_replicates(samples: Sequence[Sample], outcome: str) -> Integers:
    """The replicates in which every scenario has a value."""
    known = [s.replicates[np.isfinite(s.mean_of(outcome))] for s in samples]
    common = known[0]
    for replicates in known[1:]:
        common = np.intersect1d(common, replicates, assume_unique=True)
    return common


def losses_of(samples: Sequence[Sample], outcome: str, common: Integers) -> Floats:
    """Values in some replicates, (runs, scenarios); means by draw if runs share draws."""
    places = [np.searchsorted(s.replicates, common) for s in samples]
    values = [s.mean_of(outcome)[place] for s, place in zip(samples, places, strict=True)]
    first = samples[0].draws
    draws = None if first is None else first[places[0]]
    return by_draw(np.stack(values, axis=1), draws)


def p_best(losses: Floats, seed: int, resamples: int = RESAMPLES) -> Floats:
    """Share of bootstrap resamples in which each column of ``losses`` has the least mean.

    Whole replicates are resampled, which keeps common random numbers. Ties are shared: columns
    that are always equal have equal shares.
    """
    means = resampled_means(losses, resamples, seed)
    least = means.min(axis=1, keepdims=True)
    winners = means <= least + 1e-12 * np.abs(least)
    shares: Floats = (winners / winners.sum(axis=1, keepdims=True)).mean(axis=0)
    return shares


def screen(losses: Floats, confidence: float) -> tuple[NDArray[np.bool_], Floats]:
    """Which columns may be the best, and bounds: (replicates, scenarios) to (scenarios,) twice.

    The subset contains the column with the least expectation with probability ``confidence`` or
    more (Gupta 1965): i is left out if for some j the mean of the paired differences i - j
    exceeds ``t`` standard errors, with the quantile of Student's t at ``1 - alpha / (k - 1)``
    (Nelson, Swann, Goldsman and Song 2001; in Bonferroni's form, which holds under common random
    numbers). Second, an upper bound on how far each column is behind the best (Hsu 1984).
    """
    behind, errors = mean_gaps(losses, confidence)
    bounds: Floats = np.maximum((behind + errors).max(axis=1), 0.0)
    return ~(behind > errors).any(axis=1), bounds


def mean_gaps(losses: Floats, confidence: float) -> tuple[Floats, Floats]:
    """The mean of each column less that of each other, and its error: (scenarios, scenarios) twice.

    The one-sided errors of one scenario against all others hold together with ``confidence``; they
    are infinite with fewer than two replicates.
    """
    n, k = losses.shape
    behind, errors = np.zeros((k, k)), np.zeros((k, k))
    if k > 1 and n < 2:
        errors[~np.eye(k, dtype=np.bool_)] = np.inf
    elif k > 1:
        t = student_quantile(1.0 - (1.0 - confidence) / (k - 1), n - 1)
        for i in range(k):
            differences = losses[:, [i]] - losses
            behind[i] = differences.mean(axis=0)
            errors[i] = t * differences.std(axis=0, ddof=1) / n**0.5
    return behind, errors
