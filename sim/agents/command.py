"""The guarding side's command: alert levels, reserves, hot spots, advisories, demarches."""

from math import isfinite
from typing import Any

from sim.agents.alert_units import AlertUnit, alert_units, invalid_answer
from sim.agents.frontier import Frontier, FrontierAgent
from sim.engine.agenda import Timer
from sim.incidents.records import Incident
from sim.precision import single
from sim.rules.allocation import AllocationRule, Review, below_ceiling
from sim.rules.score import Score
from sim.rules.user_rules import find_rule
from sim.scenario.spec import Scenario
from sim.scenario.spec_guard import Alert


class Command(FrontierAgent):
    """Decides on levels, teams' bases, patrol allocation and diplomacy by what it has heard."""

    def __init__(self, model: Frontier) -> None:
        super().__init__(model, "command", model.ground.length_km / 2.0, 100.0)
        self.alert_units: tuple[AlertUnit, ...] = ()
        self._make_alert_units()
        self._make_allocation()
        self._heat = self._scores()
        self.warnings: list[tuple[float, int]] = []  # time and district
        self._reviewed_at = 0.0
        self._next_review: Timer | None = None
        self._advisories = 0

    def _make_alert_units(self) -> None:
        """Make one unit for the frontier or for each district, with the time its level was set."""
        raised = {s.index: unit.raised_at for unit in self.alert_units for s in unit.sectors}
        self.alert_units = alert_units(self, self.model.sectors, raised)

    def _make_allocation(self) -> None:
        patrols = self.spec.patrols
        rule: type[AllocationRule] = find_rule("patrols.allocation", patrols.allocation)
        self._allocation = rule(patrols)

    def _scores(self) -> list[Score]:
        return [Score(self.spec.patrols.hot_spot_half_life_days) for _ in self.model.sectors]

    def start(self) -> None:
        """Set the first levels, and plan the reviews to come."""
        for sector in self.model.sectors:
            self.model.record(sector.alert_change(0.0, "start"))
        for unit in self.alert_units:
            unit.start()
        self._plan_review()

    # -- changes in the middle of a run ---------------------------------------------------

    def adopt(self, before: Scenario) -> None:
        """Changed rules take the past into account; the level follows at once."""
        if self.spec.alert != before.alert:
            for unit in self.alert_units:
                unit.stop()
            self._make_alert_units()
            self._replay_past()
            for unit in self.alert_units:
                unit.take_over()
        if (self.spec.alert, self.spec.patrols) != (before.alert, before.patrols):
            self._heat = self._scores()
            for incident in filter(counts, self.model.log[Incident]):
                points = points_of(incident, self.spec.alert)
                self._heat[self._district(incident)].add(incident.at, points)
        self._review_by(before)

    def _replay_past(self) -> None:
        """Pass past warnings and incidents to the alert rules, in order of time."""
        past: list[tuple[float, Incident | int]] = [*self.warnings]
        past += [(incident.at, incident) for incident in self.model.log[Incident]]
        for at, what in sorted(past, key=lambda row: row[0]):
            if isinstance(what, int):
                self._unit_of(what).rule.on_warning(at)
            elif counts(what):
                rule = self._unit_of(self._district(what)).rule
                rule.on_incident(at, points_of(what, self.spec.alert), what)

    def _review_by(self, before: Scenario) -> None:
        """Continue reviews by the new rule; if it moves nothing, restore the planned sorties."""
        was_moving, rules = self._allocation.moves, self.spec.patrols
        if rules.allocation == before.patrols.allocation:
            self._allocation.patrols = rules
        else:
            self._make_allocation()
        if was_moving and not self._allocation.moves:
            for sector in self.model.sectors:
                sector.hot_spot_factor = 1.0
                sector.replan(self.now)
        waits = self._next_review is not None and self._next_review.pending
        if not waits or rules.review_days != before.patrols.review_days:
            if not waits:
                self._reviewed_at = self.now
            self._plan_review()
        elif not self._reviews and self._next_review is not None:
            self._next_review.cancel()

    # -- alert ----------------------------------------------------------------------------

    @property
    def reachable(self) -> range:
        """The levels that the alert rule may ever set."""
        rule = self.alert_units[0].rule
        return range(rule.rest, max(rule.rest, rule.highest) + 1)

    def _unit_of(self, district: int) -> AlertUnit:
        return self.alert_units[district if len(self.alert_units) > 1 else 0]

    def on_warning(self, district: int) -> None:
        """Intelligence learned that an attack is being prepared opposite a district."""
        self.warnings.append((self.now, district))
        unit = self._unit_of(district)
        unit.rule.on_warning(self.now)
        unit.reassess("warning")

    # -- incidents -----------------------------------------------------------------------

    def on_incident(self, incident: Incident) -> None:
        """Score it; advise, protest and raise the level as the policy says."""
        model, now, district = self.model, self.now, self._district(incident)
        if counts(incident):
            points = points_of(incident, self.spec.alert)
            self._heat[district].add(now, points)
            unit = self._unit_of(district)
            unit.rule.on_incident(now, points, incident)
            unit.reassess("incident")
        if incident.killed_workers_chinese + incident.killed_workers_other > 0:
            self._advise(incident.km)
        if 0 < model.spec.diplomacy.demarche_deaths <= incident.victims:
            model.host_state.on_demarche()

    def _district(self, incident: Incident) -> int:
        return self.model.sector_at(incident.km).index

    def _advise(self, km: float) -> None:
        """The embassy may urge people to leave sites near the attack."""
        rules = self.spec.worksites
        self._advisories += 1
        if self.draw.chance("advisory", rules.p_advisory, self._advisories):
            for site in self.model.worksites:
                if abs(site.km - km) <= rules.advisory_reach_km:
                    site.on_advisory()

    # -- reviews --------------------------------------------------------------------------

    @property
    def _reviews(self) -> bool:
        return self._allocation.moves or self.spec.teams.reserve > 0

    def _plan_review(self) -> None:
        """Plan the next review, if there is anything to move."""
        if self._next_review is not None:
            self._next_review.cancel()
        if self._reviews:
            due = self._reviewed_at + self.spec.patrols.review_days
            self._next_review = self.at(max(due, self.now), self.on_review)

    def on_review(self) -> None:
        """Move patrols as the allocation rule says, and reserve teams to hot districts."""
        self._reviewed_at = self.now
        heat = [single(score.at(self.now)) for score in self._heat]
        if self._allocation.moves:
            self._move_patrols(heat)
        if sum(heat) > 0.0:
            self._move_reserves(heat)
        self._plan_review()

    def _move_patrols(self, heat: list[float]) -> None:
        """Reallocate the sorties of all posts at routine level; their total stays the same."""
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
        requested = self._sorties(review)
        given = below_ceiling(requested, plan, self.spec.patrols.hot_spot_ceiling)
        for sector, planned, sorties in zip(model.sectors, plan, given, strict=True):
            if planned > 0.0:
                sector.hot_spot_factor = sorties / planned
                sector.replan(now)

    def _sorties(self, review: Review) -> list[float]:
        """The sorties that the rule requests; refuse more than are planned."""
        total, least = sum(review.plan), len(review.plan)
        requested: Any = self._allocation.sorties(review)
        numbers = isinstance(requested, list) and all(isinstance(w, float | int) for w in requested)
        if (
            not numbers
            or len(requested) != least
            or not all(isfinite(w) and w >= 0 for w in requested)
        ):
            remedy = f"Return a list of {least} numbers, none below 0."
            raise invalid_answer(self._allocation, "sorties", requested, remedy)
        if sum(requested) > total * (1.0 + 1e-9):
            remedy = f"Allocate at most the {total:g} sorties per day that are planned."
            raise invalid_answer(self._allocation, "sorties", sum(requested), remedy)
        return list(requested)

    def _move_reserves(self, heat: list[float]) -> None:
        """Base the reserve teams in the districts with most heat, in turn."""
        hottest = sorted(range(len(heat)), key=lambda d: (-heat[d], d))
        hottest = [d for d in hottest if heat[d] > 0.0]
        reserves = [team for team in self.model.dispatch.teams if team.reserve]
        for rank, team in enumerate(reserves):
            if team.free:
                team.km = self.model.sectors[hottest[rank % len(hottest)]].middle_km


def counts(incident: Incident) -> bool:
    """Whether alert and allocation rules take an incident into account."""
    return incident.clash or incident.is_attack


def points_of(incident: Incident, rules: Alert) -> float:
    """The weight of an incident for alert and allocation, points."""
    return rules.incident_weight + rules.death_weight * incident.victims
