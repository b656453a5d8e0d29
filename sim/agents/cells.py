"""Militant cells: they plan, prepare, cross or strike from afar, withdraw, rest and learn.

Stylised on purpose: a cell stands for no real group. planning.py says when it plans, choices.py
what it does, timing.py when it acts, parties.py how many it sends. The encounters that decide an
attempt are the same as for all other groups.
"""

from functools import partial
from math import pow, sqrt
from typing import Literal

from sim.agents import expected_harm
from sim.agents.beliefs import Beliefs
from sim.agents.choices import Option, choose_option, options
from sim.agents.encounters import Casualties, ClashResult, Side, clash, party_sides
from sim.agents.expected_harm import SolvedFight
from sim.agents.frontier import Cell, Frontier, FrontierAgent
from sim.agents.parties import Lent, gather, needed, power_law, split_survivors
from sim.agents.passage import STRIP_KM, Passage
from sim.agents.planning import Planning, offspring, succeeded
from sim.agents.pursuit import aftermath, caught_running
from sim.agents.strikes import drone_strike, fire, strike_casualties
from sim.agents.targets import Mode, Target, met
from sim.agents.timing import moment, next_hour
from sim.engine.draws import Stream, exponential
from sim.engine.path import Path, Waypoint
from sim.frontier.places import CellHome
from sim.frontier.season import HOUR
from sim.incidents.records import Incident, Plan
from sim.scenario.spec import Scenario
from sim.scenario.spec_threat import Cells

State = Literal[
    "planning",
    "preparing",
    "approaching",
    "inside",
    "striking",
    "withdrawing",
    "regrouping",
    "dissolved",
]

_JOINT = "+joint"  # suffix of the name of an attack that joins another one


