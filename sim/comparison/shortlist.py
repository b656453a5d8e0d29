"""The shortlist: the two or three options that a decision-maker should weigh.

The first is the best in the harm, or the cheapest of those as good in practice; the next ones offer
something else: less harm for less money, or the same harm at lower cost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from sim.comparison.words import improvements

if TYPE_CHECKING:
    from sim.comparison.comparison import Comparison
    from sim.comparison.contrasts import Contrast
    from sim.comparison.cost import CostRow

MOST: Final = 3
"""The longest shortlist. The baseline joins if fewer than two policies qualify."""

Merit = Literal["best", "cheap", "saving", "next", "open", "as it is"]
"""Why an option is listed. ``best``: the least harm. ``cheap``: averts harm at a lower price, or
free. ``saving``: costs less and is known to do no more harm. ``next``: the next best. ``open``:
the only policy, not known to help. ``as it is``: the baseline.
"""


@dataclass(frozen=True)
class Option:
    """A scenario to weigh: its merit, its harm and cost against the baseline, and its ties.

    ``ties`` are the scenarios known to do better that are tied with it in the harm. ``harm``,
    ``cost`` and ``price`` are ``None`` for the baseline or if there is no cost.
    """

    scenario: str
    merit: Merit
    harm: Contrast | None = None
    cost: Contrast | None = None
    price: CostRow | None = None
    ties: tuple[str, ...] = ()


def shortlist(comparison: Comparison) -> list[Option]:
    """The options of a comparison, the first to consider first; none for a single scenario."""
    matrix = comparison.matrix
    if matrix is None:
        return []
    harms = {c.scenario: c for c in comparison.of(matrix.harm)}
    ranked = [harms[row.scenario] for row in matrix.rows]
    merits = list(_merits(comparison, ranked))[:MOST]
    if not merits and len(ranked) == 1:
        merits = [(ranked[0].scenario, "open")]
    if len(merits) < 2:
        merits.append((comparison.baseline, "as it is"))
    costs = {
        c.scenario: c for c in comparison.of(comparison.question.cost) if c.outcome != matrix.harm
    }
    prices = {row.scenario: row for row in comparison.costs}
    first = {row.scenario for row in matrix.rows if row.first == 1}
    good = [c.scenario for c in improvements(ranked)]
    return [
        Option(
            name, merit, harms.get(name), costs.get(name), prices.get(name),
            tuple(n for n in good if n != name and n in first) if name in first else (),
        )
        for name, merit in merits
    ]  # fmt: skip


def _merits(comparison: Comparison, ranked: list[Contrast]) -> Iterator[tuple[str, Merit]]:
    """Scenarios with their merit in order, each once."""
    good = [c.scenario for c in improvements(ranked)]
    taken = good[:1]
    yield from ((name, "best") for name in taken)
    prices = {row.scenario: row for row in comparison.costs}
    best = prices.get(taken[0]) if taken else None
    cheap = [n for n in good[1:] if best and n in prices and _undercuts(prices[n], best)]
    if cheap:
        taken.append(min(cheap, key=lambda name: _rate(prices[name])))
        yield taken[-1], "cheap"
    saves = [
        row for row in prices.values()
        if row.cost_standing == "less" and row.harm_standing in ("less", "same", "none")
        and row.scenario not in taken
    ]  # fmt: skip
    if saves:
        taken.append(min(saves, key=lambda row: row.cost_difference or 0.0).scenario)
        yield taken[-1], "saving"
    for name in good:
        if name not in taken and not (best and name in prices and _cheaper(best, prices[name])):
            yield name, "next"


def _undercuts(one: CostRow, other: CostRow) -> bool:
    """Whether a policy costs less beyond chance, and less per harm averted."""
    return _cheaper(one, other) and _rate(one) < _rate(other)


def _cheaper(one: CostRow, other: CostRow) -> bool:
    """Whether one costs less than the other, with intervals that do not overlap."""
    ends = one.cost_high, other.cost_low
    return ends[0] is not None and ends[1] is not None and ends[0] < ends[1]


def _rate(row: CostRow) -> float:
    """The cost per harm averted, by the means."""
    return (row.cost_difference or 0.0) / (row.harm_averted or 1.0)
