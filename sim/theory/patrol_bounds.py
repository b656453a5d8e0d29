"""The most that patrols could do with the hours they walk, whatever their plan.

A *look* is one pass of a patrol within sight of someone in the open; it sees with probability
``q``, independently. Someone who gets ``n`` looks is seen with ``1 - (1 - q)**n``, concave in
``n``. So if they get ``h`` looks on average, no plan does better than one that gives everybody
``floor(h)`` or ``ceil(h)`` of them (Jensen's inequality on whole numbers): ``cyclic(h, q)``.
A look at a place has a price, the patrol time for which one look more a crosser is to be had
there. All prices and budgets are in the same unit, such as patrols out at a time.
"""

from math import inf, log, log1p

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.theory.search import cyclic

_HALVINGS = 200
_ENDLESS = 1e100


def most_guaranteed(prices: ArrayLike, budget: float, q: float) -> float:
    """The most that any plan can promise wherever the line is crossed.

    Who looks first goes where he meets least. Against one who takes each place with a chance in
    proportion to its price, every plan gives ``budget / sum(prices)`` looks on average; hence
    none promises more than ``cyclic`` of that, the equal level to which coverage is poured when
    all places are worth the same (cf. :func:`sim.theory.allocation.covering`). The value of the
    game on a line (:func:`sim.theory.allocation.line_patrol_value`) is never above it and comes
    near to it on a line long against the way walked during the exposure.

    ``prices`` is one number for each place (any shape, positive); the result a probability.
    """
    total = float(np.sum(_checked(prices, budget, q)))
    return cyclic(budget / total, q) if total > 0.0 else 0.0


def most_expected(shares: ArrayLike, prices: ArrayLike, budget: float, q: float) -> float:
    """The most that any plan can expect of crossers who do not heed it.

    A share ``shares[i]`` of them comes to place ``i``, whatever is done there. The look number
    ``k + 1`` at a place is worth ``share * q * (1 - q)**k / price`` for each unit of budget; the
    best plan takes the looks in that order (Charnes and Cooper 1958; Stone 1975, *Theory of
    Optimal Search*), which is Koopman's (1946) allocation with looks that can be counted in
    place of his random search. Computed as the minimum of the Lagrangian dual, which is exact
    because the problem is concave.

    ``shares`` and ``prices`` are vectors of the same length, prices positive.
    """
    flow, price = np.asarray(shares, dtype=np.float64), _checked(prices, budget, q)
    if flow.shape != price.shape or np.any(flow < 0.0):
        raise ValueError("shares must be >= 0, one for each price")
    wanted = q * flow / price > 0.0
    if budget == 0.0 or not np.any(wanted):
        return 0.0
    flow, price = flow[wanted], price[wanted]
    high = float(np.max(q * flow / price))
    low = 0.0
    for _ in range(_HALVINGS):  # at the price ``high`` of a unit the budget is not used up
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
    with np.errstate(over="ignore"):  # the poorest of looks, without end
        steps = (log(worth) - np.log(first)) / log1p(-q)
    return np.clip(np.ceil(steps), 0.0, _ENDLESS)


def _checked(prices: ArrayLike, budget: float, q: float) -> NDArray[np.float64]:
    price = np.asarray(prices, dtype=np.float64)
    if np.any(price <= 0.0) or not 0.0 <= budget < inf or not 0.0 <= q <= 1.0:
        raise ValueError(
            f"prices must be > 0, the budget >= 0 and q in [0, 1], got {budget} and {q}"
        )
    return price
