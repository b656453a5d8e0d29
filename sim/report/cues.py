"""How a group first became known, and where it got to."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from matplotlib.patches import Patch

from sim.incidents.kinds import CUES, ENDINGS
from sim.incidents.records import Crossing


class Sieve(NamedTuple):
    """Of those first known by a cue: how many, how many guards came up to, how many they stopped.

    Guards came up to those whom they met or stopped, and to those who ran back before that.
    """

    seen: int
    reached: int
    stopped: int


def sieved(crossings: Sequence[Crossing]) -> dict[str, Sieve]:
    """The crossings that became known, by cue, in the order of the records."""
    found = {}
    for cue in CUES:
        own = [crossing for crossing in crossings if crossing.cue == cue]
        near = sum(c.contact_at is not None or c.stopped or ENDINGS[c.ending].fled for c in own)
        found[cue] = Sieve(len(own), near, sum(c.stopped for c in own))
    return found


def cue_keys(cues: Iterable[str]) -> list[Patch]:
    """What the colours of some cues are, for a legend."""
    return [Patch(facecolor=CUES[cue].colour, label=CUES[cue].label) for cue in cues]
