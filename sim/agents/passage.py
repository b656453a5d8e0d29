"""One crossing of the line, from the water's edge on, and every way in which it is noticed.

Each layer of detection has draws of its own, so the layers are independent, and every one is
computed for the instant it acts: passes of patrols from their schedules, the other layers as a
chance and an instant within the time in the open.
"""

from typing import TYPE_CHECKING, NamedTuple, Protocol

from sim.engine.agenda import Timer
from sim.engine.draws import Stream, exponential
from sim.engine.path import Path
from sim.frontier.terrain import terrain_at
from sim.incidents.records import Actor, Crossing, Cue, Ending, Incident, Kind, Track
from sim.scenario.spec import Scenario
from sim.theory.search import random_search_pod

if TYPE_CHECKING:
    from sim.agents.beats import Pass
    from sim.agents.dispatch import Call
    from sim.agents.frontier import Frontier

HOUR = 1.0 / 24.0
STRIP_KM = 1.0
"""Depth of the patrolled strip; it places people, and decides nothing."""


class Crosser(Protocol):
    """Who crosses."""

    identity: str
    draw: Stream
    actor: Actor
    size: int
    armed: bool
    load_kg: float

    @property
    def path(self) -> Path:
        """Its way across the line."""
        ...

    def position(self, t: float | None = None) -> tuple[float, float]:
        """Chainage and depth at ``t``."""
        ...

    def on_seen(self, guards: int) -> None:
        """Seen in the strip by ``guards`` who stand before them."""
        ...

    def on_contact(self, guards: int) -> None:
        """Met inland by a response team of ``guards``."""
        ...


def exposed_hours(spec: Scenario, km: float, river_index: float, night: bool) -> float:
    """Hours in the open at ``km``: terrain, river stage and light, within the given bounds."""
    rules = spec.exposure
    hours: float = getattr(rules.hours, terrain_at(km))
    hours *= 1.0 + rules.river_effect * (river_index - 1.0)
    if night:
        hours *= rules.night_factor
    return min(max(hours, rules.shortest_hours), rules.longest_hours)


class Chance(NamedTuple):
    """A pass that would notice something if the patrol is fresh enough for its luck."""

    at: float
    cue: Cue
    key: str
    luck: float


