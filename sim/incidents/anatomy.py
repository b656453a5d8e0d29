"""The data of a picture of one incident in space and time, as plain values for pickling."""

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
    """Something that happened at one instant and place; ``label`` does not repeat the time."""

    t: float
    km: float
    depth: float
    label: str
    kind: MarkKind


@dataclass(frozen=True, slots=True)
class Anatomy:
    """One incident with the guards and the group around it.

    Times are days since the first midnight of ``start``; chainages and depths are km, with depth
    positive on the near side. Fields are tuples, so that the whole is hashable.
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
    """Name of the post and the path (t, km) of each sortie."""
    sight_range_km: float = 0.0
    """Distance, km, within which a patrol may see."""
    path: tuple[tuple[float, float, float], ...] = ()
    """The group's path (t, km, depth) from before the line; empty for a strike from afar."""
    team: tuple[tuple[float, float], ...] = ()
    """The response team's path (t, km)."""
    marks: tuple[Mark, ...] = ()
    nights: tuple[tuple[float, float], ...] = ()
    """Sunset and sunrise of each night."""
