"""A clash as a Markov process: the stochastic square law with break-off and disengagement.

State ``(g, i)``: guards and intruders able to fight. Guards put an intruder out of action at
rate ``guards.rate * g``, intruders a guard at rate ``intruders.rate * i`` (the stochastic form
of Lanchester 1916; Kingman 2002, *Stochastic aspects of Lanchester's theory of warfare*). No
state comes back, so one sweep over the states is an exact solution.
"""

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a clash.

    ``count`` people, each scoring hits at ``rate``; the side breaks off when ``stop`` or fewer
    are able to fight (0: to the last). Until anyone is hit, its rate is multiplied by
    ``opening``: the advantage of firing first.
    """

    count: int
    rate: float
    stop: int = 0
    opening: float = 1.0


class ClashOdds(NamedTuple):
    """How a clash ends and what it costs; the three chances add up to 1."""

    p_guards_win: float
    p_guards_break: float
    p_disengaged: float
    guards_lost: float
    intruders_lost: float


def clash_odds(guards: Side, intruders: Side, disengage_rate: float = 0.0) -> ClashOdds:
    """Solve a clash exactly.

    Guards win when the intruders are down to their ``stop``; the intruders slip away together
    at ``disengage_rate``, whoever is left. Rates are per one unit of time, whichever it is.
    Losses are expected numbers put out of action, dead or wounded.

    Raises
    ------
    ValueError
        If a number is negative, an ``opening`` is not positive, or nothing can end the clash.
    """
    _check(guards, intruders, disengage_rate)
    chance = {(guards.count, intruders.count): 1.0}
    win = broken = disengaged = guards_lost = intruders_lost = 0.0
    for g in range(guards.count, -1, -1):
        for i in range(intruders.count, -1, -1):
            here = chance.pop((g, i), 0.0)
            if i <= intruders.stop:
                win += here
                ends = here
            elif g <= guards.stop:
                broken += here
                ends = here
            else:
                on_intruders, on_guards = _hit_rates(guards, intruders, g, i)
                visits = here / (on_intruders + on_guards + disengage_rate)
                chance[g, i - 1] = chance.get((g, i - 1), 0.0) + visits * on_intruders
                chance[g - 1, i] = visits * on_guards
                ends = visits * disengage_rate
                disengaged += ends
            guards_lost += ends * (guards.count - g)
            intruders_lost += ends * (intruders.count - i)
    return ClashOdds(win, broken, disengaged, guards_lost, intruders_lost)


def _hit_rates(guards: Side, intruders: Side, g: int, i: int) -> tuple[float, float]:
    """Rates at which an intruder and a guard are hit while ``g`` and ``i`` are able to fight."""
    on_intruders, on_guards = guards.rate * g, intruders.rate * i
    if g == guards.count and i == intruders.count:
        return on_intruders * guards.opening, on_guards * intruders.opening
    return on_intruders, on_guards


def _check(guards: Side, intruders: Side, disengage_rate: float) -> None:
    for name, side in (("guards", guards), ("intruders", intruders)):
        if side.count < 0 or side.rate < 0.0 or side.stop < 0 or side.opening <= 0.0:
            raise ValueError(f"{name}: count, rate and stop must be >= 0, opening > 0; got {side}")
    if disengage_rate < 0.0:
        raise ValueError(f"disengage_rate must be >= 0, got {disengage_rate}")
    fought = guards.count > guards.stop and intruders.count > intruders.stop
    if fought and guards.rate == intruders.rate == disengage_rate == 0.0:
        raise ValueError("the clash never ends: nobody hits and nobody slips away")
