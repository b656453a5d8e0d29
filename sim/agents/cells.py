"""Militant cells: they plan, prepare, cross or strike from afar, withdraw, rest and learn.

Stylised on purpose: a cell stands for no real group. Its plans come as a self-exciting point
process (Hawkes 1971) held down by the host state's control; what it does is a quantal response
(choices.py); how an attempt ends is decided by the same encounters as everybody else's.
"""

from math import exp, floor, sqrt
from typing import Literal

from sim.agents.beliefs import Beliefs
from sim.agents.choices import Option, choose_option, options
from sim.agents.encounters import Casualties, ClashResult, Side, clash, guards_side
from sim.agents.frontier import Frontier, FrontierAgent
from sim.agents.passage import STRIP_KM, Passage
from sim.agents.strikes import drone_strike, fire, hurt_at
from sim.agents.targets import Target
from sim.engine.agenda import Timer
from sim.engine.arrivals import Arrivals, Point
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

_TILE_DAYS, _TILE_RATE = 100.0, 0.04  # part of the identity of every plan
_MOMENTS_TRIED = 6  # instants a party that watched the patrols compares


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
        self._excitation = 0.0
        self._excited_at = 0.0
        self._plans = Arrivals(model.draws, f"{identity}/plans", _TILE_DAYS, _TILE_RATE)
        self._next_plan: Timer | None = None
        self._operation: Stream = self.draw
        self._operation_key = ""
        self._succeeded = False  # whether the present operation has hurt anybody yet
        self._target: Target

    def start(self) -> None:
        """Wait for the first plan."""
        self.replan()

    def adopt(self, before: Scenario) -> None:
        """Recruits, successes and hearsay count by the old rules until now; then it plans anew.

        How many plans a success brings forth in all does not depend on how fast they come.
        """
        now, old, new = self.now, before.cells, self.spec.cells
        if new.recruits_per_year != old.recruits_per_year:
            self._strength, self._strength_at = self._grown(old), now
        if new.lag_days != old.lag_days:
            left = self._excitation * exp(-(now - self._excited_at) / old.lag_days)
            self._excitation, self._excited_at = left * old.lag_days / new.lag_days, now
        self.beliefs.adopt(now, new)
        self.replan()

    # -- when it plans --------------------------------------------------------------------

    def rate(self, t: float) -> float:
        """Plans a day at ``t``: (base + excitation) x (1 - what control prevents)."""
        model = self.model
        prevented = model.spec.host_state.effect_on_plans * model.host_state.control(
            self.district, t
        )
        fade = exp(-(t - self._excited_at) / model.spec.cells.lag_days)
        base = model.spec.cells.plans_per_year / 365.0
        return (base + self._excitation * fade) * (1.0 - prevented)

    def excite(self, plans: float) -> None:
        """A success makes ``plans`` further plans likely in all, after the mean lag."""
        now, lag = self.now, self.spec.cells.lag_days
        self._excitation = self._excitation * exp(-(now - self._excited_at) / lag) + plans / lag
        self._excited_at = now
        self.replan()

    def replan(self) -> None:
        """Find the next instant at which a plan may come; the rate only falls until changed."""
        if self._next_plan is not None:
            self._next_plan.cancel()
            self._next_plan = None
        now = self.now
        if self.state != "dissolved":
            point = self._plans.next_after(now, self.spec.days, self.rate(now))
            if point is not None:
                self._next_plan = self.model.agenda.at(
                    point.at, self.on_plan, point, key=self.identity
                )

    def on_plan(self, point: Point) -> None:
        """A plan comes, if the rate still allows it and the cell has hands free."""
        now = self.now
        if self.state == "planning" and point.mark < self.rate(now):
            self._make_plan(point.key)
        self.replan()

    def _make_plan(self, key: str) -> None:
        """Choose what, where and when."""
        rules, now = self.spec.cells, self.now
        open_options = options(self)
        if not open_options:
            return
        self._operation_key = f"{self.identity}/plan/{key}"
        self._operation = self.model.draws.of(self._operation_key)
        self._succeeded = False
        choice, prepares, warned = self._operation.uniforms("plan", 3)
        option = choose_option(self, open_options, choice)
        district = self.model.sector_at(option.km)
        self.model.record(
            Plan(
                self._operation_key,
                self.identity,
                now,
                option.mode,
                option.target.identity,
                district.slug,
                option.km,
            )
        )
        if warned < self.spec.alert.p_warning:
            self.model.command.on_warning(district.index)
        self.state = "preparing"
        ready = now + exponential(prepares, rules.preparation_days)
        self.at(self._moment(option, ready), self.on_ready, option)

    def _moment(self, option: Option, ready: float) -> float:
        """The instant of action: by night mostly; one who watched the patrols picks a gap.

        The next such hour after it is ready; a cell that needs no preparation does not wait.
        """
        rules = self.spec.cells
        if rules.preparation_days == 0.0:
            return ready
        hours = self._operation.uniforms("hour", _MOMENTS_TRIED)
        moments = [self._next_hour(option.km, ready, u) for u in hours]
        watches = self._operation.chance("watches", rules.skill)
        if option.mode != "infiltration" or not watches:
            return moments[0]
        return min(moments, key=lambda at: self._expected_passes(option.km, at))

    def _next_hour(self, km: float, ready: float, u: float) -> float:
        """The hour that ``u`` picks, on the day of ``ready`` or the next."""
        calendar, night_share = self.model.calendar, self.spec.cells.night_share
        district, day = self.model.sector_at(km).index, floor(ready)
        at = calendar.instant(district, day, u, night_share)
        return at if at >= ready else calendar.instant(district, day + 1, u, night_share)

    def _expected_passes(self, km: float, at: float) -> int:
        """Patrol passes one who watched for weeks expects in the open at ``km``."""
        open_days = getattr(self.spec.exposure.hours, self.spec.ground.terrain_at(km)) * HOUR
        beat = self.model.post_at(km).beat_at(km)
        reach = self.spec.patrols.sight_range_night_km
        return len(beat.predicted(km, at, at + open_days, reach))

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
        """What an operation does counts as a success from its first victim on."""
        self._succeeded |= incident.victims > 0
        self.model.announce(incident)

    def _cross(self, option: Option) -> None:
        """A party crosses, walks to its hide, and lies up until the hour at which it strikes.

        A cell that needs no preparation waits for no hour.
        """
        rules, now = self.spec.cells, self.now
        most = min(rules.party_most, int(self.strength))
        self.size = self._operation.integer("party", min(rules.party_least, most), most)
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
            passage.inside_until = self._next_hour(target.km, passage.inside_until, hour)
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

    def _on_clear(self, passage: Passage) -> None:
        if passage.ending is None:
            self.state = "inside"

    def position(self, t: float | None = None) -> tuple[float, float]:
        """Where its party is, or its home."""
        return self.path.at(self.now if t is None else t)

    @property
    def path(self) -> Path:
        """Its party's way, or its home."""
        return self._way or Path(Waypoint(0.0, self.km, self.depth))

    def on_seen(self, guards: int) -> None:
        """Seen at the line by guards who stand before it."""
        assert self.passage is not None
        self.passage.contact_at = self.now
        self.on_contact(guards)

    def on_contact(self, guards: int) -> None:
        """Met by guards: fight, or scatter and go home."""
        assert self.passage is not None
        passage = self.passage
        if not self._operation.chance("fights", self.spec.contact.p_militants_fight):
            self._announce(
                passage.incident("infiltration_then_clash", clash=False, escaped=self.size)
            )
            self._end_crossing("withdrew", survivors=self.size)
            return
        result = self._fight("contact", guards)
        fields, survivors = self._aftermath("contact", result)
        self._announce(passage.incident("infiltration_then_clash", clash=True, **fields))
        self._end_crossing("clash", survivors)

    def on_strike(self, passage: Passage) -> None:
        """Unmet until now: raid the target, then make for the line."""
        if passage.ending is not None or self.passage is not passage:
            return
        if self._target.exposed + self._target.defenders == 0:
            self._end_crossing("withdrew", survivors=self.size)
            return
        self.state = "striking"
        passage.notice("attack")
        passage.manhunt, passage.struck_at = True, self.now
        result, fields, survivors = None, {"escaped": self.size}, self.size
        if self._target.defenders > 0:
            result = self._fight("raid", self._target.defenders)
            fields, survivors = self._aftermath("raid", result)
        hurt = Casualties(0, 0)
        if survivors > 0 and (result is None or result.ended_by != "intruders"):
            hurt = hurt_at(
                self._operation,
                self._target,
                self._target.bystanders,
                self.spec.strikes.raid_p_hit,
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

    def _withdraw(self, passage: Passage, survivors: int) -> None:
        """Walk back to the line with the guards behind."""
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
        rules = self.spec.clash
        raid = purpose == "raid"  # raiders choose the moment
        guards_first = not raid and self._operation.chance(
            f"{purpose} first shot", rules.p_guards_first
        )
        ours = guards_side(rules, guards, guards_first)
        theirs = Side(
            self.size,
            rules.militant_rate,
            rules.lethality_militants,
            rules.break_off_militants,
            surprise=1.0 if guards_first else rules.surprise_factor,
        )
        return clash(self._operation, purpose, ours, theirs)

    def _aftermath(self, purpose: str, result: ClashResult) -> tuple[dict[str, int], int]:
        """Columns of the incident, and how many of the party get away."""
        wounded = result.wounded_intruders
        detained = 0
        if result.ended_by != "guards":
            detained = self._operation.binomial(
                f"{purpose} wounded captured", wounded, self.spec.clash.p_wounded_captured
            )
        survivors = self.size - result.killed_intruders - detained
        fields = {
            "killed_guards": result.killed_guards,
            "wounded_guards": result.wounded_guards,
            "killed_militants": result.killed_intruders,
            "wounded_militants": wounded,
            "detained": detained,
            "escaped": survivors,
            "seized_arms": (
                result.killed_intruders + detained if result.ended_by != "guards" else 0
            ),
        }
        return fields, survivors

    # -- afterwards -----------------------------------------------------------------------

    @property
    def strength(self) -> float:
        """People in the cell now: recruits come evenly until the first strength is back."""
        return self._grown(self.spec.cells)

    def _grown(self, rules: Cells) -> float:
        grown = self._strength + (self.now - self._strength_at) * rules.recruits_per_year / 365.0
        return min(grown, max(float(rules.strength), self._strength))

    def _end_crossing(self, ending: Literal["clash", "withdrew"], survivors: int) -> None:
        assert self.passage is not None
        passage, self.passage = self.passage, None
        passage.end(ending)
        self._strength = self.strength - (passage.size - survivors)
        self._strength_at = self.now
        self._way = None
        self._conclude("infiltration", passage.km)

    def _conclude(self, mode: str, km: float) -> None:
        """Everyone hears how it went; the cell rests, or is no more."""
        rules, model, success = self.spec.cells, self.model, self._succeeded
        district = model.sector_at(km).index
        for cell in model.cells:
            cell.beliefs.learn(model.now, mode, district, not success, own=cell is self)
        if success:
            others = [cell for cell in model.cells if cell is not self]
            own = rules.branching * (rules.own_share if others else 1.0)
            self.excite(own)
            for cell in others:
                cell.excite((rules.branching - own) / len(others))
        if self.strength < rules.party_least:
            self.state = "dissolved"
            model.dissolve(self)
            if self._next_plan is not None:
                self._next_plan.cancel()
            self.remove()
            return
        self.state = "regrouping"
        rest = self._operation.exponential("rest", rules.regroup_days)
        self.after(rest, self._on_rested)

    def _on_rested(self) -> None:
        self.state = "planning"