class MilitantCell(FrontierAgent):
    """One cell and, while it acts, the party it sends."""

    actor: Literal["militants"] = "militants"
    armed = True
    load_kg = 0.0

    def __init__(self, model: Frontier, identity: str, home: CellHome) -> None:
        super().__init__(model, identity, home.km, home.depth_km)
        rules = model.spec.cells
        self.profile = "anti_foreign" if home.anti_foreign else "anti_state"
        self.state: State = "planning"
        self.beliefs = Beliefs(rules)
        self.district = home.district
        self.size = 0
        self._way: Path | None = None
        self.passage: Passage | None = None
        self._strength = float(rules.strength)
        self._strength_at = 0.0
        self.planning = Planning(self)
        self._waiting: list[str] = []  # plans that came while it was busy
        self._operation: Stream = self.draw
        self._operation_key = ""
        self._done: list[Incident] = []  # incidents of the present operation
        self._lent: list[Lent] = []  # people of other cells in its party
        self._away = 0  # its people in the parties of other cells
        self._target: Target

    def start(self) -> None:
        """Wait for the first plan, once the first alert levels are set and it can be forecast."""
        self.at(0.0, self.replan)

    def adopt(self, before: Scenario) -> None:
        """Apply the old rules to recruits, attacks and hearsay until now; then plan again."""
        now, old, new = self.now, before.cells, self.spec.cells
        if new.recruits_per_year != old.recruits_per_year:
            self._strength, self._strength_at = self._grown(old), now
        self.planning.adopt(before)
        self.beliefs.adopt(now, new)
        self.replan()

    # -- when it plans --------------------------------------------------------------------

    @property
    def free(self) -> bool:
        """Whether it is free to take up a plan."""
        return self.state == "planning"

    def excite(self, plans: float) -> None:
        """Trigger ``plans`` further plans in expectation."""
        self.planning.excite(plans)

    def replan(self) -> None:
        """Find the next instant at which a plan may come."""
        self.planning.replan()

    def take_up(self, plan: str, ready: float | None = None) -> None:
        """Make a plan; if the cell is busy, a free neighbour may make it, or it waits."""
        if self.free:
            self._make_plan(plan, ready)
            return
        passes = self.model.draws.of(plan).chance("passes", self.spec.cells.passing)
        free = self._free_neighbours() if passes else []
        if free:
            free[0].take_up(plan, ready)
        else:
            self._waiting.append(plan)

    def _free_neighbours(self) -> list[Cell]:
        """Other free cells within reach, the nearest first."""
        reach = self.spec.cells.reach_km
        near = [
            (abs(cell.km - self.km), cell.identity, cell)
            for cell in self.model.cells
            if cell is not self and cell.free and abs(cell.km - self.km) <= reach
        ]
        return [cell for *_, cell in sorted(near, key=lambda one: one[:2])]

    def _make_plan(self, plan: str, ready: float | None) -> None:
        """Choose what to do, where and when, or refrain."""
        rules, now = self.spec.cells, self.now
        self._operation_key, self._operation = plan, self.model.draws.of(plan)
        choice, prepares, warned, joint = self._operation.uniforms("plan", 4)
        neighbours = self._free_neighbours()
        ways = options(self, self._party(neighbours, self._operation))
        if not ways:
            return
        option, chances = choose_option(self, ways, choice)
        forecast = self.planning.forecast
        self.model.add_luck(forecast.of_choice(self.model, ways, chances, option))
        if option is None:
            self._record_plan("refrain", "", self.km)
            return
        self._done = []
        self._record_plan(option.mode, option.target.identity, option.km)
        if warned < self.spec.alert.p_warning:
            self.model.command.on_warning(self.model.sector_at(option.km).index)
        self.state = "preparing"
        if ready is None:
            ready = now + exponential(prepares, rules.preparation_days)
        self.at(moment(self.model, self._operation, option, ready), self.on_ready, option)
        if neighbours and not plan.endswith(_JOINT):
            joins = joint < rules.joint
            worth = forecast.plan(self.spec.days - now)
            self.model.add_luck((float(joins) - rules.joint) * worth)
            if joins:
                neighbours[0].take_up(plan + _JOINT, ready)

    def _record_plan(self, mode: Mode | Literal["refrain"], target: str, km: float) -> None:
        district = self.model.sector_at(km).slug
        self.model.record(
            Plan(self._operation_key, self.identity, self.now, mode, target, district, km)
        )

    # -- what it does ---------------------------------------------------------------------

    def on_ready(self, option: Option) -> None:
        """Act: strike from afar, or send a party across."""
        self._target = option.target
        if option.mode == "infiltration":
            self._cross(option)
            return
        strike = drone_strike if option.mode == "drone" else fire
        self.state = "striking"
        incident = strike(self.model, self._operation, self._operation_key, option)
        self._announce(incident)
        self._conclude(option.mode, option.km)

    def _announce(self, incident: Incident) -> None:
        self._done.append(incident)
        self.model.announce(incident)

    def _cross(self, option: Option) -> None:
        """Send a party across: it walks to its hide and waits for the hour at which it strikes.

        A cell that needs no preparation does not wait for an hour.
        """
        rules, now = self.spec.cells, self.now
        if not self._muster(option):
            self._on_rested()  # too few people, or more guards: it drops the plan
            return
        target, deep = option.target, option.target.depth + rules.hide_depth_km
        aside = option.km - target.km
        march = sqrt(aside * aside + deep * deep) / rules.march_km_h * HOUR
        hide = self._operation.exponential("hide", rules.hide_hours * HOUR)
        approach = rules.hide_depth_km / rules.march_km_h * HOUR
        self._way = Path(Waypoint(now, option.km, 0.0))
        self.state = "approaching"
        inside = march + hide + approach
        passage = Passage(self.model, self, self._operation_key, self._operation, option.km, inside)
        if rules.preparation_days > 0.0:
            hour = self._operation.uniform("raid hour")
            passage.inside_until = next_hour(self.model, target.km, passage.inside_until, hour)
        self.passage = passage
        passage.start()
        clear = passage.exposed_until
        self._way = self._way.then(
            Waypoint(clear, option.km, min(STRIP_KM, deep)),
            Waypoint(clear + march, target.km, deep),
            Waypoint(max(passage.inside_until - approach, clear + march), target.km, deep),
            Waypoint(passage.inside_until, target.km, target.depth),
        )
        self.at(clear, self._on_clear, passage)
        self.at(passage.inside_until, self.on_strike, passage)

    def ways(self, plan: str) -> list[Option]:
        """All its options for a plan now; calling it changes nothing."""
        return options(self, self._party(self._free_neighbours(), self.model.draws.of(plan)))

    def _party(self, neighbours: list[Cell], draw: Stream) -> int:
        """The size of the party for a plan, from its own people and those of free neighbours."""
        rules, most = self.spec.cells, self._most(neighbours)
        if most < rules.party_least:
            return 0
        luck = draw.uniform("party")
        return power_law(luck, rules.party_least, most, rules.party_exponent)

    def _most(self, neighbours: list[Cell]) -> int:
        """The largest party that it can gather now."""
        people = int(self.strength) + sum(cell.spare for cell in neighbours)
        return min(self.spec.cells.party_most, people)

    def _muster(self, option: Option) -> bool:
        """Gather the party, or as many as are present now; return whether they are enough."""
        neighbours = self._free_neighbours()
        self.size = min(option.party, self._most(neighbours))
        if self.size < needed(self.spec.cells, option.target.defenders):
            return False
        self._lent = gather(neighbours, self.size - int(self.strength))
        return True

    def _on_clear(self, passage: Passage) -> None:
        if passage.ending is None:
            self.state = "inside"

    def position(self, t: float | None = None) -> tuple[float, float]:
        """Position of its party, or its home."""
        return self.path.at(self.now if t is None else t)

    @property
    def path(self) -> Path:
        """Path of its party, or its home."""
        return self._way or Path(Waypoint(0.0, self.km, self.depth))

    def on_seen(self, guards: int) -> None:
        """Guards at the line see the party and meet it."""
        assert self.passage is not None
        self.passage.contact_at = self.now
        self.on_contact(guards)

    def on_contact(self, guards: int) -> None:
        """Guards meet the party: it surrenders if surrounded, fights, or scatters and goes home."""
        assert self.passage is not None
        passage, rules = self.passage, self.spec.contact
        p_fight = rules.p_militants_fight
        if passage.deliberate:
            p_fight *= 1.0 - rules.p_surrender_cordon_militants
        fight = self._expected_fight("contact", guards)
        passage.expect("infiltration_then_clash", fight.columns("militants", p_fight))
        if passage.deliberate and self._operation.chance(
            "gives up", rules.p_surrender_cordon_militants
        ):
            self._announce(
                passage.incident(
                    "infiltration_then_clash",
                    clash=False,
                    detained=self.size,
                    seized_arms=self.size,
                )
            )
            self._end_crossing("surrendered", survivors=0)
            return
        if not self._operation.chance("fights", rules.p_militants_fight):
            caught = 0
            if passage.deliberate:
                caught = caught_running(self._operation, "contact", self.size, passage.chase)
            away = self.size - caught
            self._announce(
                passage.incident(
                    "infiltration_then_clash",
                    clash=False,
                    detained=caught,
                    escaped=away,
                    seized_arms=caught,
                )
            )
            self._end_crossing("withdrew", survivors=away)
            return
        result = self._fight("contact", guards)
        fields, survivors = self._aftermath("contact", result)
        self._announce(passage.incident("infiltration_then_clash", clash=True, **fields))
        self._end_crossing("clash", survivors)

    def on_strike(self, passage: Passage) -> None:
        """Unmet until now: raid the target if possible, then return to the line."""
        if passage.ending is not None or self.passage is not passage:
            return
        self._target = target = met(self._target, self._operation)
        outnumbered = self.size < needed(self.spec.cells, target.defenders)
        if outnumbered or target.exposed + target.defenders == 0:
            self._end_crossing("withdrew", survivors=self.size)
            return
        self.state = "striking"
        self._expect_raid(passage)
        passage.notice("attack")
        passage.manhunt, passage.struck_at = True, self.now
        result, fields, survivors = None, {"escaped": self.size}, self.size
        if self._target.defenders > 0:
            result = self._fight("raid", self._target.defenders)
            fields, survivors = self._aftermath("raid", result)
        hurt = Casualties(0, 0)
        if survivors > 0 and (result is None or result.ended_by != "intruders"):
            hurt = strike_casualties(
                self._operation,
                self.spec.strikes,
                self._target,
                self._target.bystanders,
                1.0 - pow(1.0 - self.spec.strikes.raid_p_hit, survivors),
            )
        for name, count in self._target.columns(self._operation, hurt).items():
            fields[name] = fields.get(name, 0) + count
        self._announce(
            passage.incident(
                self._target.attacks["infiltration"],
                clash=result is not None,
                target=self._target.identity,
                **fields,
            )
        )
        if survivors > 0:
            self._withdraw(passage, survivors)
        else:
            self._end_crossing("clash", survivors)

    def _expect_raid(self, passage: Passage) -> None:
        """Write down the expected harm of the raid: of the fight, and of people hit after it."""
        target = self._target
        fought = self._expected_fight("raid", target.defenders) if target.defenders > 0 else None
        costs = expected_harm.raid_harm(self.spec, target, self.size, target.bystanders, fought)
        passage.expect(target.attacks["infiltration"], *costs)

    def _withdraw(self, passage: Passage, survivors: int) -> None:
        """Walk back to the line, pursued by guards."""
        now = self.now
        self.state = "withdrawing"
        self.size = survivors
        km, depth = self._target.km, self._target.depth
        home = now + max(depth, 0.1) / self.spec.cells.march_km_h * HOUR
        self._way = self.path.until(now).then(Waypoint(home, km, 0.0))
        passage.inside_until = home
        passage.raise_alarm("attack")
        self.at(home, self._on_back, passage)

    def _on_back(self, passage: Passage) -> None:
        if passage.ending is None:
            self._end_crossing("withdrew", survivors=self.size)

    # -- fights ---------------------------------------------------------------------------

    def _fight(self, purpose: str, guards: int) -> ClashResult:
        assert self.passage is not None
        rules, deliberate = self.spec.clash, self.passage.deliberate
        guards_first = purpose != "raid" and (
            deliberate or self._operation.chance(f"{purpose} first shot", rules.p_guards_first)
        )
        ours, theirs = self._sides(purpose, guards, guards_first)
        return clash(self._operation, purpose, ours, theirs, rules.intensity_spread)

    def _expected_fight(self, purpose: str, guards: int) -> SolvedFight:
        assert self.passage is not None
        rules = self.spec.clash
        p_first = 1.0 if self.passage.deliberate else rules.p_guards_first
        return expected_harm.solve_fight(
            0.0 if purpose == "raid" else p_first,
            partial(self._sides, purpose, guards),
            rules.intensity_spread,
            self.passage.chase,
        )

    def _sides(self, purpose: str, guards: int, guards_first: bool) -> tuple[Side, Side]:
        """Guards and party as they begin a fight."""
        assert self.passage is not None
        raid = purpose == "raid"
        ours, theirs = party_sides(
            self.spec.clash, self.size, guards, guards_first,
            raid=raid, prepared=raid and self._target.prepared,
        )  # fmt: skip
        if self.passage.deliberate and not (raid and self._target.prepared):
            theirs = theirs.surrounded(self.spec.contact)
        return ours, theirs

    def _aftermath(self, purpose: str, result: ClashResult) -> tuple[dict[str, int], int]:
        """Columns of the incident, and the number of the party who get away."""
        assert self.passage is not None
        rules = self.spec.clash
        end = aftermath(
            self._operation,
            purpose,
            self.size,
            rules.lethality_militants,
            result,
            self.passage.chase,
            rules.p_wounded_captured,
        )
        return end.columns(result, "militants"), end.escaped

    # -- its people -----------------------------------------------------------------------

    @property
    def spare(self) -> int:
        """People that it can lend and still exist."""
        return max(int(self.strength) - self.spec.cells.party_least, 0)

    def lend(self, people: int) -> None:
        """Lend ``people`` to another cell's party; nobody is recruited in their place."""
        self._change_strength(-people)
        self._away += people

    def welcome(self, people: int, lent: int) -> None:
        """``people`` of the ``lent`` ones return."""
        self._change_strength(people)
        self._away -= lent

    def _change_strength(self, people: int) -> None:
        self._strength, self._strength_at = self.strength + people, self.now

    @property
    def strength(self) -> float:
        """People in the cell now; recruits come evenly until the initial strength is restored."""
        return self._grown(self.spec.cells)

    def _grown(self, rules: Cells) -> float:
        grown = self._strength + (self.now - self._strength_at) * rules.recruits_per_year / 365.0
        return min(grown, max(float(rules.strength - self._away), self._strength))

    def _end_crossing(
        self, ending: Literal["clash", "surrendered", "withdrew"], survivors: int
    ) -> None:
        assert self.passage is not None
        passage, self.passage = self.passage, None
        passage.end(ending)
        own, *others = split_survivors(self._operation, self._lent, passage.size, survivors)
        went = passage.size - sum(each.people for each in self._lent)
        self._change_strength(own - went)
        for each, people in zip(self._lent, others, strict=True):
            each.cell.welcome(people, each.people)
        self._lent = []
        self._way = None
        self._conclude("infiltration", passage.km)

    # -- afterwards -----------------------------------------------------------------------

    def _conclude(self, mode: str, km: float) -> None:
        """All cells hear the outcome; the cell rests, or dissolves."""
        rules, model = self.spec.cells, self.model
        success = succeeded(self._done)
        district = model.sector_at(km).index
        for cell in model.cells:
            cell.beliefs.learn(model.now, mode, district, not success, own=cell is self)
        self._excite_cells(offspring(rules, self._done))
        if self.strength + self._away < rules.party_least:
            self._dissolve()
            return
        self.state = "regrouping"
        rest = self._operation.exponential("rest", rules.regroup_days)
        self.after(rest, self._on_rested)

    def _excite_cells(self, plans: float) -> None:
        """Trigger further plans after an attack, here and in other cells."""
        others = [cell for cell in self.model.cells if cell is not self]
        own = plans * (self.spec.cells.own_share if others else 1.0)
        self.excite(own)
        for cell in others:
            cell.excite((plans - own) / len(others))

    def _dissolve(self) -> None:
        self.state = "dissolved"
        self.model.dissolve(self)
        self.planning.stop()
        self.remove()
        if self.model.cells:
            heir = min(self.model.cells, key=lambda cell: (abs(cell.km - self.km), cell.identity))
            for plan in self._waiting:
                heir.take_up(plan)

    def _on_rested(self) -> None:
        """Free again: make the plans that waited, the oldest first, until one is acted on."""
        self.state = "planning"
        while self._waiting and self.free:
            self._make_plan(self._waiting.pop(0), None)
