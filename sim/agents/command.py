"""The guarding side's command: alert levels, reserves, hot spots, advisories, demarches."""

from math import exp2, inf, log2

from sim.agents.frontier import Frontier, FrontierAgent
from sim.agents.sectors import LEVELS, Sector
from sim.engine.agenda import FIRST, Timer
from sim.incidents.records import Incident


class Score:
    """A sum of weighted incidents that halves with a half-life."""

    __slots__ = ("_half_life", "_since", "_value")

    def __init__(self, half_life: float) -> None:
        self._half_life = half_life
        self._value = self._since = 0.0

    def at(self, now: float) -> float:
        """The score at ``now``."""
        return self._value * exp2(-(now - self._since) / self._half_life)

    def add(self, now: float, points: float) -> None:
        """More points from now on."""
        self._value, self._since = self.at(now) + points, now

    def falls_to(self, now: float, value: float) -> float:
        """The instant at which the score will have fallen to ``value``: never, if that is 0."""
        if value <= 0.0:
            return inf
        score = self.at(now)
        return now + self._half_life * log2(score / value) if score > value else now


class Watch:
    """The alert of one unit: the whole frontier, or one district."""

    def __init__(self, command: "Command", sectors: tuple[Sector, ...]) -> None:
        self.command = command
        self.sectors = sectors
        self.score = Score(command.model.spec.alert.half_life_days)
        self.warned_until = 0.0
        self._raised_at = 0.0
        self._next: Timer | None = None

    @property
    def level(self) -> int:
        """The unit's present level."""
        return int(self.sectors[0].level.current)

    def reassess(self, cause: str) -> None:
        """Bring the level in line with what calls for it; step down only one at a time."""
        model, now = self.command.model, self.command.model.now
        wanted = self.command.wanted(self)
        stays_until = self._raised_at + model.spec.alert.minimum_stay_days
        if wanted > self.level:
            self._set(wanted, cause)
        elif wanted < self.level and now >= stays_until:
            self._set(self.level - 1, "stepped down")
        self._plan_next()

    def _set(self, level: int, cause: str) -> None:
        now = self.command.model.now
        self._raised_at = now
        for sector in self.sectors:
            if sector.set_level(now, level):
                self.command.model.record(sector.alert_change(now, cause))

    def _plan_next(self) -> None:
        """Look again when the level may next step down."""
        if self._next is not None:
            self._next.cancel()
        command, now = self.command, self.command.model.now
        rules = command.model.spec.alert
        if self.level <= command.floor(now):
            return
        when = max(self._raised_at + rules.minimum_stay_days, self.warned_until)
        if rules.policy == "triggered":
            when = max(when, self.score.falls_to(now, command.threshold(self.level)))
        self._next = command.at(max(when, now) + 1e-6, self.reassess, "stepped down")


