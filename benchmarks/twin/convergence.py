"""The effect of the time step on the twin's results, measured in two ways.

*Coupled*: the twin repeats runs of Panj with the same draws, so every crossing is compared with
itself and the effect of the step is not hidden by chance.
*Apart*: the twin uses its own draws, and two-sample tests look for a difference.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import erfc, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import ks_2samp

from benchmarks.twin.coupled import CoupledTwin, found_by
from benchmarks.twin.model import MINUTE, Found, TickTwin
from sim.incidents.records import Crossing
from sim.model import BorderModel
from sim.scenario.spec import Scenario

CUES = ("patrol", "sign")
SURE = 1.96
"""Standard errors either side of a 95 % interval."""

Coupling = Callable[[BorderModel, float], CoupledTwin]


class Estimate(NamedTuple):
    """A figure and its standard error."""

    value: float
    error: float

    @property
    def low(self) -> float:
        """Lower end of its 95 % interval."""
        return self.value - SURE * self.error

    @property
    def high(self) -> float:
        """Upper end of its 95 % interval."""
        return self.value + SURE * self.error

    def within(self, limit: float) -> bool:
        """Whether the whole interval lies within ``limit`` of 0."""
        return -limit <= self.low and self.high <= limit


class Paired(NamedTuple):
    """The twin with Panj's draws at one step: every crossing compared with itself.

    ``bias`` is that of the share seen in the open, relative to Panj; ``sign_bias`` that of the
    share found by sign; ``different`` the share of crossings with another outcome; ``late`` the
    mean delay to detection beyond Panj's, minutes, where both detect in the same way.
    """

    minutes: float
    crossings: int
    seen: int
    bias: Estimate
    sign_bias: Estimate
    different: Estimate
    late: float


class Apart(NamedTuple):
    """Two-sample tests of the twin with its own draws against Panj: p-values.

    ``seen`` and ``sign``: two-proportion z tests; ``seen_delay`` and ``sign_delay``:
    Kolmogorov-Smirnov tests.
    """

    minutes: float
    crossings: int
    seen: float
    sign: float
    seen_delay: float
    sign_delay: float

    @property
    def least(self) -> float:
        """The smallest p-value, multiplied by the number of tests (Bonferroni)."""
        return min(1.0, 4.0 * min(self.seen, self.sign, self.seen_delay, self.sign_delay))


def runs(scenarios: Sequence[Scenario], first_seed: int = 1) -> list[BorderModel]:
    """One run of Panj for each scenario, each with its own seed."""
    return [BorderModel(spec, seed).run() for seed, spec in enumerate(scenarios, start=first_seed)]


# -- coupled ----------------------------------------------------------------------------------


def paired(panj: Sequence[BorderModel], minutes: float, coupling: Coupling = CoupledTwin) -> Paired:
    """Repeat runs of Panj in steps and compare crossing by crossing.

    Errors are between days, since groups of one day may meet the same patrol.
    """
    days: list[NDArray[np.float64]] = []
    late: list[float] = []
    for model in panj:
        ours, theirs = found_by(model), coupling(model, minutes).run().found
        table = np.zeros((int(np.ceil(model.spec.days)), 6))
        for crossing in model.log[Crossing]:
            one, other = ours.get(crossing.identity), theirs.get(crossing.identity)
            table[int(crossing.crossed_at)] += _row(one, other)
            if one is not None and other is not None and one.cue == other.cue:
                late.append((other.delay - one.delay) / MINUTE)
        days.append(table)
    crossings, seen, by_sign, more_seen, more_sign, different = np.concatenate(days).T
    return Paired(
        minutes,
        int(crossings.sum()),
        int(seen.sum()),
        ratio(more_seen, seen),
        ratio(more_sign, by_sign),
        ratio(different, crossings),
        float(np.mean(late)) if late else 0.0,
    )


def _row(ours: Found | None, theirs: Found | None) -> tuple[float, ...]:
    one, other = ours.cue if ours else None, theirs.cue if theirs else None
    seen, by_sign = float(one == "patrol"), float(one == "sign")
    return (
        1.0,
        seen,
        by_sign,
        float(other == "patrol") - seen,
        float(other == "sign") - by_sign,
        float(one != other),
    )


def ratio(parts: NDArray[np.float64], wholes: NDArray[np.float64]) -> Estimate:
    """Ratio of two sums over units, with the error of the ratio estimator (Cochran 1977)."""
    value = parts.sum() / wholes.sum()
    rest = parts - value * wholes
    n = len(parts)
    return Estimate(float(value), float(sqrt(n / (n - 1) * (rest @ rest)) / wholes.sum()))


def through_origin(rows: Sequence[Paired]) -> Estimate:
    """Bias of the share seen for each minute of step: a weighted line through the origin.

    The rows share their crossings; the error is that of fully dependent rows.
    """
    known = [row for row in rows if row.bias.error > 0.0]
    x = np.array([row.minutes for row in known])
    y = np.array([row.bias.value for row in known])
    error = np.array([row.bias.error for row in known])
    weight = error**-2.0
    information = float((weight * x * x).sum())
    return Estimate(
        float((weight * x * y).sum()) / information, float((weight * x * error).sum()) / information
    )


def good_enough(rows: Sequence[Paired], limit: float = 0.01) -> Paired | None:
    """The longest step at and below which the interval of the bias is within ``limit``."""
    best = None
    for row in sorted(rows):
        if not row.bias.within(limit):
            break
        best = row
    return best


# -- apart ------------------------------------------------------------------------------------


def apart(panj: Sequence[BorderModel], minutes: float, first_seed: int = 1001) -> Apart:
    """Run the twin with its own draws in the same scenarios and test it against Panj."""
    ours = [found for model in panj for found in found_by(model).values()]
    theirs: list[Found] = []
    n, m = sum(len(model.log[Crossing]) for model in panj), 0
    for seed, model in enumerate(panj, start=first_seed):
        twin = TickTwin(model.spec, minutes, seed).run()
        theirs += twin.found.values()
        m += twin.arrived
    one, other = _delays(ours), _delays(theirs)
    shares = [two_shares(len(one[cue]), n, len(other[cue]), m) for cue in CUES]
    delays = [same_distribution(one[cue], other[cue]) for cue in CUES]
    return Apart(minutes, m, *shares, *delays)


def _delays(found: Sequence[Found]) -> dict[str, list[float]]:
    return {cue: [one.delay for one in found if one.cue == cue] for cue in CUES}


def two_shares(hits: int, n: int, others: int, m: int) -> float:
    """p-value of the two-sided z test that two shares are one (pooled variance)."""
    pooled = (hits + others) / (n + m)
    error = sqrt(pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m))
    return erfc(abs(hits / n - others / m) / error / sqrt(2.0)) if error > 0.0 else 1.0


def same_distribution(one: Sequence[float], other: Sequence[float]) -> float:
    """p-value of the two-sample Kolmogorov-Smirnov test; 1 if a sample is empty."""
    if not one or not other:
        return 1.0
    return float(ks_2samp(one, other, method="asymp").pvalue)
