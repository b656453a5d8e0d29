"""How an outcome of one scenario varies from run to run."""

from dataclasses import dataclass
from math import floor, log10
from typing import Final

import numpy as np

from sim.comparison.contrasts import quantiles
from sim.comparison.intervals import bootstrap_mean, clopper_pearson
from sim.comparison.question import RESAMPLES, Question
from sim.comparison.resampling import resampled_means
from sim.comparison.samples import Floats, Sample, by_draw
from sim.measures.registry import described

_SHARES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
_ROUND: Final = (1.0, 2.0, 5.0)


@dataclass(frozen=True)
class Distribution:
    """One outcome of one scenario over ``n`` runs; an unknown value is ``None``.

    ``low`` and ``high`` bound the mean, which is that of expected harm if known; ``sd`` and the
    quantiles ``p05`` to ``p95`` are those of single runs. Figures are in the outcome's unit.
    ``undefined`` counts the runs without a value.
    """

    scenario: str
    outcome: str
    unit: str
    n: int
    undefined: int
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    sd: float | None = None
    p05: float | None = None
    p25: float | None = None
    median: float | None = None
    p75: float | None = None
    p95: float | None = None


@dataclass(frozen=True)
class Exceedance:
    """The probability (``chance``) that a run exceeds a threshold, with its exact interval."""

    scenario: str
    outcome: str
    unit: str
    n: int
    threshold: float
    chance: float
    low: float
    high: float


def distribution(sample: Sample, outcome: str, question: Question) -> Distribution:
    """One outcome of a scenario, over its finished runs."""
    column, unit = sample.of(outcome), described(outcome).unit
    known = column[np.isfinite(column)]
    n = len(known)
    names = (sample.scenario, outcome, unit, n, len(column) - n)
    if n == 0:
        return Distribution(*names)
    expected = sample.mean_of(outcome)
    mean = float(expected[np.isfinite(column)].mean())
    if n == 1:
        return Distribution(*names, mean=mean)
    units = by_draw(expected[:, None], sample.draws)[:, 0]
    units = units[np.isfinite(units)]
    means = resampled_means(units[:, None], RESAMPLES, question.seed)[:, 0]
    low, high = bootstrap_mean(units, means, question.confidence) or (None, None)
    return Distribution(
        *names, mean, low, high, float(known.std(ddof=1)) if np.ptp(known) else 0.0,
        *quantiles(known, _SHARES),
    )  # fmt: skip


def exceedances(sample: Sample, outcome: str, question: Question) -> list[Exceedance]:
    """Exceedance probabilities for the thresholds of the question, else for round ones."""
    known = sample.known(outcome)
    n = len(known)
    if n < 2:
        return []
    result = []
    for threshold in question.above.get(outcome) or thresholds(known):
        hits = int((known > threshold).sum())
        interval = clopper_pearson(hits, n, question.confidence)
        if interval is not None:
            result.append(
                Exceedance(sample.scenario, outcome, described(outcome).unit, n, threshold,
                           hits / n, *interval)
            )  # fmt: skip
    return result


def thresholds(known: Floats) -> list[float]:
    """Round numbers near the median and in the upper tail: 1, 2 or 5 times a power of ten."""
    marks = [_round(value) for value in quantiles(known, (0.5, 0.8, 0.95)) if value > 0.0]
    return sorted(set(marks))


def _round(value: float) -> float:
    power = 10.0 ** floor(log10(value))
    step = max(step for step in _ROUND if step * power <= value * (1.0 + 1e-9))
    return float(f"{step * power:.6g}")
