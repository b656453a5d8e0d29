"""How a crossing is noticed: the layers of detection, each with its own draws.

The layers are independent. Each is computed for the instant at which it acts: passes of patrols
from their schedules, the other layers as a chance and an instant within the time in the open.
"""

from collections.abc import Callable
from math import exp
from typing import NamedTuple, Protocol

from sim.agents.beats import Pass
from sim.agents.frontier import Frontier
from sim.agents.intruders import Intruders
from sim.agents.sectors import Sector
from sim.engine.agenda import Timer
from sim.engine.draws import Stream, exponential
from sim.frontier.season import HOUR
from sim.incidents.records import Cue, Ending
from sim.theory.search import random_search_pod


class Noticed(Protocol):
    """A crossing, as far as its detection is concerned."""

    model: Frontier
    intruders: Intruders
    identity: str
    draw: Stream
    km: float
    sector: Sector
    night: bool
    crossed_at: float
    exposed_hours: float
    exposed_until: float
    inside_until: float
    detected_at: float | None
    ending: Ending | None

    def notice(self, cue: Cue) -> None:
        """The crossing becomes known."""
        ...

    def on_cue(self, cue: Cue) -> None:
        """Somebody who cannot act on it learns of the crossing."""
        ...

    def on_seen(self, cue: Cue, guards: int) -> None:
        """Guards at the line see the group."""
        ...


class PlannedPass(NamedTuple):
    """A pass that notices something if the patrol is rested enough for its luck."""

    at: float
    cue: Cue
    name: str
    luck: float


class DetectionChance(NamedTuple):
    """A chance of noticing a crossing and its draw: noticed if ``luck`` is below ``chance``."""

    layer: str
    cue: Cue
    at: float
    chance: float
    luck: float

    @property
    def noticed(self) -> bool:
        """Whether somebody saw the group, found its sign or reported it."""
        return self.luck < self.chance


