"""Simulation-based calibration: does the inference, asked about itself, tell the truth?

Parameters drawn from the prior, data simulated with them, and the posterior of those data: the
truth must lie anywhere in it with equal chance (Cook, Gelman and Rubin 2006; Talts, Betancourt,
Simpson, Vehtari and Gelman 2018). So the ranks of truths are uniform and a 90 % interval holds
90 % of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Final, NamedTuple

import numpy as np

from sim.calibrate.problem import Floats

LEVELS: Final = (0.5, 0.9)


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
