"""The cost of averting one harm under each policy."""

from dataclasses import dataclass, replace

import numpy as np

from sim.comparison.contrasts import Contrast, Standing
from sim.comparison.intervals import fieller
from sim.comparison.samples import Floats
from sim.comparison.words import price


@dataclass(frozen=True)
class CostRow:
    """Cost and harm of a scenario against the baseline; an unknown value is ``None``.

    ``cost_standing`` and ``harm_standing`` are those of the two contrasts. The scenario costs
    ``cost_difference`` more and averts ``harm_averted``; ``cost_per_harm`` is their ratio if it
    costs more and averts harm, ``saved_per_harm`` if it costs less and causes harm. ``low`` and
    ``high`` bound that ratio.
    """

    scenario: str
    cost: str
    harm: str
    n: int
    cost_standing: Standing
    harm_standing: Standing
    cost_difference: float | None = None
    cost_low: float | None = None
    cost_high: float | None = None
    harm_averted: float | None = None
    averted_low: float | None = None
    averted_high: float | None = None
    cost_per_harm: float | None = None
    saved_per_harm: float | None = None
    low: float | None = None
    high: float | None = None
    words: str = ""

    @property
    def free(self) -> bool:
        """Whether the scenario averts harm at no additional cost."""
        return self.harm_standing == "less" and self.cost_standing in ("less", "same", "none")


def cost_row(cost: Contrast, harm: Contrast, differences: Floats, confidence: float) -> CostRow:
    """The cost per harm averted of a scenario, with Fieller's interval (Fieller 1954).

    ``differences`` holds paired differences, one column for cost and one for harm. There is a
    ratio only for more cost with less harm or less cost with more harm, both settled.
    """
    both = differences[np.isfinite(differences).all(axis=1)]
    row = CostRow(
        cost.scenario, cost.outcome, harm.outcome, len(both), cost.standing, harm.standing
    )
    if cost.difference is not None and harm.difference is not None:
        row = replace(
            row,
            cost_difference=cost.difference,
            cost_low=cost.low,
            cost_high=cost.high,
            harm_averted=0.0 - harm.difference,
            averted_low=None if harm.high is None else 0.0 - harm.high,
            averted_high=None if harm.low is None else 0.0 - harm.low,
        )
    if {row.cost_standing, row.harm_standing} == {"more", "less"} and row.harm_averted:
        interval = fieller(both[:, 0], 0.0 - both[:, 1], confidence)
        if interval is not None:
            ratio = (cost.difference or 0.0) / row.harm_averted
            row = replace(row, low=interval.low, high=interval.high)
            if row.harm_standing == "less":
                row = replace(row, cost_per_harm=ratio)
            else:
                row = replace(row, saved_per_harm=ratio)
    return replace(row, words=price(row))
