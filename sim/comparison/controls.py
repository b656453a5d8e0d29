"""What is left of a difference when the luck in the number of attacks is taken out.

Whatever the policy, chance brings as many attacks as are to be expected, on average; in a batch it
brings some more or fewer, and one scenario may have had more of it than the other. A martingale
control takes that out (Henderson and Glynn 2002; Lavenberg and Welch 1981 for the regression).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from sim.comparison.intervals import bootstrap_mean
from sim.comparison.paired import variance_over
from sim.comparison.question import RESAMPLES, Question
from sim.comparison.resampling import resampled_means
from sim.comparison.results import Floats, Pairs, Sample, by_draw

LEAST: Final = 30
"""Pairs, or draws, below which a control is not believed."""


@dataclass(frozen=True)
class Controlled:
    """The mean difference of one outcome with a martingale control; ``None`` is "cannot be said".

    ``luck`` is how many attacks more than the baseline the scenario owes to chance, a run;
    ``worth`` what one of them adds to the outcome, in its unit; ``share`` how much of this counts
    in the pairs, from 0 to 1. The ``difference``, ``low`` and ``high`` are what is left, in the
    outcome's unit. ``gain`` is how many times the replicates the difference needs without.
    """

    scenario: str
    outcome: str
    n: int
    luck: float | None = None
    worth: float | None = None
    share: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    gain: float | None = None


def controlled(
    samples: Mapping[str, Sample], pairs: Mapping[str, Pairs], outcome: str, question: Question
) -> list[Controlled]:
    """Each scenario against the baseline, in an outcome of which expected harm is known.

    Nothing where the runs do not tell what chance had to do with their attacks.
    """
    if any(each.control is None or outcome not in each.expected for each in samples.values()):
        return []
    worth = _slope(samples.values(), outcome)
    baseline, *_ = samples.values()
    rows = []
    for name, both in pairs.items():
        own, others = (_control(each, both) for each in (samples[name], baseline))
        column = list(samples[name].outcomes).index(outcome)
        luck = by_draw((own - others)[:, None], both.draws)[:, 0]
        found = Controlled(name, outcome, len(own))
        rows.append(_without(found, both.independent[:, column], luck, worth, question))
    return rows


def _control(sample: Sample, pairs: Pairs) -> Floats:
    """The control of the runs that are in pairs."""
    assert sample.control is not None
    found: Floats = sample.control[np.searchsorted(sample.replicates, pairs.replicates)]
    return found


def _slope(samples: Iterable[Sample], outcome: str) -> float:
    """What one more attack adds to an outcome within scenarios: of levels, not of differences.

    A slope of differences would fit the few pairs that differ most.
    """
    together = above = 0.0
    for each in samples:
        assert each.control is not None
        control = each.control - each.control.mean()
        together += float(control @ each.expected[outcome])
        above += float(control @ control)
    return together / above if above else 0.0


def _without(
    row: Controlled, differences: Floats, luck: Floats, worth: float, question: Question
) -> Controlled:
    """Take out what luck is worth, as far as the other pairs say that it counts."""
    n = len(differences)
    lucky = worth * luck
    if n < LEAST or not np.isfinite(differences).all() or not np.ptp(lucky):
        return row
    shares = shares_of_others(differences, lucky)
    left = differences - shares * lucky
    means = resampled_means(left[:, None], RESAMPLES, question.seed)[:, 0]
    interval = bootstrap_mean(left, means, question.confidence)
    return replace(
        row,
        luck=float(luck.mean()),
        worth=worth,
        share=float(shares.mean()),
        difference=float(left.mean()),
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        gain=variance_over(differences, left),
    )


def shares_of_others(differences: Floats, lucky: Floats) -> Floats:
    """For each pair, how much of ``lucky`` counts in ``differences`` in all others, in [0, 1].

    The slope of least squares without the pair itself, so that what is taken out of a pair does
    not hang on it and keeps the mean 0.
    """
    n = len(lucky)
    x, y = lucky - lucky.mean(), differences - differences.mean()
    others = n / (n - 1.0)
    products = float(x @ y) - others * x * y
    squares = float(x @ x) - others * x * x
    slopes = np.divide(products, squares, out=np.zeros(n), where=squares > 0.0)
    return np.clip(slopes, 0.0, 1.0)
