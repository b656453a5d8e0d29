"""One crossing of the line, from the water's edge until its last trace is gone."""

from collections.abc import Mapping
from math import ceil

from sim.agents.calls import Call
from sim.agents.detection import Detection
from sim.agents.expected_harm import expectation
from sim.agents.frontier import Frontier
from sim.agents.intruders import Intruders
from sim.agents.pursuit import Chase, chase
from sim.engine.draws import Stream
from sim.frontier.season import HOUR
from sim.incidents.records import Crossing, Cue, Ending, Incident, Kind, Track
from sim.scenario.spec import Scenario

STRIP_KM = 1.0
"""Depth of the patrolled strip, km; it places people and affects nothing else."""


def exposed_hours(spec: Scenario, km: float, river_index: float, night: bool) -> float:
    """Hours in the open at ``km`` by terrain, river stage and light, within the given bounds.

    All groups take this time, or this time on average, as ``exposure.law`` says.
    """
    rules = spec.exposure
    hours: float = getattr(rules.hours, spec.ground.terrain_at(km))
    hours *= 1.0 + rules.river_effect * (river_index - 1.0)
    if night:
        hours *= rules.night_factor
    return min(max(hours, rules.shortest_hours), rules.longest_hours)


class Passage:
    """One attempt to cross and its course; ``detection`` decides how it is noticed.

    The group is in the open until ``exposed_until`` and inside until ``inside_until`` (which may
    move when a party strikes and withdraws); after that only its sign remains.
    """

    def __init__(
        self,
        model: Frontier,
        intruders: Intruders,
        identity: str,
        draw: Stream,
        km: float,
        inside_days: float,
    ) -> None:
        self.model, self.intruders, self.identity, self.draw = model, intruders, identity, draw
        self.km, self.size = km, intruders.size
        self.sector = model.sector_at(km)
        self.crossed_at = now = model.now
        self.night = model.calendar.is_night(self.sector.index, now)
        self.exposed_hours = exposed_hours(
            model.spec, km, model.calendar.river_index(now), self.night
        )
        if model.spec.exposure.law == "exponential":
            self.exposed_hours = draw.exponential("exposed", self.exposed_hours)
        self.exposed_until = now + self.exposed_hours * HOUR
        self.inside_until = self.exposed_until + inside_days
        self.detected_at: float | None = None
        self.cue: Cue | None = None
        self.alarm_at: float | None = None
        self.contact_at: float | None = None
        self.struck_at: float | None = None
        self.ending: Ending | None = None
        self.ended_at = now
        self.call: Call | None = None
        self.calls = 0
        self.manhunt = False  # armed intruders are known to be inside
        self.shadowed = False
        self.surrounded_at: float | None = None  # since then a team surrounds it
        self.deliberate = False  # whether it was met surrounded
        self._written = False
        self.detection = Detection(self)

    def start(self) -> None:
        """The group enters the water and may be noticed from now on."""
        self.model.passages[self.identity] = self
        self.detection.start()

    # -- detection ------------------------------------------------------------------------

    @property
    def inside(self) -> bool:
        """Whether the group can still be met on this side."""
        return self.ending is None and self.model.now < self.inside_until

    def notice(self, cue: Cue) -> None:
        """The crossing becomes known; the first cue counts."""
        if self.detected_at is None:
            self.detected_at, self.cue = self.model.now, cue
            self.detection.plan_patrols()

    def on_cue(self, cue: Cue) -> None:
        """Somebody who cannot act on it learns of the crossing and calls a team."""
        if self.contact_at is None:
            self.notice(cue)
            self.raise_alarm(cue)

    def raise_alarm(self, cue: Cue) -> None:
        """Call a team, unless a call is still open."""
        if self.call is None or self.call.over:
            if self.alarm_at is None:
                self.alarm_at = self.model.now
            self.calls += 1
            name = f"{self.identity}/{cue}{'' if self.calls == 1 else self.calls}"
            self.call = self.model.dispatch.alarm(name, self, cue)

    def on_seen(self, cue: Cue, guards: int) -> None:
        """Guards at the line see the group: they close in, or keep it in view and call a team."""
        self.notice(cue)
        if self.shadowed:
            return
        if self.draw.chance("holds off", self.detection.post.sector.rules.wait):
            self.shadowed = True
            self.raise_alarm(cue)
        else:
            self.intruders.on_seen(guards)

    def on_found(self) -> float:
        """A response team found the group; return the days it takes to surround it, or 0."""
        rules = self.model.spec.contact
        if not self.draw.chance("surrounded", rules.p_cordon):
            return 0.0
        self.surrounded_at = self.model.now
        return self.draw.exponential("surrounding", rules.cordon_hours * HOUR)

    def on_team(self, guards: int) -> None:
        """A response team makes contact; the group is not surrounded if it struck meanwhile."""
        self.contact_at = self.model.now
        closed, struck = self.surrounded_at, self.struck_at
        self.deliberate = closed is not None and (struck is None or struck <= closed)
        if self.deliberate:
            # while the team waits, more guards come, as many as it takes to surround the group
            ratio = self.model.spec.contact.cordon_numbers
            guards = max(guards, ceil(ratio * self.intruders.size))
        self.intruders.on_contact(guards)

    @property
    def chase(self) -> Chase:
        """The pursuit of people who run from where the group is now."""
        model, (km, depth) = self.model, self.intruders.position()
        night = model.calendar.is_night(model.sector_at(km).index, model.now)
        return chase(model.spec, km, depth, night, self.deliberate)

    # -- its end --------------------------------------------------------------------------

    def end(self, ending: Ending) -> None:
        """The attempt is over; only its sign may still be found or a tip arrive."""
        if self.ending is None:
            self.ending, self.ended_at = ending, self.model.now
            last = self.detection.last_chance
            if self.detected_at is not None or last <= self.ended_at:
                self.write()
            else:
                self.detection.later(last, self.write)

    def write(self) -> None:
        """Write the crossing to the log, once, and remove it."""
        if self._written:
            return
        self._written = True
        self.call = None  # or the two would keep each other alive
        del self.model.passages[self.identity]
        self.detection.stop()
        self.model.record(
            Crossing(
                self.identity,
                self.intruders.actor,
                self.sector.slug,
                self.km,
                self.crossed_at,
                self.night,
                self.exposed_hours,
                self.size,
                self.intruders.armed,
                self.intruders.load_kg,
                self.detected_at,
                self.cue,
                self.contact_at,
                self.ending or "open",
                self.ended_at if self.ending else self.model.now,
                self.struck_at,
            )
        )

    def expect(self, kind: Kind, *parts: Mapping[str, float]) -> None:
        """Write down the expected harm of an encounter that may cause such an incident."""
        self.model.expect(expectation(self._named(kind), kind, *parts))

    def _named(self, kind: Kind) -> str:
        return f"{self.identity}/{kind}"

    def incident(self, kind: Kind, **fields: object) -> Incident:
        """An incident of this crossing, here and now."""
        now = self.model.now
        way = self.intruders.path.until(now)
        _, km, depth = way.waypoints[-1]
        identity = self._named(kind)
        self.model.record(Track(identity, way.waypoints))
        return Incident(
            identity=identity,
            kind=kind,
            actor=self.intruders.actor,
            district=self.model.sector_at(km).slug,
            km=km,
            at=now,
            crossed_at=self.crossed_at,
            detected_at=self.detected_at,
            cue=self.cue,
            alarm_at=self.alarm_at,
            contact_at=self.contact_at,
            group_size=self.intruders.size,
            depth=depth,
            deliberate=self.deliberate,
            **fields,  # type: ignore[arg-type]
        )
