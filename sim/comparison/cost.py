"""What a policy costs for each harm it averts."""

from dataclasses import dataclass, replace

import numpy as np

from sim.comparison.digits import short
from sim.comparison.intervals import fieller
from sim.comparison.paired import SETTLED, Contrast
from sim.comparison.results import Floats
from sim.measures.registry import described


@dataclass(frozen=True)
class CostRow:
    """Cost and harm of a scenario against the baseline; ``None`` is "cannot be said".

    ``cost_difference`` is what the scenario costs more, ``harm_averted`` the harm it spares;
    ``cost_per_harm`` is their ratio where the scenario costs more and averts harm, and
    ``saved_per_harm`` where it costs less and lets harm happen. ``low`` and ``high`` bound the
    ratio that is given.
    """

    scenario: str
    cost: str
    harm: str
    n: int
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
    words: str = "nothing can be said"


def cost_row(cost: Contrast, harm: Contrast, differences: Floats, confidence: float) -> CostRow:
    """Cost per harm averted of a scenario, with Fieller's interval (Fieller 1954).

    ``differences`` has a column for each of the two, in pairs. Where both are settled there is
    a ratio, or one scenario dominates the other (less harm for less cost); otherwise the words
    say which of the two is not settled.
    """
    both = differences[np.isfinite(differences).all(axis=1)]
    row = CostRow(cost.scenario, cost.outcome, harm.outcome, len(both))
    if cost.difference is None or harm.difference is None:
        return row
    row = replace(
        row,
        cost_difference=cost.difference,
        cost_low=cost.low,
        cost_high=cost.high,
        harm_averted=0.0 - harm.difference,
        averted_low=None if harm.high is None else 0.0 - harm.high,
        averted_high=None if harm.low is None else 0.0 - harm.low,
    )
    if verdict := _without_ratio(cost, harm):
        return replace(row, words=verdict)
    interval = fieller(both[:, 0], 0.0 - both[:, 1], confidence)
    if interval is None:
        return replace(row, words="no figure: the harm averted may be next to nothing")
    ratio = cost.difference / row.harm_averted if row.harm_averted else 0.0
    figures = f"{short(ratio)} {cost.unit}".rstrip()
    ends = f"({short(interval.low)} to {short(interval.high)})"
    row = replace(row, low=interval.low, high=interval.high)
    one = described(harm.outcome).singular
    if cost.difference > 0.0:
        return replace(row, cost_per_harm=ratio, words=f"{figures} per {one} averted {ends}")
    return replace(row, saved_per_harm=ratio, words=f"{figures} saved per {one} more {ends}")


def _without_ratio(cost: Contrast, harm: Contrast) -> str:
    """What is to be said where there is no trade-off, or none that is known; else nothing."""
    name = described(harm.outcome).named
    if harm.p_equal == 1.0:
        if cost.p_equal == 1.0:
            return "no difference can be measured"
        cheaper = _sign(cost)
        costs = {1: "it costs more", -1: "it costs less", 0: "nor is one of cost settled"}[cheaper]
        return f"no difference in {name} can be measured; {costs}"
    safer = -_sign(harm)
    if safer == 0:
        return f"no figure: the difference in {name} is not settled"
    amount = "less" if safer > 0 else "more"
    if cost.p_equal == 1.0:
        return f"{amount} harm at the same cost"
    dearer = _sign(cost)
    if dearer == 0:
        return f"no figure: {amount} harm, but the difference in cost is not settled"
    if dearer == safer:
        return ""
    if safer > 0:
        return "dominates the baseline: less harm for less cost"
    return "dominated by the baseline: more harm for more cost"


def _sign(contrast: Contrast) -> int:
    """1 or -1 where a difference is settled, otherwise 0."""
    if contrast.judgement not in SETTLED or contrast.difference is None:
        return 0
    return 1 if contrast.difference > 0.0 else -1
