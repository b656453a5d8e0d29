"""The ground of a world: everything that exists before anything moves."""

from collections.abc import Sequence
from dataclasses import asdict
from math import ceil, cos, radians
from typing import TYPE_CHECKING, Any, Final

from sim.frontier.basemap import basemap
from sim.incidents.kinds import ACTORS, AGENTS, CUES, ENDINGS, INCIDENTS, Look
from sim.scenario.values import digest
from sim.viewer.wire_format import FORMAT, Row, place

if TYPE_CHECKING:
    from sim.frontier import ground as frontier
    from sim.model import BorderModel
    from sim.viewer.levers import Lever

_KM_PER_DEGREE: Final = 111.195  # of latitude, on a sphere of 6,371 km

_LISTED: Final = {"post", "patrol", "team", "cell", "site", "village"}  # each has its own list

Ground = dict[str, Any]
"""What a client needs once for each world, by the keys of the format: docs/viewer.md."""


def ground(model: "BorderModel", levers: "Sequence[Lever]" = (), pure: bool = True) -> Ground:
    """The ground of a model on day 0; ``pure`` is false once a live lever was moved."""
    spec, land = model.spec, model.ground
    return {
        "format": FORMAT,
        "scenario": {
            "name": spec.name,
            "title": spec.title or spec.name,
            "digest": digest(spec) if pure else None,
        },
        "seed": str(model.draws.seed),
        "start": spec.start.isoformat(),
        "days": spec.days,
        "line": _line(land),
        "basemap": basemap().holds(land),
        "districts": [
            {"slug": d.slug, "name": d.name, "from": d.km_from, "to": d.km_to}
            for d in land.districts
        ],
        **_places(model),
        "kinds": _kinds(),
        "sun": _sun(model),
        "alert": [int(sector.level.at(0.0)) for sector in model.sectors],
        "levers": list(levers),
    }


def _places(model: "BorderModel") -> Ground:
    """The place of everything on day 0."""
    return {
        "posts": [
            {
                "id": post.identity,
                "name": model.ground.place_name(post.identity),
                "district": post.sector.index,
                "km": place(post.km),
                "from": place(post.west_km),
                "to": place(post.east_km),
            }
            for post in model.posts
        ],
        "villages": [
            {"id": v.identity, "km": place(v.km), "depth": place(v.depth)} for v in model.villages
        ],
        "sites": [
            {
                "id": site.identity,
                "km": place(site.km),
                "depth": place(site.depth),
                "chinese": site.chinese,
                "people": site.headcount,
            }
            for site in model.worksites
        ],
        "teams": [
            {"id": t.identity, "km": place(t.km), "reserve": t.reserve, "size": t.size}
            for t in model.dispatch.teams
        ],
        "cells": [
            {
                "id": cell.identity,
                "km": place(cell.km),
                "depth": place(cell.depth),
                "profile": cell.profile,
            }
            for cell in model.cells
        ],
        "others": [
            {"id": one.identity, "kind": kind, "km": place(one.km), "depth": place(one.depth)}
            for one in model.agents
            if (kind := one.identity.partition("/")[0]) in AGENTS.keys() - _LISTED
        ],
    }


def _kinds() -> dict[str, dict[str, object]]:
    """All registered kinds: ``agents`` and ``events`` with their looks, ``cues`` and ``endings``.

    Agents are in the order of the legend: guards, those who cross, then all others.
    """
    standing = {name: _legend_entry(kind.look, kind.label) for name, kind in AGENTS.items()}
    guards = {name: entry for name, entry in standing.items() if AGENTS[name].guards}
    crossing = {name: _legend_entry(who.look, who.many, who.one) for name, who in ACTORS.items()}
    return {
        "agents": guards | crossing | standing,
        "events": {name: _legend_entry(kind.look, kind.label) for name, kind in INCIDENTS.items()},
        "cues": {name: cue.phrase for name, cue in CUES.items()},
        "endings": {name: ending.words for name, ending in ENDINGS.items()},
    }


def _legend_entry(look: Look, label: str, one: str = "") -> object:
    return {"one": one or label, "label": label, **asdict(look)}


def _line(land: "frontier.Ground") -> list[Row]:
    """The line on a flat map, km east and north of its south-west corner.

    Equirectangular about the middle latitude: over 4 degrees of latitude lengths are true to
    3 %, which is finer than the coarse line itself.
    """
    km, level, crest = land.profile()
    lon, lat = land.lon_lat_arrays(km)
    middle = radians(float(lat.min() + lat.max()) / 2.0)
    x = (lon - lon.min()) * _KM_PER_DEGREE * cos(middle)
    y = (lat - lat.min()) * _KM_PER_DEGREE
    return [
        [float(at), round(float(east), 2), round(float(north), 2), round(float(low)),
         land.terrain_at(float(at)), round(float(high))]
        for at, east, north, low, high in zip(km, x, y, level, crest, strict=True)
    ]  # fmt: skip


def _sun(model: "BorderModel") -> list[Row]:
    """Sunrise and sunset at the western and eastern ends, for each day and one past the horizon."""
    calendar, land = model.calendar, model.ground
    places = range(len(land.districts))
    lon = [land.lon_lat(info.middle_km)[0] for info in land.districts]
    ends = (min(places, key=lon.__getitem__), max(places, key=lon.__getitem__))
    rows: list[Row] = []
    for today in range(ceil(model.spec.days) + 1):
        times = [
            round(half[end][today], 4)
            for end in ends
            for half in (calendar.sunrise, calendar.sunset)
        ]
        rows.append([today, *times])
    return rows
