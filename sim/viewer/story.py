"""The story of a run: what happened, stretch by stretch, read between events.

The model runs to the instant of each of its own events and is read while it stands still. Reading
draws, plans and changes nothing, so the run is the same as without it.
"""

import datetime as dt
from math import inf, nextafter
from typing import TYPE_CHECKING, NamedTuple

from sim.frontier.ground import Ground
from sim.incidents.narrative import result, sentence, wounded
from sim.incidents.records import AlertChange, Incident
from sim.rules.alert import LEVELS
from sim.viewer.tracks import Crossings, Missions
from sim.viewer.wire_format import Event, Row, Stretch, day, in_order, moment, place

if TYPE_CHECKING:
    from sim.model import BorderModel


class Counts(NamedTuple):
    """Totals since day 0, and the worksites shut at present."""

    crossings: int = 0
    stopped: int = 0
    incidents: int = 0
    attacks: int = 0
    victims: int = 0
    deaths: int = 0
    sites_shut: int = 0

    def with_incident(self, incident: Incident) -> "Counts":
        """These totals and one more incident."""
        return self._replace(
            incidents=self.incidents + 1,
            attacks=self.attacks + incident.is_attack,
            victims=self.victims + incident.victims,
            deaths=self.deaths + incident.deaths,
        )


class Counters:
    """Rows of :class:`Counts` and mean readiness: at each change and at each midnight."""

    def __init__(self, model: "BorderModel") -> None:
        self._model = model
        self._last, self._row_at = Counts(), 0.0
        self._rows: list[Row] = [self._row(0.0, self._last)]

    def update(self, counts: Counts) -> None:
        """Add a row if it is midnight or a total has changed."""
        now = self._model.agenda.now
        if counts != self._last or (now > self._row_at and now == int(now)):
            self._last, self._row_at = counts, now
            self._rows.append(self._row(now, counts))

    def take(self) -> list[Row]:
        """The rows since the last call."""
        rows, self._rows = self._rows, []
        return rows

    def _row(self, now: float, counts: Counts) -> Row:
        sectors = self._model.sectors
        readiness = sum(sector.readiness(now) for sector in sectors) / len(sectors)
        return [day(now), *counts, round(readiness, 4)]


class Story:
    """The story of a model that has not begun to run.

    Raises ``ValueError`` if it has begun: what happened before cannot be read.
    """

    def __init__(self, model: "BorderModel") -> None:
        if model.agenda.now > 0.0:
            raise ValueError(f"the model has already run to day {model.agenda.now}")
        self.model = model
        self._cells: list[Row] = []
        self._sites: list[Row] = []
        self._all_cells = list(model.cells)
        self._states = [str(cell.state) for cell in model.cells]
        self._open = [site.open for site in model.worksites]
        self._crossings, self._missions = Crossings(model), Missions(model)
        self._counts, self._counters = Counts(), Counters(model)
        self._incidents = 0
        self._levels = len(model.log[AlertChange])
        self._since = 0.0

    @property
    def now(self) -> float:
        """The time reached, days."""
        return self._since

    @property
    def over(self) -> bool:
        """Whether the horizon is reached."""
        return self._since >= self.model.spec.days

    def advance(self, until: float) -> Stretch:
        """Run to ``until``, or the horizon, and return the stretch; empty if that has passed."""
        model = self.model
        end = max(min(until, model.spec.days), self._since)
        new: list[Event] = []
        while (at := model.agenda.next_time()) is not None and at <= end:
            # events at this very instant, as at the start, have not happened yet
            model.run_until(max(at, nextafter(model.agenda.now, inf)))
            new += self._update()
        model.run_until(max(end, model.agenda.now))
        return self._stretch(end, new)

    def _update(self) -> list[Event]:
        """Read what the last instant changed; return its incidents."""
        model = self.model
        self._crossings.update()
        self._missions.update()
        now = day(model.agenda.now)
        for number, site in enumerate(model.worksites):
            if site.open != self._open[number]:
                self._open[number] = site.open
                self._sites.append([now, number, site.open])
        for number, cell in enumerate(self._all_cells):
            if cell.state != self._states[number]:
                self._states[number] = str(cell.state)
                self._cells.append([now, number, str(cell.state)])
        log = model.log[Incident]
        fresh, self._incidents = log[self._incidents :], len(log)
        for incident in fresh:
            self._counts = self._counts.with_incident(incident)
        self._counts = self._counts._replace(
            crossings=self._crossings.begun,
            stopped=self._crossings.stopped,
            sites_shut=self._open.count(False),
        )
        self._counters.update(self._counts)
        return [event(incident, model.spec.start, model.ground) for incident in fresh]

    def _stretch(self, end: float, events: list[Event]) -> Stretch:
        start, self._since = self._since, end
        over = self.over
        tracks = [*self._crossings.take(over), *self._missions.take(over)]
        cells, self._cells = self._cells, []
        sites, self._sites = self._sites, []
        return {
            "t0": start,
            "t1": end,
            "over": over,
            "sorties": _sorties(self.model, start, end) if end > start else [],
            "tracks": in_order(tracks),
            "alert": self._alert(),
            "sites": sites,
            "cells": cells,
            "bases": self._missions.take_moves(),
            "events": events,
            "counters": self._counters.take(),
        }

    def _alert(self) -> list[Row]:
        """``[t, district, level, cause]`` of each change since the last stretch."""
        log = self.model.log[AlertChange]
        changes, self._levels = log[self._levels :], len(log)
        index = {sector.slug: sector.index for sector in self.model.sectors}
        return [[day(c.at), index[c.district], LEVELS.index(c.level), c.cause] for c in changes]


def _sorties(model: "BorderModel", t0: float, t1: float) -> list[Row]:
    """``[post, side, leaves, turns]`` of every sortie that leaves in ``[t0, t1)``, by time.

    On day 0 this includes sorties that left before and are not home yet.
    """
    sorties: list[tuple[float, int, int, float]] = []
    for number, post in enumerate(model.posts):
        for side, beat in zip((-1, 1), post.beats, strict=True):
            since = t0 if t0 > 0.0 else -beat.longest_days
            for departure in beat.departures(since, t1):
                out = beat.half_km / beat.speed(departure.at)
                if departure.at + 2.0 * out >= t0:
                    sorties.append((departure.at, number, side, departure.at + out))
    sorties.sort()
    return [[number, side, day(leaves), day(turns)] for leaves, number, side, turns in sorties]


def event(incident: Incident, start: dt.date, ground: Ground) -> Event:
    """An incident as the client shows it; ``start`` is the scenario's first day."""
    return {
        "t": day(incident.at),
        "km": place(incident.km),
        "depth": place(incident.depth),
        "district": ground.by_slug[incident.district].index,
        "kind": incident.kind,
        "actor": incident.actor,
        "clash": incident.clash,
        "severity": grade(incident),
        "text": sentence(incident, start, ground),
        "result": result(incident),
        "identity": incident.identity,
        "of": origin(incident),
        "victims": incident.victims,
        "deaths": incident.deaths,
        "wounded": wounded(incident),
        "reported": moment(incident.reported_at),
    }


def grade(incident: Incident) -> int:
    """How grave: 3 victims, 2 other deaths, 1 a fight, an attack or wounded, else 0."""
    if incident.victims:
        return 3
    if incident.deaths:
        return 2
    return int(incident.clash or incident.is_attack or wounded(incident) > 0)


def origin(incident: Incident) -> str:
    """Identity of the crossing that led to it, or of the plan of a strike from afar."""
    return incident.identity.removesuffix(f"/{incident.kind}")
