"""Effort of the guarding side, integrated over the history of levels and rates.

Sorties are counted as planned (the integral of their rate), so that the cost of a policy does not
depend on one Poisson count. Missions are counted as they happened.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from sim.agents.frontier import Frontier
from sim.agents.sectors import Sector
from sim.frontier.season import HOUR
from sim.incidents.records import Accounts, DiplomaticAct, SiteClosure
from sim.rules.alert import LEVELS
from sim.scenario.level_effects import drone_cover, garrison, work_lost
from sim.scenario.spec import Scenario
from sim.scenario.spec_guard import Level


class Span(NamedTuple):
    """A period under one scenario, days."""

    spec: Scenario
    start: float
    end: float

    def integral(
        self,
        sector: Sector,
        amount: Callable[[Level], float],
        start: float | None = None,
        end: float | None = None,
    ) -> float:
        """Integral of ``amount`` of a district's level from ``start`` to ``end``."""
        left = self.start if start is None else max(start, self.start)
        right = self.end if end is None else min(end, self.end)
        if right <= left:
            return 0.0
        return sum(
            (until - since) * amount(getattr(self.spec.alert.levels, LEVELS[int(level)]))
            for since, until, level in sector.level.pieces(left, right)
        )

    def camera_km_days(self, sector: Sector) -> float:
        """Km of line in view, integrated over days; more at a higher watch, at most all of it."""
        rules = self.spec.technical
        coverage = rules.camera_coverage * rules.camera_emphasis.get(sector.slug, 1.0)
        return sector.length_km * self.integral(
            sector, lambda rule: min(coverage * rule.watch, 1.0)
        )

    def ready_days(self, sector: Sector) -> float:
        """Guards held ready at a post besides its watch, integrated over days."""
        posts = self.spec.posts

        def ready(rule: Level) -> float:
            held = garrison(self.spec, sector.slug, rule) - posts.guards_on_watch * rule.watch
            return max(held, 0.0)

        return self.integral(sector, ready)


def spans(model: Frontier) -> tuple[Span, ...]:
    """The periods from the start until now, each under one scenario."""
    ends = [*(since for since, _ in model.eras[1:]), model.now]
    return tuple(
        Span(spec, since, end) for (since, spec), end in zip(model.eras, ends, strict=True)
    )


def accounts_so_far(model: Frontier) -> Accounts:
    """The accounts from the start until now, each period by the scenario that held then."""
    now, teams, closures = model.now, model.dispatch.teams, model.log[SiteClosure]
    shut = [(c, max(min(c.reopens_at, now) - c.closed_at, 0.0)) for c in closures]
    return Accounts(
        at=now,
        **_effort(model),
        team_hours=sum(team.hours_out + _still_out(team.called_at, now) for team in teams),
        air_hours=sum(team.hours_flown for team in teams),
        **_alert_days(model, now),
        mean_readiness=sum(s.mean_readiness(now) for s in model.sectors) / len(model.sectors),
        lowest_readiness=min(s.lowest_readiness(now) for s in model.sectors),
        site_closures=len(closures),
        worker_days_lost=sum(c.headcount * days for c, days in shut),
        joint_days=sum(
            _joint_days(model, act) for act in model.log[DiplomaticAct] if act.act == "joint_term"
        ),
    )


def _effort(model: Frontier) -> dict[str, float]:
    """Effort that accrues by the day, added up over all periods."""
    spent: dict[str, float] = {}
    for span in spans(model):
        for name, amount in _effort_in(model, span).items():
            spent[name] = spent.get(name, 0.0) + amount
    return spent


