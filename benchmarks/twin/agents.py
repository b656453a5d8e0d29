"""Posts, patrols, groups and sign, each with its action in one time step."""

from __future__ import annotations

from heapq import merge
from math import inf
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

import mesa

if TYPE_CHECKING:
    from benchmarks.twin.ground import HalfSection, Section
    from benchmarks.twin.model import TickTwin


class Sortie(NamedTuple):
    """A patrol that leaves at ``at`` (days) along a half section."""

    at: float
    half: HalfSection
    name: str = ""


class Arrival(NamedTuple):
    """A group that comes to the line, with what it does if nobody sees it (days, km)."""

    at: float
    km: float
    night: bool
    open_days: float
    inland_km: float
    sign_days: float
    name: str = ""


NOBODY = Arrival(inf, 0.0, False, 0.0, 0.0, 0.0)
"""The end of the arrivals."""


class Post(mesa.Agent):  # type: ignore[misc]
    """Sends out patrols that are due."""

    model: TickTwin

    def __init__(self, model: TickTwin, section: Section) -> None:
        super().__init__(model)
        streams = (model.sorties(half) for half in (section.west, section.east))
        self.sorties = merge(*streams, key=attrgetter("at"))
        self.next_sortie = next(self.sorties)

    def step(self) -> None:
        """Send out the patrols that are due."""
        while self.next_sortie.at <= self.model.now:
            Patrol(self.model, self.next_sortie)
            self.next_sortie = next(self.sorties)


class Patrol(mesa.Agent):  # type: ignore[misc]
    """Walks to the end of its half section and back, and looks around."""

    model: TickTwin

    def __init__(self, model: TickTwin, sortie: Sortie) -> None:
        super().__init__(model)
        self.half = half = sortie.half
        self.left_at = sortie.at
        self.name = sortie.name
        night = model.calendar.is_night(half.district, sortie.at)
        self.speed = half.night_speed if night else half.day_speed
        self.walked_km = 0.0
        self.looked: set[tuple[int, str]] = set()
        half.patrols.append(self)

    def step(self) -> None:
        """Walk for one step."""
        self.walk_to(self.walked_km + self.speed * self.model.dt)

    def walk_to(self, walked_km: float) -> None:
        """Walk on, look for people and for their sign, and end at home."""
        before = self.walked_km
        self.walked_km = min(walked_km, self.half.way_km)
        if self.half.open:
            self.look_around()
        if self.half.signs:
            self.look_down(before)
        if self.walked_km >= self.half.way_km:
            self.remove()

    def look_around(self) -> None:
        """Look for people within range: one chance on the way out, one on the way back."""
        for group in list(self.half.open):
            for leg, at in group.legs:
                key = (group.unique_id, leg)
                if abs(self.walked_km - at) <= group.reach_km and key not in self.looked:
                    self.looked.add(key)
                    if self.model.notices(self, group, "patrol", leg):
                        group.found("patrol")
                        break

    def look_down(self, before: float) -> None:
        """Look for sign on the stretch walked since ``before``."""
        for sign in list(self.half.signs):
            for leg, at in sign.group.legs:
                if before < at <= self.walked_km and self.model.notices(
                    self, sign.group, "sign", leg
                ):
                    sign.group.found("sign")
                    sign.remove()
                    break

    def remove(self) -> None:
        """Return home."""
        self.half.patrols.remove(self)
        super().remove()


class Group(mesa.Agent):  # type: ignore[misc]
    """Crosses in the open, then walks inland and disperses."""

    model: TickTwin

    def __init__(self, model: TickTwin, arrival: Arrival) -> None:
        super().__init__(model)
        self.name = arrival.name
        self.crossed_at = model.now
        self.half = model.half_at(arrival.km)
        self.legs = self.half.legs(arrival.km)
        self.reach_km = model.reach_km(arrival)
        self.open_days = arrival.open_days
        self.inland_km = arrival.inland_km
        self.sign_days = arrival.sign_days
        self.gone = False
        self.half.open.append(self)

    def step(self) -> None:
        """Spend the step in the open, or walking."""
        if self.gone:
            return
        if self.open_days > 0.0:
            self.open_days -= self.model.dt
            if self.open_days <= 0.0:
                self.half.open.remove(self)
                Sign(self.model, self)
        else:
            self.inland_km -= self.model.walk_km_day * self.model.dt
            if self.inland_km <= 0.0:
                self.remove()

    def found(self, cue: str) -> None:
        """Be detected: a group seen in the open is met there and removed."""
        self.model.record(self, cue)
        if cue == "patrol":
            self.half.open.remove(self)
            self.remove()

    def remove(self) -> None:
        """Be met, or disperse."""
        self.gone = True
        super().remove()


class Sign(mesa.Agent):  # type: ignore[misc]
    """The sign that a group left where it crossed, until it fades."""

    model: TickTwin

    def __init__(self, model: TickTwin, group: Group) -> None:
        super().__init__(model)
        self.group = group
        self.days = group.sign_days
        self.half = group.half
        self.half.signs.append(self)

    def step(self) -> None:
        """Fade."""
        self.days -= self.model.dt
        if self.days <= 0.0 and self in self.half.signs:
            self.remove()

    def remove(self) -> None:
        """Be found, or fade away."""
        self.half.signs.remove(self)
        super().remove()
