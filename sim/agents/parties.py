"""The size of the party that a cell sends: enough for the target, from a heavy-tailed law.

Sizes of groups in insurgencies follow a power law (Bohorquez et al. 2009; Clauset et al. 2007);
here it is truncated at the people who can be gathered, the cell's own and those that free
neighbours can spare. A plan has its size before its target: guards do not attract more raiders,
they put a target out of reach of small parties, which are most (deterrence by denial, Snyder 1961).
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import ceil, floor, pow
from typing import NamedTuple

from sim.agents.frontier import Cell
from sim.engine.draws import Stream
from sim.scenario.spec_threat import Cells


def needed(rules: Cells, defenders: int) -> int:
    """The smallest party that attacks this number of defenders."""
    return max(rules.party_least, ceil(rules.raid_ratio * defenders - 1e-9))


def power_law(u: float, least: int, most: int, exponent: float) -> int:
    """Inverse CDF of ``n ** -exponent`` on the whole numbers from ``least`` to ``most``."""
    reached = list(accumulate(pow(n, -exponent) for n in range(least, most + 1)))
    target = u * reached[-1]
    return next(n for n, share in enumerate(reached, least) if share > target)


class Lent(NamedTuple):
    """People of another cell in a party."""

    cell: Cell
    people: int


def gather(neighbours: Sequence[Cell], missing: int) -> list[Lent]:
    """Borrow the missing people from the neighbours, nearest first; they leave their cells."""
    lent: list[Lent] = []
    for cell in neighbours:
        if missing <= 0:
            break
        people = min(cell.spare, missing)
        if people > 0:
            cell.lend(people)
            lent.append(Lent(cell, people))
            missing -= people
    return lent


def split_survivors(draw: Stream, lent: Sequence[Lent], size: int, survivors: int) -> list[int]:
    """The number of survivors who return to the party's own cell, then to each lender.

    Losses are in proportion to the people that each gave; a draw of the operation decides who
    bears the remainder.
    """
    gave = [size - sum(each.people for each in lent), *(each.people for each in lent)]
    offset = draw.uniform("whose loss") if lent else 0.0
    dead = size - survivors
    lost = [0, *(floor(dead * upto / size + offset) for upto in accumulate(gave))]
    return [
        given - (upto - before) for given, (before, upto) in zip(gave, pairwise(lost), strict=True)
    ]
