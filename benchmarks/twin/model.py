"""The twin: a Mesa model in fixed time steps."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from math import inf
from typing import NamedTuple

import mesa

from benchmarks.twin.agents import NOBODY, Arrival, Group, Patrol, Post, Sortie
from benchmarks.twin.ground import HalfSection, reach_km, sections
from sim.agents.passage import exposed_hours
from sim.frontier.ground import Ground
from sim.frontier.season import HOUR, calendar_for
from sim.scenario.spec import Scenario

LAND = Ground.default()

MINUTE = HOUR / 60.0


class Found(NamedTuple):
    """A group that was detected: by what, and how long after it came (days)."""

    cue: str
    delay: float


class TickTwin(mesa.Model):  # type: ignore[misc]
    """Patrols, crossings, sign and contact of a scenario in steps of ``dt_minutes``.

    It has no other layer of detection, no teams, no cells and no policy that reacts; departures
    are random and the alert level stays. Draws are Mesa's own.
    """

    def __init__(self, spec: Scenario, dt_minutes: float, seed: int = 1) -> None:
        if spec.patrols.schedule != "random" or spec.alert.policy != "fixed":
            raise ValueError("the twin has random departures and a fixed level only")
        super().__init__(rng=seed)
        self.spec = spec
        self.dt = dt_minutes * MINUTE
        self.now = 0.0
        self.calendar = calendar_for(LAND, spec.start, spec.days)
        self.chance = {"patrol": spec.patrols.p_sight, "sign": spec.sign.p_found}
        self.walk_km_day = 24.0 * spec.smugglers.walk_km_h
        self.sections = sections(spec)
        self._ends = [section.east_km for section in self.sections[:-1]]
        self.arrived = 0
        self.found: dict[str | int, Found] = {}
        self._arrivals = self.arrivals()
        self._next = next(self._arrivals)
        self.send_out()

    def send_out(self) -> None:
        """Create the posts, and the patrols that left before the start and are not home yet."""
        for section in self.sections:
            post = Post(self, section)
            while post.next_sortie.at < 0.0:
                patrol = Patrol(self, post.next_sortie)
                patrol.walked_km = -patrol.left_at * patrol.speed
                if patrol.walked_km >= patrol.half.way_km:
                    patrol.remove()
                post.next_sortie = next(post.sorties)

    # -- a step ---------------------------------------------------------------------------

    def step(self) -> None:
        """Groups come; then all agents step, in random order."""
        self.now = self.steps * self.dt
        self.let_groups_come()
        self.agents.shuffle_do("step")

    def let_groups_come(self) -> None:
        """Create the groups that came since the last step."""
        while self._next.at <= self.now:
            Group(self, self._next)
            self.arrived += 1
            self._next = next(self._arrivals)

    def run(self) -> TickTwin:
        """Step to the scenario's horizon."""
        for _ in range(round(self.spec.days / self.dt)):
            self.step()
        return self

    # -- what agents ask ------------------------------------------------------------------

    def half_at(self, km: float) -> HalfSection:
        """The half section that holds chainage ``km``."""
        section = self.sections[bisect_right(self._ends, km)]
        return section.west if km < section.km else section.east

    def reach_km(self, arrival: Arrival) -> float:
        """How far patrols see a group in the open."""
        return reach_km(self.spec, arrival.km, arrival.night)

    def record(self, group: Group, cue: str) -> None:
        """Record the detection of a group."""
        self.found[group.name or group.unique_id] = Found(cue, self.now - group.crossed_at)

    # -- chance ---------------------------------------------------------------------------

    def sorties(self, half: HalfSection) -> Iterator[Sortie]:
        """Departures along a half section, by time: a Poisson process.

        It begins early enough to include all who are still out at the start.
        """
        at = -half.longest_days
        while half.per_day > 0.0:
            at += self.random.expovariate(half.per_day)
            yield Sortie(at, half)
        yield Sortie(inf, half)

    def arrivals(self) -> Iterator[Arrival]:
        """Groups by time: a Poisson number for each district and day, drawn at midnight."""
        rules = self.spec.smugglers
        total = sum(rules.district_weights.values())
        day = 0
        while day < self.spec.days:
            season = 1.0 + rules.season_effect * (1.0 - self.calendar.river_index(day + 0.5))
            a_day = rules.loads_per_year / 365.0 * max(season, 0.0)
            groups: list[Arrival] = []
            for index, district in enumerate(LAND.districts):
                share = rules.district_weights.get(district.slug, 0.0) / total
                for _ in range(self.rng.poisson(a_day * share)):
                    groups.append(self._arrival(index, day))
            yield from sorted(groups)
            day += 1
        yield NOBODY

    def _arrival(self, index: int, day: int) -> Arrival:
        rules, draw, district = self.spec.smugglers, self.random, LAND.districts[index]
        at = self.calendar.instant(index, day, draw.random(), rules.night_share)
        km = draw.uniform(district.km_from, district.km_to)
        night = self.calendar.is_night(index, at)
        hours = exposed_hours(self.spec, km, self.calendar.river_index(at), night)
        inland = draw.uniform(rules.inland_least_km, rules.inland_most_km)
        life = self.spec.sign.life_hours * HOUR
        sign = draw.expovariate(1.0 / life) if life > 0.0 else 0.0
        return Arrival(at, km, night, hours * HOUR, inland, sign)

    def notices(self, patrol: Patrol, group: Group, cue: str, leg: str) -> bool:
        """Whether a patrol that passes detects the group, or its sign."""
        return bool(self.random.random() < self.chance[cue])
