"""One crossing of the line, from the water's edge on, and every way in which it is noticed.

Each layer of detection has draws of its own, so the layers are independent, and every one is
computed for the instant it acts: passes of patrols from their schedules, the other layers as a
chance and an instant within the time in the open.
"""

from math import log
from typing import TYPE_CHECKING, NamedTuple, Protocol

from sim.engine.agenda import Timer
from sim.engine.draws import Stream, exponential
from sim.engine.path import Path
from sim.frontier.season import HOUR
from sim.frontier.terrain import terrain_at
from sim.incidents.records import Actor, Crossing, Cue, Ending, Incident, Kind, Track
from sim.scenario.spec import Scenario
from sim.theory.search import random_search_pod

if TYPE_CHECKING:
    from sim.agents.beats import Pass
    from sim.agents.dispatch import Call
    from sim.agents.frontier import Frontier

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
    """Hours in the open at ``km``: terrain, river stage and light, within the given bounds.

    All groups take so long, or so long on average: ``exposure.law`` says which.
    """
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
    name: str
    luck: float


class Passage:
    """One attempt to cross.

    In the open until ``exposed_until``, inside until ``inside_until`` (which may move when a
    party strikes and withdraws); after that only its sign remains, until ``sign_until``.
    """

    __slots__ = (
        "_next_pass",
        "_others",
        "_sight_range",
        "_tried",
        "_written",
        "alarm_at",
        "beat",
        "call",
        "calls",
        "contact_at",
        "crossed_at",
        "cue",
        "detected_at",
        "draw",
        "ended_at",
        "ending",
        "exposed_hours",
        "exposed_until",
        "identity",
        "inside_until",
        "km",
        "manhunt",
        "model",
        "night",
        "post",
        "sector",
        "sign_until",
        "size",
        "who",
    )

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
        if model.spec.exposure.law == "exponential":
            self.exposed_hours = draw.exponential("exposed", self.exposed_hours)
        self.exposed_until = now + self.exposed_hours * HOUR
        self.inside_until = self.exposed_until + inside_days
        luck = draw.uniforms("layers", 6)
        life = model.spec.sign.life_hours * HOUR
        self.sign_until = self.exposed_until + exponential(luck[5], life)
        self.size = who.size
        self._sight_range = self._reach()
        self.detected_at: float | None = None
        self.cue: Cue | None = None
        self.alarm_at: float | None = None
        self.contact_at: float | None = None
        self.ending: Ending | None = None
        self.ended_at = now
        self.call: Call | None = None
        self.calls = 0
        self._next_pass: Timer | None = None
        self._others: list[Timer] = []
        self.manhunt = False  # armed intruders are known to be inside
        self._tried: set[str] = set()
        self._written = False
        self._open(luck)

    # -- the layers -----------------------------------------------------------------------

    def _open(self, luck: list[float]) -> None:
        """Plan what each layer will notice, by its own luck; the watch is that of this instant."""
        self.model.passages[self.identity] = self
        # the patrols that pass here are their post's, which may belong to the next district
        self.post.sector.watchers[self.identity] = self._plan_patrols
        self._plan_patrols()
        if luck[0] < self._watch_chance(luck[0]):
            self._in_the_open("watch", self._on_watch)
        if luck[1] < self._camera_chance():
            self._in_the_open("camera", self._on_cue, "camera")
        if luck[2] < self._uav_chance():
            self._in_the_open("uav", self._on_cue, "uav")
        rules = self.model.spec.tips
        village = self.model.village_near(self.km)
        if village is not None and abs(village.km - self.km) <= rules.reach_km:
            trust = self.sector.trust(self.crossed_at)
            if luck[3] < rules.p_tip * trust:
                delay = self.draw.exponential("tip delay", rules.delay_hours * HOUR)
                self._later(self.exposed_until + delay, self._on_cue, "tip")
            # word of strangers who stay inside comes at a constant hazard
            stay = self.inside_until - self.exposed_until
            wait = -log(1.0 - luck[4])
            if wait < rules.strangers_per_day * trust * stay:
                seen = self.exposed_until + wait / (rules.strangers_per_day * trust)
                self._later(seen, self._on_cue, "tip")

    def _watch_chance(self, luck: float) -> float:
        """Chance that the fixed watch sees the crossing; tired guards see less."""
        posts = self.model.spec.posts
        guards = self.post.sector  # a section may reach into the next district
        fresh = posts.p_watch * guards.rules.watch
        if luck >= fresh or posts.guards_on_watch == 0:
            return 0.0
        if not self.post.watches(self.km, self.night):
            return 0.0
        return fresh * guards.sight_factor(self.crossed_at)

    def _camera_chance(self) -> float:
        """Chance to be in view of a camera and noticed."""
        rules, sector = self.model.spec.technical, self.sector
        coverage = rules.camera_coverage * rules.camera_emphasis.get(sector.slug, 1.0)
        return min(coverage * sector.rules.watch, 1.0) * rules.p_camera

    def _uav_chance(self) -> float:
        """Random search of the district's strip while the group is in the open (Koopman 1946)."""
        rules, sector = self.model.spec.technical, self.sector
        aloft = rules.uav_hours_per_day * sector.rules.watch / 24.0
        track = aloft * self.exposed_hours * rules.uav_speed_km_h
        return random_search_pod(rules.uav_sweep_km, track, sector.length_km * rules.strip_km)

    def _in_the_open(self, layer: str, callback: object, *arguments: object) -> None:
        """Plan something for an instant while the group is in the open, all equally likely."""
        share = self.draw.uniform(f"{layer} when")
        self._later(self.crossed_at + share * self.exposed_hours * HOUR, callback, *arguments)

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
        if self.detected_at is None or self._in_view:
            chance = self._next_chance()
            if chance is not None:
                self._next_pass = self.model.agenda.at(
                    chance.at, self._on_pass, chance, key=self.identity
                )

    @property
    def _in_view(self) -> bool:
        """Whether a patrol could see the group itself: others who know do not hide it."""
        return self.ending is None and self.model.agenda.now <= self.exposed_until

    def _next_chance(self) -> "Chance | None":
        """The next pass in which fresh guards would see the group, else find its sign.

        A pass may do both: see the group while it is in the open, or find its sign once it
        has left the strip; what is seen is always seen before a sign is found.
        """
        spec, now, clear = self.model.spec, self.model.agenda.now, self.exposed_until
        in_the_open = self._in_view
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
            unknown = sign is None and self.detected_at is None
            if unknown and max(now, clear) < passing.at <= self.sign_until:
                sign = self._chance(passing.at, "sign", spec.sign.p_found, passing)
        return sight or sign

    def _chance(self, at: float, cue: Cue, p: float, passing: "Pass") -> "Chance | None":
        name = passing.name(cue)
        luck = self.draw.uniform(name)
        if luck < p and name not in self._tried:
            return Chance(at, cue, name, luck)
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
        self._tried.add(chance.name)
        if chance.luck >= p * self.post.sector.sight_factor(now):
            self._plan_patrols()
        elif chance.cue == "patrol":
            self.notice("patrol")
            self.who.on_seen(spec.patrols.size)
        else:
            self._on_cue("sign")

    # -- being noticed --------------------------------------------------------------------

    def _on_watch(self) -> None:
        if self.ending is None:
            self.notice("watch")
            self.who.on_seen(self.model.spec.posts.guards_on_watch)

    def _on_cue(self, cue: Cue) -> None:
        """Somebody who cannot act themselves knows of the crossing and calls a team."""
        if self.contact_at is None:
            self.notice(cue)
            self.raise_alarm(cue)

    def notice(self, cue: Cue) -> None:
        """The crossing becomes known; by what it was first known counts."""
        if self.detected_at is None:
            self.detected_at, self.cue = self.model.agenda.now, cue
            self._plan_patrols()

    def raise_alarm(self, cue: Cue) -> None:
        """Call a team, unless one has been called and is not done."""
        if self.call is None or self.call.over:
            if self.alarm_at is None:
                self.alarm_at = self.model.agenda.now
            self.calls += 1
            self.call = self.model.dispatch.alarm(self, cue)

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
        """The attempt is over; only its sign may still be found, or a tip come in."""
        if self.ending is None:
            self.ending, self.ended_at = ending, self.model.agenda.now
            known = self.detected_at is not None
            pending = (timer.at for timer in self._others if timer.pending)
            last = max([self.sign_until, *pending])
            if known or last <= self.ended_at:
                self.write()
            else:
                self._later(last, self.write)

    def write(self) -> None:
        """Write the crossing to the log, once, and forget it."""
        if self._written:
            return
        self._written = True
        self.call = None  # or the two would keep each other alive
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
