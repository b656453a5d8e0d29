"""What is needed to draw one incident in space and time: plain values, ready to be pickled."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, NamedTuple, get_args

from sim.frontier.ground import Ground
from sim.incidents.records import Incident

MarkKind = Literal[
    "crossed",
    "sign",
    "seen",
    "alarm",
    "team_leaves",
    "team_arrives",
    "contact",
    "strike",
    "end",
]
MARK_KINDS: Final[tuple[str, ...]] = get_args(MarkKind)


class Mark(NamedTuple):
    """Something that happened at one instant and place; ``label`` leaves the clock to ``t``."""

    t: float
    km: float
    depth: float
    label: str
    kind: MarkKind


@dataclass(frozen=True, slots=True)
class Anatomy:
    """One incident with the guards and the group around it.

    Times are days since the first midnight of ``start``; chainages and depths are km, depth
    positive on the near side. The pieces are tuples so that the whole may be hashed.
    """

    title: str
    incident: Incident
    t0: float
    t1: float
    start: date
    ground: Ground
    posts: tuple[tuple[str, float], ...] = ()
    """Name and chainage of each post in the picture."""
    sorties: tuple[tuple[str, tuple[tuple[float, float], ...]], ...] = ()
    """Name of the post and the world-line (t, km) of each sortie."""
    sight_range_km: float = 0.0
    """Half-width of the band within which a patrol may see."""
    path: tuple[tuple[float, float, float], ...] = ()
    """The group's (t, km, depth), from before the line onwards; empty for a strike from afar."""
    team: tuple[tuple[float, float], ...] = ()
    """The response team's (t, km)."""
    marks: tuple[Mark, ...] = ()
    nights: tuple[tuple[float, float], ...] = ()
    """From sunset to sunrise."""
