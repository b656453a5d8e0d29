"""The guarding side's command: alert levels, reserves, hot spots, advisories, demarches."""

from math import inf, isfinite
from reprlib import repr as shortened
from typing import Any

from sim.agents.frontier import Frontier, FrontierAgent
from sim.agents.sectors import Sector
from sim.engine.agenda import FIRST, Timer
from sim.errors import PanjError
from sim.incidents.records import Incident
from sim.precision import single
from sim.rules.alert import MOMENT, AlertRule
from sim.rules.allocation import AllocationRule, Review, below_ceiling
from sim.rules.own import chosen
from sim.rules.score import Score
from sim.scenario.spec_guard import Alert


class Watch:
    """The alert of one unit, the whole frontier or one district, kept by a rule of its own."""

    def __init__(self, command: "Command", sectors: tuple[Sector, ...], rule: type[AlertRule]):
        self._command = command
        self.sectors = sectors
        self._raised_at = 0.0
        self._next: Timer | None = None
        self.rule = rule(self)

    @property
    def alert(self) -> Alert:
        """The section ``alert`` of the scenario."""
        return self._command.spec.alert

    @property
    def districts(self) -> tuple[str, ...]:
        """The names of its districts."""
        return tuple(sector.slug for sector in self.sectors)

    @property
    def level(self) -> int:
        """Its present level."""
        return int(self.sectors[0].level.current)

    def month(self, t: float) -> int:
        """Month of an instant, 1 to 12."""
        return self._command.model.calendar.month(t)

    def weekday(self, t: float) -> int:
        """Day of the week of an instant, 0 (Monday) to 6."""
        return self._command.model.calendar.datetime_at(t).weekday()

    def start(self) -> None:
        """Look for the first time."""
        self._next = self._command.at(0.0, self.reassess, self.rule.cause, priority=FIRST)

    def reassess(self, cause: str) -> None:
        """Bring the level in line with what is called for; step down only one at a time."""
        now, wanted = self._command.now, self._wanted()
        stays_until = self._raised_at + self.alert.minimum_stay_days
        if wanted > self.level:
            self._set(wanted, cause)
        elif wanted < self.level and now >= stays_until:
            self._set(self.level - 1, "stepped down")
        self._plan_next(wanted)

    def _wanted(self) -> int:
        wanted: object = self.rule.wanted(self._command.now)
        if type(wanted) is not int or not 0 <= wanted <= self.rule.highest:
            raise _nonsense(
                self.rule, "wanted", wanted, f"Answer with a level from 0 to {self.rule.highest}."
            )
        return wanted

    def _set(self, level: int, cause: str) -> None:
        now = self._command.now
        self._raised_at = now
        for sector in self.sectors:
            if sector.set_level(now, level):
                self._command.model.record(sector.alert_change(now, cause))

    def _plan_next(self, wanted: int) -> None:
        """Look again when the level may step down, or when the rule says."""
        if self._next is not None:
            self._next.cancel()
            self._next = None
        now = self._command.now
        look: object = self.rule.look_again_at(now)
        if not isinstance(look, float | int) or not look > now:
            remedy = "Answer with an instant to come, in days, or with math.inf for never."
            raise _nonsense(self.rule, "look_again_at", look, remedy)
        if wanted < self.level:
            look = min(look, self._raised_at + self.alert.minimum_stay_days + MOMENT)
        if look < inf:
            self._next = self._command.at(
                max(look, now), self.reassess, self.rule.cause, priority=FIRST
            )


