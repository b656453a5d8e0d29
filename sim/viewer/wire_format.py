"""The format of what is sent to a page: plain data for JSON; ``docs/viewer.md`` lists its keys."""

from collections.abc import Iterable
from typing import Any, Final

FORMAT: Final = "panj-story/1"

Cell = float | int | str | bool
Row = list[Cell]
"""One row of a list; the columns are those of the format."""

Point = tuple[float, float, float]
"""Day, chainage and depth in km."""


Track = dict[str, Any]
"""The path of a group that crossed, or of a team that was sent, by the keys of the format."""

Event = dict[str, Any]
"""An incident, with its sentence."""

Stretch = dict[str, Any]
"""What happened from ``t0`` to ``t1``."""


def day(t: float) -> float:
    """A time, rounded to 5 decimals of a day, about a second."""
    return round(t, 5)


def moment(t: float | None) -> float | None:
    """A time, or ``None`` if it has not come."""
    return None if t is None else day(t)


def place(km: float) -> float:
    """Chainage or depth, rounded to a metre."""
    return round(km, 3)


def in_order(tracks: Iterable[Track]) -> list[Track]:
    """Tracks, sorted by their first instant."""
    return sorted(tracks, key=lambda track: (track["points"][0][0], track["id"]))


def join_stretches(stretches: Iterable[Stretch]) -> Stretch:
    """Join consecutive stretches into one: what a client holds after it received them in turn.

    Raises ``ValueError`` if there is none, or if one does not begin where the previous one ends.
    """
    first, *further = stretches
    whole = {**first}
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
