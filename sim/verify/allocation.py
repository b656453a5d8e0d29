"""Allocation of few guards: the covering game against an observer, and patrols of a line."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise, product
from math import sqrt
from typing import Final

import numpy as np

from sim.theory.allocation import covering, line_patrol_value
from sim.verify.case import Case
from sim.verify.runs import crossings, trials_needed
from sim.verify.scenarios import districts, exposure

VALUES: Final = {"jayhun": 10.0, "panj": 8.0, "farkhor": 5.0, "darvoz": 2.0, "rushon": 1.0}
"""The value of an unnoticed crossing to those who send it, by district."""

GAMES: Final = (*((nodes, periods) for nodes in (4, 5, 6) for periods in (1, 2, 3, 4)), (8, 3))
"""Numbers of nodes of a line and of periods of an attack."""


# -- covering ---------------------------------------------------------------------------------


def covered_districts(effort: float) -> list[Case]:
    """One unit of cameras over five districts, as the covering game spreads it, and evenly.

    A district's coverage is its share of crossings in view, and each of those is noticed; no other
    layer is on. The worth of an attempt is the district's value times the share that goes
    unnoticed. It is the same level ``K`` in every covered district, so an observer has no better
    choice, and less in the others, where nobody is noticed. Spread evenly, the same unit leaves
    the best attempt worth 8. Flows are in proportion to the crossings that each district needs,
    since the worth is that of one attempt. Source: the water-filling behind ORIGAMI (Kiekintveld
    et al. 2009; sim/theory/allocation.py).
    """
    spread = dict(zip(VALUES, covering(list(VALUES.values()), 1.0), strict=True))
    evenly = {"jayhun": 1.0 / len(VALUES)}
    return [
        *_worths("covered", spread, effort, 4_001),
        *_worths("even spread", evenly, effort, 4_002),
    ]


def _worths(how: str, coverage: Mapping[str, float], effort: float, root: int) -> Iterator[Case]:
    """Worth of an attempt in each district at this coverage."""
    needed = {slug: trials_needed(1.0 - c, effort) for slug, c in coverage.items()}
    changes = {
        **exposure(0.1),
        "smugglers.district_weights": districts(
            {slug: 1000.0 * n / max(needed.values()) for slug, n in needed.items()}
        ),
        "technical.camera_coverage": 0.1,
        "technical.camera_emphasis": {slug: 10.0 * c for slug, c in coverage.items()},
        "technical.p_camera": 1.0,
    }
    came: Counter[str] = Counter()
    unnoticed: Counter[str] = Counter()
    for _, crossing in crossings(changes, 50.0, sum(needed.values()), root):
        came[crossing.district] += 1
        unnoticed[crossing.district] += crossing.detected_at is None
    for slug, c in coverage.items():
        value, n = VALUES[slug], came[slug]
        yield Case(
            f"worth of an attempt in {slug}, {how}",
            value * (1.0 - c),
            value * unnoticed[slug] / n,
            value * sqrt(c * (1.0 - c) / n),
        )


# -- patrolling a line --------------------------------------------------------------------------


def patrolled_lines(effort: float) -> list[Case]:
    """The patrolling game on small lines: its formula against a linear programme.

    One patroller stays or steps to a neighbour each period; an attack lasts some periods, at a
    node and time of its own choice. The model does not run here: this verifies the formula,
    exactly and at any effort. Source: Papadaki, Alpern, Lidbetter and Morton (2016).
    """
    return [
        Case(
            f"patrolling game, {nodes} nodes, {periods} period{'s' * (periods > 1)}",
            line_patrol_value(nodes, periods),
            game_value(nodes, periods),
        )
        for nodes, periods in GAMES
    ]


def game_value(nodes: int, periods: int) -> float:
    """Value of the patrolling game on a line by linear programming.

    The patroller picks a distribution of walks of ``periods`` nodes that can continue for ever:
    their last ``periods - 1`` nodes are distributed as the first. It maximises the least
    probability that a node is on the walk.
    """
    from scipy.optimize import linprog  # here: only this study needs it

    every = product(range(nodes), repeat=periods)
    walks = [walk for walk in every if all(abs(b - a) <= 1 for a, b in pairwise(walk))]
    ends = sorted({walk[1:] for walk in walks})
    rows = {end: row for row, end in enumerate(ends)}
    stationary = np.zeros((len(ends) + 1, len(walks) + 1))
    met = np.zeros((nodes, len(walks) + 1))
    met[:, -1] = 1.0
    for column, walk in enumerate(walks):
        stationary[rows[walk[1:]], column] += 1.0
        stationary[rows[walk[:-1]], column] -= 1.0
        stationary[-1, column] = 1.0
        met[list(set(walk)), column] = -1.0
    solved = linprog(
        [*np.zeros(len(walks)), -1.0],
        A_ub=met,
        b_ub=np.zeros(nodes),
        A_eq=stationary,
        b_eq=[*np.zeros(len(ends)), 1.0],
    )
    assert solved.fun is not None  # feasible: the patroller may stay at one node
    return -float(solved.fun)
