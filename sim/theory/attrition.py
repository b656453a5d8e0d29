"""A clash as a Markov process: the stochastic square law with break points and slipping away.

State ``(g, i)``: guards and intruders able to fight. Guards put an intruder out of action at
rate ``guards.rate * g``, intruders a guard at rate ``intruders.rate * i`` (the stochastic form
of Lanchester 1916; Kingman 2002, *Stochastic aspects of Lanchester's theory of warfare*). Each
loss may break its side. No state recurs, so one sweep over the states solves the chain exactly.
If fights vary in intensity, the law is a mixture of such chains, by quadrature.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, gamma, log
from typing import Literal, NamedTuple

_LARGE = 700.0  # exp of it is still finite


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a clash.

    ``count`` people each score hits at ``rate``. The side breaks off when ``stop`` or fewer are
    able to fight (0: to the last), and before that with probability ``breaks[k - 1]`` at its
    ``k``-th loss. Until anyone is hit, its rate is multiplied by ``opening``, the advantage of
    firing first.
    """

    count: int
    rate: float
    stop: int = 0
    opening: float = 1.0
    breaks: tuple[float, ...] = ()

    def breaks_at(self, left: int) -> float:
        """Probability that the loss which leaves ``left`` people breaks the side."""
        loss = self.count - left
        if left <= self.stop:
            return 1.0
        return self.breaks[loss - 1] if loss <= len(self.breaks) else 0.0


def break_hazards(count: int, median: float, spread: float) -> tuple[float, ...]:
    """Probability to break at the first, second, ... of ``count`` losses, given no break before.

    The share lost at which a side breaks is log-logistic with this ``median``: after ``k`` losses
    it still fights with probability ``1 / (1 + (k / (count * median)) ** (1 / spread))``. The last
    loss always breaks it. ``spread`` and ``median`` must be positive.
    """
    hazards, stood = [], 1.0
    for k in range(1, count):
        log_odds = log(k / (count * median)) / spread
        stands = 1.0 / (1.0 + exp(min(log_odds, _LARGE)))
        hazards.append(1.0 - stands / stood if stood > 0.0 else 1.0)
        stood = stands
    return (*hazards, 1.0) if count else ()


class End(NamedTuple):
    """The end of a clash: how it ended, and how many were then out of action."""

    how: Literal["guards_win", "guards_break", "disengaged"]
    guards_lost: int
    intruders_lost: int


class ClashOdds(NamedTuple):
    """Probabilities of the three ends, which add up to 1, and expected losses."""

    p_guards_win: float
    p_guards_break: float
    p_disengaged: float
    guards_lost: float
    intruders_lost: float


def clash_law(
    guards: Side, intruders: Side, disengage_rate: float = 0.0, intensity_spread: float = 0.0
) -> dict[End, float]:
    """Solve a clash: the probability of every end.

    Guards win when the intruders break; the remaining intruders slip away together at
    ``disengage_rate``. All rates have the same unit of time. With ``intensity_spread`` both sides'
    rates have a common Weibull factor with mean 1 and shape ``1 / intensity_spread``; its
    quadrature is exact to about 1e-9 for spreads up to 3.

    Raises ``ValueError`` if a number is negative, an ``opening`` is not positive, or nothing can
    end the clash.
    """
    _check(guards, intruders, disengage_rate)
    if intensity_spread < 0.0:
        raise ValueError(f"intensity_spread must be >= 0, got {intensity_spread}")
    law: dict[End, float] = {}
    for heat, weight in intensities(intensity_spread):
        for end, chance in ends(guards, intruders, disengage_rate, heat):
            law[end] = law.get(end, 0.0) + weight * chance
    return law


