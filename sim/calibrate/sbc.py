"""Simulation-based calibration: does the inference, asked about itself, tell the truth?

Parameters drawn from the prior, data simulated with them, and the posterior of those data: the
truth must lie anywhere in it with equal chance (Cook, Gelman and Rubin 2006; Talts, Betancourt,
Simpson, Vehtari and Gelman 2018). So the ranks of truths are uniform and a 90 % interval holds
90 % of them. Every target is taken as an equality with what was simulated, for that is what the
simulated observer saw.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final, NamedTuple

import numpy as np

from sim.calibrate.fit import fit
from sim.calibrate.posterior import Posterior
from sim.calibrate.problem import Aim, Floats, PriorLike
from sim.calibrate.rows import Rows

LEVELS: Final = (0.5, 0.9)

type Infer = Callable[[tuple[Aim, ...], int], Posterior]
"""From the targets of a data set and its number to a posterior."""


class Coverage(NamedTuple):
    """How often a central interval held the truth; ``error`` is binomial at the level itself."""

    key: str
    level: float
    share: float
    error: float

    @property
    def z(self) -> float:
        """Standard errors off the level."""
        return (self.share - self.level) / self.error


class Recovery(NamedTuple):
    """How well truths are found again: their correlation with posterior means, and the mean and
    spread of ``(truth - mean) / sd``, which are near 0 and 1.
    """

    key: str
    correlation: float
    mean_z: float
    sd_z: float


@dataclass(frozen=True)
class SelfTest:
    """Truths of n data sets, (n, parameters), and what inference made of them.

    ``ranks`` are shares of posterior weight below the truth, 0 to 1.
    """

    keys: tuple[str, ...]
    truths: Floats
    ranks: Floats
    means: Floats
    sds: Floats

    def uniformity(self, bins: int = 10) -> dict[str, float]:
        """Chi-square p-value of uniform ranks for each parameter."""
        from scipy.special import chdtrc

        found = {}
        for place, key in enumerate(self.keys):
            counts, _ = np.histogram(self.ranks[:, place], bins=bins, range=(0.0, 1.0))
            expected = len(self.ranks) / bins
            chi2 = float(np.sum((counts - expected) ** 2 / expected))
            found[key] = float(chdtrc(bins - 1, chi2))
        return found

    def coverage(self) -> list[Coverage]:
        """Coverage of the central intervals at :data:`LEVELS`."""
        found = []
        for place, key in enumerate(self.keys):
            off = np.abs(self.ranks[:, place] - 0.5)
            for level in LEVELS:
                error = sqrt(level * (1.0 - level) / len(off))
                found.append(Coverage(key, level, float(np.mean(off <= level / 2.0)), error))
        return found

    def recovery(self) -> list[Recovery]:
        """How well each parameter is found again."""
        found = []
        for place, key in enumerate(self.keys):
            truth, mean = self.truths[:, place], self.means[:, place]
            z = (truth - mean) / np.maximum(self.sds[:, place], 1e-300)
            r = float(np.corrcoef(truth, mean)[0, 1]) if np.ptp(mean) > 0.0 else 0.0
            found.append(Recovery(key, r, float(z.mean()), float(z.std(ddof=1))))
        return found


def self_test(truths: Rows, aims: Sequence[Aim], infer: Infer) -> SelfTest:
    """Infer from each of the simulations as if it had been observed.

    ``truths`` are draws of the prior with what was simulated at them, such as the bank of a
    calibration with another seed. Those in which a target that counts is undefined are left out.
    """
    statistics = truths.aimed(aims)
    weighed = np.array([aim.weight > 0.0 for aim in aims])
    usable = np.isfinite(statistics[:, weighed]).all(axis=1)
    ranks, means, sds = [], [], []
    for number in np.flatnonzero(usable):
        posterior = infer(observed(aims, statistics[number]), int(number))
        below = posterior.values < truths.values[number]
        ranks.append(posterior.weights @ below)
        marginals = posterior.summary()
        means.append([m.mean for m in marginals])
        sds.append([m.sd for m in marginals])
    return SelfTest(
        keys=truths.keys,
        truths=truths.values[usable],
        ranks=np.array(ranks),
        means=np.array(means),
        sds=np.array(sds),
    )


def observed(aims: Sequence[Aim], statistics: Floats) -> tuple[Aim, ...]:
    """The targets as equalities with one simulation; an undefined one counts for nothing."""
    return tuple(
        aim._replace(low=float(value), high=float(value))
        if np.isfinite(value)
        else aim._replace(weight=0.0)
        for aim, value in zip(aims, statistics, strict=True)
    )


def by_bank(bank: Rows, priors: Sequence[PriorLike], population: int) -> Infer:
    """Inference from one bank, in which nothing is simulated anew."""
    return lambda aims, number: fit(bank, aims, priors, population).posterior
