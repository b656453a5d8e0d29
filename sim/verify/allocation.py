"""Where to put few guards: covering places against who looks first, and patrolling a line."""

from collections import Counter
from collections.abc import Iterator, Mapping
from math import sqrt
from typing import Final

import numpy as np

from sim.theory.allocation import covering, line_patrol_value
from sim.verify.case import Case
from sim.verify.runs import crossings, trials_needed
from sim.verify.scenarios import districts, exposure

VALUES: Final = {"jayhun": 10.0, "panj": 8.0, "farkhor": 5.0, "darvoz": 2.0, "rushon": 1.0}
"""What a crossing that goes unnoticed is worth to those who send it, by district."""

GAMES: Final = (*((nodes, periods) for nodes in (4, 5, 6) for periods in (1, 2, 3, 4)), (8, 3))
"""Lines of so many nodes, attacks of so many periods."""


# -- covering ---------------------------------------------------------------------------------


def covered_districts(effort: float) -> list[Case]:
    """One unit of cameras spread over five districts as the covering game says, and evenly.

    A district's coverage is its share of crossings in view, every one of them noticed; no
    other layer is on. What an attempt is worth is the district's value times the share that
    goes unnoticed: the level ``K`` in every district that is covered, so that one who looks
    first has no better, and less in the others, where nobody is noticed at all. Spread evenly,
    the same unit leaves the best attempt worth 8. Flows are in proportion to the crossings
    that each district needs, for the worth is that of one attempt. Source: the water-filling
    behind ORIGAMI (Kiekintveld et al. 2009; sim/theory/allocation.py).
    """
    spread = dict(zip(VALUES, covering(list(VALUES.values()), 1.0), strict=True))
    evenly = {"jayhun": 1.0 / len(VALUES)}
    return [
        *_worths("covered", spread, effort, 4_001),
        *_worths("even spread", evenly, effort, 4_002),
    ]


def _worths(how: str, coverage: Mapping[str, float], effort: float, root: int) -> Iterator[Case]:
    """Value of an attempt in each district with cameras of this coverage."""
    wanted = {slug: trials_needed(1.0 - c, effort) for slug, c in coverage.items()}
    changes = {
        **exposure(0.1),
        "smugglers.district_weights": districts(
            {slug: 1000.0 * n / max(wanted.values()) for slug, n in wanted.items()}
        ),
        "technical.camera_coverage": 0.1,
        "technical.camera_emphasis": {slug: 10.0 * c for slug, c in coverage.items()},
        "technical.p_camera": 1.0,
    }
    came: Counter[str] = Counter()
    unnoticed: Counter[str] = Counter()
    for _, crossing in crossings(changes, 50.0, sum(wanted.values()), root):
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
    """The patrolling game on small lines, solved as a linear programme, beside its formula.

    One patroller who stays or steps to a neighbour each period, an attack of some periods at a
    node and time of its own choice. No run of the model: the formula is what is verified, and
    exactly, whatever the effort. Source: Papadaki, Alpern, Lidbetter and Morton (2016).
    """
    return [
        Case(
            f"patrolling game, {nodes} nodes, {periods} periods",
            line_patrol_value(nodes, periods),
            game_value(nodes, periods),
        )
        for nodes, periods in GAMES
    ]


def game_value(nodes: int, periods: int) -> float:
    """Value of the patrolling game on a line by linear programming.

    The patroller picks a law of walks of ``periods`` nodes that can be kept up for ever: what
    the last ``periods - 1`` are like, the first must be. The least chance that a node is on the
    walk is made as large as it can be.
    """
    from scipy.optimize import linprog  # here: only this study needs it

    walks = list(_walks(nodes, periods))
    ends = sorted({walk[1:] for walk in walks})
    rows = {end: row for row, end in enumerate(ends)}
    kept_up = np.zeros((len(ends) + 1, len(walks) + 1))
    met = np.zeros((nodes, len(walks) + 1))
    met[:, -1] = 1.0
    for column, walk in enumerate(walks):
        kept_up[rows[walk[1:]], column] += 1.0
        kept_up[rows[walk[:-1]], column] -= 1.0
        kept_up[-1, column] = 1.0
        met[list(set(walk)), column] = -1.0
    solved = linprog(
        [*np.zeros(len(walks)), -1.0],
        A_ub=met,
        b_ub=np.zeros(nodes),
        A_eq=kept_up,
        b_eq=[*np.zeros(len(ends)), 1.0],
    )
    assert solved.fun is not None  # to stay where one is is a law that can be kept up
    return -float(solved.fun)


def _walks(nodes: int, periods: int) -> Iterator[tuple[int, ...]]:
    """All walks of so many periods."""
    if periods == 0:
        yield ()
        return
    for walk in _walks(nodes, periods - 1):
        last = walk[-1:]
        steps = range(max(last[0] - 1, 0), min(last[0] + 2, nodes)) if last else range(nodes)
        for node in steps:
            yield (*walk, node)
