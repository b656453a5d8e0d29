"""From a bank to a posterior: the nearest draws of the prior, adjusted by regression."""

from __future__ import annotations

from collections.abc import Sequence

from sim.calibrate.adjust import Adjusted, adjust
from sim.calibrate.distance import Distance
from sim.calibrate.population import nearest
from sim.calibrate.posterior import posterior_of
from sim.calibrate.problem import Aim, PriorLike
from sim.calibrate.rows import Rows


def fit(bank: Rows, aims: Sequence[Aim], priors: Sequence[PriorLike], population: int) -> Adjusted:
    """Take the ``population`` years nearest to the targets, and adjust their parameters.

    Raises :class:`sim.errors.PanjError` where the prior cannot give what was observed.
    """
    distance = Distance.seen_in(bank.aimed(aims), tuple(aims))
    found = posterior_of(nearest(bank, distance, population), bank)
    return adjust(found, distance, priors)
