"""What the guarding side spends, integrated over the history of levels and rates.

Sorties are counted as planned (the integral of their rate): what a policy costs does not hang
on the chance of one Poisson count. Missions are counted as they happened.
"""

from sim.agents.frontier import Frontier
from sim.agents.sectors import Sector
from sim.frontier.season import HOUR
from sim.incidents.records import Accounts, DiplomaticAct, SiteClosure
from sim.rules.alert import LEVELS


def settle(model: Frontier) -> Accounts:
    """The accounts from the start until now."""
    spec, now = model.spec, model.now
    watch_days = {sector.index: _watch_days(sector, now) for sector in model.sectors}
    sorties, patrol_days, patrol_km = _patrolling(model, now)
    teams = model.dispatch.teams
    closures = model.log[SiteClosure]
    shut = [(c, max(min(c.reopens_at, now) - c.closed_at, 0.0)) for c in closures]
    return Accounts(
        at=now,
        watch_guard_hours=24.0
        * spec.posts.guards_on_watch
        * sum(watch_days[post.sector.index] for post in model.posts),
        patrol_guard_hours=24.0 * spec.patrols.size * patrol_days,
        on_call_guard_hours=24.0 * spec.teams.on_call * len(teams) * now,
        patrol_km=patrol_km,
        sorties=sorties,
        team_hours=sum(team.hours_out + _still_out(team.called_at, now) for team in teams),
        air_hours=sum(team.hours_flown for team in teams),
        uav_hours=spec.technical.uav_hours_per_day * sum(watch_days.values()),
        camera_km_days=sum(_camera_km_days(model, sector, now) for sector in model.sectors),
        reserve_team_days=spec.teams.reserve * now,
        **_alert_days(model, now),
        mean_readiness=sum(s.mean_readiness(now) for s in model.sectors) / len(model.sectors),
        lowest_readiness=min(s.lowest_readiness(now) for s in model.sectors),
        site_closures=len(closures),
        worker_days_lost=sum(c.headcount * days for c, days in shut),
        joint_days=sum(
            max(min(a.effect_until or now, now) - a.at, 0.0)
            if a.effect_until
            else min(spec.diplomacy.joint_term_days, now - a.at)
            for a in model.log[DiplomaticAct]
            if a.act == "joint_term"
        ),
    )


def _still_out(called_at: float | None, now: float) -> float:
    return (now - called_at) / HOUR if called_at is not None else 0.0


def _watch_days(sector: Sector, now: float) -> float:
    """Days of routine watch a district stood in all."""
    return sum(
        (right - left) * sector.rules_of(int(level)).watch
        for left, right, level in sector.level.pieces(0.0, now)
    )


def _camera_km_days(model: Frontier, sector: Sector, now: float) -> float:
    """Km of line in view, over the days: more at a higher watch, but never all of it twice."""
    rules = model.spec.technical
    coverage = rules.camera_coverage * rules.camera_emphasis.get(sector.slug, 1.0)
    return sector.length_km * sum(
        (right - left) * min(coverage * sector.rules_of(int(level)).watch, 1.0)
        for left, right, level in sector.level.pieces(0.0, now)
    )


def _patrolling(model: Frontier, now: float) -> tuple[float, float, float]:
    """Sorties, patrol-days and km walked, as planned."""
    per_post = {sector.index: sector.sorties.integral(0.0, now) for sector in model.sectors}
    sorties = days = km = 0.0
    for post in model.posts:
        planned = per_post[post.sector.index]
        sorties += planned
        for beat in post.beats:
            days += 0.5 * planned * beat.sortie_days
            km += planned * beat.half_km
    return sorties, days, km


def _alert_days(model: Frontier, now: float) -> dict[str, float]:
    """Days at each level, averaged over districts by length."""
    days = dict.fromkeys(LEVELS, 0.0)
    length = sum(sector.length_km for sector in model.sectors)
    for sector in model.sectors:
        for left, right, level in sector.level.pieces(0.0, now):
            days[LEVELS[int(level)]] += (right - left) * sector.length_km / length
    return {f"days_{name}": value for name, value in days.items()}
