"""Smuggling groups: where they cross, when they wait, and how they react."""

from functools import partial
from math import exp, pow
from typing import Literal

from sim.agents import expected_harm
from sim.agents.deterrence import presence
from sim.agents.encounters import Side, clash, guards_side, probability_at_odds
from sim.agents.frontier import Frontier, FrontierAgent
from sim.agents.passage import STRIP_KM, Passage
from sim.agents.pursuit import aftermath, caught_running
from sim.agents.rumours import STRETCH_KM
from sim.engine.draws import lognormal
from sim.engine.path import Path, Waypoint
from sim.frontier.ground import DistrictInfo
from sim.frontier.season import HOUR
from sim.incidents.records import Ending
from sim.precision import single
from sim.theory.choice import choose

_MOMENT = 1e-6  # days; extra wait after a patrol has passed


class SmugglingGroup(FrontierAgent):
    """One group with one load, from its arrival at the line until it disperses."""

    actor: Literal["smugglers"] = "smugglers"

    def __init__(self, model: Frontier, identity: str, district: DistrictInfo) -> None:
        super().__init__(model, identity, district.km_from)
        rules = model.spec.smugglers
        u = self.draw.uniforms("group", 8)
        where, size, load, armed, inland, chooses, self._route, watches = u
        self.km += where * district.length_km
        drawn = round(lognormal(size, rules.size_median, rules.size_sigma))
        self.size = min(max(drawn, rules.size_least), rules.size_most)
        grown = single(pow(self.size / rules.size_median, rules.load_size_power))
        most = rules.carry_most_kg * self.size
        self.load_kg = min(lognormal(load, rules.load_median_kg * grown, rules.load_sigma), most)
        self.armed = armed < rules.p_armed
        self._inland_km = rules.inland_least_km + inland * (
            rules.inland_most_km - rules.inland_least_km
        )
        if chooses < rules.displacement:
            self.km = self._choose_place()
        self.passage: Passage | None = None
        self._watches = watches < rules.surveillance

    def start(self) -> None:
        """Cross at once, wait for a gap between the patrols, or stay away."""
        if not self._dares():
            self.remove()
        elif self._watches:
            self.at(self._gap(), self.on_departure)
        else:
            self.on_departure()

    def _dares(self) -> bool:
        willing = self.willingness()
        return willing >= 1.0 or self.draw.uniform("dares") < willing

    def willingness(self) -> float:
        """Chance that it comes at all, by what it has heard and the patrols that it can see.

        Risk is ignored below a threshold; above it the flow falls as threshold / risk, except for
        a hard core (Anthony 2004). Visible presence above the reference reduces the flow a little
        more (Gathmann 2008). With a threshold of 1 and no elasticity all come.
        """
        rules, deterrence = self.spec.smugglers, self.spec.deterrence
        believed = self.model.rumours.risk(self.now, self.km)
        willing = 1.0
        if believed > rules.threshold:
            willing = rules.hard_core + (1.0 - rules.hard_core) * rules.threshold / believed
        if deterrence.smugglers:
            seen = deterrence.smugglers * presence(self.model, self.km)
            willing *= exp(-max(seen, 0.0))
        return willing

    def _choose_place(self) -> float:
        """Quantal response over the places within reach (McFadden 1974; Yang et al. 2013)."""
        rules, now = self.spec.smugglers, self.now
        most = int(rules.reach_km // STRETCH_KM)
        if most == 0:
            return self.km
        steps = range(
            -min(most, int(self.km // STRETCH_KM)),
            min(most, int((self.spec.ground.length_km - self.km) // STRETCH_KM)) + 1,
        )
        risk, per_step = self.model.rumours.risk, rules.distance_weight * STRETCH_KM
        utilities = [
            -risk(now, self.km + step * STRETCH_KM) - per_step * abs(step) / rules.reach_km
            for step in steps
        ]
        return self.km + steps[choose(utilities, rules.rationality, self._route)] * STRETCH_KM

    def _gap(self) -> float:
        """The first instant within the longest wait at which no patrol is expected."""
        model, now = self.model, self.now
        latest = now + model.spec.smugglers.longest_wait_hours * HOUR
        beat = model.post_at(self.km).beat_at(self.km)
        open_days = getattr(model.spec.exposure.hours, model.spec.ground.terrain_at(self.km)) * HOUR
        start = now
        reach = model.spec.patrols.sight_range_night_km
        for passing in beat.predicted(self.km, now, latest + open_days, reach):
            first, last = passing.within(reach)
            if first > start + open_days:
                break
            start = max(start, last + _MOMENT)
        return start if start <= latest else now

    # -- the crossing ---------------------------------------------------------------------

    def on_departure(self) -> None:
        """Enter the water; walk inland and disperse unless met."""
        walk = self._inland_km / self.spec.smugglers.walk_km_h * HOUR
        self.passage = Passage(self.model, self, self.identity, self.draw, self.km, walk)
        self.passage.start()
        self.at(self.passage.inside_until, self.on_dispersal)

    def position(self, t: float | None = None) -> tuple[float, float]:
        """Position on its path; before it crosses, at the line."""
        if self.passage is None:
            return self.km, 0.0
        return self.path.at(self.now if t is None else t)

    @property
    def path(self) -> Path:
        """Across the strip, then straight inland."""
        assert self.passage is not None
        return Path(
            Waypoint(self.passage.crossed_at, self.km, 0.0),
            Waypoint(self.passage.exposed_until, self.km, STRIP_KM),
            Waypoint(self.passage.inside_until, self.km, STRIP_KM + self._inland_km),
        )

    def on_dispersal(self) -> None:
        """Disperse unmet."""
        self._leave("through")

    def on_seen(self, guards: int) -> None:
        """Guards at the line see the group: it runs back, or is met."""
        rules = self.spec.contact
        self._expect(guards, 1.0 - rules.p_turn_back)
        back, drop = self.draw.uniforms("seen", 2)
        if back < rules.p_turn_back:
            self._run(drop < rules.p_drop_load, "turned_back")
        else:
            assert self.passage is not None
            self.passage.contact_at = self.now
            self._meet(guards)

    def on_contact(self, guards: int) -> None:
        """A team meets the group."""
        self._expect(guards, 1.0)
        self._meet(guards)

    def _p_fight(self, guards: int) -> float:
        """Chance that they fight, if they are armed and have not surrendered."""
        rules = self.spec.contact
        return probability_at_odds(rules.p_fight_armed, self.size, guards, rules.odds_effect)

    def _expect(self, guards: int, p_met: float) -> None:
        """Write down the expected harm of a meeting that comes with chance ``p_met``, if armed."""
        if not self.armed:
            return
        assert self.passage is not None
        passage, rules, p = self.passage, self.spec, p_met * self._p_fight(guards)
        if passage.deliberate:
            p *= 1.0 - rules.contact.p_surrender_cordon_smugglers
        fight = expected_harm.solve_fight(
            1.0 if passage.deliberate else rules.clash.p_guards_first,
            partial(self._sides, guards),
            rules.clash.intensity_spread,
            passage.chase,
        )
        passage.expect("smuggling_interdiction", fight.columns("smugglers", p))

    def _meet(self, guards: int) -> None:
        """Meet guards: surrender if surrounded and called upon; else fight, surrender or run."""
        assert self.passage is not None
        rules = self.spec.contact
        fight, surrender, drop, called = self.draw.uniforms("contact", 4)
        p_fight = self._p_fight(guards)
        if self.passage.deliberate and called < rules.p_surrender_cordon_smugglers:
            self._give_up()
        elif self.armed and fight < p_fight:
            self._fight(guards)
        elif surrender < rules.p_surrender:
            self._give_up()
        else:
            self._scatter(drop < rules.p_drop_load)

    def _scatter(self, leaves_load: bool) -> None:
        """Run without a fight; guards who surround them may catch some people and the load."""
        assert self.passage is not None
        if self.passage.deliberate:
            caught = caught_running(self.draw, "contact", self.size, self.passage.chase)
            if caught:
                self._stopped(
                    "load_left",
                    detained=caught,
                    escaped=self.size - caught,
                    seized_kg=self.load_kg,
                    seized_arms=caught if self.armed else 0,
                )
                return
        self._run(leaves_load, "through")

    def _give_up(self) -> None:
        self._stopped(
            "surrendered",
            detained=self.size,
            seized_kg=self.load_kg,
            seized_arms=self.size if self.armed else 0,
        )

    def _run(self, leaves_load: bool, otherwise: Literal["turned_back", "through"]) -> None:
        """Get away, with or without the load."""
        if leaves_load:
            self._stopped("load_left", escaped=self.size, seized_kg=self.load_kg)
        else:
            self._leave(otherwise)

    def _sides(self, guards: int, guards_first: bool) -> tuple[Side, Side]:
        """Guards and group at the start of a fight."""
        assert self.passage is not None
        rules = self.spec.clash
        ours = guards_side(rules, guards, guards_first)
        theirs = Side(
            self.size,
            rules.smuggler_rate,
            rules.lethality_smugglers,
            rules.break_off_smugglers,
            rules.disengage_rate,
            surprise=1.0 if guards_first else rules.surprise_factor,
            spread=rules.break_spread,
        )
        if self.passage.deliberate:
            theirs = theirs.surrounded(self.spec.contact)
        return ours, theirs

    def _fight(self, guards: int) -> None:
        """A clash and the pursuit after it; the load is left if the guards hold the field."""
        assert self.passage is not None
        rules, deliberate = self.spec.clash, self.passage.deliberate
        guards_first = deliberate or self.draw.uniform("first shot") < rules.p_guards_first
        ours, theirs = self._sides(guards, guards_first)
        result = clash(self.draw, "clash", ours, theirs, rules.intensity_spread)
        end = aftermath(
            self.draw,
            "clash",
            self.size,
            rules.lethality_smugglers,
            result,
            self.passage.chase,
            rules.p_wounded_captured,
        )
        self._stopped(
            "clash" if end.field_held else "through",
            clash=True,
            seized_kg=self.load_kg if end.field_held else 0.0,
            **end.columns(result, "smugglers"),
        )

    def _stopped(
        self, ending: Literal["surrendered", "load_left", "clash", "through"], **what: object
    ) -> None:
        what.setdefault("clash", False)
        assert self.passage is not None
        incident = self.passage.incident("smuggling_interdiction", **what)
        self.model.announce(incident)
        self._leave(ending)

    def _leave(self, ending: Ending) -> None:
        """End the attempt; other groups hear whether it failed."""
        failed = ending != "through"
        self.model.rumours.hear(self.now, self.km, failed)
        assert self.passage is not None
        passage, self.passage = self.passage, None  # or the two would keep each other alive
        passage.end(ending)
        self.remove()