class Command(FrontierAgent):
    """Decides on levels, teams' bases, patrol allocation and diplomacy by what it knows."""

    def __init__(self, model: Frontier) -> None:
        super().__init__(model, "command", model.ground.length_km / 2.0, 100.0)
        rules = model.spec.alert
        if rules.scope == "frontier":
            self.watches: tuple[Watch, ...] = (Watch(self, model.sectors),)
        else:
            self.watches = tuple(Watch(self, (sector,)) for sector in model.sectors)
        half_life = model.spec.patrols.hot_spot_half_life_days
        self._heat = [Score(half_life) for _ in model.sectors]
        self._advisories = 0

    def start(self) -> None:
        """Set the first levels, and plan the reviews to come."""
        for sector in self.model.sectors:
            self.model.record(sector.alert_change(0.0, "start"))
        if self.spec.alert.policy == "preemptive":
            self._plan_season()
        if self.spec.patrols.hot_spot_share > 0.0 or self.spec.teams.reserve > 0:
            self.after(self.spec.patrols.review_days, self.on_review)

    # -- alert ----------------------------------------------------------------------------

    @property
    def reachable(self) -> range:
        """The levels that the policy may ever set."""
        rules = self.spec.alert
        rest, season = LEVELS.index(rules.level), LEVELS.index(rules.season_level)
        highest = {"fixed": rest, "preemptive": max(rest, season), "triggered": len(LEVELS) - 1}
        return range(rest, highest[rules.policy] + 1)

    def threshold(self, level: int) -> float:
        """Score from which a level is called for."""
        rules = self.spec.alert
        return (0.0, rules.elevated_at, rules.heightened_at, rules.emergency_at)[level]

    def floor(self, now: float) -> int:
        """The level at rest, or of the season."""
        rules = self.spec.alert
        level = LEVELS.index(rules.level)
        if rules.policy == "preemptive" and self.model.calendar.month(now) in rules.season_months:
            level = max(level, LEVELS.index(rules.season_level))
        return level

    def wanted(self, watch: Watch) -> int:
        """The level that score, season and warnings call for."""
        rules, now = self.spec.alert, self.now
        level = self.floor(now)
        if rules.policy == "triggered":
            score = watch.score.at(now)
            called = [k for k in range(1, len(LEVELS)) if score >= self.threshold(k)]
            level = max([level, *called])
        elif rules.policy == "preemptive" and now < watch.warned_until:
            level = max(level, LEVELS.index(rules.season_level))
        return level

    def _watch_of(self, district: int) -> Watch:
        return self.watches[district if len(self.watches) > 1 else 0]

    def _plan_season(self) -> None:
        """Reassess at each turn of the month within the horizon."""
        calendar = self.model.calendar
        self.at(0.0, self._on_month, priority=FIRST)
        for day in range(1, int(self.spec.days) + 1):
            if calendar.month(float(day)) != calendar.month(float(day - 1)):
                self.at(float(day), self._on_month, priority=FIRST)

    def _on_month(self) -> None:
        for watch in self.watches:
            watch.reassess("season")

    def on_warning(self, district: int) -> None:
        """Intelligence learned that an attack is being prepared opposite a district."""
        watch = self._watch_of(district)
        now = self.now
        watch.warned_until = max(watch.warned_until, now + self.spec.alert.warning_days)
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
            if model.spec.alert.policy == "triggered":
                watch = self._watch_of(district)
                watch.score.add(now, points)
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
        """Move patrols and reserve teams to where incidents were recent."""
        now = self.now
        heat = [score.at(now) for score in self._heat]
        if sum(heat) > 0.0:
            self._move_patrols(heat)
            self._move_reserves(heat)
        self.after(self.spec.patrols.review_days, self.on_review)

    def _move_patrols(self, heat: list[float]) -> None:
        """A share of all sorties follows the heat; the rest stays as planned.

        The total stays what it was: what a district cannot take above the ceiling goes to the
        others in proportion to their plan. Totals are those of routine level.
        """
        rules, now = self.spec.patrols, self.now
        if rules.hot_spot_share == 0.0:
            return
        plan = [0.0] * len(heat)
        for post in self.model.posts:
            plan[post.sector.index] += post.sector.routine_sorties
        moved = rules.hot_spot_share * sum(plan)
        wanted = [
            (1.0 - rules.hot_spot_share) * planned + moved * share / sum(heat) * (planned > 0.0)
            for planned, share in zip(plan, heat, strict=True)
        ]
        given = below_ceiling(wanted, plan, rules.hot_spot_ceiling)
        for sector, planned, sorties in zip(self.model.sectors, plan, given, strict=True):
            if planned > 0.0:
                sector.hot_spot_factor = sorties / planned
                sector.replan(now)

    def _move_reserves(self, heat: list[float]) -> None:
        """Base the reserve teams by largest heat: the hottest districts first, in turn."""
        hottest = sorted(range(len(heat)), key=lambda d: (-heat[d], d))
        hottest = [d for d in hottest if heat[d] > 0.0]
        reserves = [team for team in self.model.dispatch.teams if team.reserve]
        for rank, team in enumerate(reserves):
            if team.free:
                team.km = self.model.sectors[hottest[rank % len(hottest)]].middle_km


def below_ceiling(wanted: list[float], plan: list[float], ceiling: float) -> list[float]:
    """``wanted`` with no entry above ``ceiling * plan`` and the total of ``plan``.

    What is cut off goes to the entries still below their ceiling, in proportion to ``plan``.
    """
    given = list(wanted)
    while True:
        capped = [min(g, ceiling * p) for g, p in zip(given, plan, strict=True)]
        rest = sum(plan) - sum(capped)
        room = sum(p for c, p in zip(capped, plan, strict=True) if c < ceiling * p)
        if rest <= 1e-9 * sum(plan) or room == 0.0:
            return capped
        given = [
            c + (rest * p / room if c < ceiling * p else 0.0)
            for c, p in zip(capped, plan, strict=True)
        ]