class Command(FrontierAgent):
    """Decides on levels, teams' bases, patrol allocation and diplomacy by what it knows."""

    def __init__(self, model: Frontier) -> None:
        super().__init__(model, "command", model.ground.length_km / 2.0, 100.0)
        rule: type[AlertRule] = chosen("alert.policy", model.spec.alert.policy)
        if model.spec.alert.scope == "frontier":
            self.watches: tuple[Watch, ...] = (Watch(self, model.sectors, rule),)
        else:
            self.watches = tuple(Watch(self, (sector,), rule) for sector in model.sectors)
        patrols = model.spec.patrols
        allocation: type[AllocationRule] = chosen("patrols.allocation", patrols.allocation)
        self._allocation = allocation(patrols)
        self._heat = [Score(patrols.hot_spot_half_life_days) for _ in model.sectors]
        self._advisories = 0

    def start(self) -> None:
        """Set the first levels, and plan the reviews to come."""
        for sector in self.model.sectors:
            self.model.record(sector.alert_change(0.0, "start"))
        for watch in self.watches:
            watch.start()
        if self._allocation.moves or self.spec.teams.reserve > 0:
            self.after(self.spec.patrols.review_days, self.on_review)

    # -- alert ----------------------------------------------------------------------------

    @property
    def reachable(self) -> range:
        """The levels that the alert rule may ever set."""
        rule = self.watches[0].rule
        return range(rule.rest, max(rule.rest, rule.highest) + 1)

    def _watch_of(self, district: int) -> Watch:
        return self.watches[district if len(self.watches) > 1 else 0]

    def on_warning(self, district: int) -> None:
        """Intelligence learned that an attack is being prepared opposite a district."""
        watch = self._watch_of(district)
        watch.rule.on_warning(self.now)
        watch.reassess("warning")

    # -- what it hears --------------------------------------------------------------------

    def on_incident(self, incident: Incident) -> None:
        """Score it; advise, protest and raise the level where the policy says so."""
        model, now = self.model, self.now
        district = model.sector_at(incident.km).index
        if incident.clash or incident.is_attack:
            points = model.spec.alert.incident_weight
            points += model.spec.alert.death_weight * incident.victims
            self._heat[district].add(now, points)
            watch = self._watch_of(district)
            watch.rule.on_incident(now, points, incident)
            watch.reassess("incident")
        if incident.killed_workers_chinese + incident.killed_workers_other > 0:
            self._advise(incident.km)
        if 0 < model.spec.diplomacy.demarche_deaths <= incident.victims:
            model.host_state.on_demarche()

    def _advise(self, km: float) -> None:
        """The embassy may urge people to leave sites near the attack."""
        rules = self.spec.worksites
        self._advisories += 1
        if self.draw.chance("advisory", rules.p_advisory, self._advisories):
            for site in self.model.worksites:
                if abs(site.km - km) <= rules.advisory_reach_km:
                    site.on_advisory()

    # -- reviews --------------------------------------------------------------------------

    def on_review(self) -> None:
        """Move patrols as the allocation rule says, and reserve teams to where it was hot."""
        heat = [single(score.at(self.now)) for score in self._heat]
        if self._allocation.moves:
            self._move_patrols(heat)
        if sum(heat) > 0.0:
            self._move_reserves(heat)
        self.after(self.spec.patrols.review_days, self.on_review)

    def _move_patrols(self, heat: list[float]) -> None:
        """Sorties of all posts are dealt anew, at routine level; their total stays what it was."""
        model, now = self.model, self.now
        plan = [0.0] * len(heat)
        for post in model.posts:
            plan[post.sector.index] += post.sector.routine_sorties
        review = Review(
            now,
            model.calendar.month(now),
            tuple(sector.slug for sector in model.sectors),
            plan,
            heat,
            [int(sector.level.current) for sector in model.sectors],
        )
        wanted = self._sorties(review)
        given = below_ceiling(wanted, plan, self.spec.patrols.hot_spot_ceiling)
        for sector, planned, sorties in zip(model.sectors, plan, given, strict=True):
            if planned > 0.0:
                sector.hot_spot_factor = sorties / planned
                sector.replan(now)

    def _sorties(self, review: Review) -> list[float]:
        """The rule's answer, refused where it makes patrols out of nothing."""
        total, least = sum(review.plan), len(review.plan)
        wanted: Any = self._allocation.sorties(review)
        numbers = isinstance(wanted, list) and all(isinstance(w, float | int) for w in wanted)
        if not numbers or len(wanted) != least or not all(isfinite(w) and w >= 0 for w in wanted):
            remedy = f"Answer with a list of {least} numbers, none below 0."
            raise _nonsense(self._allocation, "sorties", wanted, remedy)
        if sum(wanted) > total * (1.0 + 1e-9):
            remedy = f"Deal out at most the {total:g} sorties a day that are planned."
            raise _nonsense(self._allocation, "sorties", sum(wanted), remedy)
        return list(wanted)

    def _move_reserves(self, heat: list[float]) -> None:
        """Base the reserve teams by largest heat: the hottest districts first, in turn."""
        hottest = sorted(range(len(heat)), key=lambda d: (-heat[d], d))
        hottest = [d for d in hottest if heat[d] > 0.0]
        reserves = [team for team in self.model.dispatch.teams if team.reserve]
        for rank, team in enumerate(reserves):
            if team.free:
                team.km = self.model.sectors[hottest[rank % len(hottest)]].middle_km


def _nonsense(rule: object, method: str, answer: object, remedy: str) -> PanjError:
    """What is said of a rule whose answer cannot be used."""
    said = f"the rule {type(rule).__qualname__} answered {shortened(answer)}"
    return PanjError(f"{said}, which cannot be used", key=method, remedy=remedy)
