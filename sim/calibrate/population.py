"""The years of a bank that come nearest to the targets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.calibrate.distance import Distance
from sim.calibrate.problem import Aim, Floats
from sim.calibrate.rows import Rows
from sim.errors import PanjError


@dataclass(frozen=True)
class Population:
    """Accepted simulations with weights that add up to 1, and their distances."""

    rows: Rows
    weights: Floats
    distances: Floats


def nearest(bank: Rows, distance: Distance, size: int) -> Population:
    """The draws of the prior nearest to the targets, equally weighted (Pritchard et al. 1999).

    Raises :class:`sim.errors.PanjError` where the prior cannot give what was observed.
    """
    statistics = bank.aimed(distance.aims)
    distances = distance(statistics)
    usable = int(np.isfinite(distances).sum())
    if usable < size:
        raise _too_few(bank, statistics, distance.aims, usable, size)
    impossible = [
        (aim, f"{aim.told()} (simulated: {low:.4g} to {high:.4g})")
        for aim, low, high in _reach(statistics, distance.aims)
        if aim.weight > 0.0 and _gap(aim, low, high) > (high - low) + aim.scale
    ]
    if impossible:
        told = "; ".join(words for _, words in impossible)
        remedies = ["Correct the figure", "widen the prior of a parameter that moves it"]
        raise PanjError(
            f"no draw of the prior comes anywhere near what was observed: {told}",
            remedy=_either(remedies, distance.aims, [aim.name for aim, _ in impossible]),
        )
    order = np.argsort(distances, kind="stable")[:size]
    return Population(bank.take(order), np.full(size, 1.0 / size), distances[order])


def _either(remedies: list[str], aims: tuple[Aim, ...], bad: list[str]) -> str:
    """One of several remedies; to hold targets back is one where others are left to fit."""
    if any(aim.weight > 0.0 and aim.name not in bad for aim in aims):
        which = "the target" if len(bad) == 1 else "these targets"
        remedies = [*remedies, f'hold {which} back (use = "validate")']
    return f"{', '.join(remedies[:-1])} or {remedies[-1]}."


def _reach(statistics: Floats, aims: tuple[Aim, ...]) -> list[tuple[Aim, float, float]]:
    """Smallest and largest value that was simulated of each target with any."""
    found = []
    for place, aim in enumerate(aims):
        finite = statistics[np.isfinite(statistics[:, place]), place]
        if finite.size:
            found.append((aim, float(finite.min()), float(finite.max())))
    return found


def _gap(aim: Aim, low: float, high: float) -> float:
    """Distance between a target and a range of values; 0 where they meet."""
    return max(aim.low - high, low - aim.high, 0.0)


def _too_few(
    bank: Rows, statistics: Floats, aims: tuple[Aim, ...], usable: int, size: int
) -> PanjError:
    failed = [failure for failure in bank.failures if failure is not None]
    undefined = [
        aim.name
        for place, aim in enumerate(aims)
        if aim.weight > 0.0 and np.isnan(statistics[:, place]).sum() > len(failed)
    ]
    remedies = ["Take a larger bank", "fewer of it (a smaller population)"]
    why = [f"{len(failed)} failed, the first with {failed[0]}"] if failed else []
    why += [f"undefined in some or all: {', '.join(undefined)}"] if undefined else []
    return PanjError(
        f"only {usable} of {len(bank)} draws of the prior can be compared with the targets, and "
        f"{size} are needed ({'; '.join(why)})",
        remedy=_either(remedies, aims, undefined) if undefined else f"{' or '.join(remedies)}.",
    )
