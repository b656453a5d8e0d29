"""The story of a run: what happened, stretch by stretch, read between events.

The model runs to the instant of each of its own events and is read while it stands still. Reading
draws, plans and changes nothing, so the run is the same as without it.
"""

from math import inf, nextafter
from typing import TYPE_CHECKING

from sim.incidents.records import AlertChange, Incident
from sim.rules.alert import LEVELS
from sim.viewer.counters import Counters, Counts
from sim.viewer.events import event
from sim.viewer.tracks import Crossings, Missions
from sim.viewer.wire_format import Event, Row, Stretch, day, in_order

if TYPE_CHECKING:
    from sim.model import BorderModel


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
    found: list[tuple[float, int, int, float]] = []
    for number, post in enumerate(model.posts):
        for side, beat in zip((-1, 1), post.beats, strict=True):
            since = t0 if t0 > 0.0 else -beat.longest_days
            for departure in beat.departures(since, t1):
                out = beat.half_km / beat.speed(departure.at)
                if departure.at + 2.0 * out >= t0:
                    found.append((departure.at, number, side, departure.at + out))
    found.sort()
    return [[number, side, day(leaves), day(turns)] for leaves, number, side, turns in found]
