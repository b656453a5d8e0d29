"""Pursuit after a clash: competing exponential hazards for each intruder who runs."""

from typing import NamedTuple

from sim.theory.attrition import Side, ends, intensities
from sim.theory.shared_fate import hit_chances


def fates(hit: float, caught: float) -> tuple[float, float]:
    """Probabilities to be hit and to be caught, at hazards relative to that of getting away.

    Raises ``ValueError`` for a negative hazard.
    """
    if hit < 0.0 or caught < 0.0:
        raise ValueError(f"hazards must be >= 0, got {hit} and {caught}")
    whole = 1.0 + hit + caught
    return hit / whole, caught / whole


class ClashCost(NamedTuple):
    """The losses of a clash with pursuit.

    ``killed[k]`` is the probability that ``k`` intruders die, ``bloodless`` that nobody is hit;
    ``guards_lost`` and ``caught`` are expected guards out of action and unhurt intruders caught.
    """

    killed: list[float]
    bloodless: float
    guards_lost: float
    caught: float

    @property
    def mean_killed(self) -> float:
        """Expected intruders killed."""
        return sum(k * chance for k, chance in enumerate(self.killed))


def clash_cost(
    guards: Side,
    intruders: Side,
    lethality: float,
    pursuit: tuple[float, float] = (0.0, 0.0),
    disengage_rate: float = 0.0,
    intensity_spread: float = 0.0,
) -> ClashCost:
    """Solve a clash of :func:`sim.theory.attrition.clash_law` and the pursuit after it.

    Each intruder hit dies with ``lethality``. Unless the guards broke, each unhurt intruder is hit,
    is caught or gets away by :func:`fates` of the two hazards of ``pursuit``; that of being hit is
    multiplied by the intensity of the fight. All are independent given intensity and end.
    """
    count = intruders.count
    killed = [0.0] * (count + 1)
    bloodless = guards_lost = taken = 0.0
    for heat, weight in intensities(intensity_spread):
        hit, caught = fates(pursuit[0] * heat, pursuit[1])
        for end, here in ends(guards, intruders, disengage_rate, heat):
            chance = weight * here
            runs = 0 if end.how == "guards_break" else count - end.intruders_lost
            guards_lost += chance * end.guards_lost
            taken += chance * runs * caught
            if end.guards_lost == end.intruders_lost == 0:
                bloodless += chance * (1.0 - hit) ** runs
            for fallen, p in enumerate(hit_chances(end.intruders_lost, lethality, 0.0)):
                for ran, q in enumerate(hit_chances(runs, hit * lethality, 0.0)):
                    killed[fallen + ran] += chance * p * q
    return ClashCost(killed, bloodless, guards_lost, taken)
