"""Whether a mixture beats the better of the two pure strategies, with all cells judged at once."""

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.comparison.intervals import student

Floats = NDArray[np.float64]

Verdict = Literal["mixture wins", "does not hold", "no gain", "not settled"]

CONFIDENCE: Final = 0.95
"""The joint confidence of all intervals of all cells."""

ROPE: Final = 0.05
"""A gain below this share of the better pure strategy's interdiction is negligible."""


class Finding(NamedTuple):
    """The result of a cell: shares of the flow stopped, by share of pattern analysis.

    ``best`` is the place of the best mixture among the strategies, ``gain`` how much more of
    the flow it stops than the better pure strategy, with its interval.
    """

    means: tuple[float, ...]
    better_pure: Literal["pattern", "random"]
    best: int
    gain: float
    low: float
    high: float
    verdict: Verdict


def judge(stopped: Floats, cells: int) -> Finding:
    """Judge one cell of ``cells``.

    ``stopped`` is (strategies, replicates): the share of the flow stopped, randomness alone
    first, pattern analysis alone last. Each mixture is compared with both pure strategies in
    pairs of the same replicate. The intervals (Student 1908) are widened for the number of all
    comparisons in all cells (Bonferroni), so neither the number of cells nor the choice of the
    best mixture or the better pure strategy from the same runs makes a claim too easy. The gain
    over the better of two is the lesser of two gains, and so are the ends of its interval.

    Raises ``ValueError`` for fewer than two replicates or no mixture.
    """
    if stopped.shape[0] < 3 or stopped.shape[1] < 2:
        raise ValueError("needs two pure strategies, a mixture and two replicates")
    means = stopped.mean(axis=1)
    pure = float(max(means[0], means[-1]))
    mixtures = stopped[1:-1]
    confidence = 1.0 - (1.0 - CONFIDENCE) / (2 * len(mixtures) * cells)
    intervals = [_interval(mixture, stopped, confidence) for mixture in mixtures]
    best = int(np.argmax(means[1:-1]))
    low, high = intervals[best]
    return Finding(
        tuple(float(mean) for mean in means),
        "random" if means[0] >= means[-1] else "pattern",
        best + 1,
        float(means[best + 1]) - pure,
        low,
        high,
        _verdict(intervals, ROPE * pure),
    )


def shortfalls(findings: Iterable[Finding]) -> list[float]:
    """The most that each strategy falls short of the best one in any cell, as a share of it.

    This is the risk of a planner who does not know the cell (minimax regret, Savage 1951). It uses
    means only, so part of it is the luck of the best.
    """
    means = np.array([finding.means for finding in findings])
    lost = 1.0 - means / means.max(axis=1, keepdims=True)
    worst: list[float] = lost.max(axis=0).tolist()
    return worst


def _interval(mixture: Floats, stopped: Floats, confidence: float) -> tuple[float, float]:
    """Ends for the gain of one mixture over the better of the two pure strategies."""
    against = [student(mixture - pure, confidence) for pure in (stopped[0], stopped[-1])]
    known = [interval for interval in against if interval is not None]
    return min(i.low for i in known), min(i.high for i in known)


def _verdict(intervals: list[tuple[float, float]], rope: float) -> Verdict:
    """The verdict from the gains of all mixtures."""
    if any(low > 0.0 for low, _ in intervals):
        return "mixture wins"
    if all(high < 0.0 for _, high in intervals):
        return "does not hold"
    if all(high < rope for _, high in intervals):
        return "no gain"
    return "not settled"
