"""Expected losses in a clash and the pursuit after it, for all intensities at once.

The chain of :mod:`sim.theory.attrition`, swept loss by loss over all states and intensities
together: fast enough to solve whenever two sides meet.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.theory.attrition import Side, intensities

Floats = NDArray[np.float64]


class Opening(NamedTuple):
    """A way in which a fight may begin: its probability, and a factor of each side's rate."""

    chance: float
    guards: float = 1.0
    intruders: float = 1.0


class Chain(NamedTuple):
    """How a clash ends at each of some intensities.

    ``heat`` are the intensities. ``won`` and ``slipped``, shape (intruders + 1, intensities), are
    the probabilities that the intruders broke, or slipped away, by how many of them were out of
    action, times the weight of the intensity. ``broken``, shape (intruders + 1,), is the
    probability that the guards broke then. All add up to 1. ``guards_lost`` and
    ``intruders_lost`` are expected numbers.
    """

    heat: Floats
    won: Floats
    slipped: Floats
    broken: Floats
    guards_lost: float
    intruders_lost: float

    @property
    def runs(self) -> Floats:
        """Expected intruders still unhurt when guards hold the field, by intensity."""
        left = np.arange(len(self.broken) - 1, -1, -1.0)[:, None]
        running: Floats = (left * (self.won + self.slipped)).sum(axis=0)
        return running

    def hit(self, pursuit: tuple[float, float]) -> float:
        """Expected intruders hit, in the fight and in flight.

        ``pursuit`` are the hazards of being hit and of being caught relative to getting away; the
        first is multiplied by the intensity of the fight.
        """
        hazard = pursuit[0] * self.heat
        running = self.runs * (hazard / (1.0 + hazard + pursuit[1]))
        return self.intruders_lost + float(running.sum())

    def unbroken(
        self, pursuit: tuple[float, float], lethality: float, captured: float, spared: float
    ) -> float:
        """Probability that somebody is hurt by intruders who get away.

        It is the probability that the intruders do not break, less that of sparing somebody all
        the same. Each one who gets away spares somebody with probability ``spared``,
        independently; a hit kills with ``lethality``, and a wounded intruder is caught with
        ``captured`` if guards hold the field.
        """
        hazard = pursuit[0] * self.heat
        race = 1.0 + hazard + pursuit[1]
        lost = np.arange(float(len(self.broken)))
        left = lost[::-1]
        hurt = lethality + (1.0 - lethality) * (captured + (1.0 - captured) * spared)
        ran = (hazard * hurt + pursuit[1] + spared) / race
        away = self.slipped * (1.0 - hurt ** lost[:, None] * ran ** left[:, None])
        fled = lethality + (1.0 - lethality) * spared
        behind = self.broken * (1.0 - fled**lost * spared**left)
        return float(away.sum() + behind.sum())


def chain(
    guards: Side,
    intruders: Side,
    disengage_rate: float = 0.0,
    intensity_spread: float = 0.0,
    openings: Sequence[Opening] = (Opening(1.0),),
) -> Chain:
    """Solve a clash of :func:`sim.theory.attrition.clash_law` with a random opening.

    The probabilities of ``openings`` add up to 1; these replace the openings of the sides. A clash
    in which nobody hits and nobody slips away ends at once, as if the intruders slipped away.
    """
    heat, weight = _nodes(intensity_spread)
    n = intruders.count
    won, slipped = np.zeros((n + 1, len(heat))), np.zeros((n + 1, len(heat)))
    broken = np.zeros(n + 1)
    lost = 0.0
    if n <= intruders.stop:
        won[0] = weight
    elif guards.count <= guards.stop:
        broken[0] = 1.0
    elif guards.rate == intruders.rate == disengage_rate == 0.0:
        slipped[0] = weight
    else:
        lost = _fight(
            (guards, intruders), disengage_rate, heat, weight, openings, (won, slipped, broken)
        )
    by_lost = won.sum(axis=1) + slipped.sum(axis=1) + broken
    return Chain(heat, won, slipped, broken, lost, float((np.arange(n + 1.0) * by_lost).sum()))


@lru_cache(maxsize=64)
def _nodes(spread: float) -> tuple[Floats, Floats]:
    heat, weight = np.array(list(intensities(spread))).T
    return heat, weight / weight.sum()


def _fight(
    sides: tuple[Side, Side],
    disengage: float,
    heat: Floats,
    weight: Floats,
    openings: Sequence[Opening],
    ends: tuple[Floats, Floats, Floats],
) -> float:
    """Fill in the ends, loss by loss; return the guards lost.

    After ``k`` losses a state is given by the losses of the intruders: a row of ``here``.
    """
    (guards, intruders), (won, slipped, broken) = sides, ends
    many, n = guards.count, intruders.count
    ours = np.array([guards.breaks_at(many - k - 1) for k in range(many)])
    theirs = np.array([intruders.breaks_at(n - k - 1) for k in range(n)])[:, None]
    rows = np.arange(n)
    on_guards = intruders.rate * (n - rows[:, None]) * heat
    here = np.zeros((n, len(heat)))
    here[0] = weight
    lost = 0.0
    for k in range(many + n - 1):
        behind = np.minimum(np.maximum(k - rows, 0), many - 1)  # guards out of action
        on_intruders = guards.rate * (many - behind[:, None]) * heat
        hits, losses, slips = _step(here, on_intruders, on_guards, disengage, openings)
        openings = _ON
        won[1:] += theirs * hits
        slipped[:-1] += slips
        by_row, breaks = losses.sum(axis=1), ours[behind]
        lost += float(by_row.sum())
        broken[:-1] += breaks * by_row
        here = (1.0 - breaks)[:, None] * losses
        here[1:] += ((1.0 - theirs) * hits)[:-1]
    return lost


_ON = (Opening(1.0),)


def _step(
    here: Floats,
    on_intruders: Floats,
    on_guards: Floats,
    disengage: float,
    openings: Sequence[Opening],
) -> tuple[Floats, Floats, Floats]:
    """Probabilities that an intruder is hit next, or a guard, or that the intruders slip away."""
    hits = losses = slips = np.zeros(())
    for chance, first, second in openings:
        visits = chance * here / (first * on_intruders + second * on_guards + disengage)
        hits = hits + visits * (first * on_intruders)
        losses = losses + visits * (second * on_guards)
        slips = slips + visits * disengage
    return hits, losses, slips
