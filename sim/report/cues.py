"""How a group first became known, and where it got to."""

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.incidents.kinds import CUES, ENDINGS
from sim.incidents.records import Crossing
from sim.report import style
from sim.report.page import MARGIN


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


def cue_legend(
    figure: Figure, cues: Sequence[str], top: float, *, extra: Sequence[Patch] = ()
) -> None:
    """One line of keys whose upper edge lies at ``top`` pixels."""
    if not cues:
        return
    keys = [Patch(facecolor=CUES[cue].colour, label=CUES[cue].label) for cue in cues]
    figure.legend(
        handles=[*keys, *extra], title="first known by", loc="upper left", alignment="left",
        bbox_to_anchor=(MARGIN / figure.bbox.width, top / figure.bbox.height),
        ncols=max(len(keys) + len(extra), 1),
        handlelength=1.2, handletextpad=0.4, columnspacing=1.4,
    ).get_title().set_color(style.GREY)  # fmt: skip