class Passage:
    """One attempt to cross.

    In the open until ``exposed_until``, inside until ``inside_until`` (which may move when a
    party strikes and withdraws); after that only its sign remains, until ``sign_until``.
    """

    def __init__(
        self,
        model: "Frontier",
        who: Crosser,
        identity: str,
        draw: Stream,
        place: tuple[float, float],
    ) -> None:
        now = model.agenda.now
        self.model, self.who, self.identity, self.draw = model, who, identity, draw
        km, inside_days = place
        self.km = km
        self.sector = model.sector_at(km)
        self.post = model.post_at(km)
        self.beat = self.post.beat_at(km)
        self.night = model.calendar.is_night(self.sector.index, now)
        self.crossed_at = now
        self.exposed_hours = exposed_hours(
            model.spec, km, model.calendar.river_index(now), self.night
        )
        self.exposed_until = now + self.exposed_hours * HOUR
        self.inside_until = self.exposed_until + inside_days
        life = model.spec.sign.life_hours * HOUR
        self.sign_until = self.exposed_until + self.draw.exponential("sign life", life)
        self.size = who.size
        self._sight_range = self._reach()
        self.detected_at: float | None = None
        self.cue: Cue | None = None
        self.alarm_at: float | None = None
        self.contact_at: float | None = None
        self.ending: Ending | None = None
        self.ended_at = now
        self.call: Call | None = None
        self._next_pass: Timer | None = None
        self._others: list[Timer] = []
        self.manhunt = False  # armed intruders are known to be inside
        self._tried: set[tuple[Cue, str]] = set()
        self._written = False
        self._open()

    # -- the layers -----------------------------------------------------------------------

    def _open(self) -> None:
        self.model.passages[self.identity] = self
        # the patrols that pass here are their post's, which may belong to the next district
        self.post.sector.watchers[self.identity] = self._plan_patrols
        self._plan_patrols()
        spec, sector, now = self.model.spec, self.sector, self.crossed_at
        u = self.draw.uniforms("layers", 8)
        in_the_open = self.exposed_hours * HOUR
        watch = sector.rules.watch * sector.sight_factor(now)
        manned = spec.posts.guards_on_watch > 0 and self.post.watches(self.km, self.night)
        if manned and u[0] < spec.posts.p_watch * watch:
            self._later(now + u[1] * in_the_open, self._on_watch)
        cameras = spec.technical.camera_coverage * spec.technical.camera_emphasis.get(
            sector.slug, 1.0
        )
        if u[2] < min(cameras * sector.rules.watch, 1.0) * spec.technical.p_camera:
            self._later(now + u[3] * in_the_open, self._on_cue, "camera")
        if u[4] < self._uav_chance():
            self._later(now + u[5] * in_the_open, self._on_cue, "uav")
        village = self.model.village_near(self.km)
        if village is not None and abs(village.km - self.km) <= spec.tips.reach_km:
            self._listen(u[6], u[7])

    def _listen(self, told: float, delay: float) -> None:
        """Word from a village: of the crossing, or later of strangers who stay inside."""
        rules, trust = self.model.spec.tips, self.sector.trust(self.crossed_at)
        if told < rules.p_tip * trust:
            wait = exponential(delay, rules.delay_hours * HOUR)
            self._later(self.exposed_until + wait, self._on_cue, "tip")
        hazard = rules.strangers_per_day * trust
        if hazard > 0.0:
            wait = self.draw.exponential("strangers", 1.0 / hazard)
            if self.exposed_until + wait < self.inside_until:
                self._later(self.exposed_until + wait, self._on_cue, "tip")

    def _uav_chance(self) -> float:
        """Random search of the district's strip while the group is in the open (Koopman 1946)."""
        rules = self.model.spec.technical
        flying = min(rules.uav_hours_per_day * self.sector.rules.watch / 24.0, 24.0)
        if flying == 0.0 or rules.uav_sweep_km == 0.0:
            return 0.0
        track = flying * self.exposed_hours * rules.uav_speed_km_h
        return random_search_pod(rules.uav_sweep_km, track, self.sector.length_km * rules.strip_km)

    def _later(self, at: float, callback: object, *arguments: object) -> None:
        self._others.append(
            self.model.agenda.at(at, callback, *arguments, key=self.identity)  # type: ignore[arg-type]
        )

    # -- patrols: sight in the open, sign afterwards --------------------------------------

    def _plan_patrols(self) -> None:
        """Plan the next pass that may notice something, at the patrols' rates of now."""
        if self._next_pass is not None:
            self._next_pass.cancel()
            self._next_pass = None
        if self.detected_at is None:
            chance = self._next_chance()
            if chance is not None:
                self._next_pass = self.model.agenda.at(
                    chance.at, self._on_pass, chance, key=self.identity
                )

    def _next_chance(self) -> "Chance | None":
        """The next pass in which fresh guards would see the group, else find its sign.

        A pass may do both: see the group while it is in the open, or find its sign once it
        has left the strip; what is seen is always seen before a sign is found.
        """
        spec, now, clear = self.model.spec, self.model.agenda.now, self.exposed_until
        in_the_open = self.ending is None and now <= clear
        reach = self._sight_range if in_the_open else 0.0
        sight: Chance | None = None
        sign: Chance | None = None
        for passing in self.beat.passes(self.km, now, self.sign_until, reach):
            if in_the_open:
                first, last = passing.within(reach)
                if first <= clear and last >= now:
                    seen = self._chance(max(first, now), "patrol", spec.patrols.p_sight, passing)
                    if seen is not None and (sight is None or seen < sight):
                        sight = seen
            if sign is None and max(now, clear) < passing.at <= self.sign_until:
                sign = self._chance(passing.at, "sign", spec.sign.p_found, passing)
        return sight or sign

    def _chance(self, at: float, cue: Cue, p: float, passing: "Pass") -> "Chance | None":
        key = passing.key
        luck = self.draw.uniform(f"{cue} {key}")
        if luck < p and (cue, key) not in self._tried:
            return Chance(at, cue, key, luck)
        return None

    def _reach(self) -> float:
        patrols = self.model.spec.patrols
        reach = patrols.sight_range_night_km if self.night else patrols.sight_range_day_km
        mask: float = getattr(patrols.range_factor, terrain_at(self.km))
        return reach * mask

    def _on_pass(self, chance: "Chance") -> None:
        """A patrol passes; tired guards miss what fresh ones would notice."""
        spec, now = self.model.spec, self.model.agenda.now
        p = spec.patrols.p_sight if chance.cue == "patrol" else spec.sign.p_found
        if chance.luck >= p * self.sector.sight_factor(now):
            self._tried.add((chance.cue, chance.key))
            self._plan_patrols()
        elif chance.cue == "patrol":
            self._notice("patrol")
            self.who.on_seen(spec.patrols.size)
        else:
            self._on_cue("sign")

    # -- being noticed --------------------------------------------------------------------

    def _on_watch(self) -> None:
        if self.ending is None:
            self._notice("watch")
            self.who.on_seen(self.model.spec.posts.guards_on_watch)

    def _on_cue(self, cue: Cue) -> None:
        """Somebody who cannot act themselves knows of the crossing and calls a team."""
        if self.contact_at is None:
            self._notice(cue)
            self.raise_alarm(cue)

    def _notice(self, cue: Cue) -> None:
        if self.detected_at is None:
            self.detected_at, self.cue = self.model.agenda.now, cue
            self._plan_patrols()

    def raise_alarm(self, cue: Cue) -> None:
        """Call a team, unless one is on its way or has been."""
        if self.call is None or self.call.failed:
            if self.alarm_at is None:
                self.alarm_at = self.model.agenda.now
            self.call = self.model.dispatch.alarm(self, cue)

    def known_by(self, cue: Cue) -> None:
        """The group gave itself away (by an attack)."""
        self._notice(cue)

    # -- its end --------------------------------------------------------------------------

    @property
    def inside(self) -> bool:
        """Whether the group can still be met on this side."""
        return self.ending is None and self.model.agenda.now < self.inside_until

    def on_team(self, guards: int) -> None:
        """A response team found the group."""
        self.contact_at = self.model.agenda.now
        self.who.on_contact(guards)

    def end(self, ending: Ending) -> None:
        """The attempt is over; only its sign may still be found."""
        if self.ending is None:
            self.ending, self.ended_at = ending, self.model.agenda.now
            if self.detected_at is not None or self.ended_at >= self.sign_until:
                self.write()
            else:
                self._later(self.sign_until, self.write)

    def write(self) -> None:
        """Write the crossing to the log, once, and forget it."""
        if self._written:
            return
        self._written = True
        del self.model.passages[self.identity], self.post.sector.watchers[self.identity]
        for timer in (self._next_pass, *self._others):
            if timer is not None:
                timer.cancel()
        who = self.who
        self.model.record(
            Crossing(
                self.identity,
                who.actor,
                self.sector.slug,
                self.km,
                self.crossed_at,
                self.night,
                self.exposed_hours,
                self.size,
                who.armed,
                who.load_kg,
                self.detected_at,
                self.cue,
                self.contact_at,
                self.ending or "open",
                self.ended_at if self.ending else self.model.agenda.now,
            )
        )

    def incident(self, kind: Kind, **fields: object) -> Incident:
        """An incident of this crossing, here and now."""
        now = self.model.agenda.now
        way = self.who.path.until(now)
        _, km, depth = way.waypoints[-1]
        identity = f"{self.identity}/{kind}"
        self.model.record(Track(identity, way.waypoints))
        return Incident(
            identity=identity,
            kind=kind,
            actor=self.who.actor,
            district=self.model.sector_at(km).slug,
            km=km,
            at=now,
            crossed_at=self.crossed_at,
            detected_at=self.detected_at,
            cue=self.cue,
            alarm_at=self.alarm_at,
            contact_at=self.contact_at,
            group_size=self.who.size,
            depth=depth,
            **fields,  # type: ignore[arg-type]
        )
