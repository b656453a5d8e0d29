"""How a group first became known: a colour and a word for each cue, and where a group got to."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.incidents.records import CUES, Crossing
from sim.outcomes import stopped
from sim.report import style
from sim.report.page import MARGIN


class CueStyle(NamedTuple):
    """Colour of a cue, and the words that end "first known by"."""

    colour: str
    label: str


CUE_STYLES: Final[dict[str, CueStyle]] = {
    "patrol": CueStyle(style.BLUE, "a patrol"),
    "watch": CueStyle(style.SKY, "the watch of a post"),
    "camera": CueStyle(style.PURPLE, "a camera"),
    "uav": CueStyle(style.GREY, "an aircraft"),
    "sign": CueStyle(style.ORANGE, "its sign"),
    "tip": CueStyle(style.GREEN, "a tip"),
    "attack": CueStyle(style.VERMILION, "its attack"),
}
"""By cue, in the order of legends and stacks: what is seen at the line before what comes later."""


class Sieve(NamedTuple):
    """Of those first known by a cue: how many, how many guards came up to, how many they stopped.

    Guards came up to those whom they met, and to smugglers who dropped their load or ran back.
    Smugglers are stopped where they lose load or liberty; militants, where guards met them.
    """

    seen: int
    reached: int
    stopped: int


def sieved(crossings: Sequence[Crossing]) -> dict[str, Sieve]:
    """The crossings that became known, by cue, in the order of the records."""
    found = {}
    for cue in CUES:
        own = [crossing for crossing in crossings if crossing.cue == cue]
        held = [c for c in own if (stopped(c) if c.actor == "smugglers" else _met(c))]
        near = [c for c in own if _met(c) or stopped(c) or c.ending == "turned_back"]
        found[cue] = Sieve(len(own), len(near), len(held))
    return found


def _met(crossing: Crossing) -> bool:
    return crossing.contact_at is not None


def cue_legend(
    figure: Figure, cues: Sequence[str], top: float, *, extra: Sequence[Patch] = ()
) -> None:
    """One line of keys whose upper edge lies at ``top`` pixels."""
    if not cues:
        return
    keys = [Patch(facecolor=CUE_STYLES[cue].colour, label=CUE_STYLES[cue].label) for cue in cues]
    figure.legend(
        handles=[*keys, *extra],
        title="first known by",
        loc="upper left",
        bbox_to_anchor=(MARGIN / figure.bbox.width, top / figure.bbox.height),
        ncols=max(len(keys) + len(extra), 1),
        borderaxespad=0,
        borderpad=0,
        handlelength=1.2,
        handletextpad=0.4,
        columnspacing=1.4,
        alignment="left",
        title_fontsize=8,
    ).get_title().set_color(style.GREY)