def clash_odds(
    guards: Side, intruders: Side, disengage_rate: float = 0.0, intensity_spread: float = 0.0
) -> ClashOdds:
    """Solve a clash as :func:`clash_law` does, and sum over its ends.

    Losses are expected numbers out of action, dead or wounded.
    """
    law = clash_law(guards, intruders, disengage_rate, intensity_spread)
    ways = {"guards_win": 0.0, "guards_break": 0.0, "disengaged": 0.0}
    guards_lost = intruders_lost = 0.0
    for end, chance in law.items():
        ways[end.how] += chance
        guards_lost += chance * end.guards_lost
        intruders_lost += chance * end.intruders_lost
    return ClashOdds(
        ways["guards_win"], ways["guards_break"], ways["disengaged"], guards_lost, intruders_lost
    )


def intensities(spread: float) -> Iterator[tuple[float, float]]:
    """Nodes and weights of a Weibull factor with mean 1: ``E ** spread / gamma(1 + spread)``.

    ``E`` is exponential. As a function of its logarithm the integrand is analytic and decays on
    both sides, so the trapezoidal rule converges exponentially.
    """
    if spread == 0.0:
        yield 1.0, 1.0
        return
    step, lowest, nodes = 0.25, -24.0, 112
    for n in range(nodes):
        x = lowest + step * n
        yield exp(spread * x) / gamma(1.0 + spread), step * exp(x - exp(x))


def ends(
    guards: Side, intruders: Side, disengage_rate: float = 0.0, heat: float = 1.0
) -> Iterator[tuple[End, float]]:
    """Every end of the chain with its probability, at the intensity ``heat`` (above 0).

    An end may come several times; its probabilities add up.
    """
    if intruders.count <= intruders.stop or guards.count <= guards.stop:
        nobody = intruders.count <= intruders.stop
        yield End("guards_win" if nobody else "guards_break", 0, 0), 1.0
        return
    chance = {(guards.count, intruders.count): 1.0}
    for g in range(guards.count, guards.stop, -1):
        for i in range(intruders.count, intruders.stop, -1):
            here = chance.pop((g, i), 0.0)
            if here == 0.0:
                continue
            on_intruders, on_guards = _hit_rates(guards, intruders, g, i)
            visits = here / (heat * (on_intruders + on_guards) + disengage_rate)
            hit = visits * heat * on_intruders
            breaks = hit * intruders.breaks_at(i - 1)
            yield End("guards_win", guards.count - g, intruders.count - i + 1), breaks
            chance[g, i - 1] = chance.get((g, i - 1), 0.0) + hit - breaks
            hit = visits * heat * on_guards
            breaks = hit * guards.breaks_at(g - 1)
            yield End("guards_break", guards.count - g + 1, intruders.count - i), breaks
            chance[g - 1, i] = hit - breaks
            slipped = visits * disengage_rate
            yield End("disengaged", guards.count - g, intruders.count - i), slipped


def _hit_rates(guards: Side, intruders: Side, g: int, i: int) -> tuple[float, float]:
    """Rates at which an intruder and a guard are hit in the state ``(g, i)``."""
    on_intruders, on_guards = guards.rate * g, intruders.rate * i
    if g == guards.count and i == intruders.count:
        return on_intruders * guards.opening, on_guards * intruders.opening
    return on_intruders, on_guards


def _check(guards: Side, intruders: Side, disengage_rate: float) -> None:
    for name, side in (("guards", guards), ("intruders", intruders)):
        if side.count < 0 or side.rate < 0.0 or side.stop < 0 or side.opening <= 0.0:
            raise ValueError(f"{name}: count, rate and stop must be >= 0, opening > 0; got {side}")
        if any(not 0.0 <= chance <= 1.0 for chance in side.breaks):
            raise ValueError(f"{name}: breaks must be chances, got {side.breaks}")
    if disengage_rate < 0.0:
        raise ValueError(f"disengage_rate must be >= 0, got {disengage_rate}")
    fought = guards.count > guards.stop and intruders.count > intruders.stop
    if fought and guards.rate == intruders.rate == disengage_rate == 0.0:
        raise ValueError("the clash never ends: nobody hits and nobody slips away")
