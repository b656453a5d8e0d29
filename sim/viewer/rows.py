"""The shape of what is sent: plain rows for JSON, described in ``docs/viewer.md``."""

from collections.abc import Iterable
from typing import Final, TypedDict

FORMAT: Final = "panj-story/1"

Cell = float | int | str | bool
Row = list[Cell]
"""One row of a list; the columns are those of the format."""

Point = tuple[float, float, float]
"""Day, chainage and depth in km."""


class Track(TypedDict, total=False):
    """The way of a group that crossed, or of a team that was sent."""

    id: str
    who: str
    kind: str
    points: list[Point]
    end: str | None
    ended: float | None
    size: int
    cue: str | None
    armed: bool
    load: float
    night: bool
    seen: float | None
    met: float | None
    of: str | None
    called: float
    left: float | None
    arrived: float | None
    released: float | None


class Event(TypedDict):
    """An incident, with the sentence that tells it."""

    t: float
    km: float
    depth: float
    district: int
    kind: str
    actor: str
    clash: bool
    severity: int
    text: str
    result: str
    identity: str
    of: str
    victims: int
    deaths: int
    wounded: int
    reported: float | None


class Stretch(TypedDict):
    """What happened from ``t0`` to ``t1``."""

    t0: float
    t1: float
    over: bool
    sorties: list[Row]
    tracks: list[Track]
    alert: list[Row]
    sites: list[Row]
    cells: list[Row]
    bases: list[Row]
    events: list[Event]
    counters: list[Row]


def day(t: float) -> float:
    """A time as it is sent: to 5 decimals of a day, which is about a second."""
    return round(t, 5)


def moment(t: float | None) -> float | None:
    """A time that may not have come."""
    return None if t is None else round(t, 5)


def place(km: float) -> float:
    """Chainage or depth as it is sent: to a metre."""
    return round(km, 3)


def in_order(tracks: Iterable[Track]) -> list[Track]:
    """Tracks by their first instant."""
    return sorted(tracks, key=lambda track: (track["points"][0][0], track["id"]))


def joined(stretches: Iterable[Stretch]) -> Stretch:
    """Consecutive stretches as one: what a client holds after it received them in turn.

    Raises
    ------
    ValueError
        If there is none, or if one does not begin where the one before it ends.
    """
    first, *further = stretches
    whole: Stretch = {**first}
    tracks = {track["id"]: track for track in first["tracks"]}
    for following in further:
        if following["t0"] != whole["t1"]:
            raise ValueError(f"a stretch from {following['t0']} does not follow {whole['t1']}")
        tracks |= {track["id"]: track for track in following["tracks"]}
        whole["t1"], whole["over"] = following["t1"], following["over"]
        for rows in ("sorties", "alert", "sites", "cells", "bases", "events", "counters"):
            whole[rows] = [*whole[rows], *following[rows]]
    whole["tracks"] = in_order(tracks.values())
    return whole
