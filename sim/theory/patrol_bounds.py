"""Upper bounds on what patrols can detect with the hours they walk, under any plan.

A *look* is one pass of a patrol within sight of someone in the open; it sees with probability
``q``, independently. Someone who gets ``n`` looks is seen with ``1 - (1 - q)**n``, concave in
``n``. So with ``h`` looks on average, no plan is better than one that gives everybody ``floor(h)``
or ``ceil(h)`` of them (Jensen's inequality on whole numbers): ``cyclic(h, q)``. A look at a place
has a price, the patrol time that one more look per crosser costs there. All prices and budgets
are in the same unit, such as patrols out at a time.
"""

from math import inf, log, log1p

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.theory.search import cyclic

_HALVINGS = 200
_ENDLESS = 1e100


def most_guaranteed(prices: ArrayLike, budget: float, q: float) -> float:
    """The most that any plan can guarantee wherever the line is crossed.

    A crosser who observes first goes where patrols are least. Against a crosser who takes each
    place with a probability in proportion to its price, every plan gives ``budget / sum(prices)``
    looks on average. Hence no plan guarantees more than ``cyclic`` of that, the equal level of
    coverage if all places have the same value (cf. :func:`sim.theory.allocation.covering`). The
    value of the game on a line (:func:`sim.theory.allocation.line_patrol_value`) is never above
    it, and comes close to it on a line much longer than the walk during the exposure.

    ``prices`` has one positive number for each place, in any shape; the result is a probability.
    """
    total = float(np.sum(_checked(prices, budget, q)))
    return cyclic(budget / total, q) if total > 0.0 else 0.0


def most_expected(shares: ArrayLike, prices: ArrayLike, budget: float, q: float) -> float:
    """The most that any plan can expect against crossers who do not react to it.

    A share ``shares[i]`` of them comes to place ``i``, whatever patrols do. Look number ``k + 1``
    at a place yields ``share * q * (1 - q)**k / price`` per unit of budget; the best plan takes
    looks in that order (Charnes and Cooper 1958; Stone 1975, *Theory of Optimal Search*). This is
    Koopman's (1946) allocation with countable looks instead of random search. It is computed as
    the minimum of the Lagrangian dual, which is exact because the problem is concave.

    ``shares`` and ``prices`` are vectors of the same length, prices positive.
    """
    flow, price = np.asarray(shares, dtype=np.float64), _checked(prices, budget, q)
    if flow.shape != price.shape or np.any(flow < 0.0):
        raise ValueError("shares must be >= 0, one for each price")
    useful = q * flow / price > 0.0
    if budget == 0.0 or not np.any(useful):
        return 0.0
    flow, price = flow[useful], price[useful]
    high = float(np.max(q * flow / price))
    low = 0.0
    for _ in range(_HALVINGS):  # at a price ``high`` per unit the budget is not used up
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        if float(price @ _looks(flow, price, q, middle)) > budget:
            low = middle
        else:
            high = middle
    taken = _looks(flow, price, q, high)
    spare = budget - float(price @ taken)
    value = float(flow @ (1.0 - (1.0 - q) ** taken)) + high * spare
    return min(value, float(np.sum(flow)))


def _looks(
    flow: NDArray[np.float64], price: NDArray[np.float64], q: float, worth: float
) -> NDArray[np.float64]:
    """Looks at each place that yield more than ``worth`` for each unit of budget."""
    first = q * flow / price
    if q == 1.0:
        return np.where(first > worth, 1.0, 0.0)
    with np.errstate(over="ignore"):  # infinitely many looks at almost no price
        steps = (log(worth) - np.log(first)) / log1p(-q)
    return np.clip(np.ceil(steps), 0.0, _ENDLESS)


def _checked(prices: ArrayLike, budget: float, q: float) -> NDArray[np.float64]:
    price = np.asarray(prices, dtype=np.float64)
    if np.any(price <= 0.0) or not 0.0 <= budget < inf or not 0.0 <= q <= 1.0:
        raise ValueError(
            f"prices must be > 0, the budget >= 0 and q in [0, 1], got {budget} and {q}"
        )
    return price