def _effort_in(model: Frontier, span: Span) -> dict[str, float]:
    spec, days = span.spec, span.end - span.start
    watch_days = {s.index: span.integral(s, lambda rule: rule.watch) for s in model.sectors}
    ready_days = {s.index: span.ready_days(s) for s in model.sectors}
    leave = {s.index: span.integral(s, lambda rule: rule.leave) for s in model.sectors}
    sorties, patrol_days, patrol_km = _patrolling(model, span)
    teams = sum(team.raised_at <= span.start for team in model.dispatch.teams)
    return {
        "watch_guard_hours": 24.0
        * spec.posts.guards_on_watch
        * sum(watch_days[post.sector.index] for post in model.posts),
        "patrol_guard_hours": 24.0 * spec.patrols.size * patrol_days,
        "on_call_guard_hours": 24.0 * spec.teams.on_call * teams * days,
        "garrison_guard_hours": 24.0 * sum(ready_days[post.sector.index] for post in model.posts),
        "leave_days": spec.posts.people
        * sum(
            spec.posts.garrison_emphasis.get(post.sector.slug, 1.0) * leave[post.sector.index]
            for post in model.posts
        ),
        "patrol_km": patrol_km,
        "sorties": sorties,
        "uav_hours": spec.technical.uav_hours_per_day * sum(watch_days.values()),
        "camera_km_days": sum(span.camera_km_days(sector) for sector in model.sectors),
        "reserve_team_days": spec.teams.reserve * days,
        **_at_sites(model, span),
    }


def _at_sites(model: Frontier, span: Span) -> dict[str, float]:
    """Effort to protect worksites: guards, drone cover, and work lost to shelter.

    A site that is shut keeps its guards and cover; people who left lose no work to shelter.
    """
    spec, rules = span.spec, span.spec.worksites
    guards = cover = sheltered = 0.0
    lost = partial(work_lost, spec)
    for site in model.worksites:
        sector = site.sector
        guards += span.integral(
            sector, lambda rule: rules.guards + rule.site_guards + rules.escorts + rule.escorts
        )
        cover += span.integral(sector, partial(drone_cover, spec))
        sheltered += site.headcount * span.integral(sector, lost)
    for shut in model.log[SiteClosure]:
        sector = next(s for s in model.sectors if s.slug == shut.district)
        while_shut = span.integral(sector, lost, shut.closed_at, shut.reopens_at)
        sheltered -= shut.headcount * while_shut
    return {
        "site_guard_hours": 24.0 * guards,
        "drone_cover_site_days": cover,
        "worker_days_sheltered": sheltered,
    }


def _still_out(called_at: float | None, now: float) -> float:
    return (now - called_at) / HOUR if called_at is not None else 0.0


def _patrolling(model: Frontier, span: Span) -> tuple[float, float, float]:
    """Planned sorties of all posts, the days that their patrols are out, and the km that they walk.

    Half of a post's sorties go each way, and a half section is walked out and back.
    """
    per_post = {s.index: s.sorties.integral(span.start, span.end) for s in model.sectors}
    sorties = days = km = 0.0
    for post in model.posts:
        planned = per_post[post.sector.index]
        sorties += planned
        for beat in post.beats:
            days += 0.5 * planned * beat.stretch_at(span.start).sortie_days
            km += planned * beat.half_km
    return sorties, days, km


def _joint_days(model: Frontier, act: DiplomaticAct) -> float:
    """Days of a term of the joint mechanism so far, effective or not."""
    if act.effect_until:
        return max(min(act.effect_until, model.now) - act.at, 0.0)
    spec = next(spec for since, spec in reversed(model.eras) if since <= act.at)
    return min(spec.diplomacy.joint_term_days, model.now - act.at)


def _alert_days(model: Frontier, now: float) -> dict[str, float]:
    """Days at each level, mean over districts weighted by length."""
    days = dict.fromkeys(LEVELS, 0.0)
    length = sum(sector.length_km for sector in model.sectors)
    for sector in model.sectors:
        for left, right, level in sector.level.pieces(0.0, now):
            days[LEVELS[int(level)]] += (right - left) * sector.length_km / length
    return {f"days_{name}": value for name, value in days.items()}