class Detection:
    """The layers that may notice one crossing: watch, cameras, aircraft, tips and patrols."""

    def __init__(self, passage: Noticed) -> None:
        self._passage = passage
        model, km = passage.model, passage.km
        self.post = model.post_at(km)
        self.beat = self.post.beat_at(km)
        self._luck = passage.draw.uniforms("layers", 6)
        life = model.spec.sign.life_hours * HOUR
        self.sign_until = passage.exposed_until + exponential(self._luck[5], life)
        patrols = model.spec.patrols
        reach = patrols.sight_range_night_km if passage.night else patrols.sight_range_day_km
        self._sight_range = reach * getattr(patrols.range_factor, model.ground.terrain_at(km))
        self._next_pass: Timer | None = None
        self._others: list[Timer] = []
        self._tried: set[str] = set()

    def start(self) -> None:
        """Plan what each layer will notice, by its own luck; the watch as it is now."""
        passage, luck = self._passage, self._luck
        # the patrols that pass here are their post's, which may belong to the next district
        self.post.sector.watchers[passage.identity] = self.plan_patrols
        self.plan_patrols()
        if luck[0] < self._watch_chance(luck[0]):
            self._in_the_open("watch", self._on_watch)
        if luck[1] < self._camera_chance():
            self._in_the_open("camera", passage.on_cue, "camera")
        if luck[2] < self._uav_chance():
            self._in_the_open("uav", passage.on_cue, "uav")
        self._plan_tips(luck[3], luck[4])

    def stop(self) -> None:
        """End all detection."""
        del self.post.sector.watchers[self._passage.identity]
        for timer in (self._next_pass, *self._others):
            if timer is not None:
                timer.cancel()

    def later(self, at: float, callback: Callable[..., None], *arguments: object) -> None:
        """Plan an event of this crossing, which is dropped when the crossing is written."""
        passage = self._passage
        timer = passage.model.agenda.at(at, callback, *arguments, key=passage.identity)
        self._others.append(timer)

    @property
    def last_chance(self) -> float:
        """The last instant at which the crossing may become known."""
        pending = (timer.at for timer in self._others if timer.pending)
        return max([self.sign_until, *pending])

    # -- chances of detection, for a later explanation ----------------------------------------

    def layer_chances(self) -> list[DetectionChance]:
        """Those of watch, cameras, aircraft and villages at the start; changes nothing."""
        passage, luck = self._passage, self._luck
        clear = passage.exposed_until
        in_the_open: list[tuple[Cue, float, float]] = [
            ("watch", self._watch_chance(0.0), luck[0]),
            ("camera", self._camera_chance(), luck[1]),
            ("uav", self._uav_chance(), luck[2]),
        ]
        chances = [
            DetectionChance(cue, cue, self._when(cue), p, u) for cue, p, u in in_the_open if p > 0.0
        ]
        if self._village_near:
            p, hazard = self._tip_chances()
            chances.append(
                DetectionChance("word of it", "tip", clear + self._tip_delay(), p, luck[3])
            )
            wait, stay = exponential(luck[4], 1.0), passage.inside_until - clear
            at = clear + min(wait / hazard, stay) if hazard else clear
            chances.append(
                DetectionChance("strangers", "tip", at, 1.0 - exp(-hazard * stay), luck[4])
            )
        return chances

    def patrol_chances(self, since: float, until: float) -> list[DetectionChance]:
        """Those of patrols that pass in (since, until], by their present readiness."""
        passage, spec, clear = self._passage, self._passage.model.spec, self._passage.exposed_until
        reach, crossed, chances = self._sight_range, self._passage.crossed_at, []
        for one in self.beat.passes(passage.km, crossed, min(until, self.sign_until), reach):
            first, last = one.within(reach)
            kinds: list[tuple[Cue, float, float]] = []
            if one.leaves <= clear and first <= clear and last >= crossed:
                kinds.append(("patrol", max(first, crossed), spec.patrols.p_sight))
            if clear < one.at <= self.sign_until:
                kinds.append(("sign", one.at, spec.sign.p_found))
            for cue, at, fresh in kinds:
                if since < at <= until:
                    p = fresh * self.post.sector.sight_factor(at)
                    chances.append(
                        DetectionChance(one.name(cue), cue, at, p, self._fortune(one.name(cue)))
                    )
        return sorted(chances, key=lambda each: each.at)

    # -- the watch, cameras, aircraft and villages ----------------------------------------

    def _in_the_open(self, layer: str, callback: Callable[..., None], *arguments: object) -> None:
        """Plan an event for an instant while the group is in the open, all equally likely."""
        self.later(self._when(layer), callback, *arguments)

    def _when(self, layer: str) -> float:
        passage = self._passage
        share = passage.draw.uniform(f"{layer} when")
        return passage.crossed_at + share * passage.exposed_hours * HOUR

    def _watch_chance(self, luck: float) -> float:
        """Chance that the fixed watch sees the crossing; tired guards see less."""
        passage = self._passage
        posts = passage.model.spec.posts
        guards = self.post.sector  # a section may reach into the next district
        fresh = posts.p_watch * guards.rules.watch
        if luck >= fresh or posts.guards_on_watch == 0:
            return 0.0
        if not self.post.watches(passage.km, passage.night):
            return 0.0
        return fresh * guards.sight_factor(passage.crossed_at)

    def _camera_chance(self) -> float:
        """Chance of being in view of a camera and noticed."""
        rules, sector = self._passage.model.spec.technical, self._passage.sector
        coverage = rules.camera_coverage * rules.camera_emphasis.get(sector.slug, 1.0)
        return min(coverage * sector.rules.watch, 1.0) * rules.p_camera

    def _uav_chance(self) -> float:
        """Random search of the district's strip while the group is in the open (Koopman 1946)."""
        passage = self._passage
        rules, sector = passage.model.spec.technical, passage.sector
        aloft = rules.uav_hours_per_day * sector.rules.watch / 24.0
        track = aloft * passage.exposed_hours * rules.uav_speed_km_h
        return random_search_pod(rules.uav_sweep_km, track, sector.length_km * rules.strip_km)

    def _plan_tips(self, crossing_luck: float, strangers_luck: float) -> None:
        """Plan tips of a nearby village: about the crossing, or about strangers inside."""
        passage, clear = self._passage, self._passage.exposed_until
        if not self._village_near:
            return
        p_tip, hazard = self._tip_chances()
        if crossing_luck < p_tip:
            self.later(clear + self._tip_delay(), passage.on_cue, "tip")
        # tips about strangers come at a constant rate
        wait = exponential(strangers_luck, 1.0)
        if wait < hazard * (passage.inside_until - clear):
            self.later(clear + wait / hazard, passage.on_cue, "tip")

    @property
    def _village_near(self) -> bool:
        passage, model = self._passage, self._passage.model
        village = model.village_near(passage.km)
        return village is not None and abs(village.km - passage.km) <= model.spec.tips.reach_km

    def _tip_chances(self) -> tuple[float, float]:
        """Chance of a tip about the crossing, and rate of tips about strangers, per day."""
        rules, passage = self._passage.model.spec.tips, self._passage
        trust = passage.sector.trust(passage.crossed_at)
        return rules.p_tip * trust, rules.strangers_per_day * trust

    def _tip_delay(self) -> float:
        passage = self._passage
        return passage.draw.exponential("tip delay", passage.model.spec.tips.delay_hours * HOUR)

    def _on_watch(self) -> None:
        passage = self._passage
        if passage.ending is None:
            passage.on_seen("watch", passage.model.spec.posts.guards_on_watch)

    # -- patrols: sight in the open, sign afterwards --------------------------------------

    def plan_patrols(self) -> None:
        """Plan the next pass that may notice something, at the patrols' present rates."""
        if self._next_pass is not None:
            self._next_pass.cancel()
            self._next_pass = None
        passage = self._passage
        if passage.detected_at is None or self._in_view:
            planned = self._next_planned()
            if planned is not None:
                self._next_pass = passage.model.agenda.at(
                    planned.at, self._on_pass, planned, key=passage.identity
                )

    @property
    def _in_view(self) -> bool:
        """Whether a patrol could see the group itself, known or not."""
        passage = self._passage
        return passage.ending is None and passage.model.now <= passage.exposed_until

    def _next_planned(self) -> PlannedPass | None:
        """The next pass in which rested guards would see the group, else find its sign.

        One pass may do both, since it sees the group from afar while that is in the open and finds
        its sign on the spot once it has left the strip; seeing always comes first.
        """
        passage = self._passage
        spec, now, clear = passage.model.spec, passage.model.now, passage.exposed_until
        in_the_open, hidden = self._in_view, max(now, clear)
        reach = self._sight_range if in_the_open else 0.0
        sight: PlannedPass | None = None
        sign: PlannedPass | None = None
        for passing in self.beat.passes(passage.km, now, self.sign_until, reach):
            if in_the_open and passing.leaves <= clear:
                first, last = passing.within(reach)
                if first <= clear and last >= now:
                    seen = self._planned(max(first, now), "patrol", spec.patrols.p_sight, passing)
                    if seen is not None and (sight is None or seen < sight):
                        sight = seen
            unknown = sign is None and passage.detected_at is None
            if unknown and hidden < passing.at <= self.sign_until:
                sign = self._planned(passing.at, "sign", spec.sign.p_found, passing)
        return sight or sign

    def _planned(self, at: float, cue: Cue, p: float, passing: Pass) -> PlannedPass | None:
        name = passing.name(cue)
        luck = self._fortune(name)
        if luck < p and name not in self._tried:
            return PlannedPass(at, cue, name, luck)
        return None

    def _fortune(self, name: str) -> float:
        return self._passage.draw.uniform(name)

    def _on_pass(self, planned: PlannedPass) -> None:
        """A patrol passes; tired guards miss what rested ones would notice."""
        passage = self._passage
        spec = passage.model.spec
        p = spec.patrols.p_sight if planned.cue == "patrol" else spec.sign.p_found
        self._tried.add(planned.name)
        if planned.luck >= p * self.post.sector.sight_factor(passage.model.now):
            self.plan_patrols()
        elif planned.cue == "patrol":
            passage.on_seen("patrol", spec.patrols.size)
        else:
            passage.on_cue("sign")
