"""What there is to choose from: the two or three options that somebody who decides should weigh.

The first is the best in the harm, and where others are as good in practice the cheapest of them;
the next are those that offer something else: less harm for less money, the same harm for less.
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
"""So many options are weighed; with fewer that are known to help, all stays as it is is one."""

Merit = Literal["best", "cheap", "saving", "next", "open", "as it is"]
"""Why an option is there. ``best``: the least harm. ``cheap``: averts harm at a lower price, or
for nothing. ``saving``: costs less and does no more harm that is known. ``next``: the next best.
``open``: the one policy that there is, of which nothing good is known. ``as it is``: the baseline.
"""


@dataclass(frozen=True)
class Option:
    """A scenario to weigh: its merit, what it does and costs against the baseline, and its ties.

    ``ties`` are the scenarios known to do better that the pairs cannot tell from it in the harm.
    Of the baseline itself there is no ``harm`` and no ``cost``, and none without a cost.
    """

    scenario: str
    merit: Merit
    harm: Contrast | None = None
    cost: Contrast | None = None
    price: CostRow | None = None
    ties: tuple[str, ...] = ()


def shortlist(comparison: Comparison) -> list[Option]:
    """The options of a comparison, the one to look at first in front; none of one scenario."""
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
    """Scenarios with their merit, in the order in which they are looked at, each once."""
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
    """Whether a policy costs less beyond chance, and less for each harm that it averts."""
    return _cheaper(one, other) and _rate(one) < _rate(other)


def _cheaper(one: CostRow, other: CostRow) -> bool:
    """Whether one costs less than the other, and their intervals have nothing in common."""
    ends = one.cost_high, other.cost_low
    return ends[0] is not None and ends[1] is not None and ends[0] < ends[1]


def _rate(row: CostRow) -> float:
    """What a policy costs for each harm that it averts, by the means."""
    return (row.cost_difference or 0.0) / (row.harm_averted or 1.0)
