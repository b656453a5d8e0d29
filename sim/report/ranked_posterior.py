"""A posterior beside its prior, parameters ranked by what was learnt; its finding in words."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from sim.calibrate.posterior import Marginal, Posterior
from sim.calibrate.record import GRID
from sim.calibrate.types import PriorLike
from sim.comparison.number_format import per_cent
from sim.comparison.terms import capital
from sim.report.density import Bounds, Floats
from sim.report.figure_numbers import format_number

_TIED: Final = 0.3
"""The smallest correlation that is mentioned."""


class RankedParameter(NamedTuple):
    """One parameter: its marginal, quantiles of its prior at ``GRID``, and limits of its panel."""

    marginal: Marginal
    prior: Floats
    bounds: Bounds
    view: Bounds

    @property
    def key(self) -> str:
        """The key of the parameter."""
        return self.marginal.key


class RankedPosterior:
    """A posterior with its priors, from the parameter most learnt about to the least."""

    def __init__(self, posterior: Posterior, priors: Sequence[PriorLike]) -> None:
        self.posterior = posterior
        by_key = {prior.key: prior for prior in priors}
        ranked = sorted(posterior.summary(), key=lambda marginal: marginal.kept)
        self.known = [_known(each, by_key, posterior) for each in ranked]

    @cached_property
    def moved(self) -> set[str]:
        """Keys of the parameters about which the data taught something."""
        return {each.marginal.key for each in self.known if each.marginal.moved}

    @property
    def has_spread(self) -> bool:
        """Whether there are enough draws for a spread."""
        return len(self.posterior) > 1

    def finding(self) -> str:
        """How many parameters were narrowed, and which most."""
        n = len(self.known)
        if not self.has_spread:
            return "One draw says nothing about what was learnt"
        best = self.known[0]
        narrowed = sum(one.key in self.moved for one in self.known)
        if not narrowed:
            who = best.key if n == 1 else f"any of the {n} parameters"
            return f"The reports teach almost nothing about {who}"
        kept = f"{best.key} keeps {per_cent(best.marginal.kept)} of its prior spread"
        if n == 1:
            return f"The reports narrow the prior: {kept}"
        return f"The reports teach something about {narrowed} of {n} parameters: {kept}"

    def beneath(self, shown: int) -> str:
        """The number of draws, the strongest correlation, and what the corner leaves out."""
        n = len(self.posterior)
        parts = [f"{n:,} draw{'' if n == 1 else 's'}"]
        tie = self._strongest() if self.has_spread else None
        if tie is not None:
            a, b, r = tie
            parts.append(f"strongest correlation: {format_number(r, 2)}, {a} with {b}")
        left = len(self.known) - shown
        if left > 0:
            parts.append(f"the corner leaves out the {left} about which least was learnt")
        return capital("; ".join(parts))

    def _strongest(self) -> tuple[str, str, float] | None:
        """The pair of parameters with the largest correlation, if that is large enough."""
        values = self.posterior.values
        off, spread = values - values.mean(axis=0), values.std(axis=0)
        free = np.flatnonzero(spread > 0.0)
        if len(free) < 2:
            return None
        off = off[:, free] / spread[free]
        table = np.triu(off.T @ off / len(off), 1)
        i, j = np.unravel_index(np.argmax(np.abs(table)), table.shape)
        keys = [self.posterior.keys[k] for k in free]
        r = float(table[i, j])
        return (keys[int(i)], keys[int(j)], r) if abs(r) >= _TIED else None


def _known(
    marginal: Marginal, priors: Mapping[str, PriorLike], posterior: Posterior
) -> RankedParameter:
    prior = priors[marginal.key]
    at = np.asarray(prior.quantile(GRID), dtype=np.float64)
    values = posterior[marginal.key]
    low, high = min(at[0], values.min()), max(at[-1], values.max())
    slack = 0.02 * (high - low) or max(abs(low), 1.0)
    return RankedParameter(
        marginal,
        at,
        (float(prior.low), float(prior.high)),
        (float(low - slack), float(high + slack)),
    )
