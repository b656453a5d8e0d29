"""Patrols: which sorties leave, and when each turns; all else follows from post and section."""

from typing import TYPE_CHECKING

from sim.viewer.rows import Row, day

if TYPE_CHECKING:
    from sim.agents.beats import Beat
    from sim.model import BorderModel


def sorties(model: "BorderModel", t0: float, t1: float) -> list[Row]:
    """``[post, side, leaves, turns]`` of every sortie that leaves in ``[t0, t1)``, by time.

    From day 0 on also those that left before it and are not home yet.
    """
    found: list[tuple[float, int, int, float]] = []
    for number, post in enumerate(model.posts):
        for side, beat in zip((-1, 1), post.beats, strict=True):
            since = t0 if t0 > 0.0 else -_longest(beat)
            for departure in beat.departures(since, t1):
                out = beat.half_km / beat.speed(departure.at)
                if departure.at + 2.0 * out >= t0:
                    found.append((departure.at, number, side, departure.at + out))
    found.sort()
    return [[number, side, day(leaves), day(turns)] for leaves, number, side, turns in found]


def _longest(beat: "Beat") -> float:
    """Days of the slowest sortie, out and back."""
    return beat.longest_days
